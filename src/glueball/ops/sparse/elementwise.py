"""Rules of functions that work element by element: where all that is not stored stays zero, on the values alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ...core.sparse_forms import Csr, Rows, added, to_dense
from .merging import union
from .rule import DENSE, Call, Gradients, Sparse, Value


def _on_values(call: Call) -> Any:
    data = call.inputs[0]
    assert data is not None and not isinstance(data, Tensor)
    return data.with_values(call.function(data.values))


def _where_zero_stays(call: Call) -> Any:
    data = call.inputs[0]
    assert data is not None and not isinstance(data, Tensor)
    zero = call.function(torch.zeros(1, dtype=data.values.dtype, device=data.values.device))
    return _on_values(call) if not bool(zero) else None


def _unless_shifted(call: Call) -> Any:
    return _on_values(call) if not call.attributes["scalar"] else DENSE


def _scaled(call: Call, gradient: Value) -> Gradients:
    """The gradient of a function that multiplies by a number: the same function of the gradient."""
    if isinstance(gradient, Tensor):
        return [call.function(gradient)]
    return [gradient.with_values(call.function(gradient.values))]


def _same(call: Call, gradient: Value) -> Gradients:
    return [gradient]


def _pick(gradient: Value, like: Value) -> Tensor:
    """Return a gradient at the places where an array stores values."""
    if isinstance(like, Rows):
        return gradient.at(like.indices) if isinstance(gradient, Rows) else to_dense(gradient)[like.indices]
    assert isinstance(like, Csr)
    return to_dense(gradient)[like.rows, like.indices]


def _squared(call: Call, gradient: Value) -> Gradients:
    data = call.inputs[0]
    assert data is not None and not isinstance(data, Tensor)
    if isinstance(gradient, Rows) and isinstance(data, Rows):
        return [gradient.with_values(2 * data.at(gradient.indices) * gradient.values)]
    return [data.with_values(2 * data.values * _pick(gradient, data))]


def _empty(call: Call) -> Any:
    data = call.inputs[0]
    assert data is not None and not isinstance(data, Tensor)
    return type(data).empty(data.shape, data.values.dtype, data.values.device)


#: A function f with f(0) = 0.
ON_VALUES = Sparse(_on_values)
#: One that multiplies by a number, or returns its input.
SCALED, SAME = Sparse(_on_values, _scaled), Sparse(_on_values, _same)
#: One that no gradient flows back through.
BLOCK = Sparse(_on_values, lambda call, gradient: [None])
#: The square.
SQUARE = Sparse(_on_values, _squared)
#: One whose attributes decide whether f(0) = 0, and MXNet has no other kernel, or a dense one.
WHERE_ZERO_STAYS, UNLESS_SHIFTED = Sparse(_where_zero_stays), Sparse(_unless_shifted, _same)
#: One that makes zeros.
ZEROS = Sparse(_empty)


def _union(call: Call, lhs: Rows, rhs: Rows) -> Rows:
    """Apply a function of two arrays where at least one of them has a slice."""
    found = union(lhs.indices, rhs.indices, lhs.shape[0])
    if found is None:
        indices = torch.unique(torch.cat([lhs.indices, rhs.indices]))
        return Rows(call.function(lhs.at(indices), rhs.at(indices)), indices, lhs.shape)
    values = call.function(*found.beside(lhs.values, rhs.values))
    return Rows(values, found.joined(lhs.indices, rhs.indices), lhs.shape)


def _union_of_matrices(call: Call, lhs: Csr, rhs: Csr) -> Csr:
    columns = max(lhs.shape[1], 1)
    left, right = lhs.positions(), rhs.positions()
    found = union(left, right, columns * lhs.shape[0])
    if found is not None:
        values = call.function(*found.beside(lhs.values, rhs.values))
        return Csr(values, found.joined(lhs.indices, rhs.indices), found.before[lhs.indptr + rhs.indptr], lhs.shape)
    keys, places = torch.unique(torch.cat([left, right]), return_inverse=True)
    values = lhs.values.new_zeros((2, len(keys)))
    values[0].index_add_(0, places[: len(left)], lhs.values)
    values[1].index_add_(0, places[len(left) :], rhs.values)
    return Csr.at(keys // columns, keys % columns, call.function(values[0], values[1]), lhs.shape)


def _both(call: Call) -> Any:
    lhs, rhs = call.inputs
    if isinstance(lhs, Rows) and isinstance(rhs, Rows) and lhs.shape == rhs.shape:
        return _union(call, lhs, rhs)
    if isinstance(lhs, Csr) and isinstance(rhs, Csr) and lhs.shape == rhs.shape:
        return _union_of_matrices(call, lhs, rhs)
    return None


def _both_or_dense(call: Call) -> Any:
    found = _both(call)
    return DENSE if found is None and "default" in call.stypes else found


def _divided(call: Call) -> Any:
    return DENSE if "default" in call.stypes or call.stypes == ("row_sparse", "row_sparse") else None


def _product(call: Call) -> Any:
    """Multiply; of a sparse and a dense array only where the sparse one stores anything."""
    found = _both(call)
    if found is not None or "default" not in call.stypes:
        return found
    sparse, dense = call.inputs if call.stypes[1] == "default" else call.inputs[::-1]
    assert sparse is not None and not isinstance(sparse, Tensor) and isinstance(dense, Tensor)
    if dense.shape != torch.Size(sparse.shape):
        return None
    picked = _pick(dense, sparse)
    first, second = (sparse.values, picked) if call.stypes[1] == "default" else (picked, sparse.values)
    return sparse.with_values(call.function(first, second))


def _sum_gradient(sign: float) -> Callable[[Call, Value], Gradients]:
    def gradient(call: Call, given: Value) -> Gradients:
        if sign > 0:
            return [given, given]
        return [given, -given if isinstance(given, Tensor) else given.with_values(-given.values)]

    return gradient


def _times(gradient: Value, other: Value) -> Value:
    """Return a product of which MXNet would store what both store."""
    if isinstance(other, Tensor):
        if isinstance(gradient, Tensor):
            return gradient * other
        return gradient.with_values(gradient.values * _pick(other, gradient))
    if isinstance(gradient, Rows) and isinstance(other, Rows):
        return gradient.with_values(gradient.values * other.at(gradient.indices))
    return other.with_values(other.values * _pick(gradient, other))


def _product_gradient(call: Call, gradient: Value) -> Gradients:
    lhs, rhs = call.inputs
    assert lhs is not None and rhs is not None
    return [_times(gradient, rhs), _times(gradient, lhs)]


ADD, SUBTRACT = Sparse(_both_or_dense, _sum_gradient(1)), Sparse(_both_or_dense, _sum_gradient(-1))
MULTIPLY = Sparse(_product, _product_gradient)
#: A function f of two arrays with f(0, 0) = 0; and a quotient, which MXNet computes densely.
UNION, QUOTIENT = Sparse(_both), Sparse(_divided)


def _added(call: Call) -> Any:
    if set(call.stypes) == {"row_sparse"}:
        return added([call.rows(number) for number in range(len(call.inputs))])
    return DENSE if call.stypes == ("default", "csr", "default") else None


def _each(call: Call, gradient: Value) -> Gradients:
    return [gradient] * len(call.inputs)


ADD_N = Sparse(_added, _each)


def _broadcast_product(call: Call) -> Any:
    """Multiply or divide a matrix by a dense row, column or matrix."""
    if call.stypes != ("csr", "default"):
        return None
    lhs, rhs = call.csr(0), call.tensor(1)
    try:
        whole = rhs.broadcast_to(lhs.shape)
    except RuntimeError:
        return None
    return lhs.with_values(call.function(lhs.values, whole[lhs.rows, lhs.indices]))


def _broadcast_sum(call: Call) -> Any:
    return DENSE if sorted(call.stypes) == ["csr", "default"] else None


BROADCAST_PRODUCT, BROADCAST_SUM = Sparse(_broadcast_product), Sparse(_broadcast_sum)


def _stored_quotient(call: Call) -> Any:
    lhs, rhs = call.inputs
    if not isinstance(lhs, Rows) or rhs is None:
        return None
    return lhs.with_values(call.function(lhs.values, _pick(rhs, lhs)))


STORED_QUOTIENT = Sparse(_stored_quotient)


def _like_right(call: Call) -> Any:
    lhs = call.inputs[0]
    return DENSE if isinstance(lhs, Tensor) or call.stypes[1] == "default" else lhs


LIKE_RIGHT = Sparse(_like_right)
