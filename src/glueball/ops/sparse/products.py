"""Products of a sparse matrix: dot, with its gradients."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ...core.sparse_forms import Csr, Rows, as_form, to_dense
from .rule import DENSE, Call, Gradients, Sparse, Value


def _bags(matrix: Csr, values: Tensor, places: Tensor) -> Tensor:
    """Return the sum of rows of `values` for each row of a matrix, weighted by its elements."""
    if not len(values):
        return values.new_zeros((matrix.shape[0], *values.shape[1:]))
    narrow = values.dtype not in (torch.float32, torch.float64)
    table, weights = (values.float(), matrix.values.float()) if narrow else (values, matrix.values)
    summed = F.embedding_bag(
        places, table.contiguous(), matrix.indptr, mode="sum", per_sample_weights=weights, include_last_offset=True
    )
    return summed.to(values.dtype)


def times(matrix: Csr, other: Tensor | Rows) -> Tensor:
    """Multiply a sparse matrix by another, which may be stored by rows."""
    if isinstance(other, Tensor):
        return _bags(matrix, other, matrix.indices)
    places, stored = other.places(matrix.indices)
    if stored is not None:
        matrix = matrix.with_values(matrix.values * stored)
    return _bags(matrix, other.values, places)


def transposed_times(matrix: Csr, other: Tensor | Rows) -> Rows:
    """Multiply the transpose of a sparse matrix by another; only rows that can differ from 0 are stored."""
    ordered, order = torch.sort(matrix.indices, stable=True)
    columns, counts = torch.unique_consecutive(ordered, return_counts=True)
    indptr = torch.zeros(len(columns) + 1, dtype=torch.int64, device=columns.device)
    torch.cumsum(counts, 0, out=indptr[1:])
    compact = Csr(matrix.values[order], matrix.rows[order], indptr, (len(columns), matrix.shape[0]))
    return Rows(times(compact, other), columns, (matrix.shape[1], other.shape[1]))


def _check(lhs: Value, rhs: Value, attributes: Any) -> None:
    if len(lhs.shape) != 2 or len(rhs.shape) != 2:
        raise MXNetError(
            f"dot: with sparse arrays, both must be matrices; received shapes {tuple(lhs.shape)} and "
            f"{tuple(rhs.shape)}; give a vector as a matrix with one column: reshape((-1, 1))"
        )
    left, right = attributes["transpose_a"], attributes["transpose_b"]
    if lhs.shape[0 if left else 1] != rhs.shape[1 if right else 0]:
        raise MXNetError(
            f"dot: the axes to sum over must be equal, {'first' if left else 'last'} of lhs and "
            f"{'last' if right else 'first'} of rhs; received {tuple(lhs.shape)} and {tuple(rhs.shape)}"
        )


def _types(lhs: Value, rhs: Value) -> bool:
    kinds = [one.dtype if isinstance(one, Tensor) else one.values.dtype for one in (lhs, rhs)]
    return kinds[0] is kinds[1] and kinds[0].is_floating_point


def _dot(call: Call) -> Any:
    lhs, rhs = call.inputs
    assert lhs is not None and rhs is not None
    left, right, wanted = (call.attributes[name] for name in ("transpose_a", "transpose_b", "forward_stype"))
    if not _types(lhs, rhs):
        return None
    _check(lhs, rhs, call.attributes)
    found = _native(call)
    if wanted is None and right and not left and call.stypes == ("default", "csr"):
        wanted = "csr"
    if found is None and wanted in ("csr", "row_sparse"):
        first, second = to_dense(lhs), to_dense(rhs)
        return as_form(torch.mm(first.t() if left else first, second.t() if right else second), wanted)
    return found


def _native(call: Call) -> Any:
    """Return the product where MXNet has a kernel for it, or None."""
    lhs, rhs = call.inputs
    left, right, wanted = (call.attributes[name] for name in ("transpose_a", "transpose_b", "forward_stype"))
    assert rhs is not None
    if isinstance(lhs, Csr) and not isinstance(rhs, Csr) and not right:
        if not left:
            return times(lhs, rhs) if wanted in (None, "default") else None
        if wanted == "csr":
            return None
        product = transposed_times(lhs, rhs)
        return product.dense() if wanted == "default" else product
    if isinstance(lhs, Tensor) and isinstance(rhs, Csr) and not left:
        if wanted == "default":
            # (lhs rhs)' = rhs' lhs'
            return times(rhs if right else rhs.transposed(), lhs.t()).t().contiguous()
        if wanted in (None, "csr") and not right:
            return _by_columns(times(rhs.transposed(), lhs.t()).t(), torch.unique(rhs.indices))
    return None


def _by_columns(product: Tensor, columns: Tensor) -> Csr:
    """Store all elements in some columns of a matrix, as MXNet does."""
    height, width = len(product), len(columns)
    indptr = (
        torch.arange(0, height * width + 1, width, device=columns.device) if width else columns.new_zeros(height + 1)
    )
    return Csr(product[:, columns].reshape(-1), columns.repeat(height), indptr, tuple(product.shape))


def _dot_gradient(call: Call, gradient: Value) -> Gradients:
    """The gradient of the factor that is not `Csr`; that of a `Csr` is computed densely."""
    lhs, rhs = call.inputs
    given = to_dense(gradient)
    if _native(call) is None:
        return _dense_products(call, given)
    if isinstance(lhs, Csr):
        if call.attributes["transpose_a"]:
            return [DENSE, times(lhs, gradient if isinstance(gradient, Rows) else given)]
        return [DENSE, transposed_times(lhs, given)]
    assert isinstance(rhs, Csr)
    matrix = rhs.transposed() if call.attributes["transpose_b"] else rhs
    return [times(matrix, given.t()).t().contiguous(), DENSE]


def _dense_products(call: Call, given: Tensor) -> Gradients:
    assert call.inputs[0] is not None and call.inputs[1] is not None
    lhs, rhs = to_dense(call.inputs[0]), to_dense(call.inputs[1])
    left, right = call.attributes["transpose_a"], call.attributes["transpose_b"]
    first = torch.mm(given, rhs if right else rhs.t())
    second = torch.mm(lhs if left else lhs.t(), given)
    return [first.t() if left else first, second.t() if right else second]


def _dot_makes(attributes: Any) -> bool:
    return attributes["forward_stype"] in ("csr", "row_sparse")


def _dot_gradient_stypes(attributes: Any, stypes: Any) -> dict[int, str]:
    return {1: "row_sparse"} if stypes[0] == "csr" and not attributes["transpose_a"] else {}


DOT = Sparse(_dot, _dot_gradient, _dot_makes, _dot_gradient_stypes)


def _cast(call: Call) -> Any:
    data, stype = call.inputs[0], call.attributes["stype"]
    assert data is not None
    if stype not in ("default", "default" if isinstance(data, Tensor) else data.stype) and not isinstance(data, Tensor):
        raise MXNetError(
            f"cast_storage: a {data.stype} array cannot become {stype} at once; call tostype('default') first"
        )
    if stype == "csr" and len(data.shape) != 2:
        raise MXNetError(f"cast_storage: a csr array must be a matrix; received shape {tuple(data.shape)}")
    result = as_form(data, stype)
    return result.clone() if result is data and isinstance(result, Tensor) else result


CAST = Sparse(_cast, lambda call, gradient: [gradient], lambda attributes: attributes["stype"] != "default")
