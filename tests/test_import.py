"""Importing Glueball changes nothing in the process, and its modules import one another in one direction."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_PACKAGE = _ROOT / "src" / "glueball"

#: From the ground up: a module imports from its own layer and from those before it.
LAYERS = [
    {"_version"},
    {"core"},
    {"context", "name"},
    {"serialization"},
    {"ops"},
    {"ndarray"},
    {"symbol"},
    {"formats"},
    {"graph"},
    {"executor"},
    {"monitor"},
    {"random", "autograd"},
    {"initializer", "lr_scheduler", "metric"},
    {"optimizer"},
    {"parallel"},
    {"kvstore"},
    {"io"},
    {"gluon"},
    {"callback", "model"},
    {"module"},
    {"visualization"},
    {"base", "engine", "libinfo", "runtime", "test_utils", "util"},
    {"compat"},
    {"cli", "__main__"},
]

#: Imports against the direction, made inside a function when it is called, and why.
UPWARDS = {
    ("symbol", "executor"): "Symbol.bind() and eval() make an Executor",
    ("ndarray", "autograd"): "NDArray.backward() is autograd.backward()",
}

#: Pairs of modules that know each other, and why.
CIRCLES = {
    ("ndarray.ndarray", "ndarray.indexing"): "imported at the end of the file, since x[i] must not pay for it",
}

_PROBE = """
import json, locale, random, signal, sys, threading, warnings
import numpy
import torch

def state():
    return {
        "torch default dtype": str(torch.get_default_dtype()),
        "torch default device": str(torch.get_default_device()),
        "torch gradient mode": torch.is_grad_enabled(),
        "torch threads": torch.get_num_threads(),
        "torch random state": torch.get_rng_state().tolist(),
        "torch deterministic": torch.are_deterministic_algorithms_enabled(),
        "torch matmul precision": torch.get_float32_matmul_precision(),
        "torch cudnn": [torch.backends.cudnn.enabled, torch.backends.cudnn.benchmark],
        "torch mkldnn": torch.backends.mkldnn.enabled,
        "torch print options": repr(torch._tensor_str.PRINT_OPTS),
        "CUDA initialised": torch.cuda.is_initialized(),
        "NumPy random state": repr(numpy.random.get_state()),
        "NumPy errors": numpy.geterr(),
        "NumPy print options": repr(numpy.get_printoptions()),
        "random state": repr(random.getstate()),
        "warning filters": repr(warnings.filters),
        "showwarning": repr(warnings.showwarning),
        "sys.path": list(sys.path),
        "sys.meta_path": [repr(finder) for finder in sys.meta_path],
        "recursion limit": sys.getrecursionlimit(),
        "excepthook": repr(sys.excepthook),
        "locale": locale.setlocale(locale.LC_ALL),
        "signal handlers": {name: repr(signal.getsignal(getattr(signal, name)))
                            for name in ("SIGINT", "SIGTERM", "SIGCHLD", "SIGABRT")},
        "threads": threading.active_count(),
        "other names": [name for name in ("mxnet", "mx") if name in sys.modules],
    }

before, loaded = state(), set(sys.modules)
import glueball
after = state()
heavy = [name for name in ("matplotlib", "sklearn", "tqdm", "scipy", "pandas") if name in {*sys.modules} - loaded]
print(json.dumps({"before": before, "after": after, "heavy": heavy}))
"""


@pytest.fixture(scope="module")
def states():
    path = os.pathsep.join([str(_PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _PROBE],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_importing_changes_nothing(states):
    changed = {name for name, value in states["before"].items() if states["after"][name] != value}
    assert not changed, {name: (states["before"][name], states["after"][name]) for name in changed}


def test_importing_loads_nothing_heavy_beside_torch(states):
    assert states["heavy"] == []


def _modules():
    """Each module of the package by its dotted name, '' for the package itself."""
    for path in sorted(_PACKAGE.rglob("*.py")):
        parts = path.relative_to(_PACKAGE).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


_FILES = dict(_modules())


def _imports(name, path):
    """What a module imports from the package: (module, whether as soon as it is imported itself)."""
    is_package = path.name == "__init__.py"
    here = name.split(".") if name else []
    for node, immediate in _walk(ast.parse(path.read_text()), True):
        if isinstance(node, ast.ImportFrom) and node.level:
            up = node.level - 1 if is_package else node.level
            base = ".".join([*here[: len(here) - up], *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{base}.{alias.name}" if base else alias.name
                yield (inner if inner in _FILES else base), immediate
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "glueball":
            yield node.module.partition(".")[2], immediate
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "glueball":
                    yield alias.name.partition(".")[2], immediate


def _walk(node, immediate):
    """All nodes of a module; those inside functions run later, those for type checkers never."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child, immediate
        later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _walk(child, immediate and not later)


def _layer(module):
    top = module.split(".")[0]
    for number, layer in enumerate(LAYERS):
        if top in layer:
            return number
    raise AssertionError(f"the module {top!r} is new; give it a place in LAYERS")


def test_imports_point_one_way():
    used = set()
    for name, path in _FILES.items():
        if not name:
            continue
        for imported, immediate in _imports(name, path):
            assert imported, f"{name} imports the whole package"
            if _layer(imported) <= _layer(name):
                continue
            pair = (name.split(".")[0], imported.split(".")[0])
            assert not immediate and pair in UPWARDS, f"{name} must not import {imported}: it is a layer above"
            used.add(pair)
    assert used == set(UPWARDS), "an exception of UPWARDS is no longer needed"


def test_no_two_modules_import_each_other():
    graph = {
        name: {found for found, immediate in _imports(name, path) if immediate and found != name}
        for name, path in _FILES.items()
    }
    done: set[str] = set()

    def visit(name, above):
        if name in done:
            return
        assert name not in above, f"modules import one another in a circle: {' -> '.join([*above, name])}"
        for imported in sorted(graph[name]):
            # a package imports its parts, and they may name the package: Python allows for that one circle
            if imported and not name.startswith(f"{imported}.") and (name, imported) not in CIRCLES:
                visit(imported, [*above, name])
        done.add(name)

    for name in graph:
        visit(name, [])
