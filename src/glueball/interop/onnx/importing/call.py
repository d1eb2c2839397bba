"""What a rule is given: a node of a file, and what is known of its inputs."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ....symbol import Symbol
from .document import Node
from .values import MOST, CannotImport, Values, is_unknown


class Call:
    """A node, as a rule sees it.

    Attributes
    ----------
    node : Node
        The node.
    opset : int
        The version of ONNX's operators.
    name : str
        What the symbol is to be called.
    """

    def __init__(self, node: Node, values: Values, opset: int) -> None:
        self.node, self.values, self.opset = node, values, opset
        self.name = node.name or node.outputs[0]

    def attribute(self, name: str, default: Any = None) -> Any:
        """Return an attribute."""
        return self.node.attributes.get(name, default)

    def has(self, number: int) -> bool:
        """Whether there is an input."""
        return number < len(self.node.inputs) and self.node.inputs[number] != ""

    @property
    def count(self) -> int:
        """The number of inputs."""
        return len(self.node.inputs)

    def symbol(self, number: int) -> Symbol:
        """Return an input as a symbol."""
        return self.values.symbol(self.node.inputs[number])

    def symbols(self) -> list[Symbol]:
        """Return all inputs as symbols."""
        return [self.symbol(number) for number in range(self.count)]

    def constant(self, number: int) -> np.ndarray | None:
        """Return the numbers of an input, or None if they do not follow from constants or it is not there."""
        return self.values.constant(self.node.inputs[number]) if self.has(number) else None

    def known(self, number: int, what: str) -> np.ndarray:
        """Return the numbers of an input that must follow from constants."""
        found = self.constant(number)
        if found is None or is_unknown(found):
            raise CannotImport(f"{what} must be constant")
        return found

    def integers(self, number: int, attribute: str, default: Any = None) -> Any:
        """Return integers that are an attribute in older versions, and an input in newer ones."""
        if self.has(number):
            return tuple([int(each) for each in self.known(number, attribute).reshape(-1)])
        found = self.attribute(attribute)
        return default if found is None else tuple(found)

    def number(self, number: int, attribute: str, default: Any = None) -> Any:
        """Return one number that is an attribute in older versions and an input in newer ones."""
        if self.has(number):
            return self.known(number, attribute).reshape(-1)[0].item()
        return self.attribute(attribute, default)

    def shape(self, number: int) -> tuple[int, ...]:
        """Return the shape of an input, 0 for a length that varies."""
        found = self.values.shape(self.node.inputs[number])
        if found is None:
            raise CannotImport(f"the shape of {self.node.inputs[number]!r} must be known")
        return found

    def type(self, number: int) -> str:
        """Return the type of an input, or '' if it is not known."""
        return self.values.types.get(self.node.inputs[number], "")

    def rank(self, number: int) -> int:
        """Return the number of axes of an input."""
        return len(self.shape(number))

    def fixed_shape(self, number: int) -> tuple[int, ...]:
        """Return the shape of an input, of which all lengths must be known."""
        shape = self.shape(number)
        if 0 in shape:
            raise CannotImport(
                f"all lengths of {self.node.inputs[number]!r} must be known; they are {shape}, where 0 varies"
            )
        return shape

    def parameter(self, end: str, array: np.ndarray) -> Symbol:
        """Return a new variable for numbers; its name is that of the node and an end."""
        return self.values.new_parameter(f"{self.name}_{end}", array)

    def places(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return the positions of all numbers of an array along each of its axes; what a file says may be a lie."""
        self.require(prod(shape) * max(len(shape), 1) <= MOST, f"an array must have fewer numbers than {shape} has")
        found: np.ndarray = np.indices(shape, np.int32)
        return found

    def require(self, condition: bool, rule: str) -> None:
        """Refuse the node unless a condition holds."""
        if not condition:
            raise CannotImport(rule)
