"""The nd functions and the NDArray methods, made from the operator declarations.

Each function is compiled with the operator's real signature, so that help(), editors and tracebacks show it, and so
that binding the arguments is done by the interpreter itself. It is compiled when it is first asked for.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from typing import Any

import torch

from ..core.context import Context
from ..core.errors import MXNetError
from ..core.mode import mode
from ..ops import registry
from ..ops.attrs import Null
from ..ops.declare import Operator
from ..ops.groups import Functions
from .invoke import invoke
from .ndarray import NDArray

# The short way, for what most operators are: outside of record(), of arrays to one array. Whatever does not fit, and
# whatever fails, goes the long way through invoke(), which does it again and explains what is wrong.
_PLAIN = """
def {name}({parameters}out=None, name=None, **kwargs):
    if out is None and not kwargs and not _mode.recording:
        try:
            return _NDArray(_bound[{values}]({tensors}){own}, {array}._ctx)
        except Exception:
            pass
    if kwargs:
        raise operator.unknown_attribute(next(iter(kwargs)))
    return invoke(operator, {inputs}, {values}, out)
"""

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
    source = _template(operator, creates).format(
        name=name if name.isidentifier() and not keyword.iskeyword(name) else "function",
        parameters="".join(f"{parameter}, " for parameter in parameters),
        array=operator.inputs[0] if operator.inputs else "",
        inputs=f"({''.join(f'{array},' for array in operator.inputs)})",
        values=f"({values})",
        ctx=", as_context(ctx)" if creates else "",
        tensors=tensors_of(operator),
        own=".clone(memory_format=_contiguous)" if operator.may_alias else "",
    )
    scope = {
        "operator": operator, "invoke": invoke, "Null": Null, "collect": _collect, "as_context": as_context,
        "_bound": operator._bound, "_mode": mode, "_NDArray": NDArray, "_contiguous": torch.contiguous_format,
    }  # fmt: skip
    exec(compile(source, f"<nd.{name}>", "exec"), scope)
    function = scope[name if name in scope else "function"]
    function.__module__ = "glueball.ndarray"
    function.__doc__ = operator.doc
    return function  # type: ignore[return-value]


def _template(operator: Operator, creates: bool) -> str:
    if operator.variadic_by:
        return _VARIADIC
    return _PLAIN if is_plain(operator) and not creates else _FIXED


def is_plain(operator: Operator) -> bool:
    """Whether an operator makes one array from a fixed number of arrays and its attributes, and from nothing else."""
    return bool(operator.inputs) and not operator.variadic_by and operator.outputs == 1 and not operator.supplied


def tensors_of(operator: Operator) -> str:
    """The source text that hands the tensors of the inputs on, as in ``data._data, weight._data, ``."""
    return "".join(
        f"None if {array} is None else {array}._data, " if array in operator.optional else f"{array}._data, "
        for array in operator.inputs
    )


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
        raise MXNetError(
            f"ctx must be a Context or text such as 'cpu(0)'; received {ctx!r}; pass mx.cpu() or mx.gpu(i)"
        )
    return Context(match[1], int(match[2]))


functions = Functions(make_function)


def add_methods() -> None:
    """Give NDArray the methods that the operators name, where it has none of its own that does more."""
    for operator in registry:
        if operator.method and not hasattr(NDArray, operator.method):
            setattr(NDArray, operator.method, _make_method(operator))


def _make_method(operator: Operator) -> Callable[..., Any]:
    def method(self: NDArray, *arguments: Any, **options: Any) -> Any:
        return functions[operator.name](self, *arguments, **options)

    method.__name__ = operator.method
    method.__qualname__ = f"NDArray.{operator.method}"
    method.__doc__ = f"Call `glueball.nd.{operator.name}` on this array.\n\n{operator.doc}"
    return method
