"""Importing Glueball changes nothing in the process, and its modules import each other in one direction."""

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

#: From the bottom up: a module imports from its own layer and earlier ones.
LAYERS = [
    {"_start", "_version"},
    {"core"},
    {"numpy_mode"},
    {"context", "name"},
    {"serialization"},
    {"ops"},
    {"np_functions"},
    {"ndarray"},
    {"symbol"},
    {"attribute"},
    {"formats"},
    {"interop"},
    {"graph"},
    {"executor"},
    {"monitor", "profiler"},
    {"random", "autograd"},
    {"operator", "control_flow"},
    {"initializer", "lr_scheduler", "metric"},
    {"optimizer"},
    {"parallel"},
    {"kvstore"},
    {"recordio"},
    {"io"},
    {"image"},
    {"numpy"},
    {"gluon"},
    {"interop.torch"},
    {"onnx"},
    {"callback", "executor_manager", "model"},
    {"module", "rnn"},
    {"contrib"},
    {"visualization"},
    {"base", "engine", "error", "libinfo", "log", "misc", "registry", "runtime", "test_utils", "util"},
    {"numpy_extension"},
    {"compat"},
    {"cli", "__main__"},
]

#: Packages inside `interop`, which have places of their own: engines use one, and another uses blocks.
_APART = {part for layer in LAYERS for part in layer if "." in part}

#: Imports inside functions, and why. None of them may be there to break a cycle.
LATER = {
    ("cli.launch", "torch.distributed.elastic.multiprocessing.errors"): "not every build of torch has it",
    ("cli.launch", "torch.distributed.elastic.rendezvous"): "not every build of torch has it",
    ("cli.launch", "torch.distributed.run"): "not every build of torch has it",
    ("core.errors", "difflib"): "it is only needed on the way to an error",
    ("core.known_names", "opcode"): "it is only needed on the way to an error",
    ("interop.onnx.document", "onnx"): "it need not be installed",
    ("parallel.processes", "torch._C._distributed_c10d"): "not every build of torch has it",
    ("parallel.processes", "torch.distributed.rendezvous"): "not every build of torch has it",
    ("visualization.dot", "graphviz"): "it need not be installed",
}

_PROBE = """
import gc, json, locale, random, signal, sys, threading, warnings
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
        "CUDA initialized": torch.cuda.is_initialized(),
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
        "garbage": [gc.isenabled(), gc.get_threshold(), len(gc.callbacks), gc.get_freeze_count()],
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


_FAILING = """
sys.modules["torch"] = None
try: import glueball
except ImportError: assert gc.isenabled()
else: sys.exit(1)
"""


_FROZEN = "gc.freeze(); import glueball; assert gc.get_freeze_count()"

# The many objects that an import makes are not looked through by the collection that comes next.
_OLD = """
most = [0]
gc.callbacks.append(lambda phase, info: most.append(len(gc.get_objects(generation=0))))
import glueball
kept = [[] for _ in range(2000)]
assert max(most) < 20000
"""


@pytest.mark.parametrize("program", [
    "gc.disable(); import glueball; assert not gc.isenabled()", _FAILING, _FROZEN, _OLD,
])  # fmt: skip
def test_garbage_is_collected_afterwards_as_before(program):
    path = os.pathsep.join([str(_PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-c", f"import gc, sys\n{program}"]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, timeout=120, check=True)


def test_importing_loads_nothing_heavy_beside_torch(states):
    assert states["heavy"] == []


def _modules():
    """Each module of the package by its dotted name, '' for the package itself."""
    for path in sorted(_PACKAGE.rglob("*.py")):
        parts = path.relative_to(_PACKAGE).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


_FILES = dict(_modules())


def _imports(name, path):
    """What a module imports from the package: at import, later, or for type checkers; stubs are not modules."""
    is_package = path.name == "__init__.py"
    here = name.split(".") if name else []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            up = node.level - 1 if is_package else node.level
            base = ".".join([*here[: len(here) - up], *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{base}.{alias.name}" if base else alias.name
                yield inner if inner in _FILES else base
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "glueball":
            yield node.module.partition(".")[2]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "glueball":
                    yield alias.name.partition(".")[2]
        elif is_package and isinstance(node, ast.Call) and ast.unparse(node.func) == "importlib.import_module":
            yield from (part for part in _FILES if part.startswith(f"{name}."))  # everything below it


_GRAPH = {
    name: {found for found in _imports(name, path) if found != name and not found.endswith("._methods")}
    for name, path in _FILES.items()
}


def _unit(module):
    """What has a place in LAYERS: the first part of a name, or the first two."""
    first, second = (*module.split("."), "")[:2]
    return f"{first}.{second}" if f"{first}.{second}" in _APART else first


def _layer(module):
    top = _unit(module)
    for number, layer in enumerate(LAYERS):
        if top in layer:
            return number
    raise AssertionError(f"the module {top!r} is new; give it a place in LAYERS")


def _inner():
    """Each import between modules of the package, except those of the package itself, which imports its faces."""
    return [(name, imported) for name, found in _GRAPH.items() if name for imported in sorted(found)]


def test_imports_point_one_way():
    for name, imported in _inner():
        assert imported, f"{name} imports the whole package"
        assert _layer(imported) <= _layer(name), f"{name} must not import {imported}: it is a layer above"


def test_every_layer_is_there():
    assert set().union(*LAYERS) == {_unit(name) for name in _FILES if name}


def test_no_modules_import_each_other():
    assert not _cycle(_GRAPH)


def test_no_packages_import_each_other():
    """Treat each folder as a unit: not even different modules of two packages may import each other's package."""
    packages = {_unit(name): set() for name in _GRAPH if name}
    for name, imported in _inner():
        packages[_unit(name)].add(_unit(imported))
    assert not _cycle({name: found - {name} for name, found in packages.items()})


def test_a_cycle_would_be_found():
    assert _cycle({"a": {"b", "d"}, "b": {"c"}, "c": {"a"}, "d": set()}) == ["a", "b", "c", "a"]
    assert not _cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()})


def _cycle(graph):
    """The first cycle in the graph as a path, or []."""
    done: set[str] = set()

    def visit(name, path):
        if name in path:
            return [*path[path.index(name) :], name]
        if name not in done:
            for imported in sorted(graph[name]):
                if found := visit(imported, [*path, name]):
                    return found
            done.add(name)
        return []

    return next(filter(None, (visit(name, []) for name in sorted(graph))), [])


def test_imports_that_wait_have_a_reason():
    found = set()
    for name, path in _FILES.items():
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import):
                        found |= {(name, alias.name) for alias in node.names}
                    elif isinstance(node, ast.ImportFrom):
                        found.add((name, "." * node.level + (node.module or "")))
    assert found == set(LATER)
