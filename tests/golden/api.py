"""The public names and signatures of a library, read out of the library itself: MXNet's or Glueball's."""

from __future__ import annotations

import importlib
import inspect
import json
import types
from pathlib import Path
from typing import Any

#: What is read; "" is the library itself.
MODULES = [
    "", "nd", "nd.random", "symbol", "symbol.contrib", "symbol.image", "symbol.linalg", "symbol.random", "attribute",
    "autograd", "callback", "context", "executor", "gluon", "gluon.block", "gluon.contrib.data", "gluon.contrib.nn",
    "gluon.data", "gluon.data.vision", "gluon.data.vision.transforms", "gluon.loss", "gluon.model_zoo.vision",
    "gluon.nn", "gluon.parameter", "gluon.trainer", "gluon.utils", "initializer", "io", "lr_scheduler", "metric",
    "model", "module", "name", "optimizer", "random", "visualization",
]  # fmt: skip

#: Helpers that MXNet's modules import for themselves, and its NumPy interface, which is another library.
NOT_API = {
    "MXCallbackList", "NDabs", "Test", "c_array", "c_array_buf", "c_handle_array", "c_str", "c_str_array", "check_call",
    "classproperty", "get_indexing_dispatch_code", "get_oshape_of_gather_nd_op", "indexing_key_expand_implicit_axes",
    "is_np_array", "is_np_shape", "load_json", "np_array", "np_shape", "py_str", "set_np_shape", "use_np",
    "use_np_array", "use_np_shape", "with_metaclass",
}  # fmt: skip

#: A function's signature, or what a class defines itself: the signature of each method, or "property".
Entry = str | dict[str, str]
Table = dict[str, dict[str, Entry]]


def read(library: Any) -> Table:
    """The public functions and classes of each of `MODULES`; a class is described where it comes first."""
    table: Table = {}
    seen: set[Any] = set()
    for path in MODULES:
        module = find_module(library, path)
        table[path] = {}
        for name in sorted(dir(module)):
            value = getattr(module, name)
            if _is_api(name, value, library):
                table[path][name] = {} if isinstance(value, type) and value in seen else describe(value)
                seen.add(value)
    return table


def find_module(library: Any, path: str) -> Any:
    """The module of that path, such as ``nd.random``, within the library."""
    for part in filter(None, path.split(".")):
        found = getattr(library, part, None)
        library = importlib.import_module(f"{library.__name__}.{part}") if found is None else found
    return library


def describe(value: Any) -> Entry:
    """The signature of a function, or the members that a class defines itself."""
    if not isinstance(value, type):
        return signature(value)
    return {name: describe_member(member) for name, member in sorted(vars(value).items()) if _is_member(name, member)}


def describe_member(member: Any) -> str:
    """The signature of a method, or "property"."""
    return "property" if isinstance(member, property) else signature(getattr(member, "__func__", member))


def to_text(table: Table) -> str:
    """The table as JSON with a line for each function and class."""
    lines = []
    for module, names in table.items():
        inner = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in names.items())
        lines.append(f" {json.dumps(module)}: {{\n{inner}\n }}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _is_api(name: str, value: Any, library: Any) -> bool:
    if name.startswith("_") or name in NOT_API or not isinstance(value, type | types.FunctionType):
        return False
    # MXNet says "ndarray" or "symbol" of the functions that it makes from operators
    return value.__module__.split(".")[0] in (library.__name__, "ndarray", "symbol")


def _is_member(name: str, member: Any) -> bool:
    if name.startswith("_") and name not in ("__init__", "__call__"):
        return False
    return isinstance(member, types.FunctionType | property | staticmethod | classmethod)


def signature(function: Any) -> str:
    """The parameters without annotations, ``*args`` and ``**kwargs`` by these names."""
    texts = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            texts.append("*args")
        elif parameter.kind is parameter.VAR_KEYWORD:
            texts.append("**kwargs")
        else:
            if parameter.kind is parameter.KEYWORD_ONLY and not any(text.startswith("*") for text in texts):
                texts.append("*")
            default = "" if parameter.default is parameter.empty else f"={_default(parameter.default)}"
            texts.append(parameter.name + default)
    return f"({', '.join(texts)})"


def _default(value: Any) -> str:
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, str):
        return repr(value.replace(str(Path.home()), "~"))
    if value is None or isinstance(value, bool | int | float | tuple | list | dict):
        return repr(value)
    kind = type(value).__name__
    return "_Null" if "null" in kind.lower() else f"<{kind}>"
