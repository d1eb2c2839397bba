"""The signature of a declared function, which is the schema of its operator."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, NewType

import torch
from torch import Tensor

from .attrs import AttributeType, type_of

Training = NewType("Training", bool)
Rng = NewType("Rng", torch.Generator)
Device = NewType("Device", torch.device)
_SUPPLIED = {Training: "training", Rng: "rng", Device: "device"}

REQUIRED: Any = inspect.Parameter.empty


@dataclass(frozen=True)
class Attribute:
    """One attribute of an operator: its name, how it is read, and its default (REQUIRED when it has none)."""

    name: str
    type: AttributeType
    default: Any

    @property
    def argument(self) -> str:
        """How a generated function passes the argument of this name on; `as_type` is in its scope."""
        return "as_type(dtype)" if self.name == "dtype" and self.type.is_dtype else self.name


class Schema(NamedTuple):
    """The schema that a signature defines.

    Attributes
    ----------
    inputs
        Names of the input arrays.
    optional
        Names of the inputs that may be left out.
    attributes
        The attributes in the order in which they can be given by position.
    supplied
        Pairs of a parameter and what the surroundings supply for it: 'training', 'rng' or 'device'.
    """

    inputs: tuple[str, ...]
    optional: frozenset[str]
    attributes: tuple[Attribute, ...]
    supplied: tuple[tuple[str, str], ...]


def read_signature(function: Callable[..., Any]) -> Schema:
    """Return the schema of a function; raises TypeError if its annotations are not those of an operator."""
    hints = typing.get_type_hints(function, include_extras=True)
    inputs: list[str] = []
    optional: set[str] = set()
    attributes: list[Attribute] = []
    supplied: list[tuple[str, str]] = []
    for parameter in inspect.signature(function).parameters.values():
        hint = hints[parameter.name]
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            if hint not in (Tensor, Tensor | None):
                raise TypeError(f"{function.__name__}: input {parameter.name!r} must be annotated Tensor")
            inputs.append(parameter.name)
            if parameter.default is None:
                optional.add(parameter.name)
        elif hint in _SUPPLIED:
            supplied.append((parameter.name, _SUPPLIED[hint]))
        else:
            attributes.append(Attribute(parameter.name, type_of(hint), parameter.default))
    return Schema(tuple(inputs), frozenset(optional), tuple(attributes), tuple(supplied))


def signed(
    function: Callable[..., Any], summary: str, described: Sequence[str], **parameters: tuple[Any, Any]
) -> Callable[..., Any]:
    """Give a function the signature and the docstring that make it a declaration.

    For operators of which there are many that differ in their parameters only.

    Parameters
    ----------
    function : callable
        The function, which takes the arrays by position and the rest by keyword.
    summary : str
        The first line of the docstring.
    described : sequence of str
        Its sections on the parameters.
    **parameters
        By name, the annotation and the default, or `REQUIRED`.
    """
    signature = []
    for name, (annotation, default) in parameters.items():
        is_input = annotation in (Tensor, Tensor | None)
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD if is_input else inspect.Parameter.KEYWORD_ONLY
        signature.append(inspect.Parameter(name, kind, default=default))
    function.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    function.__annotations__ = {name: annotation for name, (annotation, _) in parameters.items()}
    function.__doc__ = "\n".join([summary, "", "Parameters", "----------", *described])
    return function
