"""Passes rewrite a graph for prediction: it computes the same in fewer calls.

Each is a file with a function ``rewrite(draft)``, which returns how often it found something to rewrite, and
``SAVES_WORK``: whether a graph in which it did is faster by that alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from ..draft import Draft
from . import (
    collect_batch_norm,
    collect_convolutions,
    collect_operators,
    drop_identity,
    fold_batch_norm,
    fold_pad,
    fold_scale,
    fuse_activation,
    fuse_gate,
    fuse_sum,
    join_parameters,
    merge_equal,
    skip_concat,
)

#: In the order in which they run: what one makes, a later one may find.
PASSES = (
    drop_identity, skip_concat, merge_equal, collect_convolutions, collect_operators, fold_pad, fold_scale,
    fold_batch_norm, collect_batch_norm, fold_scale, fuse_gate, fuse_activation, fuse_sum, fuse_gate, fuse_activation,
    join_parameters,
)  # fmt: skip


def rewrite(draft: Draft) -> dict[str, int]:
    """Run all passes, and return how often each has rewritten something."""
    counts: dict[str, int] = {}
    for each in PASSES:
        counts[_name(each)] = counts.get(_name(each), 0) + each.rewrite(draft)
    draft.graph.eliminate_dead_code()
    draft.graph.lint()
    return counts


def saved(counts: Mapping[str, int]) -> int:
    """Return how often passes that save work by themselves have rewritten something."""
    return sum(counts.get(_name(each), 0) for each in dict.fromkeys(PASSES) if each.SAVES_WORK)


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]
