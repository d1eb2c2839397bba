"""Infers shapes of an operator some of whose inputs have unknown lengths, by trying lengths.

The operator is run with stand-ins for the unknown lengths. An output length that does not depend on the stand-ins is
known. One that grows with a stand-in determines the unknown length once it is known itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from math import prod
from typing import NamedTuple

from ...core.errors import MXNetError
from ...ops.shape_rule import UNKNOWN, PartialShape, merge_or_first

Shapes = Sequence[PartialShape]
Run = Callable[[Shapes], Shapes]
Place = tuple[int, int]  # (number of the input, axis)
Group = list[Place]  # places that share one length

# Divisible by many small numbers, since a stand-in must survive splitting, pairing and merging of lengths.
_BASES = (840, 24, 2)  # the largest with which no array has more elements than torch counts
_MOST_ELEMENTS = 2**60
_STEPS = (11, 24)
_MOST_AXES = 5  # tried for an input of unknown rank
_MOST_COMBINATIONS = 128


class _Trials(NamedTuple):
    """The output shapes for the stand-ins, and with those of one group at a time increased; None where refused."""

    lengths: list[int]
    start: Shapes
    moved: list[list[Shapes | None]]
    all_one: Shapes | None


def probe(run: Run, inputs: Shapes, outputs: Shapes) -> tuple[Shapes, Shapes]:
    """Return the inferred shapes; all inputs must have a known number of axes.

    Parameters
    ----------
    run : callable
        Returns the output shapes for input shapes; raises MXNetError if the inputs are invalid or contradict the
        outputs.
    inputs, outputs : sequence of tuple of int or None
        The known shapes; UNKNOWN is an unknown length. None among the inputs is an input that is not taken.
    """
    places = [
        (number, axis) for number, shape in enumerate(inputs) for axis, n in enumerate(shape or ()) if n == UNKNOWN
    ]
    grouping = _grouping(run, inputs, places)
    if grouping is None:
        return _among_known(run, inputs, outputs, [[place] for place in places])
    trials = _try(run, inputs, grouping)
    if trials is None:
        return inputs, [None] * len(outputs)
    return _filled(inputs, _solved(trials, outputs, grouping)), _constant(trials)


def probe_rank(run: Run, inputs: Shapes, outputs: Shapes, number: int) -> tuple[Shapes, Shapes]:
    """Return the inferred shapes if one input is entirely unknown, by trying numbers of axes for it."""
    fitting = []
    for rank in range(1, _MOST_AXES + 1):
        trial = list(inputs)
        trial[number] = (UNKNOWN,) * rank
        found = probe(run, trial, outputs)
        if all(
            shape is not None and known is not None and merge_or_first(known, shape) == merge_or_first(shape, known)
            for shape, known in zip(found[1], outputs, strict=True)
        ):
            fitting.append(found)
    return fitting[0] if len(fitting) == 1 else (inputs, [None] * len(outputs))


def _filled(inputs: Shapes, lengths: Iterable[tuple[Group, int]]) -> Shapes:
    shapes = [None if shape is None else list(shape) for shape in inputs]
    for group, length in lengths:
        for number, axis in group:
            shape = shapes[number]
            assert shape is not None
            shape[axis] = length
    return [None if shape is None else tuple(shape) for shape in shapes]


def _outcome(run: Run, inputs: Shapes, grouping: list[Group], lengths: list[int]) -> Shapes | None:
    try:
        return run(_filled(inputs, zip(grouping, lengths, strict=True)))
    except MXNetError:
        return None


def _stand_ins(inputs: Shapes, grouping: list[Group]) -> list[int]:
    """Return a length for each group: multiples of a base, which is the first."""
    known = max(prod([length for length in shape or () if length > 0]) for shape in inputs)
    lengths: list[int] = []
    for base in _BASES:
        lengths = [base * (number + 1) for number in range(len(grouping))]
        if known * prod(lengths) * (1 + max(_STEPS)) < _MOST_ELEMENTS:
            break
    return lengths


def _by_axis(places: list[Place]) -> list[Group]:
    groups: dict[int, Group] = {}
    for place in places:
        groups.setdefault(place[1], []).append(place)
    return list(groups.values())


def _grouping(run: Run, inputs: Shapes, places: list[Place]) -> list[Group] | None:
    """Find which unknown lengths can be chosen independently.

    That may be all of them; or those of the first input, from which the others follow; or one for each axis, shared by
    several inputs.
    """
    alone = [[place] for place in places]
    leading = [[place] for place in places if place[0] == places[0][0]]
    for free in (alone, leading):
        if _outcome(run, inputs, free, _stand_ins(inputs, free)) is not None:
            return free
    grouping = _by_axis(places)
    if len(grouping) == len(alone) or _outcome(run, inputs, grouping, _stand_ins(inputs, grouping)) is None:
        return None
    # Equal lengths are accepted; split off those that need not be equal.
    for place in places:
        split = [[other for other in group if other != place] for group in grouping] + [[place]]
        if all(split) and _outcome(run, inputs, split, _stand_ins(inputs, split)) is not None:
            grouping = split
    return grouping


def _try(run: Run, inputs: Shapes, grouping: list[Group]) -> _Trials | None:
    lengths = _stand_ins(inputs, grouping)
    start = _outcome(run, inputs, grouping, lengths)
    moved = [
        [
            _outcome(run, inputs, grouping, [*lengths[:number], length + step * lengths[0], *lengths[number + 1 :]])
            for step in _STEPS
        ]
        for number, length in enumerate(lengths)
    ]
    if start is None or not all(any(outcome is not None for outcome in outcomes) for outcomes in moved):
        return None
    return _Trials(lengths, start, moved, _outcome(run, inputs, grouping, [1] * len(grouping)))


def _constant(trials: _Trials) -> list[PartialShape]:
    """Return the outputs' shapes, with UNKNOWN for the lengths that depend on unknown ones."""
    outcomes = [trials.start, trials.all_one, *[outcome for outcomes in trials.moved for outcome in outcomes]]
    return [_agreed(shapes) for shapes in zip(*[outcome for outcome in outcomes if outcome], strict=True)]


