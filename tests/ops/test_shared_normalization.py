"""torch's kernels for SyncBatchNorm over processes compute what the operators do."""

from __future__ import annotations

import pytest
import torch

from glueball.ops.nn import sync_batch_norm
from glueball.ops.nn.shared_normalization import suits


class Twice:
    """Another process that has what this one has, but for the mean, which is higher by one."""

    def size(self):
        return 2

    def gather(self, who, tensor):
        other = tensor.clone()
        if who.endswith("forward"):
            other[1 : 1 + len(tensor) // 2] += 1
        return [tensor, other]

    def sum(self, who, tensor):
        return 2 * tensor


SHAPES = [((4, 3, 5, 6), False), ((4, 3, 5, 6), True), ((7, 3), False), ((4, 3, 6), False), ((2, 3, 2, 3, 4), False)]


@pytest.mark.parametrize("kind", [torch.float32, torch.float64])
@pytest.mark.parametrize("fix_gamma", [False, True])
@pytest.mark.parametrize(("shape", "is_last"), SHAPES)
def test_both_ways_compute_the_same(monkeypatch, shape, is_last, fix_gamma, kind):
    monkeypatch.setattr("glueball.ops.nn.shared_statistics.worlds", [Twice()])
    monkeypatch.setattr("glueball.ops.nn.shared_normalization.worlds", [Twice()])
    random = torch.Generator().manual_seed(1)
    data = torch.randn(shape, generator=random, dtype=kind) + 2
    data = data.contiguous(memory_format=torch.channels_last) if is_last else data
    given = [data, *(torch.rand(3, generator=random, dtype=kind) + 0.5 for _ in range(2))]
    head = torch.randn(shape, generator=random, dtype=kind)
    found = []
    for takes in (suits, lambda *arrays: False):
        monkeypatch.setattr(sync_batch_norm, "suits", takes)
        inputs = [each.clone().requires_grad_() for each in given]
        states = torch.zeros(3, dtype=kind), torch.ones(3, dtype=kind)
        (result,), mean, variance = sync_batch_norm._normalize_all([(*inputs, *states)], "norm", (1e-3, fix_gamma))
        gradients = torch.autograd.grad(result, inputs, head, retain_graph=True, materialize_grads=True)
        twice = torch.autograd.grad(
            torch.autograd.grad(result, inputs[0], head, create_graph=True)[0].square().sum(), inputs[0]
        )
        found.append([result, mean, variance, *gradients, *twice])
        assert ("SharedNormalization" in type(result.grad_fn).__name__) is (takes is suits)
    for ours, expected in zip(*found, strict=True):
        torch.testing.assert_close(ours, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "data", [torch.zeros(0, 3, 2), torch.zeros(2, 3, dtype=torch.float16), torch.zeros(2, 3, dtype=torch.bfloat16)]
)
def test_what_torch_does_not_take_is_left_to_the_operators(data):
    assert not suits(data)
    assert suits(torch.zeros(2, 3))
