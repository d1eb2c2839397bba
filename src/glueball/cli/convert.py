"""Convert a network or its arrays to another format, and check the result on a sample input."""

from __future__ import annotations

import argparse
import os
import sys

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.tables import number
from ..serialization.checkpoint import with_kinds
from ..serialization.formats import FORMATS, Arrays, array_writer, recognized
from ._convert_check import difference
from ._convert_files import Staged
from ._convert_search import first_different
from ._model import Model, Sized
from ._model_files import files_of, load
from ._options import add_shape, number_of
from ._progress import Progress
from ._target import TARGETS, Job, Target, chosen
from ._targets import discover

EXAMPLES = (
    "net-symbol.json net.onnx --shape data=1,3,224,224  # net-0010.params beside it is found by itself",
    "net-0010.params net.safetensors                    # arrays only, bit for bit",
    "net-symbol.json net.py                             # a readable module for torch, and net.pt with its values",
    "net.pt2 net-symbol.json --trust                    # back: networks of torch become MXNet's files",
    "net-symbol.json net.pt2 --dynamic-batch --force    # a program of torch.export; replaces an old one",
)

discover()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the sub-command."""
    kinds = [f"{each.name}: {each.title}" for each in TARGETS.values()]
    kinds += [f"{each.name}: {each.title}" for each in FORMATS.values() if each.write_arrays]
    parser.add_argument("source", metavar="A", help="a graph file, its folder, the beginning of its name, or arrays")
    parser.add_argument("target", metavar="B", help="the file to write; its name says in which format")
    parser.add_argument("--to", metavar="FORMAT", help=f"the format, if the name does not say it; {'; '.join(kinds)}")
    parser.add_argument("--params", metavar="FILE", help="the parameters of A; by default the newest beside it")
    add_shape(parser, "the shape of an input of the sample")
    parser.add_argument("--dynamic-batch", action="store_true", help="the first axis of inputs may have any length")
    parser.add_argument("--opset", type=number_of(1, True), metavar="N", help="the version of ONNX's operators")
    parser.add_argument(
        "--tolerance", type=number_of(0), default=1e-4, metavar="X",
        help="the largest difference, relative to the largest number of the outputs; 1e-4",
    )  # fmt: skip
    parser.add_argument("--trust", action="store_true", help="A is a program of torch.export (.pt2): run it to read it")
    parser.add_argument("--force", action="store_true", help="replace files that exist")


def run(arguments: argparse.Namespace) -> int:
    """Write the other format, check it, and print the largest difference."""
    target = chosen(arguments.target, arguments.to)
    with Staged(arguments.target, arguments.force) as staged:
        if isinstance(target, str):
            said = _arrays(arguments, target, staged.path)
        else:
            said = _network(arguments, target, staged.path)
        for path in staged.install():
            print(f"wrote {path}, {number(os.path.getsize(path))} bytes")
    print(f"checked: {said}")
    return 0


def _arrays(arguments: argparse.Namespace, format: str, path: str) -> str:
    """Write the arrays of a file, or of the network that it holds; return how they were checked."""
    for option, given in (
        ("--shape", arguments.shape),
        ("--opset", arguments.opset),
        ("--dynamic-batch", arguments.dynamic_batch),
    ):
        if given:
            raise MXNetError(
                f"convert: {option} is for networks; received it for {FORMATS[format].title}; leave it out"
            )
    arrays = _arrays_of(arguments)
    write = array_writer(path, arrays, "convert", format)
    with open(path, "wb") as file:
        write(file)
    with recognized("convert", path) as written:
        found = written.arrays()
    if not _are_equal(arrays, found):
        raise MXNetError(f"convert: the arrays in {arguments.target} must be those that were written; they differ")
    return f"{number(len(arrays))} arrays, all equal bit for bit"


def _arrays_of(arguments: argparse.Namespace) -> Arrays:
    """Return the arrays of a file as they are; those of a file that holds a network have names as in checkpoints."""
    path = arguments.params or arguments.source
    if not os.path.isfile(path):
        graph, beside = files_of("convert", path)
        path = beside or graph
    with recognized("convert", path) as file:
        if file.format.read_arrays and not file.format.read_graph:
            return file.arrays()
        is_network = file.format.read_graph is None
    if not is_network:
        path, beside = files_of("convert", path)
        if beside:
            with recognized("convert", beside) as file:
                return file.arrays()
    model = load("convert", path, trusted=arguments.trust)
    states = set(model.symbol.list_auxiliary_states())
    return with_kinds(
        {name: array for name, array in model.arrays.items() if name not in states},
        {name: array for name, array in model.arrays.items() if name in states},
    )


def _are_equal(one: Arrays, other: Arrays) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = [(array, other.get(name)) for name, array in one.items()]
    elif isinstance(one, dict) or isinstance(other, dict):
        return len(one) == len(other) == 0  # files of nothing have no names
    else:
        pairs = list(zip(one, other, strict=False))
    return len(one) == len(other) and all(_is_equal(array, found) for array, found in pairs)


def _is_equal(one: Tensor, other: Tensor | None) -> bool:
    if other is None or one.dtype is not other.dtype or one.shape != other.shape:
        return False
    first, second = (array.contiguous().view(-1).view(torch.uint8) for array in (one, other))
    return bool(torch.equal(first, second))


def _network(arguments: argparse.Namespace, target: Target, path: str) -> str:
    """Write a network; return how it was checked."""
    for option in ("dynamic_batch", "opset"):
        if getattr(arguments, option) and option not in target.options:
            raise MXNetError(f"convert: --{option.replace('_', '-')} is not for {target.title}; leave it out")
    with Progress(f"to {target.name}", 3, sys.stderr) as progress:
        model = load("convert", arguments.source, arguments.params, arguments.trust)
        job = Job(_sized(arguments, model), arguments.dynamic_batch, arguments.opset)
        for note in model.notes:
            progress.say(note)
        progress.advance()
        target.write(job, path)
        progress.advance()
        apart = difference(job, target, path)
        progress.advance()
        if apart.exceeds(arguments.tolerance):
            raise _different(job, target, apart, arguments.tolerance, progress)
    inputs = ", ".join(f"{name}={','.join(map(str, job.sized.shapes[name]))}" for name in model.data)
    larger = " and a larger batch" if job.dynamic_batch else ""
    return f"random inputs {inputs}{larger}; largest difference {apart}, computed by {target.runtime()}"


def _sized(arguments: argparse.Namespace, model: Model) -> Sized:
    missing = [name for name in model.symbol.list_inputs() if name not in model.arrays and name not in model.inputs]
    if missing:
        raise MXNetError(
            f"convert: the network must have all of its parameters; {arguments.source} has none for "
            f"{', '.join(missing[:5])}{'...' if len(missing) > 5 else ''}; pass them with --params FILE"
        )
    return model.sized("convert", dict(arguments.shape))


def _different(job: Job, target: Target, apart: object, tolerance: float, progress: Progress) -> MXNetError:
    """Return the error for a difference, with the layer where it begins."""
    progress.say(f"the outputs differ by {apart}; looking for the layer where that begins")
    found = first_different(job, target, tolerance, lambda left: progress.advance(0))
    where, what = "no single layer shows it, only all of them together", "target"
    if found:
        where = f"it begins at the layer {found.title}, which differs by {found.difference} as it was {found.was}"
        what = "source" if found.was == "read" else "target"
    return MXNetError(
        f"convert: the outputs of {target.title} must differ by at most {tolerance:g} of the largest; "
        f"received {apart}; {where}; nothing was written; choose another {what}, or a larger --tolerance if that is "
        "good enough"
    )
