"""Constructors whose signature declares options, each read by its annotation, from a value or from text."""

from __future__ import annotations

import functools
import inspect
import os
import typing
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, TypeVar

from ..core.errors import MXNetError, nearest
from ..core.warning import warn
from ..ops.attrs import AttributeType, type_of

_Constructor = TypeVar("_Constructor", bound=Callable[..., None])


def declared(constructor: _Constructor) -> _Constructor:
    """Return a constructor that reads its options and hands them, as a namespace, to the method ``_glueball_begin``.

    The function itself is the declaration: its signature has the names, defaults and annotations, which are those of
    operators' attributes. All options are given by name.
    """
    signature = inspect.signature(constructor)
    names = [name for name in signature.parameters if name != "self"]

    @functools.cache
    def types() -> dict[str, AttributeType]:
        hints = typing.get_type_hints(constructor, include_extras=True)
        return {name: type_of(hints[name]) for name in names}

    @functools.wraps(constructor)
    def reading(self: Any, **given: Any) -> None:
        owner = type(self).__name__
        options = {}
        warn_of_unknown(owner, given, names)
        for name in names:
            default = signature.parameters[name].default
            if name in given:
                value = given[name]
                value = os.fspath(value) if isinstance(value, os.PathLike) else value
                options[name] = types()[name].parse(value, owner, name)
            elif default is inspect.Parameter.empty:
                raise MXNetError(f"{owner}: {name} must be given, {types()[name].rule}; it is missing")
            else:
                options[name] = default
        self._glueball_begin(SimpleNamespace(**options))

    return reading  # type: ignore[return-value]


def warn_of_unknown(owner: str, given: Iterable[str], names: list[str] | tuple[str, ...]) -> None:
    """Warn of each argument that an iterator does not have: MXNet ignores it, and programs hand one on to several."""
    for name in given:
        if name not in names:
            warn(
                f"{owner}: {name} is no argument{nearest(name, names)}; it has no effect, as in MXNet; leave it out, "
                f"or see help(mx.io.{owner})"
            )
