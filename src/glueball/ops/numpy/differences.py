"""Differences of neighbors, as in ``mx.np``: diff, ediff1d."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import NonNegative
from ..axes import one_axis
from ..declare import cases, operator
from ..samples import Input, refused, sample
from .reductions import numbers_only


@operator("_npi_diff", kind="other", flops=1)
def diff(a: Tensor, *, n: NonNegative = 1, axis: int = -1) -> Tensor:
    """Return the differences of neighbors along an axis, n times.

    Parameters
    ----------
    a : NDArray
        Numbers; uint8 wraps around.
    n : int, default 1
        How often differences are taken; each time the axis loses an element, until there is none.
    axis : int, default -1
        The axis.
    """
    along = one_axis("_npi_diff", axis, numbers_only("_npi_diff", a).dim())
    found = a.clone() if not n else a
    for _ in range(min(n, a.shape[along])):
        length = max(found.shape[along] - 1, 0)
        found = found.narrow(along, found.shape[along] - length, length) - found.narrow(along, 0, length)
    return found if a.shape[along] else a.clone()


cases(
    "_npi_diff",
    samples=lambda: [
        sample((2, 3)),
        sample((2, 3, 4), n=2, axis=1),
        sample((2, 3), n=0),
        sample((2, 3), n=4, gradient=False),
        sample((0, 3), axis=0, gradient=False),
        sample(Input((5,), "int32", -9, 9), gradient=False),
        sample(Input((5,), "uint8", 0, 9), gradient=False),
    ],
    refusals=lambda: [
        refused("from -2 to 1", (2, 3), axis=2),
        refused("n must be", (2, 3), n=-1),
        refused("must be numbers", Input((2,), "bool")),
    ],
)


def _without_ends(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    given = attributes["to_begin_arr_given"] + attributes["to_end_arr_given"]
    return ("input2", "input3")[given:]


def _end(given: bool, arrays: list[Tensor], scalar: float | None, like: Tensor) -> list[Tensor]:
    if given:
        return [arrays.pop(0).reshape(-1)]
    if scalar is None:
        return []
    number = scalar if like.is_floating_point() else int(scalar)
    return [torch.tensor([number], device=like.device).to(like.dtype)]


@operator(
    "_npi_ediff1d", types="T, T, T -> T", omits=_without_ends, kind="other", flops=1,
)  # fmt: skip
def ediff1d(
    input1: Tensor,
    input2: Tensor | None = None,
    input3: Tensor | None = None,
    *,
    to_begin_arr_given: bool = False,
    to_end_arr_given: bool = False,
    to_begin_scalar: float | None = None,
    to_end_scalar: float | None = None,
) -> Tensor:
    """Return the differences of neighbors of the flattened array, with something before and behind them.

    Parameters
    ----------
    input1 : NDArray
        Numbers; uint8 wraps around.
    input2, input3 : NDArray, optional
        What comes before the differences, and what behind them, of the same type; those that are given.
    to_begin_arr_given, to_end_arr_given : bool, default False
        Which of them are given.
    to_begin_scalar, to_end_scalar : float, optional
        Numbers in their places.
    """
    owner = "_npi_ediff1d"
    numbers_only(owner, input1)
    arrays = [each for each in (input2, input3) if each is not None]
    if len(arrays) != to_begin_arr_given + to_end_arr_given:
        raise MXNetError(
            f"{owner}: input2 and input3 must be given as to_begin_arr_given and to_end_arr_given say; received "
            f"{len(arrays)} of them, {to_begin_arr_given} and {to_end_arr_given}"
        )
    if any(each.dtype is not input1.dtype for each in arrays):
        raise MXNetError(f"{owner}: all arrays must have one type; received {[each.dtype for each in arrays]}")
    flat = input1.reshape(-1)
    before = _end(to_begin_arr_given, arrays, to_begin_scalar, flat)
    behind = _end(to_end_arr_given, arrays, to_end_scalar, flat)
    return torch.cat([*before, flat[1:] - flat[:-1], *behind])


cases(
    "_npi_ediff1d",
    samples=lambda: [
        sample((2, 3)),
        sample((2, 3), (2, 2), (3,), to_begin_arr_given=True, to_end_arr_given=True),
        sample((2, 3), (2,), to_begin_arr_given=True, to_end_scalar=2.5),
        sample((2, 3), (2,), to_end_arr_given=True),
        sample((), to_begin_scalar=2, gradient=False),
        sample((0,), gradient=False),
        sample(Input((4,), "int32", -9, 9), to_end_scalar=1.5, gradient=False),
        sample(Input((4,), "uint8", 0, 9), gradient=False),
    ],
    refusals=lambda: [
        refused("given as", (4,), (2,)),
        refused("given as", (4,), to_end_arr_given=True),
        refused("one type", (4,), Input((2,), "float64"), to_end_arr_given=True),
        refused("must be numbers", Input((2,), "bool")),
    ],
)
