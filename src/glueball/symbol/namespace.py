"""The sym functions and the Symbol methods, made from the operator declarations, as the nd functions are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..core.errors import InvalidTypeError, MXNetError
from ..ops.attrs import Null
from ..ops.generated import compile_function
from ..ops.groups import Functions, type_reader
from ..ops.operator import OF_NP, Operator
from .compose import compose
from .symbol import Symbol

_FIXED = """
def {name}({parameters}name=None, attr=None, out=None, **kwargs):
    return call({{{inputs}}}, {{{values}}}, name, attr, out, kwargs)
"""

_VARIADIC = """
def {name}(*{array}, {parameters}name=None, attr=None, out=None, **kwargs):
    return call({array}, {{{values}}}, name, attr, out, kwargs)
"""

_OF_SYMBOLS = """\
This adds a node to a graph and returns it as a Symbol. `name` names the node; by default the name is the operator's
with a number. An omitted input becomes a variable named after the node. `attr` is a dict of further attributes of the
node, in addition to those of `AttrScope`. `out` must be None.
"""
_HEADING = re.compile("^[A-Z][A-Za-z ]*\n-{3,}$", re.MULTILINE)

# Groups whose prefix is not part of an automatic name: sym.linalg.gemm2 makes "gemm20".
_GROUP = re.compile("^_(contrib|image|linalg|sparse|np|npi|npx)_")


def make_function(operator: Operator, name: str) -> Callable[..., Symbol]:
    """Make the sym function of an operator under one of its names, with its real signature."""
    hint, is_np = _GROUP.sub("", name).lower(), name.startswith(OF_NP)

    def call(inputs: Any, values: dict[str, Any], node: Any, attr: Any, out: Any, kwargs: dict[str, Any]) -> Symbol:
        if out is not None:
            raise MXNetError(f"{operator.name}: out must not be given, since a graph does not write to arrays; use nd")
        symbols = {key: value for key, value in kwargs.items() if isinstance(value, Symbol)}
        values.update((key, value) for key, value in kwargs.items() if key not in symbols)
        if symbols:
            inputs = _with_named(operator, inputs, symbols)
        if is_np:
            _check_faces(operator, inputs)
        symbol = compose(operator, hint, inputs, values, node, attr)
        for change in changes:
            change(symbol)
        return symbol

    array = operator.inputs[0] if operator.inputs else ""
    inputs = [] if operator.variadic_by else [f"{name}=None, " for name in operator.inputs]
    parts = {
        "array": array,
        "parameters": "".join([*inputs, *[f"{each.name}=Null, " for each in operator.attributes]]),
        "inputs": "".join([f"{name!r}: {name}, " for name in operator.inputs]),
        "values": "".join([f"{each.name!r}: {each.argument}, " for each in operator.attributes]),
    }
    template = _VARIADIC if operator.variadic_by else _FIXED
    scope = {"call": call, "Null": Null, "as_type": type_reader(name)}
    function = compile_function(name, "glueball.symbol", template, parts, scope)
    function.__doc__ = _document(operator.doc)
    return function


def _check_faces(operator: Operator, inputs: Any) -> None:
    """Refuse classic symbols, as the functions of ``mx.np`` and ``mx.npx`` do."""
    for each in inputs.values() if isinstance(inputs, Mapping) else inputs:
        if isinstance(each, Symbol) and not each._is_np:
            raise InvalidTypeError(
                f"{operator.name}: symbols must be those of mx.sym.np; received {each!r} of mx.sym; "
                "convert it with as_np_ndarray()"
            )


def _document(doc: str) -> str:
    """Return the docstring of an operator's sym function, which describes symbols and the arguments for nodes."""
    doc = doc.replace("NDArray", "Symbol")
    heading = _HEADING.search(doc)
    place = heading.start() if heading else len(doc)
    return f"{doc[:place].rstrip()}\n\n{_OF_SYMBOLS}\n{doc[place:]}"


def _with_named(operator: Operator, inputs: Any, symbols: dict[str, Symbol]) -> Any:
    """Add the inputs of a variadic operator that were given as ``arg0=..., arg1=...``."""
    if not operator.variadic_by:
        raise operator.unknown_attribute(next(iter(symbols)))
    expected = [f"arg{number}" for number in range(len(symbols))]
    if inputs or sorted(symbols) != sorted(expected):
        raise MXNetError(
            f"{operator.name}: symbols must be given by position, or by keyword as {', '.join(expected)}; "
            f"received {len(inputs)} by position and {', '.join(symbols)}"
        )
    return [symbols[name] for name in expected]


functions = Functions(make_function)

#: What is done to each new node before anything else sees it.
changes: list[Callable[[Symbol], None]] = []
