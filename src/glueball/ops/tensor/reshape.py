"""Changing the shape of an array: Reshape with its codes, Flatten, reshape_like, expand_dims, squeeze."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..axes import distinct_axes
from ..declare import cases, operator
from ..samples import refused, sample
from ..shape_rule import UNKNOWN, PartialShape, with_axes
from .reshape_codes import resolve_shape, resolve_target_shape


def _asked(
    lengths: Sequence[int], shape: Shape, reverse: bool, target_shape: Shape, keep_highest: bool
) -> Sequence[int]:
    """Return the shape of the result for an array of these lengths, which may be UNKNOWN."""
    if shape:
        return resolve_shape(lengths, shape, reverse)
    if target_shape:
        return resolve_target_shape(lengths, target_shape, keep_highest)
    raise MXNetError("Reshape: shape must be given; received nothing; pass shape=(...), such as (-1,)")


def _reshaped(shapes: Sequence[Any], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    return [tuple(_asked(shapes[0], **attributes))]


def _data_of_result(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    """Complete the one length that is not known, from the number of elements of the result."""
    data, result = inputs[0], outputs[0]
    if data is None or result is None or UNKNOWN in result or data.count(UNKNOWN) != 1:
        return inputs
    length, rest = divmod(math.prod(result), -math.prod(data))  # UNKNOWN is -1
    return inputs if rest else [tuple([length if each == UNKNOWN else each for each in data])]


@operator(
    "Reshape", aliases=["reshape"], from_partial=with_axes(_reshaped), from_outputs=_data_of_result, may_alias=True,
    kind="shape", flops=0, caption="{shape}",
)  # fmt: skip
def reshape(
    data: Tensor,
    *,
    shape: Shape = (),
    reverse: bool = False,
    target_shape: Shape = (),
    keep_highest: bool = False,
) -> Tensor:
    """Change the shape of an array; its elements keep their order.

    Parameters
    ----------
    data : NDArray
        Any shape.
    shape : tuple of int
        The new shape. A positive number is a length; the others are codes, read from the left, about the next axis
        of `data`: 0 keeps its length; -1 is whatever length remains, once only; -2 keeps all the axes that
        remain; -3 merges two axes; -4, followed by two numbers of which one may be -1, splits one axis.
    reverse : bool, default False
        Read `shape` from the right, and match it with the axes of `data` from the right.
    target_shape, keep_highest
        MXNet's older notation: lengths, one of which may be 0 and is inferred; with `keep_highest` the first is that
        of `data`. Used only if `shape` is not given.

    Returns
    -------
    NDArray
        A copy in the new shape; the method ``NDArray.reshape`` gives a view instead. Of too many elements these are
        the first ones.

    Raises
    ------
    MXNetError
        There are too few elements, or too many where a gradient is recorded, or the codes do not fit.

    Examples
    --------
    >>> from glueball import nd
    >>> x = nd.zeros((2, 3, 4))
    >>> nd.reshape(x, shape=(0, -1)).shape, nd.reshape(x, shape=(-3, 0)).shape
    ((2, 12), (6, 4))
    >>> nd.reshape(x, shape=(-1, 0), reverse=True).shape
    (6, 4)
    """
    target = _asked(data.shape, shape, reverse, target_shape, keep_highest)
    count = math.prod(target)
    if count == data.numel():
        return data.reshape(target)
    if count > data.numel() or count == 0 or data.requires_grad:
        raise MXNetError(
            f"Reshape: {data.numel()} elements cannot be put into shape {target}; "
            f"received {shape or target_shape} for an array of shape {tuple(data.shape)}"
        )
    return data.reshape(-1)[:count].reshape(target)


cases(
    "Reshape",
    samples=lambda: [
        sample((2, 3, 4), shape=(4, 6)),
        sample((2, 3, 4), shape=(0, -1)),
        sample((2, 3, 4), shape=(-3, -2)),
        sample((2, 3, 4), shape=(0, -4, -1, 3, 0)),
        sample((2, 3, 4), shape=(-1, 0), reverse=True),
        # Fewer numbers than there are: MXNet computes this too, but may damage its heap.
        sample((2, 3, 4), shape=(0, 0, 2), gradient=False, judge="numpy"),
        sample((2, 3, 4), shape=(5, -1), gradient=False, judge="numpy"),
        sample((2, 3, 4), target_shape=(0, 6)),
        sample((2, 3, 4), target_shape=(0, 0), keep_highest=True),
    ],
    refusals=lambda: [
        refused("24 elements cannot", (2, 3, 4), shape=(5, 5)),
        refused("shape must be given", (2, 3, 4)),
        refused("-1 must stand for one axis", (2, 3), shape=(-1, -1)),
        refused("more axes than the array has", (2, 3), shape=(0, 0, 0)),
        refused("must multiply to 2", (2, 3), shape=(-4, 2, 2, -2)),
        refused("must multiply to 2", (2, 3), shape=(-4, -2, -1, -2)),
        refused("must be followed by two", (2, 3), shape=(-4, 2)),
        refused("each code must be", (2, 3), shape=(-5,)),
        refused("at most one 0", (2, 3), target_shape=(0, 0)),
        refused("must be lengths", (2, 3), target_shape=(-2, -3)),
    ],
)


@operator(
    "Flatten",
    npx="batch_flatten",
    from_partial="nothing",
    aliases=["flatten"],
    may_alias=True,
    method="flatten",
    kind="shape",
    flops=0,
    minor=True,
)
def flatten(data: Tensor) -> Tensor:
    """Keep the first axis and merge all others into one: (N, ...) becomes (N, K).

    Examples
    --------
    >>> from glueball import nd
    >>> nd.flatten(nd.zeros((2, 3, 4))).shape
    (2, 12)
    """
    return data.reshape(data.shape[0], math.prod(data.shape[1:])) if data.dim() else data.reshape(1, 1)


cases("Flatten", samples=lambda: [sample((2, 3, 4)), sample((3,))])


@operator(
    "reshape_like",
    npx="reshape_like",
    gradient_names=("backward", "rhs_backward"),
    types="T, L -> T",
    may_alias=True,
    method="reshape_like",
    kind="shape",
    flops=0,
)
def reshape_like(
    lhs: Tensor,
    rhs: Tensor,
    *,
    lhs_begin: int | None = None,
    lhs_end: int | None = None,
    rhs_begin: int | None = None,
    rhs_end: int | None = None,
) -> Tensor:
    """Give `lhs` the shape of `rhs`, or some axes of `lhs` the lengths of some axes of `rhs`.

    Parameters
    ----------
    lhs : NDArray
        The elements.
    rhs : NDArray
        The shape; its values are not used.
    lhs_begin, lhs_end : int, optional
        The axes of `lhs` that are replaced, by default all; the end is not included, negative numbers count from
        the end.
    rhs_begin, rhs_end : int, optional
        The axes of `rhs` that replace them, by default all.

    Raises
    ------
    MXNetError
        A range of axes is empty, or the number of elements differs.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.reshape_like(nd.zeros((6, 7)), nd.zeros((3, 2, 4)), lhs_end=1, rhs_end=2).shape
    (3, 2, 7)
    """
    replaced = _axis_range("lhs", lhs_begin, lhs_end, lhs.dim())
    taken = _axis_range("rhs", rhs_begin, rhs_end, rhs.dim())
    shape = tuple(lhs.shape)
    target = (*shape[: replaced.start], *rhs.shape[taken], *shape[replaced.stop :])
    if math.prod(target) != lhs.numel():
        raise MXNetError(
            f"reshape_like: {lhs.numel()} elements cannot be put into shape {target}; "
            f"received lhs {shape} and rhs {tuple(rhs.shape)}"
        )
    return lhs.reshape(target)


cases(
    "reshape_like",
    samples=lambda: [
        sample((2, 3), (3, 2)),
        sample((6, 7), (3, 2, 4), lhs_begin=0, lhs_end=1, rhs_begin=0, rhs_end=2),
        sample((3, 8), (3, 2, 4), lhs_begin=-1, rhs_begin=-2),
    ],
    refusals=lambda: [
        refused("cannot be put into shape", (2, 3), (3, 3)),
        refused("lhs_begin to lhs_end must", (3, 8), (3, 2, 4), lhs_begin=1, lhs_end=0),
        refused("rhs_begin to rhs_end must", (3, 8), (3, 2, 4), rhs_begin=5),
    ],
)


def _axis_range(side: str, begin: int | None, end: int | None, rank: int) -> slice:
    start = 0 if begin is None else begin + rank * (begin < 0)
    stop = rank if end is None else end + rank * (end < 0)
    if not 0 <= start < stop <= rank:
        raise MXNetError(
            f"reshape_like: {side}_begin to {side}_end must be at least one of the {rank} axes; "
            f"received {begin} to {end}"
        )
    return slice(start, stop)


@operator("expand_dims", aliases=["_npi_expand_dims"], may_alias=True, method="expand_dims", kind="shape", flops=0)
def expand_dims(data: Tensor, *, axis: int) -> Tensor:
    """Insert an axis of length 1.

    Parameters
    ----------
    data : NDArray
        Any shape.
    axis : int
        Its position in the result, from -n-1 to n for n axes.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.expand_dims(nd.zeros((2, 3)), axis=1).shape
    (2, 1, 3)
    """
    if not -data.dim() <= axis + 1 <= data.dim() + 1:
        raise MXNetError(f"expand_dims: axis must be from {-data.dim() - 1} to {data.dim()}; received {axis}")
    return data.unsqueeze(axis)


cases(
    "expand_dims",
    samples=lambda: [sample((2, 3), axis=0), sample((2, 3), axis=-1), sample((2, 3), axis=2)],
    refusals=lambda: [refused("axis must be from -3 to 2", (2, 3), axis=3), refused("axis must be given", (2, 3))],
)


@operator("squeeze", names_inputs=True, from_partial="nothing", may_alias=True, method="squeeze", kind="shape", flops=0)
def squeeze(data: Tensor, *, axis: Shape | None = None) -> Tensor:
    """Drop axes of length 1.

    Parameters
    ----------
    data : NDArray
        Any shape.
    axis : int or tuple of int, optional
        The axes to drop, which must have length 1; by default all such axes.

    Returns
    -------
    NDArray
        At least one axis remains: (1, 1) becomes (1,).

    Examples
    --------
    >>> from glueball import nd
    >>> nd.squeeze(nd.zeros((1, 2, 1))).shape, nd.squeeze(nd.zeros((1, 2, 1)), axis=0).shape
    ((2,), (2, 1))
    """
    target = squeezed_shape(tuple(data.shape), axis)
    return data.reshape(target)


cases(
    "squeeze",
    samples=lambda: [
        sample((1, 2, 1)),
        sample((1, 1)),
        sample((1, 2, 1), axis=0),
        sample((1, 2, 1), axis=(0, -1)),
        sample((2, 3)),
    ],
    refusals=lambda: [
        refused("axis 1 must have length 1", (1, 2, 1), axis=1),
        refused("axis must be from", (1, 2, 1), axis=3),
        refused("axis must name each axis once", (1, 2, 1), axis=(0, -3)),
    ],
)


def squeezed_shape(shape: tuple[int, ...], axis: Shape | None) -> tuple[int, ...]:
    """Return what `squeeze` makes of a shape."""
    if axis is None:
        dropped = [position for position, length in enumerate(shape) if length == 1]
    else:
        dropped = distinct_axes("squeeze", axis, len(shape))
        for position in dropped:
            if shape[position] != 1:
                raise MXNetError(f"squeeze: axis {position} must have length 1; received shape {shape}")
    kept = tuple([length for position, length in enumerate(shape) if position not in dropped])
    return kept or (1,)[: len(shape)]
