"""Arithmetic, comparison and logic of two arrays, or of an array and a number.

Each function of two numbers is declared in the forms that MXNet has: of arrays of the same shape (``elemwise_add``), of
arrays that broadcast (``broadcast_add``) and of an array and a number (``_plus_scalar``). A comparison gives ones and
zeros in the type of its operands.

The number is converted by MXNet's rule. A floating-point array keeps its type. An array of integers keeps its type
and the number loses its fraction, unless ``is_int=False`` asks for doubles. An array of bool is treated as int64.
Differs from MXNet: a comparison with a fraction is made with the fraction, so that no int32 is less than 0.001 but
those below 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ..captions import TIMES
from ..declare import cases, operator
from ..facts import MOST, Precision
from ..samples import Input, Sample, exactly, refused, sample
from ..shape_rule import broadcast_shape, partly_broadcast
from ..sparse import elementwise as rules
from ..sparse.rule import Sparse
from . import binary_functions as functions


@dataclass(frozen=True)
class _Family:
    """One function of two numbers, and the names of its forms.

    Operands of samples are at least `low`; `ties` adds a sample of equal operands. A drawing shows `sign` before
    the number. `masks` is the fact of that name; it is 'always' for comparisons and logic. `single` says which forms
    mixed precision computes in float32, `precision` what it does with the form that broadcasts otherwise, and
    `output_names` is the fact of that name for the form of arrays of one shape. `sparse` has the fact of that name
    for the three forms.
    """

    function: Callable[[functions.Operand, functions.Operand], Tensor]
    summary: str
    elementwise: tuple[str, ...]
    broadcast: tuple[str, ...]
    scalar: tuple[str, ...]
    reverse: tuple[str, ...] = ()
    low: float = -2.0
    ties: bool = False
    sign: str = ""
    masks: str = "never"
    single: Literal["none", "reverse", "all"] = "none"
    precision: Precision | tuple[Precision, Precision] = "widest"
    output_names: tuple[str, ...] = ()
    sparse: tuple[Sparse | None, Sparse | None, Sparse | None] = (None, None, None)


_IN_PARTS = ("in0_backward", "in1_backward")  # gradients of zero, an operator for each

_FAMILIES = [
    _Family(
        torch.add, "lhs + rhs",
        ("elemwise_add", "_Plus", "_add", "_plus", "_sparse_elemwise_add"),
        ("broadcast_add", "broadcast_plus", "_sparse_broadcast_add", "_sparse_broadcast_plus"),
        ("_plus_scalar", "_PlusScalar"), sign="+", output_names=("output",),
        sparse=(rules.ADD, rules.BROADCAST_SUM, rules.UNLESS_SHIFTED),
    ),
    _Family(
        torch.sub, "lhs - rhs",
        ("elemwise_sub", "_Minus", "_minus", "_sub", "_sparse_elemwise_sub"),
        ("broadcast_sub", "broadcast_minus", "_sparse_broadcast_sub", "_sparse_broadcast_minus"),
        ("_minus_scalar", "_MinusScalar"), ("_rminus_scalar", "_RMinusScalar"), sign="-",
        sparse=(rules.SUBTRACT, rules.BROADCAST_SUM, rules.UNLESS_SHIFTED),
    ),
    _Family(
        torch.mul, "lhs * rhs",
        ("elemwise_mul", "_Mul", "_mul", "_sparse_elemwise_mul"), ("broadcast_mul", "_sparse_broadcast_mul"),
        ("_mul_scalar", "_MulScalar"), sign=TIMES,
        masks="of masks", precision=("widest", "single"),
        sparse=(rules.MULTIPLY, rules.BROADCAST_PRODUCT, rules.SCALED),
    ),
    _Family(
        functions.divide, "lhs / rhs; integers drop the fraction and give 0 for a division by 0",
        ("elemwise_div", "_Div", "_div", "_sparse_elemwise_div"), ("broadcast_div", "_sparse_broadcast_div"),
        ("_div_scalar", "_DivScalar"),
        ("_rdiv_scalar", "_RDivScalar"), low=0.5, sign="/", single="reverse",
        sparse=(rules.QUOTIENT, rules.BROADCAST_PRODUCT, rules.SCALED),
    ),
    _Family(
        functions.modulo, "the remainder of lhs / rhs, which has the sign of rhs and is 0 for the divisor 0",
        ("_mod", "_Mod"), ("broadcast_mod",), ("_mod_scalar", "_ModScalar"), ("_rmod_scalar", "_RModScalar"), low=0.5,
    ),
    _Family(
        functions.power, "lhs to the power of rhs; integers are raised as doubles and drop the fraction",
        ("_power", "_Power"), ("broadcast_power",), ("_power_scalar", "_PowerScalar"),
        ("_rpower_scalar", "_RPowerScalar"), low=0.5, sign="^", single="all",
        sparse=(rules.QUOTIENT, None, None),
    ),
    _Family(
        functions.maximum, "the larger of lhs and rhs; on ties the gradient goes to lhs",
        ("_maximum", "_Maximum"), ("broadcast_maximum", "_npi_maximum"),
        ("_maximum_scalar", "_MaximumScalar", "_npi_maximum_scalar"), ties=True,
        sparse=(rules.UNION, None, None),
    ),
    _Family(
        functions.minimum, "the smaller of lhs and rhs; on ties the gradient goes to lhs",
        ("_minimum", "_Minimum"), ("broadcast_minimum", "_npi_minimum"),
        ("_minimum_scalar", "_MinimumScalar", "_npi_minimum_scalar"), ties=True,
        sparse=(rules.UNION, None, None),
    ),
    _Family(
        functions.hypot, "the length of the hypotenuse for the legs lhs and rhs",
        ("_hypot", "_Hypot"), ("broadcast_hypot",),
        ("_hypot_scalar", "_HypotScalar", "_npi_hypot_scalar"), single="all",
        sparse=(rules.UNION, None, None),
    ),
    *[
        _Family(
            function, f"1 where {condition}, else 0",
            (f"_{name}", f"_{title}"), (f"broadcast_{name}",),
            (f"_{name}_scalar", f"_{title.replace('_', '')}Scalar"), ties=True, masks="always",
            sparse=(None, None, None if name.startswith("logical") else rules.WHERE_ZERO_STAYS),
        )
        for name, title, function, condition in [
            ("equal", "Equal", functions.comparison(torch.eq), "lhs = rhs"),
            ("not_equal", "Not_Equal", functions.comparison(torch.ne), "lhs differs from rhs"),
            ("greater", "Greater", functions.comparison(torch.gt), "lhs > rhs"),
            ("greater_equal", "Greater_Equal", functions.comparison(torch.ge), "lhs >= rhs"),
            ("lesser", "Lesser", functions.comparison(torch.lt), "lhs < rhs"),
            ("lesser_equal", "Lesser_Equal", functions.comparison(torch.le), "lhs <= rhs"),
            ("logical_and", "Logical_And", functions.logic(lambda lhs, rhs: lhs & rhs), "both are not 0"),
            ("logical_or", "Logical_Or", functions.logic(lambda lhs, rhs: lhs | rhs), "one of them is not 0"),
            ("logical_xor", "Logical_Xor", functions.logic(lambda lhs, rhs: lhs ^ rhs), "exactly one of them is not 0"),
        ]
    ],
]  # fmt: skip

_TWO_ARRAYS = """Return {summary}.

