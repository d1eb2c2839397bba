"""The networks that commands run: from files, or from the model zoo."""

from __future__ import annotations

import argparse
import glob
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod, sqrt

import torch
from torch import Tensor

from ..core.context import cpu
from ..core.errors import MXNetError
from ..gluon import SymbolBlock
from ..gluon.model_zoo import vision
from ..interop.onnx.importing import Document, Imported, import_document, read
from ..interop.torch.imported import document_of_program
from ..interop.torch.program import load_program
from ..ndarray import NDArray
from ..ops.shape_rule import PartialShape, is_known
from ..serialization.checkpoint import without_kind
from ..serialization.formats import FORMATS, recognized
from ..symbol import Symbol, var
from ..symbol.infer import infer
from ..symbol.node import Entry, topological_order
from ..visualization.network import study
from ._origin import Origin, of_onnx, of_program
from ._picture_size import guess

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Model:
    """A network: its graph, and its arrays by the names of the variables.

    Parameters
    ----------
    name : str
        What tables call it.
    symbol : Symbol
        The graph.
    arrays : dict of str to Tensor
        Parameters and states; those that are missing are random when it is run.
    given : mapping of str to tuple of int
        The shapes of inputs that are known.
    source : tuple of str
        The files that it is from.
    notes : list of str
        What was assumed.
    origin : Origin, optional
        Where it was read from, if that is not MXNet's form: the standard against which a conversion is held.
    """

    name: str
    symbol: Symbol
    arrays: dict[str, Tensor]
    given: Shapes = field(default_factory=dict)
    source: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    origin: Origin | None = None

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs, labels among them."""
        network = study(self.symbol, None, self.arrays)
        return tuple([layer.name for layer in network.layers if layer.is_input])

    @cached_property
    def labels(self) -> frozenset[str]:
        """Those inputs that only losses read: they change nothing in prediction."""
        uses: dict[str, set[str]] = {}
        for node in topological_order(self.symbol._entries):
            if node.operator is not None and not node.operator.variadic_by:
                for role, entry in zip(node.input_names, node.inputs, strict=False):
                    uses.setdefault(entry.node.name, set()).add(role)
        return frozenset(name for name in self.inputs if uses.get(name) == {"label"})

    @property
    def data(self) -> tuple[str, ...]:
        """The inputs but for labels."""
        return tuple([name for name in self.inputs if name not in self.labels])

    def sized(self, owner: str, shapes: Shapes) -> Sized:
        """Return the network with the shapes of its inputs: those given, those of the file, or what suits pictures.

        Raises
        ------
        MXNetError
            A shape is not known or does not suit; the message begins with `owner`.
        """
        for name in shapes:
            if name not in self.inputs:
                raise MXNetError(
                    f"{owner}: --shape must name an input of the network, {', '.join(self.inputs)}; received {name!r}"
                )
        known = {**self.given, **shapes}
        if not known and self.inputs:
            found = guess(self.symbol, self.inputs[0], self.arrays)
            if found:
                known[self.inputs[0]] = found.shape
                self.notes.append(f"{found.note}: {self.inputs[0]}={','.join(map(str, found.shape))}; --shape sets it")
        types = {name: array.dtype for name, array in self.arrays.items()}
        saved = {name: tuple(array.shape) for name, array in self.arrays.items()}
        facts = infer(self.symbol._entries, {**saved, **known}, types)
        variables = [*self.symbol._arguments(), *self.symbol._states()]
        shape_of: dict[str, PartialShape] = {node.name: facts.shapes[Entry(node, 0)] for node in variables}
        for name, shape in shape_of.items():
            if not is_known(shape):
                first = next((each for each in self.inputs if not is_known(shape_of[each])), name)
                raise MXNetError(f"{owner}: the shapes of all inputs must be known; received none for {first}; "
                                 f"pass --shape {first}=1,3,224,224")  # fmt: skip
        kinds = {node.name: facts.types[Entry(node, 0)] or torch.float32 for node in variables}
        return Sized(self, {name: (shape or (), kinds[name]) for name, shape in shape_of.items()})


@dataclass(frozen=True)
class Sized:
    """A network with the shape and the type of each of its variables."""

    model: Model
    variables: dict[str, tuple[tuple[int, ...], torch.dtype]]

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the inputs."""
        return {name: self.variables[name][0] for name in self.model.inputs}

    @cached_property
    def arrays(self) -> dict[str, Tensor]:
        """The parameters and states; those that no file has are random."""
        generator = torch.Generator().manual_seed(0)
        return {
            name: self.model.arrays[name] if name in self.model.arrays else random_values(*kind, generator)
            for name, kind in self.variables.items()
            if name not in self.model.inputs
        }

    def sample(self, seed: int = 1) -> dict[str, NDArray]:
        """Return random inputs; labels, which have one axis, and integers are zeros."""
        generator = torch.Generator().manual_seed(seed)
        inputs = {}
        for name in self.model.inputs:
            shape, kind = self.variables[name]
            zeros = len(shape) < 2 or not kind.is_floating_point
            inputs[name] = torch.zeros(shape) if zeros else torch.randn(shape, generator=generator)
        return {name: NDArray(tensor.to(self.variables[name][1]), cpu()) for name, tensor in inputs.items()}

    def block(self) -> SymbolBlock:
        """Return the network as a block, which is called with `model.inputs` in their order."""
        block = SymbolBlock(self.model.symbol, [var(name) for name in self.model.inputs])
        values = {name: NDArray(tensor, cpu()) for name, tensor in self.arrays.items()}
        block.collect_params().load_dict(values, cpu(), cast_dtype=True, dtype_source="saved")
        return block


