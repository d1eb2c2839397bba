"""How short the way is from a layer to torch: counted in Python frames, which a busy machine cannot change.

`make bench` measures the time. Here stands what the time is made of, so that a frame more is noticed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from glueball import autograd, nd
from glueball.gluon import nn


def _frames(work: Callable[[], Any], until: str) -> list[str]:
    """The Python functions that are entered on the way to a function of torch, in their order."""
    entered: list[str] = []
    reached: list[str] = []

    def watch(frame: Any, event: str, function: Any) -> None:
        if event == "c_call" and function.__name__ == until:
            reached.append(until)
        elif event == "call" and not reached:
            entered.append(frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(before)
    assert reached, f"torch.{until} was not called"
    return entered


@pytest.fixture
def image() -> nd.NDArray:
    return nd.ones((1, 16, 8, 8))


def _warm(layer: Any, image: nd.NDArray) -> Any:
    """Initialise a layer, and let its first call find out what later calls need not."""
    layer.initialize()
    layer(image)
    return layer


def test_six_frames_lead_from_conv2d_to_torch(image):
    layer = _warm(nn.Conv2D(16, 3, padding=1, activation="relu"), image)
    frames = _frames(lambda: layer(image), until="convolution")[1:]
    # The second forward is compiled for the names weight and bias, call for the operator Convolution.
    assert frames == ["__call__", "forward", "forward", "hybrid_forward", "call", "convolve"]


def test_five_frames_lead_from_an_activation_to_torch(image):
    layer = _warm(nn.Activation("relu"), image)
    frames = _frames(lambda: layer(image), until="relu")[1:]
    assert frames == ["__call__", "forward", "hybrid_forward", "call", "activate"]


def test_five_frames_lead_from_a_hybridized_layer_to_torch(image):
    layer = nn.Conv2D(16, 3)
    layer.hybridize()
    _warm(layer, image)
    frames = _frames(lambda: layer(image), until="convolution")[1:]
    # The second forward is compiled for the parameters of the graph; the third is what torch.fx wrote for the graph.
    assert frames == ["__call__", "forward", "forward", "forward", "convolve"]


def test_at_most_eight_frames_lead_to_torch_while_recording(image):
    layer = _warm(nn.Conv2D(16, 3), image)
    with autograd.record():
        frames = _frames(lambda: layer(image), until="convolution")[1:]
    # Up to Python 3.11 a list comprehension is a frame.
    assert [name for name in frames if name != "<listcomp>"] == [
        "__call__", "forward", "forward", "hybrid_forward", "call", "invoke", "convolve"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("work", "until", "most"),
    [
        (lambda x: nd.relu(x), "relu", 2),
        (lambda x: nd.add(x, x), "add", 3),
        (lambda x: x * 2.0, "mul", 4),
    ],
)
def test_few_frames_lead_from_an_nd_function_to_torch(work, until, most, image):
    work(image)
    frames = _frames(lambda: work(image), until)[2:]
    assert len(frames) <= most, frames
