"""``gluon.contrib.nn``: parallel branches, upsampling by pixel shuffle, normalization over devices."""

from __future__ import annotations

from . import basic_layers
from .concurrent import Concurrent, HybridConcurrent, Identity
from .pixel_shuffle import PixelShuffle1D, PixelShuffle2D, PixelShuffle3D
from .sparse_embedding import SparseEmbedding
from .sync_batch_norm import SyncBatchNorm

__all__ = [
    "Concurrent", "HybridConcurrent", "Identity", "PixelShuffle1D", "PixelShuffle2D", "PixelShuffle3D",
    "SparseEmbedding", "SyncBatchNorm", "basic_layers",
]  # fmt: skip
