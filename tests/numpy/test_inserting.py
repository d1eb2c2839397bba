"""Inserting into arrays of ``mx.np``, deleting from them and padding them, against MXNet."""

from __future__ import annotations

import random

import pytest

import glueball as mx
from tests.numpy.against_numpy import compare_with_numpy
from tests.numpy.calls import compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

_PADS = [
    "np.pad(x,((1,2),(0,1)))", "np.pad(x,((1,2),))", "np.pad(x,((1,),))", "np.pad(x,(1,2))", "np.pad(x,(1,))",
    "np.pad(x,1)", "np.pad(x,[(1,2),(0,1)])",
    "np.pad(x,((1,1),(1,1)),mode='constant',constant_values=(2,3))",
    "np.pad(x,((1,1),(1,1)),mode='constant',constant_values=((2,3),(4,5)))",

    "np.pad(x,((1,1),(1,1)),mode='edge')", "np.pad(x,((1,1),(2,2)),mode='reflect')",
    "np.pad(x,((3,3),(4,4)),mode='reflect')", "np.pad(x,((1,1),(2,2)),mode='symmetric')",
    "np.pad(x,((3,3),(5,5)),mode='symmetric')", "np.pad(x,((1,1),(2,2)),mode='maximum')",
    "np.pad(x,((1,1),(2,2)),mode='minimum')", "np.pad(x,((1,1),(2,2)),mode='mean')",
    "np.pad(x,((1,1),(2,2)),mode='wrap')", "np.pad(x,((1,1),(2,2)),mode='foo')",
    "np.pad(x,((1,1),(2,2)),mode='reflect',reflect_type='odd')",
    "np.pad(x,((1,1),(2,2)),mode='reflect',reflect_type='even')",
    "np.pad(x,((1,1),(2,2)),mode='edge',constant_values=1)", "np.pad(x,((1,1),(2,2)),mode='constant',foo=1)",
    "np.pad(x,((1,1),(2,2)),mode='maximum',stat_length=1)", "np.pad(x,((1,1),(2,2)),mode='maximum',stat_length=None)",
    "np.pad(v,((1,1)))", "np.pad(s,())", "np.pad(e,((1,1),(1,1)))",
    "np.pad(i,((1,1),(1,1)),mode='edge')", "np.pad(b,((1,1),(1,1)))",
    "np.pad(d,((1,1),(1,1)))", "np.pad(x)", "np.pad(x,((1,1),(2,2)),lambda *a: 0)",
    "np.pad(c,((1,1),(2,2),(0,0)),mode='maximum')",
]  # fmt: skip

_INSERTS = [
    "np.insert(x,1,2)",
    "np.insert(x,4,2,axis=1)", "np.insert(x,1,v,axis=0)", "np.insert(x,1,v[:2],axis=1)",
    "np.insert(x,1,y,axis=0)", "np.insert(x,1,v)",
    "np.insert(x,slice(0,2),y[:,:2],axis=1)",
    "np.insert(x,slice(0,2),x[:,:1],axis=1)",



    "np.insert(x,np.array([2,1],dtype='int64'),y[:,:2],axis=1)",
    "np.insert(x,np.array([1,1],dtype='int64'),y[:,:2],axis=1)",
    "np.insert(x,np.array([-1,0],dtype='int64'),y[:,:2],axis=1)", "np.insert(x,np.array([1,2]),9,axis=1)",
    "np.insert(x,np.array([1],dtype='int64'),y,axis=1)", "np.insert(x,np.array([5],dtype='int64'),9,axis=1)",


    "np.insert(x,1,[1,2],axis=1)", "np.insert(x,1,2,axis=2)", "np.insert(s,0,2)", "np.insert(e,0,2)",
    "np.insert(i,1,2.5)", "np.insert(i,1,x[0,0])", "np.insert([1,2],1,2)",
    "np.insert(v,1,2,axis=0)", "np.insert(v,slice(0,2),v[:2])",
    "np.insert(v,slice(0,2),v[:1])", "np.insert(v,slice(0,2),s)", "np.insert(v,1,s)", "np.insert(x,1,s,axis=1)",
    "np.insert(x,slice(0,2),s,axis=1)", "np.insert(x,slice(0,1),y[:,:2],axis=1)",
    "np.insert(x,slice(0,2),y[:,:2],axis=-1)", "np.insert(x,slice(0,3,2),y[:1,:2],axis=-1)",
    "np.insert(x,slice(0,2),v,axis=0)", "np.insert(x,slice(-5,2),v,axis=0)", "np.insert(x,l[1:],y[:,:2],axis=1)",
    "np.insert(x,l[1:],s,axis=1)", "np.insert(x,l[1:],v[:2],axis=1)", "np.insert(x,l[1:],v,axis=0)",
    "np.insert(x,l,v)", "np.insert(x,l,s)",
    "np.insert(x,np.array(1,dtype='int64'),y[:,:2],axis=1)",
    "np.insert(x,np.array(1,dtype='int64'),s,axis=1)", "np.insert(x,np.array(1,dtype='int64'),v)",
    "np.insert(x,np.array([1],dtype='int64'),v)", "np.insert(x,np.array([1],dtype='int64'),y,axis=0)",
    "np.insert(x,np.array([1],dtype='int64'),v,axis=0)", "np.insert(x,np.array([],dtype='int64'),v,axis=0)",
    "np.insert(x,np.array([[0,1]],dtype='int64'),v,axis=0)", "np.insert(c,1,x,axis=2)",
    "np.insert(c,1,v,axis=2)",
    "np.insert(c,1,np.ones((3,4)),axis=0)", "np.insert(c,1,np.ones((2,4)),axis=1)",
    "np.insert(c,1,np.ones((4,)),axis=1)", "np.insert(c,1,c,axis=0)", "np.insert(x,1,c,axis=0)",
    "np.insert(x,-3,v,axis=0)", "np.insert(x,-2,v,axis=0)", "np.insert(x,2,v,axis=0)", "np.insert(x,1,y[:1],axis=0)",
    "np.insert(x,1,y[:,:1],axis=1)", "np.insert(x,1,y[:1,:1],axis=1)", "np.insert(x,1,v[:1],axis=1)",
]  # fmt: skip

