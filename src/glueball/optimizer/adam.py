"""Adam."""

from __future__ import annotations

import math
from typing import Any

import torch

from .. import ndarray as nd
from ..core.arguments import checked
from ..ndarray import NDArray
from . import fused
from .grouped import Group, GroupedOptimizer, in_float32
from .optimizer import Optimizer

__all__ = ["Adam"]


@Optimizer.register
class Adam(GroupedOptimizer):
    """Adam (Kingma and Ba).

    With ``g = clip(rescale_grad * gradient + wd * weight)`` and t counting the updates of a parameter::

        mean = beta1 * mean + (1 - beta1) * g
        variance = beta2 * variance + (1 - beta2) * g ** 2
        weight -= lr * sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * mean / (sqrt(variance) + epsilon)

    Parameters
    ----------
    learning_rate : float, default 0.001
        The step size.
    beta1, beta2 : float, default 0.9 and 0.999
        The decay rates of the running mean and variance of the gradients.
    epsilon : float, default 1e-8
        Avoids division by zero.
    lazy_update : bool, default True
        Whether a row_sparse gradient changes only the rows that it stores, and their states.
    **kwargs
        Those of `Optimizer`.

    Examples
    --------
    >>> import glueball as mx
    >>> adam = mx.optimizer.Adam(learning_rate=0.5)
    >>> weight = mx.nd.array([1, 2])
    >>> adam.update(0, weight, mx.nd.array([3, -0.1]), adam.create_state(0, weight))
    >>> weight.asnumpy().round(4)
    array([0.5, 2.5], dtype=float32)
    """

    glueball_saved_attributes = ()

    @checked
    def __init__(
        self,
        learning_rate: float | None = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        lazy_update: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.lazy_update = lazy_update

    def _glueball_lazily(self, weight: NDArray, has_copy: bool) -> bool:
        return bool(self.lazy_update)

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray, NDArray]:
        """Create the arrays of the mean and the variance."""
        stype = weight.stype if self.lazy_update else "default"
        return (
            nd.zeros(weight.shape, ctx=weight.context, dtype=weight.dtype, stype=stype),
            nd.zeros(weight.shape, ctx=weight.context, dtype=weight.dtype, stype=stype),
        )

    def _glueball_step(self, group: Group) -> None:
        betas = in_float32(self.beta1)[0], in_float32(self.beta2)[0]
        for part in group.parts():
            if self.clip_gradient or not fused.suits(part.weights):
                self._glueball_step_by_step(part)
                continue
            gradients, rate = self._glueball_rescaled(part), -self._glueball_corrected_rates(part)[0]
            fused.adam(
                part.weights, gradients, part.state(0), part.state(1), rate, part.decays[0], betas, self.epsilon,
                part.counts[0],
            )  # fmt: skip

    def _glueball_step_by_step(self, group: Group) -> None:
        gradients = self._glueball_clipped(self._glueball_with_decay(self._glueball_rescaled(group), group), group)
        means, variances = group.state(0), group.state(1)
        kept, added = in_float32(self.beta1)
        torch._foreach_mul_(means, kept)
        torch._foreach_add_(means, gradients, alpha=added)
        kept, added = in_float32(self.beta2)
        torch._foreach_mul_(variances, kept)
        torch._foreach_addcmul_(variances, gradients, gradients, added)
        deviations = torch._foreach_sqrt(variances)
        torch._foreach_add_(deviations, self.epsilon)
        torch._foreach_addcdiv_(group.weights, means, deviations, self._glueball_corrected_rates(group))

    def _glueball_corrected_rates(self, group: Group) -> list[float]:
        """Return the rates, corrected for both averages starting at 0."""
        return [
            -rate * math.sqrt(1.0 - self.beta2**count) / (1.0 - self.beta1**count)
            for rate, count in zip(group.rates, group.counts, strict=True)
        ]
