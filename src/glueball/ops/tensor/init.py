"""Operators that make an array without inputs: zeros, ones, a constant, a range, an identity matrix."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.numpy_mode import numpy_mode
from ..attrs import NonNegative, Positive, Shape
from ..declare import Device, cases, operator
from ..samples import refused, sample

_EMPTY = "shape must be one or more positive ints"


def _check(owner: str, shape: Shape | None) -> Shape:
    """Check a shape: MXNet's classic arrays are made with at least one axis and no empty ones."""
    if shape is not None and numpy_mode.shapes and min(shape, default=0) >= 0:
        return shape
    if not shape or min(shape) < 1:
        raise MXNetError(f"{owner}: {_EMPTY}; received {shape}")
    return shape


@operator("_zeros", types="-> {dtype}", kind="other", flops=0)
def zeros(*, shape: Shape = (), ctx: str = "", dtype: torch.dtype = torch.float32, device: Device) -> Tensor:
    """Make an array of zeros.

    Parameters
    ----------
    shape : int or tuple of int
        Its shape.
    ctx : Context, optional
        Where; by default the current context.
    dtype : str or numpy.dtype, default 'float32'
        Its type.
    """
    return torch.zeros(_check("_zeros", shape), dtype=dtype, device=device)


cases(
    "_zeros",
    samples=lambda: [sample(shape=(2, 3), gradient=False), sample(shape=(4,), dtype="int32", gradient=False)],
    refusals=lambda: [
        refused(_EMPTY),
        refused(_EMPTY, shape=(2, 0)),
        refused("dtype must be", shape=(2,), dtype="int31"),
    ],
)


@operator("_ones", types="-> {dtype}", kind="other", flops=0)
def ones(*, shape: Shape = (), ctx: str = "", dtype: torch.dtype = torch.float32, device: Device) -> Tensor:
    """Make an array of ones.

    Parameters
    ----------
    shape, ctx, dtype
        As in `zeros`.
    """
    return torch.ones(_check("_ones", shape), dtype=dtype, device=device)


cases(
    "_ones",
    samples=lambda: [sample(shape=(2, 3), gradient=False), sample(shape=(4,), dtype="float64", gradient=False)],
    refusals=lambda: [refused(_EMPTY), refused(_EMPTY, shape=(-1, 2))],
)


@operator("_full", aliases=["_npi_full"], types="-> {dtype}", kind="other", flops=0)
def full(
    *, shape: Shape | None = None, ctx: str = "", dtype: torch.dtype = torch.float32, value: float, device: Device
) -> Tensor:
    """Make an array in which each element is `value`.

    Parameters
    ----------
    shape, ctx, dtype
        As in `zeros`.
    value : float
        The number; its fraction is dropped for an integer type.
    """
    return torch.full(_check("_full", shape), value, dtype=torch.float64, device=device).to(dtype)


cases(
    "_full",
    samples=lambda: [
        sample(shape=(2, 3), value=2.5, gradient=False),
        sample(shape=(2,), value=-2.7, dtype="int32", gradient=False),
    ],
    refusals=lambda: [refused(_EMPTY, value=1), refused("value must be given", shape=(2,))],
)


@operator("_arange", types="-> {dtype}", kind="other", flops=0)
def arange(
    *,
    start: float,
    stop: float | None = None,
    step: float = 1.0,
    repeat: Positive = 1,
    infer_range: bool = False,
    ctx: str = "",
    dtype: torch.dtype = torch.float32,
    device: Device,
) -> Tensor:
    """Make an array of start, start + step, ... below `stop`, or above it for a negative step.

    Parameters
    ----------
    start, stop, step : float
        As in ``range``; with `stop` None, from 0 to `start`. For an integer type the fractions of `start` and `step`
        are dropped after the numbers have been counted.
    repeat : int, default 1
        How many times each number is repeated.
    infer_range : bool, default False
        In a graph, infer `stop` from the shape that the result must have. Not provided: `stop` must be given.
    ctx, dtype
        As in `zeros`.
    """
    if stop is None:
        if infer_range:
            raise MXNetError("_arange: stop must be given; received infer_range=True alone, which is not provided")
        start, stop = 0.0, start
    if step == 0:
        raise MXNetError("_arange: step must not be 0; received 0")
    steps = (stop - start) / step
    count = math.ceil(steps) if math.isfinite(steps) else 0
    if count < 1:
        raise MXNetError(f"_arange: stop must lie beyond start; received {start} to {stop} in steps of {step}")
    row = row_of_steps(start, step, count, dtype, device)
    return row if repeat == 1 else row.repeat_interleave(repeat)


