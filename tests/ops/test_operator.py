"""Operators with their attributes read: what is cached between calls, and that it matches the request."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import MXNetError, nd
from glueball.ops import registry
from glueball.ops.operator import _MOST_REMEMBERED
from tests.comparison import assert_same
from tests.ops.cases import Case
from tests.oracle.operator_call import as_input, find_operator

PREPARED = [
    Case(operator, number, sample)
    for operator in registry
    if operator.prepare
    for number, sample in enumerate(operator.samples)
]


@pytest.mark.parametrize("case", PREPARED, ids=str)
def test_a_prepared_function_is_the_declared_one(case):
    inputs = [None if array is None else torch.from_numpy(array) for array in case.arrays]
    supplied = {name: case.sample.training if kind == "training" else None for name, kind in case.operator.supplied}
    generators = [torch.Generator().manual_seed(1) for _ in range(2)]
    with_rng = [{**supplied, "rng": each} if "rng" in supplied else supplied for each in generators]
    expected = case.operator.function(*inputs, **case.applied.attributes, **with_rng[0])
    received = case.applied.function(*inputs, **with_rng[1])
    for one, other in zip(case.applied.split(received)[0], case.applied.split(expected)[0], strict=True):
        assert_same(one.numpy(), other.numpy(), rtol=0)


def test_attributes_are_read_once():
    clip = registry["clip"]
    assert clip.applied((1.5, 2)) is clip.applied((1.5, 2))
    assert clip.applied((1.5, 2)) is not clip.applied((1.5, 3))


def test_attributes_by_name():
    assert registry["clip"].applied_named({"a_max": 2, "a_min": "1"}) is registry["clip"].applied(("1", 2))
    with pytest.raises(MXNetError, match="received 'a_mix'; did you mean"):
        registry["clip"].applied_named({"a_mix": 1})


def test_a_list_is_read_although_it_cannot_be_looked_up():
    x = nd.array([[1, 2], [3, 4]])
    for _ in range(2):
        assert nd.sum(x, axis=[0]).asnumpy().tolist() == [4, 6]


@pytest.mark.parametrize("zeros", [(0.0, -0.0), (-0.0, 0.0), (0, -0.0), (-0.0, 0)])
def test_zero_keeps_its_sign(zeros):
    x = nd.array([1])
    for _ in range(2):
        for zero in zeros:
            assert (x / zero).asscalar() == math.copysign(math.inf, zero)


def test_new_numbers_all_the_time_do_not_fill_the_memory():
    operator, x = registry["_mul_scalar"], nd.array([1])
    for number in range(_MOST_REMEMBERED + 10):
        assert (x * (number + 0.5)).asscalar() == number + 0.5
    assert len(operator.remembered) <= _MOST_REMEMBERED


def test_an_argument_that_cannot_be_looked_up_is_read_each_time():
    total = registry["sum"].applied(([0, 1], False, False))
    assert total.attributes == {"axis": (0, 1), "keepdims": False, "exclude": False}


@pytest.mark.parametrize("name", [operator.name for operator in registry if operator.may_alias])
def test_a_result_that_could_share_memory_does_not(name):
    sample = next(sample for sample in registry[name].samples if not sample.inputs[0].dtype.startswith("bool"))
    case = Case(registry[name], 0, sample)
    data, *others = [as_input(mx, name, array) for array in case.arrays]
    before = data.asnumpy()
    results = find_operator(mx, name)(data, *others, **sample.attributes)
    for result in results if isinstance(results, list) else [results]:
        result[:] = 77
    assert np.array_equal(data.asnumpy(), before)
