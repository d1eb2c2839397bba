"""Passes rewrite a graph for prediction: it computes the same in fewer calls.

Each is a file with a function ``rewrite(draft)``, which returns how often it found something to rewrite.
"""

from __future__ import annotations

from ..draft import Draft
from . import collect_convolutions, fold_batch_norm, fuse_activation, fuse_sum

#: In the order in which they run: what one makes, a later one may find.
PASSES = (collect_convolutions, fold_batch_norm, fuse_activation, fuse_sum, fuse_activation)


def rewrite(draft: Draft) -> dict[str, int]:
    """Run all passes, and return how often each has rewritten something."""
    counts: dict[str, int] = {}
    for each in PASSES:
        name = each.__name__.rpartition(".")[2]
        counts[name] = counts.get(name, 0) + each.rewrite(draft)
    draft.graph.eliminate_dead_code()
    draft.graph.lint()
    return counts
