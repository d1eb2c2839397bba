"""Arrays from text."""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..core.doors import door
from ..ndarray.numpy.np_array import ndarray
from ..ndarray.numpy.sources import array

__all__ = ["genfromtxt"]


@door
def genfromtxt(*args: Any, **kwargs: Any) -> ndarray:
    """Read an array from text, as NumPy's function of this name does.

    Parameters
    ----------
    *args, **kwargs
        The arguments of ``numpy.genfromtxt``, and ``ctx``, the context of the result.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.np.genfromtxt(["1,2", "3,4"], delimiter=",", dtype="int32")
    array([[1, 2],
           [3, 4]], dtype=int32)
    """
    ctx = kwargs.pop("ctx", None)
    return array(onp.genfromtxt(*args, **kwargs), ctx=ctx)
