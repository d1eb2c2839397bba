"""Arrays of zeros and of ones, and others that no array is needed for."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import MXNetError
from ..ops.attrs import Null
from ..ops.declare import registry
from .face import Face, function

_ZEROS, _ONES = registry["_npi_zeros"], registry["_npi_ones"]


def check_order(name: str, order: str) -> None:
    """Refuse any order of the elements but that of C."""
    if order != "C":
        raise MXNetError(f"np.{name}: order must be 'C'; received {order!r}; transpose the array")


@function("np.zeros")
def zeros(face: Face, shape: Any, dtype: Any = None, order: str = "C", ctx: Any = None) -> Any:
    """Return an array of zeros.

    Parameters
    ----------
    shape : int or tuple of int
        The shape; ``()`` and lengths of 0 are allowed.
    dtype : str or numpy.dtype, default float32
        The type.
    order : {'C'}
        The order of the elements.
    ctx : Context, optional
        The context; by default the current one.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.zeros((2,))
    array([0., 0.])
    """
    check_order("zeros", order)
    return face.create(_ZEROS, (shape, Null, "float32" if dtype is None else dtype), ctx)


@function("np.ones")
def ones(face: Face, shape: Any, dtype: Any = np.float32, order: str = "C", ctx: Any = None) -> Any:
    """Return an array of ones; the arguments are those of `zeros`."""
    check_order("ones", order)
    return face.create(_ONES, (shape, Null, "float32" if dtype is None else dtype), ctx)
