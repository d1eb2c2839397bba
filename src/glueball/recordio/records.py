"""Records in an open file: how bytes become parts with headers, and how they come back. ``SPEC.md`` has the format."""

from __future__ import annotations

from struct import Struct
from typing import BinaryIO, NoReturn

from ..core.errors import MXNetError

_HEADER = Struct("<II")
_MAGIC_NUMBER = 0xCED7230A
#: What each part of a record begins with.
MAGIC = _MAGIC_NUMBER.to_bytes(4, "little")
_KIND_SHIFT = 29
_LENGTH_MASK = (1 << _KIND_SHIFT) - 1

# What a part is: the whole record, or its first part, one in between, or the last one.
_WHOLE, _FIRST, _MIDDLE, _LAST = range(4)


def encoded(data: bytes, owner: str) -> bytes:
    """Return the bytes that a record takes in a file."""
    if len(data) > _LENGTH_MASK:
        raise MXNetError(
            f"{owner}: a record must have less than {_LENGTH_MASK + 1} bytes; received {len(data)} bytes; "
            "write it as several records"
        )
    begin = _aligned_magic(data, 0)
    if begin < 0:
        return _part(_WHOLE, data)
    parts = [data[:begin]]
    while (end := _aligned_magic(data, begin + 4)) >= 0:
        parts.append(data[begin + 4 : end])
        begin = end
    parts.append(data[begin + 4 :])
    kinds = [_FIRST, *[_MIDDLE] * (len(parts) - 2), _LAST]
    return b"".join(map(_part, kinds, parts))


def _aligned_magic(data: bytes, start: int) -> int:
    """Return where the magic number is at a multiple of four bytes, or -1."""
    found = data.find(MAGIC, start)
    while found >= 0 and found % 4:
        found = data.find(MAGIC, found + 1)
    return found


def _part(kind: int, data: bytes) -> bytes:
    return _HEADER.pack(_MAGIC_NUMBER, kind << _KIND_SHIFT | len(data)) + data + bytes(-len(data) % 4)


def read_record(file: BinaryIO, name: str) -> bytes | None:
    """Read the record that begins at the position of a file; return None at the end of the file.

    Parameters
    ----------
    file : binary file
        The file.
    name : str
        What error messages call it.

    Raises
    ------
    MXNetError
        No record begins here, or the file ends within it.
    """
    header = file.read(8)
    if not header:
        return None
    kind, data = _read_part(file, name, header)
    if kind == _WHOLE:
        return data
    if kind != _FIRST:
        _fail(file, name, "a record must begin here", f"part {kind} of a record that began before")
    parts = [data]
    while kind != _LAST:
        kind, data = _read_part(file, name, file.read(8))
        if kind not in (_MIDDLE, _LAST):
            _fail(file, name, "another part of the record must follow", f"a part of kind {kind}")
        parts.append(data)
    return MAGIC.join(parts)


def _read_part(file: BinaryIO, name: str, header: bytes) -> tuple[int, bytes]:
    if len(header) < 8:
        _fail(file, name, "8 bytes must begin a part of a record", f"{len(header)} bytes")
    magic, word = _HEADER.unpack(header)
    if magic != _MAGIC_NUMBER:
        _fail(file, name, f"a part of a record begins with {MAGIC.hex()}", header[:4].hex())
    kind, length = word >> _KIND_SHIFT, word & _LENGTH_MASK
    if kind > _LAST:
        _fail(file, name, f"a part of a record is of kind {_WHOLE} to {_LAST}", f"kind {kind}")
    data = file.read(length)
    padding = -length % 4
    if len(data) < length or len(file.read(padding)) < padding:
        _fail(file, name, f"{length + padding} bytes must follow", f"{len(data)} bytes")
    return kind, data


def _fail(file: BinaryIO, name: str, rule: str, received: str) -> NoReturn:
    raise MXNetError(
        f"{name}: before byte {file.tell()}: {rule}; received {received}; the file is damaged, truncated or no record "
        "file, or the position is not that of a record: take another copy, or make its index anew"
    )
