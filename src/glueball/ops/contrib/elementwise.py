"""Element-wise functions of one array, some with a custom gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ...core.integer_tape import converted
from ...core.torch_function import TensorFunction
from ..checks import check_float
from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from ..sparse.elementwise import ON_VALUES, WHERE_ZERO_STAYS

_ANY = Input((2, 3))


class _Passing(TensorFunction):
    """Passes a result through. Its backward multiplies the incoming gradient by a number."""

    @staticmethod
    def forward(ctx: Any, data: Tensor, result: Tensor, factor: float) -> Tensor:
        ctx.factor = factor
        return result.clone()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        return gradient * ctx.factor, None, None


@operator("_contrib_gradientmultiplier", elementwise=True, sparse=ON_VALUES)
def gradient_multiplier(data: Tensor, *, scalar: float = 1.0, is_int: bool = True) -> Tensor:
    """Return the data unchanged, and multiply its gradient by a number; a negative one reverses it.

    Parameters
    ----------
    data : NDArray
        Of any type.
    scalar : float, default 1
        The number.
    is_int
        Not used: the result has the type of the data.
    """
    return _Passing.apply(data, data.detach(), scalar)


cases("_contrib_gradientmultiplier", samples=lambda: [sample(_ANY, scalar=-3, derivative=False), sample(_ANY)])


def _declare_straight_through(name: str, function: Callable[[Tensor], Tensor], summary: str) -> None:
    @operator(
        name, aliases=[f"_sparse_{name}"], gradient_names=(), elementwise=True, precision="unlisted", sparse=ON_VALUES
    )
    def straight_through(data: Tensor) -> Tensor:
        return _Passing.apply(data, function(data.detach()), 1.0)

    cases(
        name,
        samples=lambda: [sample(_ANY, derivative=False), sample(exactly(-1.5, -0.5, 0, 0.5, 2.5), derivative=False)],
    )

    straight_through.__name__ = name
    straight_through.__doc__ = f"""Return {summary}, with the gradient of the data itself.

    Parameters
    ----------
    data : NDArray
        Of a floating-point type.
    """


def _round_away(data: Tensor) -> Tensor:
    """Round halves away from 0, where torch rounds them to even."""
    return torch.sign(data) * torch.floor(data.abs() + 0.5)


_declare_straight_through("_contrib_round_ste", _round_away, "the nearest integers")
_declare_straight_through("_contrib_sign_ste", torch.sign, "-1, 0 or 1, the sign of each number")


@operator("_contrib_quadratic", names_inputs=True, elementwise=True, sparse=WHERE_ZERO_STAYS)
def quadratic(data: Tensor, *, a: float = 0.0, b: float = 0.0, c: float = 0.0) -> Tensor:
    """Return a data^2 + b data + c.

    Parameters
    ----------
    data : NDArray
        Of any type; of integers the result loses its fraction.
    a, b, c : float, default 0
        The coefficients.
    """
    numbers = data if data.is_floating_point() else data.double()
    return converted(a * numbers * numbers + b * numbers + c, data.dtype)


cases(
    "_contrib_quadratic",
    samples=lambda: [
        sample(_ANY, a=1, b=2, c=3),
        sample(_ANY),
        sample(Input((3,), "float64"), a=0.5, c=1),
        sample(exactly(1, 2, 5, dtype="int32"), a=1.5, b=1, c=0.5, gradient=False),
    ],
)


@operator("_contrib_div_sqrt_dim", elementwise=True)
def div_sqrt_dim(data: Tensor) -> Tensor:
    """Divide by the square root of the length of the last axis, as attention does.

    Parameters
    ----------
    data : NDArray
        Of a floating-point type.
    """
    check_float("_contrib_div_sqrt_dim", data)
    root: float = data.shape[-1] ** 0.5
    return data / root


cases(
    "_contrib_div_sqrt_dim",
    samples=lambda: [sample((2, 3)), sample((4, 2, 5)), sample(Input((2, 3), "float64"))],
    refusals=lambda: [refused("floating-point", Input((2, 3), "int32"))],
)
