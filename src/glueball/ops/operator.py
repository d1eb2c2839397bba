"""`Operator`, a declared operator, and `Applied`, an operator with its attributes read.

Calls, nodes of a graph, inference and lowering all hold an `Applied`.
"""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError, nearest
from ..core.writes import writes
from .attrs import Null, as_number
from .facts import CallFacts, DrawingFacts, GraphFacts, InferenceFacts, PrecisionFacts
from .samples import Refused, Sample
from .signature import REQUIRED, Attribute, Schema, read_signature
from .type_rule import Completes
from .type_rule import parse as parse_types

#: The prefixes of the operators of ``mx.np`` and ``mx.npx``.
OF_NP = ("_np_", "_npi_", "_npx_")

# A program that keeps computing new scalars (x * lr) must not fill the memory with them.
_MOST_REMEMBERED = 1024


@dataclass(eq=False, kw_only=True)
class Operator(CallFacts, GraphFacts, InferenceFacts, PrecisionFacts, DrawingFacts):
    """A declared operator. Everything that the library knows about it is here.

    Its signature is read when it is first used: a program that needs ten operators does not wait for three hundred.

    Attributes
    ----------
    name, aliases
        MXNet's names for it.
    function
        The declared function: torch tensors and parsed attributes in; a tensor out, or a tuple of tensors.
    input_names
        What it calls its inputs, if not what the function calls them.
    remembered
        The cache of applied operators; see `applied`.
    make_samples, make_refusals
        Make the calls that its tests use; see `glueball.ops.declare.cases`. Only tests call them.
    """

    name: str
    function: Callable[..., Any]
    aliases: Sequence[str] = ()
    input_names: Sequence[str] = ()
    make_samples: Callable[[], Sequence[Sample]] = tuple
    make_refusals: Callable[[], Sequence[Refused]] = tuple
    remembered: AppliedByValues = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.remembered = AppliedByValues(self)

    @cached_property
    def schema(self) -> Schema:
        """The schema that the signature of the function defines."""
        return read_signature(self.function)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Names of the input arrays."""
        return tuple(self.input_names) or self.schema.inputs

    @cached_property
    def is_np(self) -> bool:
        """Whether it belongs to ``mx.np`` or ``mx.npx``, by MXNet's prefixes."""
        return self.name.startswith(OF_NP)

    def twin(self) -> Operator:
        """Return the same operator as ``mx.np`` has it: under another name, and with other names of its inputs."""
        name, *aliases = self.np
        own: dict[str, Any] = {"name": name, "aliases": aliases, "input_names": self.np_inputs}
        own |= {"np": (), "npx": "", "method": "", "sparse": None, "masks": "never"}
        facts = {each.name: getattr(self, each.name) for each in fields(self) if each.init}
        return Operator(**{**facts, **own})

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
    def is_merged(self) -> bool:
        """Whether a bound graph that has it twice with the same inputs computes it once."""
        if self.computed_anew is not None:
            return not self.computed_anew
        draws = any(kind == "rng" for _, kind in self.supplied)
        return bool(self.inputs) and not (draws or self.runs_user_code or self.auxiliary or self.states_by)

    @cached_property
    def monitored_inputs(self) -> tuple[str, ...]:
        """What a monitor calls the inputs of an operator that is not variadic."""
        named = self.names_inputs
        if named is None:
            named = self.name.startswith("_np_") or self.inputs != ("data",) or bool(self.output_names)
        return self.inputs if named else tuple([f"input{number}" for number in range(len(self.inputs))])

    @cached_property
    def dtype_attributes(self) -> frozenset[str]:
        """The names of the attributes that are types."""
        return frozenset([attribute.name for attribute in self.attributes if attribute.type.is_dtype])

    @cached_property
    def shape_attribute(self) -> str:
        """The attribute that is the shape of an array made without inputs, or ''.

        In a graph, a length of 0 in it is inferred from the rest of the graph.
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
        """The docstring of the declared function, with the names that the operator has for its inputs."""
        doc = inspect.getdoc(self.function) or ""
        for name, own in zip(self.schema.inputs, self.input_names, strict=False):
            doc = re.sub(rf"(^|`){name}(?= :|`)", rf"\g<1>{own}", doc, flags=re.M)
        return doc

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
        """Return the operator with its attributes read from values by name, as in a graph file; see `applied`."""
        for name in values:
            if name not in self.attribute_names:
                raise self.unknown_attribute(name)
        return self.applied(tuple([values.get(attribute.name, Null) for attribute in self.attributes]))

    def unknown_attribute(self, name: str) -> MXNetError:
        """Return the error for a keyword that is neither an input nor an attribute."""
        known = (*self.inputs, *[attribute.name for attribute in self.attributes])
        return MXNetError(
            f"{self.name}: a keyword must be one of {', '.join(known) or 'none at all'}; "
            f"received {name!r}{nearest(name, known)}"
        )

    def missing_arrays(self) -> MXNetError:
        """Return the error for a call of a variadic operator without arrays."""
        return MXNetError(
            f"{self.name}: at least one array must be given; received none; pass them one by one: f(a, b)"
        )


class Applied:
    """An operator with its attributes read; made by `Operator.applied`, which caches it by their values.

    Attributes
    ----------
    operator : Operator
        The declaration.
    attributes : mapping of str to object
        All attributes, parsed, with defaults filled in.
    function : callable
        The declared function with its attributes bound; it takes the inputs and what the surroundings supply.
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

    @cached_property
    def input_count(self) -> int:
        """The number of inputs that it takes, by its attributes."""
        operator = self.operator
        if operator.inputs_by is not None:
            return operator.inputs_by(self.attributes)
        count: int = self.attributes[operator.variadic_by] if operator.variadic_by else len(self.inputs)
        return count

    @cached_property
    def state_positions(self) -> tuple[int, ...]:
        """Which of the operator's inputs are states, in the order in which it returns their new values."""
        operator = self.operator
        if operator.states_by is not None:
            return tuple(operator.states_by(self.attributes))
        return tuple([operator.inputs.index(name) for name in operator.auxiliary])

    def split(self, result: Tensor | tuple[Tensor, ...]) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        """Split a result of `function` into the outputs and the new values of the states."""
        results = result if isinstance(result, tuple) else (result,)
        states = len(self.state_positions)
        return (results[:-states], results[-states:]) if states else (results, ())

    @cached_property
    def output_count(self) -> int:
        """The number of arrays that it returns to a user."""
        return self._number(self.operator.outputs)

    @cached_property
    def hidden_output_count(self) -> int:
        """The number of further outputs that MXNet counts in a graph file."""
        return self._number(self.operator.hidden_outputs)

    def _number(self, fact: int | Callable[[Mapping[str, Any]], int]) -> int:
        return fact if isinstance(fact, int) else fact(self.attributes)

    @cached_property
    def output_names(self) -> tuple[str, ...]:
        """The names of its outputs in a graph, which follow the name of the node."""
        names, visible = self.operator.output_names, self.output_count
        if visible <= len(names):
            return tuple(names[:visible])
        if visible + self.hidden_output_count == 1:
            return ("output",)
        return tuple([f"output{number}" for number in range(visible)])

    @cached_property
    def types(self) -> Completes:
        """The rule that relates the types of its inputs and outputs."""
        declared = self.operator.types
        rule = declared if isinstance(declared, str) else declared(self.attributes)
        return parse_types(rule) if isinstance(rule, str) else rule

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.attributes.items())
        return f"Applied({self.operator.name}, {given})"


