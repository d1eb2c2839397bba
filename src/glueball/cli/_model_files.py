"""The files in which a network may be, and the network that is in them."""

from __future__ import annotations

import glob
import os
import re

from torch import Tensor

from ..core.errors import MXNetError
from ..gluon.model_zoo import vision
from ..interop.onnx.importing import Document, Imported, import_document, read
from ..interop.torch.imported import document_of_program
from ..interop.torch.program import load_program
from ..serialization.checkpoint import without_kind
from ..serialization.formats import FORMATS, recognized
from ..symbol import Symbol, var
from ._model import Model
from ._origin import Origin, of_onnx, of_program


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
