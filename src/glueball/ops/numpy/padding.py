"""Padding with numbers, or with elements of the array, as ``mx.np`` does."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shapes
from ..declare import cases, operator
from ..samples import Input, refused, sample

Mode = Literal["constant", "edge", "maximum", "minimum", "reflect", "symmetric"]


@operator("_npi_pad", names_inputs=True, kind="shape", flops=0, precision="unlisted")
def pad(
    data: Tensor, *, pad_width: Shapes, mode: Mode = "constant", constant_value: float = 0.0, reflect_type: str = "even"
) -> Tensor:
    """Add elements before and behind, along each axis.

    Parameters
    ----------
    data : NDArray
        At least one axis.
    pad_width : tuple of tuple of int
        For each axis, how many elements to add before and behind.
    mode : str, default 'constant'
        What is added: 'constant', a number; 'edge', the first and the last element; 'maximum' and 'minimum', those
        along the axis; 'reflect' and 'symmetric', a mirror image, without and with the edge.
    constant_value : float, default 0
        The number to add.
    reflect_type : {'even', 'odd'}, default 'even'
        How to mirror; 'odd' is no different, as in MXNet.
    """
    is_pair = len(pad_width) == 2 and data.dim() == 1 and isinstance(pad_width[0], int)
    widths: Any = [pad_width] if is_pair else pad_width
    if not data.dim() or len(widths) != data.dim() or any(not _is_pair(each) for each in widths):
        raise MXNetError(
            f"_npi_pad: pad_width must be a pair of ints for each of the {data.dim()} axes, and there must be one; "
            f"received {pad_width}"
        )
    for axis, (before, behind) in enumerate(widths):
        data = _padded(data, axis, before, behind, mode, constant_value)
    return data


def _is_pair(width: object) -> bool:
    return isinstance(width, tuple) and len(width) == 2 and min(width) >= 0


def _padded(data: Tensor, axis: int, before: int, behind: int, mode: Mode, constant: float) -> Tensor:
    """Pad along one axis. What a later axis adds repeats what an earlier one has added, as the corners need."""
    length = data.shape[axis]
    if not before and not behind:
        return data
    if mode == "constant" or not length:
        shapes = [[*data.shape[:axis], count, *data.shape[axis + 1 :]] for count in (before, behind)]
        first, last = [torch.full(shape, constant, device=data.device).to(data.dtype) for shape in shapes]
        return torch.cat([first, data, last], axis)
    if mode in ("maximum", "minimum"):
        found = (torch.amax if mode == "maximum" else torch.amin)(data, axis, keepdim=True)
        shape = list(data.shape)
        edges = [found.expand([*shape[:axis], count, *shape[axis + 1 :]]) for count in (before, behind)]
        return torch.cat([edges[0], data, edges[1]], axis)
    places = torch.arange(-before, length + behind, device=data.device)
    return data.index_select(axis, _mirrored(places, length, mode))


def _mirrored(places: Tensor, length: int, mode: Mode) -> Tensor:
    """Return which element stands at each place, counted from the first of the array."""
    if mode == "edge" or length == 1:
        return places.clamp(0, length - 1)
    period = 2 * length - 2 if mode == "reflect" else 2 * length
    places = places % period
    return torch.where(places < length, places, (period if mode == "reflect" else period - 1) - places)


cases(
    "_npi_pad",
    samples=lambda: [
        sample((2, 3), pad_width=((1, 2), (0, 1))), sample((3,), pad_width=((1, 1))),
        sample((2, 3), pad_width=((1, 1), (2, 2)), constant_value=2.5, judge="numpy"),
        sample(Input((2, 3), "int32"), pad_width=((1, 1), (1, 1)), mode="edge", gradient=False),
        *[
            sample(Input((2, 3), distinct=True), pad_width=width, mode=mode, **options)
            for options in ({"gradient": False}, {"judge": "numpy"})  # MXNet has no gradients of these
            for width in (((1, 1), (2, 2)), ((3, 0), (4, 5)))
            for mode in ("edge", "maximum", "minimum", "reflect", "symmetric")
        ],
        sample((0, 3), pad_width=((1, 1), (1, 1))),
        sample((2, 3, 4), pad_width=((1, 0), (0, 0), (0, 2)), mode="edge", gradient=False),
    ],
    refusals=lambda: [
        refused("pair of ints", (2, 3), pad_width=((1, 2),)), refused("pair of ints", (2, 3), pad_width=(1, 2)),
        refused("pair of ints", (), pad_width=()), refused("pair of ints", (3,), pad_width=((-1, 1),)),
    ],
)  # fmt: skip
