"""Updates with sparse arrays: of the rows alone that a gradient has, or with dense copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.sparse_forms import Rows, to_dense
from ..ndarray import NDArray
from ..ndarray.sparse.arrays import put_back
from ..ndarray.sparse.base import BaseSparseNDArray, form_of
from ..ops.sparse.slices import Slices

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
    with torch.no_grad():
        if lazily and isinstance(form, Rows):
            if len(form.indices):
                _update_slices(weight, NDArray(form.values, gradient._ctx), state, form.indices, update)
        else:
            _update_copies(weight, NDArray(to_dense(form), gradient._ctx), state, update)


def write_back(copy: NDArray, weight: NDArray) -> None:
    """Give a weight the numbers of its copy in float32."""
    if is_sparse(copy, weight):
        copy.astype(weight.dtype).copyto(weight)
    else:
        weight._data.copy_(copy._data)


def _update_slices(weight: NDArray, gradient: NDArray, state: Any, indices: Tensor, update: Update) -> None:
    parts: list[tuple[NDArray, Slices, NDArray]] = []

    def taken(array: NDArray) -> NDArray:
        slices = Slices(form_of(array), indices)
        made = NDArray(slices.values, array._ctx)
        parts.append((array, slices, made))
        return made

    update(taken(weight), gradient, _each(taken, state))
    for array, slices, changed in parts:
        put_back(array, slices, changed._data)


def _update_copies(weight: NDArray, gradient: NDArray, state: Any, update: Update) -> None:
    """Update dense copies; arrays that are dense change themselves."""
    parts: list[tuple[BaseSparseNDArray, NDArray]] = []

    def copied(array: NDArray) -> NDArray:
        made = NDArray(to_dense(form_of(array)), array._ctx)
        if isinstance(array, BaseSparseNDArray):
            parts.append((array, made))
        return made

    update(copied(weight), gradient, _each(copied, state))
    for array, changed in parts:
        array._assign_form(changed._data)


def _each(change: Callable[[NDArray], NDArray], state: Any) -> Any:
    if isinstance(state, NDArray):
        return change(state)
    return type(state)([_each(change, part) for part in state]) if isinstance(state, list | tuple) else state
