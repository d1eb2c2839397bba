"""Optimizers for large batches, with a learning rate for each layer: LARS and LAMB."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from .. import ndarray as nd
from ..core.arguments import checked
from ..ndarray import NDArray
from .by_rows import write_back
from .optimizer import Optimizer
from .steps import clip_limit, zeros_like

__all__ = ["LAMB", "LARS"]


class _Layerwise(Optimizer):
    """An optimizer that is given `aggregate_num` parameters at a time, as in MXNet, and updates them one by one."""

    def __init__(self, aggregate_num: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.aggregate_num = int(os.environ.get("MXNET_OPTIMIZER_AGGREGATION_SIZE", aggregate_num))

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update one weight and its state in place, or several if each argument is a list."""
        self._update_impl(index, weight, grad, state, multi_precision=False)

    def update_multi_precision(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update like `update`, through the float32 copies of low-precision weights."""
        self._update_impl(index, weight, grad, state, multi_precision=self.multi_precision)

    def _update_impl(self, index: Any, weight: Any, grad: Any, state: Any, multi_precision: bool = False) -> None:
        """Update weights: the one place that MXNet's `update` and `update_multi_precision` lead to.

        As in MXNet, one weight is a list of one: the rates of a list are asked for together.
        """
        if not isinstance(index, list | tuple):
            index, weight, grad, state = [index], [weight], [grad], [state]
        self._update_count(index)
        rates, decays = self._get_lrs(index), self._get_wds(index)
        for one, w, g, s, lr, wd in zip(index, weight, grad, state, rates, decays, strict=True):
            if multi_precision and self._glueball_uses_copy(w):
                copy, inner = self._glueball_split(s)
                self._glueball_step(one, copy, g.astype("float32"), inner, lr, wd, w.astype("float32").norm())
                write_back(copy, w)
            else:
                self._glueball_step(one, w, g, s, lr, wd, w.norm())

    def _glueball_step(
        self, index: Any, weight: NDArray, grad: NDArray, state: Any, lr: float, wd: float, size: NDArray
    ) -> None:
        """Update one weight; `size` is its norm, as in MXNet that of the rounded weight where there is a copy."""
        raise NotImplementedError


@Optimizer.register
class LARS(_Layerwise):
    """LARS (You et al.): SGD whose steps are in proportion to the norm of the weight.

    Only weights whose name ends in ``_weight`` have a weight decay, unless `set_wd_mult` says so. The learning rate of
    a weight, if its name does not end in ``gamma``, ``beta`` or ``bias``, is multiplied with
    ``eta * norm(weight) / (norm(rescale_grad * gradient) + wd * norm(weight) + eps)``; then the step is that of `SGD`.

    Parameters
    ----------
    momentum : float, default 0.0
        The momentum.
    lazy_update : bool, default True
        Has no effect. Differs from MXNet: a row_sparse gradient is used as a dense one, as the norms are of all rows.
    eta : float, default 0.001
        How far a step goes, as a part of the weight.
    eps : float, default 0
        Avoids division by zero.
    momentum_correction : bool, default True
        Scale the momentum when the learning rate changes.
    **kwargs
        Those of `Optimizer`; the default `learning_rate` is 0.01.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.LARS(learning_rate=1, eta=0.25)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> weight.asscalar()
    np.float32(0.75)
    """

    glueball_saved_attributes = ("cur_lr", "last_lr")

    _glueball_decaying = ("_weight",)
    _glueball_of_mxnet: ClassVar[Mapping[str, Any]] = {"skip": 0}

    @checked
    def __init__(
        self,
        momentum: float = 0.0,
        lazy_update: bool = True,
        eta: float = 0.001,
        eps: float = 0,
        momentum_correction: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__("4", **kwargs)
        self.momentum = momentum
        self.lazy_update = lazy_update
        self.eta = eta
        self.eps = eps
        self.momentum_correction = momentum_correction
        self.cur_lr: float | None = None
        self.last_lr: float | None = None

    def create_state(self, index: Any, weight: NDArray) -> NDArray | None:
        """Create the momentum array; None without momentum."""
        return None if self.momentum == 0.0 else zeros_like(weight)

    def _glueball_join(self, copy: NDArray, state: Any) -> tuple[Any, Any]:
        return state, copy  # as in MXNet's states of SGD

    def _glueball_split(self, state: tuple[Any, Any]) -> tuple[NDArray, Any]:
        return state[1], state[0]

    def _glueball_pass_over(self, indices: Sequence[Any]) -> None:
        super()._glueball_pass_over(indices)
        self._get_lrs(indices)

    def _get_lrs(self, indices: Any) -> list[float]:
        now = self.learning_rate
        self.last_lr = now if self.cur_lr is None else self.cur_lr
        self.cur_lr = now
        return super()._get_lrs(indices)

    def _glueball_step(
        self, index: Any, weight: NDArray, grad: NDArray, state: Any, lr: float, wd: float, size: NDArray
    ) -> None:
        lr *= self._glueball_trust(index, grad, wd, float(size.asscalar()))
        factor, limit = self.rescale_grad, clip_limit(self)
        if state is None:
            nd.sgd_update(weight, grad, out=weight, lr=lr, wd=wd, rescale_grad=factor, clip_gradient=limit)
            return
        nd.sgd_mom_update(
            weight, grad, state, out=weight, lr=lr, momentum=self._glueball_corrected_momentum(), wd=wd,
            rescale_grad=factor, clip_gradient=limit,
        )  # fmt: skip

    def _glueball_trust(self, index: Any, grad: NDArray, wd: float, size: float) -> float:
        if str(self.idx2name.get(index, index)).endswith(("gamma", "beta", "bias")):
            return 1.0
        slope = float((grad * self.rescale_grad).norm().asscalar())
        return self.eta * size / (slope + wd * size + self.eps) if size > 0 and slope > 0 else 1.0

    def _glueball_corrected_momentum(self) -> float:
        if not self.momentum_correction or not self.last_lr or self.cur_lr is None:
            return self.momentum
        return self.momentum * (self.cur_lr / self.last_lr)


@Optimizer.register
class LAMB(_Layerwise):
    """LAMB (You et al.): Adam whose steps are in proportion to the norm of the weight.

    The step is that of `glueball.nd.lamb_update_phase1` and `glueball.nd.lamb_update_phase2`.

    Parameters
    ----------
    learning_rate : float, default 0.001
        The step size.
    beta1, beta2 : float, default 0.9 and 0.999
        The decay rates of the running mean and variance of the gradients.
    epsilon : float, default 1e-6
        Avoids division by zero.
    lower_bound, upper_bound : float, optional
        Limits of the norm of the weight.
    bias_correction : bool, default True
        Correct the averages for starting at 0.
    **kwargs
        Those of `Optimizer`.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1]), mx.nd.array([0.5])
    >>> optimizer = mx.optimizer.LAMB(learning_rate=0.25)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> round(float(weight.asscalar()), 3)
    0.75
    """

    glueball_saved_attributes = ()

    @checked
    def __init__(
        self,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-6,
        lower_bound: float | None = None,
        upper_bound: float | None = None,
        bias_correction: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__("45", learning_rate=learning_rate, **kwargs)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.lower_bound = lower_bound
        self.upper_bound = upper_bound
        self.bias_correction = bias_correction

    def create_state(self, index: Any, weight: NDArray) -> tuple[NDArray, NDArray]:
        """Create the arrays of the mean and the variance."""
        return zeros_like(weight), zeros_like(weight)

    def _glueball_step(
        self, index: Any, weight: NDArray, grad: NDArray, state: Any, lr: float, wd: float, size: NDArray
    ) -> None:
        count = self._index_update_count[index]
        mean, variance = state
        direction = nd.lamb_update_phase1(
            weight, grad, mean, variance, t=count, wd=wd, beta1=self.beta1, beta2=self.beta2, epsilon=self.epsilon,
            bias_correction=self.bias_correction, rescale_grad=self.rescale_grad, clip_gradient=clip_limit(self),
        )  # fmt: skip
        nd.lamb_update_phase2(
            weight, direction, size, direction.norm(), out=weight, lr=lr,
            lower_bound=self.lower_bound or -1.0, upper_bound=self.upper_bound or -1.0,
        )  # fmt: skip
