"""Copies of arrays with some elements replaced: fill_element_0index, _onehot_encode, _scatter_set_nd."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from ..shape_rule import read_lengths
from .coordinates import coordinates


@operator("fill_element_0index", types="T, T, T -> T", kind="other", flops=0)
def fill_element_0index(lhs: Tensor, mhs: Tensor, rhs: Tensor) -> Tensor:
    """Return a copy of a matrix with one element of each row replaced.

    Parameters
    ----------
    lhs : NDArray
        (N, K): the matrix.
    mhs : NDArray
        (N,): the new elements.
    rhs : NDArray
        (N,): their columns; fractions are dropped. With a column out of range a row stays as it is.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.fill_element_0index(nd.zeros((2, 2)), nd.array([5, 6]), nd.array([1, 0])).asnumpy().tolist()
    [[0.0, 5.0], [6.0, 0.0]]
    """
    if lhs.dim() != 2 or mhs.shape != lhs.shape[:1] or rhs.shape != lhs.shape[:1]:
        raise MXNetError(
            f"fill_element_0index: lhs, mhs and rhs must have shapes (N, K), (N,) and (N,); "
            f"received {tuple(lhs.shape)}, {tuple(mhs.shape)} and {tuple(rhs.shape)}"
        )
    if not lhs.dtype is mhs.dtype is rhs.dtype:
        raise MXNetError("fill_element_0index: lhs, mhs and rhs must have one type; convert with astype(...)")
    columns = torch.arange(lhs.shape[1], device=lhs.device)
    chosen = rhs.detach().long().unsqueeze(1) == columns
    return torch.where(chosen, mhs.unsqueeze(1), lhs)


cases(
    "fill_element_0index",
    samples=lambda: [
        sample((2, 3), (2,), exactly(2, 0), gradient=False),
        sample((4, 3), (4,), exactly(1.7, 9, -1, 0), gradient=False),
    ],
    refusals=lambda: [
        refused("must have shapes", (2, 3), (3,), (3,)),
        refused("must have shapes", (2, 3), (2,), (3,)),
        refused("one type", (2, 3), (2,), Input((2,), "int32")),
    ],
)


@operator("_onehot_encode", types="I, T -> T", kind="other", flops=0)
def onehot_encode(lhs: Tensor, rhs: Tensor) -> Tensor:
    """Encode each index as a row that is 1 at that position; `nd.onehot_encode` writes the rows into an array.

    Parameters
    ----------
    lhs : NDArray
        (N,): the indices; one out of range gives a row of zeros.
    rhs : NDArray
        (N, K): gives the shape and the type; its values are not used.
    """
    if rhs.dim() != 2 or lhs.shape != rhs.shape[:1]:
        raise MXNetError(
            f"_onehot_encode: lhs and rhs must have shapes (N,) and (N, K); "
            f"received {tuple(lhs.shape)} and {tuple(rhs.shape)}"
        )
    columns = torch.arange(rhs.shape[1], device=rhs.device)
    return without_gradient((lhs.detach().long().unsqueeze(1) == columns).to(rhs.dtype), lhs, rhs)


cases(
    "_onehot_encode",
    samples=lambda: [
        sample(exactly(0, 2), (2, 3), gradient=False),
        sample(exactly(0, 5, -2), (3, 3), gradient=False),
    ],
    refusals=lambda: [refused("must have shapes", (3,), (2, 3)), refused("must have shapes", (3,), (3,))],
)


@operator(
    "_scatter_set_nd", aliases=["_npi_scatter_set_nd"], reads_values=True, types="T, T, I -> T", kind="other", flops=0,
    infer_inputs=lambda shapes, attributes: [read_lengths(attributes["shape"]), *shapes[1:]],
    from_partial=lambda shapes, attributes: [read_lengths(attributes["shape"])],
)  # fmt: skip
def scatter_set_nd(lhs: Tensor, rhs: Tensor, indices: Tensor, *, shape: Shape) -> Tensor:
    """Return a copy of an array with elements, or slices, replaced at given coordinates.

    Parameters
    ----------
    lhs : NDArray
        The array. MXNet requires it as `out`, too, which is not necessary here.
    rhs : NDArray
        The new elements: Y... followed by the last axes of `shape`.
    indices : NDArray
        (M, Y...): its M rows hold the coordinates along the first M axes; fractions are dropped. If one position is
        written twice, either value may remain.
    shape : tuple of int
        The shape of the array.
    """
    if tuple(lhs.shape) != shape:
        raise MXNetError(f"_scatter_set_nd: shape must be that of lhs, {tuple(lhs.shape)}; received {shape}")
    rows = coordinates("_scatter_set_nd", indices, shape, negative=False)
    expected = (*indices.shape[1:], *shape[len(rows) :])
    if tuple(rhs.shape) != expected:
        raise MXNetError(f"_scatter_set_nd: rhs must have shape {expected}; received {tuple(rhs.shape)}")
    return lhs.index_put(rows, rhs)


cases(
    "_scatter_set_nd",
    samples=lambda: [
        # For nd, MXNet must be given lhs as out.
        sample((3, 3), (2,), exactly(0, 1, 2, 0, shape=(2, 2)), shape=(3, 3), judge="numpy"),
        sample((3, 3), (2, 3), exactly(2, 0, shape=(1, 2), dtype="int32"), shape=(3, 3), judge="numpy"),
    ],
    refusals=lambda: [
        refused("shape must be that of lhs", (3, 3), (1,), exactly(0, 1, shape=(2, 1)), shape=(3, 4)),
        refused("rhs must have shape", (3, 3), (2,), exactly(0, 1, shape=(2, 1)), shape=(3, 3)),
        refused("indices along axis 1 must be from 0 to 2", (3, 3), (1,), exactly(0, 3, shape=(2, 1)), shape=(3, 3)),
    ],
)
