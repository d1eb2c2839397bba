"""Functions of one or two arrays, element-wise: what NumPy calls universal functions.

A number in the place of an array is allowed; numbers alone are NumPy's own business.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any

import numpy as np

from ..core.errors import InvalidTypeError, MissingMethodError
from ..ops.declare import registry
from .face import Face, function

_UNARY = {
    "absolute": "_npi_absolute", "abs": "_npi_absolute", "fabs": "_npi_absolute", "sign": "_npi_sign",
    "rint": "_npi_rint", "ceil": "_npi_ceil", "floor": "_npi_floor", "trunc": "_npi_trunc", "fix": "_npi_fix",
    "negative": "_npi_negative", "reciprocal": "_npi_reciprocal", "square": "_npi_square", "sqrt": "_npi_sqrt",
    "cbrt": "_npi_cbrt", "exp": "_npi_exp", "expm1": "_npi_expm1", "log": "_npi_log", "log10": "_npi_log10",
    "log2": "_npi_log2", "log1p": "_npi_log1p", "sin": "_npi_sin", "cos": "_npi_cos", "tan": "_npi_tan",
    "arcsin": "_npi_arcsin", "arccos": "_npi_arccos", "arctan": "_npi_arctan", "sinh": "_npi_sinh",
    "cosh": "_npi_cosh", "tanh": "_npi_tanh", "arcsinh": "_npi_arcsinh", "arccosh": "_npi_arccosh",
    "arctanh": "_npi_arctanh", "degrees": "_npi_degrees", "rad2deg": "_npi_degrees", "radians": "_npi_radians",
    "deg2rad": "_npi_radians", "logical_not": "_npi_logical_not", "bitwise_not": "_npi_bitwise_not",
    "invert": "_npi_bitwise_not", "isnan": "_npi_isnan", "isinf": "_npi_isinf", "isfinite": "_npi_isfinite",
    "isneginf": "_npi_isneginf", "isposinf": "_npi_isposinf",
}  # fmt: skip

#: By public name: the operator of two arrays, of an array and a number, and of a number and an array.
_BINARY = {
    name: (f"_npi_{operator}", f"_npi_{operator}_scalar", f"_npi_{reverse}_scalar")
    for name, operator, reverse in [
        ("add", "add", "add"), ("subtract", "subtract", "rsubtract"), ("multiply", "multiply", "multiply"),
        ("divide", "true_divide", "rtrue_divide"), ("true_divide", "true_divide", "rtrue_divide"),
        ("mod", "mod", "rmod"), ("remainder", "mod", "rmod"), ("power", "power", "rpower"),
        ("maximum", "maximum", "maximum"), ("minimum", "minimum", "minimum"), ("copysign", "copysign", "rcopysign"),
        ("arctan2", "arctan2", "rarctan2"), ("hypot", "hypot", "hypot"), ("lcm", "lcm", "lcm"),
        ("ldexp", "ldexp", "rldexp"), ("bitwise_and", "bitwise_and", "bitwise_and"),
        ("bitwise_or", "bitwise_or", "bitwise_or"), ("bitwise_xor", "bitwise_xor", "bitwise_xor"),
        ("equal", "equal", "equal"), ("not_equal", "not_equal", "not_equal"), ("greater", "greater", "less"),
        ("greater_equal", "greater_equal", "less_equal"), ("less", "less", "greater"),
        ("less_equal", "less_equal", "greater_equal"),
    ]
}  # fmt: skip

#: Comparisons and the quotient have no options.
_WITHOUT_OPTIONS = {"equal", "not_equal", "greater", "greater_equal", "less", "less_equal", "true_divide"}

_PLAIN, _NUMBERS = (float, int, bool), (numbers.Real, np.generic)

_DEFAULTS = {"where": True, "casting": "same_kind", "order": "K", "dtype": None, "subok": True}

_DOC = """Return {summary}

Parameters
----------
{operands} : ndarray or number
    {shapes}
out : ndarray, optional
    Where to write the result, of its shape and type.
{options}
Returns
-------
ndarray
    The result; for numbers alone, a number of NumPy.
"""

_OPTIONS = """**kwargs
    NumPy's options ``where``, ``casting``, ``order``, ``dtype`` and ``subok``, at their defaults.
