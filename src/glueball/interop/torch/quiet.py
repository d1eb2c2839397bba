"""What torch says while it exports, loads and runs programs, and what is the reason of its errors."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator

#: They log which packages they have not found, and at length what they raise as an error anyway.
_LOGGERS = ("torch.export", "torch.onnx")


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep parts of torch from warning about each other, and from logging."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def reason(error: BaseException) -> str:
    """Return in one line what lies under an error: torch wraps it, with a page of advice, in others."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