Parameters
----------
lhs, rhs : NDArray
    {shapes} Of the same type, which is not bool.

Returns
-------
NDArray
    {result}, of the type of the operands.
"""

_WITH_SCALAR = """Return {summary}, where {scalar} is the number `scalar` and {array} the array.

Parameters
----------
data : NDArray
    Of any type. A bool array is treated as int64.
scalar : float, default 1
    The number. For an array of integers it loses its fraction{but}.
is_int : bool, default True
    With False the result is of type float64 for an array of integers or bool, and the number keeps its fraction.

Returns
-------
NDArray
    An array of the shape of `data`.
"""


def _check_types(name: str, lhs: Tensor, rhs: Tensor) -> None:
    if lhs.dtype is rhs.dtype and lhs.dtype is not torch.bool:
        return
    received = " and ".join(type_name(array.dtype) for array in (lhs, rhs))
    raise MXNetError(
        f"{name}: lhs and rhs must have one type, which is not bool; received {received}; convert with astype(...)"
    )


_REFUSED_TYPES = [
    refused("one type", (2,), Input((2,), "float64")),
    refused("not bool", Input((2,), "bool"), Input((2,), "bool")),
]


def _samples(family: _Family) -> list[Sample]:
    low = family.low
    samples = [
        sample(Input((2, 3), low=low), Input((2, 3), low=low)),
        sample(Input((2, 3), "float64", low=low), Input((2, 3), "float64", low=low)),
        sample(
            exactly(-7, -3, 1, 3, 7, 7, -7, 5, dtype="int32"),
            exactly(3, -2, 2, 1, -3, 4, 1, 5, dtype="int32"),
            gradient=False,
        ),
    ]
    if family.ties:
        samples.append(sample(exactly(-1, 0, 1, 2, 0, 2), exactly(0, 0, 2, 2, 1, 0), derivative=False))
    return samples


def _declare_elementwise(family: _Family) -> None:
    name, *aliases = family.elementwise
    compute = family.function

    @operator(
        name,
        aliases=aliases,
        elementwise=True,
        kind="join",
        masks=family.masks,
        precision="single" if family.single == "all" else "widest",
        output_names=family.output_names,
        gradient_names=() if name == "elemwise_add" else _IN_PARTS if family.masks == "always" else None,
        sparse=family.sparse[0],
    )
    def elementwise(lhs: Tensor, rhs: Tensor) -> Tensor:
        _check_types(name, lhs, rhs)
        if lhs.shape != rhs.shape:
            raise MXNetError(
                f"{name}: lhs and rhs must have one shape; received {tuple(lhs.shape)} and {tuple(rhs.shape)}; "
                "broadcast with the broadcast_ form"
            )
        return compute(lhs, rhs)

    cases(
        name,
        samples=lambda: _samples(family),
        refusals=lambda: [refused("one shape", (2, 3), (2, 1)), *_REFUSED_TYPES],
    )

    elementwise.__name__ = name
    elementwise.__doc__ = _TWO_ARRAYS.format(
        summary=family.summary, shapes="Of the same shape.", result="An array of the shape of the operands"
    )


def _declare_broadcast(family: _Family) -> None:
    name, *aliases = family.broadcast
    compute, low = family.function, family.low

    @operator(
        name,
        aliases=aliases,
        from_partial=partly_broadcast,
        infer_outputs=broadcast_shape,
        kind="join",
        flops=1,
        masks=family.masks,
        precision="single" if family.single == "all" else family.precision,
        gradient_names=_IN_PARTS if family.masks == "always" else None,
        sparse=family.sparse[1],
    )
    def broadcast(lhs: Tensor, rhs: Tensor) -> Tensor:
        if lhs.dtype is not rhs.dtype or lhs.dtype is torch.bool:
            _check_types(name, lhs, rhs)
        try:
            return compute(lhs, rhs)
        except RuntimeError as error:
            raise MXNetError(
                f"{name}: lhs and rhs must broadcast (each length equal, or one of them 1); "
                f"received {tuple(lhs.shape)} and {tuple(rhs.shape)}"
            ) from error

    cases(
        name,
        samples=lambda: [
            *_samples(family),
            sample(Input((2, 1, 3), low=low), Input((1, 4, 3), low=low)),
            sample(Input((3,), low=low), Input((2, 3), low=low)),
            sample(Input((2, 3), "uint8", 1, 9), Input((2, 1), "uint8", 1, 9), gradient=False),
        ],
        refusals=lambda: [refused("broadcast", (2, 3), (3, 3)), *_REFUSED_TYPES],
    )  # fmt: skip

    broadcast.__name__ = name
    broadcast.__doc__ = _TWO_ARRAYS.format(
        summary=family.summary,
        shapes="Their shapes broadcast: aligned at the last axis, they agree except where one has length 1.",
        result="An array of the broadcast shape",
    )


def of_integers(name: str, data: Tensor, scalar: float, is_int: bool) -> tuple[Tensor, float]:
    """Convert an array that is not floating-point and the number to the type to compute in."""
    if not is_int:
        return data.double(), scalar
    if data.dtype is torch.bool:
        data = data.long()
    if scalar - scalar != 0:
        raise MXNetError(f"{name}: scalar must be finite for an array of integers; received {scalar}")
    limits = torch.iinfo(data.dtype)
    # Wraps around like a conversion in C: 256 is 0 for uint8, and -2 is 254.
    return data, (int(scalar) - limits.min) % (limits.max - limits.min + 1) + limits.min


def _declare_scalar(family: _Family, names: tuple[str, ...], reverse: bool) -> None:
    name, *aliases = names
    compute, low, compares = family.function, family.low, family.masks == "always"

    def samples() -> list[Sample]:
        made = [
            sample(Input((2, 3), low=low), scalar=1.5),
            sample(Input((2, 3), "float64", low=low), scalar=-2.5 if low < 0 else 2.5),
            sample(Input((2, 3), "float16", low=low), scalar=1.1, derivative=False, rtol=5e-3),
            sample(exactly(-7, -2, 1, 3, dtype="int32"), scalar=2.7, gradient=False),
            sample(exactly(-7, -2, 1, 3, dtype="int32"), scalar=2.75, is_int=False, gradient=False),
            sample(exactly(7, 2, 1, 3, dtype="uint8"), scalar=2, gradient=False),
        ]
        if family.low < 0:
            made.append(sample(exactly(7, 2, 254, 3, dtype="uint8"), scalar=-2, gradient=False))
            made.append(sample(exactly(0, 1, dtype="bool"), scalar=1, gradient=False))
        if family.ties:
            made.append(sample(exactly(-1, 0, 1, 2), scalar=1, derivative=False))
        return made

    @operator(
        name,
        aliases=aliases,
        elementwise=True,
        masks="always" if compares else "never",
        types=lambda attributes: "T -> T#" if attributes["is_int"] else "T -> T~",
        caption=f"{family.sign} {{scalar:g}}" if family.sign and not reverse else "",
        precision="single" if family.single == "all" or (reverse and family.single == "reverse") else MOST,
        sparse=None if reverse else family.sparse[2],
    )
    def with_scalar(data: Tensor, *, scalar: float = 1.0, is_int: bool = True) -> Tensor:
        if not data.is_floating_point():
            if compares and is_int and scalar % 1:
                # Exact in double: an integer that is rounded is far from any fraction.
                return converted(
                    compute(data.double(), scalar), torch.int64 if data.dtype is torch.bool else data.dtype
                )
            data, scalar = of_integers(name, data, scalar, is_int)
        return compute(scalar, data) if reverse else compute(data, scalar)

    cases(
        name,
        samples=samples,
        refusals=lambda: [] if compares else [refused("must be finite", Input((2,), "int32"), scalar=float("inf"))],
    )  # fmt: skip

    with_scalar.__name__ = name
    with_scalar.__doc__ = _WITH_SCALAR.format(
        summary=family.summary, scalar="lhs" if reverse else "rhs", array="rhs" if reverse else "lhs",
        but=", unless it is compared" if compares else "",
    )  # fmt: skip


for _family in _FAMILIES:
    _declare_elementwise(_family)
    _declare_broadcast(_family)
    _declare_scalar(_family, _family.scalar, reverse=False)
    if _family.reverse:
        _declare_scalar(_family, _family.reverse, reverse=True)
