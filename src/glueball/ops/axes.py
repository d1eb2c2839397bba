"""Checks of axis attributes, whose numbers may be negative."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.errors import MXNetError


def one_axis(owner: str, axis: int, rank: int, name: str = "axis") -> int:
    """Return `axis` counted from the front, of `rank` axes; raises MXNetError if there is no such axis."""
    if not -rank <= axis < rank:
        raise MXNetError(
            f"{owner}: {name} must be from {-rank} to {rank - 1} for an array with {rank} axes; received {axis}"
        )
    return axis % rank


def distinct_axes(owner: str, axes: Sequence[int], rank: int, name: str = "axis") -> list[int]:
    """Return several axes counted from the front; raises MXNetError if one is named twice."""
    found = [one_axis(owner, axis, rank, name) for axis in axes]
    if len(set(found)) < len(found):
        raise MXNetError(f"{owner}: {name} must name each axis once; received {tuple(axes)}")
    return found
