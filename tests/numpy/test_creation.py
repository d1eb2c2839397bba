"""Arrays of one number, ranges, windows and grids of ``mx.np`` against MXNet."""

from __future__ import annotations

import math

import pytest

import glueball as mx
from tests.numpy.against_numpy import compare_with_numpy
from tests.numpy.calls import compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

_MADE = [
    "np.zeros(2)", "np.zeros(2.5)", "np.empty((2,)).shape", "np.empty(2).shape", "str(np.empty((2,),'int32').dtype)",
    "np.empty((2,),order='F')", "np.empty(()).shape", "np.full((2,),3)", "np.full((2,),3.5)", "np.full((2,),True)",
    "np.full((2,),3,dtype='int32')", "np.full((2,),3.7,dtype='int32')", "np.full((),3)", "np.full(2,3)",
    "np.full((0,2),3)", "np.full((2,3),v)", "np.full((2,3),v,dtype='int32')", "np.full((2,3),[1,2,3])",
    "np.full((2,),3,order='F')", "np.full((2,),3,out=np.zeros((2,)))", "np.full((2,),onp.float32(3))",
    "np.full((2,),onp.int64(3))", "np.full((2,),float('nan'))", "np.full((2,),300,dtype='uint8')",
    "np.full((2,),None)", "np.zeros_like(x)", "np.zeros_like(b)", "np.zeros_like(i,'float32')",
    "np.zeros_like(x,order='F')", "np.zeros_like(3)", "np.zeros_like(x,out=np.ones((2,3)))", "np.ones_like(b)",
    "np.ones_like(s)", "np.eye(2)", "np.eye(2,3)", "np.eye(2,3,1)", "np.eye(2,3,-1)", "np.eye(2,3,k=9)", "np.eye(0)",
    "np.eye(2,0)", "np.eye(-1)", "np.eye(2,-1)", "np.eye(2,dtype='int32')",
    "np.eye(2,dtype=None)", "np.eye(2,order='C')", "np.eye(2,order='F')",
    "np.identity(2)", "np.identity(0)", "np.identity(-1)",
    "np.identity(2,'int32')", "np.identity(2,'bool')", "np.identity(2.5)", "np.identity('a')", "np.indices((2,3))",
    "np.indices((2,3),dtype='float32')", "np.indices((0,3))", "np.indices(())",
    "np.indices((2,))", "np.indices(2)", "np.indices([2,3])", "np.indices((-1,))",
]  # fmt: skip

_RANGES = [
    "np.arange(3)", "np.arange(3,dtype='int32')", "np.arange(1,3)", "np.arange(1,3,0.5)", "np.arange(5,0,-2)",
    "np.arange(0)", "np.arange(3,1)", "np.arange(0,1,0.1).shape", "np.arange(0,3,0.3,dtype='int32')",
    "np.arange(0.5,4,1.5,dtype='int64')", "np.arange(3,step=2)", "np.arange(stop=3)", "np.arange(1,3,0)",
    "np.arange(float('nan'))", "np.arange(3,dtype='uint8')",
    "np.arange(3,dtype='float16')", "np.arange(3,dtype=int)", "np.arange(3,dtype=float)", "np.arange('a')",
    "np.arange(3,ctx='cpu')", "np.arange(None,3)", "np.arange(start=2,stop=None)",
    "np.arange(1.1)", "np.arange(16777218)[-1]", "np.arange(0,16777218,16777217,dtype='float64')",
    "np.arange(0,1,0.3,dtype='float64')", "np.linspace(0,1,5)", "np.linspace(0,1,5,endpoint=False)",
    "np.linspace(0,1,5,retstep=True)", "np.linspace(0,1,1)",
    "np.linspace(0,1,0)", "np.linspace(0,1,-1)",
    "np.linspace(0,5,3,dtype='int32')", "np.linspace(0,1,3,dtype='float64')", "np.linspace(0,1,axis=1)",
    "np.linspace(0,1,3,axis=0)", "np.linspace(0,1).shape", "np.linspace([0,1],2,3)", "np.linspace(v,2,3)",
    "np.linspace(0,1,2.5)", "np.linspace(3,1,3)",
    "np.logspace(0,1,5)", "np.logspace(0,2,3,base=2)",
    "np.logspace(0,2,4,endpoint=False)", "np.logspace(0,2,3,dtype='int32')", "np.logspace(0,2,0)",
    "np.logspace(0,2,1)", "np.logspace(0,2,-1)", "np.logspace(0,2,3,axis=1)", "np.logspace([0,1],2,3)",
    "np.logspace(0,2,3,dtype='float64')", "np.logspace(0,2).shape", "np.logspace(0,2,3,base=-2)",
    "np.logspace(0,2,3,base=0)", "np.blackman(5)", "np.blackman(1)", "np.blackman(0)", "np.blackman(-1)",
    "np.blackman(5,'int32')", "np.hamming(5)", "np.hamming(1)", "np.hamming(0)",
    "np.hanning(5)", "np.hanning(1)", "np.hanning(0)", "np.hanning(6)",
    "np.hanning(5.5)", "np.hanning(None)", "np.hanning(5,None)",
]  # fmt: skip