_DELETES = [
    "np.delete(x,1)", "np.delete(x,1,axis=0)", "np.delete(x,1,axis=1)", "np.delete(x,-1,axis=1)",
    "np.delete(x,3,axis=1)", "np.delete(x,slice(0,2),axis=1)", "np.delete(x,slice(None,None,2),axis=1)",
    "np.delete(x,slice(None,None,-2),axis=1)", "np.delete(x,slice(2,0,-1),axis=1)", "np.delete(x,slice(1,4))",
    "np.delete(x,slice(5,9),axis=1)", "np.delete(x,slice(1,1),axis=1)",
    "np.delete(x,np.array([0,2],dtype='int64'),axis=1)", "np.delete(x,np.array([0,0],dtype='int32'),axis=1)",
    "np.delete(x,np.array([0,2]),axis=1)",
    "np.delete(x,np.array([],dtype='int64'),axis=1)",
    "np.delete(x,np.array(1,dtype='int64'),axis=1)",
    "np.delete(s,0)", "np.delete(x,1,axis=2)", "np.delete(e,0)", "np.delete(i,1)",
    "np.delete([1,2],0)", "np.delete(x,slice(-2,None),axis=1)", "np.delete(x,slice(0,-1),axis=-1)",
    "np.delete(x,0,axis=-2)", "np.delete(s,slice(0,1))",
]  # fmt: skip

_GRAPHS = [
    "np.pad(x, ((1, 2), (3, 4)))", "np.pad(x, (1, 2))", "np.pad(x, ((1, 2), (3, 4)), mode='reflect')", "np.pad(x, 1)",
    "np.pad(x, ((1, 2), (3, 4)), 'edge')", "np.pad(x, ((1, 2), (3, 4)), 'maximum')",
    "np.pad(x, ((1, 2), (3, 4)), 'wrap')",
    "np.pad(x, ((1, 2), (3, 4)), 'symmetric')", "np.pad(x, ((1, 1), (1, 1)), constant_values=0)", "np.insert(x, 1, 2)",
    "np.insert(x, 1, 2.5)", "np.insert(x, 1, y)", "np.insert(x, 1, y, axis=0)", "np.insert(x, slice(0, 2), y, axis=0)",
    "np.insert(x, slice(0, 2), 3.5, axis=0)", "np.insert(x, slice(None, None, 2), y, axis=0)",
    "np.insert(x, slice(1, None), 2)",
    "np.insert(x, l, y, axis=0)", "np.insert(x, [1, 2], y, axis=0)", "np.delete(x, 1)", "np.delete(x, 1, axis=0)",
    "np.delete(x, slice(0, 2), axis=0)", "np.delete(x, slice(None, None, 2))", "np.delete(x, l, axis=0)",
    "np.delete(x, [1, 2], axis=0)",
]  # fmt: skip


