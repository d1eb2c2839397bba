"""Show what is in a graph file or a file of arrays, and draw networks."""

from __future__ import annotations

import argparse
import json
import os

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
from ._inspect_summary import SummaryReport
from ._model_files import beside, files_of
from ._options import add_shape
from ._output import show

EXAMPLES = (
    "net-symbol.json                                   # layers and parameters; net-0010.params is found by itself",
    "net-symbol.json --shape data=1,3,224,224          # with the shapes of all outputs, and FLOPs",
    "net-symbol.json --shape data=1,3,224,224 --engine onednn --svg net.svg",
    "net-0010.params --json                            # the arrays, for programs",
)

_OF_GRAPHS = ("shape", "params", "engine", "svg")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the sub-command."""
    known = " or ".join(each.title for each in FORMATS.values())
    parser.add_argument("file", metavar="FILE", help=f"{known}; or a folder with one graph")
    add_shape(parser, "the shape of an input, which outputs and FLOPs depend on")
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
    if os.path.isdir(arguments.file) or not os.path.exists(arguments.file):
        arguments.file, _ = files_of("inspect", arguments.file)
    with recognized("inspect", arguments.file) as file:
        report = _report(arguments, file)
    show([json.dumps(report.as_json(), indent=2)] if arguments.json else report.parts())
    return 0


def _report(arguments: argparse.Namespace, file: RecognizedFile) -> ArraysReport | GraphReport | SummaryReport:
    asked = any(getattr(arguments, option) for option in _OF_GRAPHS)
    if file.format.read_summary and not (asked and file.format.read_graph):
        _refuse_options(arguments, file)
        return SummaryReport(arguments.file, file.format.name, file.format.title, file.summary())
    return _graph(arguments, file) if file.format.read_graph else _arrays(arguments, file)


def _refuse_options(arguments: argparse.Namespace, file: RecognizedFile) -> None:
    for option in _OF_GRAPHS:
        if getattr(arguments, option):
            holds = "which holds arrays only; pass the graph file, and this one with --params"
            if not file.format.read_arrays:
                holds = "whose graph Glueball does not run; leave the option out"
            raise MXNetError(
                f"{arguments.file}: --{option} needs a graph of MXNet; received {file.format.title}, {holds}"
            )


def _arrays(arguments: argparse.Namespace, file: RecognizedFile) -> ArraysReport:
    _refuse_options(arguments, file)
    headers = file.headers()
    file.file.seek(0)
    return ArraysReport(arguments.file, file.format.name, headers, file.metadata())


def _graph(arguments: argparse.Namespace, file: RecognizedFile) -> GraphReport:
    graph = file.graph()
    notes: list[str] = []
    path = arguments.params or (arguments.file if file.format.read_headers else beside(arguments.file))
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
