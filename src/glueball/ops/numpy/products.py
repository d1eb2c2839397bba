"""Products of matrices and vectors, as ``mx.np`` has them."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample


def _multiply_adds(call: Call) -> int:
    shapes = call.inputs
    return math.prod(call.outputs[0]) * (shapes[0][-1] if shapes[0] else 1)


def _check(owner: str, a: Tensor, b: Tensor) -> None:
    if a.dtype is not b.dtype or not a.is_floating_point():
        raise MXNetError(
            f"{owner}: a and b must have one floating-point type; received {type_name(a.dtype)} and "
            f"{type_name(b.dtype)}; convert with astype(...)"
        )


def _misfit(owner: str, a: Tensor, b: Tensor) -> MXNetError:
    return MXNetError(
        f"{owner}: the last length of a must be that of the last axis but one of b (the only one of a vector), and "
        f"other lengths must broadcast; received {tuple(a.shape)} and {tuple(b.shape)}"
    )


@operator("_np_dot", kind="dense", multiply_adds=_multiply_adds, precision="low")
def dot(a: Tensor, b: Tensor) -> Tensor:
    """Return the product, summed over the last axis of `a` and the last axis but one of `b`.

    Parameters
    ----------
    a, b : NDArray
        Floating-point numbers of one type; an array without axes multiplies.
    """
    _check("_np_dot", a, b)
    if not a.dim() or not b.dim():
        return a * b
    try:
        return torch.tensordot(a, b, dims=([a.dim() - 1], [max(b.dim() - 2, 0)]))
    except RuntimeError:
        raise _misfit("_np_dot", a, b) from None


cases(
    "_np_dot",
    samples=lambda: [
        sample((2, 3), (3, 4)), sample((3,), (3,)), sample((2, 3), (3,)), sample((2, 3, 4), (5, 4, 2)),
        sample((), (2, 3)), sample((2, 3), ()),
    ],
    refusals=lambda: [
        refused("last length", (2, 3), (2, 3)), refused("floating-point", Input((2,), "int32"), Input((2,), "int32")),
    ],
)  # fmt: skip


@operator("_npi_matmul", kind="dense", multiply_adds=_multiply_adds, precision="low")
def matmul(a: Tensor, b: Tensor) -> Tensor:
    """Return the product of matrices, or of stacks of them.

    Parameters
    ----------
    a, b : NDArray
        Floating-point numbers of one type, with at least one axis.
    """
    _check("_npi_matmul", a, b)
    try:
        return torch.matmul(a, b)
    except RuntimeError:
        raise _misfit("_npi_matmul", a, b) from None


cases(
    "_npi_matmul",
    samples=lambda: [
        sample((2, 3), (3, 4)), sample((3,), (3, 2)), sample((5, 1, 2, 3), (4, 3, 2)), sample((2, 3), (3,)),
    ],
    refusals=lambda: [refused("last length", (2, 3), (2, 3)), refused("last length", (), (2,))],
)  # fmt: skip
