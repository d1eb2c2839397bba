"""Reading and writing parts of an array, with MXNet's rules on what is a view and what is a copy.

A basic key (ints, slices, None, ...) whose result is contiguous in memory gives a view; any other key a copy.
A key that drops every axis gives shape (1,), since MXNet's classic arrays have no scalars. Arrays and lists of indices
combine as in NumPy. Differs from MXNet: an NDArray of type bool selects where it is True, as in NumPy, where MXNet
refuses it; and so does the result of a comparison, whose 0s and 1s MXNet takes for positions. A list or NumPy array of
bools counts as 0 and 1, as in MXNet; for arrays of ``mx.np`` it is a mask, and a key that drops every axis gives an
array without axes. None next to arrays of indices inserts its axis where NumPy does; MXNet inserts
it elsewhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.integers import is_int
from ..core.methods import method_of
from ..core.mode import mode
from ..core.writes import writes
from ..ops.tensor.slice import forwards
from .convert import to_tensor
from .ndarray import NDArray

# A key with its ellipsis expanded: None, int, slice or Tensor for each axis from the first.
Index = list[Any]


@method_of(NDArray, "__getitem__")
def get_item(array: NDArray, key: Any) -> NDArray:
    """Return ``array[key]``."""
    index = _parse(array, key)
    if any(isinstance(part, Tensor) for part in index):
        return array._view(lambda tensor: _with_axes(array, _read_advanced(tensor, index)))
    if not index:
        return array
    found = array._view(lambda tensor: _with_axes(array, _read_basic(tensor, index)))
    return found if _is_view(array, index, found) else found.copy()


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
    if isinstance(key, bool):
        raise ValueError(f"NDArray: a bool cannot be an index to write to; received {key}; use x[:] or an int")
    index = _parse(array, key)
    whole = all(isinstance(part, slice) and part == slice(None) for part in index)
    if not (whole and isinstance(value, np.ndarray)):  # MXNet allows x[:] = a NumPy array even while recording
        array._refuse_write_while_recording()
    if whole and isinstance(value, NDArray):
        _assign_whole(array, value)
        return
    if mode.recording and isinstance(value, NDArray) and value._tape is not None:
        raise MXNetError(
            "NDArray: inside autograd.record() a recorded value cannot be assigned to a part of an array, since no "
            f"gradient would flow through it; received key {key!r}; use concat, stack or where, or assign to x[:]"
        )
    tensor = _as_tensor(value, array)
    try:
        _write(array._memory(), index, tensor)
    except RuntimeError:
        raise ValueError(
            "NDArray: a value must broadcast to the part of the array that it is assigned to; received a value of "
            f"shape {tuple(tensor.shape)} and key {key!r} for shape {array.shape}"
        ) from None
    writes.report(array._data)


def _assign_whole(array: NDArray, value: NDArray) -> None:
    if value.shape != array.shape:
        try:
            value = value._view(lambda tensor: _fit(tensor, array._data.shape))
        except RuntimeError:
            raise ValueError(
                f"NDArray: a value must broadcast to the array it is assigned to, {array.shape}; received {value.shape}"
            ) from None
    array._assign_all(value)


def _parse(array: NDArray, key: Any) -> Index:
    """Check a key against the array, turn its arrays into tensors, and expand its ellipsis."""
    if type(key) is int and array._data.dim() and 0 <= key < array._data.shape[0]:
        return [key]  # a fast path for iteration
    parts = [_parse_part(part, key, array._is_np) for part in (key if isinstance(key, tuple) else (key,))]
    used = sum(_count_axes(part) for part in parts)
    if used > array.ndim:
        raise IndexError(f"NDArray: at most {array.ndim} indices fit shape {array.shape}; received {used}")
    gaps = [position for position, part in enumerate(parts) if part is Ellipsis]
    if len(gaps) > 1:
        raise IndexError(f"NDArray: an index may contain one ellipsis; received {key!r}")
    rest = [slice(None)] * (array.ndim - used)
    gap = gaps[0] if gaps else len(parts)
    index = parts[:gap] + rest + parts[gap + 1 :]
    _check_bounds(array, index)
    index = [each for part in index for each in (part.nonzero(as_tuple=True) if _is_mask(part) else (part,))]
    _check_broadcast(index)
    return index


def _is_mask(part: Any) -> bool:
    return isinstance(part, Tensor) and part.dtype is torch.bool


def _count_axes(part: Any) -> int:
    """Return how many axes of the array a part of a key indexes."""
    if part is None or part is Ellipsis:
        return 0
    return part.dim() if _is_mask(part) else 1


def _parse_part(part: Any, key: Any, has_masks: bool) -> Any:
    if part is None or part is Ellipsis:
        return part
    if isinstance(part, slice):
        if part.step is not None and part.step.__index__() == 0:
            raise ValueError("NDArray: the step of a slice must not be 0")
        return slice(*[None if edge is None else _as_int(edge, key) for edge in (part.start, part.stop, part.step)])
    if isinstance(part, NDArray):
        part = part._data != 0 if part._is_mask else part._data
    if isinstance(part, list | tuple | range | np.ndarray):
        part = _as_indices(part, key, has_masks)
    if isinstance(part, Tensor):
        part = part if part.dtype is torch.bool else part.long()
        return part if part.dim() else int(part)
    if is_int(part):
        return part.__index__()
    raise _bad_key(key)


def _as_int(edge: Any, key: Any) -> int:
    if is_int(edge):
        return int(edge.__index__())
    raise TypeError(f"NDArray: the bounds of a slice must be ints; received {key!r}")


def _as_indices(part: Any, key: Any, has_masks: bool) -> Tensor:
    try:
        values = np.asarray(part)
    except ValueError:  # rows of unequal length
        raise _bad_key(key) from None
    if values.dtype.kind not in "biuf":
        raise _bad_key(key)
    return torch.as_tensor(values if has_masks and values.dtype == bool else values.astype(np.int64))


def _bad_key(key: Any) -> ValueError:
    return ValueError(
        "NDArray: an index must be made of ints, slices, None, ... and arrays of numbers; "
        f"received {key!r} of type {type(key).__name__}"
    )


def _check_bounds(array: NDArray, index: Index) -> None:
    axis = 0
    for part in index:
        if isinstance(part, int):
            length = array._data.shape[axis]
            if not -length <= part < length:
                raise IndexError(f"NDArray: index {part} is out of bounds for axis {axis} with size {length}")
        elif _is_mask(part):
            expected = array.shape[axis : axis + part.dim()]
            if tuple(part.shape) != expected:
                raise IndexError(
                    f"NDArray: a boolean mask must have the shape of what it selects from, {expected}; "
                    f"received {tuple(part.shape)}; the result of a comparison is a mask: for positions 0 and 1, "
                    "convert it with astype('int32')"
                )
        elif isinstance(part, Tensor) and part.numel():
            # torch writes the elements before such an index first, and on a GPU it ends the process.
            length = array._data.shape[axis]
            smallest, largest = (int(edge) for edge in torch.aminmax(part))
            if smallest < -length or largest >= length:
                worst = largest if largest >= length else smallest
                raise IndexError(f"NDArray: index {worst} is out of bounds for axis {axis} with size {length}")
        axis += _count_axes(part)


def _check_broadcast(index: Index) -> None:
    shapes = [part.shape for part in index if isinstance(part, Tensor)]
    if len(shapes) > 1:
        try:
            torch.broadcast_shapes(*shapes)
        except RuntimeError:
            seen = ", ".join(str(tuple(shape)) for shape in shapes)
            raise ValueError(f"NDArray: arrays of indices must broadcast; received shapes {seen}") from None


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


def _read_advanced(tensor: Tensor, index: Index) -> Tensor:
    # torch has no slices with a negative step next to arrays, so all slices are taken first.
    sliced = [part if isinstance(part, slice) else slice(None) for part in index if part is not None]
    return _read_basic(tensor, sliced)[_for_torch(index, tensor.device)]


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


def _write(memory: Tensor, index: Index, value: Tensor) -> None:
    if value.numel() > 1 and value.untyped_storage().data_ptr() == memory.untyped_storage().data_ptr():
        value = value.clone()  # x[1:] = x[:-1]
    if not any(isinstance(part, Tensor) for part in index):
        parts, flipped = _forwards(index, memory.shape)
        target = memory[tuple(parts)]
        value = _fit(value, target.shape)
        target.copy_(value.flip(flipped) if flipped else value)
    elif any(isinstance(part, slice) and part != slice(None) for part in index):
        # Find the elements that the key selects, and write there.
        elements = torch.arange(memory.numel(), device=memory.device).view(memory.shape)
        chosen = _read_advanced(elements, index)
        flat = memory.contiguous().view(-1)
        flat[chosen] = _fit(value, chosen.shape).to(memory.dtype)
        if not memory.is_contiguous():
            memory.copy_(flat.view(memory.shape))
    else:
        memory[_for_torch(index, memory.device)] = value.to(memory.dtype)


def _fit(value: Tensor, shape: torch.Size) -> Tensor:
    """Broadcast a value; leading axes of length 1 that the target lacks are dropped: x[0] = value of shape (1, n)."""
    while value.dim() > len(shape) and value.shape[0] == 1:
        value = value[0]
    return value.expand(shape)


def _as_tensor(value: Any, array: NDArray) -> Tensor:
    """Return the value of an assignment as a tensor on the array's device."""
    if isinstance(value, NDArray):
        return value._data.to(array._data.device)
    return to_tensor(value, "NDArray: an assigned value must be a number or an array of numbers").to(array._data.device)
