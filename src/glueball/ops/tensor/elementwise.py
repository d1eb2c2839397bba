"""Element-wise functions of one array that take attributes: clip, smooth_l1, hard_sigmoid, Cast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ...core.dtype import TORCH_TO_NAME
from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ..checks import check_float
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from ..sparse.elementwise import SAME, WHERE_ZERO_STAYS
from ..type_rule import MIXED

_ANY = Input((2, 3))


@operator(
    "clip",
    aliases=["_npi_clip", "_sparse_clip"],
    elementwise=True,
    method="clip",
    kind="activation",
    flops=2,  # a maximum and a minimum
    caption="{a_min:g} to {a_max:g}",
    precision="any",
    sparse=WHERE_ZERO_STAYS,
)
def clip(data: Tensor, *, a_min: float, a_max: float) -> Tensor:
    """Limit each element to the range from `a_min` to `a_max`.

    Parameters
    ----------
    data : NDArray
        Numbers of any type but bool.
    a_min, a_max : float
        The limits, without their fractions for integers. The gradient passes where the element is within or on them.

    Returns
    -------
    NDArray
        An array of the shape and type of `data`.
    """
    if data.dtype is torch.bool:
        raise MXNetError("clip: data must be numbers; received bool; convert it with astype('float32')")
    low, high = a_min, a_max
    if not data.is_floating_point():
        low, high = _as_integer(a_min, data.dtype), _as_integer(a_max, data.dtype)
    if low <= high:
        return torch.clamp(data, low, high)
    return torch.where(data > high, high, torch.clamp(data, min=low))  # what MXNet does with crossed limits


cases(
    "clip",
    samples=lambda: [
        sample(Input((3, 4)), a_min=-1.03, a_max=0.97),
        sample(exactly(-2, -1, -0.5, 1, 2), a_min=-1, a_max=1, derivative=False),
        sample(exactly(-3, 2, 5, dtype="int32"), a_min=-1.5, a_max=2.7, gradient=False),
        sample(exactly(-3, 2, 5), a_min=3, a_max=1, derivative=False),
    ],
    refusals=lambda: [
        refused("a_max must be given", (2,), a_min=0),
        refused("data must be numbers", Input((2,), "bool"), a_min=0, a_max=1),
    ],
)  # fmt: skip


def _as_integer(limit: float, dtype: torch.dtype) -> int:
    """Return the limit without its fraction; an infinite one becomes the type's own."""
    bounds = torch.iinfo(dtype)
    return int(min(max(limit, bounds.min), bounds.max))


@operator("smooth_l1", npx="smooth_l1", elementwise=True, precision="single")
def smooth_l1(data: Tensor, *, scalar: float = 1.0) -> Tensor:
    """Return (scalar * data)^2 / 2 where abs(data) is below 1 / scalar^2, else abs(data) - 1 / (2 scalar^2).

    Parameters
    ----------
    data : NDArray
        Differences of predictions and targets.
    scalar : float, default 1
        Determines where the parabola becomes a straight line.

    Returns
    -------
    NDArray
        An array of the shape and type of `data`.
    """
    if not data.is_floating_point():
        return converted(smooth_l1(data.double(), scalar=scalar), data.dtype)
    squared = scalar * scalar
    if squared == 0:
        return data * 0
    size = torch.abs(data)
    return torch.where(size < 1 / squared, 0.5 * squared * data * data, size - 0.5 / squared)


cases(
    "smooth_l1",
    samples=lambda: [
        sample(Input((3, 4))),
        sample(Input((3, 4)), scalar=0.7),
        sample(exactly(-1, -0.25, 0, 0.25), scalar=2, derivative=False),
        sample(exactly(-3, 0.2), scalar=0),
        sample(Input((5,), "int32", -4, 5), gradient=False),
    ],
)


