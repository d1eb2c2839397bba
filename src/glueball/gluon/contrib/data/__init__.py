"""``gluon.contrib.data``: samplers, and texts for language models."""

from __future__ import annotations

from . import sampler, text
from .sampler import IntervalSampler, SplitSampler

__all__ = ["IntervalSampler", "SplitSampler", "sampler", "text"]
