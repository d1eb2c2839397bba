"""Diagonals and triangles of matrices of ``mx.np`` against MXNet."""

from __future__ import annotations

import glueball as mx
from tests.numpy.against_numpy import compare_with_numpy
from tests.numpy.calls import compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

_DIAGONALS = [
    "np.diag(v)", "np.diag(v,1)", "np.diag(v,-2)", "np.diag(x)",
    "np.diag(x,1)", "np.diag(x,-1)", "np.diag(x,5)", "np.diag(x,-5)", "np.diag(s)", "np.diag(c)", "np.diag(e)",
    "np.diag(e[:,0])", "np.diag(i)", "np.diag(u)", "np.diagflat(v)", "np.diagflat(x)",
    "np.diagflat(x,1)", "np.diagflat(i,-1)", "np.diagonal(x)", "np.diagonal(x,1)",
    "np.diagonal(x,-1)", "np.diagonal(x,9)", "np.diagonal(x,-9)", "np.diagonal(c,0,1,2)", "np.diagonal(c,1,2,0)",
    "np.diagonal(c,0,-1,0)", "np.diagonal(c,axis1=0,axis2=0)", "np.diagonal(v)", "np.diagonal(e)", "np.diagonal(i)",
    "np.trace(x)", "np.trace(x,1)", "np.trace(x,9)", "np.trace(x,-9)", "np.trace(c)",
    "np.trace(c,1,1,2)", "np.trace(c,0,-1,0)", "np.trace(c,0,1,1)", "np.trace(v)", "np.trace(e)", "np.trace(i)",
    "np.trace(x,out=np.zeros(()))", "np.tril(x)", "np.tril(x,1)", "np.tril(x,-1)", "np.tril(c,-1)",
    "np.tril(v)", "np.tril(v,1)", "np.tril(s)", "np.tril(e)", "np.tril(i)", "np.tril(3)",
    "np.diag_indices_from(x)", "np.diag_indices_from(x[:,:2])", "np.diag_indices_from(c[:,:2,:2])",
    "np.diag_indices_from(v)", "np.diag_indices_from(i[:,:2])",
]  # fmt: skip

_GRAPHS = [
    "np.tril(x)", "np.tril(x, 1)", "np.diag(x)", "np.diag(x, 1)", "np.diagflat(x)", "np.diagflat(x, 1)",
    "np.diagonal(x)",
    "np.diagonal(x, 1, 1, 2)", "np.trace(x)", "np.trace(x, 1, 1, 2)", "np.diag_indices_from(x)", "np.triu(x)",
]  # fmt: skip


def test_diagonals(oracle: Oracle) -> None:
    compare(oracle, _DIAGONALS)


def test_graphs(oracle: Oracle) -> None:
    compare_graphs(oracle, _GRAPHS)


def test_what_numpy_defines() -> None:
    compare_with_numpy([
        "np.diag(b)", "np.diagflat(s)", "np.diagflat(e)", "np.diagflat(b)", "np.diagonal(b)", "np.tril(b)",
        *[f"np.diagonal(c, {k}, {one}, {other})" for k in (-1, 0, 2) for one, other in ((0, 1), (2, 1), (-1, 0))],
        *[f"np.diag(v, {k})" for k in (-3, -1, 0, 2)],
    ])  # fmt: skip


def test_indices_select_the_diagonal() -> None:
    x = mx.np.arange(9).reshape(3, 3)
    assert x[mx.np.diag_indices_from(x)].tolist() == [0, 4, 8]
