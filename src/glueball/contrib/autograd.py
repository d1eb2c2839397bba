"""``mx.contrib.autograd``: MXNet's older functions for gradients, on those of ``mx.autograd``."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .. import autograd
from ..core.blame import short
from ..core.doors import door, guard
from ..core.errors import InvalidTypeError, RefusedError
from ..core.integers import is_int_not_bool
from ..core.strangers import call
from ..ndarray import NDArray, zeros_like

__all__ = [
    "TrainingStateScope", "backward", "compute_gradient", "grad", "grad_and_loss", "mark_variables", "set_is_training",
    "test_section", "train_section",
]  # fmt: skip


@door
def set_is_training(is_train: bool) -> bool:
    """Record and train from now on, or do neither; return whether training was on.

    Parameters
    ----------
    is_train : bool
        Whether to record and train.
    """
    autograd.set_recording(is_train)
    return autograd.set_training(is_train)


@guard
class TrainingStateScope:
    """A ``with`` block in which recording and training are both on, or both off.

    Parameters
    ----------
    enter_state : bool
        Whether they are on.
    """

    def __init__(self, enter_state: bool) -> None:
        self._enter_state = enter_state
        self._prev: bool | None = None

    def __enter__(self) -> None:
        """Begin the block."""
        self._prev = set_is_training(self._enter_state)

    def __exit__(self, ptype: Any, value: Any, trace: Any) -> None:
        """End the block."""
        if self._prev != self._enter_state:
            set_is_training(bool(self._prev))


@door
def train_section() -> TrainingStateScope:
    """Return a ``with`` block that records for training.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.nd.array([3])
    >>> gradient = mx.nd.zeros((1,))
    >>> mx.contrib.autograd.mark_variables([x], [gradient])
    >>> with mx.contrib.autograd.train_section():
    ...     y = x * x
    >>> mx.contrib.autograd.compute_gradient([y])
    >>> gradient.asscalar()
    np.float32(6.0)
    """
    return TrainingStateScope(True)


@door
def test_section() -> TrainingStateScope:
    """Return a ``with`` block, within one that records, that does not."""
    return TrainingStateScope(False)


@door
def mark_variables(variables: Any, gradients: Any, grad_reqs: Any = "write") -> None:
    """Attach gradients to arrays, as `autograd.mark_variables`.

    Parameters
    ----------
    variables : list of NDArray
        The arrays.
    gradients : list of NDArray
        Where their gradients go.
    grad_reqs : str or list of str, default 'write'
        How they are stored.
    """
    autograd.mark_variables(variables, gradients, grad_reqs)


@door
def backward(outputs: Any, out_grads: Any = None, retain_graph: bool = False) -> None:
    """Compute the gradients of marked arrays, as `autograd.backward`.

    Parameters
    ----------
    outputs : list of NDArray
        What was computed.
    out_grads : list of NDArray, optional
        The gradients of `outputs`, by default ones.
    retain_graph : bool, default False
        Keep what was recorded.
    """
    autograd.backward(outputs, out_grads, retain_graph)


@door
def compute_gradient(outputs: Any) -> None:
    """Compute the gradients of marked arrays.

    Parameters
    ----------
    outputs : list of NDArray
        What was computed.
    """
    backward(outputs)


@door
def grad_and_loss(func: Callable[..., Any], argnum: Any = None) -> Callable[..., tuple[list[NDArray], Any]]:
    """Return a function that computes gradients and the result of a function.

    Parameters
    ----------
    func : callable
        Takes NDArrays, and returns one or a list of them.
    argnum : int or list of int, optional
        The arguments whose gradients are computed, by default all.

    Returns
    -------
    callable
        Returns the gradients as a list, and the result.

    Examples
    --------
    >>> import glueball as mx
    >>> gradients, loss = mx.contrib.autograd.grad_and_loss(lambda x, y: x * y)(mx.nd.array([2]), mx.nd.array([3]))
    >>> [gradient.asscalar().item() for gradient in gradients], loss.asscalar().item()
    ([3.0, 2.0], 6.0)
    """
    if not callable(func):
        raise InvalidTypeError(f"grad_and_loss: func must be callable; received {short(func)}")
    numbers = None if argnum is None else argnum if isinstance(argnum, list) else [argnum]
    if not all(is_int_not_bool(number) for number in numbers or []):
        raise InvalidTypeError(f"grad_and_loss: argnum must be an int or a list of ints; received {short(argnum)}")

    @functools.wraps(func)
    def wrapped(*args: Any) -> tuple[list[NDArray], Any]:
        variables = list(args) if numbers is None else [args[number] for number in numbers]
        for variable in variables:
            if not isinstance(variable, NDArray):
                raise RefusedError(f"grad_and_loss: arguments must be NDArrays; received {short(variable)}")
        gradients = [zeros_like(variable) for variable in variables]
        mark_variables(variables, gradients)
        with train_section():
            outputs = call(func, *args)
        compute_gradient(outputs if isinstance(outputs, list) else [outputs])
        return gradients, outputs

    return wrapped


@door
def grad(func: Callable[..., Any], argnum: Any = None) -> Callable[..., list[NDArray]]:
    """Return a function that computes the gradients of a function.

    Parameters
    ----------
    func, argnum
        As in `grad_and_loss`.
    """
    both = grad_and_loss(func, argnum)

    @functools.wraps(func)
    def wrapped(*args: Any) -> list[NDArray]:
        return both(*args)[0]

    return wrapped
