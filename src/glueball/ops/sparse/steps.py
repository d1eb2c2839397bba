"""The rule of an optimizer's step whose gradient has row_sparse storage: only the rows of the gradient change."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from ...core.sparse_forms import Form, Rows
from .rule import Call, Sparse


def rows_of(array: Form | Tensor, indices: Tensor) -> Tensor:
    """Return some slices of an array that is dense or row_sparse, in memory of their own."""
    if isinstance(array, Tensor):
        return array.index_select(0, indices)
    assert isinstance(array, Rows)
    return array.at(indices)


def with_rows(array: Form | Tensor, indices: Tensor, values: Tensor) -> Form | Tensor:
    """Return the array with other slices at some places; a dense one is written to."""
    if isinstance(array, Tensor):
        return array.index_copy_(0, indices, values)
    assert isinstance(array, Rows)
    return array.updated(indices, values)


def _step(call: Call) -> Any:
    weight, gradient, *states = call.inputs
    wanted = call.attributes.get("lazy_update", True)
    if not wanted or not isinstance(gradient, Rows) or any("csr" in stype for stype in call.stypes) or weight is None:
        return None
    indices = gradient.indices
    found = call.function(
        rows_of(weight, indices), gradient.values, *[rows_of(state, indices) for state in states if state is not None]
    )
    results = found if isinstance(found, tuple) else (found,)
    olds = [old.clone() if isinstance(old, Tensor) else Rows(old.values.clone(), old.indices, old.shape)  # type: ignore[union-attr]
            for old in (weight, *states)]  # fmt: skip
    made = tuple([with_rows(old, indices, new) for old, new in zip(olds, results, strict=True)])
    return made if states else made[0]


def _step_of_rows(call: Call) -> Any:
    return _step(call) if isinstance(call.inputs[0], Rows) else None


#: The step changes the rows of the gradient alone; or so it does for weights that are row_sparse, too.
BY_ROW, BY_ROW_OF_ROWS = Sparse(_step), Sparse(_step_of_rows)
