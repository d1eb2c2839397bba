"""Functions of two arrays, or of an array and a number, as ``mx.np`` has them.

Two arrays broadcast, and their types may differ. A number takes the type of the array: an array of integers drops the
fraction of the number, and an array of bool counts as int64; in a quotient integers are float32.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import Input, Refused, Sample, exactly, refused, sample
from ..shape_rule import broadcast_shape, partly_broadcast
from ..tensor import binary_functions as functions
from ..tensor.binary import of_integers
from .promotion import OfTwo, alike

Compute = Callable[[Any, Any], Tensor]


@dataclass(frozen=True)
class _Family:
    """One function of two numbers.

    Attributes
    ----------
    name
        What follows ``_npi_`` in the name of its operator.
    compute
        The function of two tensors of one type, or of a tensor and a number.
    summary
        What it returns.
    result
        The type of the result: that of the operands, or, for integers, float32 in a quotient; or bool.
    takes
        Which numbers it takes.
    scalar, reverse
        Whether the operators of an array and a number, and of a number and an array, are declared here.
    low
        The least operand of samples.
    """

    name: str
    compute: Compute
    summary: str
    result: Literal["common", "quotient", "bool"] = "common"
    takes: Literal["all", "numbers", "floats", "integers"] = "all"
    scalar: bool = True
    reverse: bool = False
    low: float = -2.0


def _divide(lhs: Any, rhs: Any) -> Tensor:
    tensors = [converted(each, torch.float32) if _is_whole(each) else each for each in (lhs, rhs)]
    return functions.divide(*tensors)


def _is_whole(operand: Any) -> bool:
    return isinstance(operand, Tensor) and not operand.is_floating_point()


def _compare(compare: Callable[[Any, Any], Tensor]) -> Compute:
    def function(lhs: Any, rhs: Any) -> Tensor:
        return without_gradient(compare(lhs, rhs), *[each for each in (lhs, rhs) if isinstance(each, Tensor)])

    return function


def _either(operands: tuple[Any, Any], kind: torch.dtype) -> list[Tensor]:
    like = next(each for each in operands if isinstance(each, Tensor))
    return [
        each if isinstance(each, Tensor) else torch.tensor(each, dtype=kind, device=like.device) for each in operands
    ]


def _of_tensors(compute: Callable[[Tensor, Tensor], Tensor], gradient: bool = True) -> Compute:
    """Make a function of two tensors take a number, too."""

    def function(lhs: Any, rhs: Any) -> Tensor:
        kind = (lhs if isinstance(lhs, Tensor) else rhs).dtype
        pair = _either((lhs, rhs), kind)
        return compute(*pair) if gradient else without_gradient(compute(*[each.detach() for each in pair]), *pair)

    return function


def _ldexp(lhs: Tensor, rhs: Tensor) -> Tensor:
    if lhs.is_floating_point():
        return lhs * torch.exp2(rhs)
    return converted(lhs.double() * torch.exp2(rhs.double()), lhs.dtype)


def _copysign(lhs: Tensor, rhs: Tensor) -> Tensor:
    if lhs.is_floating_point():
        return torch.copysign(lhs, rhs)
    return torch.where(rhs < 0, -lhs.abs(), lhs.abs())


_FAMILIES = [
    _Family("add", torch.add, "x1 + x2"),
    _Family("subtract", torch.sub, "x1 - x2", takes="numbers", reverse=True),
    _Family("multiply", torch.mul, "x1 * x2"),
    _Family("true_divide", _divide, "x1 / x2", result="quotient", reverse=True, low=0.5),
    _Family("mod", functions.modulo, "the remainder of x1 / x2, which has the sign of x2 and is 0 for the divisor 0",
            takes="numbers", reverse=True, low=0.5),
    _Family("power", functions.power, "x1 to the power of x2", reverse=True, low=0.5),
    _Family("copysign", _of_tensors(_copysign), "x1 with the sign of x2", reverse=True, takes="numbers"),
    _Family("arctan2", _of_tensors(torch.atan2), "the angle in radians of the point (x2, x1)", takes="floats",
            reverse=True, low=0.5),
    _Family("hypot", _of_tensors(functions.hypot), "the length of the hypotenuse for the legs x1 and x2",
            takes="floats", scalar=False),
    _Family("lcm", _of_tensors(torch.lcm, gradient=False), "the lowest common multiple of x1 and x2", takes="integers"),
    _Family("ldexp", _of_tensors(_ldexp), "x1 * 2 ** x2", reverse=True),
    *[
        _Family(f"bitwise_{word}", _of_tensors(compute, gradient=False), f"the bits of x1 {word} x2", takes="integers")
        for word, compute in [("and", torch.bitwise_and), ("or", torch.bitwise_or), ("xor", torch.bitwise_xor)]
    ],
    *[
        _Family(name, _compare(compare), f"whether x1 {sign} x2", result="bool")
        for name, compare, sign in [
            ("equal", torch.eq, "="), ("not_equal", torch.ne, "differs from"), ("greater", torch.gt, ">"),
            ("greater_equal", torch.ge, ">="), ("less", torch.lt, "<"), ("less_equal", torch.le, "<="),
        ]
    ],
]  # fmt: skip

_TWO_ARRAYS = """Return {summary}, element-wise, of two arrays that broadcast.

Parameters
----------
{operands} : NDArray
    The operands, x1 and x2.
"""

_WITH_SCALAR = """Return {summary}, element-wise, where {scalar} is a number.

Parameters
----------
data : NDArray
    The other operand.
scalar : float
    The number.
is_int : bool
    Whether it was an int; for graph files only.
