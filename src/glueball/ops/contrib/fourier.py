"""Fourier transforms of rows: fft, ifft. A complex number is two neighbors, its real and its imaginary part.

MXNet has both for GPUs alone.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..checks import check_float
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample

_HALF = (torch.float16, torch.bfloat16)


def _check(owner: str, data: Tensor) -> Tensor:
    """Return the data in a type that torch can transform."""
    check_float(owner, data)
    if data.dim() not in (2, 4):
        raise MXNetError(f"{owner}: data must have 2 or 4 axes; received shape {tuple(data.shape)}")
    return data.float() if data.dtype in _HALF else data


def _flops(call: Call) -> int:
    # By definition, without the algorithm that saves operations: n products of complex numbers for each of n.
    *rows, length = call.inputs["data"]
    count = length
    for each in rows:
        count *= each
    return 4 * count * length


@operator("_contrib_fft", from_partial="nothing", kind="other", flops=_flops, precision="single")
def fft(data: Tensor, *, compute_size: int = 128) -> Tensor:
    """Transform rows of real numbers: X_k is the sum of x_n exp(-2 pi i k n / d).

    Parameters
    ----------
    data : NDArray
        (N, d) or (N, C, H, d).
    compute_size
        Not used: how many rows MXNet transforms at once.

    Returns
    -------
    NDArray
        The same with a last axis of 2 d: real and imaginary parts in turn.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.contrib.fft(nd.array([[1, 2]])).asnumpy().tolist()
    [[3.0, 0.0, -1.0, 0.0]]
    """
    found = torch.view_as_real(torch.fft.fft(_check("_contrib_fft", data)))
    return found.flatten(-2).to(data.dtype)


cases(
    "_contrib_fft",
    samples=lambda: [
        sample((2, 5), judge="numpy"),
        sample((1, 2, 3, 4), judge="numpy"),
        sample(Input((2, 4), "float64"), judge="numpy"),
    ],
    refusals=lambda: [
        refused("2 or 4 axes", (2, 3, 4)),
        refused("floating-point", Input((2, 4), "int32")),
    ],
)


@operator("_contrib_ifft", from_partial="nothing", kind="other", flops=_flops)
def ifft(data: Tensor, *, compute_size: int = 128) -> Tensor:
    """Transform rows of complex numbers back: x_n is the sum of X_k exp(2 pi i k n / d), not divided by d.

    Parameters
    ----------
    data : NDArray
        (N, 2 d) or (N, C, H, 2 d): real and imaginary parts in turn, as `fft` returns them.
    compute_size
        Not used: how many rows MXNet transforms at once.

    Returns
    -------
    NDArray
        The real parts, with a last axis of d: d times what `fft` was given.
    """
    numbers = _check("_contrib_ifft", data)
    if data.shape[-1] % 2:
        raise MXNetError(
            f"_contrib_ifft: the last axis of data must hold pairs of numbers; received shape {tuple(data.shape)}"
        )
    pairs = numbers.unflatten(-1, (-1, 2)).contiguous()
    back: Tensor = torch.fft.ifft(torch.view_as_complex(pairs), norm="forward").real
    return back.to(data.dtype, copy=True)


cases(
    "_contrib_ifft",
    samples=lambda: [
        sample((2, 10), judge="numpy"),
        sample((1, 2, 3, 4), judge="numpy"),
        sample(Input((2, 8), "float64"), judge="numpy"),
    ],
    refusals=lambda: [
        refused("2 or 4 axes", (2, 3, 4)),
        refused("pairs of numbers", (2, 3)),
        refused("floating-point", Input((2, 4), "int32")),
    ],
)
