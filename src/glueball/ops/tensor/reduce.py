"""Reductions: the sum, the mean, the largest element ... along some axes or over everything.

A reduction over everything has shape (1,), since MXNet's classic arrays have at least one axis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ...core.torch_function import TensorFunction
from ..attrs import Shape
from ..axes import distinct_axes
from ..declare import cases, operator
from ..facts import MOST, Precision
from ..flops import per_input
from ..kept import kept
from ..samples import Input, Sample, exactly, refused, sample
from ..shape_rule import PartialShape
from ..sparse.reductions import MEAN, SUM


def reduced_axes(owner: str, data: Tensor, axis: Shape | None, exclude: bool = False) -> Shape:
    """Return the axes to reduce, counted from 0: all of them for None or ()."""
    rank = data.dim()
    if not axis:
        return tuple(range(rank))
    axes = distinct_axes(owner, axis, rank)
    return tuple([number for number in range(rank) if (number in axes) is not exclude])


def _output_shape(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    shape = shapes[0]
    if shape is None:
        return None
    try:
        axes = reduced_axes("", torch.empty(shape, device="meta"), attributes["axis"], attributes["exclude"])
    except MXNetError:
        return None
    if attributes["keepdims"]:
        return [tuple([1 if number in axes else length for number, length in enumerate(shape)])]
    return [tuple([length for number, length in enumerate(shape) if number not in axes]) or (1,)]


def with_axes(result: Tensor) -> Tensor:
    """Give a result without axes one axis, as MXNet does."""
    return result if result.dim() else result.reshape(1)


class _Extreme(TensorFunction):
    """The largest or smallest elements; on ties each gets the full gradient, as in MXNet."""

    @staticmethod
    def forward(ctx: Any, data: Tensor, axes: Shape, find: Callable[..., Tensor]) -> Tensor:
        data = kept(data)
        found = find(data, dim=axes, keepdim=True)
        ctx.save_for_backward(data == found)
        return found

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (chosen,) = ctx.saved_tensors
        return gradient * chosen, None, None


def extreme(find: Callable[..., Tensor]) -> Callable[[Tensor, Shape, bool], Tensor]:
    """Make a reduction of `torch.amax` or `torch.amin`: a function of an array, its axes, and whether they stay."""

    def reduce(data: Tensor, axes: Shape, keepdims: bool) -> Tensor:
        if not data.requires_grad:
            return find(data, dim=axes, keepdim=keepdims)
        if not data.is_floating_point():
            return converted(reduce(data.double(), axes, keepdims), data.dtype)
        found = _Extreme.apply(data, axes, find)
        return found if keepdims else found.squeeze(axes)

    return reduce


def _sum(data: Tensor, axes: Shape, keepdims: bool) -> Tensor:
    return torch.sum(data, axes, keepdim=keepdims, dtype=data.dtype)


def _mean(data: Tensor, axes: Shape, keepdims: bool) -> Tensor:
    if data.is_floating_point():
        return torch.mean(data, axes, keepdim=keepdims)
    return converted(torch.mean(data.double(), axes, keepdim=keepdims), data.dtype)


def _prod(data: Tensor, axes: Shape, keepdims: bool) -> Tensor:
    # torch multiplies along one axis at a time; from the last on, so that the numbers of the others stay valid.
    for axis in reversed(axes):
        data = torch.prod(data, axis, keepdim=keepdims, dtype=data.dtype)
    return data


def _without_nan(reduce: Callable[..., Tensor], neutral: float) -> Callable[[Tensor, Shape, bool], Tensor]:
    def leave_out(data: Tensor, axes: Shape, keepdims: bool) -> Tensor:
        if data.is_floating_point():
            data = torch.where(data.isnan(), neutral, data)
        return reduce(data, axes, keepdims)

    return leave_out


@dataclass(frozen=True)
class _Reduction:
    name: str
    reduce: Callable[[Tensor, Shape, bool], Tensor]
    summary: str
    aliases: tuple[str, ...] = ()
    note: str = ""
    ties: bool = False
    nan: bool = False
    precision: Precision | tuple[Precision, Precision] = "single"


_REDUCTIONS = [
    _Reduction("sum", _sum, "Sum the elements", ("sum_axis",)),
    _Reduction(
        "mean", _mean, "Average the elements",
        note="Differs from MXNet: the sum for the mean of integers does not overflow.",
    ),
    _Reduction(
        "prod", _prod, "Multiply the elements",
        note="Differs from MXNet: the gradient is also right where an element is 0; there it is NaN.",
    ),
    _Reduction("nansum", _without_nan(_sum, 0), "Sum the elements, treating NaN as 0", nan=True),
    _Reduction("nanprod", _without_nan(_prod, 1), "Multiply the elements, treating NaN as 1", nan=True),
    _Reduction("max", extreme(torch.amax), "Find the largest element", ("max_axis",), ties=True, precision=MOST,
               note="On ties each of the largest elements gets the full gradient."),
    _Reduction("min", extreme(torch.amin), "Find the smallest element", ("min_axis",), ties=True, precision=MOST,
               note="On ties each of the smallest elements gets the full gradient."),
]  # fmt: skip

_DOC = """{summary}, along some axes or over everything.
{note}
Parameters
----------
data : NDArray
    Of any type, which is also that of the result. A bool result says whether the number is nonzero.
