"""``gluon.contrib``: what MXNet keeps apart from the main interface."""

from __future__ import annotations

from typing import Any as _Any

from ..data.missing import absent as _absent
from . import data

__all__ = ["data"]


def __getattr__(name: str) -> _Any:
    raise _absent(__name__, name, __all__, ("cnn", "estimator", "nn", "rnn"))
