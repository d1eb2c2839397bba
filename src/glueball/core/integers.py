"""What counts as an integer where a user gives one."""

from __future__ import annotations

import operator
from typing import Any


def is_int(value: Any) -> bool:
    """Whether Python itself takes a value as an integer, as in ``range(value)``: bool and NumPy's integers are some."""
    if isinstance(value, int):  # bool too, which is a kind of int
        return True
    try:
        operator.index(value)
    except TypeError:  # an array of several numbers has __index__, and refuses
        return False
    return True


def is_int_not_bool(value: Any) -> bool:
    """Whether a value is an integer and not True or False, where those are more likely a misplaced argument."""
    return not isinstance(value, bool) and is_int(value)