def test_padding(oracle: Oracle) -> None:
    compare(oracle, _PADS, gradient=False)
    compare(oracle, ["np.pad(x, ((1, 2), (0, 1)))", "np.pad(c, ((1, 0), (0, 0), (2, 1)))"])


def test_inserting(oracle: Oracle) -> None:
    compare(oracle, _INSERTS, gradient=False)


def test_deleting(oracle: Oracle) -> None:
    compare(oracle, _DELETES, gradient=False)


def test_graphs(oracle: Oracle) -> None:
    compare_graphs(oracle, _GRAPHS)


def test_what_numpy_defines() -> None:
    compare_with_numpy([
        "np.insert(v, slice(0, 2), 2)", "np.insert(x, np.array(1, dtype='int64'), v[:2], axis=1)",
        "np.pad(x, ((1, 1), (1, 1)), constant_values=2)", "np.pad(i, ((1, 0), (0, 2)), constant_values=-3)",
        "np.insert(x, 1, 2, axis=0)", "np.insert(x, -1, 2, axis=1)", "np.insert(x, 3, 2, axis=1)",
        "np.insert(x, slice(0, 2), 2.5)",
        "np.insert(x, slice(None, None, -1), 9, axis=1)", "np.insert(x, slice(3, 0, -2), 9, axis=1)",
        "np.insert(x, slice(1, 1), 9, axis=1)", "np.insert(x, np.array([1, 2], dtype='int32'), 9, axis=1)",
        "np.insert(x, np.array(1, dtype='int64'), 9, axis=1)", "np.insert(x, [1, 2], 9, axis=1)",
        "np.insert(e, 0, 2, axis=0)",
        "np.insert(b, 1, True)", "np.delete(x, np.array([0, -1], dtype='int64'), axis=1)",
        "np.delete(x, [0, 1], axis=1)",
        "np.delete(x, np.array([True, False, True], dtype='bool'), axis=1)", "np.delete(b, 1)",
    ])  # fmt: skip


def _drawn_places(rng: random.Random, end: int) -> str:
    places = [rng.randrange(-2, end) for _ in range(rng.randrange(1, 4))]
    array = f"np.array({places}, dtype='int64')"
    return rng.choice([str(places[0]), array, f"slice({places[0]}, None)", "slice(0, 2)"])


def test_drawn_insertions_are_numpys() -> None:
    rng = random.Random(3)
    texts = []
    for _ in range(60):
        axis = rng.choice([0, 1, 2, -1])
        texts.append(f"np.insert(c, {_drawn_places(rng, 3)}, {rng.choice(['7', 's'])}, axis={axis})")
        texts.append(f"np.delete(c, {_drawn_places(rng, 2)}, axis={axis})")
    compare_with_numpy(texts)


def test_drawn_paddings_are_numpys() -> None:
    rng = random.Random(4)
    texts = []
    for _ in range(40):
        width = tuple((rng.randrange(6), rng.randrange(6)) for _ in range(3))
        mode = rng.choice(["constant", "edge", "maximum", "minimum", "reflect", "symmetric"])
        texts.append(f"np.pad(c, {width}, mode={mode!r})")
    compare_with_numpy(texts)


def test_refusals_name_what_was_received() -> None:
    x = mx.np.zeros((2, 3))
    for call, message in [
        (lambda: mx.np.insert(x, 5, 1, axis=1), r"from -3 to 3 for an axis of length 3; received \[5\]"),
        (lambda: mx.np.insert(x, 1, "a"), "must be a number or an array of mx.np; received str"),
        (lambda: mx.np.insert(x, None, 1), "must be an int, a slice, or an array of places; received NoneType"),
        (lambda: mx.np.delete(x, mx.np.array([5], dtype="int64")), None),
        (
            lambda: mx.np.delete(x, mx.np.array([9], dtype="int64")),
            r"from -6 to 5 for an axis of length 6; received \[9\]",
        ),
        (lambda: mx.np.pad(x, ((-1, 1), (0, 0))), "a pair of ints for each of the 2 axes"),
        (
            lambda: mx.np.pad(x, ((1, 1), (0, 0)), stat_length=1),
            "a keyword for mode 'constant' must be one of: constant_values",
        ),
    ]:
        if message is None:
            assert call().shape == (5,)
            continue
        with pytest.raises(mx.MXNetError, match=message):
            call()
