"""Boxes as numbers: their two notations, and how much they overlap."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

Format = Literal["center", "corner"]


def to_corners(boxes: Tensor) -> Tensor:
    """Convert (center x, center y, width, height) to (left, top, right, bottom)."""
    middle, half = boxes[..., :2], boxes[..., 2:] / 2
    return torch.cat([middle - half, middle + half], -1)


def to_center(boxes: Tensor) -> Tensor:
    """Convert (left, top, right, bottom) to (center x, center y, width, height)."""
    return torch.cat([(boxes[..., :2] + boxes[..., 2:]) / 2, boxes[..., 2:] - boxes[..., :2]], -1)


def overlaps(one: Tensor, other: Tensor, of_nothing: float = 0.0) -> Tensor:
    """Return the intersection over union of each box of `one` with each of `other`, given by their corners.

    Two boxes without an area overlap by `of_nothing`.
    """
    areas = _area(one).unsqueeze(-1) + _area(other).unsqueeze(-2)
    # Each coordinate alone: torch reads them much faster than the four numbers of a box together.
    left, top, right, bottom = (edge.unsqueeze(-1) for edge in one.unbind(-1))
    other_left, other_top, other_right, other_bottom = (edge.unsqueeze(-2) for edge in other.unbind(-1))
    shared = torch.minimum(right, other_right).sub_(torch.maximum(left, other_left)).clamp_min_(0)
    shared.mul_(torch.minimum(bottom, other_bottom).sub_(torch.maximum(top, other_top)).clamp_min_(0))
    union = areas.sub_(shared)
    return torch.where(union > 0, shared / union, of_nothing)


def _area(boxes: Tensor) -> Tensor:
    left, top, right, bottom = boxes.unbind(-1)
    return (right - left).clamp_min(0) * (bottom - top).clamp_min(0)
