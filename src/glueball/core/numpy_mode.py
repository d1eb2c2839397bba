"""Whether MXNet's NumPy interface is on, per thread: its arrays, and its meaning of shapes."""

from __future__ import annotations

import threading


class _NumpyMode(threading.local):
    """Both switches are off in a new thread, as in MXNet.

    Attributes
    ----------
    arrays : bool
        Layers, data sets and files make arrays of ``mx.np``.
    shapes : bool
        In a shape, 0 is a length, and an unknown length is -1.
    """

    def __init__(self) -> None:
        self.arrays = False
        self.shapes = False


numpy_mode = _NumpyMode()
