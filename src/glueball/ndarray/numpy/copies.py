"""Methods of arrays of ``mx.np`` that return the values elsewhere: in a copy, another type, another context."""

from __future__ import annotations

from typing import Any

from ...core.context import Context
from ...core.errors import InvalidTypeError, MissingMethodError
from ...core.methods import method_of
from ...np_functions.converting import check_conversion
from ..ndarray import NDArray
from .np_array import ndarray


@method_of(ndarray)
def copy(self: ndarray, order: str = "C") -> NDArray:
    """Return a copy on the same context; `order` must be 'C'."""
    if order != "C":
        raise MissingMethodError(f"np.ndarray.copy: order must be 'C'; received {order!r}; transpose the copy")
    return NDArray.copy(self)


@method_of(ndarray)
def copyto(self: ndarray, other: NDArray | Context) -> NDArray:
    """Copy the values into another array of the same shape, or into a new one on a context.

    Parameters
    ----------
    other : ndarray or Context
        The destination. An array keeps its own type, and the values are converted.

    Returns
    -------
    ndarray
        The destination.

    Raises
    ------
    TypeError
        `other` is anything else, such as an NDArray of ``mx.nd``.
    """
    if isinstance(other, NDArray) and not other._is_np:
        raise InvalidTypeError(
            "np.ndarray.copyto: other must be an array of mx.np or a Context; received an NDArray of mx.nd; "
            "convert it with as_np_ndarray()"
        )
    return NDArray.copyto(self, other)


@method_of(ndarray)
def as_in_ctx(self: ndarray, ctx: Context) -> NDArray:
    """Return the array itself if it is already on `ctx`, otherwise a copy there."""
    return self.as_in_context(ctx)


@method_of(ndarray)
def astype(
    self: ndarray, dtype: Any, order: str = "K", casting: str = "unsafe", subok: bool = True, copy: bool = True
) -> NDArray:
    """Return the values converted to another type.

    Parameters
    ----------
    dtype : str or numpy.dtype
        The type. A float becomes an int by dropping its fraction.
    order : {'K', 'C'}
        The order of the elements, which stays.
    casting : {'unsafe'}
        All conversions are allowed.
    subok : bool
        Must be True.
    copy : bool, default True
        If False, an array that already has the type is returned itself.

    Raises
    ------
    ValueError
        `order`, `casting` or `subok` has another value.
    """
    check_conversion("np.ndarray", order, casting, subok)
    return NDArray.astype(self, dtype, copy)


@method_of(ndarray)
def reshape_view(self: ndarray, *shape: Any, **kwargs: Any) -> NDArray:
    """Return the array in another shape, on the same memory; see `glueball.nd.NDArray.reshape` for its codes."""
    return NDArray.reshape(self, *shape, **kwargs)


@method_of(ndarray)
def attach_grad(self: ndarray, grad_req: str = "write") -> None:
    """Make the array a variable: give it a gradient, and detach it from the graph that computed it.

    Parameters
    ----------
    grad_req : {'write', 'add', 'null'}, default 'write'
        Whether backward() overwrites the gradient, adds to it, or leaves it alone.

    Raises
    ------
    KeyError
        `grad_req` is none of the three.
    """
    NDArray.attach_grad(self, grad_req)
