"""The operator ``_cond``: one of two graphs, as a third says."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from ..core.errors import MXNetError
from ..ops.attrs import Positive, Shape
from ..ops.gradient import with_zeros_for
from ..ops.shape_rule import PartialShape, common
from ..ops.signature import Device, Rng, Training
from ..ops.type_rule import PartialType
from .body import key_of_step
from .graph_operator import Attributes, GraphOperator, Surroundings


def _declared(
    *data: Tensor, num_args: Positive, num_outputs: Positive, cond_input_locs: Shape, then_input_locs: Shape,
    else_input_locs: Shape, training: Training, device: Device, rng: Rng,
) -> None:  # fmt: skip
    """The attributes. The ``..._input_locs`` number the node's inputs."""


class Branch(GraphOperator):
    """The operator of one node."""

    kind_name = "_cond"
    roles = ("cond", "then", "else")
    declared = staticmethod(_declared)

    def check(self, attributes: Attributes) -> None:
        """Refuse attributes that do not fit the graphs."""
        self.check_wiring(attributes)
        counts = [len(body.heads) for body in self.bodies]
        if counts != [1, attributes["num_outputs"], attributes["num_outputs"]]:
            self.refuse(f"its graphs must have 1, {attributes['num_outputs']} and {attributes['num_outputs']} outputs",
                        counts)  # fmt: skip

    def wiring(self, attributes: Attributes) -> list[tuple[int, ...]]:
        """Return which input of the node each input of the graphs is."""
        return [attributes["cond_input_locs"], attributes["then_input_locs"], attributes["else_input_locs"]]

    def expected_types(
        self, graph: int, heads: Sequence[Sequence[PartialType]], inputs: Sequence[PartialType], attributes: Attributes
    ) -> Sequence[PartialType]:
        """Return the types of a branch's outputs, which are those of the other."""
        return heads[3 - graph] if graph else ()

    def _infer_outputs(self, shapes: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape]:
        branches = [self.heads_of(graph, shapes, attributes) for graph in (1, 2)]
        return [common(one, other) for one, other in zip(*branches, strict=True)]

    def output_types(self, found: Sequence[Sequence[PartialType]]) -> Sequence[PartialType]:
        """Return the types of the outputs, which are those of the branches."""
        return [one or other for one, other in zip(found[1], found[2], strict=True)]

    def work(self, attributes: Attributes, works: Sequence[int], shapes: Sequence[Sequence[int]]) -> int:
        """Return the operations of the condition and of the longer branch."""
        return works[0] + max(works[1:])

    def compute(self, attributes: Attributes, tensors: Sequence[Tensor], around: Surroundings) -> list[Tensor]:
        """Run one of the branches."""
        wires = self.wiring(attributes)
        key = key_of_step(around.key, 0)
        said = self.bodies[0].run([tensors[wire] for wire in wires[0]], around.training, key, around.device)
        chosen = 1 if holds(self.name, said[0]) else 2
        made = self.bodies[chosen].run([tensors[wire] for wire in wires[chosen]], around.training, key, around.device)
        return [with_zeros_for(result, *tensors) for result in made]


def holds(owner: str, value: Tensor) -> bool:
    """Return whether a condition holds, which must be one number."""
    if value.numel() != 1:
        raise MXNetError(f"{owner}: a condition must be one number; received an array of shape {tuple(value.shape)}")
    return bool(value)
