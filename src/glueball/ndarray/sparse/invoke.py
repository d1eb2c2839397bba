"""Running an operator where an array is sparse: by the rule of its declaration, or with dense copies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from ...core.context import Context, current_context
from ...core.sparse_forms import Form, to_dense
from ...core.storage import SparseStorage
from ...ops.operator import Applied
from ...ops.sparse.rule import DENSE, Call, Changed, Sparse, SparseByArrays
from ..invoke import Result, by_storage, invoke, write_out
from ..ndarray import NDArray
from .arrays import put_back, wrapped
from .base import BaseSparseNDArray, form_of
from .fallback import warn_of_fallback
from .tape import recorded


def invoke_by_storage(
    error: SparseStorage, applied: Applied, inputs: Sequence[NDArray | None], out: Any, ctx: Context | None
) -> Result:
    """Run an operator that dense code has refused with `error`."""
    rule = applied.operator.sparse
    arrays = [array for array in inputs if isinstance(array, NDArray)]
    ctx = ctx or (arrays[0]._ctx.computes_on if arrays else current_context())
    if isinstance(rule, SparseByArrays):
        return rule.call(arrays, ctx, out)  # type: ignore[no-any-return]
    some_sparse = any(isinstance(array, BaseSparseNDArray) for array in arrays)
    if not some_sparse and not (rule is not None and rule.makes is not None and rule.makes(applied.attributes)):
        raise error
    if rule is None or len(arrays) < len([one for one in inputs if one is not None]):
        return _with_dense(applied, inputs, out, ctx, say=True)
    call = Call([None if array is None else form_of(array) for array in inputs], applied.attributes, applied.function)
    found = rule.compute(call)
    if found is None or found is DENSE:
        return _with_dense(applied, inputs, out, ctx, say=found is None)
    if type(found) is tuple:
        outputs, states = found[: -len(applied.state_positions)], found[-len(applied.state_positions) :]
        for position, state in zip(applied.state_positions, states, strict=True):
            store(inputs[position], state)
        found = outputs[0]
    return _result(found, call, rule, inputs, out, ctx, applied.operator.name)


def _result(
    found: Form | Tensor, call: Call, rule: Sparse, inputs: Sequence[NDArray | None], out: Any, ctx: Context, owner: str
) -> Result:
    target = out[0] if isinstance(out, list | tuple) else out
    if isinstance(found, Changed):
        if target is inputs[0]:
            target._refuse_write_while_recording()
            store(target, found)
            return out
        found = found.slices.replaced(found.values)
    tape = recorded(found, call, rule, inputs)
    if out is not None:
        if isinstance(target, BaseSparseNDArray) and tape is None:
            target._refuse_write_while_recording()
            target._assign_form(found)
            return out  # type: ignore[no-any-return]
        dense = to_dense(found) if tape is None or not isinstance(found, Tensor) else tape
        return write_out(owner, inputs, (dense,), out)
    if isinstance(found, Tensor):
        return NDArray(found if tape is None else tape.data, ctx, tape)
    return wrapped(found, ctx, tape)


def store(array: NDArray | None, new: Any) -> None:
    """Give an array new values, in any form, in its own."""
    assert array is not None
    if isinstance(new, Changed):
        put_back(array, new.slices, new.values)
    elif isinstance(array, BaseSparseNDArray):
        array._assign_form(new)
    else:
        array._write(to_dense(new))


def _with_dense(applied: Applied, inputs: Sequence[Any], out: Any, ctx: Context, say: bool) -> Result:
    """Compute with dense copies; states that are sparse get the new values."""
    if say:
        stypes = [array.stype for array in inputs if isinstance(array, NDArray)]
        warn_of_fallback(applied.operator.name, stypes)
    dense = [array._strided() if isinstance(array, NDArray) else array for array in inputs]
    result = invoke(applied.operator, dense, tuple(applied.attributes.values()), out, ctx)
    for position in applied.state_positions:
        if inputs[position] is not dense[position]:
            store(inputs[position], dense[position]._data)
    return result


by_storage.append(invoke_by_storage)
