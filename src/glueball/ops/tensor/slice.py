"""Parts of an array along its axes: slice, slice_axis, slice_like, and writing into such a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Indices, Shape
from ..axes import distinct_axes, one_axis
from ..declare import cases, operator
from ..samples import refused, sample
from ..shape_rule import UNKNOWN, PartialShape, first_of_several, merge_or_first, with_axes
from ..sparse.places import SLICE


def forwards(part: slice, length: int) -> tuple[slice, bool]:
    """Return a slice of the same elements that runs forward, and whether they must be reversed.

    torch has no negative steps.
    """
    span = range(*part.indices(length))
    if span.step > 0:
        return slice(span.start, max(span.start, span.stop), span.step), False
    if not span:
        return slice(0, 0, 1), False
    return slice(span[-1], span[0] + 1, -span.step), len(span) > 1


def take_slices(data: Tensor, parts: Sequence[slice]) -> Tensor:
    """Index the first axes with slices, which may run backward."""
    pairs = [forwards(part, data.shape[axis]) for axis, part in enumerate(parts)]
    turned = [axis for axis, (_, backwards) in enumerate(pairs) if backwards]
    found = data[tuple([part for part, _ in pairs])]
    return found.flip(turned) if turned else found


def _parts(owner: str, data: Tensor, begin: Indices, end: Indices, step: Indices) -> list[slice]:
    """Check begin, end and step against the data and pair them up."""
    if len(begin) != len(end) or (step and len(step) != len(begin)):
        raise MXNetError(f"{owner}: begin, end and step must be equally long; received {begin}, {end} and {step}")
    if len(begin) > data.dim():
        raise MXNetError(f"{owner}: begin must have at most {data.dim()} items, one per axis; received {begin}")
    if 0 in step:
        raise MXNetError(f"{owner}: step must not contain 0; received {step}")
    return [slice(*edges) for edges in zip(begin, end, step or (None,) * len(begin), strict=True)]


def _slice_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """Return the lengths of parts of known axes; as in MXNet, any part of an unknown length is unknown."""
    (shape,) = shapes
    edges = attributes["begin"], attributes["end"], attributes["step"] or (None,) * len(attributes["begin"])
    if shape is None or len(edges[0]) > len(shape):
        return None
    parts = [slice(*each) for each in zip(*edges, strict=True)]
    lengths = [
        length if length == UNKNOWN else len(range(length)[part]) for length, part in zip(shape, parts, strict=False)
    ]
    return [(*lengths, *shape[len(parts) :])]


@operator(
    "slice",
    npx="slice",
    aliases=["_npi_slice", "crop", "_sparse_slice"],
    from_partial=_slice_shapes,
    may_alias=True,
    method="slice",
    kind="shape",
    flops=0,
    sparse=SLICE,
)
def slice_(data: Tensor, *, begin: Indices, end: Indices, step: Indices = ()) -> Tensor:
    """Cut a box out of an array, with the rules of Python's slices.

    Parameters
    ----------
    data : NDArray
        Any shape.
    begin, end : tuple of int or None
        For each of the first axes where the box begins and ends; None means the edge, negative numbers count from
        the end.
    step : tuple of int or None, optional
        The step along each of these axes, 1 by default; negative ones run backward.

    Returns
    -------
    NDArray
        A copy; empty where nothing lies between begin and end.

    Examples
    --------
    >>> from glueball import nd
    >>> x = nd.array([[1, 2, 3], [4, 5, 6]])
    >>> nd.slice(x, begin=(0, 1), end=(None, None)).asnumpy().tolist()
    [[2.0, 3.0], [5.0, 6.0]]
    """
    return take_slices(data, _parts("slice", data, begin, end, step))


cases(
    "slice",
    samples=lambda: [
        sample((4, 5), begin=(1, 2), end=(3, 4)),
        sample((4, 5), begin=(1, None), end=(None, -1)),
        sample((4, 5), begin=(None, 0), end=(None, 4), step=(-1, 2)),
        sample((4, 5, 2), begin=(3, 1), end=(-5, 9), step=(-2, None)),
        sample((4, 5), begin=(1,), end=(1,), gradient=False),
    ],
    refusals=lambda: [
        refused("equally long", (4, 5), begin=(0,), end=(1, 1)),
        refused("equally long", (4, 5), begin=(0, 0), end=(1, 1), step=(2,)),
        refused("begin must have at most 2 items", (4, 5), begin=(0, 0, 0), end=(1, 1, 1)),
        refused("step must not contain 0", (4, 5), begin=(0,), end=(1,), step=(0,)),
    ],
)


def _slice_axis_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """A range of an axis of unknown length has an unknown length, even if it does not end at the edge."""
    (shape,) = shapes
    if shape is None:
        return [None]
    axis = one_axis("slice_axis", attributes["axis"], len(shape))
    length = shape[axis]
    if length != UNKNOWN:
        length = len(range(length)[attributes["begin"] : attributes["end"]])
    return [(*shape[:axis], length, *shape[axis + 1 :])]


@operator("slice_axis", from_partial=_slice_axis_shapes, may_alias=True, method="slice_axis", kind="shape", flops=0)
def slice_axis(data: Tensor, *, axis: int, begin: int, end: int | None) -> Tensor:
    """Cut a range out of one axis.

    Parameters
    ----------
    data : NDArray
        Any shape.
    axis : int
        Which axis.
    begin, end : int
        The range, without `end`, inside the axis and not empty; None as `end` means the edge, negative numbers count
        from the end.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.slice_axis(nd.array([[1, 2, 3]]), axis=1, begin=0, end=-1).asnumpy().tolist()
    [[1.0, 2.0]]
    """
    axis = one_axis("slice_axis", axis, data.dim())
    length = data.shape[axis]
    start = begin + length * (begin < 0)
    stop = length if end is None else end + length * (end < 0)
    if not 0 <= start < stop <= length:
        raise MXNetError(
            f"slice_axis: begin and end must name a range inside the {length} elements of axis {axis} that is not "
            f"empty; received {begin} and {end}"
        )
    return data.narrow(axis, start, stop - start)


cases(
    "slice_axis",
    samples=lambda: [
        sample((4, 5), axis=0, begin=1, end=3),
        sample((4, 5), axis=-1, begin=1, end=None),
        sample((4, 5), axis=1, begin=-3, end=-1),
    ],
    refusals=lambda: [
        refused("axis must be from", (4, 5), axis=2, begin=0, end=1),
        refused("begin and end must", (4, 5), axis=1, begin=3, end=3),
        refused("begin and end must", (4, 5), axis=1, begin=0, end=9),
        refused("end must be given", (4, 5), axis=1, begin=0),
    ],
)


def _slice_like_shapes(shapes: list[Any], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data, like = shapes
    axes = {axis % len(data) for axis in attributes["axes"] or range(len(data))}
    fitting = len(like) > max(axes)
    return [tuple([like[axis] if axis in axes else length for axis, length in enumerate(data)]) if fitting else None]


@operator(
    "slice_like",
    types="T, L -> T",
    may_alias=True,
    method="slice_like",
    from_partial=with_axes(_slice_like_shapes),
    from_outputs="nothing",
    kind="shape",
    flops=0,
)
def slice_like(data: Tensor, shape_like: Tensor, *, axes: Shape = ()) -> Tensor:
    """Crop axes to their lengths in another array, from the start.

    Parameters
    ----------
    data : NDArray
        The array to crop.
    shape_like : NDArray
        Gives the lengths; its values are not used.
    axes : tuple of int, optional
        Which axes, by default all; negative numbers count from the end.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.slice_like(nd.zeros((4, 5)), nd.zeros((2, 3)), axes=(1,)).shape
    (4, 3)
    """
    if not axes and data.dim() != shape_like.dim():
        raise MXNetError(
            f"slice_like: data and shape_like must have the same number of axes; received {tuple(data.shape)} and "
            f"{tuple(shape_like.shape)}; name the axes with axes=..."
        )
    for axis in distinct_axes("slice_like", axes or range(data.dim()), data.dim(), "axes"):
        length = shape_like.shape[one_axis("slice_like", axis, shape_like.dim(), "axes")]
        if length > data.shape[axis]:
            raise MXNetError(
                f"slice_like: shape_like must not be longer than data along axis {axis}; received "
                f"{tuple(shape_like.shape)} and {tuple(data.shape)}"
            )
        data = data.narrow(axis, 0, length)
    return data


cases(
    "slice_like",
    samples=lambda: [
        sample((4, 5), (2, 3)),
        sample((4, 5), (2, 9), axes=(0,)),
        sample((4, 5), (7, 3), axes=(-1,)),
    ],
    refusals=lambda: [
        refused("not be longer than", (4, 5), (2, 9)),
        refused("the same number of axes", (4, 5), (2,)),
        refused("axes must be from", (4, 5), (2, 3), axes=(2,)),
    ],
)


def _slice_assign_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    whole, box = shapes
    part = _slice_shapes([whole], attributes)
    return [whole, merge_or_first(box, part[0]) if part else box]


@operator(
    "_slice_assign",
    infer_inputs=_slice_assign_shapes,
    from_partial=first_of_several,
    from_outputs="nothing",
    aliases=["_npi_slice_assign", "_crop_assign"],
    kind="other",
    flops=0,
)
def slice_assign(lhs: Tensor, rhs: Tensor, *, begin: Indices, end: Indices, step: Indices = ()) -> Tensor:
    """Return `lhs` with `rhs` written into the box that `slice` would cut out.

    Differs from MXNet: there is a gradient.

    Parameters
    ----------
    lhs : NDArray
        The array, which is copied.
    rhs : NDArray
        What is written, of exactly the shape of the box.
    begin, end, step
        As in `slice`.
    """
    pairs = [
        forwards(part, lhs.shape[axis]) for axis, part in enumerate(_parts("_slice_assign", lhs, begin, end, step))
    ]
    result = lhs.clone(memory_format=torch.contiguous_format)
    box = result[tuple([part for part, _ in pairs])]
    if box.shape != rhs.shape:
        raise MXNetError(
            f"_slice_assign: rhs must have the shape of the box, {tuple(box.shape)}; received {tuple(rhs.shape)}"
        )
    turned = [axis for axis, (_, backwards) in enumerate(pairs) if backwards]
    box.copy_(rhs.flip(turned) if turned else rhs)
    return result


cases(
    "_slice_assign",
    samples=lambda: [
        sample((4, 5), (2, 2), begin=(1, 2), end=(3, 4), gradient=False),
        sample((4, 5), (2, 3), begin=(None, 0), end=(None, 5), step=(2, 2), gradient=False),
        sample((4, 5), (4, 5), begin=(None,), end=(None,), step=(-1,), gradient=False),
    ],
    refusals=lambda: [refused("rhs must have the shape", (4, 5), (2, 1), begin=(1, 2), end=(3, 4))],
)


@operator(
    "_slice_assign_scalar",
    from_partial="nothing",
    aliases=["_npi_slice_assign_scalar", "_crop_assign_scalar"],
    kind="other",
    flops=0,
)
def slice_assign_scalar(
    data: Tensor, *, scalar: float = 0.0, begin: Indices, end: Indices, step: Indices = ()
) -> Tensor:
    """Return `data` with one number written everywhere in the box that `slice` would cut out.

    Differs from MXNet: there is a gradient.

    Parameters
    ----------
    data : NDArray
        The array, which is copied.
    scalar : float, default 0
        The number.
    begin, end, step
        As in `slice`.
    """
    parts = _parts("_slice_assign_scalar", data, begin, end, step)
    result = data.clone(memory_format=torch.contiguous_format)
    result[tuple([forwards(part, data.shape[axis])[0] for axis, part in enumerate(parts)])] = scalar
    return result


cases(
    "_slice_assign_scalar",
    samples=lambda: [
        sample((4, 5), scalar=7, begin=(1, 2), end=(3, 4), gradient=False),
        sample((4, 5), scalar=-1.5, begin=(3, None), end=(None, None), step=(-2, 1), gradient=False),
    ],
    refusals=lambda: [refused("equally long", (4, 5), scalar=1, begin=(1,), end=())],
)
