"""The format of the package safetensors: a header in JSON and the values behind it; nothing in it is ever run.

The package reads and writes it. What it accepts and Glueball does not, the header is checked for before: names that
occur twice, headers larger than any network needs, types that MXNet lacks.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, NoReturn

import torch
from torch import Tensor

from .._version import __version__
from ..core.dtype import TORCH_TO_NAME
from ..core.errors import MXNetError
from ..core.extras import required
from ..serialization import layout
from ..serialization.formats import Arrays, Format, register
from ..serialization.headers import Header
from ..serialization.writer import check_arrays

_TYPES = {
    "F32": torch.float32, "F64": torch.float64, "F16": torch.float16, "BF16": torch.bfloat16, "U8": torch.uint8,
    "I8": torch.int8, "I32": torch.int32, "I64": torch.int64, "BOOL": torch.bool,
}  # fmt: skip
_METADATA = "__metadata__"
_DTYPES = "mxnet.dtypes"  # of our files: MXNet's types by name, in the order in which the arrays were saved
_LIST = "mxnet.list"  # of our files: the arrays have no names, but places
_MOST = 2**24  # bytes of a header, as JSON takes some 25 times its size in memory; a thousand arrays have 10**5
_DAMAGED = "the file is damaged or is no safetensors file: take another copy"


def _sniff(head: bytes, name: str) -> bool:
    return len(head) > 8 and head[8:9] == b"{" and head[6:8] == b"\0\0"


def _read(file: BinaryIO, name: str) -> Arrays:
    metadata, headers = _Header(file, name).read()
    package = required("safetensors.torch", "safetensors", name)
    file.seek(0)
    try:
        found: dict[str, Tensor] = package.load(file.read())
    except package.SafetensorError as error:
        raise MXNetError(f"{name}: safetensors must be able to read the file; it says: {error}; {_DAMAGED}") from error
    for tensor in found.values():
        if tensor.dtype == torch.bool:
            tensor.view(torch.uint8).ne_(0)  # torch allows only 0 and 1
    values = [found[header.name] for header in headers]
    names = [header.name for header in headers]
    return values if _LIST in metadata else dict(zip(names, values, strict=True))


def _read_headers(file: BinaryIO, name: str) -> list[Header]:
    metadata, headers = _Header(file, name).read()
    return [header._replace(name="") for header in headers] if _LIST in metadata else headers


def _read_metadata(file: BinaryIO, name: str) -> dict[str, str]:
    metadata, _ = _Header(file, name).read()
    return metadata


class _Header:
    """Reads the header of a file, and checks that it describes the rest of it."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name = file, name

    def read(self) -> tuple[dict[str, str], list[Header]]:
        """Return the metadata, and the arrays in the order in which they were saved, where that is known."""
        layout.require_little_endian(self._name)
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        start = self._file.read(layout.U64.size)
        (length,) = layout.U64.unpack(start) if len(start) == layout.U64.size else self._fail("must have 8 bytes", size)
        if length > min(_MOST, size - layout.U64.size):
            self._fail(f"the header must lie inside the file and have at most {_MOST} bytes", f"{length} bytes")
        document = self._parsed(self._file.read(length))
        metadata = document.pop(_METADATA, {})
        if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
            self._fail(f"{_METADATA} must map names to text", repr(metadata)[:80])
        if len(document) > layout.most_arrays(size):
            self._fail(f"a file of {size} bytes must hold at most {layout.most_arrays(size)} arrays", len(document))
        arrays = sorted([self._array(key, entry) for key, entry in document.items()], key=lambda array: array[:2])
        end = 0
        for begin, after, header in arrays:
            if begin != end:
                self._fail("the values of all arrays must lie one behind the other", f"{header.name!r} at {begin}")
            end = after
        if end != size - layout.U64.size - length:
            self._fail("the arrays must fill the file", f"{end} bytes of values in {size - length - 8} bytes")
        return metadata, _in_order([header for _, _, header in arrays], metadata)

    def _parsed(self, content: bytes) -> dict[str, Any]:
        try:
            document = json.loads(content.decode(), object_pairs_hook=self._unique)
        except (ValueError, RecursionError) as error:
            self._fail("the header must be JSON", f"{type(error).__name__}: {str(error)[:80]}")
        if not isinstance(document, dict):
            self._fail("the header must be a JSON object", repr(document)[:80])
        return document

    def _unique(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            self._fail("each name must occur once", next(repr(name[:80]) for name in names if names.count(name) > 1))
        return found

    def _array(self, key: str, entry: Any) -> tuple[int, int, Header]:
        shape, offsets = (entry.get("shape"), entry.get("data_offsets")) if isinstance(entry, dict) else (None, None)
        if (
            shape is None
            or offsets is None
            or not _are_lengths(shape)
            or not _are_lengths(offsets)
            or len(offsets) != 2
        ):
            self._fail(f"{key[:80]!r} must have a dtype, a shape and two data_offsets", repr(entry)[:80])
        if not isinstance(entry.get("dtype"), str) or entry["dtype"] not in _TYPES:
            known = ", ".join(f"{short} ({TORCH_TO_NAME[kind]})" for short, kind in _TYPES.items())
            fix = "convert the array to one of them where the file was made"
            self._fail(f"the dtype of {key[:80]!r} must be one of {known}", repr(entry.get("dtype"))[:80], fix)
        if len(shape) > layout.MAX_DIMENSIONS or math.prod(each for each in shape if each) >= 2**60:
            rule = f"must have at most {layout.MAX_DIMENSIONS} dimensions and fewer than 2**60 elements"
            self._fail(f"{key[:80]!r} {rule}", repr(shape)[:80])
        kind = _TYPES[entry["dtype"]]
        if math.prod(shape) * kind.itemsize != offsets[1] - offsets[0]:
            self._fail(f"the data_offsets of {key[:80]!r} must fit shape and dtype", repr(entry)[:120])
        return offsets[0], offsets[1], Header(key, torch.empty(shape, dtype=kind, device="meta"), "safetensors")

    def _fail(self, rule: str, received: object, fix: str = _DAMAGED) -> NoReturn:
        raise MXNetError(f"{self._name}: {rule}; received {received}; {fix}")


def _are_lengths(value: Any) -> bool:
    return isinstance(value, list) and all(type(each) is int and each >= 0 for each in value)


def _in_order(headers: list[Header], metadata: Mapping[str, str]) -> list[Header]:
    """Return the arrays in the order in which they were saved; safetensors sorts them by type and name."""
    by_name = {header.name: header for header in headers}
    try:
        order = list(json.loads(metadata.get(_DTYPES, "")))
    except (ValueError, TypeError, RecursionError):
        return headers
    return [by_name[name] for name in order] if sorted(map(str, order)) == sorted(by_name) else headers


def _write(file: BinaryIO, tensors: Mapping[str, Tensor] | Sequence[Tensor], owner: str) -> None:
    package = required("safetensors.torch", "safetensors", owner)
    named = tensors if isinstance(tensors, Mapping) else {str(place): tensor for place, tensor in enumerate(tensors)}
    check_arrays(list(named.values()), list(named), owner)
    if _METADATA in named:
        raise MXNetError(f"{owner}: names must not be {_METADATA!r}, which safetensors keeps to itself; rename it")
    metadata = {
        "format": "mxnet",
        "producer": f"glueball {__version__}",
        _DTYPES: json.dumps({name: TORCH_TO_NAME[tensor.dtype] for name, tensor in named.items()}),
    }
    if not isinstance(tensors, Mapping):
        metadata[_LIST] = "true"
    # safetensors refuses arrays that share memory, as parameters may
    copies = {name: tensor.detach().resolve_neg().cpu().clone().contiguous() for name, tensor in named.items()}
    file.write(package.save(copies, metadata))


register(
    Format(
        name="safetensors",
        title="a safetensors file",
        sniff=_sniff,
        read_arrays=_read,
        read_headers=_read_headers,
        read_metadata=_read_metadata,
        write_arrays=_write,
        endings=(".safetensors",),
    )
)
