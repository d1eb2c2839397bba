"""The table of file formats: the first bytes of a file identify its format, which says how to read it.

Each format is one `Format` that a module of the package `glueball.formats` registers; those modules are discovered
automatically. ``nd.load``, ``sym.load``, everything built on them, and ``glueball inspect`` use this table.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from torch import Tensor

from ..core.errors import MXNetError, nearest
from .headers import Header
from .path import as_path, opened

Arrays = dict[str, Any] | list[Any]

_HEAD = 4096  # bytes that a format may look at to recognize its files
_DEFAULT = "params"  # the format for arrays unless the file name selects another
_Content = TypeVar("_Content")


@dataclass(frozen=True)
class GraphFile:
    """What a file says about a graph.

    Parameters
    ----------
    outputs : tuple of glueball.symbol.node.Entry
        The outputs of the graph.
    producer : str
        What wrote the file, in human-readable form.
    mxnet_version : str, optional
        The version of MXNet that wrote it, such as '1.9.1'; None if the file does not say.
    """

    outputs: tuple[Any, ...]
    producer: str
    mxnet_version: str | None = None


@dataclass(frozen=True)
class Summary:
    """What is in a file that has neither MXNet's graph nor arrays alone, for ``glueball inspect``.

    Parameters
    ----------
    facts : dict of str to str
        What the file says of itself.
    tables : dict of str to list of dict
        Lists of what it holds; all dicts of a list have the same keys.
    totals : dict of str to int
        Numbers.
    """

    facts: dict[str, str]
    tables: dict[str, list[dict[str, Any]]]
    totals: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Format:
    """A file format: how to recognize its files, and its functions. What it cannot do stays None.

    Readers get a file open at its start, and a name for messages: for a file on disk, its path. They trust nothing in
    the file, and refuse a bad file with an MXNetError that begins with that name.

    Parameters
    ----------
    name : str
        What ``glueball inspect --json`` calls it.
    title : str
        What messages call a file of this format, with an article.
    sniff : callable
        ``(head, name) -> bool``: whether a file that begins with these bytes (512 or more, or the whole file) has this
        format. No file may match two formats.
    read_arrays : callable, optional
        ``(file, name) -> dict or list of Tensor``: the arrays, on the CPU, each in its own memory.
    read_headers : callable, optional
        ``(file, name) -> list of Header``: the names, shapes and types of the arrays, without reading their values;
        required with `read_arrays`.
    read_metadata : callable, optional
        ``(file, name) -> dict of str to str``: what else the file says of itself.
    write_arrays : callable, optional
        ``(file, tensors, owner) -> None``: write a dict or list of tensors; messages begin with `owner`. Everything is
        checked before the first byte is written.
    endings : tuple of str
        ``nd.save`` writes this format to files whose names end in one of these (case-insensitive).
    read_graph : callable, optional
        ``(file, name) -> GraphFile``: the graph. A format that also has `read_headers` holds the graph's parameters.
    read_summary : callable, optional
        ``(file, name) -> Summary``: what ``glueball inspect`` shows unless it is asked about the graph.
    door : str
        What reads such a file, for messages, if it is neither ``mx.sym.load`` nor ``mx.nd.load``.

    Examples
    --------
    >>> from glueball.serialization.formats import FORMATS
    >>> FORMATS["params"].title
    'a .params file'
    """

    name: str
    title: str
    sniff: Callable[[bytes, str], bool]
    read_arrays: Callable[[BinaryIO, str], Arrays] | None = None
    read_headers: Callable[[BinaryIO, str], list[Header]] | None = None
    read_metadata: Callable[[BinaryIO, str], dict[str, str]] | None = None
    write_arrays: Callable[[BinaryIO, Mapping[str, Tensor] | Sequence[Tensor], str], None] | None = None
    endings: tuple[str, ...] = ()
    read_graph: Callable[[BinaryIO, str], GraphFile] | None = None
    read_summary: Callable[[BinaryIO, str], Summary] | None = None
    door: str = ""


#: The registered formats by name.
FORMATS: dict[str, Format] = {}


def register(new: Format) -> None:
    """Add a format to the table.

    Raises
    ------
    MXNetError
        The name is taken, or the format has only one of `read_arrays` and `read_headers`.
    """
    if (new.read_arrays is None) != (new.read_headers is None):
        raise MXNetError(
            f"formats.register: read_arrays and read_headers must be given together; received one for {new.name!r}"
        )
    if new.name in FORMATS:
        raise MXNetError(f"formats.register: each format must have a unique name; received {new.name!r} again")
    FORMATS[new.name] = new


@dataclass(frozen=True)
class RecognizedFile:
    """An open file of a known format; one of these methods reads it, once."""

    file: BinaryIO
    name: str
    format: Format

    def arrays(self) -> Arrays:
        """Read the arrays."""
        return self._read(self.format.read_arrays, "arrays")

    def headers(self) -> list[Header]:
        """Read the names, shapes and types of the arrays, but not their values."""
        return self._read(self.format.read_headers, "arrays")

    def metadata(self) -> dict[str, str]:
        """Read what the file says of itself; nothing if its format has no place for that."""
        return self.format.read_metadata(self.file, self.name) if self.format.read_metadata else {}

    def graph(self) -> GraphFile:
        """Read the graph."""
        return self._read(self.format.read_graph, "a graph")

    def summary(self) -> Summary:
        """Read what ``glueball inspect`` shows."""
        return self._read(self.format.read_summary, "a summary")

    def _read(self, read: Callable[[BinaryIO, str], _Content] | None, what: str) -> _Content:
        if read is None:
            door = self.format.door or ("mx.sym.load" if self.format.read_graph else "mx.nd.load")
            raise MXNetError(
                f"{self.name}, byte 0: the file must hold {what}; received another format; "
                f"for {self.format.title}, {door} is the reader"
            )
        return read(self.file, self.name)


@contextlib.contextmanager
def recognized(owner: str, path: str | os.PathLike[str]) -> Iterator[RecognizedFile]:
    """Open a file and detect its format.

    Parameters
    ----------
    owner : str
        The caller's name; the message about an invalid path begins with it.
    path : path
        The file.

    Raises
    ------
    TypeError
        `path` is not a path.
    MXNetError
        The file cannot be read, or is of no known format.

    Examples
    --------
    >>> import os, tempfile, torch
    >>> from glueball.serialization import write_params
    >>> from glueball.serialization.formats import recognized
    >>> path = os.path.join(tempfile.mkdtemp(), "two")
    >>> write_params(path, [torch.zeros(2)])
    >>> with recognized("example", path) as file:
    ...     print(file.format.name, file.arrays())
    params [tensor([0., 0.])]
    """
    name = as_path(owner, path)
    with opened(name) as file:
        yield RecognizedFile(file, name, _format_of(file.peek(_HEAD)[:_HEAD], name))


def recognized_buffer(content: bytes | bytearray | memoryview, name: str = "buffer") -> RecognizedFile:
    """Detect the format of bytes in memory."""
    file = io.BytesIO(content)
    return RecognizedFile(file, name, _format_of(bytes(file.getbuffer()[:_HEAD]), name))


def array_writer(
    path: str | os.PathLike[str],
    tensors: Mapping[str, Any] | Sequence[Any],
    owner: str,
    format: str | None = None,
) -> Callable[[BinaryIO], None]:
    """Return a function that writes arrays to an open file.

    The format is the named one, else that of the file name's extension, else ``.params``. Messages begin with `owner`.

    Raises
    ------
    MXNetError
        The path is none, or no format of arrays has this name.
    """
    name = as_path(owner, path).lower()
    writers = {each.name: each.write_arrays for each in FORMATS.values() if each.write_arrays}
    if format is None:
        format = next((each for each in writers if name.endswith(FORMATS[each].endings)), _DEFAULT)
    if format not in writers:
        close = nearest(format, list(writers)) if isinstance(format, str) else ""
        raise MXNetError(f"{owner}: format must be one of {', '.join(map(repr, writers))}; received {format!r}{close}")
    write = writers[format]
    values = list(tensors.values()) if isinstance(tensors, Mapping) else tensors
    if format != _DEFAULT and not all(isinstance(value, Tensor) for value in values):
        raise MXNetError(
            f"{owner}: sparse arrays must be saved as .params; received the format {format!r}; convert them with "
            "tostype('default') first"
        )
    return lambda file: write(file, tensors, owner)


def _format_of(head: bytes, name: str) -> Format:
    for each in FORMATS.values():
        if each.sniff(head, name):
            return each
    known = ", ".join(each.title for each in FORMATS.values())
    received = f"a file that begins with {head[:16]!r}" if head else "an empty file"
    raise MXNetError(
        f"{name}, byte 0: the file must have one of the known formats ({known}); received {received}; "
        "if it should have one of them, it is damaged: take another copy"
    )
