"""How the functions of ``mx.np.random`` draw from a distribution.

A parameter is a number or an array; arrays broadcast against each other and to the size. An operator has the attribute
None in the place of a parameter that is an array.
"""

from __future__ import annotations

from typing import Any

from ..core.errors import InvalidTypeError
from ..core.integers import is_int
from ..ops.attrs import Null
from ..ops.declare import registry
from .face import Face

_MORE = {
    "size": "size : int or tuple of int, optional\n    The shape of the result; by default that of the parameters.",
    "batch_shape": "batch_shape : int or tuple of int, optional\n    The shape of the draws for each element of the "
    "parameters; its axes come first.",
    "dtype": "dtype : {'float16', 'float32', 'float64'}, default 'float32'\n    The type of the result.",
    "ctx": "ctx : Context, optional\n    Where, if no parameter is an array; by default the current context.",
    "out": "out : ndarray, optional\n    Where to write the result.",
}


def documented(implementation: Any, summary: str, parameters: str, *more: str) -> None:
    """Give a function its docstring."""
    parts = [f"Draw {summary}.", "", "Parameters", "----------", parameters, *[_MORE[name] for name in more]]
    implementation.__doc__ = "\n".join(parts)


def check_size(owner: str, size: Any) -> None:
    """Refuse a size that is no int or sequence."""
    if not isinstance(size, int | tuple | list | None) and not is_int(size):
        raise InvalidTypeError(
            f"{owner}: size must be an int or a tuple of ints, or None; received {type(size).__name__}"
        )


def draw(
    face: Face, operator: str, parameters: tuple[Any, ...], size: Any, *, dtype: Any = None, ctx: Any = None,
    out: Any = None,
) -> Any:  # fmt: skip
    """Call an operator whose attributes are its parameters, the size and, if it has them, the context and the type."""
    check_size(operator, size)
    declared = registry[operator]
    numbers = tuple([None if face.holds(value) else value for value in parameters])
    names = [attribute.name for attribute in declared.attributes][len(parameters) :]
    more = {"size": size, "ctx": Null, "dtype": "float32" if dtype is None else dtype}
    inputs = [value for value in parameters if face.holds(value)]
    return face.create(declared, (*numbers, *[more[name] for name in names]), ctx, out, inputs)
