"""The @operator decorator: one plain Python function on torch tensors becomes an operator of the library.

The signature is the schema. Positional parameters are the input arrays (``Tensor``; ``Tensor | None`` for an optional
one; ``*data: Tensor`` for any number). Keyword-only parameters are the attributes, read by their annotation
(`glueball.ops.attrs`). Three keyword-only annotations are not attributes but what the caller's surroundings supply:
``Training`` (whether training mode is on), ``Rng`` (the source of random numbers) and ``Device`` (the torch device to
create on). What a signature cannot say is a keyword of the decorator; `glueball.ops.facts` lists them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from ..core.errors import MXNetError, nearest
from .applied import Applied, AppliedByValues
from .attrs import Null
from .facts import CallFacts, DrawingFacts, GraphFacts, InferenceFacts
from .flops import of_products
from .signature import Attribute, Device, Rng, Schema, Training, read_signature

if TYPE_CHECKING:
    from .samples import Refused, Sample

__all__ = ["Device", "Operator", "Rng", "Training", "operator", "registry"]

_Function = TypeVar("_Function", bound=Callable[..., Any])


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
        Make what its tests are made from, see `glueball.ops.samples.cases`; only tests call them.
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


class Registry:
    """All declared operators, by name and by alias."""

    def __init__(self) -> None:
        self._by_name: dict[str, Operator] = {}

    def add(self, declared: Operator) -> None:
        """Add an operator; two operators may not share a name."""
        for name in (declared.name, *declared.aliases):
            if name in self._by_name:
                raise ValueError(
                    f"operator name {name!r} is declared twice: {declared.name}, {self._by_name[name].name}"
                )
        for name in (declared.name, *declared.aliases):
            self._by_name[name] = declared

    def __getitem__(self, name: str) -> Operator:
        try:
            return self._by_name[name]
        except KeyError:
            raise MXNetError(
                f"operator: the name must be that of an operator that Glueball has; received {name!r}"
                f"{nearest(name, tuple(self._by_name))}"
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Operator]:
        return iter(dict.fromkeys(self._by_name.values()))

    def names(self) -> Mapping[str, Operator]:
        """Every name and alias with its operator."""
        return self._by_name


registry = Registry()


def operator(name: str, **facts: Any) -> Callable[[_Function], _Function]:
    """Declare the decorated function as the operator `name`.

    The function itself is returned unchanged, so that operators can call one another as plain functions.

    Parameters
    ----------
    name : str
        MXNet's name.
    **facts
        ``aliases``, and the fields of `CallFacts`, `GraphFacts`, `InferenceFacts` and `DrawingFacts`.

    Raises
    ------
    TypeError
        A fact is missing that nothing else says: `kind` and `flops`, where the operator is not elementwise.
    """

    def declare(function: _Function) -> _Function:
        registry.add(Operator(name=name, function=function, **{**_implied(facts), **facts}))
        return function

    return declare


def _implied(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that follow from others. A default for all operators would hide that one was forgotten."""
    implied: dict[str, Any] = {"kind": "other", "flops": 1} if facts.get("elementwise") else {}
    if "multiply_adds" in facts:
        implied["flops"] = of_products(facts["multiply_adds"])
    return implied
