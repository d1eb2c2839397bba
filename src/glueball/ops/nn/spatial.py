"""Sampling an image at computed positions: GridGenerator, BilinearSampler, SpatialTransformer."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..checks import not_float, one_type, same_float
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample

_INSIDE = Input((2, 2, 3, 4), low=-0.9, high=0.9)


def _check_target(owner: str, target_shape: Shape) -> None:
    if len(target_shape) != 2 or min(target_shape) < 1:
        raise MXNetError(
            f"{owner}: target_shape must be 2 ints of at least 1, (height, width); received {target_shape}"
        )


def _places(length: int, like: Tensor) -> Tensor:
    """Return positions evenly spaced from -1 to 1; a single one is at -1."""
    return torch.arange(length, dtype=like.dtype, device=like.device) * (2 / max(length - 1, 1)) - 1


def _affine_grid(theta: Tensor, target_shape: Shape) -> Tensor:
    """Return (N, 2, H, W): where x and y of each output point lie, for N matrices of 2 x 3."""
    height, width = target_shape
    x = _places(width, theta).expand(height, width)
    y = _places(height, theta).unsqueeze(1).expand(height, width)
    points = torch.stack([x, y, torch.ones_like(x)]).reshape(3, -1)
    return (theta.reshape(-1, 2, 3) @ points).reshape(-1, 2, height, width)


def _warped_grid(flow: Tensor) -> Tensor:
    """Return (N, 2, H, W): each point moved by a number of pixels."""
    height, width = flow.shape[2:]
    x = torch.arange(width, dtype=flow.dtype, device=flow.device)
    y = torch.arange(height, dtype=flow.dtype, device=flow.device).unsqueeze(1)
    moved = flow + torch.stack([x.expand(height, width), y.expand(height, width)])
    half = torch.tensor([max(width - 1, 1) / 2, max(height - 1, 1) / 2], dtype=flow.dtype, device=flow.device)
    return moved / half.reshape(2, 1, 1) - 1


def _grid_flops(call: Call) -> int:
    # For each number: two products and two sums; or the shift, then a division and a difference to scale to -1 to 1.
    return (4 if call.attributes["transform_type"] == "affine" else 3) * prod(call.output)


def _sampling_flops(call: Call) -> int:
    return _interpolation(call.output, prod(call.inputs["grid"]))


def _transformer_flops(call: Call) -> int:
    coordinates = 2 * call.output[0] * prod(call.output[2:])
    return 4 * coordinates + _interpolation(call.output, coordinates)


def _interpolation(output: Sequence[int], coordinates: int) -> int:
    # Per coordinate: the pixel (2), the fraction of the way to the next one and its complement (3), and half of the
    # four products with the other coordinate (2). Each output is the sum of four products (7).
    return 7 * (coordinates + prod(output))


@operator(
    "GridGenerator",
    names_gradients=True,
    computed_anew=True,
    output_names=("output",),
    hidden_outputs=1,
    from_outputs="nothing",
    kind="other",
    flops=_grid_flops,
)
def grid_generator(data: Tensor, *, transform_type: Literal["affine", "warp"], target_shape: Shape = (0, 0)) -> Tensor:
    """Make the grid of positions that BilinearSampler samples.

    Parameters
    ----------
    data : NDArray
        'affine': (N, 6), matrices of 2 x 3 that take (x, y, 1) of the output to (x, y) of the input. 'warp':
        (N, 2, H, W), the shift of each point along x and y, in pixels.
    transform_type : {'affine', 'warp'}
        What the data means.
    target_shape : tuple of int
        For 'affine': (H, W) of the grid.

    Returns
    -------
    NDArray
        (N, 2, H, W): x and y from -1 (left, top) to 1 (right, bottom).
    """
    if not data.is_floating_point():
        raise not_float("GridGenerator", data)
    if transform_type == "warp":
        if data.dim() != 4 or data.shape[1] != 2:
            raise MXNetError(f"GridGenerator: data must have shape (N, 2, H, W); received {tuple(data.shape)}")
        return _warped_grid(data)
    _check_target("GridGenerator", target_shape)
    if data.dim() != 2 or data.shape[1] != 6:
        raise MXNetError(f"GridGenerator: data must have shape (N, 6); received {tuple(data.shape)}")
    return _affine_grid(data, target_shape)


cases(
    "GridGenerator",
    samples=lambda: [
        sample((2, 6), transform_type="affine", target_shape=(3, 4)),
        sample((2, 2, 3, 4), transform_type="warp"),
    ],
    refusals=lambda: [
        refused("target_shape must be 2 ints", (2, 6), transform_type="affine"),
        refused("target_shape must be 2 ints", (2, 6), transform_type="affine", target_shape=(2, 2, 2)),
        refused(r"data must have shape \(N, 6\)", (2, 5), transform_type="affine", target_shape=(2, 2)),
        refused(r"data must have shape \(N, 6\)", (2, 6, 1), transform_type="affine", target_shape=(2, 2)),
        refused(r"data must have shape \(N, 2, H, W\)", (2, 3, 4, 4), transform_type="warp"),
        refused(r"data must have shape \(N, 2, H, W\)", (2, 2, 4), transform_type="warp"),
        refused("transform_type must be one of", (2, 6), transform_type="shear"),
        refused("floating-point", Input((2, 6), "int32"), transform_type="affine", target_shape=(2, 2)),
    ],
)


@operator(
    "BilinearSampler",
    names_gradients=True,
    computed_anew=True,
    from_partial="nothing",
    output_names=("output",),
    hidden_outputs=1,
    kind="other",
    flops=_sampling_flops,
)
def bilinear_sampler(data: Tensor, grid: Tensor, *, cudnn_off: bool | None = None) -> Tensor:
    """Sample an image at the positions of a grid by bilinear interpolation.

    Parameters
    ----------
    data : NDArray
        (N, C, height, width).
    grid : NDArray
        (N, 2, H, W): x and y from -1 (the center of the first pixel) to 1 (of the last). The image is 0 outside.
    cudnn_off
        A hint on how to compute, which never changes the result; torch decides itself.

    Returns
    -------
    NDArray
        (N, C, H, W).
    """
    if data.dim() != 4:
        raise MXNetError(f"BilinearSampler: data must have 4 dimensions; received shape {tuple(data.shape)}")
    if grid.dim() != 4 or grid.shape[0] != data.shape[0] or grid.shape[1] != 2:
        raise MXNetError(
            f"BilinearSampler: grid must have shape ({data.shape[0]}, 2, H, W); received {tuple(grid.shape)}"
        )
    if not same_float(data, grid):
        raise one_type("BilinearSampler", data=data, grid=grid)
    return F.grid_sample(data, grid.movedim(1, -1), "bilinear", "zeros", align_corners=True)


cases(
    "BilinearSampler",
    samples=lambda: [
        sample((2, 3, 5, 6), _INSIDE),
        sample((2, 3, 5, 6), Input((2, 2, 4, 3), low=-1.7, high=1.7)),
        sample((1, 1, 2, 2), Input((1, 2, 1, 1), low=-0.9, high=0.9), cudnn_off=True),
    ],
    refusals=lambda: [
        refused("data must have 4 dimensions", (2, 3, 5), _INSIDE),
        refused(r"grid must have shape \(2, 2, H, W\)", (2, 3, 5, 6), (2, 3, 4, 4)),
        refused(r"grid must have shape \(2, 2, H, W\)", (2, 3, 5, 6), (1, 2, 4, 4)),
        refused(r"grid must have shape \(2, 2, H, W\)", (2, 3, 5, 6), (2, 2, 4)),
        refused("one floating-point type", (2, 3, 5, 6), Input((2, 2, 3, 4), "float64")),
    ],
)


@operator(
    "SpatialTransformer",
    names_gradients=True,
    computed_anew=True,
    from_partial="nothing",
    output_names=("output",),
    hidden_outputs=2,
    kind="other",
    flops=_transformer_flops,
)
def spatial_transformer(
    data: Tensor,
    loc: Tensor,
    *,
    target_shape: Shape = (0, 0),
    transform_type: Literal["affine"],
    sampler_type: Literal["bilinear"],
    cudnn_off: bool | None = None,
) -> Tensor:
    """Rotate, scale and shift images by affine maps: GridGenerator and BilinearSampler in one.

    Parameters
    ----------
    data : NDArray
        (N, C, height, width).
    loc : NDArray
        (N, 6): matrices of 2 x 3 that take (x, y, 1) of the output to (x, y) of the input, all from -1 to 1.
    target_shape : tuple of int
        (H, W) of the result.
    transform_type : {'affine'}
        What `loc` means.
    sampler_type : {'bilinear'}
        How to interpolate.
    cudnn_off
        A hint on how to compute, which never changes the result; torch decides itself.

    Returns
    -------
    NDArray
        (N, C, H, W).
    """
    _check_target("SpatialTransformer", target_shape)
    if data.dim() != 4:
        raise MXNetError(f"SpatialTransformer: data must have 4 dimensions; received shape {tuple(data.shape)}")
    if tuple(loc.shape) != (data.shape[0], 6):
        raise MXNetError(f"SpatialTransformer: loc must have shape {(data.shape[0], 6)}; received {tuple(loc.shape)}")
    if not same_float(data, loc):
        raise one_type("SpatialTransformer", data=data, loc=loc)
    return bilinear_sampler(data, _affine_grid(loc, target_shape))


cases(
    "SpatialTransformer",
    samples=lambda: [
        sample((2, 3, 5, 6), Input((2, 6), low=-0.45, high=0.45), target_shape=(4, 3), transform_type="affine",
               sampler_type="bilinear"),
        sample((1, 2, 5, 6), (1, 6), target_shape=(2, 2), transform_type="affine", sampler_type="bilinear"),
    ],
    refusals=lambda: [
        refused("target_shape must be 2 ints", (2, 3, 5, 6), (2, 6), transform_type="affine", sampler_type="bilinear"),
        refused("data must have 4 dimensions", (2, 3, 5), (2, 6), target_shape=(2, 2), transform_type="affine",
                sampler_type="bilinear"),
        refused(r"loc must have shape \(2, 6\)", (2, 3, 5, 6), (2, 5), target_shape=(2, 2), transform_type="affine",
                sampler_type="bilinear"),
        refused("sampler_type must be one of", (2, 3, 5, 6), (2, 6), target_shape=(2, 2), transform_type="affine",
                sampler_type="nearest"),
        refused("one floating-point type", (2, 3, 5, 6), Input((2, 6), "float64"), target_shape=(2, 2),
                transform_type="affine", sampler_type="bilinear"),
    ],
)  # fmt: skip