axis : int or tuple of int, optional
    The axes to reduce, negative ones counted from the last; None and () mean all.
keepdims : bool, default False
    Keep the reduced axes with length 1.
exclude : bool, default False
    Reduce all axes but those of `axis`.

Returns
-------
NDArray
    The remaining axes; of shape (1,) if there are none.
"""


def _declare(entry: _Reduction) -> None:
    name, reduce = entry.name, entry.reduce
    drawn = Input((2, 3, 4), low=0.3, distinct=True)

    def samples() -> list[Sample]:
        made = [
            sample(drawn),
            sample(drawn, axis=1),
            sample(drawn, axis=(-1, 0), keepdims=True),
            sample(drawn, axis=(), keepdims=True),
            sample(drawn, axis=1, exclude=True),
            sample(drawn, axis=(0, 1, 2), exclude=True),
            sample(Input((3, 2), "float64", low=0.3, distinct=True), axis=0),
            sample(Input((2, 4), "int32", -9, 9), axis=1, gradient=False),
            sample(Input((2, 4), "uint8", 0, 9), gradient=False),
            sample(exactly(0, 1, 0, 0, 1, 1, shape=(3, 2), dtype="bool"), axis=1, gradient=False),
        ]
        if entry.ties:
            made.append(sample(exactly(1, 3, 3, 0, 0, 0, shape=(2, 3)), axis=1, derivative=False))
        if entry.nan:
            nan = float("nan")
            made.append(sample(exactly(1, nan, 3, 2, 0.5, nan, shape=(2, 3)), axis=1, derivative=False))
        return made

    @operator(
        name,
        from_partial="nothing" if entry.ties else None,  # as MXNet: it knows more of sums than of extremes
        aliases=[*entry.aliases, f"_sparse_{name}"] if name in ("sum", "mean") else entry.aliases,
        method=name,
        infer_outputs=_output_shape,
        from_outputs="nothing",
        kind="pooling",
        flops=per_input(),
        precision=entry.precision,
        sparse={"sum": SUM, "mean": MEAN}.get(name),
    )
    def reduction(data: Tensor, *, axis: Shape | None = None, keepdims: bool = False, exclude: bool = False) -> Tensor:
        axes = reduced_axes(name, data, axis, exclude)
        if not axes:
            return data.clone()
        if data.dtype is torch.bool:
            return converted(reduction(data.double(), axis=axes, keepdims=keepdims), data.dtype)
        return with_axes(reduce(data, axes, keepdims))

    cases(
        name,
        samples=samples,
        refusals=lambda: [
            refused("axis must be from -2 to 1", (2, 3), axis=2),
            refused("axis must name each axis once", (2, 3), axis=(0, -2)),
        ],
    )  # fmt: skip

    reduction.__name__ = name
    reduction.__doc__ = _DOC.format(summary=entry.summary, note=f"\n{entry.note}\n" if entry.note else "")


for _entry in _REDUCTIONS:
    _declare(_entry)


@operator(
    "moments",
    names_inputs=True,
    outputs=2,
    from_outputs="nothing",
    kind="other",
    flops=per_input(4),  # sum; difference from the mean, square, sum
    precision="single",
)
def moments(data: Tensor, *, axes: Shape | None = None, keepdims: bool = False) -> tuple[Tensor, Tensor]:
    """Return the mean and the variance (divided by the number of elements) along some axes.

    Differs from MXNet: the variance of integers is computed around their exact mean, and then loses its fraction.

    Parameters
    ----------
    data : NDArray
        Of any type but bool, which is also that of the results.
    axes : int or tuple of int
        The axes to reduce.
    keepdims : bool, default False
        Keep the reduced axes with length 1.

    Returns
    -------
    list of NDArray
        The mean and the variance.
    """
    if not axes:
        raise MXNetError("moments: axes must be given; received none; name all axes for the moments of everything")
    real = data if data.is_floating_point() else data.double()
    variance, mean = torch.var_mean(real, reduced_axes("moments", data, axes), correction=0, keepdim=keepdims)
    return converted(with_axes(mean), data.dtype), converted(with_axes(variance), data.dtype)


cases(
    "moments",
    samples=lambda: [
        sample((2, 3), axes=(0,)),
        sample((2, 3, 4), axes=(0, -1), keepdims=True),
        sample(Input((2, 3), "float64"), axes=(1, 0)),
        sample(Input((2, 3), "int32", -9, 9), axes=1, gradient=False, judge="numpy"),
    ],
    refusals=lambda: [refused("axes must be given", (2, 3)), refused("axis must be from", (2, 3), axes=2)],
)
