"""Rules of sums, means and norms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ...core.sparse_forms import Csr, Rows, to_dense
from .rule import DENSE, Call, Gradients, Sparse, Value


def _only_axis(call: Call) -> int | None:
    """Return the axis if there is one that is not negative, and nothing else is asked for; as MXNet's kernels."""
    axis = call.attributes["axis"]
    axes = axis if isinstance(axis, tuple) else () if axis is None else (axis,)
    if len(axes) != 1 or call.attributes["keepdims"] or call.attributes.get("exclude"):
        return None
    return int(axes[0]) if axes[0] in (0, 1) else None


def along(matrix: Csr, axis: int, values: Tensor) -> Tensor:
    """Sum values at the places of a matrix along an axis."""
    total = values.new_zeros(matrix.shape[1 - axis])
    return total.index_add_(0, matrix.indices if axis == 0 else matrix.rows, values)


def _summed(divide: bool) -> Callable[[Call], Any]:
    def compute(call: Call) -> Any:
        axis = _only_axis(call)
        if call.stypes != ("csr",) or axis is None:
            return None
        matrix = call.csr(0)
        total = along(matrix, axis, matrix.values)
        return total / matrix.shape[axis] if divide else total

    return compute


SUM, MEAN = Sparse(_summed(False)), Sparse(_summed(True))


def _norm(call: Call) -> Any:
    data = call.inputs[0]
    assert data is not None and not isinstance(data, Tensor)
    if call.attributes["ord"] != 2 or call.attributes["out_dtype"] is not None:
        return None
    if call.attributes["axis"] is None:
        flat: Tensor = call.function(data.values.reshape(-1)).reshape(-1)
        return flat.reshape((1,) * len(data.shape)) if call.attributes["keepdims"] else flat
    axis = _only_axis(call)
    return along(data, axis, data.values * data.values).sqrt() if isinstance(data, Csr) and axis is not None else None


NORM = Sparse(_norm)


def _square_sum(call: Call) -> Any:
    data, axis = call.inputs[0], _square_axis(call)
    if not isinstance(data, Rows) or len(data.shape) != 2 or axis is None:
        return None
    keep = call.attributes["keepdims"]
    squares = (data.values * data.values).sum(axis, keepdim=True)
    if axis == 0:
        return squares if keep else squares[0]
    sums = Rows(squares, data.indices, (data.shape[0], 1))
    return sums if keep else sums.dense()[:, 0]


def _square_axis(call: Call) -> int | None:
    axis = call.attributes["axis"]
    axes = axis if isinstance(axis, tuple) else () if axis is None else (axis,)
    return int(axes[0]) if len(axes) == 1 and axes[0] in (0, 1) and not call.attributes["exclude"] else None


def _square_sum_gradient(call: Call, gradient: Value) -> Gradients:
    data = call.rows(0)
    if _square_axis(call) == 0:
        factor: Tensor = to_dense(gradient).reshape(1, -1)
    elif isinstance(gradient, Rows):
        # only the rows of the gradient, so that a lazy update leaves the others alone
        return [Rows(2 * data.at(gradient.indices) * gradient.values, gradient.indices, data.shape)]
    else:
        factor = to_dense(gradient).reshape(-1, 1)[data.indices]
    return [data.with_values(2 * data.values * factor)]


SQUARE_SUM = Sparse(_square_sum, _square_sum_gradient)


def _stored(call: Call) -> Any:
    matrix = call.inputs[0]
    if not isinstance(matrix, Csr):
        return None
    axis = call.attributes["axis"]
    if axis is None:
        return matrix.indptr[-1:].clone()
    return matrix.indptr.diff() if axis == 1 else torch.bincount(matrix.indices, minlength=matrix.shape[1])


#: How many elements are stored.
STORED = Sparse(_stored)


def _second_dense(call: Call) -> Any:
    return DENSE if call.stypes == ("default", "csr") else None


#: An output for regression, which may have a csr label.
CSR_LABEL = Sparse(_second_dense)
