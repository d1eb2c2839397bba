"""Single-shot detection (SSD): the anchor boxes of a feature map, and what operators on them share."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import refused, sample

Floats = tuple[float, ...]


def check_variances(owner: str, variances: Floats) -> None:
    """Check that there is a number for each of the four of a way from an anchor to a box."""
    if len(variances) != 4:
        raise MXNetError(f"{owner}: variances must be 4 numbers; received {variances}")


def check_anchors(owner: str, anchor: Tensor, boxes: int) -> None:
    """Check that anchors are those of all images, as many as there are predictions."""
    if anchor.dim() != 3 or anchor.shape[0] != 1 or anchor.shape[2] != 4:
        raise MXNetError(f"{owner}: anchor must have shape (1, anchors, 4); received {tuple(anchor.shape)}")
    if anchor.shape[1] != boxes:
        raise MXNetError(f"{owner}: there must be a prediction for each of the {anchor.shape[1]} anchors; "
                         f"received {boxes}")  # fmt: skip


def _pair(owner: str, name: str, values: Floats) -> tuple[float, float]:
    if len(values) != 2:
        raise MXNetError(f"{owner}: {name} must be 2 numbers, along y and x; received {values}")
    return values[0], values[1]


def _shapes(sizes: Floats, ratios: Floats) -> list[tuple[float, float]]:
    """Return (size, ratio) of the anchors at a point: every size with the first ratio, then the other ratios."""
    return [*[(size, ratios[0]) for size in sizes], *[(sizes[0], ratio) for ratio in ratios[1:]]]


@operator(
    "_contrib_MultiBoxPrior", npx="multibox_prior", kind="other", flops=2, output_names=("output",),
    types="float32 -> float32", precision=("single", "widest"), computed_anew=True,
)  # fmt: skip
def multibox_prior(
    data: Tensor,
    *,
    sizes: Floats = (1.0,),
    ratios: Floats = (1.0,),
    clip: bool = False,
    steps: Floats = (-1.0, -1.0),
    offsets: Floats = (0.5, 0.5),
) -> Tensor:
    """Make the anchor boxes of a feature map: several around each of its points.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W); its values are not used.
    sizes : tuple of float, default (1,)
        The sizes of the boxes, as a part of the image's height.
    ratios : tuple of float, default (1,)
        The ratios of width to height. Each size comes with the first ratio, and the other ratios with the first size.
    clip : bool, default False
        Cut off what lies outside the image.
    steps : tuple of float, default (-1, -1)
        The distance between points along y and x; by default they are spread over the image.
    offsets : tuple of float, default (0.5, 0.5)
        Where the first point is along y and x, in steps.

    Returns
    -------
    NDArray
        (1, H * W * boxes, 4): left, top, right, bottom, from 0 to 1 inside the image.
    """
    owner = "_contrib_MultiBoxPrior"
    if data.dim() < 4:
        raise MXNetError(f"{owner}: data must have 4 dimensions (N, C, H, W); received shape {tuple(data.shape)}")
    for name, values in (("sizes", sizes), ("ratios", ratios)):
        if not values:
            raise MXNetError(f"{owner}: {name} must have at least 1 number; received none")
    height, width = data.shape[2:4]
    steps, offsets = _pair(owner, "steps", steps), _pair(owner, "offsets", offsets)
    if steps[0] * steps[1] < 0:
        raise MXNetError(f"{owner}: steps must both be positive, or both be negative; received {steps}")
    step_y, step_x = steps if min(steps) > 0 else (1 / height, 1 / width)
    options: dict[str, Any] = {"dtype": torch.float32, "device": data.device}
    y = (torch.arange(height, **options) + offsets[0]) * step_y
    x = (torch.arange(width, **options) + offsets[1]) * step_x
    shapes = torch.tensor(_shapes(sizes, ratios), **options)
    root = shapes[:, 1].sqrt()
    half_width, half_height = shapes[:, 0] * height / width * root / 2, shapes[:, 0] / root / 2
    grid = (height, width, len(shapes))
    x, y = x[None, :, None].expand(grid), y[:, None, None].expand(grid)
    boxes = torch.stack([x - half_width, y - half_height, x + half_width, y + half_height], -1).reshape(1, -1, 4)
    return without_gradient(boxes.clamp(0, 1) if clip else boxes, data)


cases(
    "_contrib_MultiBoxPrior",
    samples=lambda: [
        sample((1, 3, 4, 5), derivative=False),
        sample((2, 3, 4, 5), sizes=(0.5, 0.25, 0.1), ratios=(1, 2, 0.5), gradient=False),
        sample((1, 3, 5, 3), sizes=(0.3, 0.9), ratios=(2, 1), clip=True, gradient=False),
        sample((1, 3, 2, 3, 2), gradient=False),
        sample((1, 3, 2, 3), steps=(0.3, 0.2), offsets=(0.25, 1), gradient=False),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (1, 3, 4)),
        refused("sizes must have at least 1", (1, 3, 4, 4), sizes=()),
        refused("ratios must have at least 1", (1, 3, 4, 4), ratios=()),
        refused("steps must be 2 numbers", (1, 3, 4, 4), steps=(0.1,)),
        refused("steps must both be positive", (1, 3, 4, 4), steps=(0.1, -1)),
        refused("offsets must be 2 numbers", (1, 3, 4, 4), offsets=(0.1, 1, 1)),
    ],
)
