"""Helpers of MXNet's iterators, which iterators outside the library use."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import RefusedError
from ..ndarray import NDArray, array
from .array_iter import Named, named

__all__: list[str] = []


def _init_data(data: Any, allow_empty: bool, default_name: str) -> Named:
    """Return the arrays of an argument with their names, as `NDArrayIter` reads it.

    Parameters
    ----------
    data : NDArray, numpy.ndarray, list or dict of these, or None
        The arrays.
    allow_empty : bool
        Whether there may be none.
    default_name : str
        The name of a single array; several are named ``_0_NAME``, ``_1_NAME`` ...

    Raises
    ------
    TypeError
        `data` is of another type.
    AssertionError
        There is no array, and `allow_empty` is False.
    """
    found = named("_init_data: data", data, default_name)
    if not found and not allow_empty:
        raise RefusedError(f"_init_data: data must hold one or more arrays; received {data!r}")
    return found


def _has_instance(data: Named, dtype: Any) -> bool:
    """Return whether one of the named arrays is of a class."""
    return any(isinstance(value, dtype) for _, value in data)


def _getdata_by_idx(data: Named, idx: Any) -> Named:
    """Return the samples at the given positions of each named array, as float32."""
    order = np.asarray(idx)
    return [(name, array(value.asnumpy()[order], value.context)) for name, value in data]


def _slice_along_batch_axis(data: NDArray, s: slice, batch_axis: int) -> NDArray:
    """Return a range of the samples of an array."""
    return data.slice_axis(axis=batch_axis, begin=s.start, end=s.stop)
