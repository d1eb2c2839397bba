"""``mx.engine``: how many operators run together, which affects speed in MXNet and has no effect here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from .core.doors import door

__all__ = ["bulk", "set_bulk_size"]

_size = 0


@door
def set_bulk_size(size: int) -> int:
    """Set the number of operators to run together; it has no effect.

    Parameters
    ----------
    size : int
        The new number.

    Returns
    -------
    int
        The previous number.

    Differs from MXNet
    ------------------
    MXNet's engine runs that many operators at once, which saves time. PyTorch has no such engine.
    """
    global _size
    before, _size = _size, int(size)
    return before


@contextlib.contextmanager
def bulk(size: int) -> Iterator[None]:
    """Set the number of operators to run together within a ``with`` block; see `set_bulk_size`.

    Parameters
    ----------
    size : int
        The number.

    Examples
    --------
    >>> import glueball as mx
    >>> with mx.engine.bulk(10):
    ...     print(mx.nd.ones(1).asscalar())
    1.0
    """
    before = set_bulk_size(size)
    try:
        yield
    finally:
        set_bulk_size(before)
