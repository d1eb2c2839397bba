"""Builds `.params` bytes field by field, independently of the writer."""

from __future__ import annotations

import struct

LIST_MAGIC = 0x112
V1, V2, V3 = 0xF993FAC8, 0xF993FAC9, 0xF993FACA
FLOAT32 = 0


def listing(records, names=(), *, magic=LIST_MAGIC, reserved=0, count=None, name_count=None):
    """A whole file."""
    head = struct.pack("<QQQ", magic, reserved, len(records) if count is None else count)
    middle = struct.pack("<Q", len(names) if name_count is None else name_count)
    return head + b"".join(records) + middle + b"".join(struct.pack("<Q", len(name)) + name for name in names)


def record(shape, flag, data, *, version=V2, storage=0, context=(1, 0), dimensions=None):
    """One array, in any of the four layouts; `version` None is the oldest, without a magic."""
    parts = []
    if version is not None:
        parts.append(struct.pack("<I", version))
    if version in (V2, V3):
        parts.append(struct.pack("<i", storage))
    parts.append(struct.pack("<i", len(shape) if dimensions is None else dimensions))
    parts.append(struct.pack(f"<{len(shape)}{'I' if version is None else 'q'}", *shape))
    parts.append(struct.pack("<iii", *context, flag))
    return b"".join(parts) + data


def small_file():
    """Two arrays with names, in 183 bytes: small enough to damage in every way."""
    weight = record((2, 2), FLOAT32, struct.pack("<4f", 1, 2, 3, 4))
    mask = record((3,), 7, b"\1\0\1", context=(2, 0))
    return listing([weight, mask], [b"weight", b"mask"])
