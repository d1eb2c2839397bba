"""``mx.callback``: callbacks that `Module.fit` calls after each batch or epoch.

They log with ``logging.info``, as in MXNet; a root logger of level INFO shows it.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import Any

from .core.doors import door, guard
from .core.errors import MXNetError
from .core.integers import is_int_not_bool
from .model import save_checkpoint
from .model.validation import LogValidationMetricsCallback

__all__ = [
    "LogValidationMetricsCallback", "ProgressBar", "Speedometer", "do_checkpoint", "log_train_metric",
    "module_checkpoint",
]  # fmt: skip


def _check_count(owner: str, name: str, value: Any) -> int:
    if not is_int_not_bool(value):
        raise MXNetError(f"{owner}: {name} must be an int; received {value!r}")
    return int(value)


@door
def do_checkpoint(prefix: str, period: int = 1) -> Callable[..., None]:
    """Return an epoch-end callback that saves the graph and its parameters with `model.save_checkpoint`.

    Parameters
    ----------
    prefix : str
        Prefix of the file names.
    period : int, default 1
        Save every `period` epochs; a value below 1 counts as 1.

    Returns
    -------
    callable
        Called as ``callback(epoch, symbol, arg_params, aux_params)``, with epochs counted from 0; the
        file names count from 1.
    """
    period = max(1, _check_count("do_checkpoint", "period", period))

    @door
    def save(iter_no: int, sym: Any, arg: Any, aux: Any) -> None:
        if (iter_no + 1) % period == 0:
            save_checkpoint(prefix, iter_no + 1, sym, arg, aux)

    return save


@door
def module_checkpoint(
    mod: Any, prefix: str, period: int = 1, save_optimizer_states: bool = False
) -> Callable[..., None]:
    """Return an epoch-end callback that saves a module with its `save_checkpoint`.

    Parameters
    ----------
    mod : Module
        The module to save.
    prefix : str
        Prefix of the file names.
    period : int, default 1
        Save every `period` epochs; a value below 1 counts as 1.
    save_optimizer_states : bool, default False
        Also save the optimizer states.

    Returns
    -------
    callable
        Called as ``callback(epoch, symbol, arg_params, aux_params)``; only the epoch is used.
    """
    period = max(1, _check_count("module_checkpoint", "period", period))

    @door
    def save(iter_no: int, sym: Any = None, arg: Any = None, aux: Any = None) -> None:
        if (iter_no + 1) % period == 0:
            mod.save_checkpoint(prefix, iter_no + 1, save_optimizer_states)

    return save


@door
def log_train_metric(period: int, auto_reset: bool = False) -> Callable[[Any], None]:
    """Return a batch-end callback that logs the metric.

    Parameters
    ----------
    period : int
        Log every `period` batches.
    auto_reset : bool, default False
        Reset the metric after each log.

    Returns
    -------
    callable
        Called with a `BatchEndParam`.
    """
    if _check_count("log_train_metric", "period", period) < 1:
        raise MXNetError(f"log_train_metric: period must be 1 or more; received {period!r}")

    @door
    def log(param: Any) -> None:
        if param.nbatch % period or param.eval_metric is None:
            return
        for name, value in param.eval_metric.get_name_value():
            logging.info("Iter[%d] Batch[%d] Train-%s=%f", param.epoch, param.nbatch, name, value)
        if auto_reset:
            param.eval_metric.reset_local()

    return log


@guard
class Speedometer:
    """A batch-end callback that logs samples per second and the metric.

    Parameters
    ----------
    batch_size : int
        The batch size.
    frequent : int, default 50
        Log every `frequent` batches.
    auto_reset : bool, default True
        Reset the metric after each log, so that each log covers the batches since the last one.

    Examples
    --------
    >>> import glueball as mx
    >>> fast = mx.callback.Speedometer(batch_size=32, frequent=10)
    >>> fast(mx.model.BatchEndParam(epoch=0, nbatch=0, eval_metric=None, locals=None))
    """

    def __init__(self, batch_size: int, frequent: int = 50, auto_reset: bool = True) -> None:
        if _check_count("Speedometer", "frequent", frequent) < 1:
            raise MXNetError(f"Speedometer: frequent must be 1 or more; received {frequent!r}")
        self.batch_size = batch_size
        self.frequent = frequent
        self.auto_reset = auto_reset
        self.init = False
        self.tic = 0.0
        self.last_count = 0

    def __call__(self, param: Any) -> None:
        """Count a batch, described by a `BatchEndParam`, and log if it is due."""
        count = param.nbatch
        if self.last_count > count:  # a new epoch
            self.init = False
        self.last_count = count
        if not self.init:
            self.init = True
        elif count % self.frequent == 0:
            self._report(param)
        else:
            return
        self.tic = time.time()

    def _report(self, param: Any) -> None:
        seconds = time.time() - self.tic
        speed = self.frequent * self.batch_size / seconds if seconds > 0 else math.inf
        if param.eval_metric is None:
            logging.info("Iter[%d] Batch [%d]\tSpeed: %.2f samples/sec", param.epoch, param.nbatch, speed)
            return
        pairs = param.eval_metric.get_name_value()
        first = param.nbatch - self.frequent if self.auto_reset else 0
        if self.auto_reset:
            param.eval_metric.reset_local()
        text = "".join(f"\t{name}={value:f}" for name, value in pairs)
        logging.info(
            "Epoch[%d] Batch [%d-%d]\tSpeed: %.2f samples/sec%s", param.epoch, first, param.nbatch, speed, text
        )


@guard
class ProgressBar:
    """A batch-end callback that logs a progress bar of the epoch.

    Parameters
    ----------
    total : int
        The number of batches in an epoch.
    length : int, default 80
        The width of the bar in characters.
    """

    def __init__(self, total: int, length: int = 80) -> None:
        if _check_count("ProgressBar", "total", total) < 1:
            raise MXNetError(f"ProgressBar: total must be 1 or more batches; received {total!r}")
        self.total = total
        self.bar_len = length

    def __call__(self, param: Any) -> None:
        """Log the bar for a batch, described by a `BatchEndParam`."""
        done = param.nbatch / self.total
        filled = round(self.bar_len * done)
        bar = "=" * filled + "-" * (self.bar_len - filled)
        logging.info("[%s] %s%%\r", bar, math.ceil(100.0 * done))
