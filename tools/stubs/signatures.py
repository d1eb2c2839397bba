"""The signature of a handwritten function, with the imports that its annotations need."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from .definition import Parameter, definition, literal_text


def method(function: Callable[..., Any], name: str) -> tuple[str, set[str]]:
    """Return a function as a method of a given name, and the import statements that its annotations need.

    Parameters
    ----------
    function : function
        Its first parameter is the object. Its module has ``from __future__ import annotations``, so that annotations
        keep their source text.
    name : str
        The name of the method.
    """
    signature = inspect.signature(function)
    others = list(signature.parameters.values())[1:]
    text = definition(
        name,
        [Parameter("self"), *map(_parameter, others)],
        signature.return_annotation,
        "" if name.startswith("__") else function.__doc__ or "",
    )
    known = _imports(function.__globals__["__name__"])
    annotations = [signature.return_annotation, *[parameter.annotation for parameter in others]]
    used = {name for annotation in annotations for name in _names(annotation)}
    return text, {known[name] for name in used if name in known}


def _parameter(parameter: inspect.Parameter) -> Parameter:
    stars: dict[Any, str] = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}
    default = parameter.default
    if default is parameter.empty:
        text = ""
    else:
        plain = default is None or isinstance(default, bool | int | float | str)
        text = literal_text(default) if plain else "..."
    return Parameter(stars.get(parameter.kind, "") + parameter.name, parameter.annotation, text)


def _names(annotation: str) -> Iterator[str]:
    return (node.id for node in ast.walk(ast.parse(annotation)) if isinstance(node, ast.Name))


@cache
def _imports(module: str) -> dict[str, str]:
    """The import statement of each name in a module, including imports only for type checkers."""
    found: dict[str, str] = {}
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    package = sys.modules[module].__package__ or ""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            source = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            found |= {alias.asname or alias.name: f"from {source} import {_as(alias)}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.asname or alias.name.partition(".")[0]: f"import {_as(alias)}" for alias in node.names}
    for name in _defined(tree):
        found[name] = f"from {module} import {name}"
    return found


def _defined(tree: ast.Module) -> Iterator[str]:
    """The classes and type aliases that a module defines."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _as(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name
