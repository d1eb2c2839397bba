"""The operator ``_while_loop``: a graph that runs as long as another says so."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..ops.attrs import NonNegative, Positive, Shape
from ..ops.gradient import with_zeros_for
from ..ops.shape_rule import PartialShape, common, is_known
from ..ops.signature import Device, Rng, Training
from ..ops.type_rule import PartialType
from .body import key_of_step
from .branch import holds
from .graph_operator import Attributes, GraphOperator, Surroundings


def _declared(
    *data: Tensor, num_args: Positive, num_outputs: Positive, num_out_data: NonNegative, max_iterations: Positive,
    cond_input_locs: Shape, func_input_locs: Shape, func_var_locs: Shape, training: Training, device: Device, rng: Rng,
) -> None:  # fmt: skip
    """The attributes. Two ``..._input_locs`` number the node's inputs; `func_var_locs` those of its second graph."""


class While(GraphOperator):
    """The operator of one node. The outputs of its second graph are those of a step, then the new loop variables."""

    kind_name = "_while_loop"
    roles = ("cond", "func")
    declared = staticmethod(_declared)

    def check(self, attributes: Attributes) -> None:
        """Refuse attributes that do not fit the graphs."""
        self.check_wiring(attributes)
        variables, count = attributes["func_var_locs"], len(attributes["func_input_locs"])
        if len(set(variables)) < len(variables) or not all(0 <= number < count for number in variables):
            self.refuse(f"func_var_locs must be different numbers below {count}", list(variables))
        heads = len(self.bodies[1].heads)
        expected = (attributes["num_outputs"], attributes["num_out_data"] + len(variables))
        if expected != (heads, heads) or len(self.bodies[0].heads) != 1:
            self.refuse(f"the {heads} outputs of its graph must be num_out_data and {len(variables)} more", expected)

    def wiring(self, attributes: Attributes) -> list[tuple[int, ...]]:
        """Return which input of the node each input of the two graphs is."""
        return [attributes["cond_input_locs"], attributes["func_input_locs"]]

    def _variables(self, attributes: Attributes) -> list[int]:
        """Return which inputs of the node are the loop variables."""
        return [attributes["func_input_locs"][number] for number in attributes["func_var_locs"]]

    def _infer_outputs(self, shapes: Sequence[PartialShape], attributes: Attributes) -> Sequence[PartialShape]:
        heads, outputs = self.heads_of(1, shapes, attributes), attributes["num_out_data"]
        before = [shapes[number] for number in self._variables(attributes)]
        if any(common(one, other) != one for one, other in zip(heads[outputs:], before, strict=True)):
            return [None] * len(heads)  # they change from step to step
        rows = [None if shape is None else (attributes["max_iterations"], *shape) for shape in heads[:outputs]]
        return [*rows, *heads[outputs:]]

    def output_types(self, found: Sequence[Sequence[PartialType]]) -> Sequence[PartialType]:
        """Return the types of the outputs, which are those of the second graph."""
        return found[1]

    def work(self, attributes: Attributes, works: Sequence[int], shapes: Sequence[Sequence[int]]) -> int:
        """Return the operations of the most steps."""
        total: int = attributes["max_iterations"] * sum(works)
        return total

    def compute(self, attributes: Attributes, tensors: Sequence[Tensor], around: Surroundings) -> list[Tensor]:
        """Run the second graph as long as the first says so."""
        (cond, func), wires = self.bodies, self.wiring(attributes)
        variables, outputs, limit = (
            self._variables(attributes),
            attributes["num_out_data"],
            attributes["max_iterations"],
        )
        current, rows = list(tensors), []
        for number in range(limit):
            key = key_of_step(around.key, number)
            given = [current[wire] for wire in wires[0]]
            if not holds(self.name, cond.run(given, around.training, key, around.device)[0]):
                break
            made = func.run([current[wire] for wire in wires[1]], around.training, key, around.device)
            rows.append(made[:outputs])
            for wire, value in zip(variables, made[outputs:], strict=True):
                current[wire] = value
        joined = (
            [_padded(column, limit) for column in zip(*rows, strict=True)] if rows else self._empty(attributes, tensors)
        )
        last = [current[wire].clone() if current[wire] is tensors[wire] else current[wire] for wire in variables]
        return [with_zeros_for(result, *tensors) for result in (*joined, *last)]

    def _empty(self, attributes: Attributes, tensors: Sequence[Tensor]) -> list[Tensor]:
        """Return the outputs of a loop without steps."""
        shapes = self._infer_outputs([tuple(tensor.shape) for tensor in tensors], attributes)
        _, kinds = self.bodies[1].types(
            [tensors[wire].dtype for wire in attributes["func_input_locs"]], default=torch.float32
        )
        made = []
        for shape, kind in zip(shapes[: attributes["num_out_data"]], kinds, strict=False):
            if not is_known(shape):
                raise MXNetError(f"{self.name}: the outputs of a loop without steps must have known shapes; "
                                 f"received {shape}")  # fmt: skip
            made.append(torch.zeros(shape or (), dtype=kind, device=tensors[0].device))
        return made


def _padded(rows: Sequence[Tensor], length: int) -> Tensor:
    made = torch.stack(list(rows))
    if len(rows) == length:
        return made
    return torch.cat([made, made.new_zeros((length - len(rows), *made.shape[1:]))])
