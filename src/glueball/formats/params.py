"""MXNet's own array format, ``.params``, which `glueball.serialization` reads and writes and its SPEC.md describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from ..serialization import dump_params, layout, load_params
from ..serialization.formats import Format, register
from ..serialization.headers import load_headers

_MAGIC = layout.U64.pack(layout.LIST_MAGIC)


def _sniff(head: bytes, name: str) -> bool:
    # a file truncated within the number is left to the reader, which reports the damage and where it is
    # a header of safetensors may have this number of bytes, and text behind it where this format has zeros
    return bool(head) and head.startswith(_MAGIC[: len(head)]) and not head[len(_MAGIC) :].startswith(b"{")


def _write(file: BinaryIO, tensors: Mapping[str, Any] | Sequence[Any], owner: str) -> None:
    dump_params(file, tensors, owner=owner)


register(
    Format(
        name="params",
        title="a .params file",
        sniff=_sniff,
        read_arrays=load_params,
        read_headers=load_headers,
        write_arrays=_write,
        endings=(".params",),
    )
)
