"""Losses of how far predictions lie from each other."""

from __future__ import annotations

from typing import Any

from .base import Loss


class TripletLoss(Loss):
    """How much nearer a prediction must come to a positive example than to a negative one.

    It is ``max(0, sum((positive - pred) ** 2 - (negative - pred) ** 2) + margin)``.

    Parameters
    ----------
    margin : float, default 1
        By how much the one must be nearer.
    weight : float, optional
        What the loss is multiplied by.
    batch_axis : int, default 0
        The axis along which the samples lie.
    **kwargs
        `prefix` and `params`, as in `Block`.

    Inputs
    ------
    pred
        Any shape.
    positive, negative
        As many elements as `pred`.

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

    def __init__(self, margin: float = 1, weight: float | None = None, batch_axis: int = 0, **kwargs: Any) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F: Any, pred: Any, positive: Any, negative: Any) -> Any:
        """Compute the loss of each sample."""
        near = F.square(positive.reshape_like(pred) - pred)
        far = F.square(negative.reshape_like(pred) - pred)
        difference = F.sum(near - far, axis=self._batch_axis, exclude=True)
        return self._weighted(F, F.relu(difference + self._margin))


class CosineEmbeddingLoss(Loss):
    """How far the angle of two rows is from what the label says.

    With ``c`` the cosine of the angle it is ``1 - c`` for label 1, and ``max(0, c - margin)`` for label -1.

    Parameters
    ----------
    weight : float, optional
        What the loss is multiplied by.
    batch_axis : int, default 0
        Without effect: the rows are those along the first axis, as in MXNet.
    margin : float, default 0
        Up to which cosine two rows that should differ are different enough.
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

    def __init__(self, weight: float | None = None, batch_axis: int = 0, margin: float = 0, **kwargs: Any) -> None:
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F: Any, input1: Any, input2: Any, label: Any, sample_weight: Any = None) -> Any:
        """Compute the loss of each row."""
        input1 = input1.reshape_like(input2)
        lengths = F.norm(input1, axis=-1) * F.norm(input2, axis=-1)
        # the product, not each length, is kept from 0, as in MXNet
        cosine = (F.sum(input1 * input2, axis=-1) / F.maximum(lengths, 1e-12)).reshape((-1, 1))
        same = label.reshape((-1, 1)) == 1
        loss = F.where(same, 1 - cosine, F.relu(cosine - self._margin))
        return self._weighted(F, loss, sample_weight)
