"""Samplers, against MXNet: the same indices in the same order, from the same seeds."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from glueball.core.errors import MXNetError
from glueball.gluon import data
from tests.comparison import assert_same


def sampled(mx, expression):
    data = mx.gluon.data
    drawn = eval(expression, {"data": data, "len": len, "list": list})
    return [int(index) for index in drawn]


@pytest.mark.parametrize(
    "expression",
    [
        "data.SequentialSampler(4)",
        "data.SequentialSampler(3, 5)",
        "data.SequentialSampler(0)",
        "data.FilterSampler(lambda x: x > 2, [5, 1, 3, 2])",
        "data.RandomSampler(0)",
        "[len(data.SequentialSampler(3, 5)), len(data.RandomSampler(7))]",
        "[len(data.FilterSampler(bool, [0, 1]))]",
        "data.Sampler()",
        "[len(data.Sampler())]",
    ],
)
def test_samplers(oracle, expression):
    assert_same(*oracle.both(sampled, expression))


def shuffled(mx, length):
    data = mx.gluon.data
    np.random.seed(7)
    sampler = data.RandomSampler(length)
    first, second = iter(sampler), iter(sampler)  # drawn here, not at the first next
    np.random.seed(8)
    return [[int(index) for index in drawn] for drawn in (first, second, sampler)]


@pytest.mark.parametrize("length", [1, 2, 10, 1000])
def test_random_sampler_draws_what_mxnet_draws(oracle, length):
    state = np.random.get_state()
    try:
        assert_same(*oracle.both(shuffled, length))
    finally:
        np.random.set_state(state)


def batched(mx, length, size, last_batch):
    data = mx.gluon.data
    sampler = data.BatchSampler(data.SequentialSampler(length), size, last_batch)
    return [(len(sampler), list(sampler)) for _ in range(4)]


@pytest.mark.parametrize("last_batch", ["keep", "discard", "rollover"])
@pytest.mark.parametrize(("length", "size"), [(10, 4), (10, 5), (3, 4), (1, 1), (0, 3), (7, 3)])
def test_batch_sampler(oracle, length, size, last_batch):
    assert_same(*oracle.both(batched, length, size, last_batch))


def interleaved(mx):
    data = mx.gluon.data
    sampler = data.BatchSampler(data.SequentialSampler(10), 4, "rollover")
    iterator = iter(sampler)
    return next(iterator), len(sampler), list(sampler), len(sampler), list(iterator), list(sampler)


def test_rollover_with_interrupted_iterations(oracle):
    assert_same(*oracle.both(interleaved))


def test_batches_of_any_iterable(oracle):
    assert_same(*oracle.both("return list(gluon.data.BatchSampler([5, 6, 7], 2))"))


def test_batch_size_without_a_fraction(oracle):
    assert_same(*oracle.both("return list(gluon.data.BatchSampler(gluon.data.SequentialSampler(5), 4 / 2))"))


def test_last_batch_is_checked(oracle):
    source = "return list(gluon.data.BatchSampler(gluon.data.SequentialSampler(3), 2, 'kep'))"
    assert_same(*oracle.both(source))
    with pytest.raises(ValueError, match=r"BatchSampler: last_batch must be one of .*; received 'kep'"):
        data.BatchSampler(data.SequentialSampler(3), 2, "kep")


@pytest.mark.parametrize("size", [0, -1, 2.5, "3", None, True])
def test_batch_size_is_checked(size):
    with pytest.raises(MXNetError, match="BatchSampler: batch_size must be"):
        data.BatchSampler(data.SequentialSampler(3), size)


@pytest.mark.parametrize("length", [-1, 2.5, "3", None])
@pytest.mark.parametrize("kind", [data.SequentialSampler, data.RandomSampler])
def test_length_is_checked(kind, length):
    with pytest.raises(MXNetError, match=f"{kind.__name__}: length must be an int of 0 or more; received"):
        kind(length)


@pytest.mark.parametrize(
    "code",
    ["SequentialSampler(-2)", "RandomSampler(-2)", "SimpleDataset([1, 2]).take(-1)",
     "DataLoader([1, 2], 0)", "SequentialSampler(2.0)"],
)  # fmt: skip
def test_errors_are_of_mxnets_classes(oracle, code):
    """MXNet raises them when the samples are counted or drawn."""
    ours, theirs = oracle.both(f"made = mx.gluon.data.{code}; return [list(made), len(made)]")
    assert theirs.failed
    assert_same(ours, theirs)


def test_torch_is_not_asked_for_random_numbers():
    before = torch.get_rng_state()
    list(data.RandomSampler(100))
    assert torch.equal(before, torch.get_rng_state())
