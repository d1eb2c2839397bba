"""What stands in MXNet's files for arrays, bytes and NumPy's numbers, to and from values."""

from __future__ import annotations

import io
import math
import re
import struct
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...serialization import dump_params, load_params
from .reader import Made

# A .params file of one array without a name: what is before the array, and what is behind it.
_BEFORE, _BEHIND = struct.pack("<QQQ", 0x112, 0, 1), struct.pack("<Q", 0)
_KINDS = re.compile("[fiu][1248]|b1")


def tensor_of(made: Made) -> Any:
    """Return the values of an array of MXNet, which a file has as the bytes that it has in ``.params`` files."""
    state = made.state
    if not isinstance(state, dict) or "handle" not in state:
        raise ValueError("an array has no values")
    found = load_params(_BEFORE + bytes_of(state["handle"]) + _BEHIND, "optimizer states, an array")
    assert isinstance(found, list)
    return found[0]


def bytes_from(tensor: Any) -> bytes:
    """Return the bytes of an array of MXNet."""
    file = io.BytesIO()
    dump_params(file, [tensor], [(1, 0)], owner="optimizer states")
    return file.getvalue()[len(_BEFORE) : -len(_BEHIND)]


def bytes_of(value: Any) -> bytes:
    """Return bytes, which old protocols have as text."""
    if isinstance(value, Made) and value.is_bytes:
        text, *coding = [*value.arguments, None][:2]
        if isinstance(text, str) and str(coding[0]).replace("-", "").replace("_", "").lower() == "latin1":
            return text.encode("latin1")
        return bytes_of(text)
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    raise ValueError(f"bytes cannot be a {type(value).__name__}")


def numpy_of(made: Made) -> np.ndarray[Any, Any]:
    """Return an array or a number of NumPy, as an array."""
    if made.kind.name == "scalar":
        kind, values = made.arguments
        return _array((), _dtype(kind), values, fortran=False)
    if made.kind.name != "_reconstruct" or not isinstance(made.state, tuple):
        raise ValueError(f"a value cannot be a {made.kind.name}")
    shape, kind, fortran, values = made.state[-4:]
    return _array(shape, _dtype(kind), values, fortran=bool(fortran))


def _array(shape: Any, kind: np.dtype[Any], values: Any, *, fortran: bool) -> np.ndarray[Any, Any]:
    if not isinstance(shape, tuple) or not all(type(length) is int and length >= 0 for length in shape):
        raise ValueError("a shape must be made of lengths")
    data = values.encode("latin1") if isinstance(values, str) else bytes_of(values)
    if len(data) != math.prod(shape) * kind.itemsize:
        raise ValueError(f"an array of the shape {shape} has {len(data)} bytes")
    flat = np.frombuffer(data, kind).astype(kind.newbyteorder("="))
    return flat.reshape(shape, order="F" if fortran else "C")


def _dtype(made: Any) -> np.dtype[Any]:
    if not isinstance(made, Made) or made.kind.name != "dtype" or not isinstance(made.state, tuple):
        raise ValueError("a type is missing")
    name, order = made.arguments[0], made.state[1]
    if not isinstance(name, str) or not _KINDS.fullmatch(name) or order not in ("<", ">", "|", "="):
        raise ValueError(f"a type cannot be {name!r}")
    return np.dtype(name).newbyteorder(order)


def tensor_from(array: np.ndarray[Any, Any]) -> Tensor:
    """Return the tensor of an array of NumPy."""
    return torch.from_numpy(np.array(array, order="C"))
