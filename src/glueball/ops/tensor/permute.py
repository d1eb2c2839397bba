"""Reordering elements: transpose, SwapAxis, reverse, depth_to_space, space_to_depth, diag."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive, Shape
from ..axes import distinct_axes, one_axis
from ..declare import cases, operator
from ..samples import refused, sample


@operator("transpose", may_alias=True, method="transpose", kind="shape", flops=0, caption="{axes}")
def transpose(data: Tensor, *, axes: Shape = ()) -> Tensor:
    """Permute the axes.

    Parameters
    ----------
    data : NDArray
        Any shape. Differs from MXNet: more than 6 axes are allowed.
    axes : tuple of int, optional
        For each axis of the result, the axis of `data` that it comes from; by default the reverse order. Differs from
        MXNet: negative numbers count from the end.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.transpose(nd.zeros((2, 3, 4)), axes=(1, 0, 2)).shape
    (3, 2, 4)
    """
    if not axes:
        return data.permute(tuple(range(data.dim() - 1, -1, -1)))
    if len(axes) != data.dim():
        raise MXNetError(f"transpose: axes must name each of the {data.dim()} axes once; received {axes}")
    return data.permute(distinct_axes("transpose", axes, data.dim(), "axes"))


cases(
    "transpose",
    samples=lambda: [sample((2, 3, 4)), sample((2, 3, 4), axes=(1, 0, 2)), sample((4,))],
    refusals=lambda: [
        refused("axes must name each of the 3 axes", (2, 3, 4), axes=(0, 1)),
        refused("each axis once", (2, 3, 4), axes=(0, 0, 1)),
        refused("axes must be from", (2, 3, 4), axes=(0, 1, 3)),
    ],
)


@operator(
    "SwapAxis",
    names_gradients=True,
    computed_anew=True,
    aliases=["_npi_swapaxes", "swapaxes"],
    may_alias=True,
    method="swapaxes",
    from_outputs="nothing",
    kind="shape",
    flops=0,
    output_names=("output",),
)
def swap_axis(data: Tensor, *, dim1: int = 0, dim2: int = 0) -> Tensor:
    """Exchange the axes `dim1` and `dim2`; negative numbers count from the end.

    Parameters
    ----------
    data : NDArray
        Any shape.
    dim1, dim2 : int, default 0
        The two axes.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.swapaxes(nd.zeros((2, 3, 4)), 0, 2).shape
    (4, 3, 2)
    """
    rank = data.dim()
    return data.transpose(one_axis("SwapAxis", dim1, rank, "dim1"), one_axis("SwapAxis", dim2, rank, "dim2"))


cases(
    "SwapAxis",
    samples=lambda: [
        sample((2, 3, 4), dim1=0, dim2=2),
        sample((2, 3), dim1=-1, dim2=0),
        sample((2, 3), dim1=1, dim2=1),
    ],
    refusals=lambda: [refused("dim2 must be from", (2, 3, 4), dim1=0, dim2=3)],
)


@operator("reverse", names_inputs=True, elementwise=True, aliases=["flip"], method="flip", kind="shape", flops=0)
def reverse(data: Tensor, *, axis: Shape) -> Tensor:
    """Reverse the order of the elements along some axes.

    Parameters
    ----------
    data : NDArray
        Any shape.
    axis : int or tuple of int
        Along which axes. Differs from MXNet: negative numbers count from the end.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.flip(nd.array([[1, 2], [3, 4]]), axis=1).asnumpy().tolist()
    [[2.0, 1.0], [4.0, 3.0]]
    """
    return data.flip(distinct_axes("reverse", axis, data.dim()))


cases(
    "reverse",
    samples=lambda: [sample((2, 3), axis=0), sample((2, 3, 4), axis=(0, 2)), sample((2, 3), axis=())],
    refusals=lambda: [
        refused("axis must be from", (2, 3), axis=2),
        refused("axis must name each axis once", (2, 3), axis=(0, 0)),
        refused("axis must be given", (2, 3)),
    ],
)


@operator("depth_to_space", names_inputs=True, method="depth_to_space", from_outputs="nothing", kind="shape", flops=0)
def depth_to_space(data: Tensor, *, block_size: Positive) -> Tensor:
    """Rearrange channels into blocks of pixels: (N, C, H, W) becomes (N, C / b^2, H b, W b).

    Parameters
    ----------
    data : NDArray
        (N, C, H, W), C a multiple of b squared. Channel (i b + j) C / b^2 + c goes to row i and column j of the
        block, in channel c.
    block_size : int
        b, the side of a block in pixels.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.depth_to_space(nd.zeros((1, 8, 2, 3)), block_size=2).shape
    (1, 2, 4, 6)
    """
    n, c, h, w = _image("depth_to_space", data)
    b = block_size
    if c % (b * b):
        raise MXNetError(f"depth_to_space: the channels must be a multiple of {b * b}; received {tuple(data.shape)}")
    blocks = data.reshape(n, b, b, c // (b * b), h, w).permute(0, 3, 4, 1, 5, 2)
    return _copied(blocks.reshape(n, c // (b * b), h * b, w * b), b)


cases(
    "depth_to_space",
    samples=lambda: [
        sample((2, 8, 2, 3), block_size=2),
        sample((1, 9, 1, 2), block_size=3),
        sample((1, 2, 2, 2), block_size=1),
    ],
    refusals=lambda: [
        refused("4 axes", (1, 8, 2), block_size=2),
        refused("multiple of 9", (1, 8, 2, 2), block_size=3),
        refused("block_size must be", (1, 8, 2, 2), block_size=0),
    ],
)


@operator("space_to_depth", names_inputs=True, method="space_to_depth", from_outputs="nothing", kind="shape", flops=0)
def space_to_depth(data: Tensor, *, block_size: Positive) -> Tensor:
    """Rearrange the pixels of each block into channels: the inverse of `depth_to_space`.

    Parameters
    ----------
    data : NDArray
        (N, C, H, W), H and W multiples of `block_size`.
    block_size : int
        The side of a block in pixels.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.space_to_depth(nd.zeros((1, 2, 4, 6)), block_size=2).shape
    (1, 8, 2, 3)
    """
    n, c, h, w = _image("space_to_depth", data)
    b = block_size
    if h % b or w % b:
        raise MXNetError(f"space_to_depth: height and width must be multiples of {b}; received {tuple(data.shape)}")
    blocks = data.reshape(n, c, h // b, b, w // b, b).permute(0, 3, 5, 1, 2, 4)
    return _copied(blocks.reshape(n, c * b * b, h // b, w // b), b)


cases(
    "space_to_depth",
    samples=lambda: [sample((2, 2, 4, 6), block_size=2), sample((1, 2, 2, 2), block_size=1)],
    refusals=lambda: [
        refused("4 axes", (1, 8, 2), block_size=2),
        refused("multiples of 2", (1, 2, 2, 3), block_size=2),
        refused("multiples of 2", (1, 2, 3, 2), block_size=2),
    ],
)


def _copied(result: Tensor, block_size: int) -> Tensor:
    """Copy the result if reshape has not: only blocks of one pixel leave everything in place."""
    return result.clone() if block_size == 1 else result


def _image(owner: str, data: Tensor) -> tuple[int, int, int, int]:
    if data.dim() != 4:
        raise MXNetError(f"{owner}: data must have 4 axes (N, C, H, W); received {tuple(data.shape)}")
    n, c, h, w = data.shape
    return n, c, h, w


@operator("diag", names_inputs=True, may_alias=True, method="diag", from_outputs="nothing", kind="shape", flops=0)
def diag(data: Tensor, *, k: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """Make a matrix with the given diagonal, or read the diagonal of a matrix.

    Parameters
    ----------
    data : NDArray
        One axis: the diagonal, the rest of the matrix is 0. More axes: the diagonals of the matrices that `axis1`
        (rows) and `axis2` (columns) span are read; they become the last axis.
    k : int, default 0
        Which diagonal: above the main one when positive, below it when negative.
    axis1, axis2 : int, default 0 and 1
        The rows and columns; ignored for one axis.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.diag(nd.array([1, 2])).asnumpy().tolist()
    [[1.0, 0.0], [0.0, 2.0]]
    >>> nd.diag(nd.array([[1, 2, 3], [4, 5, 6]]), k=1).asnumpy().tolist()
    [2.0, 6.0]
    """
    if data.dim() < 2:
        return torch.diag_embed(data, k)
    rows, columns = (one_axis("diag", axis, data.dim(), name) for axis, name in ((axis1, "axis1"), (axis2, "axis2")))
    if rows == columns:
        raise MXNetError(f"diag: axis1 and axis2 must differ; received {axis1} and {axis2}")
    if not -data.shape[rows] <= k <= data.shape[columns]:
        raise MXNetError(
            f"diag: diagonal k must be from {-data.shape[rows]} to {data.shape[columns]} for shape "
            f"{tuple(data.shape)}; received {k}"
        )
    return torch.diagonal(data, k, rows, columns)


cases(
    "diag",
    samples=lambda: [
        sample((3,)),
        sample((3,), k=-1),
        sample((3, 4)),
        sample((3, 4), k=2),
        sample((2, 3, 4), k=1, axis1=2, axis2=0),
    ],
    refusals=lambda: [
        refused("axis1 and axis2 must differ", (2, 3, 4), axis1=1, axis2=-2),
        refused("axis2 must be from", (2, 3, 4), axis2=3),
        refused("diagonal k must", (3, 4), k=9),
    ],
)