def run_graph(model: Model, inputs: Mapping[str, Tensor]) -> list[Tensor]:
    """Return the outputs of a network on the CPU, computed one operator after the other.

    Parameters
    ----------
    model : Model
        The network.
    inputs : mapping of str to Tensor
        Its inputs, and others that it has not.
    """
    sized = model.sized("convert", {name: tuple(inputs[name].shape) for name in model.inputs if name in inputs})
    block = sized.block()
    block.hybridize(backend="eager")
    sample = sized.sample()
    arrays = [NDArray(inputs[name], cpu()) if name in inputs else sample[name] for name in model.inputs]
    found = block(*arrays)
    return [output._data for output in (found if isinstance(found, list) else [found])]


def random_values(shape: tuple[int, ...], kind: torch.dtype | None, generator: torch.Generator) -> Tensor:
    """Return values with which numbers stay of a size that computers like, and variances positive."""
    kind = kind or torch.float32
    if not kind.is_floating_point:
        return torch.zeros(shape, dtype=kind)
    values = torch.rand(shape, generator=generator)
    if len(shape) < 2:
        return (values + 0.5).to(kind)
    return ((2 * values - 1) * sqrt(3 / max(prod(shape[1:]), 1))).to(kind)


def load(owner: str, path: str, params: str | None = None, trusted: bool = False) -> Model:
    """Return the network of a file, a folder, the beginning of the names of two files, or of the model zoo.

    Parameters
    ----------
    owner : str
        The command, for messages.
    path : str
        The graph, or what `files_of` takes.
    params : str, optional
        The file of the parameters.
    trusted : bool
        Whether a file may be run in order to read it, as programs of torch.export are.

    Raises
    ------
    MXNetError
        There is no network.
    """
    if not os.path.exists(path) and not os.path.exists(f"{path}-symbol.json") and path.lower() in vision._BY_NAME:
        return _from_zoo(path.lower())
    if os.path.isfile(path) and params is None:
        with recognized(owner, path) as file:
            kind = file.format.name
        if kind == "onnx":
            document = read(path, owner)
            imported = import_document(document, owner)
            return _imported(document, imported, path, of_onnx(path, imported))
        if kind == "torch-program":
            return _from_program(owner, path, trusted)
    graph, beside = files_of(owner, path)
    params = params or beside
    with recognized(owner, graph) as file:
        content = file.graph()
        holds_arrays = file.format.read_arrays is not None
    arrays = arrays_of(owner, params or graph) if params or holds_arrays else {}
    symbol = Symbol(content.outputs)
    variables = set(symbol.list_inputs())
    model = Model(
        os.path.basename(graph).removesuffix("-symbol.json"),
        symbol,
        {name: array for name, array in arrays.items() if name in variables},
        {},
        (graph, params) if params else (graph,),
    )
    if not arrays and len(model.inputs) < len(variables):
        model.notes.append(f"{graph}: no parameters were found beside it; they are random")
    return model


def _from_program(owner: str, path: str, trusted: bool) -> Model:
    if not trusted:
        raise MXNetError(
            f"{owner}: a program of torch.export must be one that you trust, since torch runs what it says when it is "
            f"loaded; received {path}; pass --trust to 'glueball convert {path} net-symbol.json', and go on with that"
        )
    program = load_program(path, owner)
    document, simpler = document_of_program(program, owner)
    imported = import_document(document, owner)
    return _imported(document, imported, path, of_program(program, simpler, document, imported))


