"""``gluon.contrib.data``: the interval sampler, and texts for language models."""

from __future__ import annotations

from . import sampler, text
from .sampler import IntervalSampler

__all__ = ["IntervalSampler", "sampler", "text"]
