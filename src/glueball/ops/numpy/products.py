"""Products of matrices and vectors, as ``mx.np`` has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ...core.dtype import type_name
from ...core.errors import MXNetError
from ..attrs import Shape
from ..axes import one_axis
from ..declare import cases, operator
from ..flops import Call
from ..samples import Input, refused, sample
from .promotion import OfTwo, alike


def _types(attributes: Mapping[str, Any]) -> OfTwo:
    return OfTwo()


def _multiply_adds(call: Call) -> int:
    first, second = call.inputs.values()
    return math.prod(call.output) * (first[-1] if first and second else 1)


def _alike(owner: str, a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Convert two arrays of numbers to the type that holds those of both."""
    if torch.bool in (a.dtype, b.dtype):
        raise MXNetError(
            f"{owner}: a and b must be numbers; received {type_name(a.dtype)} and {type_name(b.dtype)}; convert bool "
            "with astype(...)"
        )
    return alike(a, b)


def _computed(product: Callable[[Tensor, Tensor], Tensor], a: Tensor, b: Tensor) -> Tensor:
    """Compute a product. On a GPU torch has none of integers; those below 2 ** 53 are exact as doubles."""
    if a.is_floating_point() or a.device.type == "cpu" or a.is_meta:
        return product(a, b)
    return product(a.double(), b.double()).to(a.dtype)


def _misfit(owner: str, a: Tensor, b: Tensor) -> MXNetError:
    return MXNetError(
        f"{owner}: the last length of a must be that of the last axis but one of b (the only one of a vector), and "
        f"other lengths must broadcast; received {tuple(a.shape)} and {tuple(b.shape)}"
    )


@operator("_np_dot", types=_types, kind="dense", multiply_adds=_multiply_adds, precision="low")
def dot(a: Tensor, b: Tensor) -> Tensor:
    """Return the product, summed over the last axis of `a` and the last axis but one of `b`.

    Parameters
    ----------
    a, b : NDArray
        Numbers; an array without axes multiplies.
    """
    a, b = _alike("_np_dot", a, b)
    if not a.dim() or not b.dim():
        return a * b
    try:
        return _computed(partial(torch.tensordot, dims=([a.dim() - 1], [max(b.dim() - 2, 0)])), a, b)
    except RuntimeError:
        raise _misfit("_np_dot", a, b) from None


cases(
    "_np_dot",
    samples=lambda: [
        sample((2, 3), (3, 4)), sample((3,), (3,)), sample((2, 3), (3,)), sample((2, 3, 4), (5, 4, 2)),
        sample((), (2, 3)), sample((2, 3), ()),
        sample(Input((2, 3), "int32"), Input((3,), "int32"), gradient=False, judge="numpy"),
    ],
    refusals=lambda: [
        refused("last length", (2, 3), (2, 3)), refused("must be numbers", Input((2,), "bool", 0, 2), (2,)),
    ],
)  # fmt: skip


@operator(
    "_npi_matmul", output_names=("out",), types=_types, kind="dense", multiply_adds=_multiply_adds, precision="low"
)
def matmul(a: Tensor, b: Tensor) -> Tensor:
    """Return the product of matrices, or of stacks of them.

    Parameters
    ----------
    a, b : NDArray
        Numbers, with at least one axis.
    """
    a, b = _alike("_npi_matmul", a, b)
    try:
        return _computed(torch.matmul, a, b)
    except RuntimeError:
        raise _misfit("_npi_matmul", a, b) from None


cases(
    "_npi_matmul",
    samples=lambda: [
        sample((2, 3), (3, 4)), sample((3,), (3, 2)), sample((5, 1, 2, 3), (4, 3, 2), gradient=False),
        sample((5, 1, 2, 3), (4, 3, 2), judge="numpy"), sample((2, 3), (3,)),
    ],
    refusals=lambda: [refused("last length", (2, 3), (2, 3)), refused("last length", (), (2,))],
)  # fmt: skip


