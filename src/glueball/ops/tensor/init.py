"""Operators that make an array out of nothing: zeros, ones, a constant, a range, an identity matrix."""

from __future__ import annotations

import torch
from torch import Tensor

from ...errors import MXNetError
from ..attrs import NonNegative, Shape
from ..declare import Device, operator
from ..samples import refused, sample


@operator("_zeros", samples=[sample(shape=(2, 3), gradient=False), sample(shape=(4,), dtype="int32", gradient=False)])
def zeros(*, shape: Shape = (), ctx: str = "", dtype: torch.dtype = torch.float32, device: Device) -> Tensor:
    """Make an array of zeros on the device of `ctx`."""
    return torch.zeros(shape, dtype=dtype, device=device)


@operator("_ones", samples=[sample(shape=(2, 3), gradient=False), sample(shape=(4,), dtype="float64", gradient=False)])
def ones(*, shape: Shape = (), ctx: str = "", dtype: torch.dtype = torch.float32, device: Device) -> Tensor:
    """Make an array of ones on the device of `ctx`."""
    return torch.ones(shape, dtype=dtype, device=device)


@operator("_full", aliases=["_npi_full"], samples=[sample(shape=(2, 3), value=2.5, gradient=False)])
def full(
    *, shape: Shape = (), ctx: str = "", dtype: torch.dtype = torch.float32, value: float, device: Device
) -> Tensor:
    """Make an array in which each element is `value`."""
    return torch.full(shape, value, dtype=torch.float64, device=device).to(dtype)


@operator(
    "_arange",
    samples=[
        sample(start=0, stop=5, gradient=False),
        sample(start=1, stop=2, step=0.25, repeat=2, gradient=False),
        sample(start=5, stop=0, step=-2, dtype="int32", gradient=False),
    ],
    refusals=[refused("step must not be 0", start=0, stop=5, step=0)],
)
def arange(
    *,
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    repeat: int = 1,
    infer_range: bool = False,
    ctx: str = "",
    dtype: torch.dtype = torch.float32,
    device: Device,
) -> Tensor:
    """Make the row start, start + step, ... below `stop` (above it for a negative step), each number `repeat` times."""
    if step == 0:
        raise MXNetError("_arange: step must not be 0; received 0")
    if infer_range:
        raise MXNetError("_arange: infer_range=True is not provided; pass stop=...")
    if stop is None:
        start, stop = 0.0, start
    row = torch.arange(start, stop, step, dtype=torch.float64, device=device).to(dtype)
    return row if repeat == 1 else row.repeat_interleave(repeat)


@operator("_eye", samples=[sample(N=3, gradient=False), sample(N=3, M=4, k=1, gradient=False), sample(N=4, M=2, k=-1, gradient=False)])
def eye(
    *,
    N: NonNegative,
    M: NonNegative = 0,
    k: int = 0,
    ctx: str = "",
    dtype: torch.dtype = torch.float32,
    device: Device,
) -> Tensor:
    """Make an N x M matrix (M = 0: square) with ones on diagonal `k`."""
    rows = torch.arange(N, device=device).unsqueeze(1)
    columns = torch.arange(M or N, device=device)
    return (columns - rows == k).to(dtype)
