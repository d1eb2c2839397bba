"""What programs ask about all operators: their names and their arguments."""

from __future__ import annotations

from typing import NamedTuple

from ..core.doors import door
from ..ops import registry
from ..ops.signature import REQUIRED


class OperatorArguments(NamedTuple):
    """The arguments of an operator.

    Attributes
    ----------
    narg : int
        Their number.
    names, types : list of str
        Their names, and what each takes.
    """

    narg: int
    names: list[str]
    types: list[str]


@door
def get_all_registered_operators() -> list[str]:
    """Return the names of all operators, aliases included.

    Examples
    --------
    >>> import glueball as mx
    >>> "Convolution" in mx.operator.get_all_registered_operators()
    True
    """
    return sorted([*registry.names(), *registry.families()])


@door
def get_operator_arguments(op_name: str) -> OperatorArguments:
    """Return the arguments of an operator.

    Parameters
    ----------
    op_name : str
        Its name.

    Raises
    ------
    MXNetError
        There is no such operator.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.operator.get_operator_arguments("relu")
    OperatorArguments(narg=1, names=['data'], types=['NDArray-or-Symbol'])
    """
    operator = registry[op_name]
    variadic = "[]" if operator.variadic_by else ""
    names = [*operator.inputs, *[attribute.name for attribute in operator.attributes]]
    types = [f"NDArray-or-Symbol{variadic}"] * len(operator.inputs)
    for attribute in operator.attributes:
        rest = "required" if attribute.default is REQUIRED else f"optional, default={attribute.default}"
        types.append(f"{attribute.type.rule}, {rest}")
    return OperatorArguments(len(names), names, types)
