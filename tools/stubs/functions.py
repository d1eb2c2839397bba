"""The nd or sym function of one operator as text."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from glueball.ops.operator import Operator

from .annotations import accepted, choices, default_text, literal
from .definition import Parameter, definition

Kind = Literal["NDArray", "Symbol"]

_EITHER = "NDArray | list[NDArray]"
#: The annotation of ``out=``, by result.
OUT = {
    "NDArray": "NDArray | None",
    "list[NDArray]": "Sequence[NDArray] | None",
    _EITHER: "NDArray | Sequence[NDArray] | None",
}


@dataclass(frozen=True)
class Deciding:
    """The attribute that determines whether a call returns one array or a list.

    `results` has the attribute values for each of the two; the default's comes first.
    """

    name: str
    results: tuple[tuple[tuple[Any, ...], str], ...]


def function(operator: Operator, name: str, kind: Kind, method: bool = False) -> str:
    """Return the function of an operator under a name, with one overload for each kind of result.

    Parameters
    ----------
    operator : Operator
        The declaration.
    name : str
        The name of the function.
    kind : {'NDArray', 'Symbol'}
        The class that it takes and returns.
    method : bool, default False
        Whether it is a method: its first input is ``self``.
    """
    deciding = deciding_of(operator)
    if kind == "NDArray" and deciding is not None:
        return overloads(name, lambda result: _parameters(operator, kind, method, result), deciding, operator.doc)
    result = _result(operator.outputs) if kind == "NDArray" else "Symbol"
    return definition(name, _parameters(operator, kind, method, result), result, operator.doc)


def overloads(name: str, parameters: Callable[[str], list[Parameter]], deciding: Deciding, doc: str) -> str:
    """Return a function with one overload for each kind of result.

    Parameters
    ----------
    name : str
        Its name.
    parameters : callable
        Returns the parameters, given the annotation of the result.
    deciding : Deciding
        The attribute that determines the result.
    doc : str
        The docstring.
    """
    # First the values that include the default, then the others, by keyword, then a variable of the full type.
    forms: list[tuple[list[Parameter], str]] = []
    for values, result in deciding.results:
        forms.append((_narrowed(parameters(result), deciding.name, values, not forms), result))
    forms.append((parameters(_EITHER), _EITHER))
    return "".join(f"@overload\n{definition(name, taken, result, doc)}" for taken, result in forms)


def _result(outputs: Any) -> str:
    if not isinstance(outputs, int):
        return _EITHER
    return "NDArray" if outputs == 1 else "list[NDArray]"


def _parameters(operator: Operator, kind: Kind, method: bool, result: str = "") -> list[Parameter]:
    """All parameters of the function, in order."""
    parameters = [Parameter("self")] if method else []
    parameters += _inputs(operator, kind)[len(parameters) :]
    hints = typing.get_type_hints(operator.function, include_extras=True)
    optional = any(parameter.default for parameter in parameters)
    for attribute in operator.attributes:
        required = attribute.default is inspect.Parameter.empty
        optional = optional or not required or bool(operator.variadic_by)
        # MXNet puts a few required attributes after optional inputs, where Python demands a default.
        default = ("..." if optional else "") if required else default_text(attribute.default)
        if attribute.name == operator.variadic_by and not operator.inputs_by:
            default = "..."  # inferred when it is not given
        parameters.append(Parameter(attribute.name, accepted(attribute.name, hints[attribute.name]), default))
    end = [Parameter("name", "str | None", "None")]
    if kind == "NDArray":
        return [*parameters, Parameter("out", OUT[result], "None"), *end]
    return [*parameters, *end, Parameter("attr", "Mapping[str, str] | None", "None")]


def _inputs(operator: Operator, kind: Kind) -> list[Parameter]:
    if operator.variadic_by:
        return [Parameter(f"*{operator.inputs[0]}", kind)]
    # A Symbol creates a variable for a missing input.
    may_lack = operator.inputs if kind == "Symbol" else operator.optional
    return [
        Parameter(name, f"{kind} | None", "None") if name in may_lack else Parameter(name, kind)
        for name in operator.inputs
    ]


def _narrowed(parameters: list[Parameter], name: str, values: tuple[Any, ...], default: bool) -> list[Parameter]:
    """The parameters with one narrowed to the given values; keyword-only and required if they exclude its default."""
    place = [parameter.name for parameter in parameters].index(name)
    narrowed = Parameter(name, literal(values), parameters[place].default if default else "")
    stars = [] if default else [Parameter("*")]
    return [*parameters[:place], *stars, narrowed, *parameters[place + 1 :]]


def deciding_of(operator: Operator) -> Deciding | None:
    """Find the attribute that determines the number of outputs, if one with a finite number of values does."""
    hints = typing.get_type_hints(operator.function, include_extras=True)
    defaults = {
        attribute.name: attribute.default
        for attribute in operator.attributes
        if attribute.default is not inspect.Parameter.empty
    }
    for name in defaults:
        single = {value: _is_single(operator, {**defaults, name: value}) for value in choices(hints[name])}
        if set(single.values()) == {True, False}:
            first = single[defaults[name]]
            return Deciding(name, tuple([
                (tuple([value for value in single if single[value] is kind]), _result(1 if kind else 2))
                for kind in (first, not first)
            ]))  # fmt: skip
    return None


def _is_single(operator: Operator, attributes: Mapping[str, Any]) -> bool | None:
    """Whether a call returns one array; None if that depends on attributes without a default."""
    try:
        return operator.outputs == 1 if isinstance(operator.outputs, int) else operator.outputs(attributes) == 1
    except KeyError:
        return None
