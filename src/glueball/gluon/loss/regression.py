"""Losses for regression."""

from __future__ import annotations

import math
from typing import Any

from ...core.annotations import Axes
from ...core.arguments import checked
from ...core.errors import MXNetError
from .base import Loss


class L2Loss(Loss):
    """Half the mean squared difference of each sample: ``weight / 2 * (pred - label) ** 2``.

    Parameters
    ----------
    weight : float, default 1.0
        A factor on the loss, in addition to the half.
    batch_axis : int, default 0
        The batch axis.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred
        Any shape.
    label
        Same number of elements as `pred`.
    sample_weight : optional
        Broadcasts to the shape of `pred`.

    Outputs
    -------
    loss
        One number per sample.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> gluon.loss.L2Loss()(nd.array([[1, 2], [3, 4]]), nd.array([[1, 4], [3, 4]])).asnumpy().tolist()
    [1.0, 0.0]
    """

    @checked
    def __init__(self, weight: float = 1.0, batch_axis: Axes = 0, **kwargs: Any) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        if weight is None:
            raise MXNetError("L2Loss: weight must be a number; received None")
        self._glueball_half = weight / 2

    def hybrid_forward(self, F: Any, pred: Any, label: Any, sample_weight: Any = None) -> Any:
        loss = F.square(F.reshape_like(label, pred) - pred)
        return self._glueball_mean(F, self._glueball_weighted(F, loss, sample_weight, self._glueball_half))


class L1Loss(Loss):
    """The mean absolute difference of each sample: ``weight * abs(pred - label)``.

    Parameters
    ----------
    weight : float, optional
        A factor on the loss.
    batch_axis : int, default 0
        The batch axis.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred, label, sample_weight
        As in `L2Loss`.

    Outputs
    -------
    loss
        One number per sample.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> gluon.loss.L1Loss()(nd.array([[1, 2], [3, 4]]), nd.array([[1, 4], [3, 4]])).asnumpy().tolist()
    [1.0, 0.0]
    """

    @checked
    def __init__(self, weight: float | None = None, batch_axis: Axes = 0, **kwargs: Any) -> None:
        super().__init__(weight, batch_axis, **kwargs)

    def hybrid_forward(self, F: Any, pred: Any, label: Any, sample_weight: Any = None) -> Any:
        loss = F.abs(F.reshape_like(label, pred) - pred)
        return self._glueball_mean(F, self._glueball_weighted(F, loss, sample_weight))


class HuberLoss(Loss):
    """The Huber loss: quadratic for small differences, linear for large ones.

    With ``d = abs(pred - label)``, it is ``d ** 2 / (2 * rho)`` up to `rho`, and ``d - rho / 2`` beyond.

    Parameters
    ----------
    rho : float, default 1
        The threshold between the two.
    weight, batch_axis, **kwargs
        As in `L1Loss`.

    Inputs
    ------
    pred, label, sample_weight
        As in `L2Loss`.

    Outputs
    -------
    loss
        One number per sample.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> gluon.loss.HuberLoss()(nd.array([[1], [3]]), nd.array([[2], [6]])).asnumpy().tolist()
    [0.5, 2.5]
    """

    @checked
    def __init__(self, rho: float = 1, weight: float | None = None, batch_axis: Axes = 0, **kwargs: Any) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self._rho = rho

    def hybrid_forward(self, F: Any, pred: Any, label: Any, sample_weight: Any = None) -> Any:
        distance = F.abs(F.reshape_like(label, pred) - pred)
        small = F.square(distance) * (0.5 / self._rho)
        loss = F.where(distance > self._rho, distance - 0.5 * self._rho, small)
        return self._glueball_mean(F, self._glueball_weighted(F, loss, sample_weight))


class PoissonNLLLoss(Loss):
    """The negative log-likelihood of counts under a Poisson distribution.

    Parameters
    ----------
    weight : float, optional
        A factor on the loss.
    from_logits : bool, default True
        Whether predictions are the logarithm of the distribution's mean; False: the mean itself.
    batch_axis : int, default 0
        Has no effect: the mean is taken over all elements, as in MXNet.
    compute_full : bool, default False
        Add the term that depends only on the label, by Stirling's approximation, for labels above 1.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred, target, sample_weight
        As in `L2Loss`.
    epsilon : float, default 1e-8
        Added to the mean before the logarithm, which keeps it finite.

    Outputs
    -------
    loss
        One number.

    Differs from MXNet
    ------------------
    `compute_full` is differentiable, and finite for a label of 0.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> gluon.loss.PoissonNLLLoss()(nd.array([0, 0]), nd.array([1, 3])).asnumpy().tolist()
    [1.0]
    """

    @checked
    def __init__(
        self,
        weight: float | None = None,
        from_logits: bool = True,
        batch_axis: Axes = 0,
        compute_full: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self._from_logits = from_logits
        self._compute_full = compute_full

    def hybrid_forward(self, F: Any, pred: Any, target: Any, sample_weight: Any = None, epsilon: float = 1e-8) -> Any:
        target = F.reshape_like(target, pred)
        loss = F.exp(pred) - target * pred if self._from_logits else pred - target * F.log(pred + epsilon)
        if self._compute_full:
            stirling = target * F.log(target) - target + 0.5 * F.log(2 * math.pi * target)
            # where, not a product: log(0) would make the product NaN
            loss = loss + F.where(target > 1, stirling, F.zeros_like(target))
        return F.mean(self._glueball_weighted(F, loss, sample_weight))
