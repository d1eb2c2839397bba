"""Sums, products, extremes and other reductions with NumPy's rules: over all axes, to an array without axes."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ..attrs import Shape
from ..axes import distinct_axes
from ..declare import cases, operator
from ..flops import per_input
from ..gradient import without_gradient
from ..samples import Input, Refused, exactly, refused, sample
from ..tensor.reduce import extreme


def axes_of(owner: str, data: Tensor, axis: Shape | None) -> Shape:
    """Return the axes to reduce, in ascending order from 0: all for None, none for () and for the axis of a number."""
    if axis is None or (data.dim() == 0 and tuple(axis) in ((0,), (-1,))):
        return tuple(range(data.dim()))
    return tuple(sorted(distinct_axes(owner, axis, data.dim())))


def numbers_only(owner: str, data: Tensor) -> Tensor:
    """Return the array, or refuse bool, as MXNet does."""
    if data.dtype is torch.bool:
        raise MXNetError(f"{owner}: the array must be numbers; received bool; convert it with astype('float32')")
    return data


def _axis_refusals() -> list[Refused]:
    return [refused("from -2 to 1", (2, 3), axis=2), refused("once", (2, 3), axis=(0, -2))]


_ADDING = """Return the {what} of the elements over axes.

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
    A number to begin with; MXNet refuses it.
"""


def _type_to_add_in(a: Tensor, kind: torch.dtype) -> torch.dtype:
    """Numbers lose their fraction after they are added, as in MXNet, and not before, as in NumPy."""
    if kind is torch.bool or (a.is_floating_point() and not kind.is_floating_point):
        return torch.int64 if a.dtype is torch.bool else a.dtype
    return kind


def _sum(a: Tensor, axes: Shape, keepdims: bool) -> Tensor:
    return torch.sum(a, axes, keepdim=keepdims, dtype=a.dtype)


def _prod(a: Tensor, axes: Shape, keepdims: bool) -> Tensor:
    # torch multiplies along one axis at a time; from the last on, so that the numbers of the others stay valid.
    for axis in reversed(axes):
        a = torch.prod(a, axis, keepdim=keepdims, dtype=a.dtype)
    return a


def _declare_adding(
    name: str, reduce: Callable[[Tensor, Shape, bool], Tensor], combine: Callable[..., Tensor], what: str,
    aliases: tuple[str, ...] = (),
) -> None:  # fmt: skip
    @operator(name, aliases=aliases, types="T -> {dtype|T#}", kind="other", flops=per_input(), precision="single")
    def adding(
        a: Tensor,
        *,
        axis: Shape | None = None,
        dtype: torch.dtype | None = None,
        keepdims: bool = False,
        initial: float | None = None,
    ) -> Tensor:
        axes = axes_of(name, a, axis)
        kind = dtype or (torch.int64 if a.dtype is torch.bool else a.dtype)
        operands = converted(a, _type_to_add_in(a, kind))
        found = reduce(operands, axes, keepdims) if axes else operands.clone()
        return converted(found if initial is None else combine(found, initial), kind)

    adding.__name__ = name
    adding.__doc__ = _ADDING.format(what=what)
    cases(
        name,
        samples=lambda: [
            sample((2, 3)),
            sample((2, 3, 4), axis=(0, 2), keepdims=True),
            sample((2, 3), axis=-1, dtype="float64"),
            sample((2, 3), axis=()),
            sample(Input((2, 3), "int32"), gradient=False),
            sample(Input((2, 3), "uint8", 0, 5), axis=1, gradient=False),
            sample(Input((2, 3), "bool", 0, 2), gradient=False),
            sample(Input((2, 3), "float32", 1, 2), dtype="int32", gradient=False),
            sample(exactly(100, 100, 3, dtype="int8"), dtype="int64", gradient=False),
            sample(exactly(1, -1), dtype="bool", gradient=False),
            sample((0, 3), axis=0, judge="numpy" if name == "_np_prod" else "mxnet", gradient=False),
            sample(()),
            sample((), axis=-1),
            sample((2, 3), axis=0, initial=2.5, judge="numpy"),
        ],
        refusals=_axis_refusals,
    )


_declare_adding("_np_sum", _sum, torch.add, "sum")
_declare_adding("_np_prod", _prod, torch.mul, "product", ("_np_product",))


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
        As in `_np_sum`.
    initial : None
        MXNet declares it; neither it nor NumPy gives a mean a number to begin with.
    """
    if initial is not None:
        raise MXNetError(f"_npi_mean: initial must be None; received {initial}")
    axes = axes_of("_npi_mean", a, axis)
    kind = dtype or (a.dtype if a.is_floating_point() else torch.float32)
    computed = converted(a, kind if kind.is_floating_point else torch.float64)
    return converted(torch.mean(computed, axes, keepdim=keepdims) if axes else computed.clone(), kind)


