"""Annotations of operator attributes for type checkers: what is accepted, not what is stored."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any, Literal, Union

import torch

from glueball.ops.attrs import Indices, Shape, Shapes

from .definition import literal_text

_ACCEPTED: dict[Any, str] = {
    int: "int",
    float: "float",
    bool: "bool",
    str: "str",
    Shape: "ShapeLike",
    Indices: "IndicesLike",
    Shapes: "ShapesLike",
    tuple[float, ...]: "FloatsLike",
    torch.dtype: "DTypeLike",
}


def accepted(name: str, hint: Any) -> str:
    """Return what an attribute accepts, from its name and the annotation in the declaration.

    Parameters
    ----------
    name : str
        The attribute's name; a ``ctx`` is a context as text.
    hint : type
        Its annotation, evaluated.
    """
    if name == "ctx":
        return "ContextLike | None"
    if hint in _ACCEPTED:
        return _ACCEPTED[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return literal(arguments)
    if origin is Annotated:
        return accepted(name, arguments[0])
    if origin in (Union, types.UnionType):
        parts = [accepted(name, argument) for argument in arguments if argument is not type(None)]
        return " | ".join([*(part.removesuffix(" | None") for part in parts), "None"])
    raise TypeError(f"attribute {name}: there is no annotation for users for {hint!r}; add it to {__name__}")


def literal(values: typing.Iterable[Any]) -> str:
    """Return the Literal of the values."""
    return f"Literal[{', '.join(map(literal_text, values))}]"


def choices(hint: Any) -> tuple[Any, ...]:
    """Return the values of an attribute with a finite number of them: a bool or a Literal."""
    if hint is bool:
        return (False, True)
    for part in (hint, *typing.get_args(hint)):
        if typing.get_origin(part) is Literal:
            return typing.get_args(part)
    return ()


def default_text(value: Any) -> str:
    """Return the source text of an attribute's default."""
    return literal_text(str(value).removeprefix("torch.") if isinstance(value, torch.dtype) else value)
