"""LossScaler: the factor that keeps small gradients of 16-bit numbers from vanishing."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.doors import guard
from ...gluon.parameter import Parameter
from ...ndarray import multi_all_finite
from ...parallel import Collectives

__all__ = ["LossScaler"]

_FIRST = 2.0**16
_LARGEST = 2.0**24
_STEPS_UNTIL_DOUBLED = 2000


@guard
class LossScaler:
    """The factor of a loss: halved after a step whose gradients overflow, doubled after 2000 steps without one.

    `init_trainer` gives each trainer one. The trainer asks it before each update, and skips those with an overflow.

    Examples
    --------
    >>> from glueball.contrib.amp.loss_scaler import LossScaler
    >>> LossScaler().loss_scale
    65536.0
    """

    _glueball_collectives = Collectives()  # a trainer of several processes sets its own

    def __init__(self) -> None:
        self._loss_scale = _FIRST
        self._next_loss_scale = _FIRST
        self._max_loss_scale = _LARGEST
        self._scale_seq_len = _STEPS_UNTIL_DOUBLED
        self._unskipped = 0

    @property
    def loss_scale(self) -> float:
        """The factor of the current step. As in MXNet, a change is used from the step after the next on."""
        return self._loss_scale

    def has_overflow(self, params: Iterable[Parameter]) -> bool:
        """Whether a gradient of some parameters is infinite or NaN; the factor changes accordingly.

        Parameters
        ----------
        params : list of Parameter
            The parameters; those without gradients do not count.

        Examples
        --------
        >>> from glueball import gluon
        >>> from glueball.contrib.amp.loss_scaler import LossScaler
        >>> weight = gluon.Parameter("weight", shape=(2,))
        >>> weight.initialize()
        >>> LossScaler().has_overflow([weight])
        False
        """
        self._loss_scale = self._next_loss_scale
        by_context = zip(*[one.list_grad() for one in params if one.grad_req != "null"], strict=True)
        overflow = not all([multi_all_finite(*gradients).asscalar() for gradients in by_context])
        overflow = any([found for (found,) in self._glueball_collectives.agree([overflow])])
        if overflow:
            self._next_loss_scale = self._loss_scale / 2
            self._unskipped = 0
        else:
            self._unskipped += 1
            if self._unskipped == self._scale_seq_len:
                self._unskipped = 0
                self._next_loss_scale = min(self._max_loss_scale, self._loss_scale * 2)
        return overflow
