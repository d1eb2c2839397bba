"""Finds the parameters of recurrent layers that are joined to one vector: with them unchanged, once for many runs."""

from __future__ import annotations

from ..draft import Draft

SAVES_WORK = True


def rewrite(draft: Draft) -> int:
    """Count the vectors that depend on parameters alone, which a split graph computes beforehand."""
    constants = draft.constants()
    return sum(join in constants for join in draft.calls("_rnn_param_concat"))
