"""Where an ImageIter has its pictures from: a record file, a list file or a list; and the order in which they come."""

from __future__ import annotations

import os
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np

from .. import ndarray as nd
from .. import recordio
from ..core.errors import MXNetError, RefusedError, file_error
from ..ndarray import NDArray

#: The types that labels can have.
LABEL_TYPES = ("int32", "float32", "int64", "float64")

#: A label, and a file's name or a file's bytes.
Labelled = tuple[NDArray, str]


def listed(owner: str, path: str, dtype: str) -> dict[Any, Labelled]:
    """Read a list file: a number, the labels and a file's name in each line, with tabs between them."""
    entries: dict[Any, Labelled] = {}
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.readlines()
    except OSError as error:
        raise file_error(f"{owner}: path_imglist {path!r} cannot be read: {error.strerror or error}", error) from error
    for number, line in enumerate(lines, 1):
        key, *labels, name = line.strip().split("\t") if "\t" in line else ("", line)
        try:
            entries[int(key)] = nd.array([float(label) for label in labels], dtype=dtype), name
        except ValueError:
            raise MXNetError(
                f"{owner}: each line of path_imglist must be a number, labels and a file's name, with tabs between "
                f"them; received {line.strip()[:80]!r} in line {number} of {path!r}"
            ) from None
    return entries


def enumerated(owner: str, entries: Sequence[Any], dtype: str) -> dict[Any, Labelled]:
    """Return the entries of a list, [label, file name] or [label, label, ..., file name], by their number as text."""
    found: dict[Any, Labelled] = {}
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, list | tuple) or len(entry) < 2:
            raise MXNetError(f"{owner}: each entry of imglist must be [label, file name]; received {entry!r}")
        label, name = entry[:-1], entry[-1]
        if len(label) == 1 and not isinstance(label[0], Real):
            label = label[0]
        found[str(number)] = nd.array(np.asarray(label), dtype=dtype), name
    return found


def opened(path: str, index: str | None) -> tuple[Any, list[Any] | None]:
    """Open a record file, and return with it the keys of its index, if it has one."""
    if index is None:
        return recordio.MXRecordIO(path, "r"), None
    indexed = recordio.MXIndexedRecordIO(index, path, "r")
    return indexed, list(indexed.keys)


def part_of(owner: str, order: list[Any], part_index: int, num_parts: int) -> list[Any]:
    """Return one of several equal parts of an order; a rest is left out."""
    if num_parts <= 1:
        return order
    if not 0 <= part_index < num_parts:
        raise RefusedError(f"{owner}: part_index must be from 0 to {num_parts - 1}; received {part_index}")
    length = len(order) // num_parts
    return order[part_index * length : (part_index + 1) * length]


def read_file(owner: str, root: str | None, name: str) -> bytes:
    """Return the bytes of a picture's file."""
    path = os.path.join(root or "", name)
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        told = f"{owner}: the file {path!r} cannot be read: {error.strerror or error}; is path_root right?"
        raise file_error(told, error) from error
