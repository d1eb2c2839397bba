"""Turns the text of a graph file into nodes. Nothing in the file is evaluated, and errors name the node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.errors import MXNetError, nearest
from ..ops import absent, registry
from ..ops.keywords import is_own
from ..ops.operator import Operator
from .json_document import Document, Record, fail, parse, shown
from .legacy import upgrade
from .node import Entry, Node

# Of all nodes together, one of each aside; a damaged file could claim any number, which would exhaust memory.
_MOST_OUTPUTS = 2**16


def read(text: str, source: str = "graph") -> tuple[Entry, ...]:
    """Read a graph written by Glueball or by any MXNet up to 1.9.1.

    Parameters
    ----------
    text : str
        The content of a ``-symbol.json`` file.
    source : str
        The name of the source in error messages.

    Returns
    -------
    tuple of Entry
        The outputs of the graph.

    Raises
    ------
    MXNetError
        The text is not a graph, or has operators or attributes that Glueball lacks. The message names the node.
    """
    return read_document(parse(text, source), source)


def read_document(document: Document, source: str) -> tuple[Entry, ...]:
    """Read a graph from a parsed document; see `read`."""
    records = document.records
    subgraphs = [tuple([read_document(graph, f"{source}, {record}") for graph in record.subgraphs])
                 for record in records]  # fmt: skip
    operators = [_operator(record, graphs, source) for record, graphs in zip(records, subgraphs, strict=True)]
    try:
        upgrade(records, operators, document.version)
    except MXNetError as error:
        raise MXNetError(f"{source}, {error}") from error
    nodes: list[Node | None] = [None] * len(records)
    more = 0
    for number in _order(records, source):
        graphs = subgraphs[number] if number < len(subgraphs) else ()
        node = nodes[number] = _node(records[number], operators[number], nodes, graphs, source)
        more += node.output_count - 1
        if more > _MOST_OUTPUTS:
            fail(f"{source}, {records[number]}", f"all nodes must have at most {_MOST_OUTPUTS} outputs more than one",
                 f"{more}, up to here")  # fmt: skip
    return tuple([_entry(nodes, head, source, "an output of the graph") for head in document.heads])


def _operator(record: Record, subgraphs: Sequence[Any], source: str) -> Operator | None:
    if record.is_variable:
        if subgraphs:
            fail(f"{source}, {record}", "a variable must have no subgraphs", f"{len(subgraphs)}")
        if record.inputs:
            fail(f"{source}, {record}", "a variable must have no inputs", f"{len(record.inputs)}")
        return None
    try:
        operator = registry.of_node(record.op, record.attributes, subgraphs)
    except MXNetError as error:
        raise MXNetError(f"{source}, {record}: {error}") from error
    if operator is not None:
        return operator
    absence = absent.find(record.op)
    if absence is not None:
        fail(f"{source}, {record}", "the operator must be one that Glueball has", shown(record.op),
             f"{absence.why}: {absence.instead}")  # fmt: skip
    hint = nearest(record.op[:80], tuple(registry.names()))
    fail(f"{source}, {record}", "the operator must be one that Glueball has", f"{shown(record.op)}{hint}",
         "glueball.sym lists them: dir(mx.sym)")  # fmt: skip


def _order(records: Sequence[Record], source: str) -> Sequence[int]:
    """Return all records in topological order; a file is usually, but not necessarily, in that order."""
    if all(number < record.number for record in records for number, _ in record.inputs):
        return range(len(records))
    waiting = [len(record.inputs) for record in records]
    users: list[list[int]] = [[] for _ in records]
    for record in records:
        for number, _ in record.inputs:
            users[number].append(record.number)
    order = [number for number, count in enumerate(waiting) if not count]
    for number in order:  # the loop appends to it
        for user in users[number]:
            waiting[user] -= 1
            if not waiting[user]:
                order.append(user)
    if len(order) < len(records):
        _refuse_cycle(records, waiting, source)
    return order


def _refuse_cycle(records: Sequence[Record], waiting: Sequence[int], source: str) -> None:
    """Follow inputs that could not be ordered until one repeats."""
    record = next(record for record in records if waiting[record.number])
    path: dict[int, Record] = {}
    while record.number not in path:
        path[record.number] = record
        record = records[next(number for number, _ in record.inputs if waiting[number])]
    cycle = list(path.values())[list(path).index(record.number) :]
    names = " <- ".join([shown(one.name) for one in cycle[:4]]) + (" ..." if len(cycle) > 4 else "")
    fail(f"{source}, {record}", "a node must not depend on itself", f"a cycle of {len(cycle)} nodes: {names}")


def _node(
    record: Record, operator: Operator | None, nodes: Sequence[Node | None], subgraphs: tuple[Any, ...], source: str
) -> Node:
    where = f"{source}, {record}"
    inputs = [_entry(nodes, entry, where, "an input") for entry in record.inputs]
    node = Node(operator, record.name, record.attributes, inputs, subgraphs)
    if operator is None:
        return node
    # MXNet ignores attributes of operators that declare none.
    known = {attribute.name for attribute in operator.attributes}
    try:
        for key in record.attributes if known else ():
            if key not in known and not is_own(key):
                raise operator.unknown_attribute(key[:80])
        outputs = node.output_count
    except MXNetError as error:
        raise MXNetError(f"{where}: {error}") from error
    if outputs > _MOST_OUTPUTS:
        fail(where, f"{operator.name} must have at most {_MOST_OUTPUTS} outputs", outputs)
    _check_input_count(node, operator, where)
    return node


def _check_input_count(node: Node, operator: Operator, where: str) -> None:
    count = node.applied.input_count
    if operator.variadic_by:
        held = f"{operator.variadic_by} = {node.applied.attributes[operator.variadic_by]}"
        rule = f"{operator.name} must have {held} inputs"
        if operator.inputs_by:
            rule = f"{operator.name} with {held} must have {count} inputs"
    else:
        rule = f"{operator.name} with these attributes must have {count} inputs ({', '.join(node.applied.inputs)})"
    if count != len(node.inputs):
        fail(where, rule, len(node.inputs))


def _entry(nodes: Sequence[Node | None], entry: tuple[int, int], where: str, what: str) -> Entry:
    number, index = entry
    node = nodes[number]
    assert node is not None  # `_order` puts it before its users
    if index >= node.output_count:
        name = shown(node.name)
        fail(where, f"{what} from node {number} {name} must be one of its {node.output_count} outputs", index)
    return Entry(node, index)
