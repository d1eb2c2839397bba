"""Which recorded graphs a backward pass has freed: what was computed there is a constant to what is recorded later.

So it is in MXNet, and programs rely on it: where a recurrent state is handed from batch to batch, the gradient ends at
the batch before. torch would go on into the freed graph, and fail. A pass marks the steps of its graph; who records a
step asks for the mark only if there was a pass since an input was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torch import Tensor

_MARK = "glueball_freed"


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
            step = before[0][0]  # most have one: a list of them would take twice the time
            for other, _ in before[1:]:
                waiting.append(other)


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
        if not before:  # the variable itself
            return False
        waiting.extend(before)
    return True
