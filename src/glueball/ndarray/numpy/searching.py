"""Searching and sorting that only arrays have: graphs lack the values."""

from __future__ import annotations

from typing import Any

from ...core.doors import door
from ...core.methods import method_of
from ...np_functions.searching import positions, sort
from .face import arrays
from .np_array import ndarray


@door
def nonzero(a: ndarray) -> tuple[Any, ...]:
    """Return where the elements are that differ from 0.

    Parameters
    ----------
    a : ndarray
        Numbers or bool; an array without axes counts as one with one element.

    Returns
    -------
    tuple of ndarray
        For each axis, their int64 indices.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.nonzero(mx.np.array([3, 0, 2]))
    (array([0, 2], dtype=int64),)
    """
    return positions(arrays, a)


@method_of(ndarray, "nonzero")
def _nonzero(self: ndarray) -> tuple[Any, ...]:
    """Return where the elements are that differ from 0; see `glueball.np.nonzero`."""
    return positions(arrays, self)


@method_of(ndarray, "sort")
def _sort(self: ndarray, axis: int = -1, kind: str | None = None, order: Any = None) -> None:
    """Sort the array itself, as NumPy does; MXNet's method always fails. See `glueball.np.sort`."""
    self[...] = sort(arrays, self, axis, kind, order)
