"""``mx.log``: loggers whose lines say level, time, process and place."""

from __future__ import annotations

import logging
from logging import CRITICAL, DEBUG, ERROR, INFO, NOTSET, WARNING
from typing import Any

from .core.doors import door
from .core.warning import warn

__all__ = ["CRITICAL", "DEBUG", "ERROR", "INFO", "NOTSET", "WARNING", "getLogger", "get_logger"]

_RED, _GREEN, _BLUE = 31, 32, 34


class _Formatter(logging.Formatter):
    """Lines such as ``W1127 19:05:14 22912 train.py:main:7] text``, their beginning in a color."""

    def __init__(self) -> None:
        super().__init__("%(message)s", "%m%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        time = self.formatTime(record, self.datefmt)
        start = f"{_letter(record.levelno)}{time} {record.process} {record.pathname}:{record.funcName}:{record.lineno}]"
        return f"\x1b[{_color(record.levelno)}m{start}\x1b[0m {super().format(record)}"


def _letter(level: int) -> str:
    return {CRITICAL: "C", ERROR: "E", WARNING: "W", INFO: "I", DEBUG: "D"}.get(level, "U")


def _color(level: int) -> int:
    return _RED if level >= WARNING else _GREEN if level >= INFO else _BLUE


@door
def get_logger(
    name: str | None = None, filename: str | None = None, filemode: str | None = None, level: int = WARNING
) -> logging.Logger:
    """Return a logger whose lines say level, time, process and place.

    Parameters
    ----------
    name : str, optional
        The name; without one, the root logger is returned as it is.
    filename : str, optional
        A file to write the bare messages to, instead of the standard error stream.
    filemode : str, optional
        The mode to open the file in, by default ``'a'``.
    level : int, default logging.WARNING
        The least severe level that is written. For a logger that this function has returned before, it is ignored.

    Returns
    -------
    logging.Logger
        The logger of that name.

    Examples
    --------
    >>> import os, tempfile
    >>> from pathlib import Path
    >>> import glueball as mx
    >>> path = os.path.join(tempfile.mkdtemp(), "train.log")
    >>> mx.log.get_logger("example", path, level=mx.log.INFO).info("epoch %d", 3)
    >>> Path(path).read_text().strip()
    'epoch 3'
    """
    logger = logging.getLogger(name)
    state: Any = logger
    if name is not None and not getattr(logger, "_init_done", False):
        state._init_done = True  # MXNet's name: a logger that MXNet has prepared stays as it is
        if filename:
            logger.addHandler(logging.FileHandler(filename, filemode or "a"))
        else:
            handler = logging.StreamHandler()
            handler.setFormatter(_Formatter())
            logger.addHandler(handler)
        logger.setLevel(level)
    return logger


@door
def getLogger(
    name: str | None = None, filename: str | None = None, filemode: str | None = None, level: int = WARNING
) -> logging.Logger:
    """Return `get_logger` of the same arguments, with a warning: this is its older name."""
    warn("getLogger: its name is get_logger now; call that", DeprecationWarning)
    return get_logger(name, filename, filemode, level)
