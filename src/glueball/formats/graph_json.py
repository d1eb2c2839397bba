"""MXNet's own graph format, ``-symbol.json``, which `glueball.symbol` reads and writes and its SPEC.md describes."""

from __future__ import annotations

from typing import BinaryIO

from ..core.errors import MXNetError
from ..serialization.formats import Format, GraphFile, register
from ..symbol.json_document import OLDEST, parse
from ..symbol.json_reader import read_document


def _sniff(head: bytes, name: str) -> bool:
    # text has no zero bytes, unlike a binary file whose first number happens to look like a brace
    return head.lstrip().startswith(b"{") and b"\0" not in head[:8]


def _read(file: BinaryIO, name: str) -> GraphFile:
    content = file.read()
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise MXNetError(
            f"{name}, byte {error.start}: a graph file must be UTF-8 text; "
            f"received {content[error.start : error.end]!r}; take another copy of the file"
        ) from error
    document = parse(text, name)
    outputs = read_document(document, name)
    version = document.version
    dotted = f"{version // 10000}.{version // 100 % 100}.{version % 100}"
    return GraphFile(
        outputs,
        producer=f"MXNet {dotted}" if version > OLDEST else "MXNet 0.8 or older, which wrote no version",
        mxnet_version=None if version == OLDEST else dotted,
    )


register(Format(name="graph", title="a graph as JSON", sniff=_sniff, read_graph=_read))
