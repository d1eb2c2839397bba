"""Training with a scaled loss, so that small gradients do not vanish in 16 bits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...core.doors import door
from ...core.errors import InvalidTypeError, MissingAttributeError, RefusedError
from ...gluon.trainer import Trainer
from ...optimizer import Optimizer
from . import mode
from .loss_scaler import LossScaler


@door
def init_trainer(optimizer_or_trainer: Trainer) -> None:
    """Make a trainer scale its loss: see `scale_loss`. It then skips updates whose gradients overflow.

    Parameters
    ----------
    optimizer_or_trainer : Trainer
        The trainer.

    Raises
    ------
    AssertionError
        `init` has not been called.
    TypeError
        It is not a Trainer.

    Differs from MXNet
    ------------------
    With ``update_on_kvstore=True``, too, updates are skipped; there MXNet makes them.

    Examples
    --------
    See `scale_loss`.
    """
    current = mode.current()
    if current is None:
        raise RefusedError("init_trainer: mixed precision must be on; call amp.init() before the network is made")
    trainer = _checked("init_trainer", optimizer_or_trainer)
    trainer._amp_loss_scaler = current.hand_out_scaler()
    trainer._amp_original_scale = trainer._scale


def _checked(owner: str, trainer: Any) -> Any:
    if not isinstance(trainer, Trainer):
        hint = "; use a gluon.Trainer" if isinstance(trainer, Optimizer) else ""
        raise InvalidTypeError(
            f"{owner}: optimizer_or_trainer must be a Trainer; received {type(trainer).__name__}{hint}"
        )
    return trainer


@contextmanager
@door
def scale_loss(loss: Any, optimizer_or_trainer: Trainer) -> Iterator[Any]:
    """Return a context in which the loss is multiplied by the factor of a trainer, for ``backward()``.

    The next `Trainer.step` divides the gradients by it.

    Parameters
    ----------
    loss : NDArray or list of NDArray
        The loss; of type float32, since the factor is large.
    optimizer_or_trainer : Trainer
        The trainer, after `init_trainer`.

    Yields
    ------
    NDArray or list of NDArray
        The scaled loss.

    Raises
    ------
    AttributeError
        `init_trainer` has not been called with this trainer.

    Examples
    --------
    >>> from glueball import autograd
    >>> from glueball.contrib import amp
    >>> def train(net, loss_function, trainer, data, label):  # after amp.init() and amp.init_trainer(trainer)
    ...     with autograd.record():
    ...         loss = loss_function(net(data), label)
    ...         with amp.scale_loss(loss, trainer) as scaled:
    ...             autograd.backward(scaled)
    ...     trainer.step(data.shape[0])
    """
    trainer = _checked("scale_loss", optimizer_or_trainer)
    scaler = getattr(trainer, "_amp_loss_scaler", None)
    if not isinstance(scaler, LossScaler):
        raise MissingAttributeError("scale_loss: the trainer must scale losses; call amp.init_trainer(trainer) first")
    trainer._scale = trainer._amp_original_scale / scaler.loss_scale
    if isinstance(loss, list | tuple):
        yield [one * scaler.loss_scale for one in loss]
    else:
        yield loss * scaler.loss_scale


@door
def unscale(optimizer_or_trainer: Trainer) -> None:
    """Divide the gradients by the factor of the loss now, so that they can be looked at or clipped before the step.

    Parameters
    ----------
    optimizer_or_trainer : Trainer
        The trainer.

    Raises
    ------
    TypeError
        It is not a Trainer.

    Examples
    --------
    >>> from glueball import gluon
    >>> from glueball.contrib import amp
    >>> def clip(trainer, parameters, largest):  # between backward() and step()
    ...     amp.unscale(trainer)
    ...     gluon.utils.clip_global_norm([one.grad() for one in parameters if one.grad_req != "null"], largest)
    """
    trainer = _checked("unscale", optimizer_or_trainer)
    for parameter in trainer._params:
        if parameter.grad_req != "null":
            for gradient in parameter.list_grad():
                gradient[:] = gradient * trainer._scale
    trainer._scale = 1.0