def update_state(state: Tensor, new: Tensor) -> None:
    """Store the new value of a state, unless the operator returned the state itself because it is unchanged."""
    if new is not state:
        _require_shape(state, new)
        # Through .data, so that backward() of an earlier recorded call does not refuse it as an in-place change.
        state.data.copy_(new)
        writes.report(state)


def update_states(states: Sequence[Tensor], new: Sequence[Tensor]) -> None:
    """Store the new values of several states."""
    for state, value in zip(states, new, strict=True):
        _require_shape(state, value)
    torch._foreach_copy_([state.data for state in states], list(new))
    for state in states:
        writes.report(state)


def _require_shape(state: Tensor, new: Tensor) -> None:
    if new.shape != state.shape:  # torch would broadcast it
        raise MXNetError(f"a state must have shape {tuple(new.shape)}; received {tuple(state.shape)}")


class AppliedByValues(dict[tuple[Any, ...], Applied]):
    """A cache of applied operators, by the values of their attributes in declaration order.

    A value that was not given is Null, which stands for the default.
    """

    def __init__(self, operator: Operator) -> None:
        super().__init__()
        self._operator = operator

    def read(self, values: tuple[Any, ...]) -> Applied:
        """Read values that are not cached, and cache the result if the values are hashable."""
        numbers = tuple([as_number(value) for value in values])
        if any(number is not value for number, value in zip(numbers, values, strict=True)):
            return self._operator.applied(numbers)  # an array may change, its number does not
        attributes = _parse(self._operator, values)
        applied = Applied(self._operator, attributes)
        # 0.0 and -0.0 are the same key, but not the same divisor.
        if any(isinstance(value, float) and value == 0 for value in attributes.values()):
            return applied
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        with contextlib.suppress(TypeError):  # a list among the values is not hashable
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
