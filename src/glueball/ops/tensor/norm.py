"""Norms of vectors, and normalization by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ...core.integer_tape import converted
from ..attrs import Shape
from ..checks import check_float
from ..declare import cases, operator
from ..flops import per_input
from ..samples import Input, exactly, refused, sample
from ..sparse.reductions import NORM
from .reduce import reduced_axes, with_axes


@operator(
    "norm",
    aliases=["_sparse_norm"],
    from_partial="nothing",
    types="T -> {out_dtype|T}",
    method="norm",
    kind="other",
    flops=per_input(2),  # square, sum
    precision="single",
    sparse=NORM,
)
def norm(
    data: Tensor,
    *,
    ord: int = 2,
    axis: Shape | None = None,
    out_dtype: Literal["float16", "float32", "float64", "int32", "int64", "int8"] | None = None,
    keepdims: bool = False,
) -> Tensor:
    """Return the norm of vectors: the root of the sum of squares, or the sum of absolute values.

    Differs from MXNet: the norm of integers is the exact one without its fraction, `out_dtype` may be another type than
    that of `data`, and the gradient of the 2-norm of zeros is 0, not NaN.

    Parameters
    ----------
    data : NDArray
        Of any type.
    ord : {1, 2}, default 2
        1 sums absolute values, 2 is the Euclidean norm.
    axis : int or tuple of int, optional
        The axes that hold a vector; None and () mean all.
    out_dtype : str, optional
        The type to compute in and to return; by default that of `data`.
    keepdims : bool, default False
        Keep the reduced axes with length 1.

    Returns
    -------
    NDArray
        The remaining axes; of shape (1,) if there are none.
    """
    if ord not in (1, 2):
        raise MXNetError(f"norm: ord must be 1 or 2; received {ord}")
    axes = reduced_axes("norm", data, axis)
    result_type = data.dtype if out_dtype is None else getattr(torch, out_dtype)
    real = data if data.is_floating_point() else data.double()
    if result_type.is_floating_point:
        real = real.to(result_type)
    return converted(with_axes(torch.linalg.vector_norm(real, ord, axes, keepdim=keepdims)), result_type)


cases(
    "norm",
    samples=lambda: [
        sample((2, 3)),
        sample((2, 3), ord=1),
        sample((2, 3, 4), axis=1),
        sample((2, 3, 4), ord=1, axis=(0, 2), keepdims=True),
        sample(Input((2, 3, 4), "float64"), axis=(-1, 0)),
        sample((2, 3), out_dtype="float32", derivative=False),
        sample((2, 3), out_dtype="float64", judge="numpy"),
        sample(exactly(3, 4, dtype="int32"), judge="numpy", gradient=False),
        sample(exactly(3, -4, dtype="int32"), ord=1, gradient=False),
    ],
    refusals=lambda: [
        refused("ord must be 1 or 2", (2, 3), ord=3),
        refused("axis must be from -2 to 1", (2, 3), axis=2),
        refused("out_dtype must be one of", (2, 3), out_dtype="uint8"),
    ],
)  # fmt: skip


def _normalized_axes(data: Tensor, mode: str) -> tuple[int, ...]:
    return (1,) if mode == "channel" else tuple(range(1 if mode == "instance" else 2, data.dim()))


def _norms(inputs: Sequence[Tensor], output: Tensor, attributes: Mapping[str, Any], training: bool) -> Sequence[Tensor]:
    data, mode = inputs[0], attributes["mode"]
    axes = _normalized_axes(data, mode)
    squares = data * data
    return [((squares.sum(axes, mode == "channel") if axes else squares) + attributes["eps"]).sqrt()]


@operator(
    "L2Normalization",
    names_gradients=True,
    computed_anew=True,
    elementwise=True,
    output_names=("output", "norm"),
    hidden_outputs=1,
    hidden_values=_norms,
    from_outputs="nothing",
    kind="norm",
    flops=3,
    precision="single",
)  # square, sum, division
def l2_normalization(
    data: Tensor, *, eps: float = 1e-10, mode: Literal["channel", "instance", "spatial"] = "instance"
) -> Tensor:
    """Divide by the Euclidean norm, sqrt(sum of squares + eps).

    Parameters
    ----------
    data : NDArray
        (N, C, ...) of a floating-point type.
    eps : float, default 1e-10
        Keeps the norm away from 0.
    mode : {'instance', 'channel', 'spatial'}, default 'instance'
        What has norm 1 afterwards: each of the N entries, the channels of each position, or the positions of each
        channel.

    Returns
    -------
    NDArray
        An array of the shape and type of `data`.
    """
    check_float("L2Normalization", data)
    if mode != "instance" and data.dim() < 3:
        raise MXNetError(
            f"L2Normalization: data must have at least 3 dimensions for mode {mode!r}; received {tuple(data.shape)}"
        )
    axes = _normalized_axes(data, mode)
    squares = data * data
    return data / torch.sqrt((squares.sum(axes, keepdim=True) if axes else squares) + eps)


cases(
    "L2Normalization",
    samples=lambda: [
        sample((2, 3)),
        sample((4,)),
        sample((2, 3, 2, 2)),
        sample((2, 3, 2, 2), mode="channel"),
        sample((2, 3, 2, 2), mode="spatial", eps=0.1),
        sample(Input((2, 3, 4), "float64"), mode="channel"),
    ],
    refusals=lambda: [
        refused("data must have at least 3 dimensions", (2, 3), mode="channel"),
        refused("mode must be one of", (2, 3), mode="row"),
        refused("floating-point", Input((2, 2), "int32")),
    ],
)
