"""``nd.Custom``: calls of operators that are written in Python."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from ..core.doors import door
from ..core.errors import InvalidTypeError, MXNetError
from ..ndarray import NDArray
from ..ndarray.invoke import invoke
from ..symbol.compose import to_text
from .declared import CustomOperator
from .family import NAME, custom_operator
from .registered import find_class


@door
def Custom(*data: NDArray, op_type: str = "", out: Any = None, name: str | None = None, **kwargs: Any) -> Any:
    """Call an operator that is written in Python; see `glueball.operator.register`.

    Parameters
    ----------
    *data : NDArray
        The inputs, and behind them the states.
    op_type : str
        The name under which its class is registered.
    out : NDArray or list of NDArray, optional
        Arrays to write the results into.
    name : str, optional
        Has no effect here; in a graph it names the node.
    **kwargs
        Inputs by name; and arguments of the class, which receives them as str.
    """
    texts = {key: to_text(value) for key, value in kwargs.items() if not isinstance(value, NDArray)}
    given = {"op_type": op_type, **texts}
    operator = _called(op_type, tuple(given.items()))
    named = {key: value for key, value in kwargs.items() if isinstance(value, NDArray)}
    arrays = _ordered(operator, data, named) if named else data
    for array in arrays:
        if not isinstance(array, NDArray):
            raise InvalidTypeError(f"{NAME}: an input must be an NDArray; received {type(array).__name__}")
    return invoke(operator, arrays, tuple(given.values()), out)


@functools.lru_cache(maxsize=256)
def _of_class(kind: Any, given: tuple[tuple[str, str], ...]) -> CustomOperator:
    return custom_operator(dict(given), keeps=False)


def _called(op_type: str, given: tuple[tuple[str, str], ...]) -> CustomOperator:
    """Return the operator of a call; equal calls have the same, as long as the name stands for the same class."""
    kind: Any = find_class(op_type)
    return _of_class(kind, given)


def _ordered(operator: CustomOperator, given: Sequence[Any], named: dict[str, Any]) -> Sequence[Any]:
    """Put inputs that were given by name behind those that were given by position."""
    rest = operator.inputs[len(given) :]
    if set(named) - set(rest):
        raise MXNetError(f"{NAME}: arrays by name must be among {', '.join(rest)}; received {', '.join(named)}")
    return [*given, *[named[name] for name in rest if name in named]]
