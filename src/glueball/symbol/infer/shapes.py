"""Infers the shapes of the arrays of a graph by running the operators on meta tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from ...core.errors import OPERATOR_FAILURES, MXNetError
from ...core.numpy_mode import numpy_mode
from ...ops.attrs import Shape, type_of
from ...ops.explain import explain
from ...ops.operator import Applied
from ...ops.shape_rule import (
    UNKNOWN,
    PartialShape,
    is_known,
    merge,
    merge_all,
    merge_or_first,
    read_lengths,
    shown_lengths,
)
from ...ops.type_rule import Conflict, PartialType
from ..node import Entry, Node
from .probe import probe, probe_rank
from .propagate import Propagation

_META = torch.device("meta")
_SURROUNDINGS = {"training": False, "rng": None, "device": _META}
_SHAPE = type_of(Shape | None)


def infer_shapes(
    nodes: Sequence[Node],
    given: Mapping[str, PartialShape],
    types: Mapping[Entry, PartialType],
    expected: Mapping[Entry, PartialShape] | None = None,
) -> dict[Entry, PartialShape]:
    """Find the shapes that follow from those of some variables.

    Parameters
    ----------
    nodes : sequence of Node
        All nodes, in topological order.
    given : mapping of str to tuple of int
        Shapes by name of variable, where UNKNOWN is an unknown length; those without one override the variables' own.
    types : mapping of Entry to torch.dtype
        The types with which operators are run; float32 if unknown.
    expected : mapping of Entry to tuple of int, optional
        Shapes of results that are known beforehand.
    """
    propagation = Propagation(nodes, _Shapes(types), merge, is_known, str)
    for node in nodes:
        if node.is_variable:
            shape = given.get(node.name)
            known = is_known(shape)
            propagation.known[Entry(node, 0)] = shape if known else merge_or_first(shape, carried_shape(node))
    propagation.known.update(expected or {})
    propagation.settle()
    return propagation.known


def carried_shape(node: Node) -> PartialShape:
    """Return the shape in the variable's attributes."""
    text = node.attributes.get("__shape__")
    return None if text is None else read_lengths(_SHAPE.parse(text, node.name, "__shape__"))


