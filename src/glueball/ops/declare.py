"""The @operator decorator: one plain Python function on torch tensors becomes an operator of the library.

The signature is the schema. Positional parameters are the input arrays (``Tensor``; ``Tensor | None`` for an optional
one; ``*data: Tensor`` for any number). Keyword-only parameters are the attributes, read by their annotation
(`glueball.ops.attrs`). Three keyword-only annotations are not attributes but what the caller's surroundings supply:
``Training`` (whether training mode is on), ``Rng`` (the torch generator of the device) and ``Device`` (the torch device
to create on).
"""

from __future__ import annotations

import contextlib
import inspect
import typing
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, NamedTuple, NewType, TypeVar

import torch
from torch import Tensor

from ..core.errors import MXNetError, nearest
from .attrs import AttributeType, Null, type_of
from .samples import Refused, Sample
from .shape_rule import PartialShape
from .type_rule import ONE_TYPE, Completes
from .type_rule import parse as parse_types

Training = NewType("Training", bool)
Rng = NewType("Rng", torch.Generator)
Device = NewType("Device", torch.device)
_SUPPLIED = {Training: "training", Rng: "rng", Device: "device"}

REQUIRED: Any = inspect.Parameter.empty
_T = TypeVar("_T")

# A program that computes new scalars all the time (x * lr) must not fill the memory with parsed attributes.
_MOST_FROZEN = 1024


@dataclass(frozen=True)
class Attribute:
    """One attribute of an operator: its name, how it is read, and its default (REQUIRED when it has none)."""

    name: str
    type: AttributeType
    default: Any


class Schema(NamedTuple):
    """What the signature of a declared function says; see `Operator`."""

    inputs: tuple[str, ...]
    optional: frozenset[str]
    attributes: tuple[Attribute, ...]
    supplied: tuple[tuple[str, str], ...]


