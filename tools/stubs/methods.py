"""Stubs of the methods that NDArray and Symbol get at import, as a base class for type checkers."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

from glueball.ops import registry

from . import signatures
from .arithmetic import operator_method
from .functions import Kind, function
from .groups import HEADER, IMPORTS

#: What a class statement sets, and what pickle uses.
_NOT_CALLED = {
    "__annotations__",
    "__init_subclass__",
    "__module__",
    "__doc__",
    "__slots__",
    "__weakref__",
    "__getstate__",
    "__setstate__",
    "__reduce__",
}

_CLASS = '''class Methods:
    """What {kind} is given by the layers above it."""

'''


def methods(owner: type) -> str:
    """Return the stub with the methods of NDArray or Symbol that their class statement does not have."""
    kind: Kind = "NDArray" if owner.__name__ == "NDArray" else "Symbol"
    parts, imports = [], set[str]()
    for name, attribute in sorted(_installed(owner)):
        text, needed = _method(kind, name, attribute)
        parts.append(text)
        imports |= needed
    home = owner.__module__.rpartition(".")[2]
    doc = HEADER.format(doc=f"The methods that {kind} is given when the package is imported.")
    given = {kind, *re.findall(r"\w+", IMPORTS)}
    extra = "".join(f"{line}\n" for line in sorted(imports) if line.split()[-1] not in given)
    body = textwrap.indent("".join(parts), "    ")
    return f"{doc}{IMPORTS}from .{home} import {kind}\n{extra}\n{_CLASS.format(kind=kind)}{body}"


def _installed(owner: type) -> Iterator[tuple[str, Any]]:
    """The public attributes and the special methods that the class statement does not define."""
    module = ast.parse(inspect.getsource(sys.modules[owner.__module__]))
    (statement,) = [node for node in module.body if isinstance(node, ast.ClassDef) and node.name == owner.__name__]
    written = {*_NOT_CALLED, *_defined(statement)}
    for name, attribute in vars(owner).items():
        special = name.startswith("__") and name.endswith("__")
        if name not in written and not inspect.ismemberdescriptor(attribute) and (special or not name.startswith("_")):
            yield name, attribute


def _defined(statement: ast.ClassDef) -> Iterator[str]:
    for node in statement.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _method(kind: Kind, name: str, attribute: Any) -> tuple[str, set[str]]:
    """Return one method and the imports it needs."""
    of_python = operator_method(kind, name)
    if of_python:
        return of_python, set()
    if isinstance(attribute, property):
        assert attribute.fget is not None
        text, needed = signatures.method(attribute.fget, name)
        return f"@property\n{text}", needed
    attribute = inspect.unwrap(attribute)  # what its door opens to
    nested = attribute.__code__.co_flags & inspect.CO_NESTED
    declared = {operator.method: operator for operator in registry if operator.method}
    if nested and name in declared:
        return function(declared[name], name, kind, method=True), set()
    return signatures.method(attribute, name)
