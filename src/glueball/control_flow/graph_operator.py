"""What the operators that run graphs have in common. Each node has its own, which knows its graphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, ClassVar, NoReturn

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..ops import draw, registry
from ..ops.flops import Call
from ..ops.operator import Operator
from ..ops.shape_rule import PartialShape, merge, merge_or_first
from ..ops.signature import Schema, read_signature
from ..ops.type_rule import Conflict, PartialType
from ..symbol.node import Entry
from .body import Body, key_of_run

Attributes = Mapping[str, Any]


class GraphOperator(Operator):
    """An operator whose nodes hold graphs.

    Each graph's inputs are some of the node's: attributes, the ``..._locs``, say which.

    Parameters
    ----------
    subgraphs : sequence of tuple of Entry
        The outputs of each graph.
    """

    kind_name: ClassVar[str]
    roles: ClassVar[tuple[str, ...]]  # what messages call the graphs
    declared: ClassVar[Callable[..., Any]]  # its signature says which attributes there are

    def __init__(self, subgraphs: Sequence[tuple[Entry, ...]]) -> None:
        if len(subgraphs) != len(self.roles):
            raise MXNetError(
                f"{self.kind_name}: it must have {len(self.roles)} subgraphs, {', '.join(self.roles)}; received "
                f"{len(subgraphs)}; take another copy of the file"
            )
        self.bodies = [Body(self.kind_name, heads) for heads in subgraphs]
        super().__init__(
            name=self.kind_name,
            function=self._compute,
            prepare=self._prepared,
            variadic_by="num_args",
            inputs_by=lambda attributes: attributes["num_args"] - len(self.roles),
            outputs=lambda attributes: attributes["num_outputs"],
            infer_inputs=self._infer_inputs,
            infer_outputs=self._infer_outputs,
            from_partial=self._infer_outputs,
            types=lambda attributes: _Types(self),
            precision="unlisted",
            runs_user_code=any(body.runs_user_code for body in self.bodies),
            reads_values=True,
            kind="other",
            flops=lambda call: self._work(call, 0),
            multiply_adds=lambda call: self._work(call, 1),
        )

    @cached_property
    def schema(self) -> Schema:
        """The schema of the declared function; a random source only where a graph draws."""
        schema = read_signature(type(self).declared)
        needed = ("training", "device", "rng") if any(body.draws for body in self.bodies) else ("training", "device")
        return schema._replace(supplied=tuple([(name, kind) for name, kind in schema.supplied if kind in needed]))

    # --- attributes -----------------------------------------------------------------------------------------------

    def _prepared(self, attributes: Attributes) -> Callable[..., Any]:
        self.check(attributes)
        return partial(self._compute, attributes)

    def check(self, attributes: Attributes) -> None:
        """Refuse attributes that do not fit the graphs."""
        raise NotImplementedError

    def wiring(self, attributes: Attributes) -> list[tuple[int, ...]]:
        """Return, for each graph, which input of the node each of its own is."""
        raise NotImplementedError

    def refuse(self, rule: str, received: object) -> NoReturn:
        """Refuse a node whose attributes contradict its graphs."""
        raise MXNetError(f"{self.name}: {rule}; received {received}; take another copy of the file")

    def check_wiring(self, attributes: Attributes) -> None:
        """Check that each graph's inputs are inputs of the node."""
        count = attributes["num_args"] - len(self.roles)
        for role, body, wires in zip(self.roles, self.bodies, self.wiring(attributes), strict=True):
            if len(wires) != len(body.variables) or not all(0 <= wire < count for wire in wires):
                self.refuse(
                    f"the {len(body.variables)} inputs of its graph {role!r} must be among its {count}", list(wires)
                )

    # --- inference ------------------------------------------------------------------------------------------------

    def _infer_inputs(self, shapes: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape]:
        known = list(shapes)
        for _ in range(2):  # what one graph finds helps the other
            for body, wires in zip(self.bodies, self.wiring(attributes), strict=True):
                given = [self.inner(known[wire], wire, attributes) for wire in wires]
                found, _ = body.shapes(
                    given, self.expected_shapes(known, attributes) if body is self.bodies[-1] else ()
                )
                for wire, shape in zip(wires, found, strict=True):
                    known[wire] = merge_or_first(known[wire], self.outer(shape, known[wire], wire, attributes))
        return known

    def expected_shapes(self, inputs: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape]:
        """Return what is known of the shapes of its last graph's outputs, from those of the node's inputs."""
        return ()

    def expected_types(
        self, graph: int, heads: Sequence[Sequence[PartialType]], inputs: Sequence[PartialType], attributes: Attributes
    ) -> Sequence[PartialType]:
        """Return what is known of the types of a graph's outputs, from those of all graphs and of the node's inputs."""
        return ()

    def inner(self, shape: PartialShape, number: int, attributes: Attributes) -> PartialShape:
        """Return the shape that a graph sees of an input of the node."""
        return shape

    def outer(self, shape: PartialShape, known: PartialShape, number: int, attributes: Attributes) -> PartialShape:
        """Return the shape of an input of the node from what a graph sees of it."""
        return shape

    def _infer_outputs(self, shapes: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape]:
        raise NotImplementedError

    def agreed(self, rule: str, one: PartialShape, other: PartialShape) -> PartialShape:
        """Combine what is known of two shapes that must be one."""
        try:
            return merge(one, other)
        except Conflict:
            raise MXNetError(f"{self.name}: {rule}; received {one} and {other}") from None

    def heads_of(self, graph: int, shapes: Sequence[PartialShape], attributes: Attributes) -> list[PartialShape]:
        """Return the shapes of the outputs of one graph, from those of the node's inputs."""
        wires = self.wiring(attributes)[graph]
        return self.bodies[graph].shapes([self.inner(shapes[wire], wire, attributes) for wire in wires])[1]

    def output_types(self, found: Sequence[Sequence[PartialType]]) -> Sequence[PartialType]:
        """Return the types of the node's outputs from those of the graphs' outputs."""
        return found[-1]

    def _work(self, call: Call, which: int) -> int:
        shapes = [tuple(shape) for shape in call.inputs.values()]
        works = [
            body.work([self.inner(shapes[wire], wire, call.attributes) for wire in wires])[which]
            for body, wires in zip(self.bodies, self.wiring(call.attributes), strict=True)
        ]
        return self.work(call.attributes, works, shapes)

    def work(self, attributes: Attributes, works: Sequence[int], shapes: Sequence[Sequence[int]]) -> int:
        """Return the operations of a run, from those of each graph; the maximum, where values decide."""
        raise NotImplementedError

    # --- running --------------------------------------------------------------------------------------------------

    def _compute(
        self, attributes: Attributes, *tensors: Tensor, training: bool, device: torch.device,
        rng: draw.Source | None = None,
    ) -> Any:  # fmt: skip
        results = self.compute(attributes, tensors, _Surroundings(training, device, key_of_run(rng)))
        return results[0] if len(results) == 1 else tuple(results)

    def compute(self, attributes: Attributes, tensors: Sequence[Tensor], around: _Surroundings) -> list[Tensor]:
        """Compute the outputs."""
        raise NotImplementedError


