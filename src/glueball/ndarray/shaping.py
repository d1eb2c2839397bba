"""NDArray's shape methods, where they do more than the operator of that name."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ..core.errors import InvalidValueError, MXNetError, RefusedError
from ..core.integers import is_int
from ..core.methods import method_of
from ..ops.declare import registry
from ..ops.tensor.reshape import expand_dims as _expand_dims
from ..ops.tensor.reshape import flatten as _flatten
from ..ops.tensor.reshape import squeeze as _squeeze
from ..ops.tensor.reshape_codes import resolve_shape
from . import combine
from .invoke import Result, invoke
from .ndarray import NDArray


@method_of(NDArray)
def reshape(self: NDArray, *shape: Any, **options: Any) -> NDArray:
    """Return a view of the array with another shape.

    Differs from MXNet: an array over a non-contiguous torch tensor is copied.

    Parameters
    ----------
    *shape : int or tuple of int
        The new shape, as one tuple or as separate ints; the codes 0, -1, -2, -3 and -4 are those of
        `glueball.nd.Reshape`. Also as ``shape=``.
    reverse : bool, default False
        Match the codes from the right.

    Raises
    ------
    MXNetError
        The array has fewer or more elements than the new shape (more: also ValueError; `glueball.nd.reshape` returns
        the first ones), or the codes do not match the array.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.zeros((2, 3, 4)).reshape((0, -1)).shape
    (2, 12)
    """
    wanted = _wanted_shape(shape, options)
    target = resolve_shape(self.shape, wanted, bool(options.get("reverse", False)))
    count = math.prod(target)
    if count != self.size:
        kind = MXNetError if count > self.size else InvalidValueError
        raise kind(
            f"NDArray.reshape: {self.size} elements do not fit the shape {target}; "
            f"received {wanted} for an array of shape {self.shape}"
        )
    return self._view(lambda tensor: tensor.reshape(target), None, "Reshape", shape=target)


@method_of(NDArray)
def expand_dims(self: NDArray, axis: int, inplace: bool = False) -> NDArray:
    """Insert an axis of length 1.

    Parameters
    ----------
    axis : int
        The position of the new axis, from -n-1 to n for n axes.
    inplace : bool, default False
        Return a view of the same memory instead of a copy.
    """
    return _look(self, lambda tensor: _expand_dims(tensor, axis=axis), inplace)


@method_of(NDArray)
def flatten(self: NDArray, inplace: bool = False) -> NDArray:
    """Keep the first axis and merge all others into one.

    Parameters
    ----------
    inplace : bool, default False
        Return a view of the same memory instead of a copy.
    """
    return _look(self, _flatten, inplace)


@method_of(NDArray)
def squeeze(self: NDArray, axis: int | Sequence[int] | None = None, inplace: bool = False) -> NDArray:
    """Drop axes of length 1.

    Parameters
    ----------
    axis : int or tuple of int, optional
        Which axes; by default all of length 1.
    inplace : bool, default False
        Return a view of the same memory instead of a copy.
    """
    axes = axis if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    return _look(self, lambda tensor: _squeeze(tensor, axis=axes), inplace)


def _look(array: NDArray, look: Callable[[Tensor], Tensor], inplace: bool) -> NDArray:
    """Apply `look` to the tensor, as a view of the same memory or as a copy."""
    if inplace:
        return array._view(look)
    where = array._ctx.computes_on
    return array._view(lambda tensor: look(tensor).clone(memory_format=torch.contiguous_format), where)


@method_of(NDArray)
def broadcast_to(self: NDArray, shape: Sequence[int]) -> NDArray:
    """Broadcast the array to a shape, as NumPy does.

    Parameters
    ----------
    shape : tuple of int
        The new shape.

    Raises
    ------
    ValueError
        The array does not broadcast to the shape.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.array([1, 2]).broadcast_to((2, 2)).asnumpy().tolist()
    [[1.0, 2.0], [1.0, 2.0]]
    """
    target = tuple(shape)
    new = len(target) - self.ndim
    if new < 0 or any(have not in (1, want) for have, want in zip(self.shape, target[new:], strict=True)):
        raise ValueError(f"NDArray.broadcast_to: shape {self.shape} cannot be broadcast to {target}")
    return _look(self, lambda tensor: tensor.expand(target), inplace=False)


@method_of(NDArray)
def broadcast_like(self: NDArray, other: NDArray) -> NDArray:
    """Return `broadcast_to` the shape of another array."""
    return self.broadcast_to(other.shape)


@method_of(NDArray)
def split_v2(
    self: NDArray, indices_or_sections: int | tuple[int, ...], axis: int = 0, squeeze_axis: bool = False
) -> Result:
    """Return `glueball.nd.split_v2` of the array."""
    return combine.split_v2(self, indices_or_sections, axis, squeeze_axis)


@method_of(NDArray)
def slice_assign(self: NDArray, rhs: NDArray, begin: Any, end: Any, step: Any) -> NDArray:
    """Write `rhs` to the slice ``slice(begin, end, step)``, and return the array itself.

    Parameters
    ----------
    rhs : NDArray
        The values, in exactly the shape of the slice.
    begin, end, step : tuple of int or None
        As in `glueball.nd.slice`.
    """
    return invoke(registry["_slice_assign"], (self, rhs), (begin, end, step), self)  # type: ignore[return-value]


@method_of(NDArray)
def slice_assign_scalar(self: NDArray, value: float, begin: Any, end: Any, step: Any) -> NDArray:
    """Write a number to the slice ``slice(begin, end, step)``, and return the array itself.

    Parameters
    ----------
    value : float
        The number.
    begin, end, step : tuple of int or None
        As in `glueball.nd.slice`.
    """
    return invoke(registry["_slice_assign_scalar"], (self,), (value, begin, end, step), self)  # type: ignore[return-value]


def _wanted_shape(shape: tuple[Any, ...], options: dict[str, Any]) -> tuple[int, ...]:
    """Return the shape in the arguments of reshape."""
    unknown = set(options) - {"shape", "reverse"}
    if unknown:
        raise TypeError(f"NDArray.reshape: keywords must be shape and reverse; received {sorted(unknown)}")
    if bool(shape) == ("shape" in options):
        raise RefusedError(f"NDArray.reshape: the shape must be given once; received {shape} and {options}")
    wanted = options["shape"] if not shape else shape[0] if len(shape) == 1 else shape
    lengths = tuple(wanted) if isinstance(wanted, list | tuple | torch.Size) else (wanted,)
    if not all(map(is_int, lengths)):
        raise TypeError(f"NDArray.reshape: the shape must be made of ints; received {wanted!r}")
    return tuple([length.__index__() for length in lengths])