class _Shapes:
    """The rule that infers shapes at a node."""

    def __init__(self, types: Mapping[Entry, PartialType]) -> None:
        self._types = types
        # A cache, since networks repeat their layers.
        self._results: dict[Any, list[PartialShape]] = {}

    def __call__(
        self, node: Node, inputs: list[PartialShape], outputs: list[PartialShape]
    ) -> tuple[Sequence[PartialShape], Sequence[PartialShape]]:
        operator = node.operator
        assert operator is not None
        if operator.shape_attribute:
            asked = read_lengths(node.applied.attributes[operator.shape_attribute])
            if asked is not None and not is_known(asked):
                return inputs, [asked]
        if operator.from_outputs == "nothing":
            outputs = [None] * len(outputs)
        if operator.elementwise:
            return self._elementwise(node, inputs, outputs)
        given, inputs = inputs, self._completed(node, inputs)
        if callable(operator.from_outputs) and not all(map(is_known, inputs)):
            inputs = list(operator.from_outputs(inputs, outputs, node.applied.attributes))
        taken = {number: inputs[number] for number, entry in enumerate(node.arguments()) if entry is not None}
        if all(map(is_known, taken.values())):
            found = self._run(node, inputs)
            if operator.from_partial == "nothing":  # where values decide a length, MXNet says nothing of the result
                return inputs, [shape if is_known(shape) else None for shape in found]
            return inputs, found
        if operator.from_partial is not None:
            return self._from_partial(node, given, inputs, outputs)

        def run(shapes: Sequence[PartialShape]) -> list[PartialShape]:
            shapes = self._completed(node, list(shapes))
            if not all(is_known(shapes[number]) for number in taken):
                raise _refused(node, shapes, "some lengths are unknown")
            return self._run(node, shapes)

        unknown = [number for number, shape in taken.items() if shape is None]
        if not unknown:
            return probe(run, inputs, outputs)
        if len(unknown) == 1 and None not in outputs and operator.from_outputs != "lengths":
            return probe_rank(run, inputs, outputs, unknown[0])
        return inputs, outputs

    def _from_partial(
        self, node: Node, given: list[PartialShape], inputs: list[PartialShape], outputs: list[PartialShape]
    ) -> tuple[Sequence[PartialShape], Sequence[PartialShape]]:
        """Infer what MXNet does, if that is less than could be found."""
        applied = node.applied
        rule = applied.operator.from_partial
        try:
            found = rule(inputs, applied.attributes) if callable(rule) else None
        except Conflict:
            raise _refused(node, inputs, f"{applied.operator.name}: the shapes of its inputs must fit") from None
        except MXNetError as error:
            raise _refused(node, inputs, str(error)) from error
        return (given, [None] * len(outputs)) if found is None else (inputs, found)

    def _elementwise(
        self, node: Node, inputs: list[PartialShape], outputs: list[PartialShape]
    ) -> tuple[list[PartialShape], list[PartialShape]]:
        try:
            shared = merge_all([*inputs, *outputs])
        except Conflict:
            used = "".join(f"; its result is used as {shown_lengths(shape)}" for shape in outputs if shape is not None)
            rule = f"{node.operator and node.operator.name}: all inputs and outputs must have one shape"
            raise _refused(node, inputs, rule + used) from None
        return [shared] * len(inputs), [shared] * len(outputs)

    def _completed(self, node: Node, inputs: list[PartialShape]) -> list[PartialShape]:
        """Let the declaration complete unknown inputs; known ones are checked by running the operator."""
        assert node.operator is not None
        if node.operator.infer_inputs is None or all(map(is_known, inputs)):
            return inputs
        try:
            completed = node.operator.infer_inputs(inputs, node.applied.attributes)
        except OPERATOR_FAILURES as error:
            raise _refused(node, inputs, str(error).partition("\n")[0]) from error
        known = list(inputs)
        for number, (entry, shape) in enumerate(zip(node.arguments(), completed, strict=False)):
            if entry is not None and not is_known(known[number]) and shape is not None:
                known[number] = tuple(shape)
        return [merge_or_first(one, other) for one, other in zip(inputs, known, strict=True)]

    def _run(self, node: Node, inputs: Sequence[PartialShape]) -> list[PartialShape]:
        """Run the operator on meta tensors."""
        applied = node.applied
        entries = node.arguments()
        kinds = [None if entry is None else self._types.get(entry) or torch.float32 for entry in entries]
        key = (applied, tuple(inputs), tuple(kinds))
        if key in self._results:
            return self._results[key]
        tensors: list[torch.Tensor | None] = []
        try:
            ruled = _ruled(applied, inputs)
            if ruled is not None:
                return list(ruled)
            for shape, kind in zip(inputs, kinds, strict=True):  # torch refuses lengths that it cannot multiply
                empty = None if kind is None or shape is None else torch.empty(shape, dtype=kind, device=_META)
                tensors.append(empty)
            surroundings = {name: _SURROUNDINGS[kind] for name, kind in applied.operator.supplied}
            outputs, _ = applied.split(applied.function(*tensors, **surroundings))
        except OPERATOR_FAILURES as error:
            reason = error if isinstance(error, MXNetError) else explain(applied, tensors, error)
            raise _refused(node, inputs, str(reason)) from error
        # A length that only values tell is 0 on meta tensors. Without NumPy's meaning of shapes, any 0 is unknown.
        is_open = not numpy_mode.shapes or (
            applied.operator.reads_values and not any(0 in (shape or ()) for shape in inputs)
        )
        shapes: list[PartialShape] = [
            tuple([UNKNOWN if is_open and length == 0 else length for length in tensor.shape]) for tensor in outputs
        ]
        self._results[key] = shapes
        return shapes


def _ruled(applied: Applied, inputs: Sequence[PartialShape]) -> Sequence[PartialShape] | None:
    """Return the outputs by the declaration; None if the inputs contradict one another, which running it explains."""
    operator, attributes = applied.operator, applied.attributes
    if operator.infer_outputs is None or not inputs or inputs[0] is None:
        return None
    if operator.infer_inputs is not None:
        alone = operator.infer_inputs([inputs[0], *[None] * (len(inputs) - 1)], attributes)
        try:
            for expected, shape in zip(alone, inputs, strict=True):
                merge(None if expected is None else tuple(expected), shape)
        except Conflict:
            return None
    return operator.infer_outputs(inputs, attributes)


def _refused(node: Node, inputs: Sequence[PartialShape], reason: str) -> MXNetError:
    """Return the error of a node, with its name and the names of its inputs."""
    received = [
        f"{entry.node.name} {'of unknown shape' if shape is None else shown_lengths(shape)}"
        for entry, shape in zip(node.arguments(), inputs, strict=True)
        if entry is not None
    ]
    assert node.operator is not None
    return MXNetError(f"{node.name}: {reason}; inputs of the node are {', '.join(received) or 'none'}")
