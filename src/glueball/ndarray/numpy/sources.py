"""``np.array``: an array from numbers, lists and arrays of other libraries."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ...core import dtype as dtypes
from ...core.context import Context, current_context
from ...core.doors import door
from ...core.errors import InvalidValueError
from ...ops.explain import no_room
from ..convert import to_tensor
from ..namespace import as_context
from ..ndarray import NDArray
from .np_array import ndarray

_RULE = "np.array: object must be numbers, with rows of equal length"


@door
def array(object: Any, dtype: Any = None, ctx: Context | None = None) -> ndarray:
    """Make an array with the values of a number, a list, a NumPy array, a torch tensor or another array.

    Parameters
    ----------
    object : array_like
        The values; always copied. A list may hold arrays.
    dtype : str or numpy.dtype, optional
        The type; by default that of `object` if it has one, and float32 for numbers and lists of Python.
    ctx : Context, optional
        The context of the result; by default the current one.

    Raises
    ------
    TypeError
        They are not numbers, or rows differ in length.
    ValueError
        `object` is an NDArray of ``mx.nd``.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.array([[1, 2], [3, 4]], dtype="int32")
    array([[1, 2],
           [3, 4]], dtype=int32)
    """
    context = as_context(ctx) or current_context()
    if isinstance(object, NDArray) and not isinstance(object, ndarray):
        raise InvalidValueError(
            "np.array: object must not be an NDArray of mx.nd; received one; use as_np_ndarray(), which copies nothing"
        )
    read_as = dtypes.to_torch(dtype, "np.array") if dtype is not None else torch.float32
    if isinstance(object, ndarray):
        values = object._data
    elif isinstance(object, list | tuple):
        values = _of_list(object, read_as)
    else:
        values = to_tensor(object, _RULE, read_as)
    has_type = isinstance(object, ndarray | np.ndarray | np.generic | torch.Tensor)
    if dtype is None and isinstance(object, np.ndarray | np.generic):
        dtype = object.dtype
    kind = dtypes.to_torch(dtype, "np.array") if dtype is not None else values.dtype if has_type else read_as
    try:
        return ndarray(values.to(device=context.device, dtype=kind, copy=True).contiguous(), context)
    except RuntimeError as error:
        raise no_room("np.array", error) from error.__cause__


def _of_list(items: Any, read_as: torch.dtype) -> torch.Tensor:
    """Return a list as a tensor; arrays in it are its rows."""
    if any(isinstance(item, ndarray) for item in items):
        items = [item.asnumpy() if isinstance(item, ndarray) else item for item in items]
    elif any(isinstance(item, list | tuple) for item in items):
        items = [_of_list(item, read_as).numpy() if isinstance(item, list | tuple) else item for item in items]
    return to_tensor(items, _RULE, read_as)
