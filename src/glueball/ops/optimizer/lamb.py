"""The two phases of a step of LAMB (You et al.): the direction, and how far to go."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..declare import cases, operator
from ..samples import Input, refused, sample
from ..shape_rule import PartialShape
from .common import alike, decay_rates, samples_of, used_gradient

_PHASE_1: tuple[dict[str, Any], ...] = (
    {"t": 1, "wd": 0.0},
    {"t": 3, "wd": 0.1, "bias_correction": False, "rescale_grad": 0.5, "clip_gradient": 0.3, "epsilon": 1e-3},
    {"t": 3, "wd": 0.1, "beta1": 0.8, "beta2": 0.99},
)


@operator("lamb_update_phase1", elementwise=True, auxiliary=("mean", "var"), flops=14, precision="unlisted")
@alike
def lamb_update_phase1(
    weight: Tensor, grad: Tensor, mean: Tensor, var: Tensor, *, beta1: float = 0.9, beta2: float = 0.999,
    epsilon: float = 1e-6, t: int, bias_correction: bool = True, wd: float, rescale_grad: float = 1.0,
    clip_gradient: float = -1.0,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Return the direction of a step of LAMB, and store the new averages.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient.
    mean, var : NDArray
        The averages of the gradient and of its square, which are overwritten.
    beta1, beta2, epsilon : float
        The decay rates of the averages, and what avoids division by zero.
    t : int
        The number of the step, from 1.
    bias_correction : bool, default True
        Correct the averages for starting at 0.
    wd, rescale_grad, clip_gradient
        As for `sgd_update`.
    """
    gradient = used_gradient(grad, rescale_grad, clip_gradient)
    (kept, added), (kept_square, added_square) = decay_rates(beta1), decay_rates(beta2)
    mean = kept * mean + added * gradient
    var = kept_square * var + added_square * gradient * gradient
    direction, size = mean, var
    if bias_correction:
        direction, size = mean / (1.0 - kept**t), var / (1.0 - kept_square**t)
    return direction / (torch.sqrt(size) + epsilon) + wd * weight, mean, var


cases(
    "lamb_update_phase1",
    samples=samples_of(4, *_PHASE_1, nonnegative=[3]),
    refusals=lambda: [refused("t must be given", *[Input((2, 3))] * 4, wd=0.0)],
)


def _scalars(shapes: list[PartialShape], attributes: object) -> list[PartialShape]:
    return [shapes[0], shapes[0], (1,), (1,)]


@operator("lamb_update_phase2", infer_inputs=_scalars, kind="other", flops=2, precision="unlisted")
def lamb_update_phase2(
    weight: Tensor,
    g: Tensor,
    r1: Tensor,
    r2: Tensor,
    *,
    lr: float,
    lower_bound: float = -1.0,
    upper_bound: float = -1.0,
) -> Tensor:
    """Return the weight after a step of LAMB in a direction.

    Parameters
    ----------
    weight, g : NDArray
        The parameter, and the result of `lamb_update_phase1`; ``out=weight`` updates the parameter.
    r1, r2 : NDArray
        (1,), the norms of `weight` and of `g`: the step is as long as their quotient says.
    lr : float
        The learning rate.
    lower_bound, upper_bound : float, default -1
        Limits of `r1`; a negative number is none.
    """
    if g.shape != weight.shape:
        raise MXNetError(
            f"lamb_update_phase2: g must have the shape of the weight, {tuple(weight.shape)}; received {tuple(g.shape)}"
        )
    if lower_bound >= 0:
        r1 = r1.clamp_min(lower_bound)
    if upper_bound >= 0:
        r1 = r1.clamp_max(upper_bound)
    ratio = torch.where((r1 == 0) | (r2 == 0), 1.0, r1 / r2)
    return weight - lr * ratio * g


_NORMS = (Input((2, 3)), Input((2, 3)), Input((1,), low=0.5), Input((1,), low=0.5))

cases(
    "lamb_update_phase2",
    samples=lambda: [
        sample(*_NORMS, lr=0.1, gradient=False),
        sample(*_NORMS, lr=0.1, lower_bound=3, gradient=False),
        sample(*_NORMS, lr=0.1, upper_bound=0.25, gradient=False),
        sample(*_NORMS[:3], Input((1,), values=(0.0,)), lr=0.1, gradient=False),
    ],
    refusals=lambda: [
        refused("lr must be given", *_NORMS),
        refused("g must have the shape of the weight", _NORMS[0], Input((1, 3)), *_NORMS[2:], lr=0.1),
    ],
)


