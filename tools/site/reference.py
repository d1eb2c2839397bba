"""The pages of the API reference: what each public module has, which Sphinx fills from the docstrings."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple


class _Page(NamedTuple):
    """A page: its file's name, its title, and the modules on it."""

    name: str
    title: str
    modules: tuple[str, ...]


_PAGES = (
    _Page("gluon", "Blocks, parameters, trainers", ("gluon", "gluon.utils")),
    _Page("nn", "Layers", ("gluon.nn", "gluon.contrib.nn", "gluon.contrib.cnn")),
    _Page("loss", "Losses", ("gluon.loss",)),
    _Page(
        "data", "Data sets", ("gluon.data", "gluon.data.vision", "gluon.data.vision.transforms", "gluon.contrib.data")
    ),
    _Page("model_zoo", "The model zoo", ("gluon.model_zoo.vision", "gluon.model_zoo.model_store")),
    _Page("autograd", "Gradients", ("autograd",)),
    _Page("ndarray", "Arrays", ("ndarray",)),
    _Page("ndarray_random", "Random arrays", ("ndarray.random", "random")),
    _Page("ndarray_groups", "Linear algebra, images, contrib", ("ndarray.linalg", "ndarray.image", "ndarray.contrib")),
    _Page("symbol", "Symbols", ("symbol",)),
    _Page("optimizer", "Optimizers", ("optimizer", "optimizer.contrib", "lr_scheduler")),
    _Page("initializer", "Initializers", ("initializer",)),
    _Page("metric", "Metrics", ("metric", "parallel.metrics")),
    _Page("module", "Module and checkpoints", ("module", "model", "executor", "callback", "monitor", "kvstore")),
    _Page("io", "Iterators, records, pictures", ("io", "recordio", "image")),
    _Page("contexts", "Contexts, names, surroundings", ("context", "name", "attribute", "engine", "runtime", "util")),
    _Page("errors", "Errors, logs, registries", ("base", "error", "log", "registry")),
    _Page("amp", "Mixed precision", ("contrib.amp",)),
    _Page("profiler", "Profiler and logs", ("profiler", "contrib.tensorboard")),
    _Page("operator", "Operators of a program", ("operator",)),
    _Page("visualization", "Drawing networks", ("visualization",)),
    _Page("exchange", "PyTorch, ONNX", ("interop.torch", "onnx", "contrib.onnx", "contrib.onnx.onnx2mx.import_onnx")),
    _Page("test_utils", "Help for tests", ("test_utils",)),
    _Page("compat", "Programs that import mxnet", ("compat",)),
)

#: Modules whose functions apply the operators of ``ndarray`` to symbols: only what is theirs alone is described.
_LIKE = {"symbol": "ndarray"}


def pages() -> dict[str, str]:
    """Return the pages by path."""
    described: dict[int, str] = {}
    made = {f"reference/{page.name}.rst": _page(page, described) for page in _PAGES}
    contents = "\n".join(f"   {page.name}" for page in _PAGES)
    index = (
        f"{_heading('API reference', '=')}\n"
        "``import glueball as mx``: the names below are those of MXNet 1.9.1. ``mx.nd`` is ``glueball.ndarray``, "
        "``mx.sym`` ``glueball.symbol``, ``mx.mod`` ``glueball.module``, ``mx.init`` ``glueball.initializer``, "
        "``mx.viz`` ``glueball.visualization``.\n\n"
        f".. toctree::\n   :maxdepth: 1\n\n{contents}\n   support_operators\n   support_names\n"
    )
    return {"reference/index.rst": index, **made}


def _page(page: _Page, described: dict[int, str]) -> str:
    parts = (part for module in page.modules for part in _module(module, described))
    return "\n".join([_heading(page.title, "="), *parts])


def _module(path: str, described: dict[int, str]) -> Iterator[str]:
    """Yield the parts of a page that describe one module; each object has its description where it comes first."""
    module = importlib.import_module(f"glueball.{path}")
    yield f".. module:: {module.__name__}\n"
    yield _heading(module.__name__, "-")
    yield f"{_first_paragraph(module)}\n"
    if path in _LIKE:
        yield f"Its operators are those of ``glueball.{_LIKE[path]}``, with symbols in the place of arrays.\n"
    for name, value in _public(path, module):
        if id(value) in described:
            yield f"- ``{name}`` is :py:obj:`{described[id(value)]}`.\n"
            continue
        described[id(value)] = f"{module.__name__}.{name}"
        if inspect.isclass(value):
            # What a layer overrides is said once, at Block and HybridBlock.
            left_out = "" if path == "gluon" else "   :exclude-members: forward, hybrid_forward\n"
            yield f".. autoclass:: {module.__name__}.{name}\n   :members:\n{left_out}"
        else:
            yield f".. autofunction:: {module.__name__}.{name}\n"


def _public(path: str, module: ModuleType) -> list[tuple[str, Any]]:
    """Return the classes and functions that a module offers: classes first, each in the order of the alphabet."""
    names = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
    other = importlib.import_module(f"glueball.{_LIKE[path]}") if path in _LIKE else None
    found = []
    for name in names:
        value = getattr(module, name)
        ours = getattr(value, "__module__", "").startswith("glueball")
        if ours and (inspect.isclass(value) or callable(value)) and not hasattr(other, name):
            found.append((name, value))
    return sorted(found, key=lambda each: (not inspect.isclass(each[1]), each[0].lower()))


def _first_paragraph(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").partition("\n\n")[0]


def _heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}\n"
