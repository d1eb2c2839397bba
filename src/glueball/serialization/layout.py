"""The constants of the ``.params`` format; SPEC.md explains each of them."""

from __future__ import annotations

import sys
from struct import Struct

from ..core.errors import MXNetError
from ..core.sparse_forms import STORAGE_NUMBERS

LIST_MAGIC = 0x112
RECORD_V1 = 0xF993FAC8
RECORD_V2 = 0xF993FAC9
RECORD_V3 = 0xF993FACA

DENSE = 0
SPARSE_STORAGE = {number: name for name, number in STORAGE_NUMBERS.items() if number}
CPU, GPU = 1, 2  # device types of a record's context

MAX_DIMENSIONS = 32  # the most that an MXNet array can have

U32 = Struct("<I")
I32 = Struct("<i")
U64 = Struct("<Q")
FILE_HEADER = Struct("<QQQ")  # list magic, reserved, number of records
RECORD_HEADER = Struct("<Iii")  # record magic, storage type, number of dimensions
RECORD_TAIL = Struct("<iii")  # device type, device number, type flag

# The fewest bytes that any record takes: a scalar of one byte in the oldest layout.
SMALLEST_RECORD = U32.size + RECORD_TAIL.size


def record_size(dimensions: int, bytes_of_values: int) -> int:
    """Return the bytes of a record as it is written."""
    return RECORD_HEADER.size + dimensions * U64.size + RECORD_TAIL.size + bytes_of_values


# An array takes about 600 bytes of memory besides its values: a file of very many tiny ones is refused.
_ARRAYS_OF_ANY_SIZE = 2**18
_BYTES_OF_MANY = 64


def most_arrays(size: int) -> int:
    """Return how many arrays a file of this size may hold."""
    return max(_ARRAYS_OF_ANY_SIZE, size // _BYTES_OF_MANY)


def require_little_endian(owner: str) -> None:
    """Refuse to run where array data in memory does not have the byte order of the file."""
    if sys.byteorder != "little":
        raise MXNetError(
            f"{owner}: .params files hold little-endian arrays; received a {sys.byteorder}-endian machine; "
            f"convert the file on a little-endian one"
        )