def _agreed(shapes: Shapes) -> PartialShape:
    known = [shape for shape in shapes if shape is not None]
    if len({len(shape) for shape in known}) != 1:
        return None
    return tuple([lengths[0] if len(set(lengths)) == 1 else UNKNOWN for lengths in zip(*known, strict=True)])


def _solved(trials: _Trials, outputs: Shapes, grouping: list[Group]) -> Iterator[tuple[Group, int]]:
    """Find unknown lengths from known output lengths that are linear in exactly one of them."""
    for number, shape in enumerate(outputs):
        for axis, length in enumerate(shape or ()):
            slopes = [_slope(trials, moved, (number, axis)) for moved in trials.moved] if length != UNKNOWN else []
            moving = [group for group, slope in enumerate(slopes) if slope != 0]
            slope = slopes[moving[0]] if len(moving) == 1 else None
            if slope is None:
                continue
            start = trials.start[number]
            assert start is not None
            steps, rest = divmod(length - start[axis], slope)
            found = trials.lengths[moving[0]] + steps
            if rest == 0 and found > 0:
                yield grouping[moving[0]], found


def _slope(trials: _Trials, moved: list[Shapes | None], place: Place) -> int | None:
    """Return how much an output length grows if an unknown length grows by 1; None if that is not an integer."""
    number, axis = place
    slopes: set[int | None] = set()
    for step, outcome in zip(_STEPS, moved, strict=True):
        before, after = trials.start[number], outcome[number] if outcome else None
        if before is None or after is None or len(before) != len(after) or axis >= len(before):
            return None
        grown, rest = divmod(after[axis] - before[axis], step * trials.lengths[0])
        slopes.add(None if rest else grown)
    return slopes.pop() if len(slopes) == 1 else None


def _among_known(run: Run, inputs: Shapes, outputs: Shapes, grouping: list[Group]) -> tuple[Shapes, Shapes]:
    """Try the lengths of the other inputs: most operators that refuse arbitrary lengths need that of another input."""
    nothing: Shapes = [None] * len(outputs)
    candidates = sorted({1, *[length for shape in inputs for length in shape or () if length > 0]})
    if len(candidates) ** len(grouping) > _MOST_COMBINATIONS:
        return inputs, nothing
    outcomes = {
        lengths: _outcome(run, inputs, grouping, list(lengths)) for lengths in product(candidates, repeat=len(grouping))
    }
    fitting = {lengths: shapes for lengths, shapes in outcomes.items() if shapes is not None}
    choices = [set(lengths) for lengths in zip(*fitting, strict=True)]
    if not choices or {1} in choices:
        # A length of 1 may be broadcast, so lengths that were not tried may be valid too.
        return inputs, nothing
    only = [(group, choice.pop()) for group, choice in zip(grouping, choices, strict=True) if len(choice) == 1]
    return _filled(inputs, only), [_agreed(shapes) for shapes in zip(*fitting.values(), strict=True)]
