"""Arithmetic, comparison and logic of two arrays, or of an array and a number.

Each function of two numbers is declared in the three forms that MXNet has: of arrays of one shape (``elemwise_add``),
of arrays that broadcast (``broadcast_add``) and of an array and a number (``_plus_scalar``). A comparison gives ones and
zeros in the type of its operands. The number is converted to the array's type before anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ...errors import MXNetError
from ..declare import operator
from ..samples import Input, refused, sample


def divide(lhs: Tensor, rhs: Tensor) -> Tensor:
    """Divide; integers drop the fraction, as in C, and give 0 for a division by 0."""
    if lhs.is_floating_point():
        return lhs / rhs
    return torch.where(rhs == 0, 0, torch.div(lhs, torch.where(rhs == 0, 1, rhs), rounding_mode="trunc"))


def modulo(lhs: Tensor, rhs: Tensor) -> Tensor:
    """Remainder with the sign of the divisor; 0 for the divisor 0."""
    safe = torch.where(rhs == 0, 1, rhs)
    return torch.where(rhs == 0, 0, torch.remainder(lhs, safe))


def power(lhs: Tensor, rhs: Tensor) -> Tensor:
    """Raise to a power; integers are raised as doubles and lose the fraction."""
    if lhs.is_floating_point():
        return torch.pow(lhs, rhs)
    return torch.pow(lhs.double(), rhs.double()).to(lhs.dtype)


def _comparison(compare: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda lhs, rhs: compare(lhs, rhs).to(lhs.dtype)


@dataclass(frozen=True)
class _Family:
    """One function of two numbers and the names of its forms; an empty name is a form that MXNet lacks."""

    function: Callable[[Tensor, Tensor], Tensor]
    summary: str
    elementwise: tuple[str, ...] = ()
    broadcast: tuple[str, ...] = ()
    scalar: tuple[str, ...] = ()
    reverse: tuple[str, ...] = ()
    gradient: bool = True
    low: float = -2.0


_FAMILIES = [
    _Family(
        torch.add, "lhs + rhs",
        ("elemwise_add", "_Plus", "_add", "_plus"), ("broadcast_add", "broadcast_plus"),
        ("_plus_scalar", "_PlusScalar"),
    ),
    _Family(
        torch.sub, "lhs - rhs",
        ("elemwise_sub", "_Minus", "_minus", "_sub"), ("broadcast_sub", "broadcast_minus"),
        ("_minus_scalar", "_MinusScalar"), ("_rminus_scalar", "_RMinusScalar"),
    ),
    _Family(
        torch.mul, "lhs * rhs",
        ("elemwise_mul", "_Mul", "_mul"), ("broadcast_mul",), ("_mul_scalar", "_MulScalar"),
    ),
    _Family(
        divide, "lhs / rhs",
        ("elemwise_div", "_Div", "_div"), ("broadcast_div",), ("_div_scalar", "_DivScalar"),
        ("_rdiv_scalar", "_RDivScalar"), low=0.5,
    ),
    _Family(
        modulo, "the remainder of lhs / rhs, with the sign of rhs",
        ("_mod", "_Mod"), ("broadcast_mod",), ("_mod_scalar", "_ModScalar"), ("_rmod_scalar", "_RModScalar"), low=0.5,
    ),
    _Family(
        power, "lhs to the power of rhs",
        ("_power", "_Power", "_pow"), ("broadcast_power",), ("_power_scalar", "_PowerScalar"),
        ("_rpower_scalar", "_RPowerScalar"), low=0.5,
    ),
    _Family(
        torch.maximum, "the larger of lhs and rhs",
        ("_maximum", "_Maximum"), ("broadcast_maximum",), ("_maximum_scalar", "_MaximumScalar"),
    ),
    _Family(
        torch.minimum, "the smaller of lhs and rhs",
        ("_minimum", "_Minimum"), ("broadcast_minimum",), ("_minimum_scalar", "_MinimumScalar"),
    ),
    _Family(
        torch.hypot, "the length of the hypotenuse over the legs lhs and rhs",
        ("_hypot", "_Hypot"), ("broadcast_hypot",), ("_hypot_scalar", "_HypotScalar"),
    ),
    *[
        _Family(
            _comparison(compare), f"1 where {condition}, else 0",
            (f"_{name}", f"_{camel}"), (f"broadcast_{name}",), (f"_{name}_scalar", f"_{camel}Scalar"), gradient=False,
        )
        for name, camel, compare, condition in [
            ("equal", "Equal", torch.eq, "lhs = rhs"),
            ("not_equal", "Not_Equal", torch.ne, "lhs differs from rhs"),
            ("greater", "Greater", torch.gt, "lhs > rhs"),
            ("greater_equal", "Greater_Equal", torch.ge, "lhs >= rhs"),
            ("lesser", "Lesser", torch.lt, "lhs < rhs"),
            ("lesser_equal", "Lesser_Equal", torch.le, "lhs <= rhs"),
            ("logical_and", "Logical_And", torch.logical_and, "both are not 0"),
            ("logical_or", "Logical_Or", torch.logical_or, "one of them is not 0"),
            ("logical_xor", "Logical_Xor", torch.logical_xor, "exactly one of them is not 0"),
        ]
    ],
]  # fmt: skip


def _same_type(name: str, lhs: Tensor, rhs: Tensor) -> None:
    if lhs.dtype is not rhs.dtype:
        raise MXNetError(
            f"{name}: lhs and rhs must have one type; received {lhs.dtype} and {rhs.dtype}; convert one with astype(...)"
        )


def _declare_elementwise(family: _Family) -> None:
    name, *aliases = family.elementwise
    compute = family.function

    @operator(
        name, aliases=aliases,
        samples=[sample(Input((2, 3), low=family.low), Input((2, 3), low=family.low), gradient=family.gradient)],
        refusals=[refused("one shape", (2, 3), (2, 1)), refused("one type", (2,), Input((2,), "float64"))],
    )  # fmt: skip
    def elementwise(lhs: Tensor, rhs: Tensor) -> Tensor:
        _same_type(name, lhs, rhs)
        if lhs.shape != rhs.shape:
            raise MXNetError(
                f"{name}: lhs and rhs must have one shape; received {tuple(lhs.shape)} and {tuple(rhs.shape)}; "
                "broadcast with the broadcast_ form"
            )
        return compute(lhs, rhs)

    elementwise.__doc__ = f"Return {family.summary}, for arrays of one shape."


def _declare_broadcast(family: _Family) -> None:
    name, *aliases = family.broadcast
    compute = family.function

    @operator(
        name, aliases=aliases,
        samples=[
            sample(Input((2, 3), low=family.low), Input((2, 3), low=family.low), gradient=family.gradient),
            sample(Input((2, 1, 3), low=family.low), Input((1, 4, 3), low=family.low), gradient=family.gradient),
            sample(Input((2, 3), "int32", 1, 9), Input((2, 1), "int32", 1, 9), gradient=False),
        ],
        refusals=[refused("broadcast", (2, 3), (3, 3)), refused("one type", (2,), Input((2,), "float64"))],
    )  # fmt: skip
    def broadcast(lhs: Tensor, rhs: Tensor) -> Tensor:
        if lhs.dtype is not rhs.dtype:
            _same_type(name, lhs, rhs)
        try:
            return compute(lhs, rhs)
        except RuntimeError as error:
            raise MXNetError(
                f"{name}: lhs and rhs must broadcast (each length equal, or one of them 1); "
                f"received {tuple(lhs.shape)} and {tuple(rhs.shape)}"
            ) from error

    broadcast.__doc__ = f"Return {family.summary}; axes of length 1 are stretched to fit."


def _as_type(data: Tensor, scalar: float) -> Tensor:
    """The number in the array's type, as an array without axes."""
    if data.dtype is torch.bool:
        return torch.tensor(bool(scalar), device=data.device)
    return torch.tensor(scalar, dtype=torch.float64).to(data.device, data.dtype)


def _declare_scalar(family: _Family, names: tuple[str, ...], reverse: bool) -> None:
    name, *aliases = names
    compute = family.function

    @operator(
        name, aliases=aliases,
        samples=[
            sample(Input((2, 3), low=family.low), scalar=1.5, gradient=family.gradient),
            sample(Input((4,), "int32", 1, 9), scalar=2.7, gradient=False),
        ],
    )  # fmt: skip
    def with_scalar(data: Tensor, *, scalar: float = 1.0, is_int: bool = True) -> Tensor:
        number = _as_type(data, scalar)
        return compute(number, data) if reverse else compute(data, number)

    order = "lhs is the number `scalar`, rhs" if reverse else "rhs is the number `scalar`, lhs"
    with_scalar.__doc__ = (
        f"Return {family.summary}, where {order} the array.\n\n"
        "`is_int` says how MXNet stores the number; the array's type decides here."
    )


for _family in _FAMILIES:
    _declare_elementwise(_family)
    _declare_broadcast(_family)
    _declare_scalar(_family, _family.scalar, reverse=False)
    if _family.reverse:
        _declare_scalar(_family, _family.reverse, reverse=True)
