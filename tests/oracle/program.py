"""Test code as data: how a function or a text of a test file runs on the other library.

A program is a dict of plain values: the sources to define, the constants they use, the name to call and its
arguments. The tests create it (`from_function`, `from_text`), and both sides run it (`load`).
"""

from __future__ import annotations
import __future__

import ast
import dis
import inspect
import operator
import textwrap
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

#: Names that a text may use without defining them, and their places in the library.
SHORTHANDS = {
    "nd": "nd",
    "gluon": "gluon",
    "nn": "gluon.nn",
    "autograd": "autograd",
    "init": "init",
}
_ALWAYS_THERE = {"np": np, "numpy": np}
_ENTRY = "snippet"


class NotPortable(TypeError):
    """A function that cannot run outside its test file."""


def from_function(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
    """The program that calls a function with the library as its first argument.

    It includes the helper functions and plain constants of the same module that the function uses. NumPy is
    available as ``np``.
    """
    definitions: dict[str, tuple[str, str, int]] = {}
    constants: dict[str, Any] = {}
    _collect(function, definitions, constants)
    return {
        "definitions": list(definitions.values()),
        "constants": constants,
        "shorthands": [],
        "entry": function.__name__,
        "arguments": arguments,
        "keywords": keywords,
    }


def from_text(text: str, names: dict[str, Any]) -> dict[str, Any]:
    """The program behind an expression or function body; mx, np, `SHORTHANDS` and the names are bound."""
    clash = sorted({"mx", *_ALWAYS_THERE} & set(names))
    if clash:
        raise NotPortable(f"oracle: the names mx, np and numpy are reserved; received an argument named {clash[0]}.")
    tree = _as_function(textwrap.dedent(text), names)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return {
        "definitions": [(ast.unparse(tree), "<oracle text>", 1)],
        "constants": {},
        "shorthands": sorted((used & set(SHORTHANDS)) - set(names)),
        "entry": _ENTRY,
        "arguments": (),
        "keywords": names,
    }


def load(program: dict[str, Any], library: Any) -> Callable[[], Any]:
    """Define what a program needs and return its call."""
    namespace = {**_ALWAYS_THERE, **program["constants"]}
    for name in program["shorthands"]:
        namespace[name] = operator.attrgetter(SHORTHANDS[name])(library)
    # Annotations stay strings: they may name classes of the test file, which the other side does not have.
    flags = __future__.annotations.compiler_flag
    for source, file, line in program["definitions"]:
        exec(compile(_definition(source, line), file, "exec", flags=flags, dont_inherit=True), namespace)
    return lambda: namespace[program["entry"]](library, *program["arguments"], **program["keywords"])


def _collect(function: Any, definitions: dict[str, Any], constants: dict[str, Any]) -> None:
    name = getattr(function, "__name__", repr(function))
    if not isinstance(function, types.FunctionType) or name == "<lambda>":
        raise NotPortable(f"oracle: a function defined with 'def' is needed, or a text; received {name}.")
    if function.__code__.co_freevars:
        outer = ", ".join(function.__code__.co_freevars)
        raise NotPortable(f"oracle: {name} must not use variables of an enclosing function ({outer}); pass them in.")
    source = textwrap.dedent(inspect.getsource(function))
    definitions[name] = (source, inspect.getfile(function), function.__code__.co_firstlineno)
    for used in sorted(set(_global_names(function.__code__)) - set(_ALWAYS_THERE)):
        if used not in function.__globals__ or used in definitions or used in constants:
            continue
        value = function.__globals__[used]
        if isinstance(value, types.FunctionType):
            if value.__name__ != used:
                raise NotPortable(
                    f"oracle: {name} uses {used}, another name of {value.__name__}; call it by that name."
                )
            _collect(value, definitions, constants)
        elif isinstance(value, (types.ModuleType, type)):
            raise NotPortable(f"oracle: {name} uses the global name {used}; import it inside the function.")
        else:
            constants[used] = value


def _global_names(code: types.CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _global_names(constant)


def _definition(source: str, line: int) -> ast.Module:
    tree = ast.parse(source)
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            statement.decorator_list = []  # a decorator belongs to pytest, which the other side does not have
    return ast.increment_lineno(tree, line - 1)


def _as_function(text: str, names: Iterable[str]) -> ast.Module:
    body = ast.parse(text, "<oracle text>").body
    if len(body) == 1 and isinstance(body[0], ast.Expr):
        body = [ast.Return(body[0].value)]
    tree = ast.parse(f"def {_ENTRY}({', '.join(['mx', *names])}): pass")
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body = body
    return ast.fix_missing_locations(tree)
