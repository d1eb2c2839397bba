"""Joining arrays and splitting them: Concat, stack, SliceChannel (split), _split_v2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..attrs import NonNegative, Positive, Shape
from ..axes import one_axis
from ..declare import cases, operator
from ..samples import Input, refused, sample
from ..shape_rule import UNKNOWN, PartialShape, is_known, merge, merge_all, merge_or_first
from ..sparse.places import JOIN
from ..type_rule import Conflict


def _check_alike(owner: str, data: Sequence[Tensor], free_axis: int | None) -> None:
    """Refuse arrays that differ in type, or in a length other than that of `free_axis`."""
    first = data[0]
    for number, array in enumerate(data):
        if array.dtype is not first.dtype:
            raise MXNetError(
                f"{owner}: all arrays must have one type; received {type_name(first.dtype)} and, as number {number}, "
                f"{type_name(array.dtype)}; convert with astype(...)"
            )
        if array.dim() != first.dim() or any(
            a != b for axis, (a, b) in enumerate(zip(array.shape, first.shape, strict=True)) if axis != free_axis
        ):
            but = "" if free_axis is None else f" but for axis {free_axis}"
            raise MXNetError(
                f"{owner}: all arrays must have one shape{but}; received {tuple(first.shape)} and, as number "
                f"{number}, {tuple(array.shape)}"
            )


def concat_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    """All have the same shape except for the length of the joined axis."""
    rank = next((len(shape) for shape in shapes if shape is not None), 0)
    axis = attributes["dim"] + rank * (attributes["dim"] < 0)
    if not 0 <= axis < rank:
        return shapes
    try:
        shared = merge_all([shape and (*shape[:axis], UNKNOWN, *shape[axis + 1 :]) for shape in shapes])
    except Conflict:
        return shapes
    return [merge(shape, shared) for shape in shapes]


def concat_output(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape] | None:
    """Return the shape of what is joined."""
    known = [shape for shape in shapes if shape]
    axis, rank = attributes["dim"], len(known[0]) if known else 0
    if len(known) < len(shapes) or not -rank <= axis < rank:
        return None
    axis %= rank
    parts = [shape[axis] for shape in known]
    return [(*known[0][:axis], UNKNOWN if UNKNOWN in parts else sum(parts), *known[0][axis + 1 :])]


def joined_of_output(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    """Complete what is joined but for the lengths of the joined axis, which MXNet does not take from the result."""
    joined = outputs[0]
    rank = len(joined or ())
    axis = attributes["dim"] + rank * (attributes["dim"] < 0)
    if joined is None or not 0 <= axis < rank:
        return inputs
    shared = (*joined[:axis], UNKNOWN, *joined[axis + 1 :])
    return [merge_or_first(shape, shared) for shape in inputs]


@operator(
    "Concat",
    from_outputs=joined_of_output,
    from_partial=concat_output,
    infer_inputs=concat_shapes,
    infer_outputs=concat_output,
    aliases=["concat", "_sparse_concat"],
    variadic_by="num_args",
    kind="join",
    flops=0,
    caption="axis {dim}",
    precision=("widest", "any"),
    output_names=("output",),
    sparse=JOIN,
)
def concat(*data: Tensor, num_args: Positive, dim: int = 1) -> Tensor:
    """Join arrays along an existing axis.

    Parameters
    ----------
    *data : NDArray
        One or more arrays of the same type, whose shapes differ at most along `dim`.
    num_args : int
        The number of arrays; counted if not given.
    dim : int, default 1
        Along which axis.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.concat(nd.array([[1], [2]]), nd.array([[3, 4], [5, 6]]), dim=1).asnumpy().tolist()
    [[1.0, 3.0, 4.0], [2.0, 5.0, 6.0]]
    """
    axis = one_axis("Concat", dim, data[0].dim(), "dim")
    _check_alike("Concat", data, axis)
    return torch.cat(data, axis)


cases(
    "Concat",
    samples=lambda: [
        sample((2, 3), (2, 4), num_args=2),
        sample((2, 3), (1, 3), (4, 3), num_args=3, dim=0),
        sample((2, 3, 1), (2, 3, 2), num_args=2, dim=-1),
        sample((2, 3), num_args=1),
    ],
    refusals=lambda: [
        refused("one shape but for axis 1", (2, 3), (4, 3), num_args=2),
        refused("one type", (2, 3), Input((2, 3), "int32"), num_args=2),
        refused("dim must be from", (2, 3), (2, 3), num_args=2, dim=2),
        refused("one shape but for axis 1", (2, 3), (2, 3, 1), num_args=2),
    ],
)


def _stacked_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    shape = merge_all(shapes)
    if shape is None or not is_known(shape):
        return [None]
    axis = one_axis("stack", attributes["axis"], len(shape) + 1)
    return [(*shape[:axis], len(shapes), *shape[axis:])]


@operator("stack", from_partial=_stacked_shapes, variadic_by="num_args", kind="join", flops=0, precision="widest")
def stack(*data: Tensor, axis: int = 0, num_args: Positive) -> Tensor:
    """Join arrays of the same shape along a new axis.

    Parameters
    ----------
    *data : NDArray
        One or more arrays of the same shape and type. Differs from MXNet, which accepts other shapes of the same size.
    axis : int, default 0
        The position of the new axis in the result.
    num_args : int
        The number of arrays; counted if not given.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.stack(nd.array([1, 2]), nd.array([3, 4]), axis=1).asnumpy().tolist()
    [[1.0, 3.0], [2.0, 4.0]]
    """
    _check_alike("stack", data, None)
    return torch.stack(data, one_axis("stack", axis, data[0].dim() + 1))


cases(
    "stack",
    samples=lambda: [
        sample((2, 3), (2, 3), num_args=2),
        sample((2, 3), (2, 3), (2, 3), num_args=3, axis=-1),
        sample((2, 3), num_args=1, axis=1),
    ],
    refusals=lambda: [
        refused("one shape", (2, 3), (3, 2), num_args=2),
        refused("one type", (2, 3), Input((2, 3), "int32"), num_args=2),
        refused("axis must be from -3 to 2", (2, 3), (2, 3), num_args=2, axis=3),
    ],
)


def _one_or_tuple(parts: Sequence[Tensor]) -> Tensor | tuple[Tensor, ...]:
    return parts[0] if len(parts) == 1 else tuple(parts)


@operator(
    "SliceChannel",
    names_gradients=True,
    computed_anew=True,
    aliases=["split"],
    outputs=lambda attributes: attributes["num_outputs"],
    output_names=("output0",),
    may_alias=True,
    method="split",
    from_outputs="lengths",
    kind="shape",
    flops=0,
    caption="{num_outputs} parts, axis {axis}",
)
def slice_channel(
    data: Tensor, *, num_outputs: Positive, axis: int = 1, squeeze_axis: bool = False
) -> Tensor | tuple[Tensor, ...]:
    """Split an array into equal parts.

    Parameters
    ----------
    data : NDArray
        Any shape.
    num_outputs : int
        The number of parts; it divides the length of the axis.
    axis : int, default 1
        Along which axis.
    squeeze_axis : bool, default False
        Drop the axis, which must then have `num_outputs` elements.

    Returns
    -------
    list of NDArray
        The parts; for one part the NDArray itself.

    Examples
    --------
    >>> from glueball import nd
    >>> [part.asnumpy().tolist() for part in nd.split(nd.array([[1, 2, 3, 4]]), num_outputs=2)]
    [[[1.0, 2.0]], [[3.0, 4.0]]]
    """
    axis = one_axis("SliceChannel", axis, data.dim())
    length = data.shape[axis]
    if length % num_outputs:
        raise MXNetError(
            f"SliceChannel: num_outputs must divide the length {length} of axis {axis}; received {num_outputs}"
        )
    if not squeeze_axis:
        return _one_or_tuple(data.split(length // num_outputs or 1, axis))
    if length != num_outputs:
        raise MXNetError(
            f"SliceChannel: squeeze_axis=True needs num_outputs equal to the length of axis {axis}, {length}; "
            f"received {num_outputs}"
        )
    return _one_or_tuple(data.unbind(axis))


cases(
    "SliceChannel",
    samples=lambda: [
        sample((2, 4), num_outputs=2),
        sample((6, 4), num_outputs=3, axis=0),
        sample((2, 4), num_outputs=1),
        sample((2, 3, 4), num_outputs=3, axis=-2, squeeze_axis=True),
    ],
    refusals=lambda: [
        refused("divide the length 4", (2, 4), num_outputs=3),
        refused("squeeze_axis", (2, 4), num_outputs=2, squeeze_axis=True),
        refused("axis must be from", (2, 4), num_outputs=2, axis=2),
        refused("num_outputs must be", (2, 4), num_outputs=0),
    ],
)


def begins_of_parts(length: int, sections: int, indices: Sequence[int]) -> list[int]:
    """Return where the parts of an axis begin: at `indices`, or `sections` parts, the first of which may be longer."""
    if not sections:
        return list(indices)
    size, longer = divmod(length, sections)
    return [size * number + min(number, longer) for number in range(sections)]


def places_and_sections(owner: str, indices_or_sections: Any) -> tuple[list[int], int]:
    """Read how an array is split: where the parts begin, or the number of equal parts (0 for unequal ones)."""
    if isinstance(indices_or_sections, tuple):
        return [0, *indices_or_sections], 0
    if isinstance(indices_or_sections, int):
        return [], indices_or_sections
    raise ValueError(
        f"{owner}: indices_or_sections must be a positive int or a tuple of ints; received {indices_or_sections!r}"
    )


def count_parts(attributes: Mapping[str, Any]) -> int:
    """Return how many parts the attributes of `split_v2` make."""
    return attributes["sections"] or len(attributes["indices"])


@operator(
    "_split_v2",
    aliases=["_npi_split"],
    names_inputs=True,
    outputs=count_parts,
    may_alias=True,
    from_outputs="lengths",
    kind="shape",
    flops=0,
)
def split_v2(
    data: Tensor, *, indices: Shape, axis: int = 1, squeeze_axis: bool = False, sections: NonNegative = 0
) -> Tensor | tuple[Tensor, ...]:
    """Split an array at given positions, or into equal parts; users call `glueball.nd.split_v2`.

    Parameters
    ----------
    data : NDArray
        Any shape.
    indices : tuple of int
        Where each part begins, the leading 0 included; not used with `sections`.
    axis : int, default 1
        Along which axis.
    squeeze_axis : bool, default False
        Drop the axis; each part must then have length 1 there.
    sections : int, default 0
        When positive, the number of parts, of which the first are longer by 1 if they cannot be equal.

    Returns
    -------
    list of NDArray
        The parts; for one part the NDArray itself.
    """
    axis = one_axis("_split_v2", axis, data.dim())
    return parts_along("_split_v2", data, axis, indices, sections, squeeze_axis)


def parts_along(
    owner: str, data: Tensor, axis: int, indices: Shape, sections: int, squeeze_axis: bool
) -> Tensor | tuple[Tensor, ...]:
    """Split an array before each of `indices`, the first of which is 0, or into `sections` parts.

    Of parts that cannot be equal the first are longer by 1.
    """
    length = data.shape[axis]
    begins = begins_of_parts(length, sections, indices)
    if not begins or begins[0] != 0:
        raise MXNetError(f"{owner}: indices must begin with 0; received {indices}")
    ends = [*begins[1:], length]
    if any(begin > end for begin, end in zip(begins, ends, strict=True)):
        raise MXNetError(f"{owner}: indices must be ascending, up to {length}; received {indices}")
    parts = [data.narrow(axis, begin, end - begin) for begin, end in zip(begins, ends, strict=True)]
    if squeeze_axis:
        if any(part.shape[axis] != 1 for part in parts):
            raise MXNetError(
                f"{owner}: squeeze_axis=True needs parts of length 1; received indices {tuple(begins)} for {length}"
            )
        parts = [part.squeeze(axis) for part in parts]
    return _one_or_tuple(parts)


cases(
    "_split_v2",
    samples=lambda: [
        sample((5, 2), indices=(0, 1, 3), axis=0),
        sample((4, 2), indices=(), axis=0, sections=2),
        sample((4, 2), indices=(), axis=0, sections=3),
        sample((3, 2), indices=(0, 1, 2), axis=0, squeeze_axis=True),
        sample((2, 3), indices=(0,)),
    ],
    refusals=lambda: [
        refused("begin with 0", (4, 2), indices=(1, 3), axis=0),
        refused("begin with 0", (4, 2), indices=(), axis=0),
        refused("ascending", (4, 2), indices=(0, 3, 1), axis=0),
        refused("ascending", (4, 2), indices=(0, 9), axis=0),
        refused("squeeze_axis", (4, 2), indices=(0, 1), axis=0, squeeze_axis=True),
    ],
)
