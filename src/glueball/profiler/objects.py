"""What a program marks in the trace itself: tasks, frames, events, counters and moments."""

from __future__ import annotations

from typing import Any

from ..core.doors import guard
from ..core.errors import MXNetError, RefusedError
from .recording import recorder
from .records import EVENT, now


def _text(owner: str, name: Any) -> str:
    if not isinstance(name, str):
        raise RefusedError(f"{owner}: name must be text; received {name!r}")
    return name


class _Named:
    """What has a name, and a place in the trace."""

    def __init__(self, name: str, category: str = "") -> None:
        self.name = _text(type(self).__name__, name)
        self._category = category

    def __str__(self) -> str:
        return self.name


@guard
class Domain(_Named):
    """A group of tasks, frames, counters and markers; the table has a section for it.

    Parameters
    ----------
    name : str
        Its name.

    Examples
    --------
    >>> import glueball as mx
    >>> domain = mx.profiler.Domain("my program")
    >>> task = domain.new_task("reading")
    >>> task.start()
    >>> task.stop()
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)

    def new_task(self, name: str) -> Task:
        """Make a `Task` of this domain."""
        return Task(self, name)

    def new_frame(self, name: str) -> Frame:
        """Make a `Frame` of this domain."""
        return Frame(self, name)

    def new_counter(self, name: str, value: int | None = None) -> Counter:
        """Make a `Counter` of this domain."""
        return Counter(self, name, value)

    def new_marker(self, name: str) -> Marker:
        """Make a `Marker` of this domain."""
        return Marker(self, name)


def _category(owner: str, domain: Domain) -> str:
    if not isinstance(domain, Domain):
        raise MXNetError(f"{owner}: domain must be a profiler.Domain; received {domain!r}")
    return domain.name


class _Span(_Named):
    """What begins and ends."""

    _begin: int | None = None

    def start(self) -> None:
        """Begin."""
        self._begin = now()

    def stop(self) -> None:
        """End; without a beginning, nothing is recorded."""
        if self._begin is not None:
            recorder.span(self._category, self.name, self._begin, now())
        self._begin = None


@guard
class Task(_Span):
    """A part of a program that begins and ends.

    Parameters
    ----------
    domain : Domain
        What it belongs to.
    name : str
        Its name.
    """

    def __init__(self, domain: Domain, name: str) -> None:
        super().__init__(name, _category("Task", domain))


@guard
class Frame(_Span):
    """One of many parts that follow each other, such as the pictures of a film.

    Parameters
    ----------
    domain : Domain
        What it belongs to.
    name : str
        Its name.
    """

    def __init__(self, domain: Domain, name: str) -> None:
        super().__init__(name, f"{_category('Frame', domain)},frame")


@guard
class Event(_Span):
    """A part of a program that belongs to no domain.

    Parameters
    ----------
    name : str
        Its name.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, EVENT)


@guard
class Counter(_Named):
    """A number that changes, drawn as a curve.

    Parameters
    ----------
    domain : Domain
        What it belongs to.
    name : str
        Its name.
    value : int, optional
        Its first value.

    Examples
    --------
    >>> import glueball as mx
    >>> counter = mx.profiler.Domain("my program").new_counter("pictures", 0)
    >>> counter += 32
    """

    def __init__(self, domain: Domain, name: str, value: int | None = None) -> None:
        super().__init__(name, _category("Counter", domain))
        self._value = 0
        if value is not None:
            self.set_value(value)

    def set_value(self, value: int) -> None:
        """Give it a value."""
        self._value = int(value)
        recorder.count(self._category, self.name, self._value)

    def increment(self, delta: int = 1) -> None:
        """Add to it."""
        self.set_value(self._value + int(delta))

    def decrement(self, delta: int = 1) -> None:
        """Subtract from it."""
        self.set_value(self._value - int(delta))

    def __iadd__(self, delta: int) -> Counter:
        self.increment(delta)
        return self

    def __isub__(self, delta: int) -> Counter:
        self.decrement(delta)
        return self


#: How wide a line in the trace is.
_SCOPES = {"global": "g", "process": "p", "thread": "t", "task": "t", "marker": "t"}


@guard
class Marker(_Named):
    """A moment in the trace.

    Parameters
    ----------
    domain : Domain
        What it belongs to.
    name : str
        Its name.
    """

    def __init__(self, domain: Domain, name: str) -> None:
        super().__init__(name, f"{_category('Marker', domain)},instant_marker")

    def mark(self, scope: str = "process") -> None:
        """Mark this moment.

        Parameters
        ----------
        scope : {'global', 'process', 'thread', 'task', 'marker'}
            How wide the line is that is drawn.
        """
        if scope not in _SCOPES:
            raise MXNetError(f"Marker.mark: scope must be one of {', '.join(map(repr, _SCOPES))}; received {scope!r}")
        recorder.mark(self._category, self.name, _SCOPES[scope])
