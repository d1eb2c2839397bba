"""Reading and writing parts of an array, with MXNet's rules on what is a view and what is a copy.

A basic key (ints, slices, None, ...) whose result is contiguous in memory gives a view; any other key a copy; ``x[:]``
and ``x[()]`` are the array itself. A key that drops every axis gives shape (1,), since MXNet's classic arrays have no
scalars; for arrays of ``mx.np`` it gives an array without axes. None next to arrays of indices inserts its axis where
NumPy does; MXNet inserts it elsewhere. `keys` says what a key may consist of.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..core.errors import InvalidTypeError, MXNetError
from ..core.methods import method_of
from ..core.mode import mode
from ..core.writes import writes
from ..ops.tensor.slice import forwards
from .convert import to_tensor
from .keys import Key, is_everything, owner_of, parse
from .ndarray import NDArray

# The parts of a key; see `Key`.
Index = list[Any]


@method_of(NDArray, "__getitem__")
def get_item(array: NDArray, key: Any) -> NDArray:
    """Return ``array[key]``."""
    if is_everything(key) and (array.ndim or key == ()):
        return array
    found_key = parse(array, key)
    if not found_key.is_basic:
        return array._view(lambda tensor: _with_axes(array, _read_advanced(tensor, found_key)), array._ctx.computes_on)
    index = found_key.parts
    if not index:
        return array
    where = array._ctx.computes_on if _turns(index) else array._ctx
    found = array._view(lambda tensor: _with_axes(array, _read_basic(tensor, index)), where)
    return found if _is_view(array, index, found) else found.copyto(array._ctx.computes_on)


def _turns(index: Index) -> bool:
    """Return whether an axis is read backwards, which torch has no view for."""
    return any(isinstance(part, slice) and part.step is not None and part.step < 0 for part in index)


def _with_axes(array: NDArray, found: Tensor) -> Tensor:
    """Give a part of an array without axes one axis, if its kind of array must have one."""
    return found if found.dim() or array._is_np else found.reshape(1)


def _is_view(array: NDArray, index: Index, found: NDArray) -> bool:
    """Return whether the result is contiguous in MXNet's layout, which is row-major."""
    if array._data.is_contiguous():
        return found._data.is_contiguous()
    return _read_basic(torch.empty(array.shape, device="meta"), index).is_contiguous()


@method_of(NDArray, "__setitem__")
def set_item(array: NDArray, key: Any, value: Any) -> None:
    """Do ``array[key] = value``."""
    if isinstance(key, bool) and not array._is_np:
        raise ValueError(f"NDArray: a bool cannot be an index to write to; received {key}; use x[:] or an int")
    if array._is_np and isinstance(value, NDArray) and not value._is_np:
        raise InvalidTypeError(
            "np.ndarray: an assigned value must not be an NDArray of mx.nd; received one; use as_np_ndarray()"
        )
    parsed = parse(array, key)
    if not (parsed.is_whole and isinstance(value, np.ndarray)):  # MXNet allows x[:] = a NumPy array while recording
        array._refuse_write_while_recording()
    if parsed.is_whole and isinstance(value, NDArray):
        _assign_whole(array, value)
        return
    if mode.recording and isinstance(value, NDArray) and value._tape is not None:
        raise MXNetError(
            f"{owner_of(array)}: inside autograd.record() a recorded value cannot be assigned to a part of an array, "
            f"since no gradient would flow through it; received key {key!r}; use concat, stack or where, or assign to "
            "x[:]"
        )
    tensor = _as_tensor(value, array)
    try:
        _write(array._memory(), parsed, tensor)
    except RuntimeError:
        raise ValueError(
            f"{owner_of(array)}: a value must broadcast to the part of the array that it is assigned to; received a "
            f"value of shape {tuple(tensor.shape)} and key {key!r} for shape {array.shape}"
        ) from None
    writes.report(array._data)


def _assign_whole(array: NDArray, value: NDArray) -> None:
    if value.shape != array.shape:
        try:
            value = value._view(lambda tensor: _fit(tensor, array._data.shape))
        except RuntimeError:
            raise ValueError(
                f"{owner_of(array)}: a value must broadcast to the array it is assigned to, {array.shape}; "
                f"received {value.shape}"
            ) from None
    array._assign_all(value)


def _forwards(index: Index, shape: torch.Size) -> tuple[Index, list[int]]:
    """Return a basic index without negative steps, and the axes of its result that must be flipped."""
    parts: Index = []
    flipped: list[int] = []
    axis = result_axis = 0
    for part in index:
        if isinstance(part, slice):
            part, backwards = forwards(part, shape[axis])
            if backwards:
                flipped.append(result_axis)
        axis += part is not None
        result_axis += not isinstance(part, int)
        parts.append(part)
    return parts, flipped


def _read_basic(tensor: Tensor, index: Index) -> Tensor:
    parts, flipped = _forwards(index, tensor.shape)
    found = tensor[tuple(parts)]
    if flipped:
        found = found.flip(flipped)
    return found


def _read_advanced(tensor: Tensor, key: Key) -> Tensor:
    # torch has no slices with a negative step next to arrays, so all slices are taken first.
    sliced = [part if isinstance(part, slice) else slice(None) for part in key.parts if part is not None]
    return _read_basic(key.open(tensor), sliced)[_for_torch(key.parts, tensor.device)]


def _for_torch(index: Index, device: torch.device) -> tuple[Any, ...]:
    """Return an advanced index in torch's terms.

    NumPy treats an int next to arrays as an array, which determines where the axes of arrays end up; torch does not.
    """
    parts: Index = []
    for part in index:
        if isinstance(part, int):
            part = torch.tensor([part])
        if isinstance(part, Tensor):
            part = part.to(device)
        parts.append(slice(None) if isinstance(part, slice) else part)
    return tuple(parts)


def _write(memory: Tensor, key: Key, value: Tensor) -> None:
    index = key.parts
    if value.numel() > 1 and value.untyped_storage().data_ptr() == memory.untyped_storage().data_ptr():
        value = value.clone()  # x[1:] = x[:-1]
    if key.is_basic:
        parts, flipped = _forwards(index, memory.shape)
        target = memory[tuple(parts)]
        value = _fit(value, target.shape)
        target.copy_(value.flip(flipped) if flipped else value)
    elif any(isinstance(part, slice) and part != slice(None) for part in index):
        # Find the elements that the key selects, and write there.
        elements = torch.arange(memory.numel(), device=memory.device).view(memory.shape)
        chosen = _read_advanced(elements, key)
        flat = memory.contiguous().view(-1)
        flat[chosen] = _fit(value, chosen.shape).to(memory.dtype)
        if not memory.is_contiguous():
            memory.copy_(flat.view(memory.shape))
    else:
        opened = key.open(memory)
        opened[_for_torch(index, memory.device)] = value.to(memory.dtype)


def _fit(value: Tensor, shape: torch.Size) -> Tensor:
    """Broadcast a value; leading axes of length 1 that the target lacks are dropped: x[0] = value of shape (1, n)."""
    while value.dim() > len(shape) and value.shape[0] == 1:
        value = value[0]
    return value.expand(shape)


def _as_tensor(value: Any, array: NDArray) -> Tensor:
    """Return the value of an assignment as a tensor on the array's device."""
    if isinstance(value, NDArray):
        return value._data.to(array._data.device)
    rule = f"{owner_of(array)}: an assigned value must be a number or an array of numbers"
    return to_tensor(value, rule, array._data.dtype).to(array._data.device)
