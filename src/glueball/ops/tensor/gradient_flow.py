"""Where backpropagation starts and where it stops: make_loss, MakeLoss, BlockGrad."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor

from ...core.torch_function import TensorFunction
from ..checks import check_float
from ..declare import cases, operator
from ..gradient import without_gradient
from ..samples import Input, refused, sample
from ..sparse.elementwise import BLOCK, ON_VALUES

_ANY = Input((2, 3))


@operator(
    "BlockGrad",
    elementwise=True,
    aliases=["stop_gradient", "_sparse_stop_gradient"],
    may_alias=True,
    hands_on=True,
    kind="shape",
    flops=0,
    sparse=BLOCK,
)
def block_grad(data: Tensor) -> Tensor:
    """Return a copy that no gradient flows back through.

    Parameters
    ----------
    data : NDArray
        Of any type.

    Returns
    -------
    NDArray
        An array of the shape and type of `data`.
    """
    return without_gradient(data.detach(), data)


cases("BlockGrad", samples=lambda: [sample(_ANY, derivative=False)])


class _Loss(TensorFunction):
    """The identity, whose gradient is `scale`, ignoring the incoming gradient: differentiation starts here."""

    reads_gradient = False

    @staticmethod
    def forward(ctx: Any, data: Tensor, scale: float | Tensor) -> Tensor:
        ctx.scale = scale
        return data.view_as(data)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return torch.ones_like(gradient) * ctx.scale, None


@operator(
    "make_loss", aliases=["_sparse_make_loss"], names_inputs=False, elementwise=True, output_names=("loss",),
    may_alias=True, hands_on=True,
    kind="output", flops=0, precision="single", sparse=ON_VALUES,
)  # fmt: skip
def make_loss(data: Tensor) -> Tensor:
    """Return a copy whose gradient is 1, ignoring the incoming gradient.

    Parameters
    ----------
    data : NDArray
        A loss.

    Returns
    -------
    NDArray
        An array of the shape and type of `data`.
    """
    return _Loss.apply(data, 1.0)


cases("make_loss", samples=lambda: [sample(_ANY, derivative=False)])


@operator(
    "MakeLoss",
    names_gradients=True,
    computed_anew=True,
    elementwise=True,
    may_alias=True,
    from_outputs="nothing",
    kind="output",
    flops=0,
    precision="single",
    output_names=("output",),
)
def make_loss_scaled(
    data: Tensor,
    *,
    grad_scale: float = 1.0,
    valid_thresh: float = 0.0,
    normalization: Literal["batch", "null", "valid"] = "null",
) -> Tensor:
    """Return a copy whose gradient is a constant, ignoring the incoming gradient.

    Parameters
    ----------
    data : NDArray
        A loss.
    grad_scale : float, default 1
        The gradient, before normalization.
    valid_thresh : float, default 0
        With ``normalization='valid'``: elements above it count.
    normalization : {'null', 'batch', 'valid'}, default 'null'
        Divide by nothing, by the length of the first axis, or by the number of elements that count (at least 1).

    Returns
    -------
    NDArray
        An array of the shape and type of `data`.
    """
    check_float("MakeLoss", data)
    scale: float | Tensor = grad_scale
    if normalization == "batch":
        scale = grad_scale / data.shape[0]
    elif normalization == "valid":
        scale = grad_scale / torch.count_nonzero(data.detach() > valid_thresh).clamp_min(1).to(data.dtype)
    return _Loss.apply(data, scale)


cases(
    "MakeLoss",
    samples=lambda: [
        sample(_ANY, grad_scale=3, derivative=False),
        sample(_ANY, grad_scale=3, normalization="batch", derivative=False),
        sample(Input((3, 4)), valid_thresh=0.5, normalization="valid", derivative=False),
        sample(_ANY, valid_thresh=9, normalization="valid", derivative=False),
    ],
    refusals=lambda: [
        refused("normalization must be one of", (2,), normalization="none"),
        refused("floating-point", Input((2,), "int32")),
    ],
)  # fmt: skip
