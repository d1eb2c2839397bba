"""The nd functions and the NDArray methods, made from the operator declarations.

Each function is compiled with the operator's real signature, so that help(), editors and tracebacks show it, and so
that binding the arguments is done by the interpreter itself.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable
from typing import Any

from ..context import Context
from ..errors import MXNetError
from ..ops.attrs import Null
from ..ops.declare import Operator
from .invoke import invoke
from .ndarray import NDArray

_FIXED = """
def {name}({parameters}out=None, name=None, **kwargs):
    if kwargs:
        raise operator.unknown_attribute(next(iter(kwargs)))
    return invoke(operator, {inputs}, {values}, out{ctx})
"""

_VARIADIC = """
def {name}(*{array}, {parameters}out=None, name=None, **kwargs):
    {array} = collect(operator, {array}, kwargs)
    return invoke(operator, {array}, {values}, out{ctx})
"""


def make_function(operator: Operator, name: str) -> Callable[..., Any]:
    """Make the nd function of an operator under one of its names.

    Inputs and attributes can be given by position or by name, ``out=`` receives the result, and ``name=`` is accepted
    as MXNet does: it names the node of a graph, and an imperative call has none.
    """
    attributes = [attribute for attribute in operator.attributes if attribute.name != operator.variadic_by]
    parameters = [] if operator.variadic_by else [f"{array}=None" for array in operator.inputs]
    parameters += [f"{attribute.name}=Null" for attribute in attributes]
    # Creation operators carry ctx as an attribute; it also decides where the result lives.
    creates = any(attribute.name == "ctx" for attribute in operator.attributes)
    values = "".join(
        f"len({operator.inputs[0]})," if attribute.name == operator.variadic_by
        else "Null," if attribute.name == "ctx" else f"{attribute.name},"
        for attribute in operator.attributes
    )  # fmt: skip
    source = (_VARIADIC if operator.variadic_by else _FIXED).format(
        name=name if name.isidentifier() and not keyword.iskeyword(name) else "function",
        parameters="".join(f"{parameter}, " for parameter in parameters),
        array=operator.inputs[0] if operator.inputs else "",
        inputs=f"({''.join(f'{array},' for array in operator.inputs)})",
        values=f"({values})",
        ctx=", as_context(ctx)" if creates else "",
    )
    scope = {"operator": operator, "invoke": invoke, "Null": Null, "collect": _collect, "as_context": as_context}
    exec(compile(source, f"<nd.{name}>", "exec"), scope)
    function = scope[name if name in scope else "function"]
    function.__module__ = "glueball.ndarray"
    function.__doc__ = operator.doc
    return function  # type: ignore[return-value]


def _collect(operator: Operator, arrays: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Check what a function of any number of arrays was given."""
    kwargs.pop(operator.variadic_by, None)  # MXNet counts the arrays itself too
    if kwargs:
        raise operator.unknown_attribute(next(iter(kwargs)))
    if not arrays:
        raise operator.missing_arrays()
    return arrays


def as_context(ctx: Any) -> Context | None:
    """Read a context in any form that MXNet takes: a Context, text such as ``'cpu(1)'``, or nothing."""
    if ctx is Null or ctx is None or ctx == "" or isinstance(ctx, Context):
        return ctx or None
    match = re.fullmatch(r"(\w+)\((\d+)\)", ctx) if isinstance(ctx, str) else None
    if match is None:
        raise MXNetError(f"ctx must be a Context or text such as 'cpu(0)'; received {ctx!r}; pass mx.cpu() or mx.gpu(i)")
    return Context(match[1], int(match[2]))


def make_functions(operators: Iterable[tuple[str, Operator]]) -> dict[str, Callable[..., Any]]:
    """Make the nd functions of all given (name, operator) pairs."""
    return {name: make_function(operator, name) for name, operator in operators}


def add_methods(operators: Iterable[Operator], functions: dict[str, Callable[..., Any]]) -> None:
    """Give NDArray the methods that the operators name, where it has none of its own that does more."""
    for operator in operators:
        if operator.method and not hasattr(NDArray, operator.method):
            setattr(NDArray, operator.method, _make_method(operator.method, functions[operator.name]))


def _make_method(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: NDArray, *arguments: Any, **options: Any) -> Any:
        return function(self, *arguments, **options)

    method.__name__ = name
    method.__qualname__ = f"NDArray.{name}"
    method.__doc__ = f"Call `glueball.nd.{function.__name__}` on this array.\n\n{function.__doc__}"
    return method
