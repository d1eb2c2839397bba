"""The two classes of arrays, those of ``mx.nd`` and of ``mx.np``, and which one is made where nothing says so."""

from __future__ import annotations

from ..core.numpy_mode import numpy_mode
from .ndarray import NDArray

#: The class of the arrays of ``mx.np``: `numpy/` puts it here, which is made of the files beside this one.
numpy_face: list[type[NDArray]] = []


def current_face() -> type[NDArray]:
    """Return the class of arrays that layers, data sets and files make in this thread."""
    return numpy_face[0] if numpy_mode.arrays else NDArray


def shown(array: NDArray) -> NDArray:
    """Return an array that a layer, data set or file has made, in the class of this thread."""
    return array.as_np_ndarray() if numpy_mode.arrays else array
