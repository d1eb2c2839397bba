"""Running a bound graph where arrays are sparse: operator by operator, on arrays."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from ..core.context import Context
from ..core.errors import MXNetError
from ..core.mode import mode
from ..graph.by_call import run_by_call
from ..graph.program import Program
from ..ndarray.ndarray import NDArray
from ..ndarray.sparse.arrays import wrapped
from ..ndarray.sparse.base import BaseSparseNDArray
from ..ndarray.sparse.tape import edge_of
from .arrays import leaf


def run_on_arrays(
    program: Program, arrays: Sequence[NDArray], ctx: Context, is_train: bool, recording: bool = False
) -> list[NDArray]:
    """Compute a graph from the arrays of its variables."""
    if program.watch is not None:
        raise MXNetError("Executor: a monitor cannot watch a graph with sparse arrays; remove it, or bind dense arrays")
    before = mode.recording, mode.training
    mode.recording, mode.training = recording, is_train
    try:
        found: list[NDArray] = run_by_call(program.heads, program.variables, arrays, ctx)
        return found
    finally:
        mode.recording, mode.training = before


def record_on_arrays(
    program: Program, args: Sequence[NDArray], grads: Sequence[NDArray | None], states: Sequence[NDArray],
    ctx: Context, is_train: bool,
) -> tuple[list[Tensor], list[NDArray]]:  # fmt: skip
    """Compute a graph, recorded; return a leaf for each argument, and the results."""
    leaves = [array.detach() if grad is None else _with_leaf(array) for array, grad in zip(args, grads, strict=True)]
    results = run_on_arrays(program, [*leaves, *states], ctx, is_train, recording=True)
    return [tape_of(leaf) for leaf in leaves], results


def _with_leaf(array: NDArray) -> NDArray:
    if isinstance(array, BaseSparseNDArray):
        edge = array._form.values.new_zeros(()).expand(array.shape).requires_grad_()
        return wrapped(array._form, array._ctx, edge)
    return NDArray(array._data, array._ctx, leaf(array._data))


def tape_of(array: NDArray) -> Tensor:
    """Return the tensor that torch differentiates for an array: its recorded one, or one that has no gradient."""
    if isinstance(array, BaseSparseNDArray):
        edge = edge_of(array)
        return array._form.values.new_zeros(()).expand(array.shape) if edge is None else edge
    return array._data if array._tape is None else array._tape
