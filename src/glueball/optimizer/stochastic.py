"""Gradient descent for special purposes: with delayed gradients, and with noise to sample from a posterior."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from .. import ndarray as nd
from ..core.arguments import checked
from ..ndarray import NDArray
from .optimizer import Optimizer
from .steps import clipped, rescaled, zeros_like

__all__ = ["DCASGD", "SGLD"]


@Optimizer.register
class DCASGD(Optimizer):
    """DCASGD (Zheng et al.): SGD that compensates the delay of gradients, which were computed from older weights.

    With ``g = clip(rescale_grad * gradient)``::

        m = momentum * m - lr * (g + wd * weight + lamda * g ** 2 * (weight - previous))
        previous = weight;  weight += m

    Parameters
    ----------
    momentum : float, default 0.0
        The momentum.
    lamda : float, default 0.04
        How strong the compensation is.
    **kwargs
        Those of `Optimizer`; the default `learning_rate` is 0.01.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.DCASGD(learning_rate=0.5)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> weight.asscalar()
    np.float32(0.75)
    """

    glueball_saved_attributes = ()

    _glueball_of_mxnet: ClassVar[Mapping[str, Any]] = {"weight_previous": {}}

    @checked
    def __init__(self, momentum: float = 0.0, lamda: float = 0.04, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum
        self.lamda = lamda

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray | None, NDArray]:
        """Create the momentum array, None without momentum, and a copy of the weight."""
        return None if self.momentum == 0.0 else zeros_like(weight), weight.copy()

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight and its state in place."""
        self._update_count(index)
        lr, wd = self._get_lr(index), self._get_wd(index)
        gradient = clipped(self, rescaled(self, grad))
        moving, previous = state
        step = -lr * (gradient + wd * weight + self.lamda * gradient * gradient * (weight - previous))
        if moving is not None:
            moving[:] = step = self.momentum * moving + step
        previous[:] = weight
        weight[:] += step


@Optimizer.register
class SGLD(Optimizer):
    """SGLD (Welling and Teh): gradient descent with noise, whose weights are samples of a posterior distribution.

    With ``g = clip(rescale_grad * gradient)``::

        weight += -lr / 2 * (g + wd * weight) + normal(0, sqrt(lr))

    Parameters
    ----------
    **kwargs
        Those of `Optimizer`; the default `learning_rate` is 0.01.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.zeros((1000,)), mx.nd.zeros((1000,))
    >>> optimizer = mx.optimizer.SGLD(learning_rate=0.25)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> bool(0.4 < weight.asnumpy().std() < 0.6)
    True
    """

    glueball_saved_attributes = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight in place."""
        self._update_count(index)
        lr, wd = self._get_lr(index), self._get_wd(index)
        gradient = clipped(self, rescaled(self, grad))
        noise = nd.random.normal(0, math.sqrt(lr), shape=weight.shape, dtype=weight.dtype, ctx=weight.context)
        weight[:] += -lr / 2 * (gradient + wd * weight) + noise
