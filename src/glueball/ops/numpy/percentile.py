"""The element below which a share of all elements lies, as in ``mx.np``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, Literal

import torch
from torch import Tensor

from ...core.errors import InvalidValueError, MXNetError
from ...core.integer_tape import converted
from ..attrs import Shape
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, exactly, refused, sample
from ..type_rule import PartialType
from .reductions import axes_of, numbers_only

_OWNER = "_npi_percentile"

Interpolation = Literal["higher", "linear", "lower", "midpoint", "nearest"]


def _result_type(kind: torch.dtype) -> torch.dtype:
    return kind if kind is torch.float64 else torch.float32


class _Types:
    """The type rule: only float64 stays; shares are of any type."""

    def complete(
        self, inputs: Sequence[PartialType], outputs: Sequence[PartialType], attributes: Mapping[str, Any],
        *, default: bool = False,
    ) -> tuple[list[PartialType], list[PartialType]]:  # fmt: skip
        """Return the types that follow from those known."""
        data = inputs[0]
        return list(inputs), [outputs[0] if data is None else _result_type(data)]


def _shares(q: Tensor | None, q_scalar: float | None, like: Tensor) -> Tensor:
    """Return the shares as numbers from 0 to 1."""
    if (q is None) is (q_scalar is None):
        raise MXNetError(f"{_OWNER}: either q or q_scalar must be given; received {'neither' if q is None else 'both'}")
    percent = torch.tensor(q_scalar, dtype=torch.float64, device=like.device) if q is None else q.detach().double()
    if percent.dim() > 1:
        raise MXNetError(f"{_OWNER}: q must have at most one axis; received shape {tuple(percent.shape)}")
    if not percent.is_meta and not bool(((percent >= 0) & (percent <= 100)).all()):
        raise InvalidValueError(f"{_OWNER}: q must be from 0 to 100; received {percent.tolist()}")
    return percent / 100


def _rows(a: Tensor, axes: Shape) -> Tensor:
    """Return the elements over the axes as a last axis, sorted."""
    kept = [axis for axis in range(a.dim()) if axis not in axes]
    rows = a.permute([*kept, *axes]).reshape([*[a.shape[axis] for axis in kept], prod(a.shape[axis] for axis in axes)])
    return torch.sort(rows, dim=-1).values


def _between(rows: Tensor, shares: Tensor, interpolation: str) -> Tensor:
    """Return, with the axes of the shares first, the elements at these shares of the sorted rows."""
    place = shares * (rows.shape[-1] - 1)
    below, above = place.floor(), place.ceil()
    fraction = {
        "linear": place - below, "lower": below * 0, "higher": below * 0 + 1, "midpoint": below * 0 + 0.5,
        "nearest": (place - below >= 0.5).double(),
    }[interpolation].to(rows.dtype)  # fmt: skip
    low, high = [rows.index_select(-1, each.long().reshape(-1)) for each in (below, above)]
    found = (low + (high - low) * fraction.reshape(-1)).movedim(-1, 0)
    found = torch.where(rows.select(-1, -1).isnan(), rows.select(-1, -1), found)  # NaN is sorted behind all numbers
    return found if shares.dim() else found.squeeze(0)


def _without_shares(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    return () if attributes["q_scalar"] is None else ("q",)


@operator(
    _OWNER, types=lambda attributes: _Types(), omits=_without_shares, reads_values=True,
    kind="other", flops=per_input(10), precision="single",
)  # fmt: skip
def percentile(
    a: Tensor,
    q: Tensor | None = None,
    *,
    axis: Shape | None = None,
    interpolation: Interpolation = "linear",
    keepdims: bool = False,
    q_scalar: float | None = None,
) -> Tensor:
    """Return the element below which q percent of the elements over axes lie.

    Differs from MXNet: NaN gives NaN; and there is a gradient, where MXNet's is zero.

    Parameters
    ----------
    a : NDArray
        Numbers, at least one for each element of the result. Only float64 is computed in its own type.
    q : NDArray, optional
        From 0 to 100: without axes, or with one, which the result has first.
    axis : int or tuple of int, optional
        The axes; by default all.
    interpolation : {'linear', 'lower', 'higher', 'midpoint', 'nearest'}
        What lies between two elements.
    keepdims : bool, default False
        Whether the axes stay, with length 1.
    q_scalar : float, optional
        q as a number, in the place of the array.
    """
    axes = axes_of(_OWNER, numbers_only(_OWNER, a), axis)
    shares = _shares(q, q_scalar, a)
    if not all(a.shape[each] for each in axes):
        raise MXNetError(f"{_OWNER}: a must have an element for each of the result; received shape {tuple(a.shape)}")
    found = _between(_rows(converted(a, _result_type(a.dtype)), axes), shares, interpolation)
    if keepdims:
        for each in axes:
            found = found.unsqueeze(shares.dim() + each)
    return found


_DATA = Input((2, 3, 4), distinct=True)

cases(
    _OWNER,
    samples=lambda: [
        sample(_DATA, q_scalar=30, gradient=False),
        sample(_DATA, exactly(0, 10, 100), axis=1, gradient=False),
        sample(_DATA, exactly(5, 10), axis=(0, 2), keepdims=True, gradient=False),
        sample(_DATA, exactly(35, shape=()), axis=-1, gradient=False),
        *[
            sample(_DATA, axis=1, q_scalar=share, interpolation=kind, gradient=False)
            for kind in ("lower", "higher", "midpoint", "nearest")
            for share in (20, 50, 80)
        ],
        sample(Input((7,), "int32", -9, 9), q_scalar=30, gradient=False),
        sample(Input((7,), "float64", distinct=True), q_scalar=25, gradient=False),
        sample(_DATA, exactly(5, 10), axis=1, judge="numpy", derivative=False),
        sample(Input((7,), "float64", distinct=True), q_scalar=30, judge="numpy"),
    ],
    refusals=lambda: [
        refused("from -2 to 1", (2, 3), axis=2, q_scalar=3),
        refused("q must be from 0 to 100", (2,), q_scalar=101),
        refused("q must be from 0 to 100", (2,), exactly(3, -1)),
        refused("received neither", (2,)),
        refused("received both", (2,), exactly(3), q_scalar=2),
        refused("at most one axis", (2,), (2, 2)),
        refused("must have an element", (0,), q_scalar=2),
        refused("must be numbers", Input((2,), "bool"), q_scalar=2),
    ],
)
