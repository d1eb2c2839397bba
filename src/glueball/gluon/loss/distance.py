"""Losses on the distance between predictions."""

from __future__ import annotations

from typing import Any

from ...core.annotations import Axes
from ...core.arguments import checked
from .base import Loss


class TripletLoss(Loss):
    """The triplet loss: a prediction must be nearer to a positive example than to a negative one, by a margin.

    It is ``max(0, sum((positive - pred) ** 2 - (negative - pred) ** 2) + margin)``.

    Parameters
    ----------
    margin : float, default 1
        The margin.
    weight : float, optional
        A factor on the loss.
    batch_axis : int, default 0
        The batch axis.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred
        Any shape.
    positive, negative
        Same number of elements as `pred`.

    Outputs
    -------
    loss
        One number per sample.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> loss = gluon.loss.TripletLoss()
    >>> loss(nd.array([[1, 0]]), nd.array([[1, 0]]), nd.array([[0, 0]])).asnumpy().tolist()
    [0.0]
    """

    @checked
    def __init__(self, margin: float = 1, weight: float | None = None, batch_axis: Axes = 0, **kwargs: Any) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F: Any, pred: Any, positive: Any, negative: Any) -> Any:
        near = F.square(F.reshape_like(positive, pred) - pred)
        far = F.square(F.reshape_like(negative, pred) - pred)
        difference = F.sum(near - far, axis=self._batch_axis, exclude=True)
        return self._glueball_weighted(F, F.relu(difference + self._margin))


class CosineEmbeddingLoss(Loss):
    """The cosine distance of two rows that should be similar or dissimilar, as the label says.

    With ``c``, the cosine of the angle, it is ``1 - c`` for label 1, and ``max(0, c - margin)`` for label -1.

    Parameters
    ----------
    weight : float, optional
        A factor on the loss.
    batch_axis : int, default 0
        Has no effect: rows are always along the first axis, as in MXNet.
    margin : float, default 0
        The largest cosine at which dissimilar rows have no loss.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    input1, input2
        Shape (batch, features), both.
    label
        One per row, -1 or 1.
    sample_weight : optional
        Broadcasts to shape (batch, 1).

    Outputs
    -------
    loss
        Shape (batch, 1).

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> loss = gluon.loss.CosineEmbeddingLoss()
    >>> loss(nd.array([[1, 0], [1, 0]]), nd.array([[1, 0], [0, 1]]), nd.array([1, 1])).asnumpy().round(3).tolist()
    [[0.0], [1.0]]
    """

    @checked
    def __init__(self, weight: float | None = None, batch_axis: Axes = 0, margin: float = 0, **kwargs: Any) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F: Any, input1: Any, input2: Any, label: Any, sample_weight: Any = None) -> Any:
        input1 = F.reshape_like(input1, input2)
        lengths = F.norm(input1, axis=-1) * F.norm(input2, axis=-1)
        # the lower bound is on the product, not on each norm, as in MXNet
        cosine = (F.sum(input1 * input2, axis=-1) / F.maximum(lengths, 1e-12)).reshape((-1, 1))
        same = label.reshape((-1, 1)) == 1
        loss = F.where(same, 1 - cosine, F.relu(cosine - self._margin))
        return self._glueball_weighted(F, loss, sample_weight)
