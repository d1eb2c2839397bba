"""Elements and slices at coordinates: gather_nd, scatter_nd."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from ..shape_rule import read_lengths
from .coordinates import coordinates


@operator(
    "gather_nd",
    npx="gather_nd",
    aliases=["_npi_gather_nd"],
    gradient_names=("backward", "backward_indices"),
    from_partial="nothing",
    types="T, I -> T",
    kind="other",
    flops=0,
)
def gather_nd(data: Tensor, indices: Tensor) -> Tensor:
    """Read the elements, or slices, at given coordinates.

    Parameters
    ----------
    data : NDArray
        Where to read.
    indices : NDArray
        (M, Y...): its M rows hold the coordinates along the first M axes of `data`; fractions are dropped, negative
        numbers count from the end.

    Returns
    -------
    NDArray
        Y... followed by the axes of `data` after the first M.

    Raises
    ------
    MXNetError
        A coordinate is out of range.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.gather_nd(nd.array([[1, 2], [3, 4]]), nd.array([[0, 1], [1, 0]])).asnumpy().tolist()
    [2.0, 3.0]
    """
    return data[coordinates("gather_nd", indices, tuple(data.shape), negative=True)]


cases(
    "gather_nd",
    samples=lambda: [
        sample((2, 3), Input((1, 4), "int32", 0, 2)),
        sample((3, 3, 2), Input((2, 2, 2), "int64", 0, 3)),
        sample((3, 3, 2), Input((2, 2, 2), "int32", -3, 3), gradient=False),  # MXNet's gradient is wrong for these
        sample((3, 3), exactly(0, 2, 1, 1, 1, 0, 2, 0, shape=(2, 4))),
    ],
    refusals=lambda: [
        refused("indices along axis 0 must be from -2 to 1; received 5", (2, 3), Input((2, 1), "int32", 5, 6)),
        refused("at most 2 rows", (2, 3), Input((3, 1), "int32", 0, 1)),
        refused("at least 2 axes", (2, 3), Input((3,), "int32", 0, 1)),
    ],
)


@operator(
    "scatter_nd",
    from_partial=lambda shapes, attributes: [read_lengths(attributes["shape"])],
    gradient_names=("backward", "backward_indices"),
    types="T, I -> T",
    kind="other",
    flops=0,
)
def scatter_nd(data: Tensor, indices: Tensor, *, shape: Shape) -> Tensor:
    """Write elements, or slices, at given coordinates of an array of zeros.

    Parameters
    ----------
    data : NDArray
        Y... followed by the last axes of `shape`.
    indices : NDArray
        (M, Y...): its M rows hold the coordinates along the first M axes; fractions are dropped. If one position is
        written twice, either value may remain.
    shape : tuple of int
        The shape of the result.

    Raises
    ------
    MXNetError
        The shapes do not fit, or a coordinate is out of range; MXNet would then write outside the array.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.scatter_nd(nd.array([5, 6]), nd.array([[1, 0]]), shape=(3,)).asnumpy().tolist()
    [6.0, 5.0, 0.0]
    """
    rows = coordinates("scatter_nd", indices, shape, negative=False)
    expected = (*indices.shape[1:], *shape[len(rows) :])
    if tuple(data.shape) != expected:
        raise MXNetError(f"scatter_nd: data must have shape {expected}; received {tuple(data.shape)}")
    return torch.zeros(shape, dtype=data.dtype, device=data.device).index_put(rows, data)


cases(
    "scatter_nd",
    samples=lambda: [
        sample((1, 3), Input((1, 1), "int32", 0, 4), shape=(4, 3)),
        sample((1,), Input((2, 1), "int64", 0, 3), shape=(3, 3)),
        sample((1, 2), Input((1, 1), low=0, high=3), shape=(3, 2)),
    ],
    refusals=lambda: [
        refused("data must have shape \\(2, 3\\)", (2, 2), Input((1, 2), "int32", 0, 2), shape=(3, 3)),
        refused(
            "indices along axis 0 must be from 0 to 1; received 5", (1,), Input((2, 1), "int32", 5, 6), shape=(2, 2)
        ),
        refused("at most 1 rows", (1,), Input((2, 1), "int32", 0, 1), shape=(2,)),
    ],
)