"""


def _check(name: str, takes: str, kind: torch.dtype) -> None:
    fits = {
        "numbers": kind is not torch.bool,
        "floats": kind.is_floating_point,
        "integers": not kind.is_floating_point,
    }.get(takes, True)
    if not fits:
        raise MXNetError(f"{name}: the operands must be {takes}; received {type_name(kind)}; convert with astype(...)")


def _declare_arrays(family: _Family) -> None:
    name, compute, takes = f"_npi_{family.name}", family.compute, family.takes
    names = ("x1", "x2") if family.takes == "floats" else ("lhs", "rhs")

    @operator(
        name,
        from_partial=partly_broadcast,
        infer_outputs=broadcast_shape,
        kind="join",
        flops=1,
        types=lambda attributes: OfTwo(family.result),
        precision="widest",
        input_names=names,
    )
    def arrays(lhs: Tensor, rhs: Tensor) -> Tensor:
        if lhs.dtype is not rhs.dtype:
            lhs, rhs = alike(lhs, rhs)
        if takes != "all":
            _check(name, takes, lhs.dtype)
        try:
            return compute(lhs, rhs)
        except RuntimeError as error:
            raise MXNetError(
                f"{name}: x1 and x2 must broadcast (each length equal, or one of them 1); "
                f"received {tuple(lhs.shape)} and {tuple(rhs.shape)}"
            ) from error

    arrays.__name__ = name
    arrays.__doc__ = _TWO_ARRAYS.format(summary=family.summary, operands=", ".join(names))
    cases(
        name,
        samples=lambda: _samples(family),
        refusals=lambda: [refused("broadcast", *_shapes(family, (2, 3), (3, 3))), *_refusals(family)],
    )


def _shapes(family: _Family, *shapes: tuple[int, ...]) -> list[Input]:
    kind = "int32" if family.takes == "integers" else "float32"
    low = 1 if family.takes == "integers" else family.low
    return [Input(shape, kind, low=low, high=9 if family.takes == "integers" else 2.0) for shape in shapes]


#: Those that MXNet, too, computes of arrays of different types.
_OF_DIFFERENT_TYPES = ("add", "subtract", "multiply", "true_divide", "mod", "power")


def _samples(family: _Family) -> list[Sample]:
    differentiable = family.result != "bool" and family.takes != "integers"
    made = [
        sample(*_shapes(family, (2, 3), (2, 3)), gradient=differentiable),
        sample(*_shapes(family, (2, 1, 3), (4, 3)), gradient=differentiable),
        sample(*_shapes(family, (0, 3), (3,)), gradient=False),
    ]
    if family.takes in ("all", "numbers"):
        made.append(sample(exactly(-7, -2, 1, 3, dtype="int32"), exactly(2, 3, 1, -1, dtype="int32"), gradient=False))
    if family.name in _OF_DIFFERENT_TYPES:
        made.append(sample(Input((2,), "int32", 1, 4), Input((2,), "float32", 1, 2), gradient=False))
        if family.result != "quotient":  # MXNet divides no fractions of different types
            made.append(sample(Input((2,), "float16", 1, 2), Input((2,), "float32", 1, 2), gradient=False, rtol=1e-3))
    return made


def _declare_scalar(family: _Family, reverse: bool) -> None:
    name, compute = f"_npi_{'r' if reverse else ''}{family.name}_scalar", family.compute
    compares, takes = family.result == "bool", family.takes
    counted = "T -> T" if takes == "integers" else "T -> T#"

    @operator(
        name,
        elementwise=True,
        names_inputs=compares or None,
        types={"common": counted, "quotient": "T -> T/", "bool": "T -> bool"}[family.result],
        precision="any",
    )
    def with_scalar(data: Tensor, *, scalar: float = 1.0, is_int: bool = True) -> Tensor:
        if takes != "all" and data.dtype is not torch.bool:
            _check(name, takes, data.dtype)
        if not data.is_floating_point():
            if compares and scalar % 1:
                return compute(data.double(), scalar)
            if family.result == "quotient":
                data = converted(data, torch.float32)
            elif takes != "integers" or data.dtype is not torch.bool:
                data, scalar = of_integers(name, data, scalar, True)
            else:
                scalar = bool(scalar)
        return compute(scalar, data) if reverse else compute(data, scalar)

    with_scalar.__name__ = name
    with_scalar.__doc__ = _WITH_SCALAR.format(summary=family.summary, scalar="x1" if reverse else "x2")
    cases(name, samples=lambda: _scalar_samples(family))


def _refusals(family: _Family) -> list[Refused]:
    kind = {"numbers": "bool", "floats": "int32", "integers": "float32"}.get(family.takes)
    return [refused(f"must be {family.takes}", Input((2,), kind, 0, 2), Input((2,), kind, 0, 2))] if kind else []


def _scalar_samples(family: _Family) -> list[Sample]:
    differentiable = family.result != "bool" and family.takes != "integers"
    # MXNet's gradients of these fail, or are not the derivative.
    judges: list[Literal["numpy", "mxnet"]] = (
        ["numpy", "mxnet"] if family.name in ("copysign", "arctan2") else ["mxnet"]
    )
    made = [
        sample(*_shapes(family, (2, 3)), gradient=differentiable and judge == judges[0], scalar=2.0, judge=judge)
        for judge in judges
    ]
    if family.takes != "integers":
        recorded = differentiable and len(judges) == 1
        made.append(sample(*_shapes(family, (2, 3)), gradient=recorded, derivative=False, scalar=1.5, is_int=False))
    if family.takes != "floats":
        made.append(sample(exactly(1, 2, 7, dtype="int32"), gradient=False, scalar=2.0))
    return made


for _family in _FAMILIES:
    _declare_arrays(_family)
    if _family.scalar:
        _declare_scalar(_family, reverse=False)
    if _family.reverse:
        _declare_scalar(_family, reverse=True)
