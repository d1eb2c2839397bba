"""Sums of all elements up to each: cumsum."""

from __future__ import annotations

import torch
from torch import Tensor

from ..axes import one_axis
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, exactly, refused, sample


@operator(
    "_np_cumsum", names_inputs=True,
    aliases=["cumsum"], types=lambda attributes: "T -> {dtype}" if attributes["dtype"] else "T -> T#",
    kind="other", flops=per_input(), precision="unlisted",
)  # fmt: skip
def cumsum(a: Tensor, *, axis: int | None = None, dtype: torch.dtype | None = None) -> Tensor:
    """Sum the elements up to each, along an axis.

    Parameters
    ----------
    a : NDArray
        Of any type.
    axis : int, optional
        Along which axis; by default over all elements in row-major order, for a result of one axis.
    dtype : str or numpy.dtype, optional
        The type to sum in; by default that of `a`, or int64 for bool.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.cumsum(nd.array([[1, 2], [3, 4]]), axis=0).asnumpy().tolist()
    [[1.0, 2.0], [4.0, 6.0]]
    """
    kind = dtype or (torch.int64 if a.dtype is torch.bool else a.dtype)
    if axis is None:
        return torch.cumsum(a.flatten(), 0, dtype=kind)
    return torch.cumsum(a, one_axis("_np_cumsum", axis, a.dim()), dtype=kind)


cases(
    "_np_cumsum",
    samples=lambda: [
        sample((2, 3)),
        sample((2, 3, 4), axis=1),
        sample(Input((2, 3), "float64"), axis=0, dtype="float32", derivative=False),
        sample(exactly(100, 100, 100, dtype="int8"), axis=0, gradient=False),
        sample(exactly(1, 0, 1, dtype="bool"), gradient=False),
        sample(Input((2, 3), "int32", 0, 9), axis=1, dtype="float64", gradient=False),
    ],
    refusals=lambda: [refused("axis must be from", (2, 3), axis=2)],
)
