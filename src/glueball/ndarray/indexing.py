"""Reading and writing parts of an array, with MXNet's rules on what is a view and what is a copy.

A basic index (ints, slices, None, ...) whose result lies in one piece of memory is a view; any other result is a copy.
An index that leaves no axis gives shape (1,), since MXNet's classic arrays have no scalars.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..errors import MXNetError
from .ndarray import NDArray


def get_item(array: NDArray, key: Any) -> NDArray:
    """Return ``array[key]``."""
    index = _normalise(array, key)
    if not _is_basic(index):
        return array._view(lambda tensor: _advanced(tensor, index))
    found = array._view(lambda tensor: _basic(tensor, index))
    if found._data.is_contiguous():
        return found
    return found.copy()


def set_item(array: NDArray, key: Any, value: Any) -> None:
    """Do ``array[key] = value``."""
    index = _normalise(array, key)
    whole = index == (slice(None),) or index == ()
    if not (whole and isinstance(value, np.ndarray)):  # MXNet lets x[:] = a NumPy array pass everywhere
        array._refuse_write_while_recording()
    if whole and isinstance(value, NDArray) and value.shape == array.shape:
        array._assign_all(value)
        return
    tensor = _as_tensor(value, array)
    memory = array._memory()
    try:
        if _has_negative_step(index):
            positions = get_item(NDArray(_positions(array._data), array._ctx), key)._data
            memory.view(-1)[positions] = _fit(tensor, positions.shape).to(memory.dtype)
        elif _is_basic(index):
            target = memory[index]
            target.copy_(_fit(tensor, target.shape))
        else:
            memory[index] = tensor.to(memory.dtype)
    except (IndexError, RuntimeError) as error:
        kind = IndexError if isinstance(error, IndexError) else ValueError
        raise kind(
            f"NDArray: a value of shape {tuple(tensor.shape)} must broadcast to the part of {array.shape} it is "
            f"assigned to; received key {key!r}: {str(error).splitlines()[0]}"
        ) from None


def _positions(tensor: Tensor) -> Tensor:
    """The place of each element in memory order."""
    return torch.arange(tensor.numel(), device=tensor.device).view(tensor.shape)


def _fit(tensor: Tensor, shape: torch.Size) -> Tensor:
    """Drop leading axes of length 1 that the target lacks: x[0] = value of shape (1, n)."""
    while tensor.dim() > len(shape) and tensor.shape[0] == 1:
        tensor = tensor[0]
    return tensor


def _normalise(array: NDArray, key: Any) -> tuple[Any, ...]:
    parts = key if isinstance(key, tuple) else (key,)
    index = tuple([_normalise_part(part, key) for part in parts])
    used = 0
    for part in index:
        if part is None or part is Ellipsis:
            continue
        used += part.dim() if isinstance(part, Tensor) and part.dtype is torch.bool else 1
    if used > array.ndim:
        raise IndexError(f"NDArray: at most {array.ndim} indices fit shape {array.shape}; received {used}")
    _check_bounds(array, index, used)
    return index


def _normalise_part(part: Any, key: Any) -> Any:
    if part is None or part is Ellipsis:
        return part
    if isinstance(part, slice):
        return slice(*[None if edge is None else _as_int(edge, key) for edge in (part.start, part.stop, part.step)])
    if isinstance(part, bool | np.bool_):
        return int(part)
    if hasattr(part, "__index__") and not isinstance(part, np.ndarray):
        return part.__index__()
    if isinstance(part, NDArray):
        kind = part._data.dtype
        return part._data if kind in (torch.bool, torch.int64) else part._data.long()
    if isinstance(part, list | np.ndarray):
        values = np.asarray(part)
        if values.dtype.kind == "b":
            # MXNet counts True and False in a list or a NumPy array as 1 and 0
            values = values.astype(np.int64)
        if values.dtype.kind in "iuf":
            return torch.as_tensor(values.astype(np.int64))
    raise ValueError(
        f"NDArray: an index must be made of ints, slices, None, ... and integer arrays; "
        f"received {key!r} of type {type(key).__name__}"
    )


def _as_int(edge: Any, key: Any) -> int:
    if hasattr(edge, "__index__"):
        return edge.__index__()
    raise ValueError(f"NDArray: the edges of a slice must be ints; received {key!r}")


def _check_bounds(array: NDArray, index: tuple[Any, ...], used: int) -> None:
    axis = 0
    for part in index:
        if part is None:
            continue
        if part is Ellipsis:
            axis += array.ndim - used
            continue
        if isinstance(part, int):
            length = array._data.shape[axis]
            if not -length <= part < length:
                raise IndexError(f"NDArray: index {part} is out of bounds for axis {axis} with size {length}")
        if isinstance(part, slice) and part.step == 0:
            raise ValueError("NDArray: the step of a slice must not be 0")
        axis += part.dim() if isinstance(part, Tensor) and part.dtype is torch.bool else 1


def _is_basic(index: tuple[Any, ...]) -> bool:
    return not any(isinstance(part, Tensor) for part in index)


def _basic(tensor: Tensor, index: tuple[Any, ...]) -> Tensor:
    index, flipped = _without_negative_steps(tensor, index)
    found = tensor[index]
    if flipped:
        found = found.flip(flipped)
    return found if found.dim() else found.reshape(1)


def _without_negative_steps(tensor: Tensor, index: tuple[Any, ...]) -> tuple[tuple[Any, ...], list[int]]:
    """torch has no negative steps: take the same elements forwards and name the result's axes to turn around."""
    parts: list[Any] = []
    flipped: list[int] = []
    axis = result_axis = 0
    used = sum(part is not None and part is not Ellipsis for part in index)
    for part in index:
        if part is Ellipsis:
            axis += tensor.dim() - used
            result_axis += tensor.dim() - used
        elif part is None:
            result_axis += 1
        else:
            if isinstance(part, slice):
                if (part.step or 1) < 0:
                    span = range(*part.indices(tensor.shape[axis]))
                    part = slice(span[-1], span[0] + 1, -part.step) if len(span) else slice(0, 0)
                    flipped.append(result_axis)
                result_axis += 1
            axis += 1
        parts.append(part)
    return tuple(parts), flipped