class _Surroundings:
    """What a run hands to the graphs."""

    __slots__ = ("device", "key", "training")

    def __init__(self, training: bool, device: torch.device, key: Tensor | None) -> None:
        self.training, self.device, self.key = training, device, key


Surroundings = _Surroundings


class _Types:
    """How the types agree, as the graphs say."""

    def __init__(self, operator: GraphOperator) -> None:
        self._operator = operator

    def complete(
        self, inputs: Sequence[PartialType], outputs: Sequence[PartialType], attributes: Attributes,
        *, default: bool = False,
    ) -> tuple[list[PartialType], list[PartialType]]:  # fmt: skip
        """Return the types that follow from those known."""
        known = list(inputs)
        operator = self._operator
        made: list[Sequence[PartialType]] = [()] * len(operator.bodies)
        for _ in range(2):  # what one graph finds helps the other
            made = [operator.expected_types(graph, made, known, attributes) for graph in range(len(made))]
            for graph, (body, wires) in enumerate(zip(operator.bodies, operator.wiring(attributes), strict=True)):
                given = [known[wire] for wire in wires]
                found, made[graph] = body.types(given, made[graph], torch.float32 if default else None)
                for wire, kind in zip(wires, found, strict=True):
                    known[wire] = known[wire] or kind
        results = []
        for kind, found_kind in zip(outputs, operator.output_types(made), strict=True):
            if kind is not None and found_kind is not None and kind != found_kind:
                raise Conflict(found_kind, kind)
            results.append(kind or found_kind)
        return known, results


def declare(kind: type[GraphOperator]) -> None:
    """Register an operator, which graph files name."""

    def of_node(attributes: Mapping[str, str], subgraphs: Sequence[tuple[Entry, ...]]) -> GraphOperator:
        return kind(subgraphs)

    registry.add_family(kind.kind_name, of_node)
