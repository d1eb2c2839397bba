"""Updates with sparse arrays: of the rows alone that a gradient has, or with dense copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.sparse_forms import Rows, to_dense
from ..ndarray import NDArray
from ..ndarray.sparse.arrays import BaseSparseNDArray, form_of
from ..ops.sparse.steps import rows_of, with_rows

#: Takes the weight, the gradient and the state, all dense, and updates weight and state in place.
Update = Callable[[NDArray, NDArray, Any], None]


def is_sparse(*arrays: Any) -> bool:
    """Whether one of the arrays is sparse."""
    return any(isinstance(array, BaseSparseNDArray) for array in arrays)


def update_by_rows(owner: str, weight: NDArray, gradient: NDArray, state: Any, lazily: bool, update: Update) -> None:
    """Update a weight where an array is sparse.

    Parameters
    ----------
    owner : str
        What messages call the optimizer.
    weight, gradient : NDArray
        The weight, and its gradient.
    state : object
        None, an array, or a tuple of these.
    lazily : bool
        Whether the rows that a row_sparse gradient does not store stay as they are, with their states.
    update : callable
        The update of dense arrays.
    """
    if weight.shape != gradient.shape or weight.dtype is not gradient.dtype:
        raise MXNetError(
            f"{owner}: a gradient must have its weight's shape and type, {weight.shape} {weight.dtype.__name__}; "
            f"received {gradient.shape} {gradient.dtype.__name__}"
        )
    weight._refuse_write_while_recording()
    form = form_of(gradient)
    if lazily and isinstance(form, Rows):
        rows, values = form.indices, form.values
        if not len(rows):
            return

        def take(array: NDArray) -> Tensor:
            return rows_of(form_of(array), rows)

        def put(array: NDArray, changed: Tensor) -> None:
            found = with_rows(form_of(array), rows, changed)
            if isinstance(array, BaseSparseNDArray):
                array._form = found
    else:
        values, take, put = to_dense(form), _whole, _replace
    parts: list[tuple[NDArray, NDArray]] = []

    def part(array: NDArray) -> NDArray:
        made = NDArray(take(array), array._ctx)
        parts.append((array, made))
        return made

    with torch.no_grad():
        update(part(weight), NDArray(values, gradient._ctx), _each(part, state))
        for array, changed in parts:
            put(array, changed._data)


def _whole(array: NDArray) -> Tensor:
    return to_dense(form_of(array))


def _replace(array: NDArray, changed: Tensor) -> None:
    if isinstance(array, BaseSparseNDArray):
        array._assign_form(changed)


def _each(change: Callable[[NDArray], NDArray], state: Any) -> Any:
    if isinstance(state, NDArray):
        return change(state)
    return type(state)([_each(change, part) for part in state]) if isinstance(state, list | tuple) else state
