"""The stubs of nd, sym and their methods are those that the declarations give, and what they say is so."""

from __future__ import annotations

import ast
import functools
import inspect
from pathlib import Path

import pytest

import glueball as mx
from glueball.ops import registry
from tools.stubs import texts

ROOT = Path(mx.__file__).parent
_TEXTS = texts()

GROUPS = [
    f"{package}.{name}"
    for package in ("ndarray", "symbol")
    for name in ("op", "contrib", "image", "linalg", "random", "_internal")
]

#: What a function has in ``**kwargs`` alone: the number of arrays, which it counts itself, and what names a node.
_IN_KWARGS = {"out", "name", "attr", *(operator.variadic_by for operator in registry)}


@pytest.mark.parametrize("path", _TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_stub_is_current(path):
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    assert written == _TEXTS[path], f"{path.name} of {path.parent.name} is out of date: run make stubs"


def test_no_stub_is_left_over():
    assert set(ROOT.rglob("*.pyi")) == set(_TEXTS)
    assert (ROOT / "py.typed").exists()


@pytest.mark.parametrize("module", GROUPS)
def test_a_stub_has_the_parameters_that_the_function_has(module):
    stub = ast.parse((ROOT / f"{module.replace('.', '/')}.pyi").read_text(encoding="utf-8"))
    functions = functools.reduce(getattr, module.split("."), mx)
    definitions = [node for node in stub.body if isinstance(node, ast.FunctionDef)]
    assert definitions
    for node in definitions:
        taken = list(inspect.signature(getattr(functions, node.name)).parameters)
        # A graph has no out=, which its functions refuse.
        known = [name for name in taken if name != "kwargs" and not (name == "out" and module.startswith("symbol"))]
        said = [name for name in _parameters(node) if name in taken or name not in _IN_KWARGS]
        if node.name == "randn":  # its **kwargs are the arguments of normal
            assert said[0] == "shape"
        else:
            assert (node.name, said) == (node.name, known)


def _parameters(node):
    arguments = node.args
    return [argument.arg for argument in [arguments.vararg, *arguments.args, *arguments.kwonlyargs] if argument]
