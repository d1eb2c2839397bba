"""Operators without inputs, as ``mx.np`` has them: shapes without axes and with lengths of 0 are allowed."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import NonNegative, Shape
from ..declare import Device, cases, operator
from ..samples import Input, refused, sample


def _check(owner: str, shape: Shape) -> Shape:
    if any(length < 0 for length in shape):
        raise MXNetError(f"{owner}: the lengths in shape must be at least 0; received {shape}")
    return shape


@operator("_npi_zeros", types="-> {dtype}", kind="other", flops=0)
def zeros(*, shape: Shape = (), ctx: str = "", dtype: torch.dtype = torch.float32, device: Device) -> Tensor:
    """Return zeros.

    Parameters
    ----------
    shape : tuple of int
        The shape.
    ctx : Context or str
        The context.
    dtype : str
        The type.
    """
    return torch.zeros(_check("_npi_zeros", shape), dtype=dtype, device=device)


@operator("_npi_ones", types="-> {dtype}", kind="other", flops=0)
def ones(*, shape: Shape = (), ctx: str = "", dtype: torch.dtype = torch.float32, device: Device) -> Tensor:
    """Return ones.

    Parameters
    ----------
    shape : tuple of int
        The shape.
    ctx : Context or str
        The context.
    dtype : str
        The type.
    """
    return torch.ones(_check("_npi_ones", shape), dtype=dtype, device=device)


for _name in ("_npi_zeros", "_npi_ones"):
    cases(
        _name,
        samples=lambda: [
            sample(shape=(2, 3), gradient=False), sample(shape=(), gradient=False),
            sample(shape=(0, 2), dtype="int32", gradient=False),
        ],
        refusals=lambda: [refused("at least 0", shape=(-1, 2))],
    )  # fmt: skip


@operator("_npi_full_like", types="T -> {dtype|T}", kind="other", flops=0, precision="unlisted")
def full_like(a: Tensor, *, fill_value: float, ctx: str = "", dtype: torch.dtype | None = None) -> Tensor:
    """Return an array of the same shape with one number everywhere.

    Parameters
    ----------
    a : NDArray
        Gives the shape, and the context; its values are not used.
    fill_value : float
        The number.
    ctx : Context or str
        Not used, as in MXNet.
    dtype : str, optional
        The type; by default that of `a`.
    """
    return torch.full(a.shape, fill_value, dtype=torch.float64, device=a.device).to(dtype or a.dtype)


cases(
    "_npi_full_like",
    samples=lambda: [
        sample((2, 3), fill_value=2.5, gradient=False), sample(Input((2,), "int32"), fill_value=2.5, gradient=False),
        sample((), fill_value=1, dtype="float64", gradient=False),
        sample((0, 3), fill_value=1, dtype="bool", gradient=False),
    ],
    refusals=lambda: [refused("fill_value must be", (2,), fill_value="a")],
)  # fmt: skip


@operator("_npi_eye", types="-> {dtype}", kind="other", flops=0)
def eye(
    *, N: NonNegative, M: NonNegative | None = None, k: int = 0, ctx: str = "", dtype: torch.dtype = torch.float32,
    device: Device,
) -> Tensor:  # fmt: skip
    """Return a matrix with ones on one diagonal and zeros elsewhere.

    Parameters
    ----------
    N : int
        The number of rows.
    M : int, optional
        The number of columns; by default that of rows.
    k : int, default 0
        The diagonal: above the main one when positive, below it when negative.
    ctx, dtype
        As in `zeros`.
    """
    rows = torch.arange(N, device=device).unsqueeze(1)
    return (torch.arange(N if M is None else M, device=device) - rows == k).to(dtype)


cases(
    "_npi_eye",
    samples=lambda: [
        sample(N=3, gradient=False), sample(N=2, M=3, k=1, gradient=False),
        sample(N=4, M=2, k=-1, dtype="int32", gradient=False), sample(N=2, M=0, gradient=False),
        sample(N=0, gradient=False),
    ],
    refusals=lambda: [refused("N must be", N=-1), refused("M must be", N=2, M=-1)],
)  # fmt: skip


@operator("_npi_identity", types="-> {dtype}", kind="other", flops=0)
def identity(*, shape: Shape = (), ctx: str = "", dtype: torch.dtype = torch.float32, device: Device) -> Tensor:
    """Return an identity matrix.

    Parameters
    ----------
    shape : tuple of int
        The number of rows, twice.
    ctx, dtype
        As in `zeros`.
    """
    if len(shape) != 2 or shape[0] != shape[1]:
        raise MXNetError(f"_npi_identity: shape must be two equal lengths; received {shape}; use np.eye")
    return torch.eye(*_check("_npi_identity", shape), dtype=dtype, device=device)


cases(
    "_npi_identity",
    samples=lambda: [
        sample(shape=(3, 3), gradient=False), sample(shape=(0, 0), gradient=False),
        sample(shape=(2, 2), dtype="int32", gradient=False),
    ],
    refusals=lambda: [refused("two equal lengths"), refused("two equal lengths", shape=(2, 3))],
)  # fmt: skip


@operator("_npi_indices", types="-> {dtype}", kind="other", flops=0)
def indices(*, dimensions: Shape, dtype: torch.dtype = torch.int32, ctx: str = "", device: Device) -> Tensor:
    """Return the indices of all elements of an array: for each axis an array of that shape.

    Parameters
    ----------
    dimensions : tuple of int
        The shape of the array.
    dtype : str
        The type.
    ctx : Context or str
        The context.
    """
    shape = _check("_npi_indices", dimensions)
    rows = [
        torch.arange(length, device=device).reshape([-1] + [1] * (len(shape) - axis - 1)).expand(shape)
        for axis, length in enumerate(shape)
    ]
    return torch.stack(rows).to(dtype) if rows else torch.zeros(0, dtype=dtype, device=device)


cases(
    "_npi_indices",
    samples=lambda: [
        sample(dimensions=(2, 3), gradient=False), sample(dimensions=(2,), dtype="float32", gradient=False),
        sample(dimensions=(0, 3), gradient=False),
        sample(dimensions=(), gradient=False),
    ],
    refusals=lambda: [refused("at least 0", dimensions=(-1,))],
)  # fmt: skip
