"""``mx.misc``: MXNet's oldest learning rate schedules, from before ``mx.lr_scheduler``."""

from __future__ import annotations

import logging
import sys
from typing import Any

from .core.blame import short
from .core.doors import guard
from .core.errors import InvalidValueError, MissingMethodError
from .core.known_names import explain_in

__all__ = ["FactorScheduler", "LearningRateScheduler"]


@guard
class LearningRateScheduler:
    """The base class: a subclass returns the learning rate of an iteration when it is called.

    An optimizer sets the attribute ``base_lr``, the learning rate at the beginning.
    """

    def __init__(self) -> None:
        self.base_lr = 0.01

    def __call__(self, iteration: int) -> Any:
        """Return the learning rate of an iteration.

        Parameters
        ----------
        iteration : int
            The number of the iteration.
        """
        raise MissingMethodError(f"{type(self).__name__}: a LearningRateScheduler must define __call__; it does not")


class FactorScheduler(LearningRateScheduler):
    """Multiply the learning rate by a factor every so many iterations.

    Parameters
    ----------
    step : int
        How many iterations.
    factor : float, default 0.1
        The factor, below 1.

    Examples
    --------
    >>> import glueball as mx
    >>> schedule = mx.misc.FactorScheduler(step=10, factor=0.5)
    >>> schedule(5), schedule(25)
    (0.01, 0.0025)
    """

    def __init__(self, step: int, factor: float = 0.1) -> None:
        super().__init__()
        if step < 1:
            raise InvalidValueError(f"FactorScheduler: step must be 1 or more; received {short(step)}")
        if factor >= 1.0:
            raise InvalidValueError(f"FactorScheduler: factor must be below 1; received {short(factor)}")
        self.step = step
        self.factor = factor
        self.old_lr = self.base_lr
        self.init = False

    def __call__(self, iteration: int) -> float:
        """Return the learning rate of an iteration, and log it when it is a new one.

        Parameters
        ----------
        iteration : int
            The number of the iteration.
        """
        if not self.init:
            self.init = True
            self.old_lr = self.base_lr
        rate: float = self.base_lr * self.factor ** int(iteration / self.step)
        if rate != self.old_lr:
            self.old_lr = rate
            logging.info("At Iteration [%d]: Swith to new learning rate %.5f", iteration, rate)
        return rate


explain_in(sys.modules[__name__])  # it is imported later than the rest of the package
