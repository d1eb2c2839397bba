"""How an operator's inputs and outputs agree in type, written as text: ``"T, I -> T"``.

A capital letter is a type that all places with this letter share. A place can be:

===============  ===================================================================================================
``T``            the type T
``T+``           T, or float32 where T is float16 or bfloat16: the parameters of BatchNorm
``T~``           T, or float64 where T is not floating-point: the result of arithmetic with a fraction
``T#``           T, or int64 where T is bool: the result of counting
``T/``           T, or float32 where T is not floating-point: the result of a division in ``mx.np``
``T:float16``    float16 where T is float32, float16 or bfloat16, else T: mixed precision
``int64``        this type
``{dtype}``      the type that the attribute ``dtype`` names
``{dtype|T}``    the same, or T where the attribute is None; T can be any of the above
``I=int32``      the letter I, which is int32 if nothing else decides; any of the above may follow ``=``
``T...``         any number of further places like this, possibly none; only as the last on its side
===============  ===================================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import torch

from ..core.dtype import NAMES, to_torch, type_name

ONE_TYPE = "T... -> T..."

PartialType = torch.dtype | None

# The types that mixed precision turns into one another.
MIXED = (torch.float32, torch.float16, torch.bfloat16)

_HALF = (torch.float16, torch.bfloat16)
_LETTER = re.compile(r"([A-Z])([+~#/]|:\w+)?")
_ATTRIBUTE = re.compile(r"\{(\w+)(?:\|(\w+[+~#/]?))?\}")


class Conflict(Exception):
    """Two types, or shapes, that must be equal are not; its arguments are the expected and the received one."""


@dataclass(frozen=True)
class Place:
    """The part of a rule for one input or output."""

    letter: str = ""
    change: str = ""
    fixed: PartialType = None
    attribute: str = ""
    default: Place | None = None

    def resolve(self, attributes: Mapping[str, Any]) -> Place:
        """Substitute the value of the attribute."""
        value = attributes[self.attribute] if self.attribute else None
        return self if value is None else Place(fixed=to_torch(value, self.attribute))

    def expected(self, letters: Mapping[str, torch.dtype]) -> PartialType:
        """Return the type that belongs here, if it is known."""
        if not self.letter:
            return self.fixed
        kind = letters.get(self.letter)
        return kind if kind is None or not self.change else _changed(kind, self.change)


@dataclass(frozen=True)
class Side:
    """The places on one side of the arrow."""

    places: tuple[Place, ...]
    repeated: bool

    def spread(self, count: int, attributes: Mapping[str, Any]) -> list[Place]:
        """Return a place for each of `count` arrays."""
        places = [place.resolve(attributes) for place in self.places]
        if self.repeated:
            places += [places[-1]] * (count - len(places))
        return places[:count]


class Completes(Protocol):
    """What a declaration may have instead of a text, for a rule that no text can say; see `TypeRule.complete`."""

    def complete(
        self, inputs: Sequence[PartialType], outputs: Sequence[PartialType], attributes: Mapping[str, Any],
        *, default: bool = False,
    ) -> tuple[list[PartialType], list[PartialType]]:  # fmt: skip
        """Return the types that follow from those known."""
        ...


@dataclass(frozen=True)
class TypeRule:
    """A parsed rule."""

    inputs: Side
    outputs: Side

    def complete(
        self, inputs: Sequence[PartialType], outputs: Sequence[PartialType], attributes: Mapping[str, Any],
        *, default: bool = False,
    ) -> tuple[list[PartialType], list[PartialType]]:  # fmt: skip
        """Return the types that follow from those known; None means unknown.

        Parameters
        ----------
        inputs, outputs : sequence of torch.dtype or None
            The known types. An input that is not taken is None too, and its result has no meaning.
        attributes : mapping
            The parsed attributes.
        default : bool
            Whether the defaults in the rule decide where nothing else does.

        Raises
        ------
        Conflict
            The types do not fit the rule.
        """
        places = [*self.inputs.spread(len(inputs), attributes), *self.outputs.spread(len(outputs), attributes)]
        known = [*inputs, *outputs]
        letters = _letters(places, known)
        if default:
            for place in places:
                kind = place.default.resolve(attributes).expected(letters) if place.default else None
                if kind is not None:
                    letters.setdefault(place.letter, kind)
        completed = []
        for place, kind in zip(places, known, strict=True):
            expected = place.expected(letters)
            if expected is not None and kind is not None and kind != expected:
                raise Conflict(expected, kind)
            completed.append(kind if expected is None else expected)
        return completed[: len(inputs)], completed[len(inputs) :]


def _letters(places: Sequence[Place], known: Sequence[PartialType]) -> dict[str, torch.dtype]:
    """Return what the letters stand for, as far as the known types say."""
    letters: dict[str, torch.dtype] = {}
    for place, kind in zip(places, known, strict=True):
        if place.letter and not place.change and kind is not None and letters.setdefault(place.letter, kind) != kind:
            raise Conflict(letters[place.letter], kind)
    for place, kind in zip(places, known, strict=True):
        # Backwards, a result of arithmetic most likely has the type of the operand, as in MXNet.
        if (
            place.letter
            and place.change in ("~", "#", "/")
            and kind is not None
            and _changed(kind, place.change) == kind
        ):
            letters.setdefault(place.letter, kind)
    return letters


def _changed(kind: torch.dtype, change: str) -> torch.dtype:
    if change == "+":
        return torch.float32 if kind in _HALF else kind
    if change == "~":
        return kind if kind.is_floating_point else torch.float64
    if change == "/":
        return kind if kind.is_floating_point else torch.float32
    if change == "#":
        return torch.int64 if kind is torch.bool else kind
    return to_torch(change[1:], "type rule") if kind in MIXED else kind


@cache
def parse(text: str) -> TypeRule:
    """Parse a rule; raises ValueError for what cannot be parsed."""
    inputs, arrow, outputs = text.partition("->")
    if not arrow:
        raise ValueError(f"a type rule must have an arrow, as in 'T, I -> T'; received {text!r}")
    return TypeRule(_side(inputs), _side(outputs))


def _side(text: str) -> Side:
    text = text.strip()
    items = [item.strip() for item in text.removesuffix("...").split(",")] if text else []
    return Side(tuple(map(_place, items)), text.endswith("..."))


def _place(text: str) -> Place:
    text, _, default = text.partition("=")
    if text in NAMES:
        return Place(fixed=to_torch(text, "type rule"))
    if match := _ATTRIBUTE.fullmatch(text):
        otherwise = _place(match[2]) if match[2] else Place()
        return Place(otherwise.letter, otherwise.change, otherwise.fixed, match[1])
    if match := _LETTER.fullmatch(text):
        return Place(match[1], match[2] or "", default=_place(default) if default else None)
    raise ValueError(f"a type rule must be made of letters, types and {{attributes}}; received {text!r}")


def name_of(kind: PartialType) -> str:
    """Return the name of a type for messages."""
    return "unknown" if kind is None else type_name(kind)
