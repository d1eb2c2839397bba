"""Steps of gradient descent: plain, with momentum, with Nesterov momentum, and by the sign of the gradient."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..declare import cases, operator
from ..samples import Input, sample
from ..sparse.steps import BY_ROW
from .common import alike, refusals_of, samples_of, used_gradient

_SETTINGS: tuple[dict[str, Any], ...] = (
    {"lr": 0.1},
    {"lr": 0.1, "wd": 0.01, "rescale_grad": 0.5, "clip_gradient": 0.3},
)
_MOMENTUM: tuple[dict[str, Any], ...] = (
    {"lr": 0.1},
    {"lr": 0.1, "momentum": 0.9, "wd": 0.01, "rescale_grad": 0.5, "clip_gradient": 0.3},
)
_LOW = (Input((2, 3), "float16"), Input((2, 3), "float16"), Input((2, 3)), Input((2, 3)))


@operator("sgd_update", aliases=["_sparse_sgd_update"], elementwise=True, flops=3, sparse=BY_ROW)
@alike
def sgd_update(
    weight: Tensor, grad: Tensor, *, lr: float, wd: float = 0.0, rescale_grad: float = 1.0,
    clip_gradient: float = -1.0, lazy_update: bool = True,
) -> Tensor:  # fmt: skip
    """Return the weight after a step of gradient descent: weight - lr * (clip(rescale_grad * grad) + wd * weight).

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient; ``out=weight`` updates the parameter.
    lr, wd, rescale_grad : float
        The learning rate, the weight decay, and the factor of the gradient.
    clip_gradient : float, default -1
        Where the gradient is clipped; a negative number is nowhere.
    lazy_update
        With a row_sparse gradient: whether only the rows of the gradient are updated.
    """
    return weight * (1.0 - lr * wd) - lr * used_gradient(grad, rescale_grad, clip_gradient)


cases("sgd_update", samples=samples_of(2, *_SETTINGS), refusals=refusals_of(2))


@operator(
    "sgd_mom_update", aliases=["_sparse_sgd_mom_update"], elementwise=True, auxiliary=("mom",), flops=5, sparse=BY_ROW
)
@alike
def sgd_mom_update(
    weight: Tensor, grad: Tensor, mom: Tensor, *, lr: float, momentum: float = 0.0, wd: float = 0.0,
    rescale_grad: float = 1.0, clip_gradient: float = -1.0, lazy_update: bool = True,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step with momentum, and store the new momentum.

    mom = momentum * mom - lr * (clip(rescale_grad * grad) + wd * weight), and weight + mom is returned.

    Parameters
    ----------
    weight, grad, mom : NDArray
        The parameter, its gradient and its momentum, which is overwritten; ``out=weight`` updates the parameter.
    lr, momentum, wd, rescale_grad, clip_gradient, lazy_update
        As for `sgd_update`, and how much of the momentum is kept.
    """
    step = used_gradient(grad, rescale_grad, clip_gradient) + wd * weight
    moved = momentum * mom - lr * step
    return weight + moved, moved


cases("sgd_mom_update", samples=samples_of(3, *_MOMENTUM), refusals=refusals_of(3))


