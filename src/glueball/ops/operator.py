"""What a declared operator is, and an operator with its attributes read.

The second, `Applied`, is what a call, a node of a graph, inference and lowering all hold.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from torch import Tensor

from ..core.errors import MXNetError, nearest
from .attrs import Null
from .facts import CallFacts, DrawingFacts, GraphFacts, InferenceFacts
from .samples import Refused, Sample
from .signature import REQUIRED, Attribute, Schema, read_signature
from .type_rule import Completes
from .type_rule import parse as parse_types

# A program that computes new scalars all the time (x * lr) must not fill the memory with them.
_MOST_REMEMBERED = 1024


@dataclass(eq=False, kw_only=True)
class Operator(CallFacts, GraphFacts, InferenceFacts, DrawingFacts):
    """A declared operator. Everything that the library knows of it is here.

    Its signature is read when it is first used: a program that needs ten operators does not wait for three hundred.

    Attributes
    ----------
    name, aliases
        MXNet's names for it.
    function
        The declared function: torch tensors and parsed attributes in; a tensor out, or a tuple of tensors.
    remembered
        What it has been applied with, see `applied`.
    make_samples, make_refusals
        Make what its tests are made from, see `glueball.ops.declare.cases`; only tests call them.
    """

    name: str
    function: Callable[..., Any]
    aliases: Sequence[str] = ()
    make_samples: Callable[[], Sequence[Sample]] = tuple
    make_refusals: Callable[[], Sequence[Refused]] = tuple
    remembered: AppliedByValues = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.remembered = AppliedByValues(self)

    @cached_property
    def schema(self) -> Schema:
        """What the signature of the function says."""
        return read_signature(self.function)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Names of the input arrays."""
        return self.schema.inputs

    @cached_property
    def optional(self) -> frozenset[str]:
        """Names of the inputs that may be left out."""
        return self.schema.optional

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes in the order in which they can be given by position."""
        return self.schema.attributes

    @cached_property
    def supplied(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a parameter and what the surroundings supply for it: 'training', 'rng' or 'device'."""
        return self.schema.supplied

    @cached_property
    def attribute_names(self) -> frozenset[str]:
        """The names of the attributes."""
        return frozenset([attribute.name for attribute in self.attributes])

    @cached_property
    def state_positions(self) -> tuple[int, ...]:
        """Which of the inputs are the states, in the order of `auxiliary`."""
        return tuple([self.inputs.index(name) for name in self.auxiliary])

    @cached_property
    def shape_attribute(self) -> str:
        """The attribute that is the shape of what the operator makes out of nothing, or ''.

        In a graph, a length of 0 in it is one that the rest of the graph decides.
        """
        return "shape" if not self.inputs and "shape" in self.attribute_names else ""

    @cached_property
    def samples(self) -> tuple[Sample, ...]:
        """Calls that its tests compare with MXNet."""
        return tuple(self.make_samples())

    @cached_property
    def refusals(self) -> tuple[Refused, ...]:
        """Calls that must be refused."""
        return tuple(self.make_refusals())

    @cached_property
    def doc(self) -> str:
        """The docstring of the declared function."""
        return inspect.getdoc(self.function) or ""

    def applied(self, values: tuple[Any, ...]) -> Applied:
        """Return the operator with its attributes read.

        Parameters
        ----------
        values : tuple
            The attributes in declaration order, as a user gives them or as their text; Null takes the default.

        Raises
        ------
        MXNetError
            A value does not fit its attribute, or one is missing.
        """
        try:
            return self.remembered[values]
        except (KeyError, TypeError):
            return self.remembered.read(values)

    def applied_named(self, values: Mapping[str, Any]) -> Applied:
        """Return the operator with attributes read that are given by name, as in a graph file; see `applied`."""
        for name in values:
            if name not in self.attribute_names:
                raise self.unknown_attribute(name)
        return self.applied(tuple([values.get(attribute.name, Null) for attribute in self.attributes]))

    def unknown_attribute(self, name: str) -> MXNetError:
        """The error for a keyword that is neither an input nor an attribute."""
        known = (*self.inputs, *[attribute.name for attribute in self.attributes])
        return MXNetError(
            f"{self.name}: a keyword must be one of {', '.join(known) or 'none at all'}; "
            f"received {name!r}{nearest(name, known)}"
        )

    def missing_arrays(self) -> MXNetError:
        """The error for a call of a variadic operator without any array."""
        return MXNetError(
            f"{self.name}: at least one array must be given; received none; pass them one by one: f(a, b)"
        )


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
