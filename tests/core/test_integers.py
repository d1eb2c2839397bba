"""What counts as an integer, and that all arguments that must be one agree."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import glueball as mx
from glueball.core.integers import is_int, is_int_not_bool

INTS = [0, -3, 2**70, np.int8(4), np.uint64(2**63), np.array(5), torch.tensor([6])]
OTHERS = [1.0, np.float32(1), "1", None, [1], (1,), np.array([1, 2]), np.array(1.5), torch.ones(2), 1j]
if np.lib.NumpyVersion(np.__version__) >= "2.0.0":  # NumPy 1 takes its bool as an index, and warns
    OTHERS.append(np.bool_(True))


@pytest.mark.parametrize("value", INTS, ids=repr)
def test_integers(value):
    assert is_int(value) and is_int_not_bool(value)
    range(value)  # Python agrees


@pytest.mark.parametrize("value", OTHERS, ids=repr)
def test_what_is_no_integer(value):
    assert not is_int(value) and not is_int_not_bool(value)
    with pytest.raises(TypeError):
        range(value)


def test_bool_counts_only_where_it_is_asked_for():
    assert is_int(True) and is_int(False)
    assert not is_int_not_bool(True) and not is_int_not_bool(False)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda value: mx.nd.empty((2, value)), mx.MXNetError),
        (lambda value: mx.nd.linspace(0, 1, value), mx.MXNetError),
        (lambda value: mx.nd.ones((4,)).reshape((2, value)), TypeError),
        (lambda value: mx.nd.ones((4,))[: value], TypeError),
        (lambda value: mx.sym.var("x").infer_shape(x=(2, value)), TypeError),
        (lambda value: mx.sym.var("x").simple_bind(mx.cpu(), x=(2, value)), mx.MXNetError),
        (lambda value: mx.gluon.nn.Dense(value), mx.MXNetError),
        (lambda value: mx.io.NDArrayIter(mx.nd.ones((4, 2)), batch_size=value), mx.MXNetError),
        (lambda value: mx.random.seed(value), ValueError),
        (lambda value: mx.model.load_params("net", value), TypeError),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", [np.array([1, 2]), 1.5, "1"], ids=repr)
def test_each_door_names_what_it_refuses(call, error, value):
    with pytest.raises(error, match=r"; received "):
        call(value)
