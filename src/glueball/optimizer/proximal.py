"""Optimizers that follow the regularized leader: FTRL and FTML."""

from __future__ import annotations

from typing import Any

from .. import ndarray as nd
from ..core.arguments import checked
from ..ndarray import NDArray
from .optimizer import Optimizer
from .steps import clip_limit, zeros_like

__all__ = ["FTML", "Ftrl"]


@Optimizer.register
class Ftrl(Optimizer):
    """FTRL (McMahan et al.), for sparse linear models; the step is that of `glueball.nd.ftrl_update`.

    Parameters
    ----------
    lamda1 : float, default 0.01
        The strength of the L1 regularization.
    learning_rate : float, default 0.1
        The step size.
    beta : float, default 1
        Smooths the rates of single weights.
    **kwargs
        Those of `Optimizer`.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.Ftrl()
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> round(float(weight.asscalar()), 3)
    0.299
    """

    glueball_saved_attributes = ()

    @checked
    def __init__(self, lamda1: float = 0.01, learning_rate: float = 0.1, beta: float = 1, **kwargs: Any) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.lamda1 = lamda1
        self.beta = beta

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray, NDArray]:
        """Create the arrays of the state and of the sum of squares."""
        return zeros_like(weight), zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight and its state in place."""
        self._update_count(index)
        lr, wd = self._get_lr(index), self._get_wd(index)
        z, n = state
        nd.ftrl_update(
            weight, grad, z, n, out=weight, lr=lr, wd=wd, lamda1=self.lamda1, beta=self.beta,
            rescale_grad=self.rescale_grad, clip_gradient=clip_limit(self),
        )  # fmt: skip


@Optimizer.register
class FTML(Optimizer):
    """FTML, follow the moving leader (Zheng and Kwok); the step is that of `glueball.nd.ftml_update`.

    Parameters
    ----------
    beta1, beta2 : float, default 0.6 and 0.999
        The decay rates of the averages.
    epsilon : float, default 1e-8
        Avoids division by zero.
    **kwargs
        Those of `Optimizer`; the default `learning_rate` is 0.01.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.FTML(learning_rate=0.1)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> round(float(weight.asscalar()), 3)
    0.9
    """

    glueball_saved_attributes = ()

    @checked
    def __init__(self, beta1: float = 0.6, beta2: float = 0.999, epsilon: float = 1e-8, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray, NDArray, NDArray]:
        """Create the arrays of the divisor, of the average of squares, and of the leader."""
        return zeros_like(weight), zeros_like(weight), zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight and its state in place."""
        self._update_count(index)
        lr, wd, count = self._get_lr(index), self._get_wd(index), self._index_update_count[index]
        d, v, z = state
        nd.ftml_update(
            weight, grad, d, v, z, out=weight, lr=lr, wd=wd, t=count, beta1=self.beta1, beta2=self.beta2,
            epsilon=self.epsilon, rescale_grad=self.rescale_grad, clip_grad=clip_limit(self),
        )  # fmt: skip
