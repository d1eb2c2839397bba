"""`as_module` of recurrent layers: what traces or compiles them keeps a layer as it is, and has its gradients."""

from __future__ import annotations

import warnings

import pytest
import torch

import glueball as mx
from glueball import nd
from glueball.gluon import nn, rnn
from glueball.interop.torch import as_module


def _exported(module, x):
    program = torch.export.export(module, (x,), strict=False)
    assert len(program.graph.nodes) < 60
    return program.module()


@pytest.mark.parametrize("kind", [rnn.RNN, rnn.GRU])
@pytest.mark.parametrize("make", [
    _exported,
    lambda module, x: torch.compile(module, fullgraph=True, backend="aot_eager"),
    lambda module, x: torch.jit.trace(module, x, check_trace=False),
], ids=["export", "compile", "trace"])  # fmt: skip
def test_recurrent_layers(kind, make):
    net = nn.HybridSequential()
    net.add(kind(3, 2, input_size=2))
    net.initialize(mx.init.Uniform(0.5))
    x = torch.rand(20, 400, 2)
    expected = net(nd.from_torch(x)).asnumpy()
    module = as_module(net, nd.from_torch(x)).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module(x)
        made = make(module, x)
        with torch.no_grad():
            torch.testing.assert_close(made(x), torch.from_numpy(expected))
        received, wanted = [torch.autograd.grad(each(x).pow(2).sum(), [*each.parameters()]) for each in (made, module)]
    for one, other in zip(sorted(received, key=torch.sum), sorted(wanted, key=torch.sum), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)
