"""Makes the drawn calls of one place, and judges what comes out."""

from __future__ import annotations

import inspect
import itertools
import random
import signal
import traceback
import types
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import glueball as mx
from tests.drawn.allowed import ALLOWED
from tests.drawn.places import Place
from tests.drawn.receivers import receiver
from tests.drawn.sandbox import Forbidden
from tests.drawn.values import SCOPE, Raised, draw_arguments, draw_value

#: The processor seconds that one call may take.
SECONDS = 10.0


class TooLong(BaseException):
    """A call took longer than `SECONDS`."""


@dataclass(frozen=True)
class Finding:
    """A call that failed the test: what it was, what came out, and in which line of the package."""

    place: str
    number: int
    call: str
    error: str
    line: str


def run(place: Place, seed: int, number: int) -> Iterator[Finding]:
    """Make the call of this number, which depends on the seed, the place and the number alone."""
    signal.signal(signal.SIGPROF, _too_long)
    warnings.simplefilter("ignore")
    drawn = random.Random(f"{seed} {place.name} {number}")
    text, names = draw_call(place, drawn)
    error = None if text is None else _make(text, names, drawn)
    if error is not None and not is_allowed(place, error):
        yield Finding(place.name, number, text or "", _first_line(error), _line(error))


def draw_call(place: Place, drawn: random.Random) -> tuple[str | None, dict[str, Any]]:
    """Draw a call as text, and the names that the text needs beside those of `SCOPE`."""
    names: dict[str, Any] = {"place": place.function}
    if place.owner is None:
        positional, named = draw_arguments(place.function, drawn)
    else:
        made = receiver(place.owner, drawn)
        if made is None:
            return None, names
        names["receiver"] = made
        if place.is_property:
            writes = drawn.random() < 0.5 and getattr(place.owner, place.method).fset is not None
            value = draw_value(inspect.Parameter("value", inspect.Parameter.POSITIONAL_ONLY), drawn)
            return f"setattr(receiver, {place.method!r}, {value})" if writes else f"receiver.{place.method}", names
        positional, named = draw_arguments(place.function, drawn, skip=0 if place.is_static else 1)
    callee = "place" if place.owner is None else f"receiver.{place.method}"
    values = [*positional, *[f"{name}={value}" for name, value in named.items()]]
    return f"{callee}({', '.join(values)})", names


def _make(text: str, names: dict[str, Any], drawn: random.Random) -> BaseException | None:
    """Make a call, and use what it returns; return what was raised."""
    code = compile(text, "<a drawn call>", "eval")
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        result = eval(code, {**SCOPE, **names})
        if isinstance(result, Iterator | types.GeneratorType):
            list(itertools.islice(result, 3))
        elif isinstance(result, types.FunctionType) and result.__module__.startswith("glueball"):
            positional, named = draw_arguments(result, drawn)
            result(*map(_value, positional), **{name: _value(value) for name, value in named.items()})
    except BaseException as error:  # every exception is to be judged
        return error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def _value(text: str) -> Any:
    return eval(text, dict(SCOPE))


def _too_long(number: int, frame: Any) -> None:
    raise TooLong(f"took more than {SECONDS} seconds")


def is_allowed(place: Place, error: BaseException) -> bool:
    """Whether an exception may leave a place."""
    if isinstance(error, mx.MXNetError | Raised | Forbidden):
        return True
    if isinstance(error, Exception) and _passed(error):
        return True
    return any(each.covers(place.name, error) for each in ALLOWED)


def _passed(error: Exception) -> bool:
    """Whether a function that was passed raised the error: one written in C, or one of those that are drawn."""
    last = _frames(error)[-1:]
    return bool(last) and last[0].name == "call" and last[0].filename.endswith("strangers.py")


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    return traceback.extract_tb(error.__traceback__)


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200]


def _line(error: BaseException) -> str:
    inside = [frame for frame in _frames(error) if "/glueball/" in frame.filename or frame.filename[0] == "<"]
    last = inside[-1] if inside else _frames(error)[-1]
    return f"{last.filename.rpartition('/glueball/')[2]}:{last.lineno} {last.name}"
