"""What stands between the brackets of ``x[...]``: checked, its ellipsis expanded, its arrays turned into tensors.

Arrays and lists of indices combine as in NumPy. An NDArray of type bool is a mask, as in NumPy, where MXNet's classic
arrays refuse it; and so is the result of a comparison, whose 0s and 1s MXNet takes for positions. A list or NumPy array
of bools counts as 0 and 1 for them, as in MXNet. For arrays of ``mx.np`` it is a mask, and a single bool is a mask
without axes: it selects from an axis of length 1 that it opens.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from ..core.integers import is_int
from .ndarray import NDArray


class Key(NamedTuple):
    """A key for an array of certain lengths.

    Attributes
    ----------
    parts : list of None, int, slice or Tensor
        One for each axis of the array, and None where the result has a new axis. Tensors are positions.
    opened : list of int
        The axes of length 1 that the array must be given before, in this order.
    """

    parts: list[Any]
    opened: list[int]

    @property
    def is_basic(self) -> bool:
        """Whether it contains no arrays."""
        return not any(isinstance(part, Tensor) for part in self.parts)

    @property
    def is_whole(self) -> bool:
        """Whether it selects the whole array as it is."""
        return all(isinstance(part, slice) and part == slice(None) for part in self.parts)

    def open(self, tensor: Tensor) -> Tensor:
        """Return a tensor of the array with the axes that the key selects from."""
        for axis in self.opened:
            tensor = tensor.unsqueeze(axis)
        return tensor


def owner_of(array: NDArray) -> str:
    """Return the name of an array's class in messages."""
    return "np.ndarray" if array._is_np else "NDArray"


def is_everything(key: Any) -> bool:
    """Whether a key is one with which MXNet returns the array itself."""
    if type(key) is slice:
        return key.start is None and key.stop is None and (key.step is None or key.step == 1)
    return type(key) is tuple and not key


def parse(array: NDArray, key: Any) -> Key:
    """Check a key against the array."""
    if type(key) is int and array._data.dim() and 0 <= key < array._data.shape[0]:
        return Key([key], [])  # a fast path for iteration
    if not (array._data.dim() or array._is_np) and is_everything(key):
        key = ()  # MXNet's classic arrays without axes have everything behind x[:]
    parts = [_parse_part(part, key, array) for part in (key if isinstance(key, tuple) else (key,))]
    used = sum(_count_axes(part) for part in parts)
    if used > array.ndim:
        raise IndexError(f"{owner_of(array)}: at most {array.ndim} indices fit shape {array.shape}; received {used}")
    gaps = [position for position, part in enumerate(parts) if part is Ellipsis]
    if len(gaps) > 1:
        raise IndexError(f"{owner_of(array)}: an index may contain one ellipsis; received {key!r}")
    rest = [slice(None)] * (array.ndim - used)
    gap = gaps[0] if gaps else len(parts)
    parts = parts[:gap] + rest + parts[gap + 1 :]
    _check_bounds(array, parts)
    found = _positions(parts)
    _check_broadcast(array, found.parts)
    return found


def _positions(parts: list[Any]) -> Key:
    """Replace masks by the positions that they select."""
    found = Key([], [])
    for part in parts:
        if not _is_mask(part):
            found.parts.append(part)
        elif part.dim():
            found.parts.extend(part.nonzero(as_tuple=True))
        else:
            found.opened.append(sum(each is not None for each in found.parts))
            found.parts.append(part.new_zeros((int(part),), dtype=torch.long))
    return found


def _is_mask(part: Any) -> bool:
    return isinstance(part, Tensor) and part.dtype is torch.bool


def _count_axes(part: Any) -> int:
    """Return how many axes of the array a part of a key indexes."""
    if part is None or part is Ellipsis:
        return 0
    return part.dim() if _is_mask(part) else 1


def _parse_part(part: Any, key: Any, array: NDArray) -> Any:
    if part is None or part is Ellipsis:
        return part
    if isinstance(part, slice):
        if part.step is not None and part.step.__index__() == 0:
            raise ValueError(f"{owner_of(array)}: the step of a slice must not be 0")
        edges = (part.start, part.stop, part.step)
        return slice(*[None if edge is None else _as_int(edge, key, array) for edge in edges])
    if isinstance(part, NDArray):
        part = part._data != 0 if part._is_mask else part._data
    if isinstance(part, list | tuple | range | np.ndarray) or (array._is_np and isinstance(part, bool | np.bool_)):
        part = _as_indices(part, key, array)
    if isinstance(part, Tensor):
        if part.dtype is torch.bool and (part.dim() or array._is_np):
            return part
        return part.long() if part.dim() else int(part)
    if is_int(part):
        return part.__index__()
    raise _bad_key(key, array)


def _as_int(edge: Any, key: Any, array: NDArray) -> int:
    if is_int(edge):
        return int(edge.__index__())
    raise TypeError(f"{owner_of(array)}: the bounds of a slice must be ints; received {key!r}")


def _as_indices(part: Any, key: Any, array: NDArray) -> Tensor:
    try:
        values = np.asarray(part)
    except ValueError:  # rows of unequal length
        raise _bad_key(key, array) from None
    if values.dtype.kind not in "biuf":
        raise _bad_key(key, array)
    return torch.as_tensor(values if array._is_np and values.dtype == bool else values.astype(np.int64))


def _bad_key(key: Any, array: NDArray) -> ValueError:
    return ValueError(
        f"{owner_of(array)}: an index must be made of ints, slices, None, ... and arrays of numbers; "
        f"received {key!r} of type {type(key).__name__}"
    )


def _check_bounds(array: NDArray, parts: list[Any]) -> None:
    axis = 0
    for part in parts:
        if isinstance(part, int):
            length = array._data.shape[axis]
            if not -length <= part < length:
                raise _out_of_bounds(array, part, axis)
        elif _is_mask(part):
            expected = array.shape[axis : axis + part.dim()]
            if tuple(part.shape) != expected:
                raise IndexError(
                    f"{owner_of(array)}: a boolean mask must have the shape of what it selects from, {expected}; "
                    f"received {tuple(part.shape)}; the result of a comparison is a mask: for positions 0 and 1, "
                    "convert it with astype('int32')"
                )
        elif isinstance(part, Tensor) and part.numel():
            # torch writes the elements before such an index first, and on a GPU it ends the process.
            length = array._data.shape[axis]
            smallest, largest = (int(edge) for edge in torch.aminmax(part))
            if smallest < -length or largest >= length:
                raise _out_of_bounds(array, largest if largest >= length else smallest, axis)
        axis += _count_axes(part)


def _out_of_bounds(array: NDArray, position: int, axis: int) -> IndexError:
    return IndexError(
        f"{owner_of(array)}: index {position} is out of bounds for axis {axis} with size {array._data.shape[axis]}"
    )


def _check_broadcast(array: NDArray, parts: list[Any]) -> None:
    shapes = [part.shape for part in parts if isinstance(part, Tensor)]
    if len(shapes) > 1:
        try:
            torch.broadcast_shapes(*shapes)
        except RuntimeError:
            seen = ", ".join(str(tuple(shape)) for shape in shapes)
            raise ValueError(f"{owner_of(array)}: arrays of indices must broadcast; received shapes {seen}") from None