def _advanced(tensor: Tensor, index: tuple[Any, ...]) -> Tensor:
    """Index with integer arrays; slices that run backwards are taken first, since torch has none."""
    index = tuple([part.to(tensor.device) if isinstance(part, Tensor) else part for part in index])
    if _has_negative_step(index):
        backwards = [part if isinstance(part, slice) or part is Ellipsis else slice(None) for part in index if part is not None]
        tensor = _basic(tensor, tuple(backwards))
        index = tuple([slice(None) if isinstance(part, slice) else part for part in index])
    try:
        found = tensor[index]
    except IndexError as error:
        raise IndexError(f"NDArray: {str(error).splitlines()[0]}; the array has shape {tuple(tensor.shape)}") from None
    return found if found.dim() else found.reshape(1)


def _has_negative_step(index: tuple[Any, ...]) -> bool:
    return any(isinstance(part, slice) and (part.step or 1) < 0 for part in index)


def _as_tensor(value: Any, array: NDArray) -> Tensor:
    """The value of an assignment as a tensor on the array's device."""
    if isinstance(value, NDArray):
        return value._data.to(array._data.device)
    if isinstance(value, Tensor):
        return value.detach().to(array._data.device)
    try:
        values = np.asarray(value)
        if values.dtype.kind not in "biuf":
            raise TypeError
        return torch.as_tensor(values).to(array._data.device)
    except (TypeError, ValueError):
        raise TypeError(
            f"NDArray: an assigned value must be a number or an array of numbers; received {type(value).__name__}"
        ) from None


def refuse_empty(shape: tuple[int, ...], owner: str) -> tuple[int, ...]:
    """Check a shape for a new array: MXNet's classic arrays have at least one axis and no empty ones."""
    if not shape or any(length <= 0 for length in shape):
        raise MXNetError(f"{owner}: shape must be one or more positive ints; received {shape}")
    return shape
