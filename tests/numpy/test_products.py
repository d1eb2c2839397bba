"""Products of arrays of ``mx.np`` against MXNet."""

from __future__ import annotations

import random

import numpy as onp
import pytest

import glueball as mx
from tests.numpy.against_numpy import compare_with_numpy
from tests.numpy.calls import compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

_PRODUCTS = [
    "np.tensordot(x,y)", "np.tensordot(x,y,2)", "np.tensordot(x,y.T,1)", "np.tensordot(x,y,0)", "np.tensordot(x,y,1)",
    "np.tensordot(x,y,((0,1),(0,1)))", "np.tensordot(x,y,((1,),(1,)))",
    "np.tensordot(x,y,(1,1))", "np.tensordot(x,y,[1,-1])", "np.tensordot(x,y,((-1,),(-1,)))",
    "np.tensordot(x,y,((0,1),(0,)))", "np.tensordot(c,x,((0,1),(0,1)))",
    "np.tensordot(x,s,0)", "np.tensordot(s,s,0)",
    "np.tensordot(e,e,((0,),(0,)))", "np.tensordot(x,y,((),()))", "np.tensordot(x,3,0)",
    "np.tensordot(x,y,'a')", "np.tensordot(x,y,(1,2,3))", "np.inner(x,y)", "np.inner(v,v)", "np.inner(x,v)",
    "np.inner(c,x)", "np.inner(c,v)", "np.inner(x,3)", "np.outer(v,v)", "np.outer(x,v)",
    "np.outer(s,v)", "np.vdot(x,y)", "np.vdot(v,v)",
    "np.vdot(x,x.T)", "np.vdot(s,s)", "np.vdot(x,v)", "np.vdot(e,e)", "np.dot(x,y.T)", "np.dot(x,v)",
    "np.dot(v,v)", "np.dot(s,v)", "np.dot(v,s)", "np.dot(s,s)", "np.dot(c,np.ones((4,5)))",
    "np.dot(c,np.ones((5,4,2)))", "np.dot(x,3)", "np.dot(3,x)", "np.dot(x,y)", "np.dot(b,b.T)",
    "np.dot(x,d)", "np.dot(x,y.T,out=np.zeros((2,2)))", "np.dot(v,x.T)", "np.dot(v,c)",
    "np.dot(e.T,e)", "np.matmul(x,y.T)", "np.matmul(x,v)", "np.matmul(v,y.T)", "np.matmul(v,v)",
    "np.matmul(s,v)", "np.matmul(c,np.ones((4,5)))", "np.matmul(c,np.ones((2,4,5)))",
    "np.matmul(np.ones((3,1,2,4)),np.ones((5,4,2)))", "np.matmul(x,3)", "np.matmul(x,y)",
    "np.matmul(x,d)", "np.matmul(e,x.T)", "np.matmul(e.T,e)", "np.matmul(x,y.T,out=np.zeros((2,2)))",
    "np.matmul(c,v)", "np.matmul(x,c)", "np.matmul(x,y.T,casting='no')", "x.dot(y.T)", "x.dot(y.T,np.zeros((2,2)))",
    "x.dot(3)",
]  # fmt: skip

_EINSUMS = [
    "np.einsum('ij,jk->ik',x,y.T)", "np.einsum('ij,kj',x,y)", "np.einsum('ii',d)", "np.einsum('ii->i',d)",
    "np.einsum('ij->ji',x)", "np.einsum('ij->',x)", "np.einsum('...j->...',c)", "np.einsum('...j,j',c,np.ones((4,)))",
    "np.einsum('...j,...j->...',c,c)", "np.einsum(' i j , j k -> i k ',x,y.T)", "np.einsum('i,i',v,v)",
    "np.einsum('i,j',v,v)", "np.einsum('i,i->',v,v)", "np.einsum('ij,j->i',x,v)", "np.einsum('ij,j->i',i,l)",
    "np.einsum('ij,j->i',i,i[0])", "np.einsum('ij->i',b)", "np.einsum('ij,jk,kl->il',x,y.T,x)",
    "np.einsum('ij,jk,kl->il',x,y.T,x,optimize=True)", "np.einsum('ij,jk->ik',x,y)", "np.einsum('ij',v)",
    "np.einsum('ij,jk->iz',x,y.T)", "np.einsum('i->ii',v)", "np.einsum('',s)", "np.einsum('->',s)",
    "np.einsum(',',s,s)", "np.einsum('ij,jk->ik',x)", "np.einsum('i$->i',x)",
    "np.einsum('ij->ij',e)", "np.einsum('ij->j',e)", "np.einsum('ij,jk->ik',e,y.T)",
    "np.einsum('ij,jk->ik',x,y.T,out=np.zeros((2,2)))",
    "np.einsum('aB,Bc->ac',x,y.T)", "np.einsum('...',x)",
    "np.einsum('...->...',x)", "np.einsum('ij...->j...',c)", "np.einsum('...ij->...ji',c)",
    "np.einsum('i...,i...',x,y)", "np.einsum('ij,ij->ij',x,y[:1])", "np.einsum('ij,j',d,v[:2])",
    "np.einsum('ij,jk->ik',h[None],h[:,None])",
]  # fmt: skip

