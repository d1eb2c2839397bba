"""The stubs of ``nd.random`` and ``sym.random``, whose functions are generated from the table of distributions."""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any

from glueball.ops import registry

from .definition import Parameter, definition
from .functions import OUT, Kind, deciding_of, function, overloads
from .groups import HEADER, IMPORTS


def random(module: ModuleType, kind: Kind) -> str:
    """Return the stub of the random functions of arrays or of symbols."""
    home = "ndarray" if kind == "NDArray" else "symbol"
    doc = HEADER.format(doc=f"The functions of {home}.random.")
    parts = [_function(module, name, kind) for name in sorted(module.__all__)]
    return f"{doc}{IMPORTS}from .{home} import {kind}\n\n" + "".join(parts)


def _function(module: ModuleType, name: str, kind: Kind) -> str:
    if name.endswith("_like"):
        return function(registry[f"_random_{name}"], name, kind)
    made = getattr(module, name)
    doc = inspect.getdoc(made) or ""
    deciding = deciding_of(registry["_sample_multinomial"]) if name == "multinomial" else None
    if kind == "Symbol" or deciding is None:
        return definition(name, _parameters(module, name, kind, kind), kind, doc)
    return overloads(name, lambda result: _parameters(module, name, kind, result), deciding, doc)


def _parameters(module: ModuleType, name: str, kind: Kind, result: str) -> list[Parameter]:
    """The parameters of a function, with the valid names in place of its ``**kwargs``."""
    given = list(inspect.signature(getattr(module, name)).parameters.values())
    if name == "randn":
        normal = _parameters(module, "normal", kind, result)
        return [Parameter("*shape", "int"), *[parameter for parameter in normal if parameter.name != "shape"]]
    named = [_parameter(parameter, kind, result) for parameter in given if parameter.kind is not parameter.VAR_KEYWORD]
    has_out = kind == "Symbol" or any(parameter.name == "out" for parameter in named)
    out = [] if has_out else [Parameter("out", OUT[result], "None")]
    attr = [Parameter("attr", "Mapping[str, str] | None", "None")] if kind == "Symbol" else []
    return [*named, *out, Parameter("name", "str | None", "None"), *attr]


def _parameter(parameter: inspect.Parameter, kind: Kind, result: str) -> Parameter:
    default: Any = parameter.default
    annotations = {
        "shape": "ShapeLike",
        "dtype": "DTypeLike | None",
        "ctx": "ContextLike | None",
        "out": OUT.get(result, ""),
    }
    written = parameter.annotation if isinstance(parameter.annotation, str) else f"{kind} | float"
    text = "" if default is parameter.empty else repr(default) if isinstance(default, int | None) else "..."
    return Parameter(parameter.name, annotations.get(parameter.name, written), text)
