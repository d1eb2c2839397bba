"""Which argument of a call does not fit: the signature and the docstring of a function, read after a failure."""

from __future__ import annotations

import collections.abc
import inspect
import numbers
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .integers import is_int

_LONGEST = 120  # characters of a received value


def misfit(function: Callable[..., Any], given: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the first argument that its annotation excludes, and what it must be; None if all may fit."""
    try:
        hints = typing.get_type_hints(inspect.unwrap(function))
    except (NameError, TypeError, AttributeError):  # a name that is imported for type checkers alone
        return None
    documented = documented_types(function)
    for name, value in given.items():
        if name in hints and not fits(value, hints[name]):
            return name, documented.get(name) or in_words(hints[name])
    return None


def describe(function: Callable[..., Any], given: Mapping[str, Any]) -> str:
    """Return what the docstring says that the given arguments may be, for the end of a message."""
    documented = documented_types(function)
    known = [f"{name}: {documented[name]}" for name in given if name in documented]
    return f"; pass {'; '.join(known)}" if known else ""


def documented_types(function: Callable[..., Any]) -> dict[str, str]:
    """Return the types of the parameters in the words of a NumPy docstring, without defaults."""
    found: dict[str, str] = {}
    for line in _parameter_lines(function):
        names, colon, rule = line.partition(" : ")
        if colon and not line[0].isspace():
            rule = rule.partition(", default")[0].partition(", optional")[0].strip()
            found.update((name.strip().lstrip("*"), rule) for name in names.split(","))
    return found


def _parameter_lines(function: Callable[..., Any]) -> list[str]:
    """The lines of the section "Parameters"; that of a constructor is in the docstring of its class."""
    text = function.__doc__
    if function.__name__ == "__init__":
        owner = inspect.unwrap(function).__globals__.get(function.__qualname__.partition(".")[0])
        text = getattr(owner, "__doc__", None)
    _, section, after = inspect.cleandoc(text or "").partition("Parameters\n----------\n")
    return after.split("\n\n")[0].splitlines() if section else []


def fits(value: Any, annotation: Any) -> bool:
    """Whether a value may be what an annotation says; True where nobody can tell."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, each) for each in arguments)
    if origin is typing.Literal:
        return isinstance(value, str) and value in arguments
    if origin is typing.Annotated:
        return fits(value, arguments[0])
    if origin in (collections.abc.Callable, type):
        return callable(value)
    kind = origin or annotation
    if kind is Any or not isinstance(kind, type):
        return True
    if not _is_a(value, kind):
        return False
    if kind in (list, collections.abc.Sequence) and arguments and isinstance(value, list | tuple):
        return all(fits(item, arguments[0]) for item in value)
    return True


def _is_a(value: Any, kind: type) -> bool:
    if kind is bool:
        return isinstance(value, bool | np.bool_) or (isinstance(value, int) and value in (0, 1))
    if kind is int:
        return isinstance(value, int) or (hasattr(value, "__index__") and _answers(is_int, value))
    if kind is float:
        return isinstance(value, numbers.Real | np.number)
    if kind is collections.abc.Sequence:
        return isinstance(value, collections.abc.Sequence) and not isinstance(value, str | bytes)
    return isinstance(value, kind)


def _answers(question: Callable[[Any], bool], value: Any) -> bool:
    try:
        return question(value)
    except Exception:  # a method of the value raises
        return False


_WORDS: dict[Any, str] = {
    int: "an int", float: "a number", bool: "True or False", str: "a str", bytes: "bytes", type(None): "None",
}  # fmt: skip


def in_words(annotation: Any) -> str:
    """Return an annotation in words that complete "must be ..."."""
    if annotation in _WORDS:
        return _WORDS[annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(map(in_words, arguments))
    if origin is typing.Literal:
        return f"one of {', '.join(map(repr, arguments))}"
    if origin is collections.abc.Callable:
        return "callable"
    if origin in (list, collections.abc.Sequence) and arguments:
        return f"a list, each item {in_words(arguments[0])}"
    kind = origin or annotation
    return f"a {kind.__name__}" if isinstance(kind, type) else str(kind)


def short(value: Any) -> str:
    """Return a value for a message: short, and without trusting its repr."""
    ours = type(value).__module__.partition(".")[0] in ("glueball", "numpy", "torch")
    shape = getattr(value, "shape", None) if ours else None
    if isinstance(shape, tuple) and shape:
        return f"{type(value).__name__} of shape {tuple(shape)}"
    try:
        return shortened(repr(value))
    except Exception:  # a repr of the user's
        return f"an object of {type(value).__name__}"


def shortened(text: str) -> str:
    """Return the beginning of a text."""
    line = text.splitlines()[0] if text else text
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "..."
