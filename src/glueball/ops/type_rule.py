"""How an operator's inputs and outputs agree in type, written as text: ``"T, I -> T"``.

A capital letter is a type that all places with this letter share. The other things that can stand in a place:

======================  ================================================================================
``T+``                  T, or float32 where T is float16 or bfloat16 (the parameters of BatchNorm)
``I=int32``             the letter I, and int32 where nothing else decides
``int64``               this type
``{dtype}``             the type that the attribute ``dtype`` names
``{dtype|T}``           the same, but T where the attribute is None
``T...``                any number of further places of type T, also none; only at the end
======================  ================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from ..dtype import NAMES, TORCH_TO_NAME, to_torch

ONE_TYPE = "T... -> T..."

_HALF = (torch.float16, torch.bfloat16)
_LETTER = re.compile(r"([A-Z])(\+?)(?:=(\w+))?")
_ATTRIBUTE = re.compile(r"\{(\w+)(?:\|(\w+))?\}")

PartialType = torch.dtype | None


class Conflict(Exception):
    """Two types, or shapes, that ought to be one are not; its arguments are the expected and the received one."""


@dataclass(frozen=True)
class Place:
    """What stands for one input or output."""

    letter: str = ""
    wide: bool = False
    default: PartialType = None
    fixed: PartialType = None
    attribute: str = ""

    def resolve(self, attributes: Mapping[str, Any]) -> Place:
        """Put the attribute's value in."""
        value = attributes[self.attribute] if self.attribute else None
        return self if value is None else Place(fixed=to_torch(value, self.attribute))


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


@dataclass(frozen=True)
class TypeRule:
    """A parsed rule."""

    inputs: Side
    outputs: Side

    def complete(
        self, inputs: Sequence[PartialType], outputs: Sequence[PartialType], attributes: Mapping[str, Any],
        *, default: bool = False,
    ) -> tuple[list[PartialType], list[PartialType]]:  # fmt: skip
        """Return the types that follow from those known, None being unknown.

        Parameters
        ----------
        inputs, outputs : sequence of torch.dtype or None
            What is known. An input that is not taken is None too, and what is found for it has no meaning.
        attributes : mapping
            The parsed attributes.
        default : bool
            Whether the defaults in the rule decide where nothing else does.

        Raises
        ------
        Conflict
            Two places with one letter have two types.
        """
        places = [*self.inputs.spread(len(inputs), attributes), *self.outputs.spread(len(outputs), attributes)]
        known = [*inputs, *outputs]
        letters: dict[str, torch.dtype] = {}
        for place, kind in zip(places, known, strict=True):
            if place.letter and not place.wide and kind is not None and letters.setdefault(place.letter, kind) != kind:
                raise Conflict(letters[place.letter], kind)
        if default:
            for place in places:
                if place.default is not None:
                    letters.setdefault(place.letter, place.default)
        completed = list(_completed(places, known, letters))
        return completed[: len(inputs)], completed[len(inputs) :]


def _completed(
    places: Sequence[Place], known: Sequence[PartialType], letters: Mapping[str, torch.dtype]
) -> Iterator[PartialType]:
    for place, kind in zip(places, known, strict=True):
        expected = letters.get(place.letter) if place.letter else place.fixed
        if place.wide and expected in _HALF:
            expected = torch.float32
        if expected is not None and kind is not None and kind != expected:
            raise Conflict(expected, kind)
        yield kind if expected is None else expected


@lru_cache(maxsize=None)
def parse(text: str) -> TypeRule:
    """Read a rule; ValueError says what cannot be read."""
    inputs, arrow, outputs = text.partition("->")
    if not arrow:
        raise ValueError(f"a type rule must have an arrow, as in 'T, I -> T'; received {text!r}")
    return TypeRule(_side(inputs), _side(outputs))


def _side(text: str) -> Side:
    text = text.strip()
    repeated = text.endswith("...")
    items = [item.strip() for item in text.removesuffix("...").split(",")] if text else []
    return Side(tuple(map(_place, items)), repeated)


def _place(text: str) -> Place:
    if text in NAMES:
        return Place(fixed=to_torch(text, "type rule"))
    if match := _ATTRIBUTE.fullmatch(text):
        otherwise = _place(match[2]) if match[2] else Place()
        return Place(otherwise.letter, otherwise.wide, otherwise.default, otherwise.fixed, match[1])
    if match := _LETTER.fullmatch(text):
        return Place(match[1], bool(match[2]), to_torch(match[3], "type rule") if match[3] else None)
    raise ValueError(f"a type rule must be made of letters, types and {{attributes}}; received {text!r}")


def name_of(kind: PartialType) -> str:
    """Return how a message calls a type."""
    return "unknown" if kind is None else TORCH_TO_NAME.get(kind, str(kind))
