"""Stubs of ``mx.np``, ``mx.npx`` and the modules below them, and of what arrays of ``mx.np`` have."""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import glueball
from glueball.ndarray import numpy
from glueball.np_functions import FUNCTIONS
from glueball.np_functions import methods as python_operators
from glueball.ops import registry

from . import signatures
from .definition import Parameter, definition, literal_text
from .functions import function
from .groups import HEADER

_ROOT = Path(glueball.__file__).parent

IMPORTS = """from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NoReturn, overload

from glueball.core.annotations import (
    ContextLike, DTypeLike, FloatsLike, IndicesLike, Scalar, ShapeLike, ShapesLike,
)
from glueball.ndarray.numpy.np_array import ndarray as ndarray
"""

#: The modules: the public prefix of their functions, and what their docstrings say.
MODULES = {
    "numpy": ("np", "The functions of np."),
    "numpy.linalg": ("np.linalg", "Linear algebra."),
    "numpy.random": ("np.random", "Random numbers."),
    "numpy_extension": ("npx", "The functions of npx."),
    "numpy_extension.random": ("npx.random", "Random numbers that NumPy's module of this name has not."),
}

#: What parameters accept whose annotation says nothing.
_ACCEPTED = {
    "dtype": "DTypeLike | None",
    "ctx": "ContextLike | None",
    "out": "ndarray | None",
    "size": "ShapeLike | None",
    "batch_shape": "ShapeLike | None",
}

#: What functions return that do not return one array.
RESULTS = {
    **dict.fromkeys(("np.split", "np.array_split", "np.vsplit", "np.hsplit", "np.dsplit"), "list[ndarray]"),
    **dict.fromkeys(("np.linalg.slogdet", "np.histogram"), "list[ndarray]"),
    **dict.fromkeys(("np.linalg.eig", "np.linalg.eigh"), "tuple[ndarray, ndarray]"),
    "np.linalg.svd": "tuple[ndarray, ndarray, ndarray]",
    "np.diag_indices_from": "tuple[ndarray, ...]",
    "np.random.shuffle": "None",
    **dict.fromkeys(("np.may_share_memory", "np.shares_memory"), "bool"),
    # An argument decides, or the number of arrays.
    **dict.fromkeys(
        ("np.atleast_1d", "np.atleast_2d", "np.atleast_3d", "np.average", "np.linspace", "np.unique", "np.where"), "Any"
    ),
}  # fmt: skip

_METHODS = '''class Methods(NDArray):
    """What arrays of mx.np have in the place of what NDArray has, and beyond it."""

'''

#: Methods of NDArray whose results are arrays of the same class.
_INHERITED = """\
@property
def T(self) -> ndarray: ...
@property
def grad(self) -> ndarray | Any: ...
def detach(self) -> ndarray: ...
def as_in_context(self, context: ContextLike) -> ndarray: ...
def __getitem__(self, key: Any) -> ndarray: ...
def __iter__(self) -> Iterator[ndarray]: ...
"""


def texts() -> dict[Path, str]:
    """Return the text of each stub by its file."""
    written = {}
    for path, (prefix, doc) in MODULES.items():
        module = importlib.import_module(f"glueball.{path}")
        base = _ROOT / path.replace(".", "/")
        file = base / "__init__.pyi" if base.is_dir() else base.with_suffix(".pyi")
        written[file] = _module(module, prefix, doc)
    written[_ROOT / "ndarray" / "numpy" / "_methods.pyi"] = _methods()
    return written


def _module(module: ModuleType, prefix: str, doc: str) -> str:
    parts = [_name(module, prefix, name) for name in sorted(module.__all__)]
    # Imports come first, in the file as in the module.
    parts.sort(key=lambda part: not part.startswith(("from ", "import ")))
    return f"{HEADER.format(doc=doc)}{IMPORTS}\n{''.join(parts)}"


def _name(module: ModuleType, prefix: str, name: str) -> str:
    """Return the stub of one public name."""
    public, value = f"{prefix}.{name}", getattr(module, name)
    if public in FUNCTIONS:
        return _function(public, name, FUNCTIONS[public])
    if name == "ndarray":
        return ""
    if name == "bool":  # the annotations below mean it, too
        return "import builtins\nbool = builtins.bool\n"
    if isinstance(value, ModuleType):
        package = value.__name__.rpartition(".")[0]
        return f"from {package} import {name} as {name}\n"
    if prefix == "npx" and f"_npx_{name}" in registry:
        return function(registry[f"_npx_{name}"], name, "NDArray").replace("NDArray", "ndarray")
    home = _home(value, name)
    if home == module.__name__:
        signature = inspect.signature(inspect.unwrap(value))
        parameters = _declared(list(signature.parameters.values()))
        return definition(name, parameters, signature.return_annotation, value.__doc__ or "")
    if home:
        return f"from {home} import {name} as {name}\n"
    if inspect.isroutine(value) or isinstance(value, type(abs)) or not isinstance(value, int | float | None | type):
        return f"def {name}(*args: Any, **kwargs: Any) -> Any: ...\n"
    return f"from glueball.numpy.utils import {name} as {name}\n"


