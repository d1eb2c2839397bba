"""What follows at an operator some of whose inputs have unknown lengths, found by trying lengths.

The operator is run with stand-ins for the unknown lengths. An output's length that stays the same whatever the
stand-in is known; one that grows with a stand-in tells the unknown length as soon as it is known itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...errors import MXNetError
from ...ops.declare import PartialShape

Run = Callable[[Sequence[PartialShape]], list[PartialShape]]
Place = tuple[int, int]  # number of the input, number of the axis
Group = list[Place]  # places that have one length

# Many small numbers divide it: a stand-in must pass where lengths are split, paired or merged.
_BASE = 840
_STEPS = (11, 24)


def probe(
    run: Run, inputs: Sequence[PartialShape], outputs: Sequence[PartialShape]
) -> tuple[Sequence[PartialShape], Sequence[PartialShape]]:
    """Return the shapes that follow; all inputs must have a known number of axes.

    Parameters
    ----------
    run : callable
        Gives the shapes of the outputs for complete shapes of the inputs; raises MXNetError where they do not fit.
    inputs, outputs : sequence of tuple of int or None
        What is known; 0 is an unknown length. None among the inputs is one that is not taken.
    """
    places = [(number, axis) for number, shape in enumerate(inputs) for axis, n in enumerate(shape or ()) if n == 0]
    grouping = _grouping(run, inputs, places)
    if grouping is None:
        return _among_known(run, inputs, outputs, places)
    found_inputs, found_outputs = list(inputs), _constant(run, inputs, grouping)
    for group, length in _solved(run, inputs, outputs, grouping):
        found_inputs = _filled(found_inputs, [(group, length)])
    return found_inputs, found_outputs


def _filled(inputs: Sequence[PartialShape], lengths: Iterable[tuple[Group, int]]) -> list[PartialShape]:
    shapes = [None if shape is None else list(shape) for shape in inputs]
    for group, length in lengths:
        for number, axis in group:
            shape = shapes[number]
            assert shape is not None
            shape[axis] = length
    return [None if shape is None else tuple(shape) for shape in shapes]


def _outcome(run: Run, inputs: Sequence[PartialShape], grouping: list[Group], lengths: list[int]) -> list | None:
    try:
        return run(_filled(inputs, zip(grouping, lengths, strict=True)))
    except MXNetError:
        return None


def _stand_ins(grouping: list[Group]) -> list[int]:
    return [_BASE * (number + 1) for number in range(len(grouping))]


def _grouping(run: Run, inputs: Sequence[PartialShape], places: list[Place]) -> list[Group] | None:
    """Find which unknown lengths must be equal: none, or those on the same axis of several inputs."""
    alone = [[place] for place in places]
    if _outcome(run, inputs, alone, _stand_ins(alone)) is not None:
        return alone
    by_axis: dict[int, Group] = {}
    for place in places:
        by_axis.setdefault(place[1], []).append(place)
    grouping = list(by_axis.values())
    if len(grouping) == len(alone) or _outcome(run, inputs, grouping, _stand_ins(grouping)) is None:
        return None
    # Equal lengths pass; those that need not be equal are unknown each for itself.
    for group in list(grouping):
        for place in list(group) if len(group) > 1 else ():
            split = [[other for other in one if other != place] for one in grouping] + [[place]]
            if all(split) and _outcome(run, inputs, split, _stand_ins(split)) is not None:
                grouping = split
    return grouping


def _constant(run: Run, inputs: Sequence[PartialShape], grouping: list[Group]) -> list[PartialShape]:
    """Return the outputs' shapes, with 0 for the lengths that depend on unknown ones."""
    lengths = _stand_ins(grouping)
    trials = [lengths, [length * _STEPS[0] for length in lengths], [1] * len(lengths)]
    outcomes = [shapes for trial in trials if (shapes := _outcome(run, inputs, grouping, trial)) is not None]
    return [_agreed(shapes) for shapes in zip(*outcomes, strict=True)]


def _agreed(shapes: Sequence[tuple[int, ...]]) -> PartialShape:
    if len({len(shape) for shape in shapes}) > 1:
        return None
    return tuple([lengths[0] if len(set(lengths)) == 1 else 0 for lengths in zip(*shapes, strict=True)])


def _solved(
    run: Run, inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], grouping: list[Group]
) -> Iterable[tuple[Group, int]]:
    """Find unknown lengths from known lengths of outputs that grow in proportion with one of them alone."""
    known = [(n, axis, length) for n, shape in enumerate(outputs) for axis, length in enumerate(shape or ()) if length]
    if not known:
        return
    start = _stand_ins(grouping)
    variations = []
    for number in range(len(grouping)):
        moved = [[length + step * _BASE * (index == number) for index, length in enumerate(start)] for step in _STEPS]
        variations.append([_outcome(run, inputs, grouping, lengths) for lengths in moved])
    before = _outcome(run, inputs, grouping, start)
    assert before is not None
    for output, axis, length in known:
        slopes = [_slope(before, after, output, axis) for after in variations]
        moving = [number for number, slope in enumerate(slopes) if slope != 0]
        slope = slopes[moving[0]] if len(moving) == 1 else None
        if slope is None:
            continue
        steps, rest = divmod(length - before[output][axis], slope)
        if rest == 0 and start[moving[0]] + steps > 0:
            yield grouping[moving[0]], start[moving[0]] + steps


def _slope(before: list, variations: list, output: int, axis: int) -> int | None:
    """How much a length of an output grows where an unknown length grows by 1; None where that is no whole number."""
    slopes = set()
    for step, after in zip(_STEPS, variations, strict=True):
        if after is None or len(after[output]) != len(before[output]) or len(before[output]) <= axis:
            return None
        grown, rest = divmod(after[output][axis] - before[output][axis], step * _BASE)
        if rest:
            return None
        slopes.add(grown)
    return slopes.pop() if len(slopes) == 1 else None


def _among_known(
    run: Run, inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], places: list[Place]
) -> tuple[Sequence[PartialShape], Sequence[PartialShape]]:
    """Try the lengths of the other inputs: most operators that refuse any length want that of another input."""
    by_axis: dict[int, Group] = {}
    for place in places:
        by_axis.setdefault(place[1], []).append(place)
    if len(by_axis) != 1:
        return inputs, outputs
    grouping = list(by_axis.values())
    candidates = sorted({1, *[length for shape in inputs for length in shape or () if length]})
    fitting = {
        length: shapes for length in candidates if (shapes := _outcome(run, inputs, grouping, [length])) is not None
    }
    if not fitting or set(fitting) == {1}:
        # A length of 1 alone may be stretched; others that were not tried may fit too.
        return inputs, outputs
    found = [_agreed(shapes) for shapes in zip(*fitting.values(), strict=True)]
    (only, *others) = fitting
    return inputs if others else _filled(inputs, [(grouping[0], only)]), found
