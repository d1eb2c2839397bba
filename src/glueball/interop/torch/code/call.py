"""One call of an operator, and the rule by which it is said in torch's Python."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

import torch
from torch import Tensor


class Unsupported(Exception):
    """A call cannot be said; the message says why."""


@dataclass(frozen=True)
class Nested:
    """An expression of several outputs, which it does not return as a tuple of all of them.

    Attributes
    ----------
    targets : str
        What stands before the ``=``, with ``{}`` for each output, in order; those behind the last one are not there.
    text : str
        The expression.
    """

    targets: str
    text: str


#: What a rule returns: the expression of the output, or of a tuple of all outputs; or a tuple with one for each of the
#: first outputs, where torch does not have the others.
Result = str | Nested | tuple[str, ...]


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
        Returns the expression that stands for it: a name. What no rule asks for is not written.
    operator : str
        The name of the operator whose output it is, or '' for inputs and parameters.
    inputs : callable
        Returns the inputs of that operator.
    """

    name: str
    shape: tuple[int, ...]
    type: torch.dtype
    text: Callable[[], str]
    operator: str
    inputs: Callable[[], tuple[Value | None, ...]]


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
    used : tuple of bool
        Which of them are needed.
    source : str
        The expression of an input of the network, which says on which device it is.
    length : callable
        Returns the expression of a length of the first output along an axis, which may follow from the inputs' lengths.
    layers : Layers
        Where layers go.
    """

    name: str
    attributes: Mapping[str, Any]
    inputs: tuple[Value | None, ...]
    shapes: tuple[tuple[int, ...], ...]
    types: tuple[torch.dtype, ...]
    used: tuple[bool, ...]
    source: str
    length: Callable[[int], str]
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


def texts(said: Mapping[str, str], *, integers: bool = False) -> None:
    """Declare operators that are said by filling in a text.

    Parameters
    ----------
    said : mapping of str to str
        The texts by the names of operators: ``{x}`` and ``{y}`` are the first two inputs, ``{all}`` is all of them with
        commas between, ``{number}`` the scalar as it stands beside a sign; other attributes have their names.
    integers : bool, default False
        As in `Rule`.
    """
    for name, text in said.items():

        @rule(name, integers=integers)
        def say(call: Call, text: str = text) -> str:
            return text.format_map(_Words(call))


class _Words(dict[str, str]):
    """What fills in a text; an input is asked for only if it is in it."""

    def __init__(self, call: Call) -> None:
        super().__init__()
        self._call = call

    def __missing__(self, key: str) -> str:
        call = self._call
        if key in ("x", "y"):
            return call.input("xy".index(key)).text()
        if key == "all":
            return ", ".join([each.text() for each in call.given])
        value = call["scalar" if key == "number" else key]
        if key == "number" and value < 0:
            return f"({number(value)})"
        return (
            number(value) if isinstance(value, float) else str(tuple(value) if isinstance(value, Sequence) else value)
        )


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
