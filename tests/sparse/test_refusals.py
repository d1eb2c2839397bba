"""Operators refuse sparse arrays by the rule that they break."""

from __future__ import annotations

import pytest

from glueball import MXNetError, nd

_CSR = nd.array([[1, 0, 2], [0, 3, 0]]).tostype("csr")
_ROWS = nd.array([[1, 0, 2], [0, 0, 0]]).tostype("row_sparse")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nd.dot(_CSR, nd.ones((3,))), r"dot: with sparse arrays, both must be matrices; .*\(2, 3\) and \(3,\)"),
        (lambda: nd.dot(_CSR, nd.ones((2, 2))), r"dot: the axes to sum over must be equal, last of lhs and first of "),
        (
            lambda: nd.dot(_CSR, nd.ones((3, 2)), transpose_a=True),
            r"dot: the axes to sum over must be equal, first of lhs and first of rhs; received \(2, 3\) and \(3, 2\)",
        ),
        (lambda: nd.cast_storage(_CSR, "row_sparse"), r"cast_storage: a csr array cannot become row_sparse at once"),
        (lambda: nd.cast_storage(_ROWS, "csr"), r"cast_storage: a row_sparse array cannot become csr at once"),
        (lambda: nd.cast_storage(nd.ones((2,)), "csr"), r"cast_storage: a csr array must be a matrix; received shape"),
    ],
)  # fmt: skip
def test_refusals(call, message):
    with pytest.raises(MXNetError, match=message):
        call()
