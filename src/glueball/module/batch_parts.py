"""The parts of a batch that contexts get: copying them into bound arrays, and putting results together again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..core.context import Context
from ..core.errors import MXNetError, RefusedError
from ..ndarray import NDArray


def part_of(values: Tensor, axis: int, part: slice) -> Tensor:
    """Return the samples of a context; without a batch axis (a negative one), everything."""
    return values if axis < 0 else values.narrow(axis, part.start, part.stop - part.start)


def copy_into(target: NDArray, values: Tensor) -> None:
    """Write values into a bound array; a label may come with another number of axes than it was bound with."""
    if values.numel() != target._data.numel():
        raise MXNetError(
            f"Module.forward: an array must have the shape it was bound with, {target.shape}; received "
            f"{tuple(values.shape)}"
        )
    target._data.copy_(values.reshape(target._data.shape))


def _fill(target: NDArray, source: NDArray, axis: int = -1, part: slice = slice(None)) -> None:
    """Write the part of a context into a bound array; one of them may be sparse."""
    if source.stype == "default" and target.stype == "default":
        copy_into(target, part_of(source._data, axis, part))
    elif axis < 0 or part.stop - part.start == source.shape[axis]:
        target._overwrite(source)
    elif axis == 0 and source.stype != "row_sparse":
        target._overwrite(source[part])
    else:
        target._overwrite(NDArray(part_of(source._strided()._data, axis, part), source._ctx))


def _load_general(data: Sequence[Any], targets: Sequence[Any], major_axis: Sequence[int]) -> None:
    """Copy arrays into others.

    Parameters
    ----------
    data : list of NDArray, or of lists of them
        The arrays; for one that is in parts already, the list of its parts.
    targets : list of NDArray, or of lists
        For each, an array of the same shape; or a list of pairs of a slice and the array for that part of the batch;
        or, for parts, a list of arrays.
    major_axis : list of int
        For each, the axis of the batch; a negative one for an array that is not divided.
    """
    for source, target, axis in zip(data, targets, major_axis, strict=False):
        if isinstance(target, NDArray):
            _fill(target, source)
        elif isinstance(source, list | tuple):
            for part, into in zip(source, target, strict=False):
                _fill(into, part)
        else:
            for part, into in target:
                _fill(into, source, axis, part)


def _load_data(batch: Any, targets: Sequence[Any], major_axis: Sequence[int]) -> None:
    """Copy the inputs of a batch into bound arrays."""
    _load_general(batch.data, targets, major_axis)


def _load_label(batch: Any, targets: Sequence[Any], major_axis: Sequence[int]) -> None:
    """Copy the labels of a batch into bound arrays."""
    _load_general(batch.label, targets, major_axis)


def _merge_multi_context(outputs: Sequence[Sequence[NDArray]], major_axis: Sequence[int]) -> list[NDArray]:
    """Concatenate the parts of each output, on the first context; without a batch axis, return the first part."""
    merged = []
    for parts, axis in zip(outputs, major_axis, strict=False):
        first = parts[0]
        if len(parts) > 1 and axis >= 0:
            values = torch.cat([part._data.to(first._data.device) for part in parts], axis)
            first = NDArray(values, first._ctx)
        merged.append(first)
    return merged


def _prepare_group2ctxs(group2ctxs: Any, ctx_len: int) -> list[dict[str, Context] | None]:
    """Return, for each of several contexts, where its groups of nodes go.

    Parameters
    ----------
    group2ctxs : dict, list of dict, or None
        For each group, a context or a list of one context for each; or a dict for each context.
    ctx_len : int
        The number of contexts.
    """
    if group2ctxs is None:
        return [None] * ctx_len
    if isinstance(group2ctxs, list) and len(group2ctxs) == ctx_len:
        return group2ctxs
    if not isinstance(group2ctxs, dict):
        raise RefusedError(
            f"group2ctxs: it must be a dict, or a list of one for each of the {ctx_len} contexts; "
            f"received {group2ctxs!r}"
        )
    found: list[dict[str, Context] | None] = [{} for _ in range(ctx_len)]
    for group, given in group2ctxs.items():
        contexts = [given] if isinstance(given, Context) else list(given)
        if len(contexts) not in (1, ctx_len):
            raise RefusedError(
                f"group2ctxs: the group {group!r} must have one context, or {ctx_len}; received {contexts}"
            )
        for number, where in enumerate(found):
            assert where is not None
            where[group] = contexts[number if len(contexts) > 1 else 0]
    return found
