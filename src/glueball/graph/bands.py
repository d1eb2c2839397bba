"""Which compiled kernels are computed together: a few rows of a result, then what the next kernel makes of them.

What is in between stays in the cache of a core then, and is never written anywhere else. But where two threads meet,
both compute the rows that both need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

import torch
from torch import fx

from .kernels.compiled import Compiled, cache_size
from .kernels.sequence import Together

_MOST = 8  # kernels; as in sequence.c
_MULTIPLICATIONS = 5e10  # that a thread computes in a second
_BYTES = 4e10  # that are written or read in a second by all threads, where they do not stay in a cache
_BYTES_MOVED = 2e10  # that a thread moves in its cache in a second
_START = 3e-6  # seconds that it takes until all threads work on a kernel

TOGETHER = "together"  # the name under which nodes have their `Together`


def mark(graph: fx.Graph) -> None:
    """Say at each kernel that is computed together with others with which."""
    threads = torch.get_num_threads()
    for chain in _chains(graph):
        kernels: list[Compiled] = [node.target for node in chain]  # type: ignore[misc]
        for first, together in _divided(kernels, threads):
            if together.kernels > 1:
                for node in chain[first : first + together.kernels]:
                    node.meta[TOGETHER] = together


def ends(graph: fx.Graph) -> dict[fx.Node, fx.Node]:
    """Return for nodes that are computed together the last of those."""
    last, found = dict[int, fx.Node](), dict[fx.Node, fx.Node]()
    for node in reversed(graph.nodes):
        if TOGETHER in node.meta:
            found[node] = last.setdefault(id(node.meta[TOGETHER]), node)
    return found


def may_join(node: fx.Node, kernels: Mapping[fx.Node, object]) -> bool:
    """Whether a node, all of whose result another one takes, can be computed together with that by these kernels."""
    if len(node.users) != 1:
        return False
    return all(_has_parts(kernels.get(each)) for each in (node, next(iter(node.users))))


def _has_parts(kernel: object) -> bool:
    return isinstance(kernel, Compiled) and kernel.has_parts


def _chains(graph: fx.Graph) -> list[list[fx.Node]]:
    """Return kernels each of which takes what the one before it returns, and which nobody else takes."""
    chains: list[list[fx.Node]] = []
    last: fx.Node | None = None
    for node in graph.nodes:
        if node.op != "call_function":
            continue
        if not _has_parts(node.target):
            last = None
            continue
        if last is not None and node.args[0] is last and node.args.count(last) == len(last.users) == 1:
            chains[-1].append(node)
        else:
            chains.append([node])
        last = node
    return chains


def _divided(kernels: Sequence[Compiled], threads: int) -> list[tuple[int, Together]]:
    """Return what is computed together, with the number of the first kernel, so that all takes the least time."""
    best: list[tuple[float, list[tuple[int, Together]]]] = [(0.0, [])]
    for end in range(1, len(kernels) + 1):
        options = []
        for first in range(max(0, end - _MOST), end):
            part = kernels[first:end]
            seconds, rows = (0.0, 0) if len(part) == 1 else _cost(part, threads)
            seconds += best[first][0] + _START + _seconds_of_result(part[-1])
            options.append((seconds, [*best[first][1], (first, Together(len(part), rows))]))
        best.append(min(options))
    return best[-1][1]


def _seconds_of_result(kernel: Compiled) -> float:
    """Return how long it takes to write a result, and to read it again."""
    return 2 * kernel.rows.total * kernel.rows.bytes_of_one / _BYTES


def _cost(kernels: Sequence[Compiled], threads: int) -> tuple[float, int]:
    """Return how long kernels take longer if they are computed together, and how many rows of the last are at a time.

    As many rows as fit half of the cache with all that they need: what two steps need is moved to the beginning.
    """
    last = kernels[-1].rows
    own = min(-(-last.total // threads), last.count)
    for steps in range(1, own + 1):
        rows = needed = new = -(-own // steps)
        size = moved = 0
        for kernel, before in zip(kernels[:0:-1], kernels[-2::-1], strict=True):
            needed, new = kernel.rows.most_needed(needed), kernel.rows.new_needed(new)
            size += needed * before.rows.bytes_of_one
            moved += max(needed - new, 0) * before.rows.bytes_of_one
        if size <= cache_size() // 2:
            moves = last.total / threads / rows
            return _seconds_of_more(kernels, threads) + moves * moved / _BYTES_MOVED, rows
    return inf, 0


def _seconds_of_more(kernels: Sequence[Compiled], threads: int) -> float:
    """Return how long a thread computes more than its share at most: rows that another one computes, too."""
    last, most = kernels[-1].rows, 0.0
    for thread in range(threads):
        row, end, products = last.total * thread // threads, last.total * (thread + 1) // threads, 0.0
        while row < end:
            first = row % last.count
            rows = (first, min(first + end - row, last.count))
            row += rows[1] - first
            for kernel in reversed(kernels):
                products += kernel.products / kernel.rows.total * (rows[1] - rows[0])
                rows = kernel.rows.needed(*rows)
        most = max(most, products)
    return (most - sum(kernel.products for kernel in kernels) / threads) / _MULTIPLICATIONS