def _home(value: Any, name: str) -> str | None:
    """Return the module of the library in whose file a function or a class is written."""
    home = getattr(inspect.unwrap(value) if callable(value) else value, "__module__", None) or ""
    if not home.startswith("glueball.") or ".fallback" in home or home == "glueball.numpy":
        return None
    defined = ast.parse(inspect.getsource(importlib.import_module(home))).body
    named = [node.name for node in defined if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return home if name in named else None


def _function(public: str, name: str, implementation: Callable[..., Any]) -> str:
    parameters = list(inspect.signature(implementation).parameters.values())[1:]
    result = RESULTS.get(public, "ndarray")
    return definition(name, _declared(parameters), result, implementation.__doc__ or "")


def _declared(parameters: list[inspect.Parameter]) -> list[Parameter]:
    declared: list[Parameter] = []
    only_by_name = False
    for each in parameters:
        stars = "*" if each.kind is each.VAR_POSITIONAL else "**" if each.kind is each.VAR_KEYWORD else ""
        if each.kind is each.KEYWORD_ONLY and not only_by_name:
            declared += [] if any(one.name.startswith("*") for one in declared) else [Parameter("*")]
            only_by_name = True
        said = each.annotation if isinstance(each.annotation, str) else "Any"
        plain = each.default is None or isinstance(each.default, bool | int | float | str)
        default = "" if each.default is each.empty else literal_text(each.default) if plain else "..."
        annotation = _ACCEPTED.get(each.name, said) if said == "Any" else said
        declared.append(Parameter(f"{stars}{each.name}", annotation, default))
    return declared


def _methods() -> str:
    """Return the stub of the base class that type checkers see below the array of ``mx.np``."""
    parts = [_INHERITED, *(_method(name, value) for name, value in sorted(_own(numpy.np_array.ndarray)))]
    doc = HEADER.format(doc="What arrays of mx.np have.")
    imports = f"{IMPORTS}from glueball.core.context import Context\nfrom glueball.ndarray import NDArray\n"
    body = textwrap.indent("".join(parts), "    ")
    return f'{doc}# mypy: disable-error-code="override, misc"\n\n{imports}\n{_METHODS}{body}'


def _own(owner: type) -> Iterator[tuple[str, Any]]:
    """The methods that the class is given, but for those of its statement."""
    (statement,) = [
        node for node in ast.parse(inspect.getsource(numpy.np_array)).body
        if isinstance(node, ast.ClassDef) and node.name == "ndarray"
    ]  # fmt: skip
    written = {node.name for node in statement.body if isinstance(node, ast.FunctionDef)}
    for name, value in vars(owner).items():
        if inspect.isfunction(value) and name not in written and name not in _OF_PYTHON:
            yield name, value


#: What Python's own protocols have, whose annotations checkers know from NDArray.
_OF_PYTHON = {
    "__init_subclass__", "__array_function__", "__array_ufunc__", "__reduce__", "__setstate__", "__getstate__",
    "__array__", "__iter__", "__getitem__", "__setitem__",
}  # fmt: skip


def _method(name: str, method: Callable[..., Any]) -> str:
    method = inspect.unwrap(method)
    public = f"np.ndarray.{name}"
    if public in FUNCTIONS:
        parameters = list(inspect.signature(FUNCTIONS[public]).parameters.values())[2:]
        doc = "" if name.startswith("__") else FUNCTIONS[public].__doc__ or ""
        return definition(name, [Parameter("self"), *_declared(parameters)], "ndarray", doc)
    if (method.__doc__ or "").startswith("Refused"):
        return f"def {name}(self, *args: Any, **kwargs: Any) -> NoReturn: ...\n"
    text, _ = signatures.method(method, name)
    if method.__globals__["__name__"] == python_operators.__name__:
        return text.replace("-> Any", "-> ndarray")
    return text.replace("NDArray", "ndarray")
