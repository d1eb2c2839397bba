"""One call of an operator, and the rule by which it is said in torch's Python."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

import torch
from torch import Tensor

#: What a rule returns: the expression of the output, or of a tuple of all outputs; or a tuple with one for each of the
#: first outputs, where torch does not have the others.
Result = str | tuple[str, ...]


class Unsupported(Exception):
    """A call cannot be said; the message says why."""


class Value(NamedTuple):
    """An array of the network.

    Attributes
    ----------
    name : str
        The name of the parameter, or '' for data.
    shape : tuple of int
        Its shape.
    type : torch.dtype
        Its type.
    text : callable
        Returns the expression that stands for it: a name.
    """

    name: str
    shape: tuple[int, ...]
    type: torch.dtype
    text: Callable[[], str]


class Layers(Protocol):
    """Where a rule puts a layer."""

    def layer(self, stem: str, text: str, parameters: Mapping[str, str], values: Mapping[str, Tensor]) -> str:
        """Add a layer and return the expression that stands for it."""

    def value(self, parameter: str) -> Tensor:
        """Return the value of a parameter."""


@dataclass(frozen=True)
class Call:
    """A call of an operator on arrays whose shapes are known.

    Attributes
    ----------
    name : str
        The name of the node.
    attributes : mapping of str to object
        All attributes of the operator.
    inputs : tuple of Value or None
        What it is called with; None where an optional one is left out.
    shapes : tuple of tuple of int
        The shapes of its outputs.
    types : tuple of torch.dtype
        Their types.
    layers : Layers
        Where layers go.
    """

    name: str
    attributes: Mapping[str, Any]
    inputs: tuple[Value | None, ...]
    shapes: tuple[tuple[int, ...], ...]
    types: tuple[torch.dtype, ...]
    layers: Layers

    def __getitem__(self, attribute: str) -> Any:
        return self.attributes[attribute]

    @property
    def data(self) -> Value:
        """The first input."""
        return self.input(0)

    @property
    def x(self) -> str:
        """The expression of the first input."""
        return self.data.text()

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the first output."""
        return self.shapes[0]

    @property
    def given(self) -> tuple[Value, ...]:
        """The inputs that are given."""
        return tuple([each for each in self.inputs if each is not None])

    def input(self, number: int) -> Value:
        """Return an input that is given."""
        found = self.inputs[number]
        assert found is not None
        return found

    def has(self, number: int) -> bool:
        """Whether an optional input is given."""
        return number < len(self.inputs) and self.inputs[number] is not None

    def layer(self, text: str, inputs: Mapping[str, int], values: Mapping[str, Tensor] | None = None) -> str:
        """Add a layer such as ``nn.Linear(3, 2)`` and return what stands for it.

        Parameters
        ----------
        text : str
            How it is made.
        inputs : mapping of str to int
            Which of its parameters is which input of the call; each must be a parameter of the network.
        values : mapping of str to Tensor, optional
            What others of its parameters are.
        """
        names = {tensor: self.input(number).name for tensor, number in inputs.items()}
        computed = [tensor for tensor, name in names.items() if not name]
        if computed:
            raise Unsupported(f"a {computed[0]} that the network computes")
        return self.layers.layer(self._stem(names), text, names, values or {})

    def _stem(self, names: Mapping[str, str]) -> str:
        """Return what a layer is called: what the names of its parameters have in common."""
        first = next(iter(names.values()), "")
        stem, _, last = first.rpartition("_")
        return stem if stem and last in _LAST else self.name.removesuffix("_fwd")


_LAST = ("weight", "bias", "gamma", "beta", "alpha")


class Rule(NamedTuple):
    """How an operator is said.

    Attributes
    ----------
    say : callable
        Takes a `Call` and returns expressions; raises `Unsupported`.
    integers : bool
        Whether it is right for integers too.
    """

    say: Callable[[Call], Result]
    integers: bool


_Say = TypeVar("_Say", bound=Callable[[Call], Result])

#: The rules, by the names of operators.
RULES: dict[str, Rule] = {}


def rule(*names: str, integers: bool = False) -> Callable[[_Say], _Say]:
    """Declare how operators are said.

    Parameters
    ----------
    *names : str
        The operators.
    integers : bool, default False
        As in `Rule`.
    """

    def declare(say: _Say) -> _Say:
        for name in names:
            assert name not in RULES, name
            RULES[name] = Rule(say, integers)
        return say

    return declare


def number(value: float) -> str:
    """Return a number as Python writes it."""
    if math.isfinite(value):
        return (
            str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else repr(value)
        )
    return f'float("{value}")'


def sizes(values: Sequence[int]) -> str:
    """Return lengths as a layer takes them: one number if all are equal."""
    return str(values[0]) if len(set(values)) == 1 else str(tuple(values))


def arguments(*positional: str, **named: tuple[Any, Any]) -> str:
    """Return arguments of a call; those that have their default, the second of the pair, are left out."""
    shown = [f"{name}={value}" for name, (value, default) in named.items() if str(value) != str(default)]
    return ", ".join([*positional, *shown])
