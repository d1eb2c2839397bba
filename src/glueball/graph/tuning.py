"""How long several ways to compute the same take on this machine; tried once in a process."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from math import inf

import torch

_TURNS = 5
_LONGEST = 0.1  # in seconds: no further turn is made after it

_found: dict[Hashable, float] = {}


def seconds(key: Hashable, ways: Mapping[str, Callable[[], Callable[[], object]]]) -> list[float]:
    """Return the time of each of several ways.

    Parameters
    ----------
    key : hashable
        What is computed; the times are remembered for it and for the number of threads.
    ways : mapping of str to callable
        Each makes a function that computes it.
    """
    keys = [(key, name, torch.get_num_threads()) for name in ways]
    if not _found.keys() >= set(keys):
        _found.update(zip(keys, _measured([make() for make in ways.values()]), strict=True))
    return [_found[each] for each in keys]


def _measured(ways: Sequence[Callable[[], object]]) -> list[float]:
    best = [inf] * len(ways)
    end = time.perf_counter() + _LONGEST
    for _ in range(_TURNS):
        best = [min(known, _seconds(way)) for known, way in zip(best, ways, strict=True)]
        if time.perf_counter() > end:
            break
    return best


def _seconds(way: Callable[[], object]) -> float:
    begin = time.perf_counter()
    way()
    return time.perf_counter() - begin
