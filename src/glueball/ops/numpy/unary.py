"""Element-wise functions of one array that only ``mx.np`` has: tests that give bool, and the bits of integers."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample

_DOC = """Return {summary}, element-wise.

Parameters
----------
x : NDArray
    The operand.
"""

_SPECIAL = (1.5, float("nan"), float("inf"), -float("inf"), 0.0)


def _declare_test(name: str, test: Callable[[Tensor], Tensor], summary: str) -> None:
    @operator(name, elementwise=True, types="T -> bool", precision="any")
    def unary(x: Tensor) -> Tensor:
        return without_gradient(test(x.detach()), x)

    cases(
        name,
        samples=lambda: [
            sample(exactly(*_SPECIAL), derivative=False, gradient=False),
            sample(exactly(0, 1, -3, dtype="int32"), gradient=False),
        ],
    )
    unary.__name__ = name
    unary.__doc__ = _DOC.format(summary=summary)


for _name, _test, _summary in [
    ("_npi_isnan", torch.isnan, "whether it is NaN"),
    ("_npi_isinf", torch.isinf, "whether it is infinite"),
    ("_npi_isfinite", torch.isfinite, "whether it is neither infinite nor NaN"),
    ("_npi_isposinf", torch.isposinf, "whether it is positive infinity"),
    ("_npi_isneginf", torch.isneginf, "whether it is negative infinity"),
    ("_npi_logical_not", torch.logical_not, "whether it is 0"),
]:
    _declare_test(_name, _test, _summary)


@operator("_npi_bitwise_not", elementwise=True)
def bitwise_not(x: Tensor) -> Tensor:
    """Return the bits of an integer inverted, or the opposite of a bool, element-wise.

    Parameters
    ----------
    x : NDArray
        Integers or bool.
    """
    if x.is_floating_point():
        raise MXNetError(
            f"_npi_bitwise_not: x must be integers or bool; received {type_name(x.dtype)}; convert with astype('int32')"
        )
    return without_gradient(torch.bitwise_not(x), x)


cases(
    "_npi_bitwise_not",
    samples=lambda: [
        sample(exactly(0, 5, -3, dtype="int32"), gradient=False),
        sample(exactly(0, 1, dtype="bool"), gradient=False),
    ],
    refusals=lambda: [refused("integers or bool", Input((2,)))],
)
