"""Grids of coordinates."""

from __future__ import annotations

from ..ndarray.numpy.shaping import meshgrid

__all__ = ["meshgrid"]
