"""``gluon.contrib.data``: one more sampler."""

from __future__ import annotations

from typing import Any as _Any

from ...data.missing import absent as _absent
from . import sampler
from .sampler import IntervalSampler

__all__ = ["IntervalSampler", "sampler"]


def __getattr__(name: str) -> _Any:
    raise _absent(__name__, name, __all__, ("text",))
