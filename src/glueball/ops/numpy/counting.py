"""What elements there are, and how many of each, as in ``mx.np``: unique, bincount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import InvalidValueError, MXNetError, NotImplementedForSymbol
from ...core.integer_tape import converted
from ..attrs import NonNegative
from ..axes import one_axis
from ..declare import cases, operator
from ..flops import per_input
from ..gradient import with_zeros_for, without_gradient
from ..samples import Input, exactly, refused, sample


def _several(attributes: Mapping[str, Any]) -> int:
    return 1 + sum(bool(attributes[f"return_{each}"]) for each in ("index", "inverse", "counts"))


def _types(attributes: Mapping[str, Any]) -> str:
    return ", ".join(["T -> T", *["int64"] * (_several(attributes) - 1)])


def _sorted(rows: Tensor) -> tuple[Tensor, Tensor]:
    """Return rows, or numbers, in ascending order, and where each one was; equal ones keep their order."""
    if rows.dim() == 1:
        values, order = torch.sort(rows, stable=True)
        return values, order
    order = torch.arange(len(rows), device=rows.device)
    for column in range(rows.shape[1] - 1, -1, -1):  # each sort keeps the order of the later columns
        order = order[torch.sort(rows[order, column], stable=True).indices]
    return rows[order], order


def _beginnings(placed: Tensor) -> Tensor:
    """Return where in sorted rows, or numbers, a new one begins; NaN equals NaN."""
    differ = placed[1:] != placed[:-1]
    if placed.is_floating_point():
        differ &= ~(placed[1:].isnan() & placed[:-1].isnan())
    differ = differ if placed.dim() == 1 else differ.any(1)
    return torch.cat([differ.new_ones(min(len(placed), 1)), differ])


@operator(
    "_npi_unique", types=_types, outputs=_several, reads_values=True, decides_by_value=True,
    kind="other", flops=per_input(), precision="any",
)  # fmt: skip
def unique(
    data: Tensor,
    *,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
) -> Tensor | tuple[Tensor, ...]:
    """Return the different elements, or slices along an axis, in ascending order.

    Differs from MXNet: without elements, the other axes keep their lengths.

    Parameters
    ----------
    data : NDArray
        Numbers or bool; an array without axes counts as one with one element.
    return_index : bool, default False
        Whether the index of the first of each is returned, too, as int64.
    return_inverse : bool, default False
        Whether the index in the result of each element of `data` is returned, too, as int64.
    return_counts : bool, default False
        Whether the number of each is returned, too, as int64.
    axis : int, optional
        The axis whose slices are compared; by default the elements are.
    """
    if data.is_meta:
        raise NotImplementedForSymbol("_npi_unique: how many elements differ is in the values, which a graph lacks")
    array = data.detach() if data.dim() else data.detach().reshape(1)
    along = None if axis is None else one_axis("_npi_unique", axis, array.dim())
    rows = array.reshape(-1) if along is None else array.movedim(along, 0)
    placed, order = _sorted(rows.flatten(1) if rows.dim() > 1 else rows)
    begins = _beginnings(placed)
    first = order[begins]
    found = [placed[begins] if along is None else rows[first].movedim(0, along)]
    if return_index:
        found.append(first)
    if return_inverse:
        found.append(torch.empty_like(order).scatter_(0, order, begins.cumsum(0) - 1))
    if return_counts:
        starts = begins.nonzero()[:, 0]
        found.append(torch.diff(starts, append=starts.new_tensor([len(order)])))
    results = tuple([without_gradient(each.contiguous(), data) for each in found])
    return results if len(results) > 1 else results[0]


cases(
    "_npi_unique",
    samples=lambda: [
        sample(exactly(3, -1, 2, 0, 2, 2, shape=(2, 3)), gradient=False),
        sample(
            exactly(3, -1, 2, 0, 2, 2, shape=(2, 3), dtype="int32"),
            return_index=True, return_inverse=True, return_counts=True, gradient=False,
        ),
        sample(exactly(3, -1, 3, 0, 2, 0, shape=(2, 3)), axis=1, return_counts=True, gradient=False),
        sample(Input((5, 2, 2), "int32", 0, 2), axis=0, return_inverse=True, return_index=True, gradient=False),
        sample(exactly(2, float("nan"), 1, float("nan")), return_inverse=True, return_counts=True, gradient=False),
        sample((), return_index=True, gradient=False),
        sample((0, 3), return_index=True, return_inverse=True, return_counts=True, gradient=False),
        sample((0, 3), axis=0, judge="numpy", gradient=False),
        sample(exactly(1, 0, 1, dtype="bool"), judge="numpy", gradient=False),
    ],
    refusals=lambda: [refused("from -2 to 1", (2, 3), axis=2)],
)  # fmt: skip


def _without_weights(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    return () if attributes["has_weights"] else ("weights",)


def _check(data: Tensor, weights: Tensor | None) -> None:
    if data.is_floating_point() or data.dim() != 1:
        raise MXNetError(
            f"_npi_bincount: data must be integers in one axis; received {type_name(data.dtype)} of shape "
            f"{tuple(data.shape)}; convert it with astype('int64') and reshape(-1)"
        )
    if weights is not None and weights.shape != data.shape:
        raise MXNetError(
            f"_npi_bincount: weights must have the shape of data, {tuple(data.shape)}; received {tuple(weights.shape)}"
        )


@operator(
    "_npi_bincount",
    types=lambda attributes: "T, W -> W" if attributes["has_weights"] else "T, W -> T#",
    omits=_without_weights, reads_values=True, decides_by_value=True, kind="other", flops=per_input(), precision="any",
)  # fmt: skip
def bincount(
    data: Tensor, weights: Tensor | None = None, *, minlength: NonNegative = 0, has_weights: bool = False
) -> Tensor:
    """Return how often each number occurs, or the sum of the weights at its places.

    Differs from MXNet: weights have a gradient, where MXNet's is zero.

    Parameters
    ----------
    data : NDArray
        (n,): integers from 0, whose type that of the counts is, or bool.
    weights : NDArray, optional
        (n,): of any type, which the result then has.
    minlength : int, default 0
        The least length of the result, which otherwise ends with the largest number.
    has_weights : bool, default False
        Whether there are weights.
    """
    _check(data, weights)
    if data.is_meta:
        raise NotImplementedForSymbol("_npi_bincount: the length of the result is in the values, which a graph lacks")
    places = data.detach().long()
    if len(places) and int(places.min()) < 0:
        raise InvalidValueError(f"_npi_bincount: data must be at least 0; received {int(places.min())}")
    length = max(int(places.max()) + 1 if len(places) else 0, minlength)
    if weights is None:
        kind = torch.int64 if data.dtype is torch.bool else data.dtype
        return without_gradient(torch.bincount(places, minlength=length).to(kind), data)
    exact = converted(weights, weights.dtype if weights.is_floating_point() else torch.int64)
    found = torch.zeros(length, dtype=exact.dtype, device=data.device).index_add(0, places, exact)
    return with_zeros_for(converted(found, weights.dtype), data)


cases(
    "_npi_bincount",
    samples=lambda: [
        sample(exactly(2, 0, 2, 5, dtype="int64"), gradient=False),
        sample(exactly(2, 0, 2, dtype="int32"), minlength=6, gradient=False),
        sample(exactly(2, 0, 2, dtype="uint8"), gradient=False),
        sample(exactly(2, 0, 2, dtype="int64"), (3,), has_weights=True, gradient=False),
        sample(exactly(2, 0, 2, dtype="int64"), Input((3,), "int32", 0, 9), has_weights=True, gradient=False),
        sample(Input((0,), "int32"), minlength=3, gradient=False),
        sample(exactly(2, 0, 2, dtype="int64"), (3,), has_weights=True, judge="numpy"),
        sample(exactly(1, 0, 1, dtype="bool"), judge="numpy", gradient=False),
    ],
    refusals=lambda: [
        refused("integers in one axis", (3,)),
        refused("integers in one axis", Input((2, 2), "int32", 0, 3)),
        refused("at least 0; received -1", exactly(2, -1, dtype="int32")),
        refused("shape of data", Input((3,), "int32", 0, 3), (2,), has_weights=True),
        refused("minlength", Input((3,), "int32", 0, 3), minlength=-1),
    ],
)
