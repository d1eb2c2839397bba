"""Reads what is in a ``.params`` file except the values: as fast for large arrays as for small ones."""

from __future__ import annotations

import os
from typing import Any, BinaryIO, NamedTuple

import torch
from torch import Tensor

from . import layout
from .path import as_path, opened
from .reader import _ListReader

_VERSIONS = {layout.RECORD_V1: "V1", layout.RECORD_V2: "V2", layout.RECORD_V3: "V3"}


class Header(NamedTuple):
    """One array in a file: its name ('' in a list), a tensor without values for shape and type, its format version."""

    name: str
    tensor: Tensor
    version: str


def read_headers(path: str | os.PathLike[str]) -> list[Header]:
    """Read names, shapes, types and format versions of the arrays in a ``.params`` file.

    Parameters
    ----------
    path : str or path-like
        The file.

    Returns
    -------
    list of Header
        The arrays in the order of the file; `tensor` is on torch's device ``meta``, and `version` one of 'V1', 'V2',
        'V3' and 'V0', the oldest.

    Raises
    ------
    MXNetError
        As `read_params`, for everything but the values, which are not read.

    Examples
    --------
    >>> import os, tempfile, torch
    >>> from glueball.serialization import write_params
    >>> path = os.path.join(tempfile.mkdtemp(), "one.params")
    >>> write_params(path, {"weight": torch.zeros(2, 3)})
    >>> [(name, tuple(tensor.shape), version) for name, tensor, version in read_headers(path)]
    [('weight', (2, 3), 'V2')]
    """
    name = as_path("read_headers", path)
    with opened(name, "a .params file") as file:
        return load_headers(file, name)


def load_headers(file: BinaryIO, name: str) -> list[Header]:
    """Read what `read_headers` reads from an open, seekable binary file; `name` is what messages call it."""
    layout.require_little_endian(name)
    reader = _HeaderReader(file, name)
    read = reader.read()
    pairs = read.items() if isinstance(read, dict) else (("", tensor) for tensor in read)
    return [Header(name, tensor, version) for (name, tensor), version in zip(pairs, reader.versions, strict=True)]


class _HeaderReader(_ListReader):
    """Skips the values, after checking that the file has them."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        super().__init__(file, name)
        self.versions: list[str] = []

    def read_record(self) -> Any:
        (magic,) = self.unpack(layout.U32)
        self.step(-layout.U32.size)
        self.versions.append(_VERSIONS.get(magic, "V0"))
        return super().read_record()

    def read_values(self, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        tensor = torch.empty(shape, dtype=dtype, device="meta")
        self.step(tensor.numel() * dtype.itemsize)
        return tensor

    def made_sparse(self, stype: str, at: int, shape: tuple[int, ...], parts: list[Any]) -> Tensor:
        for part in parts:
            self.read_checked(*part)
        return torch.empty(shape, dtype=parts[0][1], device="meta")

    def step(self, count: int) -> None:
        self.file.seek(count, os.SEEK_CUR)
        self.position += count
