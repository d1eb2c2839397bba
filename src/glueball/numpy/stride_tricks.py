"""Arrays that broadcast against each other."""

from __future__ import annotations

from ..ndarray.numpy.shaping import broadcast_arrays

__all__ = ["broadcast_arrays"]
