"""Optimizers that divide each gradient by the size of earlier ones: AdaGrad, RMSProp, AdaDelta."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor

from .. import ndarray as nd
from ..core.annotations import Bound
from ..core.arguments import checked
from ..ndarray import NDArray
from .grouped import Group, GroupedOptimizer, add_scaled, in_float32, negative
from .optimizer import Optimizer

__all__ = ["AdaDelta", "AdaGrad", "RMSProp"]


def _zeros_like(weight: NDArray) -> NDArray:
    return nd.zeros(weight.shape, ctx=weight.context, dtype=weight.dtype, stype=weight.stype)


def _average(averages: list[Tensor], tensors: list[Tensor], rate: float) -> None:
    """Move each average toward the square of its tensor."""
    kept, added = in_float32(rate)
    torch._foreach_mul_(averages, kept)
    torch._foreach_addcmul_(averages, tensors, tensors, added)


def _root(tensors: list[Tensor], epsilon: float) -> list[Tensor]:
    """Return the square roots of the tensors plus epsilon."""
    shifted = list(torch._foreach_add(tensors, epsilon))
    torch._foreach_sqrt_(shifted)
    return shifted


@Optimizer.register
class AdaGrad(GroupedOptimizer):
    """AdaGrad (Duchi et al.).

    With ``g = clip(rescale_grad * gradient)``::

        history += g ** 2
        weight -= lr * (g / sqrt(history + eps) + wd * weight)

    Parameters
    ----------
    eps : float, default 1e-7
        Avoids division by zero.
    **kwargs
        Those of `Optimizer`; the default `learning_rate` is 0.01.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.AdaGrad(learning_rate=0.1)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> round(float(weight.asscalar()), 3)
    0.9
    """

    glueball_setting_attributes: ClassVar[Mapping[str, str | None]] = {"eps": "float_stable_eps"}
    glueball_saved_attributes = ()

    @checked
    def __init__(self, eps: float = 1e-7, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.float_stable_eps = eps

    def create_state(self, index: Any, weight: NDArray) -> NDArray:
        """Create the array of the history."""
        return _zeros_like(weight)

    def _glueball_lazily(self, weight: NDArray, has_copy: bool) -> bool:
        return True

    def _glueball_step(self, group: Group) -> None:
        gradients = self._glueball_clipped(self._glueball_rescaled(group), group)
        history = group.state()
        torch._foreach_addcmul_(history, gradients, gradients, 1.0)
        kept = [1.0 - rate * decay for rate, decay in zip(group.rates, group.decays, strict=True)]
        torch._foreach_mul_(group.weights, kept)
        roots = _root(history, self.float_stable_eps)
        torch._foreach_addcdiv_(group.weights, gradients, roots, negative(group.rates))


@Optimizer.register
class RMSProp(GroupedOptimizer):
    """RMSProp (Tieleman and Hinton), or with `centered` the variant of Graves.

    With ``g = clip(rescale_grad * gradient + wd * weight)``::

        n = gamma1 * n + (1 - gamma1) * g ** 2
        weight -= lr * g / sqrt(n + epsilon)                        # not centered

        mean = gamma1 * mean + (1 - gamma1) * g                     # centered
        delta = gamma2 * delta - lr * g / sqrt(n - mean ** 2 + epsilon)
        weight += delta

    Parameters
    ----------
    learning_rate : float, default 0.001
        The step size.
    gamma1 : float, default 0.9
        The decay rate of the averages.
    gamma2 : float, default 0.9
        The momentum; only used if `centered`.
    epsilon : float, default 1e-8
        Avoids division by zero.
    centered : bool, default False
        Whether to use the centered variant.
    clip_weights : float, optional
        Weights are clipped to ``[-clip_weights, clip_weights]`` after each update; None, 0 or a negative
        number disables clipping.
    **kwargs
        Those of `Optimizer`.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.RMSProp(learning_rate=0.1)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> round(float(weight.asscalar()), 3)
    0.684
    """

    glueball_saved_attributes = ()

    @checked
    def __init__(
        self,
        learning_rate: float | None = 0.001,
        gamma1: float = 0.9,
        gamma2: float = 0.9,
        epsilon: float = 1e-8,
        centered: bool = False,
        clip_weights: Bound | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.gamma1 = gamma1
        self.gamma2 = gamma2
        self.epsilon = epsilon
        self.centered = centered
        self.clip_weights = clip_weights

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray, ...]:
        """Create the array of n and, if `centered`, those of the mean and of delta."""
        return tuple(_zeros_like(weight) for _ in range(3 if self.centered else 1))

    def _glueball_step(self, group: Group) -> None:
        gradients = self._glueball_clipped(self._glueball_with_decay(self._glueball_rescaled(group), group), group)
        squares = group.state(0)
        _average(squares, gradients, self.gamma1)
        if self.centered:
            self._glueball_centered_step(group, gradients, squares)
        else:
            roots = _root(squares, self.epsilon)
            torch._foreach_addcdiv_(group.weights, gradients, roots, negative(group.rates))
        if self.clip_weights and self.clip_weights > 0:
            torch._foreach_clamp_min_(group.weights, -float(self.clip_weights))
            torch._foreach_clamp_max_(group.weights, float(self.clip_weights))

    def _glueball_centered_step(self, group: Group, gradients: list[Tensor], squares: list[Tensor]) -> None:
        means, deltas = group.state(1), group.state(2)
        kept, added = in_float32(self.gamma1)
        torch._foreach_mul_(means, kept)
        torch._foreach_add_(means, gradients, alpha=added)
        roots = _root(list(torch._foreach_addcmul(squares, means, means, -1.0)), self.epsilon)
        torch._foreach_mul_(deltas, self.gamma2)
        torch._foreach_addcdiv_(deltas, gradients, roots, negative(group.rates))
        torch._foreach_add_(group.weights, deltas)


@Optimizer.register
class AdaDelta(GroupedOptimizer):
    """AdaDelta (Zeiler). The learning rate is not used.

    With ``g = clip(rescale_grad * gradient)``::

        squares = rho * squares + (1 - rho) * g ** 2
        delta = sqrt(steps + epsilon) / sqrt(squares + epsilon) * g
        steps = rho * steps + (1 - rho) * delta ** 2
        weight -= delta + wd * weight

    Parameters
    ----------
    rho : float, default 0.9
        The decay rate of both averages.
    epsilon : float, default 1e-5
        The size of the first steps; also avoids division by zero.
    **kwargs
        Those of `Optimizer`.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.AdaDelta()
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> round(float(weight.asscalar()), 3)
    0.99
    """

    glueball_saved_attributes = ()

    @checked
    def __init__(self, rho: float = 0.9, epsilon: float = 1e-5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rho = rho
        self.epsilon = epsilon

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray, NDArray]:
        """Create the arrays of the squares and of the steps."""
        return _zeros_like(weight), _zeros_like(weight)

    def _glueball_count(self, index: Any) -> tuple[list[float], list[float]]:
        """There is no rate, and MXNet does not ask for it."""
        many = isinstance(index, list | tuple)
        decays = self._get_wds(index) if many else [self._get_wd(index)]
        self._update_count(index)
        return [0.0] * len(decays), decays

    def _glueball_step(self, group: Group) -> None:
        gradients = self._glueball_clipped(self._glueball_rescaled(group), group)
        squares, steps = group.state(0), group.state(1)
        _average(squares, gradients, self.rho)
        deltas = torch._foreach_div(_root(steps, self.epsilon), _root(squares, self.epsilon))
        torch._foreach_mul_(deltas, gradients)
        _average(steps, list(deltas), self.rho)
        torch._foreach_mul_(group.weights, [1.0 - decay for decay in group.decays])
        add_scaled(group.weights, list(deltas), [-1.0] * len(deltas))
