"""``mx.executor_manager``: dividing a batch over contexts, as programs do that bind executors themselves."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from .core.errors import MXNetError
from .executor.arrays import refuse_duplicates
from .ndarray import NDArray

__all__: list[str] = []

_INSTEAD = {
    "DataParallelExecutorGroup": "use mx.mod.Module, or mx.module.executor_group.DataParallelExecutorGroup",
    "DataParallelExecutorManager": "use mx.mod.Module, which splits a batch over several contexts itself",
}


def _split_input_slice(batch_size: int, work_load_list: Sequence[float]) -> list[slice]:
    """Return the samples of each context, in proportion to its workload, rounded; the last context gets the rest.

    Parameters
    ----------
    batch_size : int
        The number of samples.
    work_load_list : list of float
        The workload of each context.

    Raises
    ------
    ValueError
        A context would get no samples.
    IndexError
        There is no context.

    Examples
    --------
    >>> from glueball.executor_manager import _split_input_slice
    >>> _split_input_slice(7, [1, 2])
    [slice(0, 2, None), slice(2, 7, None)]
    """
    if not len(work_load_list):
        raise IndexError("work_load_list must have a number for each context; received none")
    total = sum(work_load_list)
    if not total > 0:
        raise ValueError(f"work_load_list must be numbers with a positive sum; received {list(work_load_list)}")
    ends = [0]
    for work in work_load_list[:-1]:
        ends.append(min(batch_size, ends[-1] + round(batch_size * work / total)))
    ends.append(batch_size)
    slices = [slice(start, stop) for start, stop in itertools.pairwise(ends)]
    if any(part.start >= part.stop for part in slices):
        raise ValueError(
            f"Module: each context must get a sample of each batch; {batch_size} samples are split into "
            f"{[part.stop - part.start for part in slices]}; use fewer contexts, or larger batches"
        )
    return slices


def _check_arguments(symbol: Any) -> None:
    """Refuse a graph with two arguments, or two auxiliary states, of one name.

    Raises
    ------
    ValueError
        A name is there twice.
    """
    refuse_duplicates("arguments", symbol.list_arguments())
    refuse_duplicates("auxiliary states", symbol.list_auxiliary_states())


def _load_general(data: Sequence[NDArray], targets: Sequence[Any]) -> None:
    """Copy arrays into others.

    Parameters
    ----------
    data : list of NDArray
        The arrays.
    targets : list of NDArray, or of lists of (slice, NDArray)
        For each, an array of the same shape, or arrays for parts of it along the first axis.
    """
    for source, target in zip(data, targets, strict=False):
        parts = [(slice(None), target)] if isinstance(target, NDArray) else target
        for part, into in parts:
            values = source._data[part]
            if values.shape != into._data.shape:
                raise MXNetError(
                    f"executor_manager: an array must have the shape it is copied to, {into.shape}; received "
                    f"{tuple(values.shape)}"
                )
            into._data.copy_(values)


def _load_data(batch: Any, targets: Sequence[Any]) -> None:
    """Copy the inputs of a batch; see `_load_general`."""
    _load_general(batch.data, targets)


def _load_label(batch: Any, targets: Sequence[Any]) -> None:
    """Copy the labels of a batch; see `_load_general`."""
    _load_general(batch.label, targets)