cases(
    "_npi_mean",
    samples=lambda: [
        sample((2, 3)),
        sample((2, 3, 4), axis=(0, 2), keepdims=True),
        sample(Input((2, 3), "int32"), axis=1, gradient=False),
        sample(Input((2, 3), "bool", 0, 2), gradient=False),
        sample(Input((2, 3), "float64"), axis=0),
        sample(Input((2, 3), "float32", 2, 3), dtype="int32", gradient=False),
        sample((), axis=0),
    ],
    refusals=lambda: [*_axis_refusals(), refused("initial must be None", (2, 3), initial=1)],
)

_EXTREME = """Return the {what} element over axes; NaN if there is one.

Each of several equal elements gets the full gradient.

Parameters
----------
a : NDArray
    Numbers or bool, at least one for each element of the result.
axis : int or tuple of int, optional
    The axes; by default all.
keepdims : bool, default False
    Whether the axes stay, with length 1.
initial : float, optional
    A number to compare with, too, so that no element is needed; MXNet refuses it.
"""


def _declare_extreme(
    name: str, find: Callable[..., Tensor], of_two: Callable[..., Tensor], what: str, alias: str
) -> None:
    reduce = extreme(find)

    @operator(name, aliases=[alias], kind="other", flops=per_input())
    def extreme_element(
        a: Tensor, *, axis: Shape | None = None, keepdims: bool = False, initial: float | None = None
    ) -> Tensor:
        axes = axes_of(name, a, axis)
        if not all(a.shape[each] for each in axes):
            if initial is None:
                raise MXNetError(
                    f"{name}: a must have an element for each of the result; received shape {tuple(a.shape)}; "
                    "check for emptiness first"
                )
            return without_gradient(_sum(a, axes, keepdims) + initial, a).to(a.dtype)
        found = reduce(a, axes, keepdims) if axes else a.clone()
        return found if initial is None else of_two(found, found.new_tensor(initial))

    distinct = Input((2, 3, 4), distinct=True)
    extreme_element.__name__ = name
    extreme_element.__doc__ = _EXTREME.format(what=what)
    cases(
        name,
        samples=lambda: [
            sample(distinct),
            sample(distinct, axis=1),
            sample(distinct, axis=(-1, 0), keepdims=True),
            sample(distinct, axis=()),
            sample((0, 3), axis=1, gradient=False),
            sample(()),
            sample(Input((2, 4), "int32", -9, 9), axis=1, gradient=False),
            sample(exactly(0, 1, 0, 0, 1, 1, shape=(3, 2), dtype="bool"), axis=1, gradient=False),
            sample(exactly(1, 3, 3, 0, 0, 0, shape=(2, 3)), axis=1, derivative=False),
            sample(exactly(1, math.nan, 2, 3, shape=(2, 2)), axis=1, gradient=False),
            sample(distinct, axis=1, initial=0.5, judge="numpy", gradient=False),
        ],
        refusals=lambda: [*_axis_refusals(), refused("must have an element", (2, 0))],
    )


_declare_extreme("_np_max", torch.amax, torch.maximum, "largest", "_np_amax")
_declare_extreme("_np_min", torch.amin, torch.minimum, "smallest", "_np_amin")

_TRUTH = """Return whether {what} over axes differ from 0.

Parameters
----------
data : NDArray
    Numbers or bool; NaN differs from 0.
axis : int or tuple of int, optional
    The axes; by default all.
keepdims : bool, default False
    Whether the axes stay, with length 1.
"""


def _declare_truth(name: str, reduce: Callable[..., Tensor], what: str, aliases: tuple[str, ...] = ()) -> None:
    @operator(name, aliases=aliases, types="T -> bool", kind="other", flops=per_input(), precision="any")
    def truth(data: Tensor, *, axis: Shape | None = None, keepdims: bool = False) -> Tensor:
        found = data.detach() if data.dtype is torch.bool else data.detach() != 0
        axes = axes_of(name, data, axis)
        if axes and len(axes) == data.dim() and not keepdims:
            return without_gradient(reduce(found), data)
        for each in reversed(axes):  # torch reduces one axis, or all
            found = reduce(found, each, keepdim=keepdims)
        found = found if axes else found.clone()
        return without_gradient(found, data)

    truth.__name__ = name
    truth.__doc__ = _TRUTH.format(what=what)
    cases(
        name,
        samples=lambda: [
            sample(exactly(1, 0, math.nan, 2, 0, 0, shape=(2, 3)), axis=1, gradient=False),
            sample(exactly(1, 0, 3, 2, 0, 0, 7, 8, shape=(2, 2, 2)), axis=(2, 0), keepdims=True, gradient=False),
            sample(Input((2, 3), "int32", 0, 2), axis=(), gradient=False),
            sample(Input((2, 3), "bool", 0, 2), axis=-1, gradient=False),
            sample((0, 3), axis=0, gradient=False),
            sample((), gradient=False),
        ],
        refusals=_axis_refusals,
    )


_declare_truth("_np_all", torch.all, "all elements")
_declare_truth("_np_any", torch.any, "any elements", ("_np_sometrue",))
