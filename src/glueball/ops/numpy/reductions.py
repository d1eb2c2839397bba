"""Sums, means and other reductions with NumPy's rules: over all axes by default, to an array without axes."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.integer_tape import converted
from ..attrs import Shape
from ..axes import distinct_axes
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, refused, sample


def axes_of(owner: str, data: Tensor, axis: Shape | None) -> Shape:
    """Return the axes to reduce, counted from 0: all of them for None, none for ()."""
    return tuple(range(data.dim())) if axis is None else tuple(distinct_axes(owner, axis, data.dim()))


@operator("_np_sum", types="T -> {dtype|T#}", kind="other", flops=per_input(), precision="single")
def sum(
    a: Tensor,
    *,
    axis: Shape | None = None,
    dtype: torch.dtype | None = None,
    keepdims: bool = False,
    initial: float | None = None,
) -> Tensor:
    """Return the sum of the elements over axes.

    Parameters
    ----------
    a : NDArray
        Numbers; bool counts as int64.
    axis : int or tuple of int, optional
        The axes; by default all.
    dtype : str, optional
        The type of the result; by default that of `a`.
    keepdims : bool, default False
        Whether the axes stay, with length 1.
    initial : float, optional
        A number to begin with.
    """
    axes = axes_of("np.sum", a, axis)
    kind = dtype or (torch.int64 if a.dtype is torch.bool else a.dtype)
    found = torch.sum(converted(a, kind), axes, keepdim=keepdims, dtype=kind) if axes else converted(a, kind) + 0
    return found if initial is None else found + initial


cases(
    "_np_sum",
    samples=lambda: [
        sample((2, 3)),
        sample((2, 3, 4), axis=(0, 2), keepdims=True),
        sample((2, 3), axis=-1, dtype="float64"),
        sample(Input((2, 3), "int32"), gradient=False),
        sample(Input((2, 3), "bool", 0, 2), gradient=False),
        sample((0, 3), axis=0),
        sample(()),
    ],
    refusals=lambda: [refused("from -2 to 1", (2, 3), axis=2), refused("once", (2, 3), axis=(0, -2))],
)


@operator("_npi_mean", types="T -> {dtype|T/}", kind="other", flops=per_input(), precision="single")
def mean(
    a: Tensor,
    *,
    axis: Shape | None = None,
    dtype: torch.dtype | None = None,
    keepdims: bool = False,
    initial: float | None = None,
) -> Tensor:
    """Return the arithmetic mean of the elements over axes; that of integers is float32.

    Parameters
    ----------
    a : NDArray
        Numbers.
    axis, dtype, keepdims
        As in `sum`.
    initial : float, optional
        Not used: MXNet declares it, and no function gives it.
    """
    axes = axes_of("np.mean", a, axis)
    kind = dtype or (a.dtype if a.is_floating_point() else torch.float32)
    computed = converted(a, kind if kind.is_floating_point else torch.float64)
    return converted(torch.mean(computed, axes, keepdim=keepdims) if axes else computed, kind)


cases(
    "_npi_mean",
    samples=lambda: [
        sample((2, 3)),
        sample((2, 3, 4), axis=(0, 2), keepdims=True),
        sample(Input((2, 3), "int32"), axis=1, gradient=False),
        sample(Input((2, 3), "float64"), axis=0),
    ],
    refusals=lambda: [refused("from -2 to 1", (2, 3), axis=2)],
)
