"""Parses the text of a graph file and checks the type of every field and the range of every number."""

from __future__ import annotations

import json
import reprlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ..core.errors import MXNetError

OLDEST = 800  # the MXNet version assumed for a file without one
_DAMAGED = "the file is damaged or is not a graph: take another copy"
_LONGEST_NUMBER = 20  # digits
_DEEPEST = 16  # graphs in nodes of graphs
_LONGEST_SHOWN = 80  # characters of a wrong value in a message
_SHORT = reprlib.Repr()  # limits depth and length of what messages show
_SHORT.maxlevel, _SHORT.maxlist, _SHORT.maxdict, _SHORT.maxstring = 2, 8, 4, 40
_FIELDS = ("nodes", "arg_nodes", "node_row_ptr", "heads", "attrs")
_NODE_FIELDS = ("op", "name", "inputs", "attrs", "attr", "param", "backward_source_id", "control_deps", "subgraphs")


@dataclass
class Record:
    """A node as stored in the file, with its number there."""

    number: int
    op: str
    name: str
    attributes: dict[str, str]
    inputs: list[tuple[int, int]]
    subgraphs: list[Document] = field(default_factory=list)

    @property
    def is_variable(self) -> bool:
        """Whether it is a variable, an array that the caller provides."""
        return self.op == "null"

    def __str__(self) -> str:
        return f"node {self.number} {shown(self.name)}"


@dataclass
class Document:
    """The content of a graph file: nodes, the outputs of the graph as (node, output) pairs, and the MXNet version."""

    records: list[Record]
    heads: list[tuple[int, int]]
    version: int


