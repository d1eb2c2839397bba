"""What the declarations of the operators say about mixed precision, as lists of names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ....ops import Operator, registry
from ....ops.facts import Precision
from ....ops.operator import OF_NP

Kind = Literal["float16", "bfloat16"]


def precision_of(operator: Operator, kind: Kind) -> Precision:
    """Return the fact `precision` of an operator for one of the two types."""
    declared = operator.precision
    return declared if isinstance(declared, str) else declared[kind == "bfloat16"]


def names(kind: Kind, precision: Precision) -> list[str]:
    """Return the names and aliases of the operators with a precision."""
    return [
        name
        for operator in registry
        if precision_of(operator, kind) == precision and not operator.single_if
        for name in (operator.name, *operator.aliases)
        if not name.startswith(OF_NP)  # MXNet's lists have the names of mx.nd and mx.sym only
    ]


def conditions() -> list[tuple[str, str, list[str]]]:
    """Return the operator, the attribute and its values, where these decide that it computes in float32."""
    return [
        (operator.name, attribute, list(values))
        for operator in registry
        for attribute, values in operator.single_if.items()
    ]


def with_own_gradient() -> list[str]:
    """Return the names of the operators whose gradient ignores the incoming one."""
    return [operator.name for operator in registry if operator.own_gradient]


def single_parameters() -> Iterator[tuple[str, list[str]]]:
    """Yield the operators that compute in bfloat16 with parameters in float32, and the inputs; '' may be bfloat16."""
    for operator in registry:
        if precision_of(operator, "bfloat16") == "any" and operator.auxiliary:
            yield operator.name, ["", *operator.inputs[1:]]
