"""Repeating elements: the broadcast family, tile and repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.numpy_mode import numpy_mode
from ..attrs import NonNegative, Shape
from ..axes import one_axis
from ..declare import cases, operator
from ..samples import refused, sample
from ..shape_rule import UNKNOWN, PartialShape, with_axes


@operator("broadcast_to", may_alias=True, method="broadcast_to", from_outputs="nothing", kind="shape", flops=0)
def broadcast_to(data: Tensor, *, shape: Shape = ()) -> Tensor:
    """Broadcast axes of length 1 to a shape.

    Parameters
    ----------
    data : NDArray
        Any shape.
    shape : tuple of int
        The new shape, one length per axis; 0 keeps the length of the axis.

    Raises
    ------
    MXNetError
        An axis that is not of length 1 would change.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.broadcast_to(nd.array([[1], [2]]), shape=(0, 3)).asnumpy().tolist()
    [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]
    """
    if len(shape) != data.dim():
        raise MXNetError(
            f"broadcast_to: shape must have as many lengths as data has axes, {data.dim()}; received {shape}; "
            "insert axes with expand_dims or reshape"
        )
    target = [wanted or length for wanted, length in zip(shape, data.shape, strict=True)]
    return stretch("broadcast_to", data, target)


cases(
    "broadcast_to",
    samples=lambda: [sample((1, 3), shape=(2, 3)), sample((2, 1, 3), shape=(0, 4, 0))],
    refusals=lambda: [
        refused("as many lengths as data has axes", (3,), shape=(2, 3)),
        refused("axis 1 of length 3 cannot be stretched to 4", (1, 3), shape=(2, 4)),
        refused("axis 0 of length 1 cannot be stretched to -2", (1, 3), shape=(-2, 3)),
    ],
)


def stretch(owner: str, data: Tensor, target: list[int]) -> Tensor:
    """Expand data to a shape with as many axes; raises MXNetError, which names the axis that does not fit."""
    for axis, (wanted, length) in enumerate(zip(target, data.shape, strict=True)):
        if wanted != length and (length != 1 or wanted < 0):
            raise MXNetError(
                f"{owner}: axis {axis} of length {length} cannot be stretched to {wanted}; received data of shape "
                f"{tuple(data.shape)}; only axes of length 1 can"
            )
    return data.expand(target)


@operator(
    "broadcast_axis",
    from_partial="nothing",
    aliases=["broadcast_axes"],
    may_alias=True,
    method="broadcast_axes",
    kind="shape",
    flops=0,
)
def broadcast_axis(data: Tensor, *, axis: Shape = (), size: Shape = ()) -> Tensor:
    """Broadcast the named axes, which must have length 1.

    Parameters
    ----------
    data : NDArray
        Any shape.
    axis : int or tuple of int
        Which axes. Differs from MXNet: negative numbers count from the end.
    size : int or tuple of int
        Their new lengths.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.broadcast_axis(nd.zeros((1, 2, 1)), axis=(0, 2), size=(4, 3)).shape
    (4, 2, 3)
    """
    if len(axis) != len(size):
        raise MXNetError(f"broadcast_axis: size must give one size per axis; received axis {axis} and size {size}")
    target = list(data.shape)
    for position, length in zip(axis, size, strict=True):
        target[one_axis("broadcast_axis", position, data.dim())] = length
    return stretch("broadcast_axis", data, target)


cases(
    "broadcast_axis",
    samples=lambda: [sample((1, 2, 1), axis=(0, 2), size=(2, 3)), sample((1, 2), axis=0, size=3), sample((1, 2))],
    refusals=lambda: [
        refused("one size per axis", (1, 2, 1), axis=(0, 2), size=(2,)),
        refused("axis 1 of length 2 cannot", (1, 2, 1), axis=1, size=4),
        refused("axis must be from", (1, 2), axis=2, size=4),
    ],
)


def _broadcast_like_shape(shapes: Sequence[Any], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """Return the lengths of `rhs` where those of `lhs` are 1 or not known; an unknown one leaves the result unknown."""
    lhs, rhs = shapes
    left, right = attributes["lhs_axes"], attributes["rhs_axes"]
    if left is None and right is None:
        left = right = tuple(range(len(lhs)))
    fits = left and right and len(left) == len(right)
    if not fits or max(-min(left), max(left) + 1) > len(lhs) or max(-min(right), max(right) + 1) > len(rhs):
        return [None]
    target = list(lhs)
    for one, other in zip(left, right, strict=True):
        if lhs[one] in (1, UNKNOWN):
            target[one] = rhs[other]
    return [tuple(target)]


@operator(
    "broadcast_like",
    gradient_names=("backward", "rhs_backward"),
    types="T, L -> T",
    may_alias=True,
    from_outputs="nothing",
    from_partial=with_axes(_broadcast_like_shape),
    kind="shape",
    flops=0,
)
def broadcast_like(lhs: Tensor, rhs: Tensor, *, lhs_axes: Shape | None = None, rhs_axes: Shape | None = None) -> Tensor:
    """Broadcast axes of length 1 of `lhs` to the lengths of `rhs`.

    Parameters
    ----------
    lhs : NDArray
        The array to broadcast.
    rhs : NDArray
        Gives the lengths; its values are not used.
    lhs_axes, rhs_axes : tuple of int, optional
        Pairs of axes; by default axes of the same number are paired. Negative numbers count from the end.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.broadcast_like(nd.zeros((1, 3)), nd.zeros((2, 3))).shape
    (2, 3)
    """
    if lhs_axes is None and rhs_axes is None:
        if lhs.dim() != rhs.dim():
            raise MXNetError(
                f"broadcast_like: lhs and rhs must have the same number of axes; received {tuple(lhs.shape)} and "
                f"{tuple(rhs.shape)}; name the axes with lhs_axes and rhs_axes"
            )
        return stretch("broadcast_like", lhs, list(rhs.shape))
    if not lhs_axes or not rhs_axes or len(lhs_axes) != len(rhs_axes):
        raise MXNetError(
            "broadcast_like: lhs_axes and rhs_axes must name the same number of axes, at least one; "
            f"received {lhs_axes} and {rhs_axes}"
        )
    target = list(lhs.shape)
    for left, right in zip(lhs_axes, rhs_axes, strict=True):
        length = rhs.shape[one_axis("broadcast_like", right, rhs.dim(), "rhs_axes")]
        target[one_axis("broadcast_like", left, lhs.dim(), "lhs_axes")] = length
    return stretch("broadcast_like", lhs, target)


cases(
    "broadcast_like",
    samples=lambda: [
        sample((1, 3), (2, 3)),
        sample((1, 2, 3), (5, 6, 7), lhs_axes=(0,), rhs_axes=(1,)),
        sample((1, 2, 1), (5, 6, 7), lhs_axes=(-1, 0), rhs_axes=(0, -1)),
    ],
    refusals=lambda: [
        refused("cannot be stretched to 4", (1, 3), (2, 4)),
        refused("the same number of axes", (3,), (2, 3)),
        refused("lhs_axes and rhs_axes must", (1, 2), (5, 6), lhs_axes=(0,), rhs_axes=(0, 1)),
        refused("lhs_axes and rhs_axes must", (1, 2), (5, 6), lhs_axes=(0,)),
        refused("lhs_axes and rhs_axes must", (1, 2), (5, 6), rhs_axes=(0,)),
        refused("lhs_axes and rhs_axes must", (1, 2), (5, 6), lhs_axes=(), rhs_axes=()),
        refused("lhs_axes must be from", (1, 2), (5, 6), lhs_axes=(2,), rhs_axes=(0,)),
    ],
)


@operator(
    "tile", aliases=["_npi_tile"], names_inputs=True, from_partial="nothing", method="tile", kind="shape", flops=0
)
def tile(data: Tensor, *, reps: Shape) -> Tensor:
    """Repeat the whole array along its axes.

    Parameters
    ----------
    data : NDArray
        Any shape.
    reps : int or tuple of int
        The number of copies along each axis, at least 1, or 0 with NumPy's shapes; fewer numbers than axes apply to the
        last axes, more of them add new axes in front.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.tile(nd.array([1, 2]), reps=(2, 2)).asnumpy().tolist()
    [[1.0, 2.0, 1.0, 2.0], [1.0, 2.0, 1.0, 2.0]]
    """
    if any(count < (0 if numpy_mode.shapes else 1) for count in reps):
        raise MXNetError(f"tile: reps must be positive ints; received {reps}")
    return torch.tile(data, reps)


cases(
    "tile",
    samples=lambda: [sample((2, 3), reps=(2, 2)), sample((2, 3), reps=(2,)), sample((2, 3), reps=(2, 1, 2))],
    refusals=lambda: [refused("reps must be positive", (2, 3), reps=(0, 2))],
)


@operator(
    "repeat", aliases=["_np_repeat"], names_inputs=True, method="repeat", from_outputs="nothing", kind="shape", flops=0
)
def repeat(data: Tensor, *, repeats: NonNegative, axis: int | None = None) -> Tensor:
    """Repeat each element, or each slice along an axis.

    Parameters
    ----------
    data : NDArray
        Any shape.
    repeats : int
        The number of repetitions.
    axis : int, optional
        Along which axis; by default each element is repeated, and the result has one axis.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.repeat(nd.array([[1, 2], [3, 4]]), repeats=2).asnumpy().tolist()
    [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0]
    """
    if axis is None:
        return data.reshape(-1).repeat_interleave(repeats)
    return data.repeat_interleave(repeats, one_axis("repeat", axis, data.dim()))


cases(
    "repeat",
    samples=lambda: [sample((2, 3), repeats=2), sample((2, 3), repeats=3, axis=0), sample((2, 3), repeats=2, axis=-1)],
    refusals=lambda: [
        refused("axis must be from", (2, 3), repeats=2, axis=2),
        refused("repeats must be", (2, 3), repeats=-1),
    ],
)
