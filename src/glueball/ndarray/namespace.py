"""The nd functions and the NDArray methods, made from the operator declarations.

Each function is compiled with the operator's real signature, so that help(), editors and tracebacks show it, and so
that the interpreter itself binds the arguments. It is compiled on first use.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..core.context import Context
from ..core.errors import InvalidTypeError, MXNetError, RefusedError
from ..ops.attrs import Null
from ..ops.generated import compile_function
from ..ops.groups import Functions, type_reader
from ..ops.keywords import check_keywords
from ..ops.operator import OF_NP, Operator
from .faces import numpy_face
from .invoke import invoke
from .ndarray import NDArray

_FIXED = """
def {name}({parameters}out=None, name=None, **kwargs):
    if kwargs:
        check(operator, kwargs)
{faces}    return invoke(operator, ({inputs}), ({values}), out{ctx})
"""

# A mask selects elements when it is used as an index.
_MASK = """
def {name}({parameters}out=None, name=None, **kwargs):
    if kwargs:
        check(operator, kwargs)
{faces}    result = invoke(operator, ({inputs}), ({values}), out{ctx})
    result._is_mask = {is_mask}
    return result
"""

_VARIADIC = """
def {name}(*{inputs} {parameters}out=None, name=None, **kwargs):
    arrays = collect(operator, {inputs} kwargs)
{faces}    return invoke(operator, arrays, ({values}), out{ctx})
"""


def make_function(operator: Operator, name: str) -> Callable[..., Any]:
    """Make the nd function of an operator under one of its names.

    Inputs and attributes can be given by position or by name, and ``out=`` receives the result. ``name=`` is accepted
    as in MXNet, but only matters in a graph, where it names the node.
    """
    counted = "" if operator.inputs_by else operator.variadic_by
    attributes = [attribute.name for attribute in operator.attributes if attribute.name != counted]
    arrays = [] if operator.variadic_by else [f"{array}=None" for array in operator.inputs]
    # Creation operators have ctx as an attribute; it determines the context of the result.
    creates = "ctx" in operator.attribute_names
    values = {"ctx": "Null", counted: "len(arrays)"}
    parts = {
        "parameters": "".join([f"{parameter}, " for parameter in [*arrays, *[f"{name}=Null" for name in attributes]]]),
        "inputs": "".join([f"{array}, " for array in operator.inputs]),
        "values": "".join([f"{values.get(each.name, each.argument)}, " for each in operator.attributes]),
        "ctx": ", as_context(ctx)" if creates else "",
    }
    scope = {"operator": operator, "invoke": _calling[0], "Null": Null, "collect": _collect, "as_context": as_context}
    scope["check"], scope["as_type"] = check_keywords, type_reader(name)
    if name.startswith(OF_NP):
        scope["face"], scope["check_face"] = numpy_face[0], _check_face
    parts["faces"] = _faces(operator, name)
    parts["is_mask"] = " and ".join([f"{array}._is_mask" for array in operator.inputs])
    if operator.masks == "always":
        parts["is_mask"] = "True"
    template = _VARIADIC if operator.variadic_by else _FIXED if operator.masks == "never" else _MASK
    function = compile_function(name, "glueball.ndarray", template, parts, scope)
    function.__doc__ = operator.doc
    return function


# Unrolled, since each call pays for it.
_FACE = """\
    if {array} is not None and type({array}) is not face:
        check_face(operator, "{array}", {array})
"""
_FACES = """\
    for array in arrays:
        if type(array) is not face:
            check_face(operator, "an input", array)
"""


def _faces(operator: Operator, name: str) -> str:
    """Return the lines by which the functions of ``mx.np`` and ``mx.npx`` refuse arrays of ``mx.nd``."""
    if not name.startswith(OF_NP):
        return ""
    if operator.variadic_by:
        return _FACES + _FACE.format(array="out")
    return "".join(_FACE.format(array=array) for array in (*operator.inputs, "out"))


def _check_face(operator: Operator, name: str, given: Any) -> None:
    for each in given if name == "out" and isinstance(given, list | tuple) else [given]:
        if not isinstance(each, NDArray) or not each._is_np:
            # MXNet asserts that inputs are arrays, before it looks at their class.
            kind = RefusedError if name != "out" and not isinstance(each, NDArray) else InvalidTypeError
            advice = "as_np_ndarray()" if isinstance(each, NDArray) else "mx.np.array(...)"
            raise kind(
                f"{operator.name}: {name} must be an array of mx.np; received {type(each).__name__}; "
                f"convert it with {advice}"
            )


def _collect(operator: Operator, arrays: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """Check the arguments of a variadic function."""
    if not operator.inputs_by:
        kwargs.pop(operator.variadic_by, None)  # MXNet counts the arrays itself too
    check_keywords(operator, kwargs)
    if not arrays:
        raise operator.missing_arrays()
    return arrays


def as_context(ctx: Any) -> Context | None:
    """Read a context in any form that MXNet accepts: a Context, text such as ``'cpu(1)'``, or None."""
    if isinstance(ctx, Context):
        return ctx
    if ctx is Null or ctx is None or (isinstance(ctx, str) and not ctx):
        return None
    match = re.fullmatch(r"(\w+)\((\d+)\)", ctx) if isinstance(ctx, str) else None
    if match is None:
        raise MXNetError(
            f"ctx must be a Context or text such as 'cpu(0)'; received {ctx!r}; pass mx.cpu() or mx.gpu(i)"
        )
    return Context(match[1], int(match[2]))


functions = Functions(make_function)

# What the functions call: `invoke`, unless somebody had them call something else.
_calling: list[Callable[..., Any]] = [invoke]


def call_through(caller: Callable[..., Any]) -> Callable[..., Any]:
    """Make all nd functions call something in place of `invoke`, and return what they called before.

    They look it up in their own global names, so that a call costs nothing more as long as nobody asks for it.
    """
    before, _calling[0] = _calling[0], caller
    for function in functions.values():
        function.__globals__["invoke"] = caller
    return before
