"""Datasets, against MXNet: values, types and errors."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from glueball import gluon, nd
from glueball.core.errors import MXNetError
from tests.comparison import assert_same


def simple(mx, length, expression):
    data = mx.gluon.data
    dataset = data.SimpleDataset(list(range(length)))
    return eval(expression, {"D": dataset, "data": data, "np": np, "len": len, "list": list})


@pytest.mark.parametrize(
    "expression",
    [
        "[len(D), D[3], D[-1], D[2:4], list(D)]",
        "D[20]",
        "list(D.filter(lambda x: x % 2))",
        "len(D.filter(lambda x: x % 2))",
        "list(D.take(0))",
        "[list(D.take(count)) for count in (3, 10, 11, None)]",
        "list(D.sample(data.SequentialSampler(4, 2)))",
        "D.sample([1, 2])",
        "list(D.transform(lambda x: 2 * x))",
        "list(D.transform(lambda x: 2 * x, lazy=False))",
        "list(D.transform_first(lambda x: 2 * x))",
        "list(D.transform(lambda x: (x, 2)).transform(lambda a, b: a * b).filter(lambda x: x > 9).take(3))",
        "list(D.transform(lambda x: 2 * x).shard(2, 1))",
        "D.shard(3, 3)",
        "D.shard(3, -1)",
        "D.shard(0, 0)",
        "D.shard(2.0, 0)",
        "D.shard('2', 0)",
        "D.take(2.0)",
        "data.Dataset()[0]",
        "len(data.Dataset())",
    ],
)
def test_simple_dataset(oracle, expression):
    assert_same(*oracle.both(simple, 10, expression))


@pytest.mark.parametrize("shards", [1, 2, 3, 7, 15])
def test_shards(oracle, shards):
    assert_same(*oracle.both(simple, 11, f"[list(D.shard({shards}, index)) for index in range({shards})]"))


def array_dataset(mx, case):
    data, nd = mx.gluon.data, mx.nd
    matrix = np.arange(6, dtype="float32").reshape(3, 2)
    sources = {
        "numpy and list": (matrix, ["a", "b", "c"]),
        "one list": ([1, 2, 3],),
        "one vector": (nd.arange(3),),
        "matrix and vector": (nd.array(matrix), nd.arange(3, dtype="int32")),
        "two matrices": (nd.array(matrix), nd.array(matrix, dtype="float64")),
        "dataset": (data.SimpleDataset([1, 2, 3]), matrix[:, 0]),
        "none": (),
        "unequal": (matrix, [1, 2]),
        "no length": (iter([1]),),
    }
    made = data.ArrayDataset(*sources[case])
    samples = [made[0], made[-1], *made, made[1:3]]
    flat = [part for sample in samples for part in (sample if isinstance(sample, tuple) else (sample,))]
    return len(made), [type(part).__name__ for part in flat], samples


@pytest.mark.parametrize(
    "case",
    [
        "numpy and list", "one list", "one vector", "matrix and vector", "two matrices", "dataset", "none",
        "unequal", "no length",
    ],
)  # fmt: skip
def test_array_dataset(oracle, case):
    assert_same(*oracle.both(array_dataset, case))


def test_index_errors_end_iteration_and_reach_the_user():
    dataset = gluon.data.ArrayDataset(nd.ones((3, 2)), np.arange(3))
    assert len(list(dataset)) == 3
    with pytest.raises(IndexError):
        dataset[3]


def tuples(mx, expression):
    pairs = mx.gluon.data.ArrayDataset([0, 1, 2, 3], list("abcd"))
    return eval(expression, {"P": pairs})


@pytest.mark.parametrize(
    "expression",
    [
        "list(P.transform(lambda a, b: (b, a)))",
        "list(P.transform_first(lambda a: 10 * a))",
        "list(P.transform_first(lambda a: 10 * a, False))",
        "list(P.filter(lambda pair: pair[0] > 1))",
        "list(P.filter(lambda a, b: a))",
        "list(P.transform(lambda a: a))",
    ],
)
def test_tuples_are_separate_arguments_only_for_transforms(oracle, expression):
    assert_same(*oracle.both(tuples, expression))


def test_a_lazy_transform_runs_for_each_access_and_an_eager_one_once():
    calls = []
    base = gluon.data.SimpleDataset([1, 2])
    lazy = base.transform(calls.append)
    assert calls == []
    assert lazy[0] is None
    lazy[0]
    assert calls == [1, 1]
    calls.clear()
    eager = base.transform(calls.append, lazy=False)
    assert calls == [1, 2]
    eager[0]
    assert calls == [1, 2]


def test_datasets_can_be_pickled():
    made = gluon.data.ArrayDataset(nd.ones((3, 2)), [1, 2, 3]).transform_first(abs).shard(2, 0)
    again = pickle.loads(pickle.dumps(made))
    assert len(again) == 2
    assert again[1][0].asnumpy().tolist() == [1, 1]


@pytest.mark.parametrize("count", [-1, 2.5, "3", True])
def test_take_names_itself(count):
    with pytest.raises(MXNetError, match=r"SimpleDataset.take: count must be an int"):
        gluon.data.SimpleDataset([1, 2]).take(count)


def test_a_misspelt_name_is_corrected():
    with pytest.raises(AttributeError, match="did you mean 'ArrayDataset'"):
        gluon.data.ArrayDataSet  # noqa: B018
