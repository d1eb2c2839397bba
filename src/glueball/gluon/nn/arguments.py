"""Checks of a layer's constructor arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.errors import MXNetError
from ...core.integers import is_int
from ...ops import registry
from ..core.parameter import Parameter


def at_least(owner: str, name: str, value: Any, least: int) -> int:
    """Return an int of at least `least`; anything else raises an MXNetError that names owner, rule and value."""
    if not is_int(value) or value < least:
        rule = "a positive int" if least == 1 else f"an int of at least {least}"
        raise MXNetError(f"{owner}: {name} must be {rule}; received {value!r}.")
    return int(value)


def per_axis(
    owner: str,
    name: str,
    value: Any,
    rank: int,
    *,
    least: int = 1,
    error: type[Exception] = MXNetError,
    or_more: bool = False,
) -> tuple[int, ...]:
    """Return one int per spatial axis, from a single int or a sequence.

    Parameters
    ----------
    owner, name : str
        The layer and the argument; the message begins with them.
    value : int or sequence of int
        The value passed.
    rank : int
        Number of spatial axes.
    least : int, default 1
        The smallest number allowed.
    error : type of Exception, default MXNetError
        Raised when the value is neither an int nor a sequence of `rank` values, as in MXNet 1.9.1.
    or_more : bool, default False
        Whether a longer sequence is fine, whose other numbers the operator ignores.
    """
    rule = f"an int or {rank} {'positive ' if least == 1 else ''}ints" + (f" of at least {least}" * (least != 1))
    received = f"{owner}: {name} must be {rule}; received {value!r}."
    if isinstance(value, int | float) or is_int(value):
        values: Sequence[Any] = (value,) * rank
    elif (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and (len(value) == rank or (or_more and len(value) > rank))
    ):
        values = value
    else:
        raise error(received)
    if not all(is_int(number) and number >= least for number in values):
        raise MXNetError(received)
    return tuple(int(number) for number in values)


def lengths(parameter: Parameter) -> tuple[int, ...]:
    """Return the shape of a layer's parameter, with 0 for unknown lengths."""
    return parameter.shape or ()


def layout_of(owner: str, layout: Any, allowed: tuple[str, ...]) -> str:
    """Return the layout; an unsupported one raises AssertionError, as in MXNet."""
    if layout not in allowed:
        raise AssertionError(f"{owner}: layout must be {' or '.join(map(repr, allowed))}; received {layout!r}.")
    return str(layout)


def activation_of(owner: str, activation: Any) -> str:
    """Return the name of an activation function, which must be one that the operator Activation accepts."""
    (attribute,) = registry["Activation"].attributes
    return str(attribute.type.parse(activation, owner, "activation"))
