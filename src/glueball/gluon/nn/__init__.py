"""``gluon.nn``: layers."""

from __future__ import annotations

from ..block import Block
from ..containers import HybridLambda, HybridSequential, Lambda, Sequential
from ..hybrid_block import HybridBlock

__all__ = ["Block", "HybridBlock", "HybridLambda", "HybridSequential", "Lambda", "Sequential"]
