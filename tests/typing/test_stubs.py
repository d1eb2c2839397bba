"""The stubs of nd, sym and their methods are those that the declarations give, and what they say is so."""

from __future__ import annotations

import ast
import functools
import inspect
from pathlib import Path

import pytest

import glueball as mx
from glueball.ops import registry
from tools.stubs import np_functions, texts

ROOT = Path(mx.__file__).parent
_TEXTS = texts()

GROUPS = [
    f"{package}.{name}"
    for package in ("ndarray", "symbol")
    for name in ("op", "contrib", "image", "linalg", "random", "_internal")
]

#: The modules of mx.np, by their stubs.
NUMPY = {"numpy": "np", "numpy.linalg": "np.linalg", "numpy.random": "np.random", "numpy_extension": "npx",
         "numpy_extension.random": "npx.random"}  # fmt: skip

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


@pytest.mark.parametrize("path", NUMPY)
def test_a_stub_of_np_has_the_parameters_and_all_names_of_the_module(path):
    file = ROOT / path.replace(".", "/")
    stub = ast.parse((file / "__init__.pyi" if file.is_dir() else file.with_suffix(".pyi")).read_text(encoding="utf-8"))
    module = functools.reduce(getattr, NUMPY[path].split("."), mx)
    known = {each.name: each for each in stub.body if isinstance(each, ast.FunctionDef)}
    shown = {alias.asname for each in stub.body if isinstance(each, ast.ImportFrom) for alias in each.names}
    assigned = {target.id for each in stub.body if isinstance(each, ast.Assign) for target in each.targets}
    assert set(module.__all__) - {*known, *shown, *assigned} == set()
    compared = 0
    for name, node in known.items():
        said = _parameters(node)
        if said == ["args"]:  # a function of NumPy's
            continue
        taken = [each for each in inspect.signature(getattr(module, name)).parameters if each != "kwargs"]
        assert (name, [each for each in said if each in taken or each not in _IN_KWARGS]) == (name, taken)
        compared += 1
    assert compared > 2


#: Calls, and what the stub says that they return: all that do not return one array, and some that do.
RESULTS = [
    "np.split(x, 2)", "np.array_split(x, 2)", "np.vsplit(x, 2)", "np.hsplit(x, 2)", "np.dsplit(c, 1)",
    "np.linalg.eig(x)", "np.linalg.eigh(x)", "np.linalg.slogdet(x)", "np.linalg.svd(x)", "np.histogram(x, 2, (0, 1))",
    "np.diag_indices_from(x)", "np.random.shuffle(x)", "np.may_share_memory(x, x)", "np.shares_memory(x, x)",
    "np.exp(x)", "np.sum(x)", "np.add(x, 1)", "np.concatenate([x, x])", "np.linalg.norm(x)", "np.linalg.det(x)",
    "np.random.normal(size=2)", "np.random.choice(3, 2)", "np.random.multinomial(2, [0.5, 0.5])", "np.eye(2)",
    "np.percentile(x, 5)", "np.pad(x, ((1, 1), (0, 0)))", "np.einsum('ij->i', x)", "np.bincount(i)", "np.std(x)",
    "np.insert(x, 1, 2)", "np.trace(x)", "np.indices((2, 2))", "npx.random.bernoulli(0.5, size=2)", "np.take(x, i)",
    "npx.relu(x)", "npx.softmax(x)", "npx.reshape(x, (4,))", "npx.one_hot(i, 3)", "npx.topk(x)", "np.argsort(x)",
]  # fmt: skip


@pytest.mark.parametrize("text", RESULTS)
def test_a_function_of_np_returns_what_its_stub_says(text):
    scope = {"np": mx.np, "npx": mx.npx, "x": mx.np.array([[2, 1], [1, 3]]), "c": mx.np.ones((2, 2, 2))}
    made = eval(text, scope | {"i": mx.np.array([0, 1], dtype="int32")})
    path, _, name = text.partition("(")[0].rpartition(".")
    file = ROOT / {said: path for path, said in NUMPY.items()}[path].replace(".", "/")
    stub = ast.parse((file / "__init__.pyi" if file.is_dir() else file.with_suffix(".pyi")).read_text(encoding="utf-8"))
    said = {ast.unparse(each.returns) for each in stub.body if isinstance(each, ast.FunctionDef) and each.name == name}
    kind = "tuple" if isinstance(made, tuple) else type(made).__name__
    assert any(each.startswith(kind) for each in {each.replace("None", "NoneType") for each in said}), said


def test_results_that_are_no_arrays_are_all_called():
    called = {text.partition("(")[0] for text in RESULTS}
    assert {name for name, result in np_functions.RESULTS.items() if result != "Any"} <= called


def _parameters(node):
    arguments = node.args
    return [argument.arg for argument in [arguments.vararg, *arguments.args, *arguments.kwonlyargs] if argument]
