"""LBSGD: gradient descent with several batches to a step, whose rate grows with the size of the batch."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from .. import ndarray as nd
from ..core.arguments import checked
from ..core.errors import InvalidValueError
from ..ndarray import NDArray
from .optimizer import Optimizer
from .steps import clip_limit, zeros_like

__all__ = ["LBSGD"]

#: How the rate grows in the warmup, by the part of the warmup that is over.
_GROWTH: dict[str, Callable[[float], float]] = {
    "linear": lambda part: part,
    "power2": lambda part: part * part,
    "sqrt": math.sqrt,
}


@Optimizer.register
class LBSGD(Optimizer):
    """SGD for large batches: the gradients of `batch_scale` batches make one step.

    The learning rate is multiplied with a number that grows from 1 to `batch_scale` in the first `warmup_epochs`
    epochs; or, with the strategy ``'lars'``, with ``norm(weight) / sqrt(norm(g)**2 + wd * norm(weight)**2)``, from 0.01
    to 100. The step is that of `SGD`, with g the mean of the gradients.

    Parameters
    ----------
    momentum : float, default 0.0
        The momentum.
    multi_precision : bool, default False
        Keep a float32 copy of each float16 weight.
    warmup_strategy : {'linear', 'power2', 'sqrt', 'lars'}, default 'linear'
        How the rate grows. With any other word it jumps from 1 to `batch_scale` after the warmup, as in MXNet.
    warmup_epochs : float, default 5
        The length of the warmup.
    batch_scale : int, default 1
        How many batches make a step.
    updates_per_epoch : float, default 32
        How many batches make an epoch.
    begin_epoch : float, default 0
        The first epoch, where training is resumed.
    num_epochs : float, default 60
        Without effect, as in MXNet.
    **kwargs
        Those of `Optimizer`; the default `learning_rate` is 0.01.

    Notes
    -----
    As in MXNet, the very first gradient of a parameter is kept as it is given, not copied. A trainer writes the next
    one into the same array, so that of the first two batches the second one counts twice. States that `Trainer` saves
    hold no unfinished step.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, optimizer = mx.nd.array([1]), mx.optimizer.LBSGD(learning_rate=0.5, batch_scale=2, warmup_epochs=0)
    >>> for gradient in (mx.nd.array([0.1]), mx.nd.array([0.3])):
    ...     optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> round(float(weight.asscalar()), 3)
    0.8
    """

    glueball_saved_attributes = ("init_updates",)

    _glueball_of_mxnet: ClassVar[Mapping[str, Any]] = {"lbmult": 1, "adaptive": False, "admult": 1}

    @checked
    def __init__(
        self,
        momentum: float = 0.0,
        multi_precision: bool = False,
        warmup_strategy: str = "linear",
        warmup_epochs: float = 5,
        batch_scale: int = 1,
        updates_per_epoch: float = 32,
        begin_epoch: float = 0,
        num_epochs: float = 60,
        **kwargs: Any,
    ) -> None:
        if batch_scale < 1:
            raise InvalidValueError(f"LBSGD: batch_scale must be an int of at least 1; received {batch_scale}")
        super().__init__(multi_precision=multi_precision, **kwargs)
        self.momentum = momentum
        self.warmup_strategy = warmup_strategy
        self.warmup_epochs = warmup_epochs
        self.batch_scale = batch_scale
        self.updates_per_epoch = updates_per_epoch
        self.begin_epoch = begin_epoch
        self.num_epochs = num_epochs
        self.init_updates = begin_epoch * updates_per_epoch
        #: By parameter: the sum of the gradients of the step that is not done yet, and how many there were in all.
        self.cumgrads: dict[Any, dict[str, Any]] = {}

    def create_state(self, index: Any, weight: NDArray) -> NDArray | None:
        """Create the momentum array; None without momentum."""
        return None if self.momentum == 0.0 else zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Add a gradient to those of the step, and update the weight if it is the last of them."""
        self._update_count(index)
        lr, wd = self._get_lr(index), self._get_wd(index)
        held = self._glueball_held(index)
        held["cum_grad"] = total = grad if held["cum_grad"] is None else held["cum_grad"] + grad
        held["num_cums"] += 1
        if held["num_cums"] % self.batch_scale:
            return
        held["cum_grad"] = 0
        mean = total / self.batch_scale if self.batch_scale > 1 else total
        lr *= self._glueball_factor(held["num_cums"], weight, mean, wd)
        settings: Any = {"wd": wd, "rescale_grad": self.rescale_grad, "clip_gradient": clip_limit(self)}
        if state is None:
            nd.sgd_update(weight, mean, out=weight, lr=lr, **settings)
        else:
            nd.sgd_mom_update(weight, mean, state, out=weight, lr=lr, momentum=self.momentum, **settings)

    def _glueball_held(self, index: Any) -> dict[str, Any]:
        """Return what is held of a parameter; the gradients before those of saved states have been counted."""
        before = self._index_update_count[index] - 1 - self.begin_num_update
        total = 0 if before else None
        return self.cumgrads.setdefault(index, {"cum_grad": total, "num_cums": self.init_updates + before})

    def _glueball_factor(self, number: float, weight: NDArray, grad: NDArray, wd: float) -> float:
        if self.warmup_strategy == "lars":
            size, slope = float((weight * weight).sum().asscalar()), float((grad * grad).sum().asscalar())
            return min(max(math.sqrt(size / (slope + wd * size + 1e-18)), 0.01), 100.0)
        length = self.warmup_epochs * self.updates_per_epoch
        if number >= length:
            return float(self.batch_scale)
        if length <= 1 or self.warmup_strategy not in _GROWTH:
            return 1.0
        return 1.0 + (self.batch_scale - 1.0) * _GROWTH[self.warmup_strategy](number / length)
