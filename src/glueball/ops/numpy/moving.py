"""Moving elements without changing them, as ``mx.np`` does: axes in another order, rolled, turned and flipped."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import InvalidValueError, MXNetError
from ..attrs import Shape
from ..axes import distinct_axes, one_axis
from ..declare import cases, operator
from ..samples import Input, refused, sample


@operator("_np_transpose", may_alias=True, kind="shape", flops=0, caption="{axes}", precision="unlisted")
def transpose(a: Tensor, *, axes: Shape | None = None) -> Tensor:
    """Permute the axes.

    Parameters
    ----------
    a : NDArray
        Any shape.
    axes : tuple of int, optional
        For each axis of the result, the axis of `a` that it comes from; by default the reverse order.
    """
    if axes is None:
        return a.permute(tuple(range(a.dim()))[::-1])
    found = [one_axis("_np_transpose", axis, a.dim(), "axes") for axis in axes]
    if len(found) != a.dim() or len(set(found)) < len(found):
        kind = MXNetError if len(found) != a.dim() else InvalidValueError
        raise kind(f"_np_transpose: axes must name each of the {a.dim()} axes once; received {axes}")
    return a.permute(found)


cases(
    "_np_transpose",
    samples=lambda: [
        sample((2, 3, 4)), sample((2, 3, 4), axes=(1, 0, 2)), sample((2, 3, 4), axes=(0, -1, 1)), sample((4,)),
        sample(()),
        sample((0, 3)), sample(Input((2, 3), "int32"), gradient=False),
    ],
    refusals=lambda: [
        refused("each of the 2 axes once", (2, 3), axes=(0,)), refused("each of the 2 axes once", (2, 3), axes=(0, 0)),
        refused("from -2 to 1", (2, 3), axes=(0, 2)),
    ],
)  # fmt: skip


@operator("_np_moveaxis", may_alias=True, kind="shape", flops=0, precision="unlisted")
def moveaxis(a: Tensor, *, source: Shape, destination: Shape) -> Tensor:
    """Move axes to other positions; the rest keep their order.

    Parameters
    ----------
    a : NDArray
        Any shape.
    source, destination : int or tuple of int
        Where the axes are, and where they go; as many of both.
    """
    origins = distinct_axes("_np_moveaxis", source, a.dim(), "source")
    targets = distinct_axes("_np_moveaxis", destination, a.dim(), "destination")
    if len(origins) != len(targets):
        raise MXNetError(
            f"_np_moveaxis: source and destination must name equally many axes; received {source} and {destination}"
        )
    return torch.movedim(a, tuple(origins), tuple(targets))


cases(
    "_np_moveaxis",
    samples=lambda: [
        sample((2, 3, 4), source=0, destination=2), sample((2, 3, 4), source=(0, 1), destination=(-1, -2)),
        sample((0, 3), source=0, destination=1),
    ],
    refusals=lambda: [
        refused("equally many", (2, 3), source=(0, 1), destination=(1,)),
        refused("source must be from -2 to 1", (2, 3), source=2, destination=0),
        refused("destination must name each axis once", (2, 3), source=(0, 1), destination=(1, 1)),
    ],
)  # fmt: skip


@operator("_np_roll", elementwise=True, names_inputs=True, kind="shape", flops=0, precision="unlisted")
def roll(data: Tensor, *, shift: Shape | None = None, axis: Shape | None = None) -> Tensor:
    """Shift the elements; those that leave at an end come in at the other.

    Parameters
    ----------
    data : NDArray
        Any shape.
    shift : int or tuple of int
        How far, for each axis or for all of them.
    axis : int or tuple of int, optional
        Along which axes; by default the elements are shifted in the order in which they are stored.
    """
    if not shift or (axis is None and len(shift) != 1) or (axis is not None and len(shift) not in (1, len(axis))):
        raise MXNetError(
            f"_np_roll: shift must be an int, or a number for each axis in axis; received {shift} for {axis}"
        )
    if axis is None:
        return data.reshape(-1).roll(shift[0]).reshape(data.shape)
    axes = distinct_axes("_np_roll", axis, data.dim())
    return data.roll(shift * len(axes) if len(shift) == 1 else shift, axes) if axes else data.clone()


cases(
    "_np_roll",
    samples=lambda: [
        sample((2, 3), shift=1), sample((2, 3), shift=-7), sample((2, 3), shift=1, axis=-1),
        sample((2, 3), shift=(1, 2), axis=(0, 1)), sample((2, 3), shift=1, axis=(0, 1)), sample((), shift=1),
        sample((0, 3), shift=1, axis=1), sample(Input((2, 3), "int32"), shift=1, gradient=False),
    ],
    refusals=lambda: [
        refused("shift must be", (2, 3), shift=(1, 2), axis=0), refused("shift must be", (2, 3), shift=(1, 1)),
        refused("shift must be", (2, 3)), refused("from -2 to 1", (2, 3), shift=1, axis=2),
        refused("once", (2, 3), shift=1, axis=(0, 0)),
    ],
)  # fmt: skip


@operator("_npi_rot90", names_inputs=True, kind="shape", flops=0, precision="unlisted")
def rot90(data: Tensor, *, k: int = 1, axes: Shape | None = None) -> Tensor:
    """Turn by 90 degrees in the plane of two axes, from the first of them toward the second.

    Parameters
    ----------
    data : NDArray
        At least two axes.
    k : int, default 1
        How many times.
    axes : tuple of int
        The two axes.
    """
    if axes is None or len(axes) != 2:
        raise MXNetError(f"_npi_rot90: axes must be two ints; received {axes}")
    plane = distinct_axes("_npi_rot90", axes, data.dim(), "axes")
    turned = torch.rot90(data, k, plane)
    return turned.clone() if k % 4 == 0 else turned


cases(
    "_npi_rot90",
    samples=lambda: [
        *[sample((2, 3), k=k, axes=(0, 1), gradient=False) for k in (-1, 0, 1, 2, 3, 5)],
        sample((2, 3, 4), axes=(2, 0), gradient=False), sample((2, 3, 4), k=3, axes=(0, -1), gradient=False),
        sample((0, 3), axes=(0, 1)),
        # MXNet turns the gradient in the wrong direction.
        sample((2, 3), axes=(0, 1), judge="numpy"), sample((2, 3, 4), k=3, axes=(0, -1), judge="numpy"),
    ],
    refusals=lambda: [
        refused("two ints", (2, 3)), refused("two ints", (2, 3, 4), axes=(0, 1, 2)),
        refused("once", (2, 3), axes=(0, 0)),
        refused("from -2 to 1", (2, 3), axes=(0, 2)),
    ],
)  # fmt: skip


@operator("_npi_flip", elementwise=True, names_inputs=True, kind="shape", flops=0, precision="unlisted")
def flip(data: Tensor, *, axis: Shape | None) -> Tensor:
    """Reverse the order of the elements along axes.

    Parameters
    ----------
    data : NDArray
        Any shape.
    axis : int or tuple of int, optional
        Along which axes; an axis named twice is reversed twice, and None stands for all.
    """
    if axis is None:
        return data.flip(tuple(range(data.dim())))
    found = [one_axis("_npi_flip", each, data.dim()) for each in axis]
    return data.flip([each for each in sorted(set(found)) if found.count(each) % 2])


cases(
    "_npi_flip",
    samples=lambda: [
        sample((2, 3), axis=0), sample((2, 3, 4), axis=(0, 2)), sample((2, 3), axis=()), sample((2, 3), axis=None),
        sample((), axis=()),
        sample((0, 3), axis=0), sample((2, 3), axis=-1, judge="numpy"), sample((2, 3), axis=(0, 0)),
    ],
    refusals=lambda: [refused("from -2 to 1", (2, 3), axis=2)],
)  # fmt: skip
