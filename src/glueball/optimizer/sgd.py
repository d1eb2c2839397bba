"""Gradient descent without momentum, with momentum, and with Nesterov momentum."""

from __future__ import annotations

import os
from typing import Any

import torch

from .. import ndarray as nd
from ..core.arguments import checked
from ..ndarray import NDArray
from . import fused
from .grouped import Group, GroupedOptimizer, add_scaled, negative
from .optimizer import Optimizer

__all__ = ["NAG", "SGD", "ccSGD"]


class _WithMomentum(GroupedOptimizer):
    """The common part of SGD and NAG: the momentum array, and the step without momentum."""

    def __init__(self, momentum: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.momentum = momentum

    def create_state(self, index: Any, weight: NDArray) -> NDArray | None:
        """Create the momentum array; None without momentum."""
        if self.momentum == 0.0:
            return None
        stype = weight.stype if getattr(self, "lazy_update", False) else "default"
        return nd.zeros(weight.shape, ctx=weight.context, dtype=weight.dtype, stype=stype)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one weight in place, or several at once if each argument is a list."""
        self._update_impl(index, weight, grad, state, multi_precision=False)

    def update_multi_precision(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update like `update`, through the float32 copies of low-precision weights."""
        self._update_impl(index, weight, grad, state, multi_precision=self.multi_precision)

    def _update_impl(self, indices: Any, weights: Any, grads: Any, states: Any, multi_precision: bool = False) -> None:
        """Update weights: the one place that MXNet's `update` and `update_multi_precision` lead to."""
        self._glueball_update(indices, weights, grads, states, through_copies=multi_precision)

    def _glueball_join(self, copy: NDArray, state: Any) -> tuple[Any, Any]:
        return state, copy

    def _glueball_split(self, state: tuple[Any, Any]) -> tuple[NDArray, Any]:
        return state[1], state[0]

    def _glueball_step(self, group: Group) -> None:
        gradients = self._glueball_clipped(self._glueball_rescaled(group), group)
        if self.momentum == 0.0:
            if any(group.decays):
                kept = [1.0 - rate * decay for rate, decay in zip(group.rates, group.decays, strict=True)]
                torch._foreach_mul_(group.weights, kept)
            add_scaled(group.weights, gradients, negative(group.rates))
        else:
            self._glueball_momentum_step(group, gradients)

    def _glueball_momentum_step(self, group: Group, gradients: list[torch.Tensor]) -> None:
        raise NotImplementedError


def _decayed_rates(group: Group) -> list[float]:
    return [-rate * decay for rate, decay in zip(group.rates, group.decays, strict=True)]


@Optimizer.register
class SGD(_WithMomentum):
    """Stochastic gradient descent.

    With ``g = clip(rescale_grad * gradient)``::

        weight -= lr * (g + wd * weight)                            # momentum 0
        m = momentum * m - lr * (g + wd * weight);  weight += m     # else

    Parameters
    ----------
    momentum : float, default 0.0
        The momentum.
    lazy_update : bool, default True
        Whether a row_sparse gradient changes only the rows that it stores, and their states.
    **kwargs
        Those of `Optimizer`; the default `learning_rate` is 0.01.

    Examples
    --------
    >>> import glueball as mx
    >>> sgd = mx.optimizer.SGD(learning_rate=0.5)
    >>> weight = mx.nd.array([1, 2])
    >>> sgd.update(0, weight, mx.nd.array([1, -1]), sgd.create_state(0, weight))
    >>> weight.asnumpy().tolist()
    [0.5, 2.5]
    """

    glueball_saved_attributes = ()

    @checked
    def __init__(self, momentum: float = 0.0, lazy_update: bool = True, **kwargs: Any) -> None:
        super().__init__(momentum, **kwargs)
        self.aggregate_num = int(os.environ.get("MXNET_OPTIMIZER_AGGREGATION_SIZE", "4"))
        self.lazy_update = lazy_update

    def _glueball_lazily(self, weight: NDArray, has_copy: bool) -> bool:
        return bool(self.lazy_update) and not has_copy

    def _update_impl(self, indices: Any, weights: Any, grads: Any, states: Any, multi_precision: bool = False) -> None:
        """As in MXNet, one weight is a list of one, so that rates come from `_get_lrs`."""
        if not isinstance(indices, list | tuple):
            indices, weights, grads, states = [indices], [weights], [grads], [states]
        super()._update_impl(indices, weights, grads, states, multi_precision)

    def _glueball_step(self, group: Group) -> None:
        scale = float(self.rescale_grad)
        for part in group.parts():
            if self.clip_gradient or not scale or not fused.suits(part.weights):
                super()._glueball_step(part)
                continue
            moving = part.state() if self.momentum else []
            rate, decay = part.rates[0] * scale, part.decays[0] / scale
            fused.sgd(part.weights, part.gradients, moving, rate, decay, float(self.momentum))

    def _glueball_momentum_step(self, group: Group, gradients: list[torch.Tensor]) -> None:
        moving = group.state()
        torch._foreach_mul_(moving, float(self.momentum))
        add_scaled(moving, gradients, negative(group.rates))
        add_scaled(moving, group.weights, _decayed_rates(group))
        torch._foreach_add_(group.weights, moving)


@Optimizer.register
class ccSGD(SGD):
    """`SGD` under its name in old programs.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.optimizer.create("ccsgd", momentum=0.9).momentum
    0.9
    """

    glueball_saved_attributes = ()


@Optimizer.register
class NAG(_WithMomentum):
    """Stochastic gradient descent with Nesterov momentum.

    With ``g = clip(rescale_grad * gradient)``::

        m = momentum * m
        weight += momentum * m - (1 + momentum) * lr * (g + wd * weight)
        m -= lr * (g + wd * weight)                                 # the new weight, as in MXNet

    As in MXNet, `m` decays by the weight before the step if the weight is row_sparse, in float32; without momentum a
    row_sparse gradient changes only the rows that it stores.

    Parameters
    ----------
    momentum : float, default 0.0
        The momentum; with 0 it is `SGD`.
    **kwargs
        Those of `Optimizer`; the default `learning_rate` is 0.01.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.NAG(learning_rate=0.1, momentum=0.9)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> round(float(weight.asscalar()), 3)
    0.905
    """

    glueball_saved_attributes = ()

    @checked
    def __init__(self, momentum: float = 0.0, **kwargs: Any) -> None:
        super().__init__(momentum, **kwargs)

    def _glueball_lazily(self, weight: NDArray, has_copy: bool) -> bool:
        return self.momentum == 0.0 and not has_copy

    def _glueball_step_of_rows(self, group: Group) -> None:
        if self.momentum == 0.0:
            self._glueball_step(group)
            return
        gradients = self._glueball_clipped(self._glueball_rescaled(group), group)
        decayed = torch._foreach_add(gradients, torch._foreach_mul(group.weights, group.decays))
        self._glueball_momentum_step(group._replace(decays=[0.0] * len(group.decays)), list(decayed))

    def _glueball_momentum_step(self, group: Group, gradients: list[torch.Tensor]) -> None:
        moving, momentum = group.state(), float(self.momentum)
        torch._foreach_mul_(moving, momentum)
        steps = torch._foreach_mul(gradients, negative(group.rates))
        add_scaled(steps, group.weights, _decayed_rates(group))
        add_scaled(group.weights, moving, [momentum] * len(moving))
        add_scaled(group.weights, steps, [1.0 + momentum] * len(moving))
        add_scaled(moving, gradients, negative(group.rates))
        # Decay from the weight after the step, as in MXNet's kernel; the textbook uses the weight before it.
        add_scaled(moving, group.weights, _decayed_rates(group))
