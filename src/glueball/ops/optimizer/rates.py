"""Learning rates for each layer: LARS (You et al.)."""

from __future__ import annotations

import torch
from torch import Tensor

from ..declare import cases, operator
from ..samples import Input, exactly, refused, sample
from .common import require_alike


@operator("multi_lars", elementwise=True, flops=7, precision="unlisted")
def multi_lars(
    lrs: Tensor, weights_sum_sq: Tensor, grads_sum_sq: Tensor, wds: Tensor, *, eta: float, eps: float,
    rescale_grad: float = 1.0,
) -> Tensor:  # fmt: skip
    """Return the learning rates of LARS, for several weights at once.

    A rate is multiplied with ``eta * |weight| / (|rescale_grad * grad| + wd * |weight| + eps)``, where both norms are
    above 0.

    Parameters
    ----------
    lrs, wds : NDArray
        The learning rate and the weight decay of each weight.
    weights_sum_sq, grads_sum_sq : NDArray
        The sum of the squares of each weight and of each gradient, as `multi_sum_sq` returns them.
    eta, eps : float
        How far a step goes, as a part of the weight, and what avoids division by zero.
    rescale_grad : float, default 1
        The factor of the gradients.
    """
    require_alike("multi_lars", ("weights_sum_sq", "grads_sum_sq", "wds"), lrs, (weights_sum_sq, grads_sum_sq, wds),
                  mixed=False)  # fmt: skip
    size, slope = torch.sqrt(weights_sum_sq), torch.sqrt(grads_sum_sq) * rescale_grad
    trust = eta * size / (slope + wds * size + eps)
    return torch.where((weights_sum_sq > 0) & (grads_sum_sq > 0), lrs * trust, lrs)


_POSITIVE = Input((3,), low=0.1)

cases(
    "multi_lars",
    samples=lambda: [
        sample(*[_POSITIVE] * 4, eta=0.5, eps=1e-3, gradient=False),
        sample(_POSITIVE, exactly(0, 1, 2), exactly(1, 0, 2), exactly(0, 0, 0.1), eta=0.5, eps=0, rescale_grad=0.25,
               gradient=False),
    ],
    refusals=lambda: [
        refused("eta must be given", *[_POSITIVE] * 4, eps=0),
        refused("wds must have the shape", *[_POSITIVE] * 3, (1,), eta=1, eps=0),
    ],
)  # fmt: skip
