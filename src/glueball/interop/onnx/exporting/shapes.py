"""The shapes of all arrays of a graph, in which some lengths of its inputs vary.

They are inferred several times, each time with another length; a length that follows differs too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

import torch

from ....core.errors import MXNetError
from ....ops.shape_rule import is_known
from ....symbol.infer import Inferred, infer
from ....symbol.node import Entry
from ..lengths import Length, of_cases

#: An axis of an input: its name and the number.
Place = tuple[str, int]


class Varying(NamedTuple):
    """A length of inputs that varies.

    Attributes
    ----------
    name : str
        What the file calls it; '' leaves it without a name.
    places : tuple of Place
        The axes that have it.
    """

    name: str
    places: tuple[Place, ...]


class Inputs(NamedTuple):
    """What is known of the variables of a graph.

    Attributes
    ----------
    shapes : mapping of str to tuple of int
        Their shapes, as given.
    types : mapping of str to torch.dtype
        Their types.
    """

    shapes: Mapping[str, tuple[int, ...]]
    types: Mapping[str, torch.dtype]

    def with_lengths(self, lengths: Mapping[Place, int]) -> dict[str, tuple[int, ...]]:
        """Return the shapes, some lengths of which are others."""
        return {
            name: tuple([lengths.get((name, axis), length) for axis, length in enumerate(shape)])
            for name, shape in self.shapes.items()
        }


class Shapes(NamedTuple):
    """Shapes and types of all arrays of a graph; shapes have a `Length` where they vary.

    Attributes
    ----------
    shapes : mapping of Entry to tuple of int or None
        None is not known.
    inferred : Inferred
        All of one case.
    varying : dict of int to str
        The names of lengths.
    """

    shapes: Mapping[Entry, tuple[int, ...] | None]
    inferred: Inferred
    names: Mapping[int, str]


def infer_cases(heads: Sequence[Entry], inputs: Inputs, varying: Sequence[Varying]) -> Shapes:
    """Infer the shapes in enough cases to tell all lengths apart.

    Raises
    ------
    MXNetError
        The shapes contradict one another in one of them.
    """
    plain = {place: _plain(inputs, each) for each in varying for place in each.places}
    if not varying:
        inferred = infer(heads, inputs.shapes, inputs.types)
        return Shapes({entry: _known(shape) for entry, shape in inferred.shapes.items()}, inferred, {})
    cases = [{place: inputs.shapes[place[0]][place[1]] for place in plain}, plain]
    for each in varying:
        for times in (2, 3):
            cases.append({**plain, **{place: times * plain[place] for place in each.places}})
    found = [infer(heads, inputs.with_lengths(case), inputs.types) for case in cases]
    shapes = {entry: _joined([_known(each.shapes[entry]) for each in found]) for entry in found[0].shapes}
    names = {of_cases([case[each.places[0]] for case in cases]): each.name for each in varying if each.name}
    return Shapes(shapes, found[0], names)


def infer_inner(
    heads: Sequence[Entry], shapes: Mapping[str, tuple[int, ...]], types: Mapping[str, torch.dtype]
) -> Shapes:
    """Infer the shapes of a graph that a node runs, some lengths of whose inputs vary.

    Parameters
    ----------
    heads : sequence of Entry
        What it returns.
    shapes : mapping of str to tuple of int
        The shapes of its variables; those that vary have a `Length`.
    types : mapping of str to torch.dtype
        Their types.
    """
    lengths: Sequence[object] = [length for shape in shapes.values() for length in shape]
    cases = max([len(length.cases) for length in lengths if isinstance(length, Length)], default=1)
    found = [
        infer(
            heads, {name: tuple([_case(length, number) for length in shape]) for name, shape in shapes.items()}, types
        )
        for number in range(cases)
    ]
    joined = {entry: _joined([_known(each.shapes[entry]) for each in found]) for entry in found[0].shapes}
    return Shapes(joined, found[0], {})


def _case(length: object, number: int) -> int:
    return length.cases[number] if isinstance(length, Length) else cast("int", length)


def can_vary(heads: Sequence[Entry], inputs: Inputs, varying: Varying) -> bool:
    """Whether a length can be another one: no parameter's shape and no attribute forbids it.

    If it changes the number of axes of an array, as where an axis of length 1 is dropped, it cannot.
    """
    ranks = []
    try:
        for times in (0, 1, 2):
            lengths = {place: times * _plain(inputs, varying) for place in varying.places} if times else {}
            shapes = infer(heads, inputs.with_lengths(lengths), inputs.types).shapes
            ranks.append({entry: shape and len(shape) for entry, shape in shapes.items()})
    except MXNetError:
        return False
    return ranks[0] == ranks[1] == ranks[2]


def _plain(inputs: Inputs, varying: Varying) -> int:
    """Return the length in the first case: not 1, which broadcasts."""
    name, axis = varying.places[0]
    return max(2, inputs.shapes[name][axis])


def _known(shape: tuple[int, ...] | None) -> tuple[int, ...] | None:
    return shape if is_known(shape) else None


def _joined(shapes: Sequence[tuple[int, ...] | None]) -> tuple[int, ...] | None:
    """Return one shape for all cases."""
    first = shapes[0]
    if first is None or any(shape is None or len(shape) != len(first) for shape in shapes):
        return None
    return tuple([of_cases(lengths) for lengths in zip(*[shape for shape in shapes if shape], strict=True)])
