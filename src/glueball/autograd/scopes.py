"""The switches: whether this thread records operators, and whether they run in training mode."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from ..core.doors import door
from ..core.mode import mode


def is_recording() -> bool:
    """Return whether this thread records operators."""
    return mode.recording


def is_training() -> bool:
    """Return whether this thread runs in training mode, where Dropout drops and BatchNorm uses the batch."""
    return mode.training


@door
def set_recording(is_recording: bool) -> bool:
    """Switch recording on or off in this thread, and return the previous setting."""
    before, mode.recording = mode.recording, _switch("set_recording: is_recording", is_recording)
    return before


@door
def set_training(train_mode: bool) -> bool:
    """Switch training mode on or off in this thread, and return the previous setting."""
    before, mode.training = mode.training, _switch("set_training: train_mode", train_mode)
    return before


def _switch(owner: str, value: Any) -> bool:
    if value is True or value is False or isinstance(value, int):
        return bool(value)
    raise TypeError(f"{owner} must be True or False; received {value!r}")


class Scope:
    """A context manager that sets one or both switches and restores them."""

    __slots__ = ("_before", "_recording", "_training")

    def __init__(self, recording: bool | None, training: bool | None) -> None:
        self._recording, self._training = recording, training
        self._before: list[tuple[bool, bool]] = []

    def __enter__(self) -> None:
        self._before.append((mode.recording, mode.training))
        if self._recording is not None:
            mode.recording = self._recording
        if self._training is not None:
            mode.training = self._training

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        mode.recording, mode.training = self._before.pop()


@door
def record(train_mode: bool = True) -> Scope:
    """Return a context manager that records operators for differentiation.

    Parameters
    ----------
    train_mode : bool, default True
        Whether operators also run in training mode.

    Examples
    --------
    >>> from glueball import autograd, nd
    >>> x = nd.array([1, 2, 3])
    >>> x.attach_grad()
    >>> with autograd.record():
    ...     y = (x * x).sum()
    >>> y.backward()
    >>> x.grad.asnumpy().tolist()
    [2.0, 4.0, 6.0]
    """
    return Scope(True, _switch("record: train_mode", train_mode))


@door
def pause(train_mode: bool = False) -> Scope:
    """Return a context manager, used inside `record`, that stops recording."""
    return Scope(False, _switch("pause: train_mode", train_mode))


def train_mode() -> Scope:
    """Return a context manager that runs operators in training mode; recording is unchanged."""
    return Scope(None, True)


def predict_mode() -> Scope:
    """Return a context manager that runs operators in prediction mode; recording is unchanged."""
    return Scope(None, False)
