"""Greedy non-maximum suppression: each box in turn, if not suppressed itself, suppresses those after it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from .geometry import overlaps

# Boxes that suppress others at once: enough that torch's calls do not count, few enough for the cache.
_BLOCK = 128


def greedy(corners: Tensor, threshold: float, classes: Tensor | None = None, inclusive: bool = False) -> Tensor:
    """Return which boxes are kept.

    Parameters
    ----------
    corners : Tensor
        (boxes, 4), in the order in which they suppress each other.
    threshold : float
        A box is suppressed by one that it overlaps by more than this.
    classes : Tensor, optional
        (boxes,): only boxes of one class suppress each other.
    inclusive : bool, default False
        An overlap that equals the threshold suppresses, too.

    Returns
    -------
    Tensor
        (boxes,) of bool, on the device of the boxes.
    """
    corners = corners.detach()
    on_host = corners.cpu()
    kept = torch.zeros(len(corners), dtype=torch.bool)
    for members in _groups(classes, len(corners)):
        kept[members] = _of_one_class(on_host[members], threshold, inclusive)
    return kept.to(corners.device)


def _groups(classes: Tensor | None, count: int) -> list[Tensor | slice]:
    if classes is None or not count:
        return [slice(0, count)]
    order = torch.sort(classes.detach().cpu(), stable=True)
    sizes = torch.unique_consecutive(order.values, return_counts=True)[1]
    return list(order.indices.split(sizes.tolist()))


def _of_one_class(corners: Tensor, threshold: float, inclusive: bool) -> Tensor:
    kept = torch.zeros(len(corners), dtype=torch.bool)
    places = torch.arange(len(corners))
    while len(places):
        block = corners[:_BLOCK]
        chosen = _within(_suppress(block, block, threshold, inclusive))
        kept[places[:_BLOCK][chosen]] = True
        corners, places = corners[_BLOCK:], places[_BLOCK:]
        if len(places):
            left = ~_suppress(block[chosen], corners, threshold, inclusive).any(0)
            corners, places = corners[left], places[left]
    return kept


def _suppress(one: Tensor, other: Tensor, threshold: float, inclusive: bool) -> Tensor:
    shared = overlaps(one, other, of_nothing=float("nan"))  # no threshold is below it
    return shared >= threshold if inclusive else shared > threshold


def _within(rivals: Tensor) -> Tensor:
    """Return which boxes of a block are kept; a row of the matrix is a number whose bits are the box's rivals."""
    rows = np.packbits(rivals.numpy(), axis=1, bitorder="little")
    kept = torch.zeros(len(rows), dtype=torch.bool)
    suppressed = 0
    for number, row in enumerate(rows):
        if not suppressed >> number & 1:
            kept[number] = True
            suppressed |= int.from_bytes(row.tobytes(), "little")
    return kept
