"""The length of the path from a layer to torch, in Python frames, which do not depend on machine load.

`make bench` measures time. These tests count the frames behind it, so that an additional frame is noticed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from glueball import autograd, nd
from glueball.gluon import nn
from glueball.graph.engines import onednn
from glueball.graph.kernels import indirect


def _walk(work: Callable[[], Any], until: str) -> list[tuple[str, str]]:
    """The Python functions, as names and files, between a piece of work and the torch function that it reaches."""
    walks: list[list[tuple[str, str]]] = []

    def watch(frame: Any, event: str, function: Any) -> None:
        if event == "c_call" and function.__name__ == until and not walks:
            walk = []
            while frame is not None and frame.f_code is not work.__code__:
                walk.append((frame.f_code.co_name, frame.f_code.co_filename))
                frame = frame.f_back
            walks.append(walk[::-1])

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(before)
    assert walks, f"torch.{until} was not called"
    return walks[0]


def _names(walk: list[tuple[str, str]]) -> list[str]:
    return [name for name, _ in walk]


@pytest.fixture
def image() -> nd.NDArray:
    return nd.ones((1, 16, 8, 8))


def _warm(layer: Any, image: nd.NDArray) -> Any:
    """Initialize a layer and run its first call, which infers what later calls need not."""
    layer.initialize()
    layer(image)
    return layer


def test_six_frames_lead_from_conv2d_to_torch(image):
    layer = _warm(nn.Conv2D(16, 3, padding=1, activation="relu"), image)
    walk = _walk(lambda: layer(image), until="convolution")
    assert _names(walk) == ["__call__", "forward", "hybrid_forward", "Convolution", "invoke", "convolve"]
    files = [file for _, file in walk]
    assert len(set(files)) == len(files), "the way comes back to a file that it has left"


def test_six_frames_lead_from_an_activation_to_torch(image):
    layer = _warm(nn.Activation("relu"), image)
    walk = _walk(lambda: layer(image), until="relu")
    assert _names(walk) == ["__call__", "forward", "hybrid_forward", "Activation", "invoke", "activate"]


def test_seven_frames_lead_from_a_hybridized_layer_to_torch(image):
    layer = nn.Conv2D(16, 3)
    layer.hybridize(backend="eager")
    _warm(layer, image)
    walk = _walk(lambda: layer(image), until="convolution")
    # The second forward is the code that torch.fx generated. In a graph of several layers, each has one frame.
    assert _names(walk) == ["__call__", "forward", "_call_cached_op", "__call__", "run", "forward", "convolve"]


def test_eight_frames_lead_from_a_planned_layer_to_onednn(monkeypatch):
    monkeypatch.setenv("GLUEBALL_NATIVE", "0")
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(name != "oneDNN") for name in ways])
    image = nd.ones((2, 16, 8, 8))
    layer = nn.Conv2D(16, 3)
    layer.hybridize(backend="onednn")
    _warm(layer, image)
    walk = _walk(lambda: layer(image), until="")  # torch gives the functions of its operators no name
    # After run come the look at the parameters, the generated code, and the fused convolution.
    frames = ["__call__", "forward", "_call_cached_op", "__call__", "run", "__call__", "forward", "__call__"]
    assert _names(walk) == frames


@pytest.mark.skipif(bool(indirect.obstacle()), reason=indirect.obstacle())
def test_nine_frames_lead_from_planned_layers_to_their_kernels(monkeypatch):
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(name == "torch") for name in ways])
    image = nd.ones((2, 16, 8, 8))
    net = nn.HybridSequential()
    net.add(nn.Conv2D(16, 3, 2), nn.Conv2D(32, 1), nn.Conv2D(32, 3, 2))
    net.hybridize(backend="onednn")
    _warm(net, image)
    walk = _walk(lambda: net(image), until="data_ptr")
    # Around the generated code the memory for results; the last is all kernels that follow each other.
    frames = ["__call__", "forward", "_call_cached_op", "__call__", "run", "__call__", "with_memory", "forward"]
    assert _names(walk) == [*frames, "__call__"]


def test_recording_takes_no_other_way(image):
    layer = _warm(nn.Conv2D(16, 3), image)
    with autograd.record():
        walk = _walk(lambda: layer(image), until="convolution")
    assert walk == _walk(lambda: layer(image), until="convolution")


@pytest.mark.parametrize(
    ("work", "until", "frames"),
    [
        (lambda x: nd.relu(x), "relu", ["relu", "invoke", "unary"]),
        (lambda x: nd.add(x, x), "add", ["function", "broadcast_add", "invoke", "broadcast"]),
        (lambda x: x * 2.0, "mul", ["function", "_MulScalar", "invoke", "with_scalar"]),
    ],
)
def test_few_frames_lead_from_an_nd_function_to_torch(work, until, frames, image):
    work(image)

    def run():
        work(image)

    assert _names(_walk(run, until))[1:] == frames
