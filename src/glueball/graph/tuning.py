"""How long several ways to compute the same take on this machine; tried once in a process.

The environment variable GLUEBALL_TUNING may name a file that keeps the times for later processes.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from math import inf

import torch

from ..core.errors import MXNetError
from ..core.warning import warn
from ..serialization.atomic import atomic_write
from .kernels.native import processor

_TURNS = 5
_MOST_TURNS = 50  # of ways that are so quick that a few turns say little
_QUICK, _LONGEST = 0.004, 0.1  # in seconds: after these no turn is made beyond the usual number, and none at all
_CLOSE, _NEAR = 0.02, 1.15  # in seconds: the same where the second-best takes less than so many times the best
_ALONE = 3  # times as long for what is the only choice of a graph

_SWITCH = "GLUEBALL_TUNING"

_found: dict[str, float] = {}
_read: set[str] = set()  # the files that are in it


def seconds(key: Hashable, ways: Mapping[str, Callable[[], Callable[[], object]]], alone: bool = False) -> list[float]:
    """Return the time of each of several ways.

    Parameters
    ----------
    key : hashable
        What is computed; the times are remembered for its text and for the number of threads.
    ways : mapping of str to callable
        Each makes a function that computes it.
    alone : bool, default False
        Whether a graph consists of it: a turn follows a call of the same way, which leaves its arrays in the caches,
        and not of another one.
    """
    path = os.environ.get(_SWITCH, "")
    if path and path not in _read:
        _found.update({**_content(path).get(_machine(), {}), **_found})
        _read.add(path)
    keys = [repr((key, name, torch.get_num_threads())) for name in ways]
    if not _found.keys() >= set(keys):
        _found.update(zip(keys, _measured([make() for make in ways.values()], alone), strict=True))
        if path:
            _write(path)
    return [_found[each] for each in keys]


def _measured(ways: Sequence[Callable[[], object]], alone: bool) -> list[float]:
    best = [inf] * len(ways)
    begin = time.perf_counter()
    for turn in range(_MOST_TURNS):
        best = [min(known, _seconds(way, alone)) for known, way in zip(best, ways, strict=True)]
        # The first turn, which asks for memory, decides nothing alone, unless it takes very long.
        enough = _CLOSE * (_ALONE if alone else 1) if _is_close(best) else _QUICK
        longest = enough if turn + 1 >= _TURNS else _LONGEST if turn else 5 * _LONGEST
        if time.perf_counter() - begin > longest:
            break
    return best


def _is_close(times: Sequence[float]) -> bool:
    return len(times) > 1 and sorted(times)[1] < _NEAR * min(times)


def _seconds(way: Callable[[], object], alone: bool) -> float:
    if alone:
        way()
    begin = time.perf_counter()
    way()
    return time.perf_counter() - begin


def _machine() -> str:
    """Return what the times in a file hold for: they are of no use to another processor or another torch."""
    return f"torch {torch.__version__} {hashlib.sha256(processor().encode()).hexdigest()[:20]}"


def _content(path: str) -> dict[str, dict[str, float]]:
    """Return the times in a file, by machine; none if there is no file yet."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        return {machine: {key: float(time) for key, time in times.items()} for machine, times in content.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise MXNetError(
            f"{_SWITCH}: it must name a file that this library wrote; received {path!r}: {error}; delete the file"
        ) from error


def _write(path: str) -> None:
    """Add the times of this process to what is in a file by now."""
    content = _content(path)
    content[_machine()] = {**content.get(_machine(), {}), **_found}
    try:
        with atomic_write(path, _SWITCH) as file:
            file.write(json.dumps(content, indent=1).encode())
    except MXNetError as error:
        warn(f"{error}; the times are kept in this process only")
