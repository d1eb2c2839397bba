"""Operators that MXNet calls otherwise than nd calls the rest: with other storage, with `out`, inside a graph."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, nd, sym
from tests.comparison import assert_same
from tests.oracle.client import Oracle


def graph_of(operator: str, *inputs: str, **attributes: str) -> str:
    """The text of a graph with one operator."""
    nodes = [{"op": "null", "name": name, "inputs": []} for name in inputs]
    links = [[number, 0, 0] for number in range(len(inputs))]
    nodes.append({"op": operator, "name": "n", "attrs": attributes, "inputs": links})
    return json.dumps({"nodes": nodes, "arg_nodes": list(range(len(inputs))), "heads": [[len(inputs), 0, 0]]})


def test_copies_in_graph_files() -> None:
    for operator in ("_copyto", "_CrossDeviceCopy"):
        (result,) = sym.load_json(graph_of(operator, "x")).eval(x=nd.array([1, 2]))
        assert result.asnumpy().tolist() == [1, 2]
    (result,) = sym.load_json(graph_of("_zeros_without_dtype", shape="(2,)", dtype="4")).eval()
    assert result.asnumpy().tolist() == [0, 0] and result.dtype == np.int32


def test_copyto_writes_its_result(oracle: Oracle) -> None:
    assert_same(*oracle.both("y = nd.zeros((2,)); return nd._internal._copyto(nd.array([1, 2]), out=y), y"))


def written(mx: Any, values: list[Any], indices: list[Any], dtype: str) -> Any:
    """What _scatter_set_nd leaves in the array that it writes to."""
    array = mx.nd.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    where = mx.nd.array(indices, dtype=dtype)
    mx.nd._internal._scatter_set_nd(array, mx.nd.array(values), where, shape=(3, 3), out=array)
    return array


@pytest.mark.parametrize(
    ("values", "indices", "dtype"),
    [([10, 11], [[0, 1], [2, 0]], "float32"), ([[10, 11, 12]], [[2]], "int32"), ([10], [[1], [1]], "int64")],
)
def test_scatter_set_nd(oracle: Oracle, values: list[Any], indices: list[Any], dtype: str) -> None:
    assert_same(*oracle.both(written, values, indices, dtype))


def test_scatter_set_nd_without_out_and_its_gradient() -> None:
    array, values = nd.zeros((3,)), nd.array([5])
    for each in (array, values):
        each.attach_grad()
    with autograd.record():
        changed = nd._internal._scatter_set_nd(array, values, nd.array([[1]]), shape=(3,))
    changed.backward(nd.array([1, 2, 3]))
    assert changed.asnumpy().tolist() == [0, 5, 0] and array.asnumpy().tolist() == [0, 0, 0]
    assert array.grad.asnumpy().tolist() == [1, 0, 3] and values.grad.asnumpy().tolist() == [2]


def counted(mx: Any, sparse: bool) -> Any:
    """What getnnz and _square_sum say, with the storage that MXNet has them for."""
    numbers = mx.nd.array([[0, 1, 2], [0, 0, 3]])
    rows, columns = (numbers.tostype("row_sparse"), numbers.tostype("csr")) if sparse else (numbers, numbers)
    squares = mx.nd._internal._square_sum
    return (
        mx.nd.contrib.getnnz(columns), mx.nd.contrib.getnnz(columns, axis=1),
        squares(rows, axis=1), squares(rows, axis=1, keepdims=True),
    )  # fmt: skip


def test_counts_and_sums_of_dense_arrays_are_those_of_sparse_ones(oracle: Oracle) -> None:
    theirs = oracle.run(counted, True)
    assert_same([each.asnumpy() for each in counted(mx, False)], list(theirs))


def test_square_sum_over_everything() -> None:
    assert nd._internal._square_sum(nd.array([[1, 2], [3, 4]])).asnumpy().tolist() == [30]
    assert nd._internal._square_sum(nd.array([[1, 2], [3, 4]]), axis=(0, 1), exclude=True).shape == (2, 2)


def test_coordinates_of_positions_with_several_axes() -> None:
    """MXNet's result has the wrong shape."""
    found = nd.unravel_index(nd.array([[22, 41], [3, 4]]), shape=(7, 6))
    assert found.asnumpy().tolist() == [[[3, 6], [0, 0]], [[4, 5], [3, 4]]]


GRADIENTS = """
    shapes = [[[1.5, 2, 3], [1, 2, 2.5]], [.2, .3, .4], [1, 2, 3], [[.1, 0, .5], [0, 1, 0]]]
    arrays = [nd.array(values) for values in shapes]
    for array in arrays:
        array.attach_grad()
    lags, marks = nd.array([[.6, .7, .2, .9], [.1, .2, .3, .4]]), nd.array([[0, 1, 2, 1], [0, 0, 1, 2]], dtype='int32')
    with autograd.record():
        found = nd.contrib.hawkesll(*arrays, lags, marks, nd.array([4, 3]), nd.array([3, 2.5]))
    autograd.backward(found, [nd.array([1, -2]), nd.ones((2, 3))])
    return found, [array.grad for array in arrays]"""


def test_shapes_of_hawkesll_do_not_take_as_long_as_the_events() -> None:
    names = ("lda", "alpha", "beta", "state", "lags", "marks", "valid_length", "max_time")
    result = mx.sym.contrib.hawkesll(*map(mx.sym.var, names))
    begun = time.process_time()
    assert result.infer_shape(lda=(2, 3), lags=(2, 10**6))[1] == [(2,), (2, 3)]
    assert result.infer_shape_partial(lda=(2, 3))[1] == [(2,), (2, 3)]
    with pytest.raises(mx.MXNetError, match="beta must have shape"):
        result.infer_shape(lda=(2, 3), lags=(2, 4), beta=(2,))
    assert time.process_time() - begun < 10


def test_gradients_of_hawkesll(oracle: Oracle) -> None:
    """MXNet refuses to differentiate by the times, which the samples of the operator would ask for."""
    assert_same(*oracle.both(GRADIENTS))


def test_gradient_of_integers_through_quadratic(oracle: Oracle) -> None:
    assert_same(
        *oracle.both("""
        x = nd.array([1, 2, 5], dtype='int32'); x.attach_grad()
        with autograd.record():
            y = nd.contrib.quadratic(x, a=1.5, b=1, c=.5)
        y.backward()
        return y, x.grad""")
    )
