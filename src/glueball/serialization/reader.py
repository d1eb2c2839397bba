"""Reads ``.params`` files into torch tensors. Nothing in a file is trusted before it is checked."""

from __future__ import annotations

import io
import math
import os
from struct import Struct
from typing import Any, BinaryIO, NoReturn

import torch
from torch import Tensor

from ..core.dtype import FLAG_TO_TORCH, TORCH_TO_NAME
from ..core.errors import MXNetError
from . import layout
from .path import as_path, opened
from .sparse_record import fault, made

_DAMAGED = "the file is damaged or is no .params file: take another copy"


def read_params(path: str | os.PathLike[str]) -> dict[str, Any] | list[Any]:
    """Read a ``.params`` file of any MXNet version up to 1.9.1.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    dict of str to Tensor, or list of Tensor
        A dict when the file holds names. A sparse array is a `Csr` or a `Rows`
        (`core/sparse_forms.py`). The tensors are on the CPU, whatever device they were saved from.
        They are writable, each has its own memory, and none depends on the file any more.

    Raises
    ------
    MXNetError
        The file is missing, truncated, damaged, or holds something unsupported (arrays without
        a value, dtypes that MXNet 1.9.1 does not have). The message names the file, the byte and the rule.

    Differs from MXNet
    ------------------
    Duplicate names, names with a NUL character and bytes after the end are refused. Files that MXNet
    reads only within ``np_shape(True)`` are read anywhere.

    Examples
    --------
    >>> import os, tempfile, torch
    >>> from glueball.serialization import read_params, write_params
    >>> path = os.path.join(tempfile.mkdtemp(), "two.params")
    >>> write_params(path, [torch.zeros(2), torch.ones(3, dtype=torch.int64)])
    >>> read_params(path)
    [tensor([0., 0.]), tensor([1, 1, 1])]
    """
    name = as_path("read_params", path)
    with opened(name, "a .params file") as file:
        return load_params(file, name)


def load_params(file: BinaryIO | bytes | bytearray | memoryview, name: str = "buffer") -> dict[str, Any] | list[Any]:
    """Read what `read_params` reads from an open, seekable binary file, or from bytes in memory.

    Parameters
    ----------
    file : binary file or bytes-like
        Read from its current position, which must be where the list begins, to its end.
    name : str
        What error messages call it.

    Returns
    -------
    dict of str to Tensor, or list of Tensor
        As `read_params`.
    """
    layout.require_little_endian(name)
    if not isinstance(file, (bytes, bytearray, memoryview)):
        return _ListReader(file, name).read()
    return _ListReader(io.BytesIO(file), name).read()


