"""Running one operator on arrays: the path that every imperative call takes.

It is kept short because every call pays for it: attributes that were read before come from a dict, an unrecorded call
never touches torch's autograd, and inputs are checked only after a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ..core.context import Context, current_context
from ..core.dtype import TORCH_TO_NAME, name_of
from ..core.errors import OPERATOR_FAILURES, MXNetError, RefusedError
from ..core.freed_graphs import passes
from ..core.mode import mode
from ..core.observers import observers
from ..core.rng import generator
from ..core.storage import SparseStorage
from ..core.strangers import raised_elsewhere
from ..core.waiting import Waiting
from ..ops.averages import Average, change_in_backward
from ..ops.explain import explain, input_names
from ..ops.operator import Applied, Operator, update_state
from .faces import numpy_face
from .ndarray import NDArray
from .origins import remember
from .pending import later

Result = NDArray | list[NDArray]

#: What runs an operator where an array is sparse: `sparse/` puts it here, which knows such arrays.
by_storage: list[Callable[..., Result]] = []


def invoke(
    operator: Operator,
    inputs: Sequence[NDArray | None],
    values: tuple[Any, ...] = (),
    out: NDArray | Sequence[NDArray] | None = None,
    ctx: Context | None = None,
) -> Result:
    """Run an operator and wrap what it returns.

    Parameters
    ----------
    operator : Operator
        The declared operator.
    inputs : sequence of NDArray or None
        The input arrays in order; None omits an optional input.
    values : tuple
        The attribute values in declaration order, Null where not given.
    out : NDArray or sequence of NDArray, optional
        Arrays to write the results into; they are then returned.
    ctx : Context, optional
        Where an operator without inputs creates its result; by default the context of the first input, or the current.
    """
    try:
        applied = operator.remembered[values]
    except (KeyError, TypeError):
        applied = operator.applied(values)
    recording = mode.recording
    tensors: list[Tensor | None] = []
    try:
        for array in inputs:  # before Python 3.12 a comprehension would be one more function call
            if array is None:
                tensors.append(None)
            elif recording and array._tape is not None:
                tensors.append(array._tape if array._passes == passes.count else array._source())
            else:
                tensors.append(array._data)
        first = inputs[0] if inputs else None
        if first is None:
            first = _first_given(inputs)
        face = _made_of_nothing(operator) if first is None else first._face
        if ctx is None:
            ctx = current_context() if first is None else first._ctx.computes_on
        surroundings = _surroundings(operator, ctx) if operator.supplied else {}
        function = observers[0].operator(operator.name, applied.function) if observers else applied.function
        if recording and not torch.is_grad_enabled():
            with torch.enable_grad():
                result = function(*tensors, **surroundings)
        else:
            result = function(*tensors, **surroundings)
        if out is None and type(result) is not tuple:
            if not (recording or operator.may_alias):
                return face(result, ctx)
            array = wrap(result, ctx, operator.may_alias, face)
            if array._tape is not None:
                remember(applied, tensors, (array._tape,))
            return array
        outputs, states = applied.split(result)
        if out is None and operator.may_alias:
            outputs = tuple(map(_own, outputs))
    except OPERATOR_FAILURES as error:
        if isinstance(error, Waiting) and out is None:
            return _invoke_later(error, applied, inputs, ctx)
        if isinstance(error, SparseStorage):
            return by_storage[0](error, applied, inputs, out, ctx)
        unrelated = raised_elsewhere(error)
        if unrelated is not None:
            raise unrelated from unrelated.__cause__
        if isinstance(error, MXNetError):
            raise
        raise _explain(applied, inputs, error) from error
    if states:
        _update_states(applied, inputs, outputs, states)
    if out is not None:
        return write_out(operator.name, inputs, outputs, out)
    arrays = [wrap(output, ctx, False, face) for output in outputs]
    if recording:
        remember(applied, tensors, [array._tape for array in arrays])
    return arrays[0] if len(arrays) == 1 else arrays


def _invoke_later(error: Waiting, applied: Applied, inputs: Sequence[NDArray | None], ctx: Context | None) -> Result:
    """Return arrays whose values come when those exist that the call, or an input of it, waits for."""
    operator, first = applied.operator, _first_given(inputs)
    face = _made_of_nothing(operator) if first is None else first._face
    if ctx is None:
        ctx = current_context() if first is None else first._ctx.computes_on

    def call(found: Any) -> Result:
        if isinstance(found, NDArray):  # an input
            return invoke_applied(applied, inputs, ctx)
        outputs, states = applied.split(found)
        _update_states(applied, inputs, outputs, states)
        arrays = [wrap(output, ctx, face=face) for output in outputs]
        return arrays[0] if len(arrays) == 1 else arrays

    surroundings = _surroundings(operator, ctx) if operator.supplied else {}
    return later(error, applied.function, inputs, surroundings, ctx, applied.output_count, call, face)


def _update_states(
    applied: Applied, inputs: Sequence[NDArray | None], outputs: Sequence[Tensor], states: Sequence[Tensor]
) -> None:
    arrays: list[Any] = [inputs[position] for position in applied.state_positions]
    pairs = [(array._data, state) for array, state in zip(arrays, states, strict=True)]
    if pairs and applied.operator.states_of_training:
        momentum = applied.attributes["momentum"]
        change_in_backward([Average(state, new, momentum) for state, new in pairs], outputs)
        return
    for state, new in pairs:
        update_state(state, new)


def invoke_applied(applied: Applied, inputs: Sequence[NDArray | None], ctx: Context) -> Result:
    """Run an operator whose attributes have been read."""
    values = tuple(applied.attributes.values())
    return invoke(applied.operator, inputs, values, ctx=ctx)


def wrap(tensor: Tensor, ctx: Context, may_alias: bool = False, face: type[NDArray] = NDArray) -> NDArray:
    """Make an array of a result, recorded if torch has recorded it, and copied if it may share memory."""
    if may_alias:
        tensor = _own(tensor)
    if tensor.requires_grad:
        return face(tensor.data, ctx, tensor)
    return face(tensor, ctx)


def _first_given(inputs: Sequence[NDArray | None]) -> NDArray | None:
    return next((array for array in inputs if array is not None), None)


def _made_of_nothing(operator: Operator) -> type[NDArray]:
    """Return the class of what an operator makes without inputs."""
    return numpy_face[0] if operator.is_np else NDArray


def _own(tensor: Tensor) -> Tensor:
    """Copy, because an imperative result owns its memory: writing to it must not change the input."""
    if tensor.requires_grad and not torch.is_grad_enabled():
        with torch.enable_grad():
            return tensor.clone(memory_format=torch.contiguous_format)
    return tensor.clone(memory_format=torch.contiguous_format)


def _surroundings(operator: Operator, ctx: Context) -> dict[str, Any]:
    supplied: dict[str, Any] = {}
    for name, kind in operator.supplied:
        if kind == "training":
            supplied[name] = mode.training
        elif kind == "rng":
            supplied[name] = generator(ctx)
        else:
            supplied[name] = ctx.device
    return supplied


def write_out(
    owner: str,
    inputs: Sequence[NDArray | None],
    outputs: Sequence[Tensor],
    out: NDArray | Sequence[NDArray],
) -> Result:
    """Write outputs into the arrays that a call was given for them; `owner` is whose call it is, for messages."""
    targets = [out] if isinstance(out, NDArray) else list(out) if isinstance(out, Sequence) else []
    if len(outputs) != len(targets) or not all(isinstance(target, NDArray) for target in targets):
        raise MXNetError(f"{owner}: out must be {len(outputs)} NDArray{'s' * (len(outputs) > 1)}; received {out!r}")
    for tensor, target in zip(outputs, targets, strict=True):
        target._refuse_write_while_recording(*(inputs if tensor.requires_grad else ()))
        if target.shape != tensor.shape:
            raise MXNetError(
                f"{owner}: out must have the shape of the result, {tuple(tensor.shape)}; received {target.shape}"
            )
        if target._kind is not tensor.dtype:
            expected, received = TORCH_TO_NAME[tensor.dtype], name_of(target.dtype)
            raise MXNetError(f"{owner}: out must have the type of the result, {expected}; received {received}")
        target._write(tensor)
    return out if isinstance(out, NDArray) else targets


def _explain(applied: Applied, inputs: Sequence[Any], error: Exception) -> MXNetError:
    """Explain the failure by the inputs, or else by torch's error."""
    operator = applied.operator
    for name, array in zip(input_names(operator, len(inputs)), inputs, strict=True):
        if array is None and name not in operator.optional:
            return MXNetError(f"{operator.name}: {name} must be given; received nothing; pass an NDArray")
        if array is not None and not isinstance(array, NDArray):
            return RefusedError(
                f"{operator.name}: {name} must be an NDArray; received {type(array).__name__}; "
                f"convert it with mx.nd.array(...)"
            )
    contexts = {array._ctx for array in inputs if array is not None}
    if len({context.device for context in contexts}) > 1:
        return MXNetError(
            f"{operator.name}: all inputs must be on one device; received {', '.join(map(str, contexts))}; "
            f"move them with as_in_context(...)"
        )
    return explain(applied, [None if array is None else array._data for array in inputs], error)
