"""Steps for which torch has one kernel that reads and writes each number once; optim.SGD and optim.Adam are torch's."""

from __future__ import annotations

import math

import torch
from torch import Tensor

# In 16 bits torch's kernel for SGD leaves the gradient out (2.6 to 2.13).
_TYPES = {torch.float32, torch.float64}


def suits(weights: list[Tensor]) -> bool:
    """Whether torch's kernels take these weights, which have one type: those of one device, and not in 16 bits."""
    return weights[0].dtype in _TYPES and len({weight.device for weight in weights}) == 1


def sgd(
    weights: list[Tensor], gradients: list[Tensor], moving: list[Tensor], rate: float, decay: float, momentum: float
) -> None:
    """Do ``m = momentum * m - rate * (g + decay * w);  w += m``, or without `moving` ``w -= rate * (g + decay * w)``.

    torch multiplies m by the rate only when it is added to w; with a rate of -1, and the rate in the factor of the
    gradient (1 minus the dampening), it is MXNet's m.
    """
    torch._fused_sgd_(
        weights, gradients, moving, weight_decay=decay, momentum=momentum, lr=-1.0 if moving else rate,
        dampening=1.0 + rate if moving else 0.0, nesterov=False, maximize=False, is_first_step=False,
    )  # fmt: skip
    _count_write([*weights, *moving])


def adam(
    weights: list[Tensor], gradients: list[Tensor], means: list[Tensor], variances: list[Tensor],
    rate: float, decay: float, betas: tuple[float, float], epsilon: float, count: int,
) -> None:  # fmt: skip
    """Update means and variances, and do ``w -= rate * mean / (sqrt(variance) + epsilon)``.

    torch corrects means and variances for having started at 0, by `betas` and `count`; `rate` has that in it already,
    so that it is taken out here.
    """
    of_mean, of_variance = (1.0 - beta**count for beta in betas)
    torch._fused_adam_(
        weights, gradients, means, variances, [],
        [torch.tensor(float(count), device=weights[0].device)] * len(weights),
        lr=rate * of_mean / math.sqrt(of_variance), beta1=betas[0], beta2=betas[1], weight_decay=decay,
        eps=epsilon / math.sqrt(of_variance), amsgrad=False, maximize=False,
    )  # fmt: skip
    _count_write([*weights, *means, *variances])


def _count_write(tensors: list[Tensor]) -> None:
    """Count a write to each tensor, by which others notice it: unlike other operators in place, these do not."""
    torch.autograd.graph.increment_version(tensors)
