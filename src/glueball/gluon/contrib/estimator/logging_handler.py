"""The event handler that logs."""

from __future__ import annotations

import math
import time
from typing import Any

from ....core.blame import short
from ....core.doors import guard
from ....core.errors import InvalidValueError
from ....core.integers import is_int_not_bool
from ....metric import EvalMetric
from .events import BatchBegin, BatchEnd, EpochBegin, EpochEnd, TrainBegin, TrainEnd
from .utils import _check_metrics


@guard
class LoggingHandler(TrainBegin, TrainEnd, EpochBegin, EpochEnd, BatchBegin, BatchEnd):
    """Log the progress of a training, or of an evaluation, with the estimator's logger.

    Parameters
    ----------
    log_interval : int or 'epoch', default 'epoch'
        Log after every so many batches, or after epochs alone.
    metrics : EvalMetric or list of EvalMetric, optional
        The metrics of the estimator to log.
    priority : number, default infinity
        When it is called, relative to other handlers: by default after all others.
    """

    def __init__(self, log_interval: int | str = "epoch", metrics: Any = None, priority: float = math.inf) -> None:
        if log_interval != "epoch" and (not is_int_not_bool(log_interval) or int(log_interval) < 1):
            raise InvalidValueError(
                f"LoggingHandler: log_interval must be a positive int or 'epoch'; received {short(log_interval)}"
            )
        self.metrics: list[EvalMetric] = _check_metrics(metrics) if metrics else []
        self.batch_index = 0
        self.current_epoch = 0
        self.processed_samples = 0
        self.priority = priority
        self.log_interval = log_interval
        self.log_interval_time: float = 0

    def train_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Log how the training will be."""
        self.train_start = time.time()
        trainer = estimator.trainer
        estimator.logger.info(
            "Training begin: using optimizer %s with current learning rate %.4f ",
            type(trainer.optimizer).__name__, trainer.learning_rate,
        )  # fmt: skip
        if estimator.max_epoch:
            estimator.logger.info("Train for %d epochs.", estimator.max_epoch)
        else:
            estimator.logger.info("Train for %d batches.", estimator.max_batch)
        # As in MXNet, a handler that serves twice goes on counting samples.
        self.current_epoch = 0
        self.batch_index = 0
        self.processed_samples = 0
        self.log_interval_time = 0

    def train_end(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Log how the training was."""
        text = f"Train finished using total {int(time.time() - self.train_start)}s with {self.current_epoch} epochs. "
        estimator.logger.info((text + self._glueball_values()).rstrip(", "))

    def batch_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Take the time."""
        if self.log_interval != "epoch":
            self.batch_start = time.time()

    def batch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Log, if it is time."""
        if self.log_interval == "epoch":
            return
        self.log_interval_time += time.time() - self.batch_start
        self.processed_samples += kwargs["batch"][0].shape[0]
        if self.batch_index % int(self.log_interval) == 0:
            text = (
                f"[Epoch {self.current_epoch}][Batch {self.batch_index}][Samples {self.processed_samples}] "
                f"time/interval: {self.log_interval_time:.3f}s "
            )
            self.log_interval_time = 0
            estimator.logger.info((text + self._glueball_values()).rstrip(", "))
        self.batch_index += 1

    def epoch_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Log that an epoch begins."""
        self.epoch_start = time.time()
        # Metrics of the training have this word in their names; without one it is taken for a validation.
        if any("training" in str(metric.name) for metric in self.metrics):
            estimator.logger.info(
                "[Epoch %d] Begin, current learning rate: %.4f", self.current_epoch, estimator.trainer.learning_rate
            )
        else:
            estimator.logger.info("Validation Begin")

    def epoch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Log how an epoch was."""
        text = f"[Epoch {self.current_epoch}] Finished in {time.time() - self.epoch_start:.3f}s, "
        estimator.logger.info((text + self._glueball_values()).rstrip(", "))
        self.current_epoch += 1
        self.batch_index = 0

    def _glueball_values(self) -> str:
        return ", ".join(f"{name}: {value:.4f}" for name, value in (metric.get() for metric in self.metrics))
