"""Which recorded graphs a backward pass has freed: what was computed there is a constant to what is recorded later.

So it is in MXNet, and programs rely on it: where a recurrent state is handed from batch to batch, the gradient ends at
the batch before. torch would go on into the freed graph, and fail. A pass marks the steps of its graph; who records a
step asks for the mark only if there was a pass since an input was recorded.

The steps of a hybridized network, hundreds of them, are marked by one that stands for them: nobody has an array from
between them.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

from torch import Tensor

from .integer_tape import gradient_edge

_MARK = "glueball_freed"
_WHOLE = "glueball_whole"


class _Passes:
    """The number of backward passes that have freed graphs."""

    count = 0


passes = _Passes()


def free(tapes: Iterable[Tensor]) -> None:
    """Mark the steps that some recorded tensors follow from."""
    passes.count += 1
    waiting: list[Any] = [tape.grad_fn for tape in tapes]
    while waiting:  # no recursion: a graph may be thousands of steps deep
        step = waiting.pop()
        while step is not None:
            before = step.next_functions
            if not before:  # a variable, which other graphs have, too
                break
            about = step.metadata
            if _MARK in about:
                break
            about[_MARK] = True
            if _WHOLE in about:
                break
            step = before[0][0]  # most have one: a list of them would take twice the time
            for other, _ in before[1:]:
                waiting.append(other)


def stand_for_all(result: Tensor, inputs: Iterable[Tensor]) -> None:
    """Let the last step of a graph stand for all of its steps, if none comes before its inputs.

    Parameters
    ----------
    result : Tensor
        The only recorded result of the graph.
    inputs : iterable of Tensor
        What it was computed from.
    """
    if all(map(_is_first, inputs)):
        step: Any = gradient_edge(result).grad_fn
        step.metadata[_WHOLE] = True


_is_first = operator.attrgetter("is_leaf")


def is_freed(tape: Tensor) -> bool:
    """Whether every way from a recorded tensor to a variable leads through a freed graph; a variable is in none.

    A step may have several results, and its pass may have come through another one.
    """
    if tape.grad_fn is None:
        return False
    waiting: list[Any] = [tape.grad_fn]
    seen = set()
    while waiting:
        step = waiting.pop()
        if step is None or step in seen or _MARK in step.metadata:
            continue
        seen.add(step)
        before = [each for each, _ in step.next_functions]
        if not before or _WHOLE in step.metadata:  # the variable itself, or all between it and here
            return False
        waiting.extend(before)
    return True
