"""The structure of a network as a file: which blocks it has, and their graphs. `Block.save` and `Block.load`.

The file is JSON, as MXNet writes it. A block is an object: its name, those of its children with the attributes that
hold them, and an object for each child, whose key is the child's class and a number. The numbers count all blocks, a
block before its children. A block that was run as a graph has this graph, as text, and how its inputs and outputs are
nested.
"""

from __future__ import annotations

import itertools
import json
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from ...core.errors import MissingFileError, MissingNameError, MXNetError
from ...ndarray.files import tensors_of
from ...serialization.atomic import write_together
from ...serialization.formats import array_writer
from .parameter import Parameter
from .parameter_dict import ParameterDict

Entry = dict[str, Any]


class _Block(Protocol):
    """What a structure consists of."""

    _name: str
    _children: OrderedDict[str, Any]

    @property
    def name(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def params(self) -> ParameterDict: ...
    def load_parameters(self, filename: str) -> None: ...
    def _collect_params_with_prefix(self) -> dict[str, Parameter]: ...
    def _glueball_graph_entry(self) -> Entry: ...
    def _glueball_graphs_of(self, entry: Mapping[str, Any], owner: str) -> Any: ...
    def _glueball_restore(self, graph: Any) -> None: ...


def files(owner: str, prefix: str | os.PathLike[str]) -> tuple[str, str]:
    """Return the names of the two files: structure, and parameters."""
    if not isinstance(prefix, str | os.PathLike):
        raise TypeError(f"{owner}: prefix must be a path; received {prefix!r}")
    path = os.fspath(prefix)
    return f"{path}-model.json", f"{path}-model.params"


def save(owner: str, block: _Block, prefix: str | os.PathLike[str]) -> None:
    """Write the structure and the parameters of a network to two files, both or none."""
    structure, arrays = files(owner, prefix)
    numbers = itertools.count()
    key = _key(block, numbers)
    text = json.dumps({key: _described(block, numbers)}).encode()
    values = {name: each._reduce() for name, each in block._collect_params_with_prefix().items()}
    write_arrays = array_writer(arrays, tensors_of(owner, values), owner)
    write_together({structure: lambda file: file.write(text), arrays: write_arrays}, owner)


def _key(block: _Block, numbers: Iterator[int]) -> str:
    return f"{type(block).__name__.lower()}{next(numbers)}"


def _described(block: _Block, numbers: Iterator[int]) -> Entry:
    entry = {"orig_name": block.name, **block._glueball_graph_entry()}
    entry["children"] = {child.name: attribute for attribute, child in block._children.items()}
    for child in block._children.values():
        key = _key(child, numbers)
        entry[key] = _described(child, numbers)
    return entry


def load(owner: str, block: _Block, prefix: str | os.PathLike[str]) -> None:
    """Give a network the names, graphs and parameters of two files."""
    path, arrays = files(owner, prefix)
    try:
        with open(path, "rb") as file:
            document = json.load(file)
    except FileNotFoundError as error:
        raise MissingFileError(
            f"{owner}: the file {path} must exist; received a prefix without it; Block.save writes it"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise MXNetError(f"{owner}: the file {path} must be a structure that Block.save wrote; {error}") from error
    found = list(_matched(owner, path, block, document, itertools.count()))
    restored = [(each, each._glueball_graphs_of(entry, f"{owner}: the file {path}")) for each, entry in found]
    block.load_parameters(arrays)
    _rename(found)
    for each, traces in restored:
        each._glueball_restore(traces)


def _matched(
    owner: str, path: str, block: _Block, parent: Any, numbers: Iterator[int]
) -> Iterator[tuple[_Block, Mapping[str, Any]]]:
    """Return each block with its entry."""
    key = _key(block, numbers)
    entry = parent.get(key) if isinstance(parent, dict) else None
    if entry is None:
        raise MissingNameError(
            f"{owner}: the network must have the blocks that were saved, in the same order; received a "
            f"{type(block).__name__}, and {path} has no {key} there"
        )
    if not isinstance(entry, dict) or not isinstance(entry.get("orig_name"), str):
        raise MXNetError(f"{owner}: the file {path} must have the name of {key}; received {str(entry)[:60]}")
    yield block, entry
    for child in block._children.values():
        yield from _matched(owner, path, child, entry, numbers)


def _rename(found: list[tuple[_Block, Mapping[str, Any]]]) -> None:
    """Give all blocks and parameters the names that were saved, which are those in the graphs."""
    names: dict[str, str] = {}
    for block, entry in found:
        saved = entry["orig_name"]
        for name in block.params:
            if name.startswith(block.prefix) and name not in names:
                rest = name[len(block.prefix) :]
                names[name] = f"{saved}_{rest}" if saved else rest
    parameters = {each: names[name] for block, _ in found for name, each in block.params.items() if name in names}
    for parameter, name in parameters.items():
        parameter.name, parameter._var = name, None
    for block, entry in found:
        block._name = entry["orig_name"]
        block.params._glueball_rename(names)
