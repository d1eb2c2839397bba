"""Elements chosen by arrays of indices along one axis: take, batch_take, pick, one_hot."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import NonNegative
from ..axes import one_axis
from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import Input, exactly, refused, sample
from ..shape_rule import PartialShape, is_known
from ..sparse.places import TAKE
from .coordinates import check_bounds


def _confine(index: Tensor, length: int, mode: str) -> Tensor:
    """Return integer indices within [0, length): clipped to the ends, or wrapped around."""
    index = index.long()
    if index.is_meta:  # arithmetic without values loads torch's compiler, which takes a second
        return index
    return index.remainder(length) if mode == "wrap" else index.clamp(0, length - 1)


def _taken_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data, indices = shapes
    if data is None or indices is None or not is_known(indices):
        return [None]
    axis = one_axis("take", attributes["axis"], len(data))
    return [(*data[:axis], *indices, *data[axis + 1 :])]


@operator(
    "take",
    aliases=["_npi_take"],
    from_partial=_taken_shapes,
    types="T, I -> T",
    method="take",
    kind="other",
    flops=0,
    sparse=TAKE,
)
def take(a: Tensor, indices: Tensor, *, axis: int = 0, mode: Literal["clip", "raise", "wrap"] = "clip") -> Tensor:
    """Take slices of an array along one axis.

    Parameters
    ----------
    a : NDArray
        Where to take from.
    indices : NDArray
        Which slices, in any shape; fractions are dropped.
    axis : int, default 0
        Along which axis.
    mode : {'clip', 'wrap', 'raise'}
        How to treat an index out of range: clip it to the nearest end; wrap around; or raise an error, also for
        negative ones.

    Returns
    -------
    NDArray
        The shape of `a` with the shape of `indices` in place of `axis`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.take(nd.array([[1, 2], [3, 4]]), nd.array([1, 1, 9])).asnumpy().tolist()
    [[3.0, 4.0], [3.0, 4.0], [3.0, 4.0]]
    """
    axis = one_axis("take", axis, a.dim())
    index = indices.long()
    if mode == "raise":
        whole = indices.floor().long() if indices.is_floating_point() else index  # -0.5 is out of range, too
        check_bounds("take", "indices", whole, 0, a.shape[axis])
    else:
        index = _confine(index, a.shape[axis], mode)
    found = a.index_select(axis, index.reshape(-1))
    return found.reshape((*a.shape[:axis], *index.shape, *a.shape[axis + 1 :]))


cases(
    "take",
    samples=lambda: [
        sample((4, 5), Input((3,), low=0, high=4)),
        sample((4, 5), Input((2, 3), "int32", -3, 9)),
        sample((4, 5), Input((6,), "int32", -9, 9), axis=1, mode="wrap"),
        sample((2, 4, 5), Input((2, 3), "int64", 0, 5), axis=-1, mode="raise"),
    ],
    refusals=lambda: [
        refused("indices must be from 0 to 3; received 7", (4, 5), Input((2,), low=7, high=7.5), mode="raise"),
        refused("indices must be from 0 to 3; received -1", (4, 5), exactly(-1, 2), mode="raise"),
        refused("indices must be from 0 to 3; received -1", (4, 5), exactly(1.5, -0.5), mode="raise"),
        refused("axis must be from", (4, 5), (2,), axis=2),
        refused("mode must be one of", (4, 5), (2,), mode="clop"),
        refused("indices must be given", (4, 5)),
    ],
)


@operator("batch_take", types="T, int32 -> T", kind="other", flops=0)
def batch_take(a: Tensor, indices: Tensor) -> Tensor:
    """Take one element of each row: ``a[i, indices[i]]``.

    Parameters
    ----------
    a : NDArray
        (..., K), read as rows of K.
    indices : NDArray
        One index per row, clipped to the row. Differs from MXNet: every type is accepted, not int32 only, and there
        is a gradient.

    Returns
    -------
    NDArray
        Of the shape of `indices`.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.batch_take(nd.array([[1, 2], [3, 4]]), nd.array([1, 0], dtype="int32")).asnumpy().tolist()
    [2.0, 3.0]
    """
    length = a.shape[-1]
    rows = math.prod(a.shape[:-1])
    if indices.numel() != rows:
        raise MXNetError(
            f"batch_take: indices must be one index per row, {rows}; received shape {tuple(indices.shape)}"
        )
    index = _confine(indices, length, "clip").reshape(-1, 1)
    return a.reshape(rows, length).gather(1, index).reshape(indices.shape)


cases(
    "batch_take",
    samples=lambda: [
        sample((4, 3), Input((4,), "int32", -2, 5), gradient=False),
        sample((4, 3), Input((2, 2), "int32", 0, 3), gradient=False),
    ],
    refusals=lambda: [refused("one index per row, 4", (4, 3), Input((2,), "int32", 0, 3))],
)


def _pick_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data, index = shapes
    axis = attributes["axis"]
    if not data or axis is None or not -len(data) <= axis < len(data):
        return shapes
    axis %= len(data)
    kept = (1,) if index is not None and len(index) == len(data) else ()
    return [data, (*data[:axis], *kept, *data[axis + 1 :]) or (1,)]


def _picked_shapes(shapes: Sequence[PartialShape], attributes: Mapping[str, Any]) -> Sequence[PartialShape]:
    data, axis = shapes[0], attributes["axis"]
    if data is None or axis is None:
        return [None]
    axis = one_axis("pick", axis, len(data))
    kept = (1,) if attributes["keepdims"] else ()
    return [(*data[:axis], *kept, *data[axis + 1 :]) or (1,)]


@operator(
    "pick",
    npx="pick",
    gradient_names=("backward", "index_backward"),
    from_partial=_picked_shapes,
    infer_inputs=_pick_shapes,
    types="T, I -> T",
    aliases=["choose_element_0index"],
    method="pick",
    kind="other",
    flops=0,
)
def pick(
    data: Tensor,
    index: Tensor,
    *,
    axis: int | None = -1,
    keepdims: bool = False,
    mode: Literal["clip", "wrap"] = "clip",
) -> Tensor:
    """Pick one element along an axis at each position of the others.

    Parameters
    ----------
    data : NDArray
        Where to pick from.
    index : NDArray
        Which element: the shape of `data` without `axis`, or with length 1 there; fractions are dropped.
    axis : int, default -1
        Along which axis.
    keepdims : bool, default False
        Whether to keep the axis, with length 1.
    mode : {'clip', 'wrap'}
        How to treat an index out of range: clip it to the nearest end, or wrap around.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.pick(nd.array([[1, 2], [3, 4]]), nd.array([1, 0])).asnumpy().tolist()
    [2.0, 3.0]
    """
    if axis is None:
        raise MXNetError("pick: axis must be an int; received None; reshape data to one axis first")
    axis = one_axis("pick", axis, data.dim())
    shape = tuple(data.shape)
    dropped, kept = (*shape[:axis], *shape[axis + 1 :]), (*shape[:axis], 1, *shape[axis + 1 :])
    dropped = dropped or (1,)
    if tuple(index.shape) not in (dropped, kept):
        raise MXNetError(f"pick: index must have shape {dropped} or {kept}; received {tuple(index.shape)}")
    found = data.gather(axis, _confine(index, shape[axis], mode).reshape(kept))
    return found if keepdims else found.reshape(dropped)


cases(
    "pick",
    samples=lambda: [
        sample((3, 4), Input((3,), low=0, high=4)),
        sample((3, 4), Input((4,), "int32", -2, 5), axis=0, keepdims=True),
        sample((2, 3, 4), Input((2, 1, 4), "int32", -9, 9), axis=1, mode="wrap"),
        sample((4,), Input((1,), "int32", 0, 4)),
    ],
    refusals=lambda: [
        refused("index must have shape \\(3,\\) or \\(3, 1\\)", (3, 4), (2,)),
        refused("axis must be from", (3, 4), (3,), axis=2),
        refused("axis must be an int", (3, 4), (3,), axis=None),
    ],
)


@operator(
    "one_hot",
    npx="one_hot",
    names_inputs=True,
    from_partial="nothing",
    types="I -> {dtype}",
    method="one_hot",
    kind="other",
    flops=0,
)
def one_hot(
    indices: Tensor,
    *,
    depth: NonNegative,
    on_value: float = 1.0,
    off_value: float = 0.0,
    dtype: torch.dtype = torch.float32,
) -> Tensor:
    """Encode each index as a row that is "on" at that position.

    Parameters
    ----------
    indices : NDArray
        Any shape; fractions are dropped. An index outside [0, depth) gives a row that is off everywhere.
    depth : int
        The length of the rows, which become the last axis.
    on_value, off_value : float, default 1 and 0
        The values at the index, and everywhere else.
    dtype : str or numpy.dtype, default 'float32'
        The type of the result.

    Examples
    --------
    >>> from glueball import nd
    >>> nd.one_hot(nd.array([1, 0]), depth=3).asnumpy().tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    places = torch.arange(depth, device=indices.device)
    values = torch.tensor([off_value, on_value], dtype=torch.float64, device=indices.device).to(dtype)
    return without_gradient(torch.where(indices.long().unsqueeze(-1) == places, values[1], values[0]), indices)


cases(
    "one_hot",
    samples=lambda: [
        sample(Input((4,), low=0, high=4), depth=3, gradient=False),
        sample(Input((2, 3), "int32", -2, 5), depth=4, on_value=5, off_value=-1, dtype="int32", gradient=False),
    ],
    refusals=lambda: [
        refused("depth must be", (2,), depth=-1),
        refused("dtype must be one of", (2,), depth=2, dtype="float31"),
    ],
)
