"""Calling an operator written in Python on arrays of which some are sparse, or become so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor

from ..core.context import Context
from ..core.errors import MXNetError
from ..core.mode import mode
from ..ndarray import NDArray
from ..ndarray.invoke import Result, write_out
from ..ndarray.sparse.arrays import wrapped
from ..ndarray.sparse.base import BaseSparseNDArray, form_of
from ..ndarray.sparse.invoke import store
from .bridge import Owner
from .custom_op import CustomOp, CustomOpProp
from .sparse_run import SparseRun, Value, empty, record, stored
from .storage import ForwardStypes, Storage, Stypes


class Written(Protocol):
    """What is asked of the operator of a `CustomOpProp`."""

    name: str
    prop: CustomOpProp
    arguments: tuple[str, ...]
    owner: Owner
    storage: Storage

    def check_count(self, arrays: Sequence[Any]) -> None:
        """Refuse another number of arrays than the class lists."""

    def results(
        self, shapes: list[list[int]], types: Sequence[torch.dtype]
    ) -> list[tuple[tuple[int, ...], torch.dtype]]:
        """Return the shapes and types of the outputs from those of the inputs."""

    def made(
        self, ctx: Context, shapes: list[list[int]], types: Sequence[torch.dtype]
    ) -> tuple[CustomOp, Callable[[CustomOp], None] | None]:
        """Return a `CustomOp` for one call, and what to call when nothing needs it anymore, if anything."""


def call_on_arrays(operator: Written, arrays: Sequence[NDArray], ctx: Context, out: Any) -> Result:
    """Run an operator on arrays, and return the results, recorded; `out` as for any operator."""
    operator.check_count(arrays)
    count = len(operator.arguments)
    inputs, states = arrays[:count], arrays[count:]
    stypes = _forward_stypes(operator, inputs)
    shapes, types = [list(array.shape) for array in arrays], [array._kind for array in arrays]
    made = operator.results(shapes[:count], types[:count])
    outputs = [empty(stype, shape, kind, ctx.device) for stype, (shape, kind) in zip(stypes.outputs, made, strict=True)]
    taken = [stored(form_of(state), stype) for state, stype in zip(states, stypes.states, strict=True)]
    op, done = operator.made(ctx, shapes, types)
    run = SparseRun(
        operator.owner, op, ctx, list(map(form_of, inputs)), taken, outputs, mode.training, done,
        operator.storage, stypes, _gradient_stypes(inputs),
    )  # fmt: skip
    run.compute()
    for array, state in zip(states, run.states, strict=True):
        store(array, state)
    tapes = record(run, inputs)
    results = [_wrapped(value, ctx, tape) for value, tape in zip(run.results, tapes, strict=True)]
    if out is not None:
        return _put(operator.name, arrays, results, out)
    return results[0] if len(results) == 1 else results


def _forward_stypes(operator: Written, inputs: Sequence[NDArray]) -> ForwardStypes:
    given = tuple([array.stype for array in inputs])
    said = operator.storage.forward(given)
    if said.inputs != given:
        raise MXNetError(
            f"{type(operator.prop).__name__}.infer_storage_type: inputs must be taken as they are stored, "
            f"{list(given)}; received {list(said.inputs)}"
        )
    return said


def _gradient_stypes(inputs: Sequence[NDArray]) -> Stypes:
    """Return how the gradients of inputs are stored, as far as it is known: those of variables."""
    return tuple(["undefined" if array._grad is None else array._grad.stype for array in inputs])


def _wrapped(value: Value, ctx: Context, tape: Tensor | None) -> NDArray:
    if not isinstance(value, Tensor):
        return wrapped(value, ctx, tape)
    return NDArray(value, ctx) if tape is None else NDArray(tape.data, ctx, tape)


def _put(owner: str, inputs: Sequence[NDArray], results: Sequence[NDArray], out: Any) -> Result:
    """Write results into the arrays of `out`, each in its own storage."""
    targets = [out] if isinstance(out, NDArray) else out
    dense = [array._strided() for array in results]
    tensors = [array._data if array._tape is None else array._tape for array in dense]
    if not isinstance(targets, list | tuple) or len(targets) != len(results):
        return write_out(owner, inputs, tensors, out)  # which refuses it
    for target, result, tensor in zip(targets, results, tensors, strict=True):
        if isinstance(target, BaseSparseNDArray) and not tensor.requires_grad and target.shape == result.shape:
            target._refuse_write_while_recording()
            store(target, form_of(result))
        else:
            write_out(owner, inputs, [tensor], target)
    return out  # type: ignore[no-any-return]