@operator("hard_sigmoid", elementwise=True, kind="activation")
def hard_sigmoid(data: Tensor, *, alpha: float = 0.2, beta: float = 0.5) -> Tensor:
    """Return alpha * data + beta, limited to the range from 0 to 1.

    Parameters
    ----------
    data : NDArray
        Of a floating-point type.
    alpha : float, default 0.2
        The slope between the limits; at them it is 0.
    beta : float, default 0.5
        The value at 0.

    Returns
    -------
    NDArray
        An array of the shape and type of `data`.
    """
    check_float("hard_sigmoid", data)
    line = alpha * data + beta
    return torch.where((line > 0) & (line < 1), line, torch.clamp(line.detach(), 0, 1))


cases(
    "hard_sigmoid",
    samples=lambda: [
        sample(Input((3, 4), low=-4, high=4)),
        sample(exactly(-0.25, 0, 1.75, 3), alpha=0.5, beta=0.125, derivative=False),
    ],
    refusals=lambda: [refused("floating-point", Input((2,), "int32"))],
)


@operator(
    "Cast",
    npx="cast",
    elementwise=True,
    types="S -> {dtype}",
    aliases=["_npi_cast", "cast"],
    kind="shape",
    flops=0,
    caption=lambda attributes: TORCH_TO_NAME[attributes["dtype"]],
)
def cast(data: Tensor, *, dtype: torch.dtype) -> Tensor:
    """Convert to another type.

    A gradient flows through integers as if no fraction had been dropped. Differs from MXNet: not under a compiler, such
    as the engine 'inductor'.

    Parameters
    ----------
    data : NDArray
        Of any type.
    dtype : str or numpy.dtype
        One of MXNet's nine types. A float becomes an int by dropping its fraction.

    Returns
    -------
    NDArray
        An array of the shape of `data`.
    """
    return converted(data, dtype, copy=True)


cases(
    "Cast",
    samples=lambda: [
        sample(_ANY, dtype="float64"),
        sample(_ANY, dtype="float16", derivative=False),
        sample(exactly(-1.7, 1.7, 300), dtype="int32", gradient=False),
        sample(exactly(0, 0.2, -3), dtype="bool", gradient=False),
        sample(Input((4,), "bool"), dtype="float32", gradient=False),
    ],
    refusals=lambda: [refused("dtype must be one of", (2,), dtype="float8"), refused("dtype must be given", (2,))],
)  # fmt: skip


def _amp_types(attributes: Mapping[str, Any]) -> str:
    return f"T -> T:{TORCH_TO_NAME[attributes['dtype']]}"


@operator("amp_cast", elementwise=True, types=_amp_types, kind="shape", flops=0, precision=("any", "unlisted"))
def amp_cast(data: Tensor, *, dtype: torch.dtype) -> Tensor:
    """Convert float32, float16 and bfloat16, for mixed precision; arrays of other types keep theirs.

    Parameters
    ----------
    data : NDArray
        Of any type.
    dtype : str or numpy.dtype
        The type to convert to.

    Returns
    -------
    NDArray
        An array of the shape of `data`.
    """
    return converted(data, dtype if data.dtype in MIXED else data.dtype, copy=True)


cases(
    "amp_cast",
    samples=lambda: [
        sample(_ANY, dtype="float16", derivative=False),
        sample(Input((3,), "float16"), dtype="float32", derivative=False),
        sample(Input((3,), "int32", 0, 9), dtype="float16", gradient=False),
        sample(Input((3,), "float16"), dtype="int32", gradient=False),
    ],
)


@operator(
    "_copy", elementwise=True, aliases=["identity"], may_alias=True, hands_on=True, kind="shape", flops=0, sparse=SAME
)
def identity(data: Tensor) -> Tensor:
    """Return a copy.

    Parameters
    ----------
    data : NDArray
        Of any type.

    Returns
    -------
    NDArray
        An array of the shape and type of `data`.
    """
    return data


cases("_copy", samples=lambda: [sample(_ANY), sample(Input((3,), "bool"), gradient=False)])
