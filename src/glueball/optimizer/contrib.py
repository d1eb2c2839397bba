"""``mx.optimizer.contrib``: AdaGrad with one rate for each row of a weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from .. import ndarray as nd
from ..core.arguments import checked
from ..core.errors import RefusedError
from ..ndarray import NDArray
from .optimizer import Optimizer
from .steps import clip_limit

__all__ = ["GroupAdaGrad"]


@Optimizer.register
class GroupAdaGrad(Optimizer):
    """AdaGrad (Duchi et al.) with one rate for each row, as for embeddings; without weight decay.

    With ``g = clip(rescale_grad * gradient)``::

        history += mean(g ** 2) of each row
        weight -= lr * g / sqrt(history + eps)

    Parameters
    ----------
    eps : float, default 1e-5
        Avoids division by zero.
    **kwargs
        Those of `Optimizer`; the default `learning_rate` is 0.01.

    Examples
    --------
    >>> import glueball as mx
    >>> weight, gradient = mx.nd.array([[1, 1]]), mx.nd.array([[3, 4]])
    >>> optimizer = mx.optimizer.create("groupadagrad", learning_rate=0.1)
    >>> optimizer.update(0, weight, gradient, optimizer.create_state(0, weight))
    >>> weight.asnumpy().round(3).tolist()
    [[0.9150000214576721, 0.8870000243186951]]
    """

    glueball_setting_attributes: ClassVar[Mapping[str, str | None]] = {"eps": "float_stable_eps"}
    glueball_saved_attributes = ()

    @checked
    def __init__(self, eps: float = 1e-5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.float_stable_eps = eps

    def create_state(self, index: Any, weight: NDArray) -> NDArray:
        """Create the array of the history, (rows, 1)."""
        if len(weight.shape) != 2:
            raise RefusedError(f"GroupAdaGrad: a weight must have 2 axes; received the shape {weight.shape}")
        return nd.zeros((weight.shape[0], 1), ctx=weight.context, dtype=weight.dtype, stype=weight.stype)

    def update(self, index: Any, weight: Any, grad: Any, state: Any) -> None:
        """Update a weight and its state in place."""
        self._update_count(index)
        lr, wd = self._get_lr(index), self._get_wd(index)
        if wd != 0:
            raise RefusedError(f"GroupAdaGrad: the weight decay must be 0; received {wd}")
        nd.contrib.group_adagrad_update(
            weight, grad, state, out=weight, lr=lr, rescale_grad=self.rescale_grad, clip_gradient=clip_limit(self),
            epsilon=self.float_stable_eps,
        )  # fmt: skip
