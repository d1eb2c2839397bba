"""Convert what a library returns into values that both sides can compare."""

from __future__ import annotations

import contextlib
import io
import traceback
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.oracle import wire


def plain(value: Any) -> Any:
    """The value with every NDArray (anything that has ``asnumpy``) replaced by its NumPy array."""
    if isinstance(value, type):
        return value
    if hasattr(value, "asnumpy"):
        array = value.asnumpy()
        return _bfloat16(array) if value.dtype == wire.BFLOAT16 else array
    if type(value) in (dict, OrderedDict):
        return type(value)((plain(key), plain(item)) for key, item in value.items())
    if type(value) in (list, set, frozenset):
        return type(value)(plain(item) for item in value)
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    return value


def _bfloat16(array: np.ndarray) -> np.ndarray:
    """The 16 bits of each bfloat16 value; Glueball converts to float32 for NumPy, MXNet returns the bits."""
    if array.dtype == np.float32:
        array = (array.view(np.uint32) >> 16).astype(np.uint16)
    return array.view(wire.BFLOAT16)


def capture(function: Callable[[], Any]) -> dict[str, Any]:
    """Call a function and return its outcome: a plain value or an error, and what it printed."""
    printed = io.StringIO()
    result: dict[str, Any] = {}
    try:
        with contextlib.redirect_stdout(printed):
            result["value"] = plain(function())
    except Exception as error:
        result["class_name"] = type(error).__name__
        result["mro"] = tuple(base.__name__ for base in type(error).__mro__)
        result["message"] = str(error)
        result["traceback"] = traceback.format_exc()
    result["printed"] = printed.getvalue()
    return result