def _contracted(owner: str, a: Tensor, b: Tensor, a_axes: Sequence[int], b_axes: Sequence[int]) -> Tensor:
    """Return the product, summed over pairs of axes."""
    a, b = _alike(owner, a, b)
    pairs = [
        (one_axis(owner, one, a.dim(), "an axis of a"), one_axis(owner, other, b.dim(), "an axis of b"))
        for one, other in zip(a_axes, b_axes, strict=False)
    ]
    ours, theirs = [one for one, _ in pairs], [other for _, other in pairs]
    distinct = len(set(ours)) == len(ours) and len(set(theirs)) == len(theirs)
    if len(a_axes) != len(b_axes) or not distinct or any(a.shape[one] != b.shape[other] for one, other in pairs):
        raise MXNetError(
            f"{owner}: the axes to sum over must be pairs of one length, each axis once; received {tuple(a_axes)} of "
            f"{tuple(a.shape)} and {tuple(b_axes)} of {tuple(b.shape)}"
        )
    return _computed(partial(torch.tensordot, dims=(ours, theirs)), a, b)


def _summed_axes(call: Call) -> int:
    shape = next(iter(call.inputs.values()))
    axes = call.attributes.get("a_axes_summed")
    axes = range(len(shape) - call.attributes["axes"], len(shape)) if axes is None else axes
    return math.prod(call.output) * math.prod([shape[axis] for axis in axes])


@operator("_npi_tensordot", types=_types, kind="dense", multiply_adds=_summed_axes, precision="unlisted")
def tensordot(a: Tensor, b: Tensor, *, a_axes_summed: Shape, b_axes_summed: Shape) -> Tensor:
    """Return the product, summed over pairs of axes.

    Parameters
    ----------
    a, b : NDArray
        Numbers.
    a_axes_summed, b_axes_summed : tuple of int
        The axes, of equal lengths in pairs.
    """
    return _contracted("_npi_tensordot", a, b, a_axes_summed, b_axes_summed)


cases(
    "_npi_tensordot",
    samples=lambda: [
        sample((2, 3), (2, 3), a_axes_summed=(0, 1), b_axes_summed=(0, 1)),
        sample((2, 3), (4, 3), a_axes_summed=(-1,), b_axes_summed=(1,)),
        sample((2, 3, 4), (3, 2), a_axes_summed=(0, 1), b_axes_summed=(1, 0)),
        sample((2, 3), (4,), a_axes_summed=(), b_axes_summed=()),
        sample((0, 3), (0, 3), a_axes_summed=(0,), b_axes_summed=(0,)),
    ],
    refusals=lambda: [
        refused("pairs of one length", (2, 3), (3, 4), a_axes_summed=(0,), b_axes_summed=(0,)),
        refused("pairs of one length", (2, 3), (2, 3), a_axes_summed=(0, 1), b_axes_summed=(0,)),
        refused("each axis once", (2, 2), (2, 2), a_axes_summed=(0, 0), b_axes_summed=(0, 0)),
        refused("an axis of a must be", (2, 3), (2, 3), a_axes_summed=(2,), b_axes_summed=(0,)),
        refused("must be numbers", Input((2,), "bool", 0, 2), (2,), a_axes_summed=(0,), b_axes_summed=(0,)),
    ],
)  # fmt: skip


@operator("_npi_tensordot_int_axes", types=_types, kind="dense", multiply_adds=_summed_axes, precision="unlisted")
def tensordot_int_axes(a: Tensor, b: Tensor, *, axes: int) -> Tensor:
    """Return the product, summed over the last axes of `a` and the first of `b`.

    Parameters
    ----------
    a, b : NDArray
        Numbers.
    axes : int
        Over how many axes.
    """
    if not 0 <= axes <= min(a.dim(), b.dim()):
        raise MXNetError(
            f"_npi_tensordot_int_axes: axes must be from 0 to {min(a.dim(), b.dim())} for shapes {tuple(a.shape)} and "
            f"{tuple(b.shape)}; received {axes}"
        )
    return _contracted("_npi_tensordot_int_axes", a, b, range(a.dim() - axes, a.dim()), range(axes))


cases(
    "_npi_tensordot_int_axes",
    samples=lambda: [
        sample((2, 3), (2, 3), axes=2), sample((2, 3), (3, 4), axes=1), sample((2, 3), (3,), axes=0),
        sample((), (), axes=0),
        sample((0, 3), (3, 2), axes=1),
    ],
    refusals=lambda: [
        refused("pairs of one length", (2, 3), (2, 3), axes=1), refused("from 0 to 2", (2, 3), (2, 3), axes=3),
        refused("from 0 to 2", (2, 3), (2, 3), axes=-1),
    ],
)  # fmt: skip
