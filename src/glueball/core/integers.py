"""Which values count as integers when a user passes one."""

from __future__ import annotations

import operator
from typing import Any


def is_int(value: Any) -> bool:
    """Whether Python itself accepts a value as an integer, as in ``range(value)``; bools and NumPy integers count."""
    if isinstance(value, int):  # includes bool, a subclass of int
        return True
    try:
        operator.index(value)
    except TypeError:  # an array of several numbers has an __index__ that raises
        return False
    return True


def is_int_not_bool(value: Any) -> bool:
    """Whether a value is an integer but not a bool, for arguments where a bool is probably a mistake."""
    return not isinstance(value, bool) and is_int(value)
