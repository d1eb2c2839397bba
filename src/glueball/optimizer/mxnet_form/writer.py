"""Writes values as a pickle of protocol 3, which any Python 3 reads; only what files of states hold."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from ...core.errors import MXNetError
from ...ndarray import NDArray
from ...ndarray.sparse.base import form_of
from .values import bytes_from

_ARRAY = b"cmxnet.ndarray.ndarray\nNDArray\n"
_BYTES = b"cbuiltins\nbytearray\n"


class Instance:
    """An object of a class that is named, not imported: its module, its name, and its attributes."""

    def __init__(self, module: str, name: str, attributes: dict[str, Any]) -> None:
        self.module, self.name, self.attributes = module, name, attributes


def dumps(value: Any, owner: str) -> bytes:
    """Return a pickle of numbers, text, None, arrays, tuples, lists, dicts and instances."""
    writer = _Writer(owner)
    writer.write(value)
    return b"\x80\x03" + b"".join(writer.parts) + b"."


class _Writer:
    def __init__(self, owner: str) -> None:
        self.parts: list[bytes] = []
        self._owner = owner
        # A dict that occurs twice is one dict when it is read, too: the counts of the current device.
        self._known: dict[int, int] = {}

    def write(self, value: Any) -> None:
        """Add the instructions that make a value."""
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, bool):
            self.parts.append({None: b"N", True: b"\x88", False: b"\x89"}[value])
        elif isinstance(value, int):
            self._integer(value)
        elif isinstance(value, float):
            self.parts.append(b"G" + struct.pack(">d", value))
        elif isinstance(value, str):
            text = value.encode("utf-8", "surrogatepass")
            self.parts.append(b"X" + struct.pack("<I", len(text)) + text)
        elif isinstance(value, tuple):
            self._items(b"(", value, b"t")
        elif isinstance(value, list):
            self._items(b"](", value, b"e")
        elif isinstance(value, dict):
            self._dict(value)
        elif isinstance(value, NDArray):
            self._array(value)
        elif isinstance(value, Instance):
            self.parts.append(f"c{value.module}\n{value.name}\n".encode() + b")\x81")
            self._dict(value.attributes)
            self.parts.append(b"b")
        else:
            raise MXNetError(
                f"{self._owner}: MXNet's form holds numbers, text, arrays, lists and dicts; received "
                f"{type(value).__name__}; save without format='mxnet'"
            )

    def _integer(self, value: int) -> None:
        if -(2**31) <= value < 2**31:
            self.parts.append(b"J" + struct.pack("<i", value))
            return
        data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
        self.parts.append(b"\x8b" + struct.pack("<i", len(data)) + data)

    def _items(self, before: bytes, items: Any, behind: bytes) -> None:
        self.parts.append(before)
        for item in items:
            self.write(item)
        self.parts.append(behind)

    def _dict(self, value: dict[Any, Any]) -> None:
        if id(value) in self._known:
            self.parts.append(b"j" + struct.pack("<I", self._known[id(value)]))
            return
        number = self._known[id(value)] = len(self._known)
        self.parts.append(b"}r" + struct.pack("<I", number) + b"(")
        for key, item in value.items():
            self.write(key)
            self.write(item)
        self.parts.append(b"u")

    def _array(self, array: NDArray) -> None:
        data = bytes_from(form_of(array))
        size = b"B" + struct.pack("<I", len(data)) if len(data) < 2**32 else b""
        if not size:
            raise MXNetError(f"{self._owner}: an array must be below 4 GiB in MXNet's form; received {array.shape}")
        kind = _ARRAY if array.stype == "default" else f"cmxnet.ndarray.sparse\n{type(array).__name__}\n".encode()
        self.parts += [kind, b"N\x85R}", b"X\x06\x00\x00\x00handle", _BYTES, size, data, b"\x85Rsb"]
