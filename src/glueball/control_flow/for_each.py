"""The operator ``_foreach``: a graph for each item of arrays, with states from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..ops.attrs import Positive, Shape
from ..ops.shape_rule import UNKNOWN, PartialShape
from ..ops.signature import Device, Rng, Training
from ..ops.type_rule import PartialType
from .body import key_of_step
from .graph_operator import Attributes, GraphOperator, Surroundings

_STATE = "a state must keep its shape"
_LENGTH = "all data must have as many items"


def _declared(
    *data: Tensor, num_args: Positive, num_outputs: Positive, num_out_data: int, in_data_locs: Shape,
    in_state_locs: Shape, remain_locs: Shape, training: Training, device: Device, rng: Rng,
) -> None:  # fmt: skip
    """The attributes. The ``..._locs`` number the graph's inputs, in the order of the node's."""


class ForEach(GraphOperator):
    """The operator of one node.

    The inputs of the node are data, then states, then what is the same for all items. The outputs of the graph are
    those of an item, then the new states.
    """

    kind_name = "_foreach"
    roles = ("body",)
    declared = staticmethod(_declared)

    def check(self, attributes: Attributes) -> None:
        """Refuse attributes that do not fit the graph."""
        locs = self._locs(attributes)
        count = len(self.bodies[0].variables)
        if sorted(locs) != list(range(count)) or attributes["num_args"] != count + 1:
            self.refuse(f"its locs must number the {count} inputs of its graph, and num_args be {count + 1}",
                        f"{list(locs)} and {attributes['num_args']}")  # fmt: skip
        heads, states = len(self.bodies[0].heads), len(attributes["in_state_locs"])
        expected = (attributes["num_outputs"], attributes["num_out_data"] + states)
        if expected != (heads, heads) or not attributes["in_data_locs"] or attributes["num_out_data"] < 0:
            self.refuse(f"the {heads} outputs of its graph must be num_out_data outputs and {states} states", expected)

    def _locs(self, attributes: Attributes) -> tuple[int, ...]:
        locs: tuple[int, ...] = (
            *attributes["in_data_locs"], *attributes["in_state_locs"], *attributes["remain_locs"]
        )  # fmt: skip
        return locs

    def wiring(self, attributes: Attributes) -> list[tuple[int, ...]]:
        """Return which input of the node each of the graph's is."""
        locs = self._locs(attributes)
        return [tuple([locs.index(number) for number in range(len(locs))])]

    def expected_shapes(self, inputs: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape]:
        """Return the shapes of the states, which they keep."""
        return self._of_states(inputs, attributes)

    def expected_types(
        self, graph: int, heads: Sequence[Sequence[PartialType]], inputs: Sequence[PartialType], attributes: Attributes
    ) -> Sequence[PartialType]:
        """Return the types of the states, which they keep."""
        return self._of_states(inputs, attributes)

    def _of_states(self, inputs: Sequence[Any], attributes: Attributes) -> list[Any]:
        count = len(attributes["in_data_locs"])
        return [*[None] * attributes["num_out_data"], *inputs[count : count + len(attributes["in_state_locs"])]]

    def inner(self, shape: PartialShape, number: int, attributes: Attributes) -> PartialShape:
        """Return the shape of an item; that of a number is (1,)."""
        if shape is None or number >= len(attributes["in_data_locs"]):
            return shape
        return shape[1:] or (1,)

    def outer(self, shape: PartialShape, known: PartialShape, number: int, attributes: Attributes) -> PartialShape:
        """Return the shape of data from that of an item."""
        if number >= len(attributes["in_data_locs"]):
            return shape
        return (
            known
            if shape is None or (known is not None and len(known) == 1)
            else (known[0] if known else UNKNOWN, *shape)
        )

    def _infer_inputs(self, shapes: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape]:
        known = list(super()._infer_inputs(shapes, attributes))
        count = len(attributes["in_data_locs"])
        length = next((shape[0] for shape in known[:count] if shape and shape[0] != UNKNOWN), UNKNOWN)
        for number, shape in enumerate(known[:count]):
            if shape and length != UNKNOWN:
                known[number] = self.agreed(_LENGTH, shape, (length, *[UNKNOWN] * (len(shape) - 1)))
        heads = self.heads_of(0, known, attributes)[attributes["num_out_data"] :]
        for number, state in enumerate(heads, count):  # a state keeps its shape
            known[number] = self.agreed(_STATE, known[number], state)
        return known

    def _infer_outputs(self, shapes: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape]:
        heads = self.heads_of(0, shapes, attributes)
        outputs, count = attributes["num_out_data"], len(attributes["in_data_locs"])
        length = next((shape[0] for shape in shapes[:count] if shape and shape[0] != UNKNOWN), UNKNOWN)
        states = [
            self.agreed(_STATE, given, state) for state, given in zip(heads[outputs:], shapes[count:], strict=False)
        ]
        return [*[None if shape is None else (length, *shape) for shape in heads[:outputs]], *states]

    def output_types(self, found: Sequence[Sequence[PartialType]]) -> Sequence[PartialType]:
        """Return the types of the outputs, which are those of the graph."""
        return found[0]

    def work(self, attributes: Attributes, works: Sequence[int], shapes: Sequence[Sequence[int]]) -> int:
        """Return the operations of all items."""
        return shapes[0][0] * works[0]

    def compute(self, attributes: Attributes, tensors: Sequence[Tensor], around: Surroundings) -> list[Tensor]:
        """Run the graph for each item."""
        body, wires = self.bodies[0], self.wiring(attributes)[0]
        count, outputs = len(attributes["in_data_locs"]), attributes["num_out_data"]
        lengths = {len(tensor) for tensor in tensors[:count]}
        if len(lengths) != 1 or not lengths.pop():
            raise MXNetError(
                f"{self.name}: all data must have as many items, at least one; received "
                f"{', '.join(str(tuple(tensor.shape)) for tensor in tensors[:count])}"
            )
        items = [(tensor.unsqueeze(1) if tensor.dim() == 1 else tensor).unbind(0) for tensor in tensors[:count]]
        first = count + len(attributes["in_state_locs"])
        states, rest = list(tensors[count:first]), tensors[first:]
        rows = []
        for number, item in enumerate(zip(*items, strict=True)):
            given = (*item, *states, *rest)
            key = key_of_step(around.key, number)
            made = body.run([given[wire] for wire in wires], around.training, key, around.device)
            rows.append(made[:outputs])
            states = list(made[outputs:])
        return [*[torch.stack(column) for column in zip(*rows, strict=True)], *states]