def shown(value: object) -> str:
    """Return a value of the file for a message, truncated if it is long."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]!r}..."
    return _SHORT.repr(value)


def fail(owner: str, rule: str, received: object, fix: str = _DAMAGED) -> NoReturn:
    """Refuse the file."""
    raise MXNetError(f"{owner}: {rule}; received {received}; {fix}")


def parse(text: str, source: str) -> Document:
    """Parse the text of a graph file; error messages begin with `source`."""
    value = _json(text, source)
    version = _version(value.get("attrs", {}), source) if isinstance(value, dict) else OLDEST
    return _document(value, source, "the file", version, 0)


def _document(value: Any, source: str, what: str, version: int, depth: int) -> Document:
    """Check a graph, which may be one that a node runs, `depth` nodes deep; those do not repeat the version."""
    if depth > _DEEPEST:
        fail(source, f"graphs in nodes must be at most {_DEEPEST} deep", "more")
    fields = _fields(value, source, what, _FIELDS, ("nodes", "arg_nodes", "heads"))
    nodes = _list(fields["nodes"], source, "nodes")
    records = [_record(node, number, len(nodes), source) for number, node in enumerate(nodes)]
    for record, node in zip(records, nodes, strict=True):
        graphs = _list(node.get("subgraphs", []), source, f"subgraphs of {record}")
        where = f"{source}, {record}"
        record.subgraphs = [_document(graph, where, "a subgraph", version, depth + 1) for graph in graphs]
    for number in _numbers(fields["arg_nodes"], source, "arg_nodes"):
        if number >= len(records) or not records[number].is_variable:
            fail(source, "arg_nodes must be numbers of variables", number)
    _numbers(fields.get("node_row_ptr", []), source, "node_row_ptr")
    heads = _entries(fields["heads"], len(nodes), source, "heads")
    if not heads:
        fail(source, "a graph must have an output", "no heads")
    return Document(records, heads, version)


def _json(text: str, source: str) -> Any:
    def integer(digits: str) -> int:
        return int(digits) if len(digits) <= _LONGEST_NUMBER else fail(source, "a number must fit 64 bits", digits[:40])

    def constant(name: str) -> NoReturn:
        fail(source, "a number must be finite", name)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) != len(items):
            fail(source, "a key must occur once", shown(_first_repeated(items)))
        return result

    # Not strict: MXNet writes tabs and other control characters unescaped.
    decoder = json.JSONDecoder(object_pairs_hook=pairs, parse_int=integer, parse_constant=constant, strict=False)
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        received = shown(text[error.pos : error.pos + 20]) if error.pos < len(text) else "the end of the file"
        fail(f"{source}, {where}", "a graph file must be JSON", f"{received} ({error.msg})")
    except RecursionError:
        fail(source, "a graph file nests brackets at most 4 deep, and 4 more for each graph in a node", "many more")


def _first_repeated(items: Sequence[tuple[str, Any]]) -> str:
    counts = Counter([name for name, _ in items])
    return next(name for name, count in counts.items() if count > 1)


def _fields(value: Any, source: str, what: str, known: Sequence[str], required: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        fail(source, f"{what} must be an object", shown(value))
    for name in required:
        if name not in value:
            fail(source, f"{what} must have the field {name!r}", f"only {shown(list(value))}")
    for name in value:
        if name not in known:
            fail(source, f"the fields of {what} are {', '.join(known)}", shown(name))
    return value


def _record(value: Any, number: int, count: int, source: str) -> Record:
    what = f"node {number}"
    fields = _fields(value, source, what, _NODE_FIELDS, ("op", "name", "inputs"))
    name = _text(fields["name"], source, f"the name of {what}")
    what = f"{what} {shown(name)}"
    attributes: dict[str, str] = {}
    for key in ("param", "attrs", "attr"):  # if a file has several, the later one overrides in MXNet
        attributes |= _texts(fields.get(key, {}), source, f"{key} of {what}")
    if _list(fields.get("control_deps", []), source, f"control_deps of {what}"):
        fail(f"{source}, {what}", "control_deps must be empty", f"a node {shown(fields['op'])} that has some",
             "save the network itself")  # fmt: skip
    if fields.get("backward_source_id", -1) != -1:
        fail(f"{source}, {what}", "backward_source_id must be -1", shown(fields["backward_source_id"]),
             "a graph of gradients cannot be read: save the network itself")  # fmt: skip
    op = _text(fields["op"], source, f"op of {what}")
    inputs = _entries(fields["inputs"], count, source, f"inputs of {what}")
    return Record(number, op, name, attributes, inputs)


def _entries(value: Any, count: int, source: str, what: str) -> list[tuple[int, int]]:
    """Return (node, output) pairs. The third number, in newer files, counts the updates of a state and is not used."""
    entries = []
    for item in _list(value, source, what):
        numbers = _numbers(item, source, f"an item of {what}")
        if len(numbers) not in (2, 3):
            fail(source, f"each of {what} must be 2 or 3 numbers", shown(item))
        if numbers[0] >= count:
            fail(source, f"{what} must refer to one of nodes 0 to {count - 1}", numbers[0])
        entries.append((numbers[0], numbers[1]))
    return entries


def _list(value: Any, source: str, what: str) -> list[Any]:
    return value if isinstance(value, list) else fail(source, f"{what} must be a list", shown(value))


def _numbers(value: Any, source: str, what: str) -> list[int]:
    numbers: list[int] = _list(value, source, what)
    for number in numbers:
        if type(number) is not int or number < 0:
            fail(source, f"{what} must be non-negative integers", shown(number))
    return numbers


def _text(value: Any, source: str, what: str) -> str:
    if not isinstance(value, str):
        fail(source, f"{what} must be text", shown(value))
    if "\0" in value or not _encodes(value):
        fail(source, f"{what} must be text without NUL characters and lone surrogates", shown(value))
    return value


def _encodes(text: str) -> bool:
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _texts(value: Any, source: str, what: str) -> dict[str, str]:
    if not isinstance(value, dict):
        fail(source, f"{what} must be an object", shown(value))
    for key, text in value.items():
        _text(key, source, f"a name in {what}")
        _text(text, source, f"{shown(key)} in {what}")
    return value


def _version(value: Any, source: str) -> int:
    """Return the version of MXNet, 10901 for 1.9.1; other attributes of a file have no meaning."""
    if not isinstance(value, dict):
        fail(source, "attrs must be an object", shown(value))
    version = value.get("mxnet_version", ["int", OLDEST])
    if not (isinstance(version, list) and len(version) == 2 and version[0] == "int" and type(version[1]) is int):
        fail(source, 'mxnet_version must be ["int", number]', shown(version))
    return version[1]
