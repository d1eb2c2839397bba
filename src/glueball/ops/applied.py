"""An operator with its attributes read: what a call, a node of a graph, inference and lowering all hold."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from torch import Tensor

from ..core.errors import MXNetError
from .attrs import Null
from .signature import REQUIRED
from .type_rule import Completes
from .type_rule import parse as parse_types

if TYPE_CHECKING:
    from .declare import Operator

# A program that computes new scalars all the time (x * lr) must not fill the memory with them.
_MOST_REMEMBERED = 1024


class Applied:
    """An operator with its attributes read; made by `Operator.applied`, which returns the same for the same values.

    Attributes
    ----------
    operator : Operator
        The declaration.
    attributes : mapping of str to object
        All attributes, parsed, with defaults filled in.
    function : callable
        The declared function with its attributes given; the inputs and what the surroundings supply remain.
    """

    def __init__(self, operator: Operator, attributes: dict[str, Any]) -> None:
        self.operator = operator
        self.attributes: Mapping[str, Any] = attributes
        prepare = operator.prepare
        self.function: Callable[..., Any] = prepare(attributes) if prepare else partial(operator.function, **attributes)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs that it takes."""
        operator = self.operator
        omitted = operator.omits(self.attributes) if operator.omits else ()
        return tuple([name for name in operator.inputs if name not in omitted]) if omitted else operator.inputs

    def split(self, result: Tensor | tuple[Tensor, ...]) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        """Return the outputs, and the new values of the states, in what `function` has returned."""
        results = result if isinstance(result, tuple) else (result,)
        states = len(self.operator.auxiliary)
        return (results[:-states], results[-states:]) if states else (results, ())

    @cached_property
    def output_count(self) -> int:
        """How many arrays it returns to a user."""
        return self._number(self.operator.outputs)

    @cached_property
    def hidden_output_count(self) -> int:
        """How many further outputs MXNet counts in a graph file."""
        return self._number(self.operator.hidden_outputs)

    def _number(self, fact: int | Callable[[Mapping[str, Any]], int]) -> int:
        return fact if isinstance(fact, int) else fact(self.attributes)

    @cached_property
    def output_names(self) -> tuple[str, ...]:
        """What a graph calls its outputs, behind the name of the node."""
        names, visible = self.operator.output_names, self.output_count
        if visible <= len(names):
            return tuple(names[:visible])
        if visible + self.hidden_output_count == 1:
            return ("output",)
        return tuple([f"output{number}" for number in range(visible)])

    @cached_property
    def types(self) -> Completes:
        """How the types of its inputs and outputs follow from one another."""
        declared = self.operator.types
        rule = declared if isinstance(declared, str) else declared(self.attributes)
        return parse_types(rule) if isinstance(rule, str) else rule

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.attributes.items())
        return f"Applied({self.operator.name}, {given})"


def update_state(state: Tensor, new: Tensor) -> None:
    """Write the new value of a state that an operator has returned; it returns the state itself where that stays."""
    if new is not state:
        # Through .data: backward() of an earlier recorded call must not take the new values for a mistake.
        state.data.copy_(new)


class AppliedByValues(dict[tuple[Any, ...], Applied]):
    """What an operator has been applied with, by the values of its attributes in declaration order.

    A value that was not given is Null, which stands for the default.
    """

    def __init__(self, operator: Operator) -> None:
        super().__init__()
        self._operator = operator

    def read(self, values: tuple[Any, ...]) -> Applied:
        """Read values that are not remembered, and remember them where they can be looked up."""
        attributes = _parse(self._operator, values)
        applied = Applied(self._operator, attributes)
        # 0.0 and -0.0 are one key, but not one divisor.
        if any(isinstance(value, float) and value == 0 for value in attributes.values()):
            return applied
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        with contextlib.suppress(TypeError):  # a list among the values has no hash
            self[values] = applied
        return applied


def _parse(operator: Operator, values: tuple[Any, ...]) -> dict[str, Any]:
    parsed = {}
    for attribute, value in zip(operator.attributes, values, strict=True):
        if value is not Null:
            parsed[attribute.name] = attribute.type.parse(value, operator.name, attribute.name)
        elif attribute.default is REQUIRED:
            raise MXNetError(
                f"{operator.name}: {attribute.name} must be given ({attribute.type.rule}); received nothing; "
                f"pass {attribute.name}=..."
            )
        else:
            parsed[attribute.name] = attribute.default
    return parsed
