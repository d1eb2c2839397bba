"""Polynomials, as in ``mx.np``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import InvalidValueError
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape
from .promotion import OfTwo, alike
from .reductions import numbers_only


def _flops(call: Call) -> int:
    count = 2
    for length in (*call.inputs["p"], *call.inputs["x"]):
        count *= length
    return count


def _shape_of_x(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    return [shapes[1]]


@operator("_npi_polyval", types=lambda attributes: OfTwo(), from_partial=_shape_of_x, kind="other", flops=_flops)
def polyval(p: Tensor, x: Tensor) -> Tensor:
    """Return the values of a polynomial.

    Differs from MXNet: `p` and `x` may differ in type; the result has that which holds the numbers of both.

    Parameters
    ----------
    p : NDArray
        (n,): the coefficients, that of the highest power first; without any, the value is 0.
    x : NDArray
        Where to evaluate it.
    """
    owner = "_npi_polyval"
    if p.dim() != 1:
        raise InvalidValueError(f"{owner}: p must have one axis; received shape {tuple(p.shape)}")
    coefficients, places = alike(numbers_only(owner, p), numbers_only(owner, x))
    found = torch.zeros_like(places)
    for each in coefficients.unbind():
        found = torch.addcmul(each, found, places)
    return found


cases(
    "_npi_polyval",
    samples=lambda: [
        sample((3,), (2, 3)),
        sample((4,), ()),
        sample((0,), (3,), gradient=False),
        sample((3,), (0, 3), gradient=False),
        sample(Input((3,), "float64"), Input((2, 3), "float64")),
        sample(Input((3,), "int32", -3, 3), Input((4,), "int32", -3, 3), gradient=False),
        sample((3,), Input((4,), "int32", -3, 3), judge="numpy"),
    ],
    refusals=lambda: [
        refused("one axis", (2, 2), (3,)),
        refused("must be numbers", Input((2,), "bool"), (2,)),
    ],
)
