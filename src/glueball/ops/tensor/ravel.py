"""Coordinates as positions in row-major order, and back: ravel_multi_index, unravel_index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape, with_axes


def _check_shape(owner: str, shape: Shape | None) -> Shape:
    if not shape:
        raise MXNetError(f"{owner}: shape must be one or more ints, those of the array; received {shape}")
    if 0 in shape[1:]:
        raise MXNetError(f"{owner}: the lengths of shape must not be 0; received {shape}")
    return shape


def _coordinates(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    (positions,) = outputs
    return inputs if inputs[0] or positions is None else [(len(attributes["shape"] or ()), *positions)]


@operator(
    "_ravel_multi_index",
    names_inputs=True,
    aliases=["ravel_multi_index"],
    from_partial=with_axes(lambda shapes, attributes: [shapes[0][1:]]),
    from_outputs=_coordinates,
    kind="other",
    flops=0,
)
def ravel_multi_index(data: Tensor, *, shape: Shape | None = None) -> Tensor:
    """Return the position of elements in an array's row-major order, given their coordinates.

    Parameters
    ----------
    data : NDArray
        (D, N): the coordinates along D axes, of any type; fractions are dropped. No gradient flows to it.
    shape : tuple of int
        The shape of the array. The first length has no influence; -1 stands for any.

    Returns
    -------
    NDArray
        (N,), of the type of the coordinates. Those outside of the array are not detected.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.ravel_multi_index(nd.array([[3, 6], [4, 5]]), shape=(7, 6)).asnumpy().tolist()
    [22.0, 41.0]
    """
    shape = _check_shape("_ravel_multi_index", shape)
    if data.dim() != 2 or len(data) != len(shape):
        raise MXNetError(
            f"_ravel_multi_index: data must have shape (D, N), with D = {len(shape)} as in shape; "
            f"received {tuple(data.shape)}"
        )
    rows = data.detach().long()
    position = rows[0]
    for row, length in zip(rows[1:], shape[1:], strict=True):
        position = position * length + row
    return without_gradient(position.to(data.dtype), data)


_COORDINATES = exactly(3, 6, 6, 4, 5.5, 1, shape=(2, 3))

cases(
    "_ravel_multi_index",
    samples=lambda: [
        sample(_COORDINATES, shape=(7, 6), derivative=False),
        sample(_COORDINATES, shape=(-1, 6), derivative=False),
        sample(Input((3, 4), "int32", 0, 3), shape=(3, 3, 3), gradient=False),
        sample(exactly(9, -2, shape=(2, 1), dtype="int64"), shape=(3, 3), gradient=False),
    ],
    refusals=lambda: [
        refused("shape must be one or more ints", (2, 3)),
        refused("data must have shape", (3, 3), shape=(7, 6)),
        refused("data must have shape", (2,), shape=(7, 6)),
    ],
)


def _positions(
    inputs: Sequence[PartialShape], outputs: Sequence[PartialShape], attributes: Mapping[str, Any]
) -> Sequence[PartialShape]:
    (coordinates,) = outputs
    return inputs if inputs[0] or coordinates is None else [coordinates[1:]]


@operator(
    "_unravel_index",
    names_inputs=True,
    aliases=["unravel_index"],
    from_partial=with_axes(lambda shapes, attributes: [(len(attributes["shape"] or ()), *shapes[0])]),
    from_outputs=_positions,
    kind="other",
    flops=0,
)
def unravel_index(data: Tensor, *, shape: Shape | None = None) -> Tensor:
    """Return the coordinates of elements, given their positions in an array's row-major order.

    Parameters
    ----------
    data : NDArray
        (N,): the positions, of any type; fractions are dropped. No gradient flows to it. Differs from MXNet, whose
        results for more axes are not the coordinates.
    shape : tuple of int
        The shape of the array. The first length has no influence; -1 stands for any.

    Returns
    -------
    NDArray
        (D, N): the coordinates along the D axes of `shape`, of the type of the positions.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.unravel_index(nd.array([22, 41]), shape=(7, 6)).asnumpy().tolist()
    [[3.0, 6.0], [4.0, 5.0]]
    """
    shape = _check_shape("_unravel_index", shape)
    rest = data.detach().long()
    rows = []
    for length in reversed(shape[1:]):
        rows.append(torch.fmod(rest, length))
        rest = torch.div(rest, length, rounding_mode="trunc")
    return without_gradient(torch.stack([rest, *reversed(rows)]).to(data.dtype), data)


_POSITIONS = exactly(22, 41.5, 37, -1, 137)

cases(
    "_unravel_index",
    samples=lambda: [
        sample(_POSITIONS, shape=(7, 6), derivative=False),
        sample(_POSITIONS, shape=(-1, 6), derivative=False),
        sample(Input((4,), "int32", 0, 27), shape=(3, 3, 3), gradient=False),
        sample(exactly(5, dtype="int64"), shape=(8,), gradient=False),
    ],
    refusals=lambda: [refused("shape must be one or more ints", (2,)), refused("lengths of shape", (2,), shape=(3, 0))],
)
