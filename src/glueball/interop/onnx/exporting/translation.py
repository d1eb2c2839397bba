"""Says a graph of operators in ONNX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from ....symbol.node import Entry, Node, topological_order
from ..call import Call
from ..document import TYPES, Array, Document
from ..lengths import Axis, Length, Unsupported
from ..rules import RULES
from . import loops
from .shapes import Shapes, infer_inner


@dataclass
class Translation:
    """A graph in ONNX.

    Attributes
    ----------
    document : Document
        The operators.
    variables : dict of Node to Array
        The variables, under their own names.
    outputs : list of Array
        What the graph returns.
    problems : dict of str to list of str
        The names of nodes that cannot be said in ONNX, by operator and reason.
    """

    document: Document
    variables: dict[Node, Array] = field(default_factory=dict)
    outputs: list[Array] = field(default_factory=list)
    problems: dict[str, list[str]] = field(default_factory=dict)


def translate(heads: Sequence[Entry], shapes: Shapes, opset: int, left_out: Iterable[Node] = ()) -> Translation:
    """Say a graph in ONNX.

    Parameters
    ----------
    heads : sequence of Entry
        What it returns.
    shapes : Shapes
        Of all its arrays.
    opset : int
        The version of ONNX's operators.
    left_out : iterable of Node
        Variables that nothing needs: labels.
    """
    nodes = topological_order(heads)
    names = [node.name for node in nodes]
    writer = _Writer(shapes, Document(opset, taken=names), {node.name for node in nodes if node.is_variable})
    done, skipped = writer.done, {Entry(node, 0) for node in left_out}
    for node in nodes:
        entry = Entry(node, 0)
        if node.is_variable and entry not in skipped:
            done.variables[node] = writer.made[entry] = writer.array(entry, node.name)
        elif not node.is_variable and all(each in writer.made or each in skipped for each in node.inputs):
            writer.add(node)  # else one before it is the problem
    if not done.problems:
        writer.finish(heads)
    return done


class _Writer:
    def __init__(self, shapes: Shapes, document: Document, names: set[str]) -> None:
        self._shapes, self.document = shapes, document
        self._names = names
        self._renamed: dict[str, str] = {}
        self.made: dict[Entry, Array] = {}
        self.done = Translation(document)

    def array(self, entry: Entry, name: str) -> Array:
        """Return an array, the lengths of which can be read from it."""
        shape, kind = self._shapes.shapes[entry], self._shapes.inferred.types[entry]
        if shape is None:
            raise Unsupported("its shape depends on values, or is not known")
        if kind is None or kind not in TYPES:
            raise Unsupported(f"arrays of type {str(kind).removeprefix('torch.')}")
        return Array(name, tuple([_from(length, Axis(name, axis)) for axis, length in enumerate(shape)]), kind)

    def add(self, node: Node) -> None:
        """Say a node in ONNX, or note why that cannot be."""
        assert node.operator is not None
        self.document.prefix = node.name
        try:
            results = self._say(node)
        except Unsupported as error:
            self.done.problems.setdefault(f"{node.operator.name} ({error})", []).append(node.name)
            results = ()
        several = node.output_count > 1
        for index in range(node.output_count):
            entry = Entry(node, index)
            result = results[index] if index < len(results) else f"{node.name}_missing{index}"
            if result not in self.document.made or result in self._renamed:
                result = self.document.add("Identity", [result], 1, {})[0]
            self._renamed[result] = self._free(f"{node.name}{index}" if several else node.name)
            try:
                self.made[entry] = self.array(entry, result)
            except Unsupported as error:
                self.done.problems.setdefault(f"{node.operator.name} ({error})", []).append(node.name)

    def _free(self, name: str) -> str:
        while name in self._names:
            name += "_"
        self._names.add(name)
        return name

    def _say(self, node: Node) -> tuple[str, ...]:
        assert node.operator is not None
        if node.subgraphs:
            return loops.say(self, node)
        rule = RULES.get(node.operator.name)
        if rule is None:
            raise Unsupported("ONNX has no counterpart")
        if rule.since > self.document.opset:
            raise Unsupported(f"since version {rule.since} of ONNX's operators")
        applied = self._shapes.inferred.applied(node)
        inputs = [None if entry is None else self.made.get(entry) for entry in node.arguments()]
        types = {array.type for array in inputs if array is not None}
        if not rule.integers and not all(kind.is_floating_point for kind in types):
            raise Unsupported("for integers")
        first = self.array(Entry(node, 0), "")
        shape = tuple([_from(length, None) for length in first.shape])
        found = rule.say(Call(applied.attributes, tuple(inputs), shape, first.type, self.document))
        return (found,) if isinstance(found, str) else found

    def inner(self, heads: Sequence[Entry], given: Mapping[Node, Array], document: Document) -> list[Array]:
        """Say a graph that a node runs, and return its outputs.

        Parameters
        ----------
        heads : sequence of Entry
            What it returns.
        given : mapping of Node to Array
            Its variables.
        document : Document
            Where its operators are added: this one, or an inner one.
        """
        shapes = infer_inner(
            heads, {node.name: array.shape for node, array in given.items()},
            {node.name: array.type for node, array in given.items()},
        )  # fmt: skip
        writer, prefix = _Writer(shapes, document, self._names), self.document.prefix
        writer.made.update({Entry(node, 0): array for node, array in given.items()})
        for node in topological_order(heads):
            if not node.is_variable and all(each in writer.made for each in node.inputs):
                writer.add(node)
        if writer.done.problems:
            listed = "; ".join(f"{what}: {', '.join(names)}" for what, names in writer.done.problems.items())
            raise Unsupported(f"in its graph, {listed}")
        writer.finish(heads)
        self.document.prefix = document.prefix = prefix
        return writer.done.outputs

    def finish(self, heads: Sequence[Entry]) -> None:
        """Give all arrays their names, and return the outputs."""
        self.document.prefix = ""
        returned: dict[str, None] = {}
        outputs = []
        for entry in heads:
            array = self.made[entry]
            name = array.name
            if entry.node.is_variable or name in returned:
                name = self.document.add("Identity", [name], 1, {})[0]
                self._renamed[name] = self._free(f"{self._renamed.get(array.name, array.name)}_output")
            returned[name] = None
            outputs.append(array._replace(name=self._renamed[name]))
        self.document.rename(self._renamed)
        self.done.outputs = outputs


def _from(length: int, source: Axis | None) -> int:
    """Return a length, with another source if it varies."""
    given: object = length
    return cast("int", replace(given, source=source)) if isinstance(given, Length) else length


def unused_labels(heads: Sequence[Entry], given: Mapping[str, object]) -> list[Node]:
    """Return the variables without arrays and shapes that are labels of output layers and nothing else."""
    nodes = topological_order(heads)
    needed = {entry.node for entry in heads}
    for node in nodes:
        for position, entry in enumerate(node.inputs):
            if position == 0 or node.operator is None or node.operator.kind != "output":
                needed.add(entry.node)
    return [node for node in nodes if node.is_variable and node not in needed and node.name not in given]
