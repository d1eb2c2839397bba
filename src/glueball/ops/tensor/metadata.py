"""Operators that read the shape and type of an array, never its values: zeros_like, shape_array and the like."""

from __future__ import annotations

import torch
from torch import Tensor

from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import Input, sample
from ..shape_rule import one_number
from ..sparse.elementwise import ZEROS

_ANY = Input((2, 3))


@operator("zeros_like", aliases=["_sparse_zeros_like"], elementwise=True, method="zeros_like", flops=0, sparse=ZEROS)
def zeros_like(data: Tensor) -> Tensor:
    """Make an array of zeros of the shape and type of `data`.

    Parameters
    ----------
    data : NDArray
        Of any type.

    Returns
    -------
    NDArray
        The zeros, on the context of `data`.
    """
    return without_gradient(torch.zeros_like(data, memory_format=torch.contiguous_format), data)


cases("zeros_like", samples=lambda: [sample(_ANY), sample(Input((2,), "bool"), gradient=False)])


@operator("ones_like", elementwise=True, method="ones_like", flops=0)
def ones_like(data: Tensor) -> Tensor:
    """Make an array of ones of the shape and type of `data`.

    Parameters
    ----------
    data : NDArray
        Of any type.

    Returns
    -------
    NDArray
        The ones, on the context of `data`.
    """
    return without_gradient(torch.ones_like(data, memory_format=torch.contiguous_format), data)


cases("ones_like", samples=lambda: [sample(_ANY), sample(Input((2,), "bool"), gradient=False)])


@operator(
    "shape_array",
    npx="shape_array",
    types="S -> int64",
    method="shape_array",
    from_outputs="nothing",
    kind="other",
    flops=0,
)
def shape_array(data: Tensor) -> Tensor:
    """Return the lengths of the axes.

    Parameters
    ----------
    data : NDArray
        Of any type.

    Returns
    -------
    NDArray
        int64, one number per axis.
    """
    return torch.tensor(data.shape, dtype=torch.int64, device=data.device)


cases("shape_array", samples=lambda: [sample((2, 3, 1), gradient=False)])


@operator("size_array", types="S -> int64", from_partial=one_number, method="size_array", kind="other", flops=0)
def size_array(data: Tensor) -> Tensor:
    """Return the number of elements.

    Parameters
    ----------
    data : NDArray
        Of any type.

    Returns
    -------
    NDArray
        int64, of shape (1,).
    """
    return torch.tensor([data.numel()], dtype=torch.int64, device=data.device)


cases("size_array", samples=lambda: [sample((2, 3, 1), gradient=False)])