@dataclass(eq=False)
class Operator:
    """A declared operator. Everything that the library knows of it is here.

    Its signature is read when it is first used: a program that needs ten operators does not wait for three hundred.

    Attributes
    ----------
    name, aliases
        MXNet's names for it.
    function
        The declared function: torch tensors and parsed attributes in, a tensor or a tuple of tensors out.
    variadic_by
        For any number of inputs: the attribute that holds their number in a graph file; else ''.
    auxiliary
        Names of the inputs that are states, which the operator updates itself and never differentiates.
    outputs
        How many arrays it returns: a number, or a function of the attributes.
    omits
        The optional inputs that a call with certain attributes does not take: a graph makes no variable for them.
    output_names
        What the outputs are called in a graph, where they are not just ``output`` or numbered.
    hidden_outputs
        How many more outputs MXNet counts in a graph file than a user sees; a number, or a function of the attributes.
    initializers
        By input: how MXNet fills the variable that a graph makes for it, as the text of ``__init__``.
    infer_inputs
        Completes the shapes of parameters from the shapes already known, where that is possible.
    infer_outputs
        The shapes of the outputs from those of the inputs, or None to let the operator be run on tensors without values
        and say what is wrong. Given where that would load torch's compiler or sympy, which takes up to seconds.
    elementwise
        All inputs and outputs have one shape, so that any of them says what the others are.
    types
        How the types of inputs and outputs follow from one another, as `glueball.ops.type_rule` describes it; a text,
        or a function of the attributes that returns one (or a `Completes`). By default all are one type.
    may_alias
        The result may share memory with an input; an imperative caller copies it, a graph need not.
    prepare
        Where it pays to work out once what follows from the attributes: makes, from the attributes, the function of the
        remaining arguments. The declared function calls it too, so that there is one computation.
    method
        The NDArray and Symbol method that calls it, or ''.
    make_samples, make_refusals
        Make what its tests are made from; a program that only uses the operator never calls them.
    """

    name: str
    function: Callable[..., Any]
    aliases: tuple[str, ...]
    variadic_by: str
    auxiliary: frozenset[str]
    outputs: int | Callable[[Mapping[str, Any]], int]
    omits: Callable[[Mapping[str, Any]], Collection[str]] | None
    output_names: tuple[str, ...]
    hidden_outputs: int | Callable[[Mapping[str, Any]], int]
    initializers: Mapping[str, str]
    infer_inputs: Callable[..., Sequence[PartialShape]] | None
    infer_outputs: Callable[..., Sequence[PartialShape] | None] | None
    elementwise: bool
    types: str | Callable[[Mapping[str, Any]], str | Completes]
    may_alias: bool
    prepare: Callable[[Mapping[str, Any]], Callable[..., Any]] | None
    method: str
    make_samples: Callable[[], Sequence[Sample]]
    make_refusals: Callable[[], Sequence[Refused]]
    _frozen: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict, repr=False)
    _bound: dict[tuple[Any, ...], Callable[..., Any]] = field(default_factory=dict, repr=False)

    @cached_property
    def schema(self) -> Schema:
        """What the signature of the function says."""
        return _read_signature(self.function)

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
        """Pairs of parameter and what the surroundings supply for it: 'training', 'rng' or 'device'."""
        return self.schema.supplied

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

    def freeze(self, values: tuple[Any, ...]) -> dict[str, Any]:
        """Return the parsed attributes for values in declaration order; Null takes the default.

        The same values give the same dict, parsed once; it must not be changed.
        """
        try:
            return self._frozen[values]
        except (KeyError, TypeError):
            attributes = self._parse(values)
            return _remember(self._frozen, values, attributes, attributes)

    def bind(self, values: tuple[Any, ...]) -> Callable[..., Any]:
        """Return the declared function with its attributes given; the inputs and what is supplied remain.

        The values are as in `freeze`. The same values give the same function.
        """
        try:
            return self._bound[values]
        except (KeyError, TypeError):
            attributes = self.freeze(values)
            bound = self.prepare(attributes) if self.prepare else partial(self.function, **attributes)
            return _remember(self._bound, values, attributes, bound)

    def freeze_named(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parsed attributes for values by name, such as those of a node in a graph file."""
        return self.freeze(self.in_order(values))

    def in_order(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return values by name in declaration order, with Null for those that are not given."""
        for name in values:
            if name not in {attribute.name for attribute in self.attributes}:
                raise self.unknown_attribute(name)
        return tuple([values.get(attribute.name, Null) for attribute in self.attributes])

    def _parse(self, values: tuple[Any, ...]) -> dict[str, Any]:
        parsed = {}
        for attribute, value in zip(self.attributes, values, strict=True):
            if value is not Null:
                parsed[attribute.name] = attribute.type.parse(value, self.name, attribute.name)
            elif attribute.default is REQUIRED:
                raise MXNetError(
                    f"{self.name}: {attribute.name} must be given ({attribute.type.rule}); received nothing; "
                    f"pass {attribute.name}=..."
                )
            else:
                parsed[attribute.name] = attribute.default
        return parsed

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

    def count_outputs(self, attributes: Mapping[str, Any]) -> int:
        """How many arrays a call with these attributes returns."""
        return self.outputs if isinstance(self.outputs, int) else self.outputs(attributes)

    def count_hidden_outputs(self, attributes: Mapping[str, Any]) -> int:
        """How many further outputs MXNet counts in a graph file."""
        return self.hidden_outputs if isinstance(self.hidden_outputs, int) else self.hidden_outputs(attributes)

    def name_outputs(self, attributes: Mapping[str, Any]) -> tuple[str, ...]:
        """What a graph calls the outputs of a call with these attributes, behind the name of the node."""
        visible = self.count_outputs(attributes)
        if visible <= len(self.output_names):
            return self.output_names[:visible]
        if visible + self.count_hidden_outputs(attributes) == 1:
            return ("output",)
        return tuple([f"output{number}" for number in range(visible)])

    def type_rule(self, attributes: Mapping[str, Any]) -> Completes:
        """How the types of a call with these attributes follow from one another."""
        rule = self.types if isinstance(self.types, str) else self.types(attributes)
        return parse_types(rule) if isinstance(rule, str) else rule

    @cached_property
    def shape_attribute(self) -> str:
        """The attribute that is the shape of what the operator makes out of nothing, or ''.

        In a graph, a length of 0 in it is one that the rest of the graph decides.
        """
        made = not self.inputs and any(attribute.name == "shape" for attribute in self.attributes)
        return "shape" if made else ""

    def inputs_taken(self, attributes: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of the inputs that a call with these attributes takes."""
        omitted = self.omits(attributes) if self.omits else ()
        return tuple([name for name in self.inputs if name not in omitted]) if omitted else self.inputs


def _remember(known: dict[tuple[Any, ...], _T], values: tuple[Any, ...], attributes: dict[str, Any], made: _T) -> _T:
    """Keep what was made for the values, where the values can be looked up; returns it."""
    # 0.0 and -0.0 are one key, but not one divisor.
    if any(isinstance(value, float) and value == 0 for value in attributes.values()):
        return made
    if len(known) >= _MOST_FROZEN:
        known.clear()
    with contextlib.suppress(TypeError):  # a list among the values has no hash
        known[values] = made
    return made


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


def operator(
    name: str,
    *,
    aliases: Sequence[str] = (),
    variadic_by: str = "",
    auxiliary: Sequence[str] = (),
    outputs: int | Callable[[Mapping[str, Any]], int] = 1,
    omits: Callable[[Mapping[str, Any]], Collection[str]] | None = None,
    output_names: Sequence[str] = (),
    hidden_outputs: int | Callable[[Mapping[str, Any]], int] = 0,
    initializers: Mapping[str, str] = MappingProxyType({}),
    infer_inputs: Callable[..., Sequence[PartialShape]] | None = None,
    infer_outputs: Callable[..., Sequence[PartialShape] | None] | None = None,
    elementwise: bool = False,
    types: str | Callable[[Mapping[str, Any]], str | Completes] = ONE_TYPE,
    may_alias: bool = False,
    prepare: Callable[[Mapping[str, Any]], Callable[..., Any]] | None = None,
    method: str = "",
    samples: Callable[[], Sequence[Sample]] = tuple,
    refusals: Callable[[], Sequence[Refused]] = tuple,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the decorated function as the operator `name`; see `Operator` for what the arguments mean.

    The function itself is returned unchanged, so that operators can call one another as plain functions.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        registry.add(
            Operator(
                name, function, tuple(aliases), variadic_by, frozenset(auxiliary), outputs, omits,
                tuple(output_names), hidden_outputs, initializers, infer_inputs, infer_outputs, elementwise, types,
                may_alias, prepare, method, samples, refusals,
            )
        )  # fmt: skip
        return function

    return declare


def _read_signature(function: Callable[..., Any]) -> Schema:
    hints = typing.get_type_hints(function, include_extras=True)
    inputs: list[str] = []
    optional: set[str] = set()
    attributes: list[Attribute] = []
    supplied: list[tuple[str, str]] = []
    for parameter in inspect.signature(function).parameters.values():
        hint = hints[parameter.name]
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            if hint not in (Tensor, Tensor | None):
                raise TypeError(f"{function.__name__}: input {parameter.name!r} must be annotated Tensor")
            inputs.append(parameter.name)
            if parameter.default is None:
                optional.add(parameter.name)
        elif hint in _SUPPLIED:
            supplied.append((parameter.name, _SUPPLIED[hint]))
        else:
            attributes.append(Attribute(parameter.name, type_of(hint), parameter.default))
    return Schema(tuple(inputs), frozenset(optional), tuple(attributes), tuple(supplied))