def row_of_steps(start: float, step: float, count: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return `count` numbers from `start` on, whose fractions an integer type drops before they are added."""
    edges = torch.tensor([start, step], dtype=torch.float64, device=device).to(dtype)
    return torch.arange(count, device=device).to(dtype) * edges[1] + edges[0]


cases(
    "_arange",
    samples=lambda: [
        sample(start=0, stop=5, gradient=False),
        sample(start=3, gradient=False),
        sample(start=0, stop=30, step=0.1, gradient=False),
        sample(start=1, stop=2, step=0.25, repeat=2, gradient=False),
        sample(start=5, stop=0, step=-2, dtype="int32", gradient=False),
        sample(start=0.5, stop=10, step=1.5, dtype="int64", gradient=False),
    ],
    refusals=lambda: [
        refused("step must not be 0", start=0, stop=5, step=0),
        refused("stop must lie beyond start", start=5, stop=0),
        refused("repeat must be", start=0, stop=5, repeat=0),
        refused("stop must be given", start=5, infer_range=True),
    ],
)


@operator("_eye", types="-> {dtype}", kind="other", flops=0)
def eye(
    *,
    N: NonNegative,
    M: NonNegative = 0,
    k: int = 0,
    ctx: str = "",
    dtype: torch.dtype = torch.float32,
    device: Device,
) -> Tensor:
    """Make a matrix with ones on one diagonal and zeros elsewhere.

    Parameters
    ----------
    N, M : int
        Rows and columns; with M = 0 as many columns as rows.
    k : int, default 0
        The diagonal: above the main one when positive, below it when negative.
    ctx, dtype
        As in `zeros`.
    """
    rows = torch.arange(N, device=device).unsqueeze(1)
    columns = torch.arange(M or N, device=device)
    return (columns - rows == k).to(dtype)


cases(
    "_eye",
    samples=lambda: [
        sample(N=3, gradient=False),
        sample(N=3, M=4, k=1, gradient=False),
        sample(N=4, M=2, k=-1, dtype="int32", gradient=False),
    ],
    refusals=lambda: [refused("N must be", N=-1), refused("N must be given")],
)


@operator("_linspace", aliases=["_npi_linspace"], types="-> {dtype}", kind="other", flops=0)
def linspace(
    *,
    start: float,
    stop: float | None = None,
    num: NonNegative,
    endpoint: bool = True,
    ctx: str = "",
    dtype: torch.dtype = torch.float32,
    device: Device,
) -> Tensor:
    """Make an array of evenly spaced numbers.

    Parameters
    ----------
    start, stop : float
        The first number, and the end of the range.
    num : int
        The number of elements.
    endpoint : bool, default True
        Whether `stop` is the last of them; otherwise it would be the next.
    ctx, dtype
        As in `zeros`.
    """
    if stop is None:
        raise MXNetError("_linspace: stop must be given (a number); received nothing; pass stop=...")
    if not num and not numpy_mode.shapes:
        raise MXNetError("_linspace: num must be an int of at least 1; received 0; no classic array is empty")
    step = (stop - start) / max(num - 1 if endpoint else num, 1)
    return (torch.arange(num, dtype=torch.float64, device=device) * step + start).to(dtype)


cases(
    "_linspace",
    samples=lambda: [
        sample(start=0, stop=1, num=5, gradient=False),
        sample(start=0, stop=1, num=5, endpoint=False, gradient=False),
        sample(start=3, stop=-1, num=3, dtype="float64", gradient=False),
        sample(start=3, stop=1, num=4, dtype="int32", gradient=False),
        sample(start=2, stop=1, num=1, gradient=False),
    ],
    refusals=lambda: [
        refused("num must be an int of at least 1", start=0, stop=1, num=0),
        refused("stop must be given", start=0, num=3),
    ],
)
