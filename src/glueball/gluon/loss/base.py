"""The base of all losses: weight the loss of each element, and take the mean per sample."""

from __future__ import annotations

import numbers
from typing import Any

from ...core.annotations import Axes
from ...core.errors import MXNetError
from ..core.hybrid_block import HybridBlock


class Loss(HybridBlock):
    """The base class of all losses; a subclass implements ``hybrid_forward``.

    Parameters
    ----------
    weight : float or None
        A factor on the loss, or None.
    batch_axis : int
        The batch axis. The mean is taken over all other axes.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> class CubicLoss(gluon.loss.Loss):
    ...     def hybrid_forward(self, F, pred, label, sample_weight=None):
    ...         loss = gluon.loss._apply_weighting(F, F.abs(pred - label) ** 3, self._weight, sample_weight)
    ...         return F.mean(loss, axis=self._batch_axis, exclude=True)
    >>> CubicLoss(weight=None, batch_axis=0)(nd.array([[1, 2]]), nd.array([[1, 4]])).asnumpy().tolist()
    [4.0]
    """

    def __init__(self, weight: float | None, batch_axis: Axes, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not (weight is None or isinstance(weight, numbers.Real)):
            raise MXNetError(f"{type(self).__name__}: weight must be a number or None; received {weight!r}")
        self._weight = weight
        self._batch_axis = batch_axis

    def __repr__(self) -> str:
        return f"{type(self).__name__}(batch_axis={self._batch_axis}, w={self._weight})"

    def _glueball_weighted(self, F: Any, loss: Any, sample_weight: Any = None, weight: float | None = None) -> Any:
        """Multiply by the sample weights, which broadcast, and by the weight of the loss."""
        return _apply_weighting(F, loss, self._weight if weight is None else weight, sample_weight)

    def _glueball_mean(self, F: Any, loss: Any) -> Any:
        """Return the mean per sample."""
        return F.mean(loss, axis=self._batch_axis, exclude=True)


# Custom losses written for MXNet import these two, although their names are private.


def _apply_weighting(F: Any, loss: Any, weight: float | None = None, sample_weight: Any = None) -> Any:
    """Multiply by the sample weights, which broadcast, and by a number."""
    if sample_weight is not None:
        loss = F.broadcast_mul(loss, sample_weight)
    if weight is None:
        return loss
    if not isinstance(weight, numbers.Real):
        raise AssertionError(f"loss: weight must be a number or None; received {weight!r}")
    return loss * weight


def _reshape_like(F: Any, x: Any, y: Any) -> Any:
    """Reshape an array to the shape of another."""
    return F.reshape_like(x, y)
