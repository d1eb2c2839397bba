"""NDArray's methods that return the values in another array: on another context, or of another type."""

from __future__ import annotations

from typing import Any

from ..core import dtype as dtypes
from ..core.context import Context
from ..core.errors import MXNetError
from ..core.methods import method_of
from ..ops.declare import registry
from .invoke import invoke
from .ndarray import NDArray

_CAST = registry["cast_storage"]


@method_of(NDArray)
def copy(self: NDArray) -> NDArray:
    """Return a copy on the same context."""
    return self.copyto(self._ctx)


@method_of(NDArray)
def copyto(self: NDArray, other: NDArray | Context) -> NDArray:
    """Copy the values into another array of the same shape, or into a new one on a context.

    Parameters
    ----------
    other : NDArray or Context
        The destination. An array keeps its own type, and the values are converted.

    Returns
    -------
    NDArray
        The destination.
    """
    if isinstance(other, Context):
        return self._converted(other, device=other.device)
    if not isinstance(other, NDArray):
        raise TypeError(f"NDArray.copyto: other must be an NDArray or a Context; received {type(other).__name__}")
    if other._is_np and not self._is_np:
        raise TypeError(
            "NDArray.copyto: other must be an NDArray of mx.nd; received an array of mx.np; "
            "convert it with as_nd_ndarray()"
        )
    if other is self:
        return self
    if other.shape != self.shape:
        raise MXNetError(f"NDArray.copyto: the target's shape must be {self.shape}; received {other.shape}")
    other._assign_all(self)
    return other


@method_of(NDArray)
def as_in_context(self: NDArray, context: Context) -> NDArray:
    """Return the array itself if it is already on `context`, otherwise a copy there."""
    return self if context is self._ctx else self.copyto(context)


@method_of(NDArray)
def astype(self: NDArray, dtype: Any, copy: bool = True) -> NDArray:
    """Return the values converted to another type.

    Parameters
    ----------
    dtype : str or numpy.dtype
        One of MXNet's nine types; None means float32. A float becomes an int by dropping its fraction.
    copy : bool, default True
        If False, an array that already has the type is returned itself.
    """
    kind = dtypes.to_torch("float32" if dtype is None else dtype, "NDArray.astype")
    if not copy and kind is self._data.dtype:
        return self
    converted = self._converted(self._ctx, dtype=kind)
    converted._is_mask = False  # how a program says that it wants positions
    return converted


@method_of(NDArray)
def as_nd_ndarray(self: NDArray) -> NDArray:
    """Return the array as one of ``mx.nd``, on the same memory: itself if it is one."""
    return self


@method_of(NDArray)
def tostype(self: NDArray, stype: str) -> NDArray:
    """Return a copy with another storage type: 'csr', 'row_sparse' or 'default'."""
    if stype == "default":
        return self.copyto(self._ctx.computes_on)
    return invoke(_CAST, (self,), (stype,))  # type: ignore[return-value]  # a single array


@method_of(NDArray)
def detach(self: NDArray) -> NDArray:
    """Return an array that shares the memory and that no gradient flows through."""
    return self._face(self._data, self._ctx)
