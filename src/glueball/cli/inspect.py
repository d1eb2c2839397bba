"""Show what is in a graph file or a file of arrays, and draw networks."""

from __future__ import annotations

import argparse
import glob
import json
import os
import re
import sys

from torch import Tensor

from ..core.errors import MXNetError
from ..graph import engines
from ..serialization import atomic_write
from ..serialization.checkpoint import without_kind
from ..serialization.formats import FORMATS, RecognizedFile, recognized
from ..serialization.headers import Header
from ._inspect_arrays import ArraysReport
from ._inspect_engine import explain
from ._inspect_graph import GraphReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the sub-command."""
    known = " or ".join(each.title for each in FORMATS.values())
    parser.add_argument("file", metavar="FILE", help=known)
    parser.add_argument(
        "--shape", metavar="NAME=1,3,224,224", action="append", default=[], type=_shape,
        help="the shape of an input, which outputs and FLOPs depend on; repeat for each input",
    )  # fmt: skip
    parser.add_argument(
        "--params", metavar="FILE",
        help="the parameters of the graph; by default the newest NAME-0000.params beside NAME-symbol.json",
    )  # fmt: skip
    parser.add_argument(
        "--engine", metavar="NAME",
        help=f"run the graph with this engine ({', '.join(engines.names())}) and show its kernels and their times",
    )  # fmt: skip
    parser.add_argument("--svg", metavar="FILE", help="draw the network to this file")
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    """Print what is in the file; see `add_arguments`."""
    with recognized("inspect", arguments.file) as file:
        report = _graph(arguments, file) if file.format.read_graph else _arrays(arguments, file)
    text = json.dumps(report.as_json(), indent=2) if arguments.json else report.as_text()
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))  # names may contain any characters
    return 0


def _arrays(arguments: argparse.Namespace, file: RecognizedFile) -> ArraysReport:
    for option in ("shape", "params", "engine", "svg"):
        if getattr(arguments, option):
            raise MXNetError(
                f"{arguments.file}: --{option} needs a graph; received {file.format.title}, which holds arrays only; "
                "pass the graph file, and this one with --params"
            )
    headers = file.headers()
    file.file.seek(0)
    return ArraysReport(arguments.file, file.format.name, headers, file.metadata())


def _graph(arguments: argparse.Namespace, file: RecognizedFile) -> GraphReport:
    graph = file.graph()
    notes: list[str] = []
    path = arguments.params or (arguments.file if file.format.read_headers else _beside(arguments.file))
    headers: list[Header] = []
    if path:
        try:
            with recognized("inspect --params", path) as params:
                headers = params.headers()
        except MXNetError as error:
            if arguments.params:
                raise
            notes.append(f"The parameters beside the graph are not used: {error}")
            path = None
    report = GraphReport(
        arguments.file,
        graph,
        dict(arguments.shape),
        path,
        {without_kind(header.name): header.tensor for header in headers},
        notes,
    )
    if arguments.engine:
        name = os.path.basename(arguments.file).removesuffix("-symbol.json")
        report.explanation = explain(
            arguments.engine, report.symbol, report.network, dict(arguments.shape), _values(path), name
        )
    if arguments.svg:
        text = report.drawing()
        with atomic_write(arguments.svg, "inspect") as svg:
            svg.write(text.encode())
    return report


def _values(path: str | None) -> dict[str, Tensor]:
    """Return the arrays of a file by their names; where there is no file, there are none."""
    if path is None:
        return {}
    with recognized("inspect --params", path) as params:
        arrays = params.arrays()
    return {without_kind(name): array for name, array in arrays.items()} if isinstance(arrays, dict) else {}


def _beside(path: str) -> str | None:
    """Return the newest parameters that were saved with the graph, if any."""
    stem = re.sub(r"-symbol\.json$", "", path)
    if stem == path:
        return None
    found = sorted(glob.glob(f"{glob.escape(stem)}-[0-9][0-9][0-9][0-9].params"))
    return found[-1] if found else None


def _shape(text: str) -> tuple[str, tuple[int, ...]]:
    name, separator, lengths = text.rpartition("=")
    fields = lengths.strip().strip("()[]").rstrip(",").split(",")
    if not separator or not name or not all(field.strip().isdecimal() for field in fields):
        raise argparse.ArgumentTypeError(f"must be NAME=LENGTH,LENGTH,...; received {text!r}; write data=1,3,224,224")
    return name, tuple([int(field) for field in fields])