def _imported(document: Document, found: Imported, path: str, origin: Origin) -> Model:
    given = {}
    for port in document.inputs:
        if port.name in found.inputs and port.shape and all(port.shape[1:]):
            given[port.name] = (port.shape[0] or 1, *port.shape[1:])  # of a batch that varies: one sample
    name = os.path.splitext(os.path.basename(path))[0]
    is_whole = {port.name for port in document.inputs} == set(found.inputs)
    return Model(
        name, found.symbol, {**found.arguments, **found.states}, given, (path,), origin=origin if is_whole else None
    )


def _from_zoo(name: str) -> Model:
    symbol = vision.get_model(name)(var("data"))
    size = 299 if name.startswith("inception") else 224
    notes = [f"{name}: a network of the model zoo with random parameters"]
    return Model(name, symbol, {}, {"data": (1, 3, size, size)}, (), notes)


def arrays_of(owner: str, path: str) -> dict[str, Tensor]:
    """Return the arrays of a file by their names, without the kinds that a checkpoint puts before them."""
    with recognized(owner, path) as file:
        arrays = file.arrays()
    if not isinstance(arrays, dict):
        if arrays:
            raise MXNetError(f"{path}: the arrays must have names; received a list of {len(arrays)}; save a dict")
        return {}
    return {without_kind(name): array for name, array in arrays.items()}


def files_of(owner: str, path: str) -> tuple[str, str | None]:
    """Return the file of a graph, and that of its parameters if there is one beside it.

    Parameters
    ----------
    owner : str
        The command, for messages.
    path : str
        The graph; the parameters beside it; a folder that has one graph; or what the names of both begin with.

    Raises
    ------
    MXNetError
        There is no graph, or several.
    """
    if os.path.isdir(path):
        found = sorted(glob.glob(os.path.join(glob.escape(path), "*-symbol.json")))
        if len(found) != 1:
            names = ", ".join(os.path.basename(each) for each in found) or "none"
            raise MXNetError(f"{owner}: a folder must hold one graph; received {names} in {path}; name the file")
        path = found[0]
    elif not os.path.exists(path) and os.path.exists(f"{path}-symbol.json"):
        path = f"{path}-symbol.json"
    with recognized(owner, path) as file:
        if file.format.read_graph:
            return path, beside(path)
        title = file.format.title
        if not file.format.read_arrays:
            raise MXNetError(
                f"{path}: a network must be a graph of MXNet or a model of ONNX; received {title}, which Glueball does "
                "not run; pass the files that it was made from"
            )
    graph = re.sub(r"(-\d{4,})?\.\w+$", "-symbol.json", path)
    if not os.path.exists(graph):
        raise MXNetError(
            f"{owner}: a network must have a graph; received {title}, and there is no {graph}; pass the graph file, "
            "and this one with --params"
        )
    return graph, path


def beside(path: str) -> str | None:
    """Return the newest parameters that were saved with a graph, if any."""
    stem = path.removesuffix("-symbol.json")
    if stem == path:
        return None
    endings = [ending for each in FORMATS.values() if each.write_arrays for ending in each.endings]
    endings.sort(key=lambda ending: ending != ".params")
    for pattern in ("-[0-9][0-9][0-9][0-9]", ""):
        for ending in endings:
            found = sorted(glob.glob(f"{glob.escape(stem)}{pattern}{ending}"))
            if found:
                return found[-1]
    return None


def add_shape(parser: argparse._ActionsContainer, what: str) -> None:
    """Declare the option --shape."""
    parser.add_argument(
        "--shape", metavar="NAME=1,3,224,224", action="append", default=[], type=_shape,
        help=f"{what}; repeat for each input",
    )  # fmt: skip


def _shape(text: str) -> tuple[str, tuple[int, ...]]:
    name, separator, lengths = text.rpartition("=")
    fields = lengths.strip().strip("()[]").rstrip(",").split(",")
    if not separator or not name or not all(each.strip().isdecimal() for each in fields):
        raise argparse.ArgumentTypeError(f"must be NAME=LENGTH,LENGTH,...; received {text!r}; write data=1,3,224,224")
    return name, tuple([int(each) for each in fields])


def number_of(low: float, whole: bool = False) -> Callable[[str], float]:
    """Return a type of arguments: numbers from `low` on."""

    def read(text: str) -> float:
        try:
            value = int(text) if whole else float(text)
        except ValueError:
            value = low - 1
        if not low <= value < float("inf"):
            kind = "an integer" if whole else "a number"
            raise argparse.ArgumentTypeError(f"must be {kind} of {low:g} or more; received {text!r}")
        return value

    return read