_GRIDS = [
    "np.meshgrid(v,np.array([1,2]))", "np.meshgrid(v,np.array([1,2]),indexing='ij')",
    "np.meshgrid(v,np.array([1,2]),copy=False)",
    "np.meshgrid(v,np.array([1,2]),indexing='foo')", "np.meshgrid(v,np.array([1,2]),foo=1)", "np.meshgrid(v)",
    "np.meshgrid()", "np.meshgrid(v,s)", "np.meshgrid(v,x)", "np.meshgrid(v,l,u)",
    "np.meshgrid(v,l,sparse=True,copy=False)", "np.unravel_index(l,(2,3))",
    "np.unravel_index(np.array([5,1],dtype='int64'),(2,3))", "np.unravel_index(np.array([6],dtype='int64'),(2,3))",
    "np.unravel_index(np.array([5,1]),(2,3))", "np.unravel_index(l,(2,3),order='F')",
    "np.unravel_index(i[1:],3)", "np.unravel_index(np.array(5,dtype='int32'),(2,3))",
]  # fmt: skip

_GRAPHS = [
    "np.zeros((2, 3))", "np.zeros(3)", "np.zeros((2, 3), dtype='int32')", "np.zeros(())", "np.zeros([2, 3])",
    "np.ones(3)",
    "np.ones((2,), ctx=mx.cpu(0))", "np.zeros((2,), order='F')", "np.full((2, 3), 2)",
    "np.full((2, 3), 2.5, dtype='int32')",
    "np.full((2, 3), True)", "np.full((2, 3), x)", "np.full((2, 3), x, dtype='int32')", "np.full_like(x, 2)",
    "np.full_like(x, 2, dtype='int32')", "np.full_like(x, True)", "np.zeros_like(x)", "np.ones_like(x, dtype='int32')",
    "np.arange(3)", "np.arange(1, 5, 2, dtype='int32')", "np.arange(1.5)", "np.arange(3, ctx=mx.cpu(1))",
    "np.linspace(0, 1, 5)", "np.linspace(0, 1, 5, endpoint=False, dtype='float64')", "np.linspace(0, 1)",
    "np.logspace(0, 1, 5)", "np.logspace(0, 1, 5, endpoint=False, base=2, dtype='float64')", "np.eye(3)",
    "np.eye(3, 4, 1, dtype='int32')", "np.eye(3, dtype=None)", "np.identity(3)", "np.identity(3, dtype='int32')",
    "np.indices((2, 3))", "np.indices((2, 3), dtype='float32')", "np.blackman(5)", "np.hamming(5)",
    "np.hanning(5, dtype='float64')", "np.hanning(5, dtype=None)", "np.empty((2,))", "np.meshgrid(x, y)",
]  # fmt: skip


def test_arrays_of_one_number(oracle: Oracle) -> None:
    compare(oracle, _MADE, gradient=False)


def test_a_broadcast_array_has_a_gradient(oracle: Oracle) -> None:
    compare(oracle, ["np.full((2, 3), v)", "np.full((2, 2, 3), x)"])


def test_ranges_and_windows(oracle: Oracle) -> None:
    compare(oracle, _RANGES, gradient=False, rtol=1e-5)


def test_grids(oracle: Oracle) -> None:
    compare(oracle, [text for text in _GRIDS if "unravel" not in text])
    compare(oracle, ["np.meshgrid(v,e[:,0])", *[text for text in _GRIDS if "unravel" in text]], gradient=False)


def test_graphs(oracle: Oracle) -> None:
    compare_graphs(oracle, _GRAPHS)


def test_what_numpy_defines() -> None:
    compare_with_numpy([
        "np.meshgrid(v, l, sparse=True)", "np.eye(2, dtype=bool)", "np.unravel_index(5, (2, 3))",
        "np.linspace(0, 1, 5, False, True)", "np.linspace(0, 1, 2, False, True)", "np.arange(0, 1, 0.25)",
        "np.blackman(9)", "np.hamming(9)", "np.hanning(9)", "np.logspace(0, 3, 7)", "np.identity(3)",
        "np.indices((2, 3, 2))",
    ])  # fmt: skip
    assert math.isnan(mx.np.linspace(0, 1, 1, retstep=True)[1])


def test_another_context_is_where_the_result_is() -> None:
    x = mx.np.ones((2,))
    assert mx.np.zeros_like(x, ctx=mx.cpu(1)).ctx == mx.cpu(1)
    assert mx.np.zeros_like(x).ctx == mx.np.arange(2).ctx == mx.cpu(0)


def test_refusals_name_what_was_received() -> None:
    for call, message in [
        (lambda: mx.np.eye(2, foo=1), "the only keyword must be ctx; received foo"),
        (lambda: mx.np.meshgrid(mx.np.ones((2,)), foo=1), "must be indexing, sparse or copy; received foo"),
        (lambda: mx.np.unravel_index(mx.np.array([6], dtype="int64"), (2, 3)), "from 0 to 5"),
        (lambda: mx.np.unravel_index(mx.np.array([1.0]), (2, 3)), "must be integers; received float32"),
        (lambda: mx.np.indices(2), "must be a tuple of ints; received 2"),
    ]:
        with pytest.raises(mx.MXNetError, match=message):
            call()
