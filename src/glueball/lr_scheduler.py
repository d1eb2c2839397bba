"""Learning rates that change with the number of updates.

A scheduler is called with the number of updates made so far and returns the learning rate. It moves forward
only: its ``base_lr`` is the current rate, and a smaller number does not restore an earlier rate (as in MXNet).

    schedule = mx.lr_scheduler.FactorScheduler(step=100, factor=0.5)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1, "lr_scheduler": schedule})
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

from .core.arguments import checked
from .core.doors import guard
from .core.errors import MXNetError, RefusedError

_MOST_STEPS = 10_000  # of the same factor in one call; more are one power

__all__ = ["CosineScheduler", "FactorScheduler", "LRScheduler", "MultiFactorScheduler", "PolyScheduler"]


@guard
class LRScheduler:
    """The base class of all schedulers; a subclass implements ``__call__(num_update)``.

    Parameters
    ----------
    base_lr : float, default 0.01
        The rate after the warmup. An optimizer that is given a `learning_rate` overwrites it.
    warmup_steps : int, default 0
        The number of warmup updates; 0 or more.
    warmup_begin_lr : float, default 0
        The rate at the beginning of the warmup; at most `base_lr`.
    warmup_mode : {'linear', 'constant'}, default 'linear'
        Whether the rate rises linearly to `base_lr`, or stays at `warmup_begin_lr` until the warmup ends.

    Raises
    ------
    ValueError
        An argument is out of its range.

    Examples
    --------
    >>> import glueball as mx
    >>> class Halving(mx.lr_scheduler.LRScheduler):
    ...     def __call__(self, num_update):
    ...         return self.base_lr / 2 ** (num_update // 100)
    ...
    >>> Halving(base_lr=0.1)(250)
    0.025
    """

    #: Settings (the arguments of the constructor) that are stored in an attribute of another name.
    glueball_setting_attributes: ClassVar[Mapping[str, str]] = {}

    #: Attributes besides the settings that are saved with an optimizer's states. If a class does not define its own
    #: list, all of its attributes that a file can hold are saved.
    glueball_saved_attributes: ClassVar[Sequence[str]] = ("warmup_final_lr",)

    @checked
    def __init__(
        self,
        base_lr: float = 0.01,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        owner = type(self).__name__
        if not isinstance(warmup_steps, int):
            raise RefusedError(f"{owner}: warmup_steps must be an int; received {warmup_steps!r}")
        if warmup_steps < 0:
            raise ValueError(f"{owner}: warmup_steps must be 0 or more; received {warmup_steps}")
        if warmup_begin_lr > base_lr:
            raise ValueError(
                f"{owner}: warmup_begin_lr must be at most base_lr; received {warmup_begin_lr} and {base_lr}"
            )
        if warmup_mode not in ("linear", "constant"):
            raise ValueError(f"{owner}: warmup_mode must be 'linear' or 'constant'; received {warmup_mode!r}")
        self.base_lr = base_lr
        self.warmup_steps = warmup_steps
        self.warmup_final_lr = base_lr
        self.warmup_begin_lr = warmup_begin_lr
        self.warmup_mode = warmup_mode

    def get_warmup_lr(self, num_update: int) -> float:
        """Return the rate at an update within the warmup."""
        if num_update >= self.warmup_steps:
            raise MXNetError(
                f"{type(self).__name__}: num_update must be within the warmup of {self.warmup_steps} "
                f"updates; received {num_update}"
            )
        if self.warmup_mode == "constant":
            return self.warmup_begin_lr
        rise = (self.warmup_final_lr - self.warmup_begin_lr) * num_update / self.warmup_steps
        return self.warmup_begin_lr + rise

    def __call__(self, num_update: int) -> float:
        """Return the learning rate after `num_update` updates."""
        raise NotImplementedError(f"{type(self).__name__}: __call__(num_update) must be implemented by the subclass")


def _log(num_update: int, before: float, rate: float) -> None:
    """Log a change of the rate at level INFO, in the line that programs look for in MXNet's log."""
    if rate != before:
        logging.info("Update[%d]: Change learning rate to %0.5e", num_update, rate)


def _require_reduction(owner: str, factor: float) -> None:
    if factor > 1:
        raise ValueError(f"{owner}: factor must be at most 1, so that the rate falls; received {factor}")


class FactorScheduler(LRScheduler):
    """Multiply the rate by a factor after every `step` updates.

    Parameters
    ----------
    step : int
        The number of updates between two reductions; 1 or more. The first one takes effect at update ``step + 1``.
    factor : float, default 1
        The multiplier; at most 1.
    stop_factor_lr : float, default 1e-8
        The lower bound of the rate.
    base_lr, warmup_steps, warmup_begin_lr, warmup_mode
        As in `LRScheduler`. Warmup updates count too.

    Examples
    --------
    >>> import glueball as mx
    >>> schedule = mx.lr_scheduler.FactorScheduler(step=2, factor=0.5, base_lr=1.0)
    >>> [schedule(update) for update in range(1, 7)]
    [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """

    glueball_saved_attributes: ClassVar[Sequence[str]] = ("count",)

    @checked
    def __init__(
        self,
        step: float,
        factor: float = 1,
        stop_factor_lr: float = 1e-8,
        base_lr: float = 0.01,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if step < 1:
            raise ValueError(f"FactorScheduler: step must be 1 or more; received {step}")
        _require_reduction("FactorScheduler", factor)
        self.step = step
        self.factor = factor
        self.stop_factor_lr = stop_factor_lr
        self.count: float = 0

    def __call__(self, num_update: int) -> float:
        """Return the learning rate after `num_update` updates."""
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        if self.step < 1:  # a program may have set it
            raise ValueError(f"FactorScheduler: step must be 1 or more; received {self.step}")
        reductions = max(0, int((num_update - self.count - 1) // self.step))
        self.count += reductions * self.step
        start = self.base_lr
        for made in range(reductions):
            before = self.base_lr
            self.base_lr = max(self.base_lr * self.factor, self.stop_factor_lr)
            if self.base_lr == before:
                break
            if made == _MOST_STEPS:  # a count that was jumped to, for instance by a file
                self.base_lr = max(self.base_lr * self.factor ** (reductions - made - 1), self.stop_factor_lr)
                break
        _log(num_update, start, self.base_lr)
        return self.base_lr


class MultiFactorScheduler(LRScheduler):
    """Multiply the rate by a factor after each of the given numbers of updates.

    Parameters
    ----------
    step : list of int
        The updates after which the rate falls; positive and increasing.
    factor : float, default 1
        The multiplier; at most 1.
    base_lr, warmup_steps, warmup_begin_lr, warmup_mode
        As in `LRScheduler`.

    Examples
    --------
    >>> import glueball as mx
    >>> schedule = mx.lr_scheduler.MultiFactorScheduler(step=[2, 3], factor=0.1, base_lr=1.0)
    >>> [round(schedule(update), 3) for update in range(1, 6)]
    [1.0, 1.0, 0.1, 0.01, 0.01]
    """

    glueball_saved_attributes: ClassVar[Sequence[str]] = ("cur_step_ind", "count")

    @checked
    def __init__(
        self,
        step: list[int],
        factor: float = 1,
        base_lr: float = 0.01,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if not isinstance(step, list) or not step:
            raise RefusedError(f"MultiFactorScheduler: step must be a list of one or more ints; received {step!r}")
        if any(later <= earlier for earlier, later in zip([0, *step], step, strict=False)):
            raise ValueError(f"MultiFactorScheduler: step must hold positive, increasing numbers; received {step}")
        _require_reduction("MultiFactorScheduler", factor)
        self.step = step
        self.cur_step_ind = 0
        self.factor = factor
        self.count = 0

    def __call__(self, num_update: int) -> float:
        """Return the learning rate after `num_update` updates."""
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        start = self.base_lr
        while self.cur_step_ind < len(self.step) and num_update > self.step[self.cur_step_ind]:
            self.count = self.step[self.cur_step_ind]
            self.cur_step_ind += 1
            self.base_lr *= self.factor
        _log(num_update, start, self.base_lr)
        return self.base_lr


class _DecayScheduler(LRScheduler):
    """Decays from the initial rate to `final_lr` at `max_update`, along a curve that the subclass defines."""

    glueball_saved_attributes: ClassVar[Sequence[str]] = ("base_lr_orig", "max_steps")

    def __init__(
        self,
        max_update: int,
        base_lr: float,
        final_lr: float,
        warmup_steps: int,
        warmup_begin_lr: float,
        warmup_mode: str,
    ) -> None:
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        if not isinstance(max_update, int):
            raise RefusedError(f"{type(self).__name__}: max_update must be an int; received {max_update!r}")
        if max_update < 1:
            raise ValueError(f"{type(self).__name__}: max_update must be 1 or more; received {max_update}")
        self.base_lr_orig = base_lr
        self.max_update = max_update
        self.final_lr = final_lr
        self.max_steps = max_update - warmup_steps

    def _glueball_left(self, made: int) -> float:
        """Return how much of the decay is left, 1 to 0, after `made` of the `max_steps` updates."""
        raise NotImplementedError

    def __call__(self, num_update: int) -> float:
        """Return the learning rate after `num_update` updates."""
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        if num_update <= self.max_update:
            # A warmup that takes all updates leaves none for the decay; MXNet divides by zero here.
            left = self._glueball_left(num_update - self.warmup_steps) if self.max_steps else 0.0
            self.base_lr = self.final_lr + (self.base_lr_orig - self.final_lr) * left
        return self.base_lr


class PolyScheduler(_DecayScheduler):
    """Decay the rate to `final_lr` along a power of the remaining updates.

    Parameters
    ----------
    max_update : int
        The update at which `final_lr` is reached; 1 or more.
    base_lr : float, default 0.01
        The rate to start from. It cannot be changed later.
    pwr : int or float, default 2
        The exponent.
    final_lr : float, default 0
        The rate from `max_update` on.
    warmup_steps, warmup_begin_lr, warmup_mode
        As in `LRScheduler`.

    Examples
    --------
    >>> import glueball as mx
    >>> schedule = mx.lr_scheduler.PolyScheduler(max_update=4, base_lr=1.0)
    >>> [schedule(update) for update in range(6)]
    [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]
    """

    glueball_setting_attributes: ClassVar[Mapping[str, str]] = {"pwr": "power"}
    glueball_saved_attributes: ClassVar[Sequence[str]] = ()

    @checked
    def __init__(
        self,
        max_update: int,
        base_lr: float = 0.01,
        pwr: float = 2,
        final_lr: float = 0,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        self.power = pwr

    def _glueball_left(self, made: int) -> float:
        return float(max(0.0, 1 - made / self.max_steps) ** self.power)


class CosineScheduler(_DecayScheduler):
    """Decay the rate to `final_lr` along half a cosine period.

    Parameters
    ----------
    max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode
        As in `PolyScheduler`.

    Examples
    --------
    >>> import glueball as mx
    >>> schedule = mx.lr_scheduler.CosineScheduler(max_update=4, base_lr=1.0)
    >>> [round(schedule(update), 4) for update in range(6)]
    [1.0, 0.8536, 0.5, 0.1464, 0.0, 0.0]
    """

    glueball_saved_attributes: ClassVar[Sequence[str]] = ()

    @checked
    def __init__(
        self,
        max_update: int,
        base_lr: float = 0.01,
        final_lr: float = 0,
        warmup_steps: int = 0,
        warmup_begin_lr: float = 0,
        warmup_mode: str = "linear",
    ) -> None:
        super().__init__(max_update, base_lr, final_lr, warmup_steps, warmup_begin_lr, warmup_mode)

    def _glueball_left(self, made: int) -> float:
        return (1 + math.cos(math.pi * made / self.max_steps)) / 2
