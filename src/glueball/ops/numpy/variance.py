"""How far elements spread around their mean, as in ``mx.np``: the standard deviation and the variance."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from ...core.integer_tape import converted
from ..attrs import Shape
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, refused, sample
from .reductions import axes_of, numbers_only

_DOC = """Return the {what} of the elements over axes.

Differs from MXNet: the mean of integers keeps its fraction; and there is a gradient, where MXNet's is zero.

Parameters
----------
a : NDArray
    Numbers.
axis : int or tuple of int, optional
    The axes; by default all.
dtype : str, optional
    The type of the result; by default that of `a`.
ddof : int, default 0
    What is subtracted from the number of elements before the sum of squares is divided by it.
keepdims : bool, default False
    Whether the axes stay, with length 1.
"""


def _variance(a: Tensor, axes: Shape, ddof: int, keepdims: bool) -> Tensor:
    divisor = max(math.prod([a.shape[axis] for axis in axes]) - ddof, 0)
    centered = a - (torch.mean(a, axes, keepdim=True) if axes else a)
    squares = centered * centered
    return (torch.sum(squares, axes, keepdim=keepdims) if axes else squares) / divisor


def _declare(name: str, change: Callable[[Tensor], Tensor] | None, what: str, output: str) -> None:
    @operator(
        name,
        types=lambda attributes: "T -> {dtype}" if attributes["dtype"] else "T -> T",
        output_names=(output,), hidden_outputs=1,  # the mean
        kind="other", flops=per_input(4), precision="single",
    )  # fmt: skip
    def spread(
        a: Tensor,
        *,
        axis: Shape | None = None,
        dtype: torch.dtype | None = None,
        ddof: int = 0,
        keepdims: bool = False,
    ) -> Tensor:
        axes = axes_of(name, a, axis)
        kind = dtype or numbers_only(name, a).dtype
        found = _variance(converted(a, kind if kind.is_floating_point else torch.float64), axes, ddof, keepdims)
        return converted(found if change is None else change(found), kind)

    spread.__name__ = name
    spread.__doc__ = _DOC.format(what=what)
    cases(
        name,
        samples=lambda: [
            sample((2, 3), gradient=False),
            sample((2, 3, 4), axis=(0, -1), keepdims=True, ddof=1, gradient=False),
            sample((2, 3), axis=1, dtype="float64", gradient=False, rtol=1e-6),  # MXNet's mean is a float32
            sample(Input((3, 4), "float64"), axis=0, gradient=False),
            sample(Input((6,), "int32", -9, 9), dtype="float32", judge="numpy", gradient=False),
            sample((2, 3), axis=(), gradient=False),
            sample((), axis=0, gradient=False),
            sample((2, 3), axis=1, judge="numpy"),
            sample(Input((2, 3, 4), "float64"), axis=(0, 2), ddof=1, judge="numpy"),
        ],
        refusals=lambda: [
            refused("from -2 to 1", (2, 3), axis=2),
            refused("once", (2, 3), axis=(0, -2)),
            refused("must be numbers", Input((2,), "bool")),
        ],
    )


_declare("_npi_var", None, "variance", "var")
_declare("_npi_std", torch.sqrt, "standard deviation", "std")
