"""Variants of Adam: with the maximum norm, and with Nesterov momentum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ndarray as nd
from ..core.arguments import checked
from ..ndarray import NDArray
from .optimizer import Optimizer
from .steps import clipped, rescaled, zeros_like

__all__ = ["Adamax", "Nadam"]


@Optimizer.register
class Adamax(Optimizer):
    """AdaMax (Kingma and Ba): Adam with the largest gradient in place of the average of squares.

    With ``g = clip(rescale_grad * gradient + wd * weight)`` and t counting the updates of a parameter::

        mean = beta1 * mean + (1 - beta1) * g
        largest = max(beta2 * largest, abs(g))
        weight -= lr / (1 - beta1 ** t) * mean / largest

    Parameters
    ----------
    learning_rate : float, default 0.002
        The step size.
    beta1, beta2 : float, default 0.9 and 0.999
        The decay rates of the mean and of the largest gradient.
    **kwargs
        Those of `Optimizer`.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.Adamax(learning_rate=0.1)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> round(float(weight.asscalar()), 3)
    0.9
    """

    glueball_saved_attributes = ()

    @checked
    def __init__(self, learning_rate: float = 0.002, beta1: float = 0.9, beta2: float = 0.999, **kwargs: Any) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray, NDArray]:
        """Create the arrays of the mean and of the largest gradient."""
        return zeros_like(weight), zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight and its state in place."""
        self._update_count(index)
        lr, wd = self._get_lr(index), self._get_wd(index)
        lr /= 1.0 - self.beta1 ** self._index_update_count[index]
        gradient = clipped(self, rescaled(self, grad) + wd * weight)
        mean, largest = state
        mean[:] = self.beta1 * mean + (1.0 - self.beta1) * gradient
        largest[:] = nd.maximum(self.beta2 * largest, gradient.abs())
        weight[:] -= lr * mean / largest


@Optimizer.register
class Nadam(Optimizer):
    """Nadam (Dozat): Adam with Nesterov momentum.

    With ``g = clip(rescale_grad * gradient + wd * weight)``, t counting the updates of a parameter, and the momentum
    ``p(t) = beta1 * (1 - 0.96 ** (t * schedule_decay) / 2)``::

        mean = beta1 * mean + (1 - beta1) * g
        variance = beta2 * variance + (1 - beta2) * g ** 2
        schedule = schedule * p(t)
        step = (1 - p(t)) * g / (1 - schedule) + p(t + 1) * mean / (1 - schedule * p(t + 1))
        weight -= lr * step / (sqrt(variance / (1 - beta2 ** t)) + epsilon)

    As in MXNet, all parameters share the schedule, which each update moves on.

    Parameters
    ----------
    learning_rate : float, default 0.001
        The step size.
    beta1, beta2 : float, default 0.9 and 0.999
        The decay rates of the running mean and variance of the gradients.
    epsilon : float, default 1e-8
        Avoids division by zero.
    schedule_decay : float, default 0.004
        How fast the momentum grows.
    **kwargs
        Those of `Optimizer`.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.Nadam(learning_rate=0.1)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> round(float(weight.asscalar()), 3)
    0.894
    """

    glueball_saved_attributes = ("m_schedule",)

    @checked
    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        schedule_decay: float = 0.004,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.schedule_decay = schedule_decay
        self.m_schedule = 1.0

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray, NDArray]:
        """Create the arrays of the mean and the variance."""
        return zeros_like(weight), zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight and its state in place."""
        self._update_count(index)
        lr, wd, count = self._get_lr(index), self._get_wd(index), self._index_update_count[index]
        gradient = clipped(self, rescaled(self, grad) + wd * weight)
        now, later = self._glueball_momentum(count), self._glueball_momentum(count + 1)
        self.m_schedule *= now
        mean, variance = state
        mean[:] = self.beta1 * mean + (1.0 - self.beta1) * gradient
        variance[:] = self.beta2 * variance + (1.0 - self.beta2) * gradient * gradient
        step = (1.0 - now) / (1.0 - self.m_schedule) * gradient + later / (1.0 - self.m_schedule * later) * mean
        weight[:] -= lr * step / ((variance / (1.0 - self.beta2**count)).sqrt() + self.epsilon)

    def _glueball_pass_over(self, indices: Sequence[Any]) -> None:
        super()._glueball_pass_over(indices)
        for index in indices:
            self.m_schedule *= self._glueball_momentum(self._index_update_count[index])

    def _glueball_momentum(self, count: int) -> float:
        grown: float = 0.5 * 0.96 ** (count * self.schedule_decay)
        return self.beta1 * (1.0 - grown)
