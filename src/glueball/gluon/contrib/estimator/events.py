"""What an event handler derives from: one class for each moment of a training that it wants to know of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....core.blame import short
from ....core.errors import InvalidTypeError, InvalidValueError


class EventHandler:
    """The base class of all event handlers.

    A handler may have an attribute ``priority``, by default 0: of several, that with the lowest is called first.
    """


class TrainBegin(EventHandler):
    """A handler that is called once before the training."""

    def train_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> Any:
        """Called with the estimator; a subclass does something here."""


class TrainEnd(EventHandler):
    """A handler that is called once after the training."""

    def train_end(self, estimator: Any, *args: Any, **kwargs: Any) -> Any:
        """Called with the estimator; a subclass does something here."""


class EpochBegin(EventHandler):
    """A handler that is called before each epoch."""

    def epoch_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> Any:
        """Called with the estimator; a subclass does something here."""


class EpochEnd(EventHandler):
    """A handler that is called after each epoch."""

    def epoch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> Any:
        """Called with the estimator; the training ends if it returns True."""
        return False


class BatchBegin(EventHandler):
    """A handler that is called before each batch."""

    def batch_begin(self, estimator: Any, *args: Any, **kwargs: Any) -> Any:
        """Called with the estimator and ``batch=``; a subclass does something here."""


class BatchEnd(EventHandler):
    """A handler that is called after each batch."""

    def batch_end(self, estimator: Any, *args: Any, **kwargs: Any) -> Any:
        """Called with the estimator, ``batch=``, ``pred=``, ``label=`` and ``loss=``; True ends the epoch."""
        return False


def as_handlers(handlers: Any) -> list[EventHandler]:
    """Return one or several handlers as a list, after a check: a list that is not empty is returned itself."""
    if isinstance(handlers, EventHandler):
        return [handlers]
    if handlers is None:
        return []
    if not isinstance(handlers, Iterable):
        raise InvalidTypeError(
            f"Estimator: event_handlers must be an EventHandler or a list of them; received {short(handlers)}"
        )
    found = handlers if isinstance(handlers, list) and handlers else list(handlers)
    for handler in found:
        if not isinstance(handler, EventHandler):
            raise InvalidValueError(
                "Estimator: event_handlers must be an EventHandler or a list of them; received one that is "
                f"{short(handler)}; derive it from TrainBegin, EpochEnd or their like"
            )
    return found


def by_moment(handlers: list[EventHandler]) -> dict[str, list[Any]]:
    """Sort handlers, those with the lowest priority first, and return which are called when: methods by name."""
    handlers.sort(key=lambda handler: getattr(handler, "priority", 0))
    moments = {
        "train_begin": TrainBegin, "epoch_begin": EpochBegin, "batch_begin": BatchBegin,
        "batch_end": BatchEnd, "epoch_end": EpochEnd, "train_end": TrainEnd,
    }  # fmt: skip
    return {
        name: [getattr(handler, name) for handler in handlers if isinstance(handler, kind)]
        for name, kind in moments.items()
    }
