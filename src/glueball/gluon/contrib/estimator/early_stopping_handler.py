"""The event handler that ends a training which no longer improves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ....core.blame import short
from ....core.doors import guard
from ....core.errors import InvalidValueError
from ....metric import EvalMetric
from .events import EpochEnd, TrainBegin, TrainEnd
from .improvement import comparison, warn_not_updated, worst


@guard
class EarlyStoppingHandler(TrainBegin, EpochEnd, TrainEnd):
    """End the training when a metric has not become better for some epochs.

    Parameters
    ----------
    monitor : EvalMetric
        A metric of the estimator.
    min_delta : float, default 0
        By how much it must become better.
    patience : int, default 0
        How many epochs without an improvement end the training.
    mode : {'auto', 'min', 'max'}, default 'auto'
        Whether smaller or larger values are better; 'auto' is as 'max', with a warning.
    baseline : float, optional
        The value that the first epoch must improve on.
    """

    def __init__(
        self,
        monitor: EvalMetric,
        min_delta: float = 0,
        patience: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
    ) -> None:
        if not isinstance(monitor, EvalMetric):
            raise InvalidValueError(
                "EarlyStoppingHandler: monitor must be one of the estimator's train_metrics or val_metrics; received "
                f"{short(monitor)}"
            )
        self.monitor = monitor
        self.baseline = baseline
        self.patience = patience
        self.min_delta = min_delta
        self.wait = 0
        self.stopped_epoch = 0
        self.current_epoch = 0
        self.stop_training = False
        self.monitor_op = comparison("EarlyStoppingHandler", monitor, mode)
        if self.monitor_op is np.less:
            self.min_delta *= -1

    def train_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Begin anew."""
        self.wait = 0
        self.stopped_epoch = 0
        self.current_epoch = 0
        self.stop_training = False
        self.best = worst(self.monitor_op) if self.baseline is None else self.baseline

    def epoch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> bool:
        """Return whether the metric has not improved for too long."""
        name, value = self.monitor.get()
        if math.isnan(value):
            warn_not_updated("EarlyStoppingHandler", name)
        elif self.monitor_op(value - self.min_delta, self.best):
            self.best = value
            self.wait = 0
        else:
            self.wait += 1
            if self.wait >= self.patience:
                self.stopped_epoch = self.current_epoch
                self.stop_training = True
        self.current_epoch += 1
        return self.stop_training

    def train_end(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Log why the training ended, unless it was after the first epoch, which MXNet takes for none."""
        if self.stopped_epoch > 0:
            estimator.logger.info(
                "[Epoch %d] EarlyStoppingHanlder: early stopping due to %s not improving",
                self.stopped_epoch, self.monitor.get()[0],
            )  # fmt: skip
