"""Joining arrays of ``mx.np`` and splitting them, against MXNet."""

from __future__ import annotations

import random

import numpy as onp
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.numpy.against_numpy import compare_with_numpy
from tests.numpy.calls import compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

_JOINS = [
    "np.concatenate([x,y])", "np.concatenate([x,y],axis=1)", "np.concatenate([x,y],-1)",
    "np.concatenate([x,v],axis=None)", "np.concatenate([x,e])", "np.concatenate([x,i])", "np.concatenate([x,v])",
    "np.concatenate([x,y],axis=2)", "np.concatenate([s,s])", "np.concatenate([s,s],axis=None)", "np.concatenate([])",
    "np.concatenate(x)", "np.concatenate((x,))", "np.concatenate([x,[[1,2,3]]])",
    "np.concatenate([x,y],out=np.zeros((4,3)))", "np.concatenate([b,b])", "np.concatenate([i,i])", "np.stack([x,y])",
    "np.stack([x,y],axis=-1)", "np.stack([x,y],axis=2)", "np.stack([x,y],axis=3)", "np.stack([s,s])",
    "np.stack([x,v])", "np.stack(x)", "np.stack([x,i])", "np.stack([x,[[1,2,3]]])", "np.stack([])", "np.stack([b,b])",
    "np.stack([e,e])", "np.stack([x,y],out=np.zeros((2,2,3)))", "np.vstack([x,y])",
    "np.vstack([x,v])", "np.vstack([v,v])", "np.vstack([s,s])", "np.vstack([c,c])", "np.vstack([x,i])",
    "np.vstack(x)", "np.vstack([e,x])", "np.vstack([x,x.T])", "np.row_stack([x,v])",
    "np.hstack([x,y])", "np.hstack([v,v])", "np.hstack([s,v])", "np.hstack([s,s])", "np.hstack([c,c])",
    "np.hstack([x,v])", "np.hstack([x,i])", "np.hstack(x)", "np.dstack([x,y])",
    "np.dstack([v,v])", "np.dstack([s,s])", "np.dstack([c,c])", "np.dstack([v,x])",
    "np.dstack([x,i])", "np.column_stack([x,y])", "np.column_stack([v,v])", "np.column_stack([s,s])",
    "np.column_stack([x,np.ones((2,))])", "np.column_stack([c,c])", "np.column_stack([v,x])",
    "np.column_stack(x)", "np.append(x,y)", "np.append(x,y,axis=0)", "np.append(x,v)",
    "np.append(x,v,axis=0)", "np.append(x,3)", "np.append(x,[1,2])",
]  # fmt: skip

_SPLITS = [
    "np.split(x,2)", "np.split(x,3,axis=1)", "np.split(x,3,axis=-1)", "np.split(x,2,axis=1)",
    "np.split(x,(1,),axis=1)", "np.split(x,[1,2],axis=1)", "np.split(x,[1,5],axis=1)", "np.split(x,[2,1],axis=1)",
    "np.split(x,[-1],axis=1)", "np.split(x,[],axis=1)", "np.split(x,1)", "np.split(x,0)", "np.split(x,-1)",
    "np.split(x,2.0)", "np.split(x,np.array([1,2]),axis=1)", "np.split(x,2,axis=2)", "np.split(s,1)", "np.split(e,1)",
    "np.split(e,3,axis=1)", "np.split(e,2,axis=0)", "np.split(i,3,axis=1)",
    "np.split(x,(0,3),axis=1)", "np.array_split(x,2)", "np.array_split(c,2,axis=1)", "np.array_split(c,3,axis=2)",
    "np.array_split(c,[1],axis=2)", "np.array_split(c,(1,2),axis=2)", "np.array_split(v,2)", "np.array_split(v,5)",
    "np.array_split(v,0)", "np.array_split(v,1)", "np.array_split(e,2)", "np.array_split(v,2,axis=1)",
    "np.hsplit(x,3)", "np.hsplit(x,(1,))", "np.hsplit(x,[1,2])", "np.hsplit(v,3)", "np.hsplit(v,[1])",
    "np.hsplit(x,2)", "np.hsplit(s,1)", "np.hsplit(x,1)", "np.hsplit(c,3)", "np.hsplit(x,2.0)",
    "np.vsplit(x,2)", "np.vsplit(x,[1])", "np.vsplit(v,3)", "np.vsplit(x,3)",
]  # fmt: skip

_GRAPHS = [
    "np.concatenate([x, y])", "np.concatenate([x, y], axis=1)", "np.concatenate([x, y], axis=None)",
    "np.concatenate(x)",
    "np.stack([x, y])", "np.stack((x, y), axis=-1)", "np.vstack([x, y])", "np.row_stack([x, y])", "np.hstack([x, y])",
    "np.dstack([x, y])", "np.column_stack([x, y])", "np.append(x, y)", "np.append(x, y, axis=1)", "np.split(x, 2)",
    "np.split(x, 1)", "np.split(x, (1, 2), axis=1)", "np.split(x, [1, 2], axis=1)[1]", "np.array_split(x, 2)",
    "np.array_split(x, (1, 2), axis=1)", "np.hsplit(x, 2)", "np.hsplit(x, [1])", "np.vsplit(x, 2)",
    "np.vsplit(x, (1, 2))",
    "np.dsplit(x, 2)", "np.dsplit(x, (1, 2))", "np.split(x, 2.0)",
]  # fmt: skip


def test_joining(oracle: Oracle) -> None:
    compare(oracle, _JOINS)


def test_splitting(oracle: Oracle) -> None:
    compare(oracle, _SPLITS)


def test_graphs(oracle: Oracle) -> None:
    compare_graphs(oracle, _GRAPHS)


def test_what_numpy_defines() -> None:
    compare_with_numpy([
        "np.dsplit(c, 2)", "np.dsplit(c, [1, 3])", "np.vstack([b, b])", "np.hstack([b, b])", "np.dstack([b, b])",
        "np.column_stack([b, b])", "np.split(b, 3, axis=1)", "np.hsplit(b, 3)", "np.array_split(c, 3, axis=-1)",
    ])  # fmt: skip


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_drawn_joins_and_splits_undo_each_other(axis: int) -> None:
    rng = random.Random(axis)
    for _ in range(20):
        shape = [rng.randrange(4) for _ in range(3)]
        lengths = [rng.randrange(3) for _ in range(rng.randrange(1, 5))]
        parts = [
            mx.np.array(
                onp.random.RandomState(rng.randrange(99)).rand(
                    *shape[:axis], n, *shape[axis:][1:] if axis != -1 else ()
                )
            )
            for n in lengths
        ]
        joined = mx.np.concatenate(parts, axis=axis)
        again = mx.np.split(joined, [sum(lengths[: count + 1]) for count in range(len(lengths) - 1)], axis=axis)
        for one, other in zip(parts, again, strict=True):
            assert_same(one.asnumpy(), other.asnumpy())


def test_refusals_name_what_was_received() -> None:
    x = mx.np.zeros((2, 3))
    for call, message in [
        (lambda: mx.np.split(x, 2, axis=1), "parts of length 3 must be equal; received 2; use np.array_split"),
        (lambda: mx.np.split(x, 0), "must not be 0; received 0"),
        (lambda: mx.np.vsplit(mx.np.zeros((3,)), 3), r"at least 2 axes; received shape \(3,\)"),
        (lambda: mx.np.split(x, "a"), "or a tuple, list or set of ints; received 'a'"),
        (lambda: mx.np.stack([x, x.T]), r"must have one shape; received \(2, 3\), \(3, 2\)"),
    ]:
        with pytest.raises(mx.MXNetError, match=message):
            call()
