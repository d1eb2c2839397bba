"""Positions and choices: index_array, arange_like, index_copy, boolean_mask."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive, Shape
from ..axes import one_axis
from ..declare import cases, operator
from ..gradient import with_zeros_for
from ..samples import Input, exactly, refused, sample


@operator(
    "_contrib_arange_like", npx="arange_like", from_outputs="nothing", kind="other", flops=0, precision="unlisted"
)
def arange_like(
    data: Tensor,
    *,
    start: float = 0.0,
    step: float = 1.0,
    repeat: Positive = 1,
    ctx: str = "",
    axis: int | None = None,
) -> Tensor:
    """Return evenly spaced numbers, as many as an array has elements or one of its axes is long.

    Parameters
    ----------
    data : NDArray
        Gives the shape and the type; its values are not used.
    start, step : float, default 0 and 1
        The first number, and the step between numbers.
    repeat : int, default 1
        How many times each number is repeated.
    ctx
        Not used: the result is on the context of the data.
    axis : int, optional
        The axis to count along, for a result of one axis; by default all elements, for a result of the same shape.
    """
    shape = tuple(data.shape) if axis is None else (data.shape[one_axis("_contrib_arange_like", axis, data.dim())],)
    count = data.numel() if axis is None else shape[0]
    numbers = torch.arange(count, device=data.device).div(repeat, rounding_mode="floor")
    return (numbers.double() * step + start).to(data.dtype).reshape(shape)


cases(
    "_contrib_arange_like",
    samples=lambda: [
        sample((2, 3), gradient=False),
        sample((2, 3), axis=1, gradient=False),
        sample((2, 3), axis=0, start=3, step=2, gradient=False),
        sample((2, 3), repeat=2, gradient=False),
        sample((2, 3), axis=-1, repeat=2, gradient=False),
        sample(Input((3,), "float64"), start=0.5, gradient=False),
    ],
    refusals=lambda: [refused("axis must be from", (2, 3), axis=2), refused("repeat must be", (2,), repeat=0)],
)


@operator(
    "_contrib_index_array", types="T -> int64", from_outputs="nothing", kind="other", flops=0, output_names=("output",)
)
def index_array(data: Tensor, *, axes: Shape | None = None) -> Tensor:
    """Return the indices of each element.

    Parameters
    ----------
    data : NDArray
        Gives the shape; its values are not used.
    axes : tuple of int, optional
        Along which axes; by default all.

    Returns
    -------
    NDArray
        int64, of the shape of the data and one more axis, with an index for each of `axes`.
    """
    rank = data.dim()
    chosen = [one_axis("_contrib_index_array", axis, rank, "axes") for axis in (range(rank) if axes is None else axes)]
    lines = [torch.arange(length, device=data.device) for length in data.shape]
    grids = torch.meshgrid(*lines, indexing="ij")
    return torch.stack([grids[axis] for axis in chosen], -1)


cases(
    "_contrib_index_array",
    samples=lambda: [sample((2, 3), gradient=False), sample((2, 3, 4), axes=(1, -3), gradient=False)],
    refusals=lambda: [refused("axes must be from", (2, 3), axes=(2,))],
)


@operator("_contrib_index_copy", reads_values=True, types="T, I=int32, T -> T", kind="other", flops=0)
def index_copy(old_tensor: Tensor, index_vector: Tensor, new_tensor: Tensor) -> Tensor:
    """Return a copy of an array with some of its slices replaced.

    Parameters
    ----------
    old_tensor : NDArray
        The array.
    index_vector : NDArray
        (n,): which slices along the first axis.
    new_tensor : NDArray
        Their new values, (n, ...).
    """
    if index_vector.dim() != 1:
        raise MXNetError(
            f"_contrib_index_copy: index_vector must have 1 dimension; received shape {tuple(index_vector.shape)}"
        )
    expected = (len(index_vector), *old_tensor.shape[1:])
    if tuple(new_tensor.shape) != expected:
        raise MXNetError(
            f"_contrib_index_copy: new_tensor must have shape {expected}; received {tuple(new_tensor.shape)}"
        )
    index = index_vector.long()
    if not index.is_meta and index.numel():
        smallest, largest = (int(edge) for edge in torch.aminmax(index))
        if smallest < 0 or largest >= len(old_tensor):
            worst = smallest if smallest < 0 else largest
            raise MXNetError(
                f"_contrib_index_copy: index_vector must be from 0 to {len(old_tensor) - 1}; received {worst}"
            )
    return with_zeros_for(old_tensor.index_copy(0, index, new_tensor), index_vector)


cases(
    "_contrib_index_copy",
    samples=lambda: [
        sample((4, 2), exactly(2, 0, dtype="int32"), (2, 2)),
        sample((4, 2, 3), exactly(3, 1, dtype="int64"), (2, 2, 3)),
    ],
    refusals=lambda: [
        refused("new_tensor must have shape", (4, 2), exactly(2, 0), (2, 3)),
        refused("index_vector must have 1 dimension", (4, 2), (2, 2), (2, 2)),
        refused("index_vector must be from 0 to 3; received 4", (4, 2), exactly(4, dtype="int32"), (1, 2)),
        refused("index_vector must be from 0 to 3; received -1", (4, 2), exactly(-1, dtype="int32"), (1, 2)),
    ],
)


@operator(
    "_contrib_boolean_mask", aliases=["_npi_boolean_mask"], reads_values=True, from_partial="nothing",
    types="T, I -> T", kind="other", flops=0,
)  # fmt: skip
def boolean_mask(data: Tensor, index: Tensor, *, axis: int = 0) -> Tensor:
    """Return the slices of an array for which a mask is not zero.

    How many there are is in the values: a graph with this operator finds it out in each call, and inference of shapes
    leaves the length open.

    Parameters
    ----------
    data : NDArray
        The array.
    index : NDArray
        (n,): the mask, with a number for each slice along the axis.
    axis : int, default 0
        0, as in MXNet.

    Returns
    -------
    NDArray
        The slices, in their order. It has no gradient for `index`.
    """
    owner = "_contrib_boolean_mask"
    if axis != 0:
        raise MXNetError(f"{owner}: axis must be 0, as in MXNet; received {axis}; swap the axes first, with swapaxes")
    if index.dim() != 1 or not data.dim() or len(index) != len(data):
        raise MXNetError(
            f"{owner}: index must have one number for each slice of data, whose shape is {tuple(data.shape)}; "
            f"received shape {tuple(index.shape)}"
        )
    if data.is_meta or index.is_meta:
        return data.new_empty((0, *data.shape[1:]), device="meta")  # a length of 0 is one that is not known
    return with_zeros_for(data.index_select(0, (index.detach() != 0).nonzero()[:, 0]), index)


cases(
    "_contrib_boolean_mask",
    samples=lambda: [
        sample((3, 4), exactly(1, 0, 1), derivative=False),
        sample((4, 2, 2), exactly(0, -1, 2, float("nan"), dtype="float64"), derivative=False),
        sample(Input((3,), "int32"), exactly(0, 1, 1, dtype="uint8"), gradient=False),
        sample((2, 3), exactly(0, 0, dtype="int32"), gradient=False),
    ],
    refusals=lambda: [
        refused("axis must be 0", (3, 4), (4,), axis=1),
        refused("index must have one number for each slice", (3, 4), (4,)),
        refused("index must have one number for each slice", (3, 4), (3, 4)),
    ],
)