@operator("mp_lamb_update_phase1", elementwise=True, types="T, T, float32, float32, float32 -> float32",
          auxiliary=("mean", "var"), flops=14, precision="unlisted")  # fmt: skip
@alike
def mp_lamb_update_phase1(
    weight: Tensor, grad: Tensor, mean: Tensor, var: Tensor, weight32: Tensor, *, beta1: float = 0.9,
    beta2: float = 0.999, epsilon: float = 1e-6, t: int, bias_correction: bool = True, wd: float,
    rescale_grad: float = 1.0, clip_gradient: float = -1.0,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Return the direction of a step of LAMB, float32, for a low-precision weight, and store the new averages.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient, of type float16 or bfloat16.
    mean, var : NDArray
        The averages of the gradient and of its square, of type float32, which are overwritten.
    weight32 : NDArray
        The float32 copy of the weight.
    beta1, beta2, epsilon, t, bias_correction, wd, rescale_grad, clip_gradient
        As for `lamb_update_phase1`.
    """
    direction, mean, var = lamb_update_phase1(
        weight32, grad.float(), mean, var, beta1=beta1, beta2=beta2, epsilon=epsilon, t=t,
        bias_correction=bias_correction, wd=wd, rescale_grad=rescale_grad, clip_gradient=clip_gradient,
    )  # fmt: skip
    return direction, mean, var


_LOW = (*[Input((2, 3), "float16")] * 2, Input((2, 3)), Input((2, 3), low=0.1), Input((2, 3)))

cases(
    "mp_lamb_update_phase1",
    samples=lambda: [sample(*_LOW, gradient=False, rtol=3e-5, **each) for each in _PHASE_1],
    refusals=lambda: [
        refused("t must be given", *_LOW, wd=0.0),
        refused("weight32 must have .* type float32", *_LOW[:4], _LOW[0], t=1, wd=0.0),
    ],
)


def _scalars_and_copy(shapes: list[PartialShape], attributes: object) -> list[PartialShape]:
    return [shapes[0], shapes[0], (1,), (1,), shapes[0]]


@operator("mp_lamb_update_phase2", types="T, float32, float32, float32, float32 -> T", infer_inputs=_scalars_and_copy,
          kind="other", flops=2, precision="unlisted")  # fmt: skip
def mp_lamb_update_phase2(
    weight: Tensor, g: Tensor, r1: Tensor, r2: Tensor, weight32: Tensor, *, lr: float, lower_bound: float = -1.0,
    upper_bound: float = -1.0,
) -> Tensor:  # fmt: skip
    """Return a low-precision weight after a step of LAMB in a direction, which is made with its float32 copy.

    Parameters
    ----------
    weight, g : NDArray
        The parameter, and the result of `mp_lamb_update_phase1`; ``out=weight`` updates the parameter.
    r1, r2 : NDArray
        (1,), the norms of `weight32` and of `g`, of type float32.
    weight32 : NDArray
        The copy. As in MXNet it stays as it is; a further step needs ``weight32[:] = weight``, or
        `contrib.multi_mp_lamb_update`, which overwrites it.
    lr, lower_bound, upper_bound
        As for `lamb_update_phase2`.
    """
    if weight.shape != weight32.shape:
        raise MXNetError(
            f"mp_lamb_update_phase2: weight32 must have the shape of the weight, {tuple(weight.shape)}; "
            f"received {tuple(weight32.shape)}"
        )
    moved = lamb_update_phase2(weight32, g, r1, r2, lr=lr, lower_bound=lower_bound, upper_bound=upper_bound)
    return moved.to(weight.dtype)


cases(
    "mp_lamb_update_phase2",
    samples=lambda: [
        sample(_LOW[0], *_NORMS[1:], _LOW[4], lr=0.1, gradient=False),
        sample(_LOW[0], *_NORMS[1:], _LOW[4], lr=0.1, lower_bound=3, upper_bound=4, gradient=False),
    ],
    refusals=lambda: [
        refused("lr must be given", _LOW[0], *_NORMS[1:], _LOW[4]),
        refused("weight32 must have the shape of the weight", _LOW[0], *_NORMS[1:], (1, 3), lr=0.1),
    ],
)
