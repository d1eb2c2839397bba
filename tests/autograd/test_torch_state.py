"""Glueball's recording and torch's own gradient mode leave each other alone, and graphs do not outlive their use."""

from __future__ import annotations

import gc
import weakref

import pytest
import torch

from glueball import autograd, nd


def _everything():
    """Work that takes each way by which something is recorded."""

    class Double(autograd.Function):
        def forward(self, a):
            return a * 2

        def backward(self, d):
            return d * 2

    x = nd.array([[1, 2], [3, 4]])
    x.attach_grad()
    with autograd.record():
        c = nd.zeros((2, 2))
        c[:] = x
        o = nd.zeros((2, 2))
        nd.square(x, out=o)
        y = c + o + x.astype("float64").astype("float32") + x.copy()
        y = y + x.reshape((4,)).reshape((2, 2)) + nd.Reshape(x, shape=(2, 2)) + nd.transpose(x.T)
        y = y + x[0] + x[:, ::-1] + x[nd.array([0, 1])] + x.as_in_context(nd.ones((1,)).context)
        (d,) = autograd.grad(y, x, create_graph=True)
        y = nd.Dropout(y, p=0.0) + d * x + Double()(x)
    y.backward()
    return y.asnumpy(), x.grad.asnumpy()


@pytest.mark.parametrize("switch", [torch.no_grad, torch.enable_grad])
def test_torchs_switch_around_makes_no_difference(switch):
    expected = _everything()
    before = torch.is_grad_enabled()
    with switch():
        inside = torch.is_grad_enabled()
        result = _everything()
        assert torch.is_grad_enabled() is inside
    assert torch.is_grad_enabled() is before
    for ours, wanted in zip(result, expected, strict=True):
        assert (ours == wanted).all()


def test_nothing_of_torch_is_changed():
    before = torch.get_rng_state()
    _everything()
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.is_grad_enabled()
    assert torch.get_default_dtype() is torch.float32
    weight = torch.ones(2, requires_grad=True)
    (weight * 3).sum().backward()
    assert weight.grad.tolist() == [3, 3]


def test_unrecorded_work_builds_no_graph():
    x = nd.array([1, 2])
    x.attach_grad()
    assert not (x * 2).to_torch().requires_grad
    assert not x.to_torch().requires_grad


def test_a_torch_graph_stays_outside():
    """from_torch() takes the values; backward() here does not reach into the user's torch graph."""
    source = torch.tensor([1.0, 2.0], requires_grad=True)
    x = nd.from_torch(source * 2)
    x.attach_grad()
    with autograd.record():
        y = x * x
    y.backward()
    assert x.grad.asnumpy().tolist() == [4, 8]
    assert source.grad is None


class _Probe(autograd.Function):
    """Lives as long as the part of the graph that it belongs to."""

    def forward(self, a):
        return a * 2

    def backward(self, d):
        return d * 2


@pytest.mark.parametrize("end", ["backward", "grad", "drop", "attach_grad", "detach"])
def test_graphs_are_freed(end):
    x = nd.ones((10,))
    x.attach_grad()
    probe = _Probe()
    alive = weakref.ref(probe)
    with autograd.record():
        y = (probe(x * x) + 1).sum()
    del probe
    gc.collect()
    assert alive() is not None
    if end == "backward":
        y.backward()
    elif end == "grad":
        autograd.grad(y, x)
    elif end == "attach_grad":
        y.attach_grad()
    else:
        y = y.detach() if end == "detach" else None
    gc.collect()
    assert alive() is None


def test_many_steps_keep_no_memory():
    x = nd.ones((4,))
    x.attach_grad()
    counts = []
    for _ in range(3):
        for _ in range(20):
            with autograd.record():
                y = (x * x).sum()
            y.backward()
        gc.collect()
        counts.append(sum(type(found) is torch.Tensor for found in gc.get_objects()))
    assert counts[1] == counts[2]
