"""``gluon.contrib.nn``: parallel branches, and upsampling by pixel shuffle."""

from __future__ import annotations

from . import basic_layers
from .concurrent import Concurrent, HybridConcurrent, Identity
from .pixel_shuffle import PixelShuffle1D, PixelShuffle2D, PixelShuffle3D

__all__ = [
    "Concurrent", "HybridConcurrent", "Identity", "PixelShuffle1D", "PixelShuffle2D", "PixelShuffle3D", "basic_layers",
]  # fmt: skip