_GRAPHS = [
    "np.einsum('ij,jk->ik', x, y)", "np.einsum('ij,jk->ik', x, y, optimize=True)", "np.einsum('ii', x)",
    "np.tensordot(x, y)",
    "np.tensordot(x, y, 1)", "np.tensordot(x, y, ((1,), (0,)))", "np.tensordot(x, y, [1, 0])",
    "np.tensordot(x, y, [[1, 2], [0, 1]])", "np.dot(x, y)", "np.matmul(x, y)", "np.inner(x, y)", "np.outer(x, y)",
    "np.vdot(x, y)", "x.dot(y)",
]  # fmt: skip

#: MXNet leaves what was there before in the gradient of an array of no elements.
_OF_NOTHING = ["np.tensordot(e, x.T, 1)", "np.outer(e, v)", "np.dot(e, x.T)"]

#: Where a matrix meets a stack of them, or axes of length 1 are stretched, MXNet's gradients are wrong.
_BROADCAST = [
    "np.matmul(c, np.ones((2, 4, 5)))",
    "np.matmul(np.ones((3, 1, 2, 4)), np.ones((5, 4, 2)))",
    "np.matmul(x, c)",
]
_STRETCHED = ["np.einsum('ij,ij->ij',x,y[:1])", "np.einsum('',s)", "np.einsum('->',s)", "np.einsum(',',s,s)"]


def test_products(oracle: Oracle) -> None:
    compare(oracle, [text for text in _PRODUCTS if text not in _BROADCAST])
    compare(oracle, _BROADCAST + _OF_NOTHING, gradient=False)


def test_einsum(oracle: Oracle) -> None:
    compare(oracle, [text for text in _EINSUMS if text not in _STRETCHED])
    compare(oracle, _STRETCHED, gradient=False)


def test_graphs(oracle: Oracle) -> None:
    compare_graphs(oracle, _GRAPHS)


def test_what_numpy_defines() -> None:
    compare_with_numpy([
        "np.inner(s, s)", "np.inner(s, x)", "np.dot(i, i.T)", "np.matmul(i, i.T)", "np.dot(x, d[:1].T[[0, 1, 1]])",
        "np.tensordot(i, i, 2)", "np.tensordot(x, d, 0)", "np.vdot(i, i)", "np.outer(l, l)", "np.inner(i, i)",
        "np.dot(l, l)", "np.matmul(u, u)",
    ])  # fmt: skip


def _drawn_subscripts(count: int) -> list[str]:
    rng = random.Random(5)
    lengths = {"i": 2, "j": 3, "k": 4}
    texts = []
    for _ in range(count):
        terms = ["".join(rng.choices("ijk", k=rng.randrange(1, 4))) for _ in range(rng.randrange(1, 4))]
        letters = sorted({*"".join(terms)})
        result = "".join(rng.sample(letters, rng.randrange(len(letters) + 1)))
        arrays = [f"np.reshape(np.arange({onp.prod(shape)}), {shape})" for shape in
                  (tuple(lengths[letter] for letter in term) for term in terms)]  # fmt: skip
        texts.append(f"np.einsum('{','.join(terms)}{rng.choice(['', '->' + result])}', {', '.join(arrays)})")
    return texts


def test_drawn_subscripts_are_numpys() -> None:
    compare_with_numpy(_drawn_subscripts(60))


def test_refusals_name_what_was_received() -> None:
    x = mx.np.zeros((2, 3))
    for call, message in [
        (lambda: mx.np.einsum("ij,jk", x), r"a letter for each axis .*received 'ij,jk' for \(2, 3\)"),
        (lambda: mx.np.einsum("ij", x, dtype="float64"), "must be out or optimize; received dtype"),
        (lambda: mx.np.einsum(x, [0, 1]), "the first argument must be the subscripts"),
        (lambda: mx.np.tensordot(x, x, (1, 2, 3)), r"a pair of ints or tuples; received \(1, 2, 3\)"),
        (lambda: mx.np.tensordot(x, x, 3), "axes must be from 0 to 2"),
        (lambda: mx.np.outer(x, 3), "must be arrays of mx.np; received int"),
        (lambda: mx.np.dot(x > 0, x > 0), "bool"),
    ]:
        with pytest.raises(mx.MXNetError, match=message):
            call()
