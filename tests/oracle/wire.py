"""Messages between a test and the oracle: 8 bytes of length, then a pickle of plain values.

The two sides run different Pythons and NumPys, whose pickles of arrays are incompatible. Therefore NumPy objects are
sent as text and bytes, and any class that the other side may not know is refused by name.
"""

from __future__ import annotations

import io
import pickle
import struct
from collections import OrderedDict
from typing import Any, Protocol

import numpy as np

#: MXNet 1.9.1 converts bfloat16 to a NumPy record of one unsigned 16-bit number.
BFLOAT16 = np.dtype([("bfloat16", np.uint16)])

_LENGTH = struct.Struct("<Q")
_PROTOCOL = 5
_CONTAINERS = (list, tuple, dict, OrderedDict, set, frozenset)
_PLAIN = (*_CONTAINERS, bool, int, float, complex, str, bytes, slice, type(None), type(Ellipsis))


class NotPlain(TypeError):
    """A value that cannot be sent to the other process."""


def dtype_text(dtype: np.dtype[Any]) -> str:
    """The name of a dtype in messages."""
    if dtype == BFLOAT16:
        return "bfloat16"
    if dtype.hasobject or dtype.names:
        raise NotPlain(f"oracle: an array must hold numbers, booleans or text; received dtype {dtype}.")
    return dtype.str


def dtype_named(text: str) -> np.dtype[Any]:
    """The dtype of a name made by `dtype_text`."""
    return BFLOAT16 if text == "bfloat16" else np.dtype(text)


class _Pickler(pickle.Pickler):
    """Pickles plain values; NumPy's objects become tuples of text and bytes."""

    def persistent_id(self, value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return "array", dtype_text(value.dtype), value.shape, value.tobytes()
        if isinstance(value, np.generic):
            return "scalar", dtype_text(value.dtype), value.tobytes()
        if isinstance(value, np.dtype):
            return "dtype", dtype_text(value)
        if isinstance(value, type):
            if issubclass(value, np.generic):
                return "scalar type", dtype_text(np.dtype(value))
            if value.__module__ == "builtins" or value is OrderedDict:
                return None
        elif type(value) in _PLAIN:
            return None
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        raise NotPlain(
            f"oracle: only plain values and arrays cross to the other process; received {kind}; "
            "return a number, text, array, list or dict made from it."
        )


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> Any:
        kind, dtype = pid[0], dtype_named(pid[1])
        if kind == "array":
            return np.frombuffer(bytearray(pid[3]), dtype=dtype).reshape(pid[2])
        if kind == "scalar":
            return np.frombuffer(pid[2], dtype=dtype)[0]
        return dtype if kind == "dtype" else dtype.type


def dumps(value: Any) -> bytes:
    """Serialize a plain value."""
    buffer = io.BytesIO()
    _Pickler(buffer, _PROTOCOL).dump(value)
    return buffer.getvalue()


def loads(data: bytes) -> Any:
    """Deserialize the bytes made by `dumps`."""
    return _Unpickler(io.BytesIO(data)).load()


def frame(data: bytes) -> bytes:
    """The bytes of one message, preceded by its length."""
    return _LENGTH.pack(len(data)) + data


class Readable(Protocol):
    """A stream whose ``read`` returns fewer bytes than requested only at its end."""

    def read(self, count: int, /) -> bytes:
        """The next bytes."""


def receive(stream: Readable) -> bytes | None:
    """The next message of a stream, or None at its end."""
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(header)
    data = stream.read(length)
    return data if len(data) == length else None
