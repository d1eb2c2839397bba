"""What an Estimator does with a batch."""

from __future__ import annotations

from typing import Any

from .... import autograd
from ....core.doors import guard
from ....ndarray import NDArray
from ...utils import split_and_load

__all__ = ["BatchProcessor"]


@guard
class BatchProcessor:
    """How an `Estimator` computes predictions, losses and gradients of a batch.

    A subclass changes it, as for networks with several inputs.

    Examples
    --------
    >>> import glueball as mx
    >>> from glueball import gluon
    >>> from glueball.gluon.contrib.estimator import BatchProcessor, Estimator
    >>> class TwoInputs(BatchProcessor):
    ...     def fit_batch(self, estimator, train_batch, batch_axis=0):
    ...         left, right, label = train_batch
    ...         with mx.autograd.record():
    ...             pred = estimator.net(left, right)
    ...             loss = estimator.loss(pred, label)
    ...         loss.backward()
    ...         return [left], [label], [pred], [loss]
    """

    def __init__(self) -> None:
        pass

    def _get_data_and_label(self, batch: Any, ctx: Any, batch_axis: int = 0) -> tuple[list[NDArray], list[NDArray]]:
        """Return the data and the labels of a batch, each in one part per context."""
        data, label = batch[0], batch[1]
        return split_and_load(data, ctx, batch_axis), split_and_load(label, ctx, batch_axis)

    def evaluate_batch(
        self, estimator: Any, val_batch: Any, batch_axis: int = 0
    ) -> tuple[list[NDArray], list[NDArray], list[NDArray], list[NDArray]]:
        """Compute predictions and losses with the networks for validation.

        Parameters
        ----------
        estimator : Estimator
            Its ``val_net`` and ``val_loss`` are used.
        val_batch : sequence
            Data and labels, as the DataLoader has them.
        batch_axis : int, default 0
            The axis along which a batch is split over the contexts.

        Returns
        -------
        tuple of lists of NDArray
            Data, labels, predictions and losses, each with one part per context.
        """
        data, label = self._get_data_and_label(val_batch, estimator.context, batch_axis)
        pred = [estimator.val_net(x) for x in data]
        loss = [estimator.val_loss(y_hat, y) for y_hat, y in zip(pred, label, strict=True)]
        return data, label, pred, loss

    def fit_batch(
        self, estimator: Any, train_batch: Any, batch_axis: int = 0
    ) -> tuple[list[NDArray], list[NDArray], list[NDArray], list[NDArray]]:
        """Compute predictions, losses and gradients; the update is `GradientUpdateHandler`'s.

        Parameters
        ----------
        estimator : Estimator
            Its ``net`` and ``loss`` are used.
        train_batch : sequence
            Data and labels, as the DataLoader has them.
        batch_axis : int, default 0
            The axis along which a batch is split over the contexts.

        Returns
        -------
        tuple of lists of NDArray
            Data, labels, predictions and losses, each with one part per context.
        """
        data, label = self._get_data_and_label(train_batch, estimator.context, batch_axis)
        with autograd.record():
            pred = [estimator.net(x) for x in data]
            loss = [estimator.loss(y_hat, y) for y_hat, y in zip(pred, label, strict=True)]
        for one in loss:
            one.backward()
        return data, label, pred, loss
