"""Numbers that tell about whole arrays: allclose, getnnz."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..declare import cases, operator
from ..flops import per_input
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from ..sparse.reductions import STORED


@operator(
    "_contrib_allclose", from_partial="nothing", types="T, T -> uint8", kind="other", flops=per_input(4),
    precision="unlisted",
)  # fmt: skip
def allclose(a: Tensor, b: Tensor, *, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = True) -> Tensor:
    """Return 1 where all elements of two arrays are close, abs(a - b) <= atol + rtol abs(b), else 0.

    Parameters
    ----------
    a, b : NDArray
        Arrays of one shape and type.
    rtol, atol : float, default 1e-05 and 1e-08
        The relative and the absolute difference that is allowed.
    equal_nan : bool, default True
        Whether NaN is close to NaN.

    Returns
    -------
    NDArray
        uint8, of shape ().

    Examples
    --------
    >>> from glueball import nd
    >>> int(nd.contrib.allclose(nd.array([1, 2]), nd.array([1, 2.1])).asscalar())
    0
    """
    if a.shape != b.shape or a.dtype is not b.dtype:
        received = " and ".join(f"{tuple(each.shape)} {type_name(each.dtype)}" for each in (a, b))
        raise MXNetError(f"_contrib_allclose: a and b must have one shape and type; received {received}")
    one, other = a.detach().double(), b.detach().double()
    close = (one - other).abs() <= atol + rtol * other.abs()
    if equal_nan:
        close |= torch.isnan(one) & torch.isnan(other)
    # Equal infinite numbers have no difference.
    return without_gradient((close | (one == other)).all().to(torch.uint8), a, b)


cases(
    "_contrib_allclose",
    samples=lambda: [
        sample(exactly(1, 2), exactly(1, 2.00001), gradient=False),
        sample(exactly(1, 2), exactly(1, 2.1), gradient=False),
        sample(exactly(1, 2), exactly(1, 2.1), rtol=0.1, gradient=False),
        sample(exactly(1, 2), exactly(1, 2.1), atol=0.2, gradient=False),
        sample(exactly(1, float("nan")), exactly(1, float("nan")), gradient=False),
        sample(exactly(1, float("nan")), exactly(1, float("nan")), equal_nan=False, gradient=False),
        sample(exactly(float("inf")), exactly(float("inf")), gradient=False),
        sample(exactly(3, 2, dtype="int32"), exactly(3, 2, dtype="int32"), gradient=False),
        sample(exactly(3, 2, dtype="float64"), exactly(3, 1, dtype="float64"), gradient=False),
    ],
    refusals=lambda: [
        refused("one shape and type", (2,), (3,)),
        refused("one shape and type", (2,), Input((2,), "float64")),
    ],
)


@operator(
    "_contrib_getnnz", types="T -> int64", from_outputs="nothing", kind="other", flops=per_input(), sparse=STORED,
    precision=("any", "single"),
)  # fmt: skip
def getnnz(data: Tensor, *, axis: int | None = None) -> Tensor:
    """Count the elements that are not 0.

    Parameters
    ----------
    data : NDArray
        A matrix. Differs from MXNet, which counts in sparse matrices only.
    axis : {None, 1}
        1 counts each row; None counts everything.

    Returns
    -------
    NDArray
        int64, of shape (1,) or (rows,).
    """
    if data.dim() != 2:
        raise MXNetError(f"_contrib_getnnz: data must be a matrix; received shape {tuple(data.shape)}")
    if axis not in (None, 1):
        raise MXNetError(f"_contrib_getnnz: axis must be None or 1; received {axis}; transpose the matrix")
    there = data.detach() != 0
    return without_gradient(there.sum().reshape(1) if axis is None else there.sum(1), data)


cases(
    "_contrib_getnnz",
    samples=lambda: [
        sample(exactly(0, 1, 2, 0, 0, 3, shape=(2, 3)), judge="numpy", gradient=False),
        sample(exactly(0, 1, 2, 0, 0, 3, shape=(2, 3)), axis=1, judge="numpy", gradient=False),
    ],
    refusals=lambda: [refused("must be a matrix", (3,)), refused("axis must be None or 1", (2, 3), axis=0)],
)
