"""Rows of numbers without inputs, as ``mx.np`` has them: ranges, powers in even steps, and windows."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import NonNegative, Positive
from ..declare import Device, cases, operator
from ..samples import refused, sample
from ..tensor.init import row_of_steps


@operator("_npi_arange", types="-> {dtype}", kind="other", flops=0)
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
    """Return start, start + step, ... below `stop`, or above it for a negative step; possibly nothing.

    Parameters
    ----------
    start, stop, step : float
        As in ``range``; with `stop` None, from 0 to `start`. For an integer type the fractions of `start` and `step`
        are dropped after the numbers have been counted.
    repeat : int, default 1
        Must be 1.
    infer_range : bool, default False
        Not used, as in MXNet: the range is always known.
    ctx : Context or str
        The context.
    dtype : str
        The type.
    """
    if repeat != 1:
        raise MXNetError(f"_npi_arange: repeat must be 1; received {repeat}; use np.repeat")
    if stop is None:
        start, stop = 0.0, start
    if step == 0 or not all(map(math.isfinite, (start, stop, step))):
        raise MXNetError(
            f"_npi_arange: start, stop and step must be finite, and step not 0; received {start}, {stop} and {step}"
        )
    count = max(math.ceil((stop - start) / step), 0)
    return row_of_steps(start, step, count, dtype, device)


cases(
    "_npi_arange",
    samples=lambda: [
        sample(start=3, gradient=False), sample(start=1, stop=3, step=0.5, gradient=False),
        sample(start=5, stop=0, step=-2, dtype="int32", gradient=False),
        sample(start=0, gradient=False), sample(start=3, stop=1, gradient=False),
        sample(start=0.5, stop=4, step=1.5, dtype="int64", gradient=False),
    ],
    refusals=lambda: [
        refused("step not 0", start=0, stop=3, step=0), refused("repeat must be 1", start=3, repeat=2),
        refused("finite", start="nan"),
    ],
)  # fmt: skip


@operator("_npi_logspace", types="-> {dtype}", kind="other", flops=0)
def logspace(
    *,
    start: float,
    stop: float,
    num: NonNegative,
    endpoint: bool = True,
    base: float = 10.0,
    ctx: str = "",
    dtype: torch.dtype = torch.float32,
    device: Device,
) -> Tensor:
    """Return powers whose exponents are evenly spaced.

    Parameters
    ----------
    start, stop : float
        The first exponent, and the end of their range.
    num : int
        The number of elements.
    endpoint : bool, default True
        Whether `stop` is the last exponent; otherwise it would be the next.
    base : float, default 10
        The base.
    ctx, dtype
        As in `arange`.
    """
    step = (stop - start) / max(num - 1 if endpoint else num, 1)
    exponents = torch.arange(num, dtype=torch.float64, device=device) * step + start
    return torch.pow(torch.tensor(base, dtype=torch.float64, device=device), exponents).to(dtype)


cases(
    "_npi_logspace",
    samples=lambda: [
        sample(start=0, stop=1, num=5, gradient=False),
        sample(start=0, stop=2, num=4, endpoint=False, base=2, gradient=False),
        sample(start=0, stop=2, num=3, dtype="int32", gradient=False),
        sample(start=0, stop=1, num=0, gradient=False), sample(start=1, stop=2, num=1, gradient=False),
    ],
    refusals=lambda: [refused("num must be", start=0, stop=1, num=-1)],
)  # fmt: skip


def _cosines(count: int, weights: list[float], dtype: torch.dtype, device: torch.device) -> Tensor:
    """Return a sum of cosines, of 0, 1, ... periods over `count` elements."""
    if count <= 1:
        return torch.ones(max(count, 0), dtype=dtype, device=device)
    angles = torch.arange(count, dtype=torch.float64, device=device) * (2 * math.pi / (count - 1))
    window = torch.zeros_like(angles)
    for periods, weight in enumerate(weights):
        window = window + weight * torch.cos(periods * angles)
    return window.to(dtype)


_WINDOWS = {"blackman": [0.42, -0.5, 0.08], "hamming": [0.54, -0.46], "hanning": [0.5, -0.5]}


def _add_window(name: str, weights: list[float]) -> None:
    def window(*, M: int | None = None, ctx: str = "", dtype: torch.dtype = torch.float32, device: Device) -> Tensor:
        """Return a window that begins and ends near 0.

        Parameters
        ----------
        M : int
            The number of elements; below 1 there are none.
        ctx, dtype
            As in `arange`.
        """
        if M is None:
            raise MXNetError(f"_npi_{name}: M must be given (an int); received nothing")
        return _cosines(M, weights, dtype, device)

    operator(f"_npi_{name}", types="-> {dtype}", kind="other", flops=0)(window)
    cases(
        f"_npi_{name}",
        samples=lambda: [
            sample(M=5, gradient=False), sample(M=6, dtype="float64", gradient=False, rtol=1e-6),
            sample(M=1, gradient=False),
            sample(M=0, gradient=False), sample(M=-1, gradient=False),
            sample(M=5, dtype="float16", gradient=False),
        ],
        refusals=lambda: [refused("M must be given"), refused("M must be", M=2.5)],
    )  # fmt: skip


for _name, _weights in _WINDOWS.items():
    _add_window(_name, _weights)
