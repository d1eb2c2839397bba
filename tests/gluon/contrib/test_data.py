"""gluon.contrib.data, against MXNet."""

from __future__ import annotations

import numpy as np
import pytest

from glueball.core.errors import MXNetError
from glueball.gluon import contrib, data
from tests.comparison import assert_same


@pytest.mark.parametrize("arguments", [(13, 3), (13, 3, False), (3, 3), (3, 1), (1, 1), (3, 4)], ids=str)
def test_interval_sampler(oracle, arguments):
    assert_same(*oracle.both("return list(gluon.contrib.data.IntervalSampler(*arguments))", arguments=arguments))


@pytest.mark.parametrize(("arguments", "length"), [((13, 3), 13), ((13, 3, False), 5), ((6, 3, False), 2), ((3, 3), 3)])
def test_length(arguments, length):
    sampler = contrib.data.IntervalSampler(*arguments)
    assert len(sampler) == len(list(sampler)) == length


@pytest.mark.parametrize("interval", [0, -1, 4, 1.5])
def test_interval_is_checked(interval):
    with pytest.raises(MXNetError, match="IntervalSampler: interval must be"):
        contrib.data.IntervalSampler(3, interval)


def shards(mx, length, parts):
    """How MXNet divides a data set."""
    whole = mx.gluon.data.SimpleDataset(list(range(length)))
    return [list(whole.shard(parts, part)) for part in range(parts)]


@pytest.mark.parametrize(("length", "parts"), [(11, 4), (10, 3), (12, 3), (3, 4), (5, 1)])
def test_parts_of_other_lengths_are_mxnets_shards(oracle, length, parts):
    _, theirs = oracle.both(shards, length, parts)
    made = [contrib.data.SplitSampler(length, parts, part, False, False) for part in range(parts)]
    assert [list(sampler) for sampler in made] == theirs.get()
    assert [len(sampler) for sampler in made] == [len(part) for part in theirs.get()]


@pytest.mark.parametrize(("length", "parts"), [(11, 4), (10, 3), (12, 3), (3, 4), (5, 1), (0, 2)])
def test_equal_parts_have_all_indices_and_few_twice(length, parts):
    made = [contrib.data.SplitSampler(length, parts, part) for part in range(parts)]
    found = [sorted(sampler) for sampler in made]
    assert {len(part) for part in found} == {len(sampler) for sampler in made} == {-(-length // parts)}
    assert {index for part in found for index in part} == set(range(length))
    assert all(len(set(part)) == len(part) for part in found)


def test_a_part_is_shuffled_anew_by_numpys_generator():
    sampler = contrib.data.SplitSampler(60, 3, 1)
    np.random.seed(0)
    orders = [list(sampler) for _ in range(3)]
    assert orders[0] != orders[1] and all(sorted(order) == list(range(20, 40)) for order in orders)
    np.random.seed(0)
    assert orders[0] == [20 + int(index) for index in data.RandomSampler(20)]
    loader = data.DataLoader(data.SimpleDataset(list(range(60))), 5, sampler=sampler)
    assert sorted(index for batch in loader for index in batch.asnumpy().tolist()) == list(range(20, 40))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, 2, 2), "part_index must be less than num_parts=2; received 2"),
        ((5, 0, 0), "part_index must be less than num_parts=0; received 0"),
        ((5, 2, -1), "part_index must be an int of 0 or more; received -1"),
        ((-1,), "length must be an int of 0 or more; received -1"),
        ((5, None, 1), "part_index must be less than num_parts=1; received 1"),
    ],
)
def test_parts_are_checked(arguments, message):
    with pytest.raises(MXNetError, match=f"SplitSampler: {message}"):
        contrib.data.SplitSampler(*arguments)