class _ListReader:
    """Reads one list front to back, counting bytes, so that every failure can say where it happened."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        start = file.tell()
        self.size = file.seek(0, os.SEEK_END) - start
        file.seek(start)
        self.file = file
        self.name = name
        self.position = 0

    @property
    def left(self) -> int:
        return self.size - self.position

    def read(self) -> dict[str, Any] | list[Any]:
        magic, _reserved, count = self.unpack(layout.FILE_HEADER)
        if magic != layout.LIST_MAGIC:
            self.fail("a .params file begins with the number 0x112", hex(magic), 0)
        if count > self.left // layout.SMALLEST_RECORD:
            self.fail("all arrays must lie inside the file", f"{count} arrays, {self.left} bytes left", at=16)
        if count > layout.most_arrays(self.size):
            rule = f"a file of {self.size} bytes must hold at most {layout.most_arrays(self.size)} arrays"
            self.fail(rule, count, 16, "join arrays of a few bytes into larger ones")
        tensors = [self.read_record() for _ in range(count)]
        names = self.read_names(count)
        if self.left:
            self.fail("the file must end after the last name", f"{self.left} more bytes")
        return dict(zip(names, tensors, strict=True)) if names else tensors

    def read_names(self, arrays: int) -> list[str]:
        at = self.position
        (count,) = self.unpack(layout.U64)
        if count not in (0, arrays):
            self.fail(f"there must be no names, or one for each of {arrays} arrays", f"{count} names", at)
        names: dict[str, None] = {}
        for _ in range(count):
            at = self.position
            name = self.read_name()
            if name in names:
                self.fail("each name must occur once", repr(name), at)
            names[name] = None
        return list(names)

    def read_name(self) -> str:
        (length,) = self.unpack(layout.U64)
        at = self.position
        if length > self.left:
            self.fail("a name must lie inside the file", f"length {length}, {self.left} bytes left", at - 8)
        raw = self.take(length)
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            self.fail("names must be UTF-8", repr(raw[:80]), at)
        if "\0" in name:
            self.fail("names must not contain a NUL character", repr(name[:80]), at)
        return name

    def read_record(self) -> Any:
        at = self.position
        (magic,) = self.unpack(layout.U32)
        if magic in (layout.RECORD_V2, layout.RECORD_V3):
            stype = self.read_storage()
            if stype:
                return self.read_sparse(stype)
            (dimensions,) = self.unpack(layout.I32)
            if dimensions == -1 or (dimensions == 0 and magic == layout.RECORD_V2):
                fix = "save the list without it"
                self.fail("every array must have a value", "an array without one", at, fix)
            return self.read_data(self.read_shape(dimensions, layout.U64))
        if magic == layout.RECORD_V1:
            (dimensions,) = self.unpack(layout.U32)
            return self.read_data(self.read_shape(dimensions, layout.U64))
        if magic <= layout.MAX_DIMENSIONS:  # the oldest layout begins with its number of dimensions
            return self.read_data(self.read_shape(magic, layout.U32))
        known = ", ".join(map(hex, (layout.RECORD_V1, layout.RECORD_V2, layout.RECORD_V3)))
        self.fail(f"an array begins with {known} or a number up to {layout.MAX_DIMENSIONS}", hex(magic), at)

    def read_storage(self) -> str:
        """Return the storage type of a sparse array, or '' for a dense one."""
        at = self.position
        (storage,) = self.unpack(layout.I32)
        if storage != layout.DENSE and storage not in layout.SPARSE_STORAGE:
            self.fail("the storage type of an array must be 0, 1 or 2", storage, at)
        return layout.SPARSE_STORAGE.get(storage, "")

    def read_sparse(self, stype: str) -> Any:
        at = self.position
        stored, shape = (self.read_shape(self.unpack(layout.I32)[0], layout.U64) for _ in range(2))
        kind = self.read_type()
        auxiliary = []
        for _ in range(2 if stype == "csr" else 1):
            (flag,) = self.unpack(layout.I32)
            if FLAG_TO_TORCH.get(flag) is not torch.int64:
                self.fail("the indices of a sparse array must be int64, type 6", flag)
            auxiliary.append(self.read_shape(self.unpack(layout.I32)[0], layout.U64))
        return self.made_sparse(stype, at, shape, [(stored, kind), *[(one, torch.int64) for one in auxiliary]])

    def made_sparse(self, stype: str, at: int, shape: tuple[int, ...], parts: list[Any]) -> Any:
        values, *auxiliary = [self.read_checked(*part) for part in parts]
        wrong = fault(stype, values, auxiliary, shape)
        if wrong:
            self.fail(wrong, f"shapes {[part[0] for part in parts]}", at)
        return made(stype, values, auxiliary, shape)

    def read_shape(self, dimensions: int, size: Struct) -> tuple[int, ...]:
        at = self.position
        if not 0 <= dimensions <= layout.MAX_DIMENSIONS:
            self.fail(f"an array must have 0 to {layout.MAX_DIMENSIONS} dimensions", dimensions, at - 4)
        raw = self.take(dimensions * size.size)
        shape = tuple(value for (value,) in size.iter_unpack(raw))
        # Zeros are skipped because torch multiplies the other sizes to get the strides of an empty array.
        if math.prod(value for value in shape if value) >= 2**60:
            self.fail("a shape must hold fewer than 2**60 elements of sizes >= 0", shape, at)
        return shape

    def read_data(self, shape: tuple[int, ...]) -> Tensor:
        return self.read_checked(shape, self.read_type())

    def read_type(self) -> torch.dtype:
        _device_type, _device_number, flag = self.unpack(layout.RECORD_TAIL)
        dtype = FLAG_TO_TORCH.get(flag)
        if dtype is None:
            known = ", ".join(f"{number} ({TORCH_TO_NAME[kind]})" for number, kind in FLAG_TO_TORCH.items())
            self.fail(f"the dtype of an array must be one of {known}", flag, at=self.position - 4)
        return dtype

    def read_checked(self, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        elements = math.prod(shape)
        if elements * dtype.itemsize > self.left:
            needed = elements * dtype.itemsize
            rule = f"the {needed} bytes of an array of shape {shape} must lie inside the file"
            self.fail(rule, f"{self.left} bytes left")
        return self.read_values(shape, dtype)

    def read_values(self, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        # read into its final place: no second copy, and no array keeps the memory of another alive
        tensor = torch.empty(shape, dtype=dtype, device="cpu")
        raw = tensor.view(-1).view(torch.uint8)
        self.fill(raw.numpy().data)
        if dtype == torch.bool:
            raw.ne_(0)  # torch allows only 0 and 1
        return tensor

    def unpack(self, layout_: Struct) -> tuple[int, ...]:
        return layout_.unpack(self.take(layout_.size))

    def take(self, count: int) -> bytes:
        raw = self.file.read(count) if count <= self.left else b""
        if len(raw) != count:
            self.fail(f"the next {count} bytes must lie inside the file", f"{self.left} bytes left")
        self.position += count
        return raw

    def fill(self, memory: memoryview) -> None:
        while len(memory):
            count = self.file.readinto(memory)  # type: ignore[attr-defined]  # every binary file has it
            if not count:
                self.fail("the file must not shrink while it is read", f"{len(memory)} bytes missing")
            self.position += count
            memory = memory[count:]

    def fail(self, rule: str, received: object, at: int | None = None, fix: str = _DAMAGED) -> NoReturn:
        at = self.position if at is None else at
        raise MXNetError(f"{self.name}, byte {at}: {rule}; received {received}; {fix}")