@operator("mp_sgd_update", elementwise=True, types="T, T, float32 -> T", auxiliary=("weight32",), flops=3)
@alike
def mp_sgd_update(
    weight: Tensor, grad: Tensor, weight32: Tensor, *, lr: float, wd: float = 0.0, rescale_grad: float = 1.0,
    clip_gradient: float = -1.0, lazy_update: bool = True,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Return a low-precision weight after the step of `sgd_update`, which is made with its float32 copy.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient, of type float16 or bfloat16.
    weight32 : NDArray
        The copy, which is overwritten.
    lr, wd, rescale_grad, clip_gradient, lazy_update
        As for `sgd_update`.
    """
    moved = sgd_update(weight32, grad.float(), lr=lr, wd=wd, rescale_grad=rescale_grad, clip_gradient=clip_gradient)
    return moved.to(weight.dtype), moved


cases(
    "mp_sgd_update",
    samples=lambda: [sample(*_LOW[:3], gradient=False, **each) for each in _SETTINGS],
    refusals=refusals_of(3),
)


@operator("mp_sgd_mom_update", elementwise=True, types="T, T, float32, float32 -> T", auxiliary=("mom", "weight32"),
          flops=5)  # fmt: skip
@alike
def mp_sgd_mom_update(
    weight: Tensor, grad: Tensor, mom: Tensor, weight32: Tensor, *, lr: float, momentum: float = 0.0, wd: float = 0.0,
    rescale_grad: float = 1.0, clip_gradient: float = -1.0, lazy_update: bool = True,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Return a low-precision weight after the step of `sgd_mom_update`, which is made with its float32 copy.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient, of type float16 or bfloat16.
    mom, weight32 : NDArray
        The momentum and the copy, of type float32; both are overwritten.
    lr, momentum, wd, rescale_grad, clip_gradient, lazy_update
        As for `sgd_mom_update`.
    """
    moved, momenta = sgd_mom_update(
        weight32, grad.float(), mom, lr=lr, momentum=momentum, wd=wd, rescale_grad=rescale_grad,
        clip_gradient=clip_gradient,
    )  # fmt: skip
    return moved.to(weight.dtype), momenta, moved


cases(
    "mp_sgd_mom_update",
    samples=lambda: [sample(*_LOW, gradient=False, **each) for each in _MOMENTUM],
    refusals=refusals_of(4),
)


@operator("nag_mom_update", elementwise=True, auxiliary=("mom",), flops=6, precision="unlisted")
@alike
def nag_mom_update(
    weight: Tensor, grad: Tensor, mom: Tensor, *, lr: float, momentum: float = 0.0, wd: float = 0.0,
    rescale_grad: float = 1.0, clip_gradient: float = -1.0,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step with Nesterov momentum, and store the new momentum.

    Parameters
    ----------
    weight, grad, mom : NDArray
        The parameter, its gradient and its momentum, which is overwritten; ``out=weight`` updates the parameter.
    lr, momentum, wd, rescale_grad, clip_gradient
        As for `sgd_mom_update`.
    """
    gradient = used_gradient(grad, rescale_grad, clip_gradient)
    kept = momentum * mom
    moved = weight + momentum * kept - (1.0 + momentum) * lr * (gradient + wd * weight)
    # Decay from the weight after the step, as in MXNet's kernel; the textbook uses the weight before it.
    return moved, kept - lr * (gradient + wd * moved)


# With weight decay only in place: MXNet takes it from `out`, which is the weight where a parameter is updated.
cases(
    "nag_mom_update",
    samples=lambda: [
        *samples_of(3, {"lr": 0.1, "momentum": 0.9, "clip_gradient": 0.3})(),
        sample(*[(2, 3)] * 3, gradient=False, out=(0,), **_MOMENTUM[1]),
    ],
    refusals=refusals_of(3),
)


@operator("mp_nag_mom_update", elementwise=True, types="T, T, float32, float32 -> T", auxiliary=("mom", "weight32"),
          flops=6, precision="unlisted")  # fmt: skip
@alike
def mp_nag_mom_update(
    weight: Tensor, grad: Tensor, mom: Tensor, weight32: Tensor, *, lr: float, momentum: float = 0.0, wd: float = 0.0,
    rescale_grad: float = 1.0, clip_gradient: float = -1.0,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Return a low-precision weight after the step of `nag_mom_update`, which is made with its float32 copy.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient, of type float16 or bfloat16.
    mom, weight32 : NDArray
        The momentum and the copy, of type float32; both are overwritten.
    lr, momentum, wd, rescale_grad, clip_gradient
        As for `nag_mom_update`.
    """
    moved, momenta = nag_mom_update(
        weight32, grad.float(), mom, lr=lr, momentum=momentum, wd=wd, rescale_grad=rescale_grad,
        clip_gradient=clip_gradient,
    )  # fmt: skip
    return moved.to(weight.dtype), momenta, moved


cases(
    "mp_nag_mom_update",
    samples=lambda: [sample(*_LOW, gradient=False, out=(0,), **each) for each in _MOMENTUM],
    refusals=refusals_of(4),
)


@operator("signsgd_update", elementwise=True, flops=3)
@alike
def signsgd_update(
    weight: Tensor, grad: Tensor, *, lr: float, wd: float = 0.0, rescale_grad: float = 1.0, clip_gradient: float = -1.0
) -> Tensor:
    """Return the weight after a step by the sign of the gradient: weight - lr * (sign(grad) + wd * weight).

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient; ``out=weight`` updates the parameter.
    lr, wd : float
        The learning rate and the weight decay.
    rescale_grad, clip_gradient
        Have no effect on a sign.
    """
    return weight * (1.0 - lr * wd) - lr * torch.sign(grad)


cases("signsgd_update", samples=samples_of(2, *_SETTINGS), refusals=refusals_of(2))


@operator("signum_update", elementwise=True, auxiliary=("mom",), flops=6)
@alike
def signum_update(
    weight: Tensor, grad: Tensor, mom: Tensor, *, lr: float, momentum: float = 0.0, wd: float = 0.0,
    rescale_grad: float = 1.0, clip_gradient: float = -1.0, wd_lh: float = 0.0,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step by the sign of the momentum, and store the new momentum.

    Parameters
    ----------
    weight, grad, mom : NDArray
        The parameter, its gradient and its momentum, which is overwritten; ``out=weight`` updates the parameter.
    lr, momentum, wd, rescale_grad, clip_gradient
        As for `sgd_mom_update`.
    wd_lh : float, default 0
        A weight decay that acts on the weight itself, not through the momentum.
    """
    step = used_gradient(grad, rescale_grad, clip_gradient) + wd * weight
    moved = momentum * mom - (1.0 - momentum) * step
    return weight * (1.0 - lr * wd_lh) + lr * torch.sign(moved), moved


cases(
    "signum_update",
    samples=samples_of(3, *_MOMENTUM, {"lr": 0.1, "momentum": 0.9, "wd_lh": 0.2}),
    refusals=refusals_of(3),
)
