"""Checks of a constructor's flags and numbers by their annotations.

What is annotated ``bool``, ``float``, ``Bound``, ``Numeral``, ``Axis`` or ``Axes``, or one of these ``| None``, is
checked when it is given: an object made with ``momentum=nan`` or ``use_bias="no"`` would compute something else than
was meant, and say nothing.
"""

from __future__ import annotations

import functools
import inspect
import math
import numbers
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from .errors import UnfitArgumentError
from .integers import is_int

_Constructor = TypeVar("_Constructor", bound=Callable[..., None])


def _is_flag(value: Any) -> bool:
    # MXNet takes the truth of anything; None, 0 and 1 say clearly what they mean.
    return value is None or (isinstance(value, numbers.Real | np.bool_) and value in (0, 1))


def _is_number(value: Any) -> bool:
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    return isinstance(value, numbers.Real | np.bool_) and math.isfinite(value)


def _is_bound(value: Any) -> bool:
    return _is_number(value) or value == math.inf


def _is_numeral(value: Any) -> bool:
    if not isinstance(value, str):
        return _is_number(value)
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def _is_axis(value: Any) -> bool:
    return is_int(value) or (isinstance(value, str) and value.strip().removeprefix("-").isdecimal())


def _is_axes(value: Any) -> bool:
    return _is_axis(value) or (isinstance(value, tuple | list) and all(map(_is_axis, value)))


# By annotation: what the value must be, in words that complete "momentum must be ...", and the check.
_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "bool": ("True or False", _is_flag),
    "float": ("a finite number", _is_number),
    "Bound": ("a number", _is_bound),
    "Numeral": ("a finite number", _is_numeral),
    "Axis": ("an int", _is_axis),
    "Axes": ("an int or a tuple of ints", _is_axes),
}


def checked(constructor: _Constructor) -> _Constructor:
    """Return a constructor that checks its flags and numbers first; used as a decorator.

    Raises
    ------
    UnfitArgumentError
        By the constructor: a value is not what its annotation says.

    Examples
    --------
    >>> class Layer:
    ...     @checked
    ...     def __init__(self, momentum: float = 0.9, use_bias: bool = True) -> None:
    ...         self.momentum = momentum
    >>> Layer(momentum=float("nan"))
    Traceback (most recent call last):
        ...
    glueball.core.errors.UnfitArgumentError: Layer: momentum must be a finite number; received nan
    """
    rules = {}
    for name, annotation in constructor.__annotations__.items():
        kind, _, rest = annotation.partition(" | ")
        if kind in _RULES and rest in ("", "None"):
            rules[name] = (*_RULES[kind], bool(rest))
    names = list(inspect.signature(constructor).parameters)[1:]

    @functools.wraps(constructor)
    def checking(self: Any, *args: Any, **kwargs: Any) -> None:
        for name, value in (*zip(names, args, strict=False), *kwargs.items()):
            if name in rules:
                rule, fits, optional = rules[name]
                if not (fits(value) or (optional and value is None)):
                    raise UnfitArgumentError(f"{type(self).__name__}: {name} must be {rule}; received {value!r}")
        constructor(self, *args, **kwargs)

    return checking  # type: ignore[return-value]
