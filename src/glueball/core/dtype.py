"""MXNet's data types: their names, their numbers in files, and their torch and NumPy counterparts."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .errors import UnknownTypeError, nearest

# NumPy has no bfloat16; like MXNet, we represent it by a structured type over its 16 bits.
bfloat16 = np.dtype([("bfloat16", np.uint16)])

# name -> (number in .params files and graphs, torch type, what NDArray.dtype returns)
_TABLE: dict[str, tuple[int, torch.dtype, Any]] = {
    "float32": (0, torch.float32, np.float32),
    "float64": (1, torch.float64, np.float64),
    "float16": (2, torch.float16, np.float16),
    "uint8": (3, torch.uint8, np.uint8),
    "int32": (4, torch.int32, np.int32),
    "int8": (5, torch.int8, np.int8),
    "int64": (6, torch.int64, np.int64),
    "bool": (7, torch.bool, np.bool_),
    "bfloat16": (12, torch.bfloat16, bfloat16),
}

NAMES = tuple(_TABLE)
FLAG_TO_TORCH = {flag: kind for flag, kind, _ in _TABLE.values()}
TORCH_TO_FLAG = {kind: flag for flag, kind, _ in _TABLE.values()}
TORCH_TO_NAME = {kind: name for name, (_, kind, _) in _TABLE.items()}
TORCH_TO_NUMPY = {kind: returned for _, kind, returned in _TABLE.values()}
_NAME_TO_TORCH = {name: kind for name, (_, kind, _) in _TABLE.items()}

# NumPy's other words for these types. A table, since NumPy's own reading takes far more than types from a text, and
# some of its words differ between systems and versions.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "float16": ("half", "e", "f2"),
    "float32": ("single", "f", "f4"),
    "float64": ("double", "float", "float_", "d", "f8"),
    "uint8": ("ubyte", "B", "u1"),
    "int8": ("byte", "b", "i1"),
    "int32": ("intc", "i", "i4"),
    "int64": ("int", "int_", "intp", "long", "longlong", "int0", "l", "q", "i8"),
    "bool": ("bool_", "bool8", "?", "b1"),
}
_SPELLING_TO_NAME = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings}


def to_torch(dtype: Any, owner: str) -> torch.dtype:
    """Convert a type in any form (``'half'``, ``np.float32``, ``torch.float32``, ``float``) to torch's.

    Parameters
    ----------
    dtype : str, type, numpy.dtype, torch.dtype or NDArray
        One of MXNet's nine types, in any of those forms, or an NDArray of it. A str may be any of NumPy's names for it.
    owner : str
        The caller's name; the error message begins with it.

    Raises
    ------
    UnknownTypeError
        The type is not one of MXNet's.
    """
    if not isinstance(dtype, str | type | np.dtype | np.ndarray):  # NumPy's str has a type of its own
        dtype = getattr(dtype, "dtype", dtype)  # an NDArray stands for its type
    if isinstance(dtype, torch.dtype):
        name = TORCH_TO_NAME.get(dtype, str(dtype))
    elif isinstance(dtype, str):
        name = own_name(dtype)
    elif isinstance(dtype, np.dtype) and dtype == bfloat16:
        name = "bfloat16"
    else:
        try:
            name = np.dtype(dtype).name
        except TypeError:
            name = repr(dtype)
    kind = _NAME_TO_TORCH.get(name)
    if kind is None:
        raise UnknownTypeError(
            f"{owner}: dtype must be one of {', '.join(NAMES)}; received {name!r}{nearest(name, NAMES)}"
        )
    return kind


def own_name(text: str) -> str:
    """Return MXNet's name of a type that was written in another way, as ``'half'``; any other text as it is."""
    return text if text in _NAME_TO_TORCH else _SPELLING_TO_NAME.get(text.lstrip("<=>|"), text)


def name_of(dtype: Any, owner: str = "dtype") -> str:
    """Return MXNet's name of a type given in any form, such as ``'float32'``."""
    return TORCH_TO_NAME[to_torch(dtype, owner)]


def type_name(kind: torch.dtype) -> str:
    """Return the name of any torch type, such as ``'float32'``, for messages; MXNet may not have the type."""
    return str(kind).removeprefix("torch.")
