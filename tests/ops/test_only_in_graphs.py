"""Operators with states that MXNet takes in graphs only: BatchNorm_v1 and IdentityAttachKLSparseReg."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from glueball import nd
from tests.comparison import assert_same
from tests.oracle.client import Oracle

RNG = np.random.default_rng(3)
IMAGES = RNG.standard_normal((3, 2, 2, 2)).astype("float32")
ACTIVE = RNG.uniform(0.1, 0.9, (4, 3)).astype("float32")


def run(mx: Any, name: str, arrays: dict[str, Any], states: dict[str, Any], steps: int, options: dict[str, Any]) -> Any:
    """Bind a graph of one operator; results of training and of prediction, gradients, and the states after it."""
    inputs = [mx.sym.var(key) for key in arrays]
    net = getattr(mx.sym, name)(*inputs, name="n", **options)
    arrays = {key: mx.nd.array(value) for key, value in arrays.items()}
    states = {f"n_{key}": mx.nd.array(value) for key, value in states.items()}
    gradients = {key: mx.nd.zeros(value.shape) for key, value in arrays.items()}
    executor = net.bind(mx.cpu(), arrays, args_grad=gradients, aux_states=states)
    found = []
    for _ in range(steps):
        outputs = executor.forward(is_train=True)
        found += [output.asnumpy() for output in outputs]
        head = mx.nd.array(np.linspace(-1, 1, outputs[0].size).reshape(outputs[0].shape))
        executor.backward([head, *[mx.nd.zeros(output.shape) for output in outputs[1:]]])
        found += [value.asnumpy() for value in [*gradients.values(), *states.values()]]
    return found, executor.forward(is_train=False), net.list_outputs(), net.list_auxiliary_states()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"fix_gamma": False, "eps": 0.1, "momentum": 0.5},
        {"fix_gamma": False, "use_global_stats": True},
        {"fix_gamma": False, "output_mean_var": True},
    ],
    ids=str,
)
def test_batch_norm_v1(oracle: Oracle, options: dict[str, Any]) -> None:
    gamma = [1.5, 2] if "fix_gamma" in options else [1, 1]
    arrays = {"data": IMAGES, "gamma": np.float32(gamma), "beta": np.float32([0.1, 0.2])}
    states = {"moving_mean": np.float32([0.5, 0.1]), "moving_var": np.float32([2, 3])}
    assert_same(*oracle.both(run, "BatchNorm_v1", arrays, states, 2, options))


@pytest.mark.parametrize("options", [{}, {"sparseness_target": 0.3, "penalty": 0.5, "momentum": 0.5}], ids=str)
@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 2, 3)])
def test_sparse_regularization(oracle: Oracle, options: dict[str, Any], shape: tuple[int, ...]) -> None:
    data = np.resize(ACTIVE, shape)
    states = {"moving_avg": np.float32([0.3, 0.4, 0.5])}
    assert_same(*oracle.both(run, "IdentityAttachKLSparseReg", {"data": data}, states, 2, options))


def test_they_can_be_called_with_arrays() -> None:
    averages = nd.array([0.5, 0.5, 0.5])
    nd.IdentityAttachKLSparseReg(nd.array(ACTIVE), averages)
    assert averages.asnumpy().tolist() == [0.5, 0.5, 0.5]
    normalized = nd.BatchNorm_v1(nd.array(IMAGES), *[nd.ones(2) for _ in range(4)])
    np.testing.assert_allclose(normalized.asnumpy(), (IMAGES - 1) / np.sqrt(1.001) + 1, rtol=1e-5)
