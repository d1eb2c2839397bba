"""Writes a graph as JSON text, byte-identical to MXNet 1.9.1's; SPEC.md describes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..core.errors import MXNetError
from ..core.numpy_mode import numpy_mode
from .node import Entry, Node, topological_order

VERSION = 10901  # the MXNet version of this layout
_LONGEST_LINE = 10  # elements of a list on one line
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})
_CASTS = {"amp_cast", "amp_multicast"}


def write(entries: Sequence[Entry], remove_amp_cast: bool = False) -> str:
    """Return the text of a graph file.

    Parameters
    ----------
    entries : sequence of Entry
        The outputs of the graph.
    remove_amp_cast : bool
        Bypass the casts that mixed precision inserted before nodes. Outputs of the graph that are casts stay.

    Raises
    ------
    MXNetError
        A name or an attribute contains characters that a file cannot hold.
    """
    if remove_amp_cast:
        entries = _without_casts(entries)
    version = f'"mxnet_version": ["int", {VERSION}]'
    about = f'"attrs": {{{version}}}'
    if numpy_mode.shapes:  # MXNet then reads the file with NumPy's meaning of shapes
        about = '"attrs": ' + _block("{}", ['"is_np_shape": ["int", 1]', version], 2)
    return _block("{}", [*_graph(entries, {}, 2), about], 0)


def _graph(entries: Sequence[Entry], versions: dict[Node, int], indent: int) -> list[str]:
    """Return the fields of a graph: that of the file, or one that a node runs."""
    nodes = topological_order(entries)
    numbers = {node: number for number, node in enumerate(nodes)}
    texts = [_node(node, numbers, versions, indent + 2) for node in nodes]
    arguments = [str(number) for node, number in numbers.items() if node.is_variable]
    heads = [f"[{numbers[entry.node]}, {entry.index}, 0]" for entry in entries]
    return [
        f'"nodes": {_block("[]", texts, indent)}',
        f'"arg_nodes": {_list(arguments, indent)}',
        f'"node_row_ptr": {_list(list(_first_outputs(nodes)), indent)}',
        f'"heads": {_list(heads, indent)}',
    ]


def _without_casts(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return the same outputs of a copy of the graph in which no node reads from a cast."""
    nodes = topological_order(entries)
    if not any(map(_is_cast, nodes)):
        return entries
    copies: dict[Node, Node] = {}
    for node in nodes:
        inputs = [Entry(copies[entry.node], entry.index) for entry in map(_uncast, node.inputs)]
        copies[node] = node.with_inputs(inputs)
    return [Entry(copies[entry.node], entry.index) for entry in entries]


def _uncast(entry: Entry) -> Entry:
    """Return the entry that a cast, or a chain of casts, reads from: each has one output for each input."""
    while _is_cast(entry.node):
        entry = entry.node.inputs[entry.index]
    return entry


def _is_cast(node: Node) -> bool:
    return node.operator is not None and node.operator.name in _CASTS


def _inputs(node: Node, numbers: dict[Node, int], versions: dict[Node, int]) -> list[str]:
    """Return (node, output, version) triples; version is how many nodes up to this one have updated that state."""
    for state in node.auxiliary_inputs():
        versions[state] = versions.get(state, 0) + 1
    return [f"[{numbers[entry.node]}, {entry.index}, {versions.get(entry.node, 0)}]" for entry in node.inputs]


def _subgraphs(node: Node, versions: dict[Node, int], indent: int) -> Iterator[str]:
    """Yield the graphs that a node runs. Its inputs have been updated as often as the variables there."""
    for entries in node.subgraphs:
        yield _block("{}", _graph(entries, versions, indent + 2), indent)
        updated = {(inner.name, str(inner.attributes)): versions[inner]
                   for inner in topological_order(entries) if inner in versions}  # fmt: skip
        for entry in node.inputs:
            number = updated.get((entry.node.name, str(entry.node.attributes)))
            if number is not None and entry.node.is_variable:
                versions[entry.node] = number


def _node(node: Node, numbers: dict[Node, int], versions: dict[Node, int], indent: int) -> str:
    owner = f"graph, node {node.name!r}"
    lines = [
        f'"op": {_quoted(node.operator.name if node.operator else "null", owner)}',
        f'"name": {_quoted(node.name, owner)}',
    ]
    if node.attributes:
        pairs = [f"{_quoted(key, owner)}: {_quoted(text, owner)}" for key, text in sorted(node.attributes.items())]
        lines.append(f'"attrs": {_block("{}", pairs, indent + 2) if len(pairs) > 1 else "{" + pairs[0] + "}"}')
    graphs = list(_subgraphs(node, versions, indent + 4))
    lines.append(f'"inputs": {_list(_inputs(node, numbers, versions), indent + 2)}')
    if graphs:
        lines.append(f'"subgraphs": {_block("[]", graphs, indent + 2)}')
    return _block("{}", lines, indent)


def _first_outputs(nodes: Iterable[Node]) -> Iterator[str]:
    """Yield the index of each node's first output among the outputs of all nodes, hidden ones included."""
    total = 0
    yield "0"
    for node in nodes:
        hidden = node.applied.hidden_output_count if node.operator else 0
        total += node.output_count + hidden
        yield str(total)


def _list(items: Sequence[str], indent: int) -> str:
    return f"[{', '.join(items)}]" if len(items) <= _LONGEST_LINE else _block("[]", items, indent)


def _block(brackets: str, items: Sequence[str], indent: int) -> str:
    space = "\n" + " " * indent
    return brackets[0] + space + "  " + f", {space}  ".join(items) + space + brackets[1]


def _quoted(text: str, owner: str) -> str:
    """Return text in quotes, with MXNet's escapes only; other characters that JSON would escape are unchanged."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text if character > "\ud7ff"):
        raise MXNetError(
            f"{owner}: names and attributes must be text without NUL characters and lone surrogates; "
            f"received {text[:80]!r}; choose another name"
        )
    return f'"{text.translate(_ESCAPES)}"'
