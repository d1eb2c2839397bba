"""Steps of one size: by the sign of the gradient or of its average."""

from __future__ import annotations

from typing import Any

from .. import ndarray as nd
from ..core.arguments import checked
from ..ndarray import NDArray
from .optimizer import Optimizer
from .steps import clip_limit, zeros_like

__all__ = ["Signum"]


@Optimizer.register
class Signum(Optimizer):
    """Signum (Bernstein et al.).

    With ``g = clip(rescale_grad * gradient) + wd * weight``::

        weight -= lr * (sign(gradient) + wd * weight)               # momentum 0: SignSGD

        m = momentum * m - (1 - momentum) * g                       # else
        weight = (1 - lr * wd_lh) * weight + lr * sign(m)

    Parameters
    ----------
    learning_rate : float, default 0.01
        The step size.
    momentum : float, default 0.9
        The momentum.
    wd_lh : float, default 0.0
        A weight decay that acts on the weight itself, not through the momentum.
    **kwargs
        Those of `Optimizer`.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([1, 2]), mx.nd.array([0.5, -9])
    >>> optimizer = mx.optimizer.Signum(learning_rate=0.25)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> weight.asnumpy().tolist()
    [0.75, 2.25]
    """

    glueball_saved_attributes = ()

    @checked
    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.9, wd_lh: float = 0.0, **kwargs: Any) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.momentum = momentum
        self.wd_lh = wd_lh

    def create_state(self, index: Any, weight: NDArray) -> NDArray | None:
        """Create the momentum array; None without momentum."""
        return None if self.momentum == 0.0 else zeros_like(weight)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight and its state in place."""
        self._update_count(index)
        lr, wd, factor, limit = self._get_lr(index), self._get_wd(index), self.rescale_grad, clip_limit(self)
        if state is None:
            nd.signsgd_update(weight, grad, out=weight, lr=lr, wd=wd, rescale_grad=factor, clip_gradient=limit)
            return
        nd.signum_update(
            weight, grad, state, out=weight, lr=lr, momentum=self.momentum, wd=wd, rescale_grad=factor,
            clip_gradient=limit, wd_lh=self.wd_lh,
        )  # fmt: skip
