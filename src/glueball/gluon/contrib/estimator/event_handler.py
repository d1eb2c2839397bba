"""Event handlers: when a training ends, what it measures, and how it updates the parameters."""

from __future__ import annotations

from typing import Any

from ....core.doors import guard
from ....metric import EvalMetric
from ....metric import Loss as LossMetric
from .checkpoint_handler import CheckpointHandler
from .early_stopping_handler import EarlyStoppingHandler
from .events import BatchBegin, BatchEnd, EpochBegin, EpochEnd, EventHandler, TrainBegin, TrainEnd
from .logging_handler import LoggingHandler
from .utils import _check_metrics

__all__ = [
    "BatchBegin", "BatchEnd", "CheckpointHandler", "EarlyStoppingHandler", "EpochBegin", "EpochEnd", "EventHandler",
    "GradientUpdateHandler", "LoggingHandler", "MetricHandler", "StoppingHandler", "TrainBegin", "TrainEnd",
    "ValidationHandler",
]  # fmt: skip


@guard
class StoppingHandler(TrainBegin, BatchEnd, EpochEnd):
    """End the training after so many epochs or batches: those that ``Estimator.fit`` was called with.

    Parameters
    ----------
    max_epoch : int, optional
        How many epochs; as in MXNet, the estimator's own number takes its place when the training begins.
    max_batch : int, optional
        How many batches, likewise.
    """

    def __init__(self, max_epoch: int | None = None, max_batch: int | None = None) -> None:
        self.max_epoch = max_epoch
        self.max_batch = max_batch
        self.current_batch = 0
        self.current_epoch = 0
        self.stop_training = False

    def train_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Take the estimator's numbers, and count from zero."""
        self.max_epoch = estimator.max_epoch
        self.max_batch = estimator.max_batch
        self.current_batch = 0
        self.current_epoch = 0

    def batch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> bool:
        """Count a batch, and return whether it was the last."""
        self.current_batch += 1
        if self.current_batch == self.max_batch:
            self.stop_training = True
        return self.stop_training

    def epoch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> bool:
        """Count an epoch, and return whether it was the last."""
        self.current_epoch += 1
        if self.current_epoch == self.max_epoch:
            self.stop_training = True
        return self.stop_training


@guard
class MetricHandler(EpochBegin, BatchEnd):
    """Reset metrics before each epoch, and update them after each batch.

    Parameters
    ----------
    metrics : EvalMetric or list of EvalMetric
        Metrics of the estimator; a `metric.Loss` gets the losses, others labels and predictions.
    priority : number, default -1000
        When it is called, relative to other handlers.
    """

    def __init__(self, metrics: Any, priority: float = -1000) -> None:
        self.metrics: list[EvalMetric] = _check_metrics(metrics)
        self.priority = priority

    def epoch_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Reset the metrics."""
        for metric in self.metrics:
            metric.reset()

    def batch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Update the metrics."""
        for metric in self.metrics:
            if isinstance(metric, LossMetric):
                metric.update(0, kwargs["loss"])
            else:
                metric.update(kwargs["label"], kwargs["pred"])


@guard
class ValidationHandler(TrainBegin, BatchEnd, EpochEnd):
    """Evaluate on other data, every so many epochs or batches.

    Parameters
    ----------
    val_data : DataLoader
        What to evaluate on.
    eval_fn : callable
        ``Estimator.evaluate``, or a function with its ``val_data=``, ``batch_axis=`` and ``event_handlers=``.
    epoch_period : int or None, default 1
        How many epochs lie between evaluations; None evaluates after no epoch.
    batch_period : int, optional
        How many batches lie between evaluations; None evaluates after no batch.
    priority : number, default -1000
        When it is called, relative to other handlers.
    event_handlers : EventHandler or list of EventHandler, optional
        Handlers for the evaluation.
    """

    def __init__(
        self,
        val_data: Any,
        eval_fn: Any,
        epoch_period: int | None = 1,
        batch_period: int | None = None,
        priority: float = -1000,
        event_handlers: Any = None,
    ) -> None:
        self.val_data = val_data
        self.eval_fn = eval_fn
        self.epoch_period = epoch_period
        self.batch_period = batch_period
        self.current_batch = 0
        self.current_epoch = 0
        self.priority = priority
        self.event_handlers = event_handlers

    def train_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Count from zero."""
        self.current_batch = 0
        self.current_epoch = 0

    def batch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Count a batch, and evaluate if it is time."""
        self.current_batch += 1
        if self.batch_period and self.current_batch % self.batch_period == 0:
            self._glueball_evaluate(estimator)

    def epoch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Count an epoch, and evaluate if it is time."""
        self.current_epoch += 1
        if self.epoch_period and self.current_epoch % self.epoch_period == 0:
            self._glueball_evaluate(estimator)

    def _glueball_evaluate(self, estimator: Any) -> None:
        self.eval_fn(val_data=self.val_data, batch_axis=estimator.batch_axis, event_handlers=self.event_handlers)


@guard
class GradientUpdateHandler(BatchEnd):
    """Update the parameters after each batch, before other handlers see it.

    Parameters
    ----------
    priority : number, default -2000
        When it is called, relative to other handlers.
    """

    def __init__(self, priority: float = -2000) -> None:
        self.priority = priority

    def batch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Update, with gradients divided by the number of samples of the batch."""
        loss = kwargs["loss"]
        parts = loss if isinstance(loss, list) else [loss]
        estimator.trainer.step(sum(part.shape[0] for part in parts))
