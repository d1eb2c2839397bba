"""The event handler that saves checkpoints, and resumes from them."""

from __future__ import annotations

import contextlib
import math
import os
import re
from typing import Any

from ....core.blame import short
from ....core.doors import guard
from ....core.errors import InvalidTypeError, InvalidValueError, RefusedError
from ....metric import EvalMetric
from ...core.hybrid_block import HybridBlock
from .events import BatchEnd, EpochEnd, TrainBegin
from .improvement import comparison, warn_not_updated, worst


@guard
class CheckpointHandler(TrainBegin, BatchEnd, EpochEnd):
    """Save the parameters and the trainer's states every so many epochs or batches, and resume from them.

    The files are ``<model_prefix>-epoch<n>batch<n>.params`` and ``.states``, those of the best model
    ``<model_prefix>-best.params`` and ``.states``, and a hybridized network's graph is ``<model_prefix>-symbol.json``.

    Parameters
    ----------
    model_dir : path
        The folder, which is made if it is missing.
    model_prefix : str, default 'model'
        How the names of the files begin.
    monitor : EvalMetric, optional
        The metric of the estimator that says which model is the best.
    verbose : int, default 0
        Log what is saved, if it is above 0.
    save_best : bool, default False
        Also keep the best model.
    mode : {'auto', 'min', 'max'}, default 'auto'
        Whether smaller or larger values of the metric are better; 'auto' is as 'max', with a warning.
    epoch_period : int or None, default 1
        Save every so many epochs; None saves after no epoch.
    batch_period : int, optional
        Save every so many batches; None saves after no batch.
    max_checkpoints : int, default 5
        How many checkpoints are kept; the oldest goes first.
    resume_from_checkpoint : bool, default False
        Go on from the newest checkpoint in the folder.
    """

    def __init__(
        self,
        model_dir: str | os.PathLike[str],
        model_prefix: str = "model",
        monitor: EvalMetric | None = None,
        verbose: int = 0,
        save_best: bool = False,
        mode: str = "auto",
        epoch_period: int | None = 1,
        batch_period: int | None = None,
        max_checkpoints: int = 5,
        resume_from_checkpoint: bool = False,
    ) -> None:
        if not isinstance(model_dir, str | os.PathLike):
            raise InvalidTypeError(f"CheckpointHandler: model_dir must be a path; received {short(model_dir)}")
        self.monitor = monitor
        self.verbose = verbose
        self.model_dir = model_dir
        self.model_prefix = model_prefix
        self.save_best = save_best
        self.epoch_period = epoch_period
        self.batch_period = batch_period
        self.current_batch = 0
        self.current_epoch = 0
        self.max_checkpoints = max_checkpoints
        self.resume_from_checkpoint = resume_from_checkpoint
        self.saved_checkpoints: list[str] = []
        if save_best:
            if not isinstance(monitor, EvalMetric):
                raise InvalidValueError(
                    "CheckpointHandler: with save_best=True, monitor must be one of the estimator's train_metrics or "
                    f"val_metrics; received {short(monitor)}"
                )
            self.monitor_op = comparison("CheckpointHandler", monitor, mode)

    def train_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Make the folder, and resume if that was asked for."""
        self.current_batch = 0
        self.current_epoch = 0
        if self.save_best:
            self.best = worst(self.monitor_op)
        os.makedirs(self.model_dir, exist_ok=True)
        if self.resume_from_checkpoint:
            self._resume_from_checkpoint(estimator)

    def batch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Save, if it is time."""
        # Only after the first forward pass is there a graph to save.
        if self.current_batch == 0:
            self._save_symbol(estimator)
        if self.batch_period and (self.current_batch + 1) % self.batch_period == 0:
            self._save_checkpoint(estimator)
        self.current_batch += 1

    def epoch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> None:
        """Save, if it is time."""
        if self.epoch_period and (self.current_epoch + 1) % self.epoch_period == 0:
            self._save_checkpoint(estimator)
        self.current_epoch += 1

    def _save_checkpoint(self, estimator: Any) -> None:
        epoch, batch = self.current_epoch, self.current_batch
        if self.resume_from_checkpoint:
            epoch += self.trained_epoch + 1
            # After an epoch the batch has been counted already; in the numbers of a new training MXNet counts it twice.
            batch += self.trained_batch + (0 if estimator.max_epoch else 1)
        prefix = f"{self.model_prefix}-epoch{epoch}batch{batch}"
        self._save_params_and_trainer(estimator, prefix)
        if self.verbose > 0:
            estimator.logger.info(
                "[Epoch %d] CheckpointHandler: trained total %d batches, saving model at %s with prefix: %s",
                self.current_epoch, self.current_batch + 1, self.model_dir, prefix,
            )  # fmt: skip
        if self.save_best:
            self._glueball_save_best(estimator)

    def _glueball_save_best(self, estimator: Any) -> None:
        assert self.monitor is not None
        name, value = self.monitor.get()
        if math.isnan(value):
            warn_not_updated("CheckpointHandler", name)
        elif self.monitor_op(value, self.best):
            prefix = f"{self.model_prefix}-best"
            self._save_params_and_trainer(estimator, prefix)
            self.best = value
            if self.verbose > 0:  # MXNet logs the new value as both
                estimator.logger.info(
                    "[Epoch %d] CheckpointHandler: %s improved from %0.5f to %0.5f, updating best model at %s with "
                    "prefix: %s",
                    self.current_epoch, name, self.best, value, self.model_dir, prefix,
                )  # fmt: skip
        elif self.verbose > 0:  # MXNet logs the number of the batch as that of the epoch
            estimator.logger.info(
                "[Epoch %d] CheckpointHandler: %s did not improve from %0.5f, skipping updating best model",
                self.current_batch, name, self.best,
            )  # fmt: skip

    def _save_symbol(self, estimator: Any) -> None:
        path = os.path.join(self.model_dir, f"{self.model_prefix}-symbol.json")
        net = estimator.net
        if isinstance(net, HybridBlock) and net._cached_graph:
            net._cached_graph[1].save(path)
        else:
            estimator.logger.info(
                "Model architecture(symbol file) is not saved, please use HybridBlock to construct your model, and "
                "call net.hybridize() before passing to Estimator in order to save model architecture as %s.",
                path,
            )

    def _save_params_and_trainer(self, estimator: Any, file_prefix: str) -> None:
        # Who resumes looks for parameters: they come last, so that a process that is killed leaves none without states.
        estimator.trainer.save_states(self._glueball_path(file_prefix, "states"))
        estimator.net.save_parameters(self._glueball_path(file_prefix, "params"))
        if "best" in file_prefix:
            return
        self.saved_checkpoints.append(file_prefix)
        if len(self.saved_checkpoints) > self.max_checkpoints:
            oldest = self.saved_checkpoints.pop(0)
            for ending in ("params", "states"):  # so that no parameters are left without states
                with contextlib.suppress(FileNotFoundError):  # another process may have removed it
                    os.remove(self._glueball_path(oldest, ending))

    def _glueball_path(self, file_prefix: str, ending: str) -> str:
        return os.path.join(self.model_dir, f"{file_prefix}.{ending}")

    def _resume_from_checkpoint(self, estimator: Any) -> None:
        unit, limit = ("epoch", estimator.max_epoch) if estimator.max_epoch else ("batch", estimator.max_batch)
        saved_by = {"epoch": self.epoch_period, "batch": self.batch_period}
        if not saved_by.pop(unit) or any(saved_by.values()):
            raise RefusedError(
                f"CheckpointHandler: to resume a training that is counted in {unit}es, checkpoints must be saved by "
                f"the same unit alone; received epoch_period={self.epoch_period}, batch_period={self.batch_period}"
                .replace("epoches", "epochs")
            )  # fmt: skip
        self.trained_epoch, self.trained_batch = self._glueball_newest()
        if self.trained_epoch == -1:
            estimator.logger.info(
                "CheckpointHandler: No checkpoint found, training from scratch for %d %s", limit, _plural(unit)
            )
            return
        self._glueball_load(estimator, f"{self.model_prefix}-epoch{self.trained_epoch}batch{self.trained_batch}")
        trained = self.trained_epoch if unit == "epoch" else self.trained_batch
        if trained >= limit - 1:
            raise InvalidValueError(
                f"CheckpointHandler: the newest checkpoint already has all {limit} {_plural(unit)}; ask for more, or "
                "leave out resume_from_checkpoint to begin anew"
            )
        left = limit - trained - 1
        if unit == "epoch":
            estimator.max_epoch = left
        else:
            estimator.max_batch = left
        estimator.logger.info(
            "CheckpointHandler: Checkpoint resumed from epoch %d batch %d, continue to train for %d %s ",
            self.trained_epoch, self.trained_batch, left, _plural(unit),
        )  # fmt: skip

    def _glueball_newest(self) -> tuple[int, int]:
        """Return the epoch and batch of the newest checkpoint, or -1 and -1."""
        name = re.compile(re.escape(self.model_prefix) + r"-epoch(\d+)batch(\d+)\.params")
        found = map(name.fullmatch, os.listdir(self.model_dir))
        return max(((int(one[1]), int(one[2])) for one in found if one), default=(-1, -1))

    def _glueball_load(self, estimator: Any, prefix: str) -> None:
        paths = [self._glueball_path(prefix, ending) for ending in ("params", "states")]
        for path in paths:
            if not os.path.exists(path):
                raise RefusedError(f"CheckpointHandler: a checkpoint needs two files; there is no {path}")
        estimator.net.load_parameters(paths[0], ctx=estimator.context)
        estimator.trainer.load_states(paths[1])


def _plural(unit: str) -> str:
    return {"epoch": "epochs", "batch": "batches"}[unit]
