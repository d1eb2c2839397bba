"""Kernels that are computed together, a few rows at a time, compute what they compute one after another."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import fx

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from glueball.graph import bands
from glueball.graph.bands import TOGETHER, mark
from glueball.graph.engines import onednn
from glueball.graph.fused import Activation, FusedConvolution
from glueball.graph.kernels import grouped, indirect
from glueball.graph.kernels.elementary import Pool, Scale
from glueball.graph.kernels.sequence import KernelSequence, Link, Operand, Tensors, Together
from glueball.graph.workspace import RESULTS, assign
from tests.comparison import assert_same
from tests.graph.kernels import is_compiled

pytestmark = pytest.mark.skipif(not is_compiled(), reason=indirect.obstacle())

_RELU6 = Activation("", torch.clamp_, (0.0, 6.0), (0.0, 6.0))
_CALLS = 3


@pytest.fixture(autouse=True)
def threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def _convolution(shape, filters, kernel=1, stride=1, pad=0, dilate=1, activation=None):
    """Return a kernel, depthwise if `filters` is 0, and what it takes of its parameters."""
    channels = shape[1]
    groups, sizes = (1, (filters, channels)) if filters else (channels, (channels, 1))
    call = FusedConvolution(
        filters=(*sizes, kernel, kernel), stride=(stride,) * 2, pad=(pad,) * 2, dilate=(dilate,) * 2, groups=groups,
        last=False, activation=activation,
    )  # fmt: skip
    (way,) = (indirect if filters else grouped).ways(call, shape)
    return way.run, [way.prepare(torch.randn(call.filters)), torch.randn(call.filters[0])]


def _pool(shape, kind, stride):
    lengths = [(length + 2 - 3) // stride + 1 for length in shape[2:]]
    how = {"pool_type": kind, "global_pool": False, "kernel": (3, 3), "stride": (stride,) * 2, "pad": (1, 1)}
    return Pool({**how, "count_include_pad": True}, shape, (*shape[:2], *lengths)), [None, None]


def _scale(shape):
    return Scale(shape, _RELU6), [torch.randn(shape[1]), torch.randn(shape[1])]


@st.composite
def _chains(draw):
    """Kernels each of which takes what the one before it returns."""
    shape = (draw(st.integers(1, 3)), draw(st.integers(16, 40)), draw(st.integers(1, 12)), draw(st.integers(1, 30)))
    chain = []
    for _ in range(draw(st.integers(2, 5))):
        kind, stride = (
            draw(st.sampled_from(["pixel", "square", "depthwise", "max", "avg", "scale"])),
            draw(st.integers(1, 2)),
        )
        if kind == "pixel":
            made = _convolution(shape, draw(st.integers(16, 50)), activation=_RELU6)
        elif kind == "square":
            made = _convolution(shape, draw(st.integers(16, 40)), 3, stride, 2, dilate=2)
        elif kind == "depthwise":
            made = _convolution(shape, 0, 3, stride, draw(st.integers(1, 2)), activation=_RELU6)
        else:
            made = _scale(shape) if kind == "scale" else _pool(shape, kind, stride)
        chain.append(made)
        shape = made[0].out_shape
    return chain


def _computed(chain, data, other, together, number_of_threads):
    """Return the result of the last kernel, to which another array is added if it can be."""
    kept, results = Tensors(), Tensors([kernel.blank() for kernel, _ in chain])
    links = []
    for number, (kernel, arrays) in enumerate(chain):
        places = []
        for array in (*arrays, other if number == len(chain) - 1 and not isinstance(kernel, Pool) else None):
            places.append(None if array is None else Operand("kept", len(kept)))
            kept.extend([] if array is None else [array])
        source = Operand("results", number - 1) if number else Operand("others", 0)
        links.append(Link(kernel, [source, *places, Operand("results", number)], together))
    torch.set_num_threads(number_of_threads)
    KernelSequence(links)(kept, results, data)
    return results[-1]


@given(chain=_chains(), rows=st.integers(1, 12), has_other=st.booleans(), number_of_threads=st.integers(1, 4))
def test_together_and_one_after_another(chain, rows, has_other, number_of_threads):
    data = torch.randn(chain[0][0].shape).contiguous(memory_format=torch.channels_last)
    last = chain[-1][0]
    other = torch.randn(last.out_shape).contiguous(memory_format=torch.channels_last) if has_other else None
    expected = _computed(chain, data, other, None, number_of_threads)
    found = _computed(chain, data, other, Together(len(chain), rows), number_of_threads)
    assert found.shape == expected.shape == last.out_shape
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


def _graph(kernels):
    graph = fx.Graph()
    node = graph.placeholder("x")
    graph.placeholder(RESULTS)
    nodes = [node := graph.call_function(kernel, (node, None, None)) for kernel, _ in kernels]
    graph.output((node,))
    return graph, nodes


def _bottleneck(images, length, channels, wide):
    shape = (images, channels, length, length)
    kernels = [_convolution(shape, wide)]
    kernels.append(_convolution(kernels[-1][0].out_shape, 0, 3, pad=1))
    return [*kernels, _convolution(kernels[-1][0].out_shape, channels)]


def test_what_is_large_in_between_is_computed_together():
    graph, nodes = _graph(_bottleneck(1, 112, 16, 96))
    mark(graph)
    (together,) = {node.meta[TOGETHER] for node in nodes}
    assert together.kernels == 3 and 1 <= together.rows < 56


def test_small_images_are_not_computed_twice_by_two_threads():
    graph, nodes = _graph(_bottleneck(1, 7, 160, 960))
    mark(graph)
    assert TOGETHER not in nodes[0].meta


def test_each_thread_may_have_images_of_its_own():
    graph, nodes = _graph(_bottleneck(2, 7, 160, 960))
    mark(graph)
    assert nodes[0].meta[TOGETHER].kernels == 3


def test_what_somebody_else_takes_is_written():
    graph, nodes = _graph(_bottleneck(1, 112, 16, 96))
    with graph.inserting_after(nodes[-1]):
        graph.call_function(torch.neg, (nodes[1],))
    mark(graph)
    assert TOGETHER not in nodes[2].meta and nodes[0].meta[TOGETHER].kernels == 2


def test_the_last_result_does_not_lie_where_the_first_kernel_reads():
    graph, nodes = _graph([_convolution((1, 16, 112, 112), 16, 3, pad=1), *_bottleneck(1, 112, 16, 96)])
    for node in nodes[1:]:
        node.meta[TOGETHER] = nodes[1].meta.get(TOGETHER, Together(3, 4))
    slots = dict(zip(nodes, assign(graph)._slots, strict=True))
    read, written = slots[nodes[0]], slots[nodes[-1]]
    assert read.end <= written.offset or written.end <= read.offset


class _Block(nn.HybridBlock):
    def __init__(self, channels, wide, stride, **kwargs):
        super().__init__(**kwargs)
        self._is_residual = stride == 1
        with self.name_scope():
            self.body = nn.HybridSequential()
            for layer in (
                nn.Conv2D(wide, 1, in_channels=channels), nn.BatchNorm(), nn.Activation("relu"),
                nn.Conv2D(wide, 3, stride, 1, groups=wide, in_channels=wide), nn.BatchNorm(), nn.Activation("relu"),
                nn.Conv2D(channels, 1, in_channels=wide), nn.BatchNorm(),
            ):  # fmt: skip
                self.body.add(layer)

    def hybrid_forward(self, F, x):
        return self.body(x) + x if self._is_residual else self.body(x)


@pytest.mark.parametrize("number_of_threads", [1, 2, 3])
@pytest.mark.parametrize("shape", [(1, 3, 29, 31), (3, 3, 16, 8)])
def test_networks_compute_the_same(shape, number_of_threads, monkeypatch):
    torch.set_num_threads(number_of_threads)
    monkeypatch.setattr(bands, "_cost", lambda kernels, threads: (-1.0, 2))
    monkeypatch.setattr(onednn, "seconds", lambda key, ways, alone: [float(name == "torch") for name in ways])
    net = nn.HybridSequential()
    net.add(nn.Conv2D(16, 3, 2, 1, in_channels=3))
    for stride in (1, 1, 2, 1):
        net.add(_Block(16, 48, stride))
    net.add(nn.GlobalAvgPool2D())
    net.initialize(mx.init.Xavier())
    x = nd.random.uniform(-1, 1, shape)
    expected = net(x).asnumpy()
    net.hybridize(backend="onednn", strict=True)
    for _ in range(_CALLS):
        assert_same(net(x).asnumpy(), expected, rtol=1e-5)
