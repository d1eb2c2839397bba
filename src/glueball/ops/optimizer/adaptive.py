"""Steps that divide a gradient by the size of earlier ones: Adam, RMSProp, FTRL and FTML."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..declare import cases, operator
from ..sparse.steps import BY_ROW, BY_ROW_OF_ROWS
from .common import alike, clipped, decay_rates, refusals_of, samples_of, used_gradient

_FURTHER: dict[str, Any] = {"lr": 0.1, "wd": 0.01, "rescale_grad": 0.5, "clip_gradient": 0.3}


@operator(
    "adam_update", aliases=["_sparse_adam_update"], elementwise=True, auxiliary=("mean", "var"), flops=12, sparse=BY_ROW
)
@alike
def adam_update(
    weight: Tensor, grad: Tensor, mean: Tensor, var: Tensor, *, lr: float, beta1: float = 0.9, beta2: float = 0.999,
    epsilon: float = 1e-8, wd: float = 0.0, rescale_grad: float = 1.0, clip_gradient: float = -1.0,
    lazy_update: bool = True,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step of Adam without its correction, and store the new averages.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient; ``out=weight`` updates the parameter.
    mean, var : NDArray
        The averages of the gradient and of its square, which are overwritten.
    lr, wd, rescale_grad, clip_gradient, lazy_update
        As for `sgd_update`; clipped is the gradient with its weight decay.
    beta1, beta2, epsilon : float
        The decay rates of the averages, and what avoids division by zero.
    """
    gradient = clipped(grad * rescale_grad + wd * weight, clip_gradient)
    (kept, added), (kept_square, added_square) = decay_rates(beta1), decay_rates(beta2)
    mean = kept * mean + added * gradient
    var = kept_square * var + added_square * gradient * gradient
    return weight - lr * mean / (torch.sqrt(var) + epsilon), mean, var


cases(
    "adam_update",
    samples=samples_of(4, {"lr": 0.1}, {**_FURTHER, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-3}, nonnegative=[3]),
    refusals=refusals_of(4),
)


def _bounded(weight: Tensor, clip_weights: float) -> Tensor:
    return weight.clamp(-clip_weights, clip_weights) if clip_weights >= 0 else weight