"""


def check_options(name: str, options: dict[str, Any]) -> None:
    """Refuse what NumPy's universal functions do not take, and values of their options but for the defaults."""
    for key, value in options.items():
        if key not in _DEFAULTS:
            raise InvalidTypeError(
                f"np.{name}: a keyword must be out or an option of NumPy's, {', '.join(_DEFAULTS)}; received {key!r}"
            )
        if value != _DEFAULTS[key]:
            raise MissingMethodError(
                f"np.{name}: {key} must be {_DEFAULTS[key]!r}; received {value!r}; use np.where or astype"
            )


def refuse(name: str, value: Any) -> InvalidTypeError:
    """Return the error for an operand that is neither an array nor a number."""
    return InvalidTypeError(
        f"np.{name}: an operand must be an array of mx.np or a number; received {type(value).__name__}; "
        "convert it with mx.np.array(...), or with as_np_ndarray()"
    )


def is_number(value: Any) -> bool:
    """Whether a value is a number of Python or NumPy."""
    return type(value) in _PLAIN or isinstance(value, _NUMBERS)


def _computed(name: str, of_numbers: Callable[..., Any], *numbers: Any) -> Any:
    try:
        return of_numbers(*numbers)
    except TypeError as error:
        received = ", ".join(map(repr, numbers))
        raise InvalidTypeError(
            f"np.{name}: NumPy must know the result of such numbers; received {received} ({error})"
        ) from error


def _add_unary(name: str, operator_name: str) -> None:
    operator, of_numbers = registry[operator_name], getattr(np, name)

    def implementation(face: Face, x: Any, out: Any = None, **kwargs: Any) -> Any:
        if kwargs:
            check_options(name, kwargs)
        if isinstance(x, face.kind):
            return face.call(operator, (x,), (), out)
        if not is_number(x):
            raise refuse(name, x)
        return _computed(name, of_numbers, x)

    implementation.__doc__ = _DOC.format(
        summary=_summary(operator.doc), operands="x", shapes="The operand.", options=_OPTIONS
    )
    function(f"np.{name}", has_door=False)(implementation)


def _summary(doc: str) -> str:
    first = doc.partition("\n")[0]
    return first.removeprefix("Return ") or "the result."


def _add_binary(name: str, names: tuple[str, str, str]) -> None:
    arrays, scalar, reverse = [registry[each] for each in names]
    of_numbers = getattr(np, name)
    has_is_int = scalar.attribute_names >= {"is_int"}

    def values(number: Any, whole: tuple[type, ...]) -> tuple[Any, ...]:
        is_int = type(number) is not float and isinstance(number, whole)
        return (float(number), is_int) if has_is_int else (float(number),)

    def compute(face: Face, x1: Any, x2: Any, out: Any) -> Any:
        if isinstance(x1, face.kind):
            if isinstance(x2, face.kind):
                return face.call(arrays, (x1, x2), (), out)
            if is_number(x2):
                return face.call(scalar, (x1,), values(x2, face.whole_on_the_right), out)
            raise refuse(name, x2)
        if isinstance(x2, face.kind) and is_number(x1):
            return face.call(reverse, (x2,), values(x1, face.whole_on_the_left), out)
        if is_number(x1) and is_number(x2):
            return _computed(name, of_numbers, x1, x2)
        raise refuse(name, x2 if is_number(x1) else x1)

    implementation: Callable[..., Any]
    if name in _WITHOUT_OPTIONS:

        def implementation(face: Face, x1: Any, x2: Any, out: Any = None) -> Any:
            return compute(face, x1, x2, out)

    else:

        def implementation(face: Face, x1: Any, x2: Any, out: Any = None, **kwargs: Any) -> Any:
            if kwargs:
                check_options(name, kwargs)
            return compute(face, x1, x2, out)

    implementation.__doc__ = _DOC.format(
        summary=_summary(arrays.doc), operands="x1, x2", shapes="The operands; two arrays broadcast.",
        options="" if name in _WITHOUT_OPTIONS else _OPTIONS,
    )  # fmt: skip
    function(f"np.{name}", has_door=False)(implementation)


for _name, _operator in _UNARY.items():
    _add_unary(_name, _operator)
for _name, _names in _BINARY.items():
    _add_binary(_name, _names)
