"""OpenCV's own errors, and text that would end the process in OpenCV."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .blame import short
from .errors import InvalidTypeError, InvalidValueError, MXNetError


@contextmanager
def opencv(rule: str) -> Iterator[None]:
    """Raise an MXNetError for what OpenCV raises in the block of a ``with``.

    Parameters
    ----------
    rule : str
        The beginning of the message: the public name of the caller, and what must be so.

    Examples
    --------
    >>> import cv2
    >>> from glueball.core.opencv import opencv
    >>> with opencv("thumbnail: the picture must have pixels"):
    ...     cv2.resize(None, (2, 2))
    Traceback (most recent call last):
    glueball.base.MXNetError: thumbnail: the picture must have pixels; OpenCV says: !ssize.empty()
    """
    try:
        yield
    except Exception as error:
        # OpenCV's class is known by its module: this one does not import OpenCV. Numbers that no C integer holds are a
        # SystemError.
        if not isinstance(error, SystemError) and type(error).__module__ != "cv2":
            raise
        said = getattr(error, "err", None) or str(error.__cause__ or error)
        raise MXNetError(f"{rule}; OpenCV says: {' '.join(said.split())}") from error


def checked_text(owner: str, name: str, text: Any) -> str:
    """Return text for OpenCV, which reads beyond its memory where the text has no bytes in UTF-8."""
    if not isinstance(text, str):
        raise InvalidTypeError(f"{owner}: {name} must be a str; received {short(text)}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidValueError(
            f"{owner}: {name} must be text that UTF-8 can encode; received {short(text)}: {error.reason}"
        ) from error
    return text
