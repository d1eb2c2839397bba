"""The rule of an optimizer's step whose gradient has row_sparse storage: only the rows of the gradient change."""

from __future__ import annotations

from typing import Any

from ...core.sparse_forms import Rows
from .rule import Call, Changed, Sparse
from .slices import Slices


def _step(call: Call) -> Any:
    weight, gradient, *states = call.inputs
    wanted = call.attributes.get("lazy_update", True)
    if not wanted or not isinstance(gradient, Rows) or any("csr" in stype for stype in call.stypes) or weight is None:
        return None
    parts = [Slices(array, gradient.indices) for array in (weight, *states) if array is not None]
    found = call.function(parts[0].values, gradient.values, *[part.values for part in parts[1:]])
    results = found if isinstance(found, tuple) else (found,)
    made = tuple([Changed(part, new) for part, new in zip(parts, results, strict=True)])
    return made if states else made[0]


def _step_of_rows(call: Call) -> Any:
    return _step(call) if isinstance(call.inputs[0], Rows) else None


#: The step changes the rows of the gradient alone; or so it does for weights that are row_sparse, too.
BY_ROW, BY_ROW_OF_ROWS = Sparse(_step), Sparse(_step_of_rows)
