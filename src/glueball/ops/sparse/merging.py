"""The union of two ascending lists of places, by a sort that merges, so that it takes a time like their lengths."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ...core.sparse_forms import increases


class Union(NamedTuple):
    """Where two lists are in their union, in which what both have is once.

    Attributes
    ----------
    left, right : Tensor
        The place of each item of the lists.
    before : Tensor
        How many different items are among the first n of both lists together, for each n that does not lie between two
        equal ones.
    """

    left: Tensor
    right: Tensor
    before: Tensor

    @property
    def length(self) -> int:
        """The number of different items."""
        return int(self.before[-1])

    def joined(self, left: Tensor, right: Tensor) -> Tensor:
        """Return facts about the items of both lists, the same for items that both have, in the order of the union."""
        result = left.new_empty(self.length)
        return result.index_copy_(0, self.left, left).index_copy_(0, self.right, right)

    def beside(self, left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
        """Return the values of either list in the order of the union, zeros for items that it does not have."""
        first, second = left.new_zeros((2, self.length, *left.shape[1:]))
        return first.index_copy_(0, self.left, left), second.index_copy_(0, self.right, right.to(left.dtype))


def union(left: Tensor, right: Tensor, limit: int) -> Union | None:
    """Return the union of two lists of integers.

    Parameters
    ----------
    left, right : Tensor
        Integers from 0 up.
    limit : int
        All are below it.

    Returns
    -------
    Union or None
        None if a list is not in ascending order, or has an item twice; or if `limit` is too large.
    """
    total = len(left) + len(right)
    shift = total.bit_length()
    if limit.bit_length() + shift > 62 or not (increases(left) and increases(right)):
        return None
    # Each number has its position in its last bits: sorted, it tells both. New memory takes as long as the rest, so
    # that there is little of it.
    mixed = torch.arange(total, device=left.device)
    mixed[: len(left)].add_(left, alpha=1 << shift)
    mixed[len(left) :].add_(right, alpha=1 << shift)
    mixed = _sorted(mixed)
    positions = mixed & (1 << shift) - 1
    mixed >>= shift
    before = torch.zeros(total + 1, dtype=torch.int64, device=left.device)
    if total:
        before[1:-1] = mixed[1:] != mixed[:-1]
        before[-1] = 1
        before.cumsum_(0)
    places = mixed.scatter_(0, positions, before[:-1])
    return Union(places[: len(left)], places[len(left) :], before)


def _sorted(mixed: Tensor) -> Tensor:
    """Sort what is two ascending lists; NumPy's stable sort merges such lists, while torch's would sort them anew."""
    if mixed.is_cuda:
        return torch.sort(mixed).values
    array: np.ndarray[tuple[int, ...], np.dtype[np.int64]] = mixed.numpy()
    array.sort(kind="stable")
    return mixed