@operator("rmsprop_update", elementwise=True, auxiliary=("n",), flops=9)
@alike
def rmsprop_update(
    weight: Tensor, grad: Tensor, n: Tensor, *, lr: float, gamma1: float = 0.95, epsilon: float = 1e-8,
    wd: float = 0.0, rescale_grad: float = 1.0, clip_gradient: float = -1.0, clip_weights: float = -1.0,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step of RMSProp, and store the new average.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient; ``out=weight`` updates the parameter.
    n : NDArray
        The average of the square of the gradient, which is overwritten.
    lr, wd, rescale_grad, clip_gradient
        As for `adam_update`.
    gamma1, epsilon : float
        The decay rate of the average, and what avoids division by zero.
    clip_weights : float, default -1
        Where the weight is clipped; a negative number is nowhere.
    """
    gradient = clipped(grad * rescale_grad + wd * weight, clip_gradient)
    kept, added = decay_rates(gamma1)
    n = kept * n + added * gradient * gradient
    return _bounded(weight - lr * gradient / torch.sqrt(n + epsilon), clip_weights), n


cases(
    "rmsprop_update",
    samples=samples_of(3, {"lr": 0.1}, {**_FURTHER, "gamma1": 0.8, "clip_weights": 0.5}, nonnegative=[2]),
    refusals=refusals_of(3),
)


@operator("rmspropalex_update", elementwise=True, auxiliary=("n", "g", "delta"), flops=14)
@alike
def rmspropalex_update(
    weight: Tensor, grad: Tensor, n: Tensor, g: Tensor, delta: Tensor, *, lr: float, gamma1: float = 0.95,
    gamma2: float = 0.9, epsilon: float = 1e-8, wd: float = 0.0, rescale_grad: float = 1.0,
    clip_gradient: float = -1.0, clip_weights: float = -1.0,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step of the centered RMSProp of Graves, and store the new averages and step.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient; ``out=weight`` updates the parameter.
    n, g, delta : NDArray
        The averages of the square of the gradient and of the gradient, and the last step; they are overwritten.
    lr, gamma1, epsilon, wd, rescale_grad, clip_gradient, clip_weights
        As for `rmsprop_update`.
    gamma2 : float, default 0.9
        How much of the last step is kept.
    """
    gradient = clipped(grad * rescale_grad + wd * weight, clip_gradient)
    kept, added = decay_rates(gamma1)
    n = kept * n + added * gradient * gradient
    g = kept * g + added * gradient
    delta = gamma2 * delta - lr * gradient / torch.sqrt(n - g * g + epsilon)
    return _bounded(weight + delta, clip_weights), n, g, delta


cases(
    "rmspropalex_update",
    samples=samples_of(5, {"lr": 0.1, "epsilon": 9}, {**_FURTHER, "epsilon": 9, "clip_weights": 0.5}, nonnegative=[2]),
    refusals=refusals_of(5),
)


@operator(
    "ftrl_update",
    aliases=["_sparse_ftrl_update"],
    elementwise=True,
    auxiliary=("z", "n"),
    flops=15,
    sparse=BY_ROW_OF_ROWS,
)
@alike
def ftrl_update(
    weight: Tensor, grad: Tensor, z: Tensor, n: Tensor, *, lr: float, lamda1: float = 0.01, beta: float = 1.0,
    wd: float = 0.0, rescale_grad: float = 1.0, clip_gradient: float = -1.0,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step of FTRL (McMahan et al.), and store its new state.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient; ``out=weight`` updates the parameter.
    z, n : NDArray
        The state and the sum of the squares of the gradients, which are overwritten.
    lr, wd, rescale_grad, clip_gradient
        As for `sgd_update`.
    lamda1, beta : float
        The strength of the L1 regularization, and what smoothes the rates of single weights.
    """
    gradient = used_gradient(grad, rescale_grad, clip_gradient)
    summed = n + gradient * gradient
    z = z + gradient - (torch.sqrt(summed) - torch.sqrt(n)) * weight / lr
    moved = (torch.sign(z) * lamda1 - z) / ((beta + torch.sqrt(summed)) / lr + wd)
    return torch.where(z.abs() > lamda1, moved, 0.0), z, summed


cases(
    "ftrl_update",
    samples=samples_of(4, {"lr": 0.1}, {**_FURTHER, "lamda1": 0.8, "beta": 0.5}, nonnegative=[3]),
    refusals=refusals_of(4),
)


@operator("ftml_update", elementwise=True, auxiliary=("d", "v", "z"), flops=18)
@alike
def ftml_update(
    weight: Tensor, grad: Tensor, d: Tensor, v: Tensor, z: Tensor, *, lr: float, beta1: float = 0.6,
    beta2: float = 0.999, epsilon: float = 1e-8, t: int, wd: float = 0.0, rescale_grad: float = 1.0,
    clip_grad: float = -1.0,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:  # fmt: skip
    """Return the weight after a step of FTML (Zheng and Kwok), and store its new state.

    Parameters
    ----------
    weight, grad : NDArray
        The parameter and its gradient; ``out=weight`` updates the parameter.
    d, v, z : NDArray
        The state, which is overwritten.
    lr, beta1, beta2, epsilon, wd, rescale_grad, clip_grad
        As for `adam_update`, where `clip_grad` is called clip_gradient.
    t : int
        The number of the step, from 1.
    """
    gradient = clipped(grad * rescale_grad + wd * weight, clip_grad)
    (kept, added), (kept_square, added_square) = decay_rates(beta1), decay_rates(beta2)
    v = kept_square * v + added_square * gradient * gradient
    divisor = (1.0 - kept**t) / lr * (torch.sqrt(v / (1.0 - kept_square**t)) + epsilon)
    z = kept * z + added * gradient - (divisor - kept * d) * weight
    return -z / divisor, divisor, v, z


cases(
    "ftml_update",
    samples=samples_of(
        5, {"lr": 0.1, "t": 1},
        {"lr": 0.1, "t": 7, "beta1": 0.8, "wd": 0.01, "rescale_grad": 0.5, "clip_grad": 0.3}, nonnegative=[2, 3],
    ),
    refusals=refusals_of(5, t=1),
)  # fmt: skip
