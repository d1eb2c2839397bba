"""Numbers in the place of others, element-wise, as in ``mx.np``: rounded ones, and those for NaN and infinity."""

from __future__ import annotations

import torch
from torch import Tensor

from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from .reductions import numbers_only


def _rounded_integers(x: Tensor, decimals: int) -> Tensor:
    """Round to a multiple of a power of ten; halves go to the even multiple."""
    step: int = 10**-decimals
    if step > 10**18:  # more than any integer
        return torch.zeros_like(x)
    whole = x.long()
    below = torch.div(whole, step, rounding_mode="floor")
    rest = whole - below * step
    up = (2 * rest > step) | ((2 * rest == step) & (below % 2 == 1))
    return ((below + up.long()) * step).to(x.dtype)


@operator("_npi_around", elementwise=True)
def around(x: Tensor, *, decimals: int = 0) -> Tensor:
    """Round to a number of decimals; halves go to the even neighbor.

    Differs from MXNet: integers are rounded to tens and hundreds, too, where MXNet cuts them off.

    Parameters
    ----------
    x : NDArray
        Numbers.
    decimals : int, default 0
        How many; a negative one counts from the decimal point to the left.
    """
    numbers = numbers_only("_npi_around", x).detach()
    if x.is_floating_point():
        return without_gradient(torch.round(numbers, decimals=decimals), x)
    return without_gradient(numbers.clone() if decimals >= 0 else _rounded_integers(numbers, decimals), x)


cases(
    "_npi_around",
    samples=lambda: [
        sample(exactly(0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 1e9), derivative=False),
        sample((2, 3), decimals=2, derivative=False),
        sample(Input((2, 3), low=-999, high=999), decimals=-1, derivative=False),
        sample(Input((2, 3), "float64"), decimals=3, derivative=False),
        sample(Input((2, 3), "int32", -9, 9), gradient=False),
        sample(Input((2, 3), "uint8", 0, 9), decimals=1, gradient=False),
        sample(exactly(14, 15, 25, -14, -15, -25, -26, dtype="int32"), decimals=-1, judge="numpy", gradient=False),
        sample(Input((2, 3), "float16"), decimals=1, judge="numpy", gradient=False),
        sample((), derivative=False),
    ],
    refusals=lambda: [refused("must be numbers", Input((2,), "bool")), refused("decimals must be", (2,), decimals=0.5)],
)


@operator("_npi_nan_to_num", names_inputs=True, elementwise=True)
def nan_to_num(
    data: Tensor,
    *,
    copy: bool = True,
    nan: float = 0.0,
    posinf: float | None = None,
    neginf: float | None = None,
) -> Tensor:
    """Return numbers in the place of NaN and infinity; they have no gradient.

    Parameters
    ----------
    data : NDArray
        Of any type; integers and bool stay as they are.
    copy : bool, default True
        Whether the public function leaves its array as it is; for graph files only.
    nan : float, default 0
        The number for NaN.
    posinf, neginf : float, optional
        The numbers for infinity and its negative; by default the largest and the least of the type.
    """
    if not data.is_floating_point():
        return data.clone()
    return torch.nan_to_num(data, nan=nan, posinf=posinf, neginf=neginf)


_SPECIAL = exactly(1.5, float("nan"), float("inf"), -float("inf"), 0)

cases(
    "_npi_nan_to_num",
    samples=lambda: [
        sample(_SPECIAL, derivative=False),
        sample(_SPECIAL, nan=1, posinf=5.5, neginf=-6, derivative=False),
        sample(Input((2, 3), "float64")),
        sample(exactly(1.5, float("nan"), float("inf"), dtype="float16"), derivative=False),
        sample(Input((2, 3), "int32", -9, 9), gradient=False),
        sample(exactly(1, 0, dtype="bool"), gradient=False),
        sample(()),
    ],
)
