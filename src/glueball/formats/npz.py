"""NumPy's archives of arrays, ``.npz``. Objects in them are refused: nothing is unpickled."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, BinaryIO, NoReturn

import numpy as np
import torch
from numpy.lib import format as npy
from torch import Tensor

from .._version import __version__
from ..core.dtype import NAMES, TORCH_TO_NUMPY, bfloat16
from ..core.errors import MXNetError
from ..serialization import layout
from ..serialization.formats import Arrays, Format, register
from ..serialization.headers import Header
from ..serialization.writer import check_arrays

_ENDING = ".npy"
_FIRST = b"PK\3\4"  # of an archive, before the 26 bytes and the name of its first member
_EMPTY = b"PK\5\6"
_NAME_AT = 30
# The comment on our archives of arrays without names; NumPy names those arr_0, arr_1 and so on.
_LIST = b"glueball list"
_DAMAGED = "the file is damaged or is no .npz file: take another copy"
_VERSION = (1, 0)  # of the headers of arrays of MXNet's types; others are for types of many fields
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_RATIO = 1100  # how many times the size of its bytes deflated data can have, and a little
_TORCH = {np.dtype(kind): torch_kind for torch_kind, kind in TORCH_TO_NUMPY.items()}
# What a damaged archive makes the zip module raise.
_FAILURES = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, OverflowError)


def _sniff(head: bytes, name: str) -> bool:
    if head.startswith(_EMPTY):
        return True
    length = int.from_bytes(head[26:28], "little")
    return head.startswith(_FIRST) and head[_NAME_AT : _NAME_AT + length].endswith(_ENDING.encode())


def _read(file: BinaryIO, name: str) -> Arrays:
    archive = _Archive(file, name)
    arrays = dict(archive.arrays())
    return list(arrays.values()) if archive.is_list else arrays


def _read_headers(file: BinaryIO, name: str) -> list[Header]:
    archive = _Archive(file, name)
    return [header._replace(name="") if archive.is_list else header for header in archive.headers()]


class _Archive:
    """An open archive; nothing that it says of itself is believed before it is checked."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(file)
        except _FAILURES as error:
            self._fail("the file must be a zip archive", error)
        self._members = self._zip.infolist()
        self.is_list = self._zip.comment.startswith(_LIST)
        size = file.seek(0, 2)
        self._check(size)

    def _check(self, size: int) -> None:
        members = self._members
        if len(members) > layout.most_arrays(size):
            self._fail(f"a file of {size} bytes must hold at most {layout.most_arrays(size)} arrays", len(members))
        # members that overlap would make gigabytes of kilobytes
        if sum(member.compress_size for member in members) > size:
            self._fail("the arrays must lie inside the file", "members that overlap")
        names = [member.filename for member in members]
        if len(set(names)) < len(names):
            self._fail("each name must occur once", next(repr(name) for name in names if names.count(name) > 1))
        for name in names:
            if not name.endswith(_ENDING):
                self._fail("an .npz file must hold .npy arrays only", repr(name[:80]))

    def arrays(self) -> Iterator[tuple[str, Tensor]]:
        """Read the arrays, one after the other."""
        for member in self._members:
            with self._opened(member) as file:
                shape, fortran, kind = self._header(member, file)
                values = self._values(file, math.prod(shape) * kind.itemsize, member)
            yield member.filename.removesuffix(_ENDING), _assembled(values, shape, fortran, kind)

    def headers(self) -> Iterator[Header]:
        """Read names, shapes and types."""
        for member in self._members:
            with self._opened(member) as file:
                shape, _, kind = self._header(member, file)
            meta = torch.empty(shape, dtype=_TORCH[kind.newbyteorder("=")], device="meta")
            yield Header(member.filename.removesuffix(_ENDING), meta, "npz")

    def _opened(self, member: zipfile.ZipInfo) -> IO[bytes]:
        if member.compress_type not in _METHODS:
            self._fail(f"{member.filename!r} must be stored or deflated", f"compression {member.compress_type}")
        try:
            return self._zip.open(member)
        except _FAILURES as error:
            self._fail(f"{member.filename!r} must be a member that can be read", error)

    def _header(self, member: zipfile.ZipInfo, file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
        """Return the shape, whether the first axis is contiguous, and the type."""
        try:
            version = npy.read_magic(file)
            if version != _VERSION:
                raise ValueError(f"version {version}")
            shape, fortran, kind = npy.read_array_header_1_0(file)
        except (*_FAILURES, TypeError, KeyError, SyntaxError, RecursionError, MemoryError) as error:
            self._fail(f"{member.filename!r} must begin with the header of a NumPy array", error)
        if kind.newbyteorder("=") not in _TORCH:
            fix = "convert it with .astype before saving"
            self._fail(f"{member.filename!r} must have one of the types {', '.join(NAMES)}", kind, fix)
        elements = math.prod(each for each in shape if each)
        if len(shape) > layout.MAX_DIMENSIONS or elements >= 2**60 or min(shape, default=0) < 0:
            rule = f"must have at most {layout.MAX_DIMENSIONS} dimensions and fewer than 2**60 elements"
            self._fail(f"{member.filename!r} {rule}", shape)
        if math.prod(shape) * kind.itemsize > min(member.file_size, _RATIO * member.compress_size):
            self._fail(f"the values of {member.filename!r} must lie inside the file", f"shape {shape}")
        return shape, fortran, kind

    def _values(self, file: IO[bytes], count: int, member: zipfile.ZipInfo) -> Tensor:
        try:
            values = torch.empty(count, dtype=torch.uint8)
            memory = values.numpy().data
            while len(memory):
                part = file.read(min(len(memory), 2**20))
                if not part:
                    raise EOFError(f"{len(memory)} bytes are missing")
                memory[: len(part)] = part
                memory = memory[len(part) :]
            if file.read(1):  # at the end the checksum is compared
                raise ValueError("more values than its shape says")
        except _FAILURES as error:
            self._fail(f"the values of {member.filename!r} must be whole", error)
        return values

    def _fail(self, rule: str, received: object, fix: str = _DAMAGED) -> NoReturn:
        text = f"{type(received).__name__}: {received}" if isinstance(received, Exception) else str(received)
        raise MXNetError(f"{self._name}: {rule}; received {text[:160]}; {fix}")


def _assembled(values: Tensor, shape: tuple[int, ...], fortran: bool, kind: np.dtype) -> Tensor:
    if not kind.isnative:
        values = torch.from_numpy(values.numpy().view(kind).byteswap().view(np.uint8))
    kind = kind.newbyteorder("=")
    if kind == np.bool_:
        values = values.ne(0)  # torch allows only 0 and 1
    tensor = values.view(_TORCH[kind])
    return (
        tensor.view(shape[::-1]).permute(*reversed(range(len(shape)))).contiguous() if fortran else tensor.view(shape)
    )


def _write(file: BinaryIO, tensors: Mapping[str, Tensor] | Sequence[Tensor], owner: str) -> None:
    is_list = not isinstance(tensors, Mapping)
    named = (
        tensors if isinstance(tensors, Mapping) else {f"arr_{place}": tensor for place, tensor in enumerate(tensors)}
    )
    check_arrays(list(named.values()), list(named), owner)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = _LIST if is_list else f"glueball {__version__}".encode()
        for name, tensor in named.items():
            plain = tensor.detach().resolve_neg().cpu().contiguous()
            half = plain.dtype == torch.bfloat16
            array = plain.view(torch.int16).numpy().view(bfloat16) if half else plain.numpy()
            with archive.open(zipfile.ZipInfo(f"{name}{_ENDING}"), "w", force_zip64=True) as member:
                npy.write_array(member, array, allow_pickle=False)


register(
    Format(
        name="npz",
        title="a NumPy .npz file",
        sniff=_sniff,
        read_arrays=_read,
        read_headers=_read_headers,
        write_arrays=_write,
        endings=(".npz",),
    )
)
