"""What a module says about a name it lacks: that MXNet has it and Glueball does not yet, or that it never was.

The names of MXNet 1.9.1 are in ``known_names.json`` (``tests/golden/names.py`` writes it), which is read when the first
name is missing. No module asks for this by itself: `explain` gives it to all modules of the package at once.
"""

from __future__ import annotations

import functools
import json
import pkgutil
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .._version import __version__
from .errors import nearest

#: What to do instead of a module, with all that is in it, or of a name. A module that exists says so by itself for the
#: names it lacks, in a dict ``_INSTEAD``.
INSTEAD = {
    "numpy": "use mx.nd, or NumPy itself",
    "numpy_extension": "use mx.nd",
    "use_np": "write the block with hybrid_forward and mx.nd",
    "util.use_np": "write the block with hybrid_forward and mx.nd",
    "contrib.amp": "cast the network: net.cast('float16')",
    "contrib.autograd": "use mx.autograd",
    "contrib.ndarray": "use mx.nd.contrib",
    "contrib.symbol": "use mx.sym.contrib",
    "contrib.tensorboard": "use torch.utils.tensorboard",
    "gluon.contrib.estimator": "write the loop, with gluon.Trainer",
    "gluon.contrib.nn.SyncBatchNorm": "use gluon.nn.BatchNorm, whose statistics are those of one device",
    "ndarray.sparse": "use dense arrays",
    "symbol.sparse": "use dense arrays",
    "operator": "write it with mx.autograd.Function",
    "profiler": "use torch.profiler, which sees the same work",
    "rtc": "write the kernel as an extension of torch and pass arrays with to_torch() and nd.from_torch()",
    "torch": "use to_torch() and nd.from_torch()",
}


def explain(package: str) -> None:
    """Let every module of a package that has been imported explain which names it lacks."""
    for name, module in list(sys.modules.items()):
        if name == package or name.startswith(f"{package}."):
            explain_in(module)


def explain_in(module: ModuleType) -> None:
    """Let one module explain which names it lacks, after a ``__getattr__`` of its own has been asked."""
    own = vars(module).get("__getattr__")
    if not isinstance(own, _Explanation):
        vars(module)["__getattr__"] = _Explanation(module, own)


class _Explanation:
    """The ``__getattr__`` of a module."""

    def __init__(self, module: ModuleType, own: Callable[[str], Any] | None) -> None:
        self._module, self._own = module, own

    def __call__(self, name: str) -> Any:
        if self._own is not None:
            try:
                return self._own(name)
            except AttributeError as error:
                if not _says_absent(error):
                    raise
        if name.startswith("__"):  # asked for by tools, of any module
            raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r}", name=name)
        message = absence(self._module, name)
        if _is_from_import(sys._getframe(1)):
            # An AttributeError would be replaced by Python's own ImportError, which knows nothing of MXNet.
            raise ImportError(message, name=self._module.__name__, path=getattr(self._module, "__file__", None))
        # Given the name but not the object, Python adds no second guess to the message.
        raise AttributeError(message, name=name)


def absence(module: ModuleType, name: str) -> str:
    """Say that a module lacks a name: not yet, or not at all."""
    path = ".".join([*module.__name__.split(".")[1:], name])
    if is_known(path):
        instead = vars(module).get("_INSTEAD", {}).get(name, "")
        return f"module {module.__name__!r} has no attribute {name!r}: {not_yet(path, instead)}"
    public = [each for each in dir(module) if not each.startswith("_")]
    return f"module {module.__name__!r} has no attribute {name!r}{nearest(name, public)}"


def not_yet(path: str, instead: str = "") -> str:
    """Say that a name of MXNet is not provided, and what to do instead where that is known."""
    text = f"it is a known name of MXNet 1.9.1 that glueball {__version__} does not provide yet"
    while path and not instead:
        instead = INSTEAD.get(path) or INSTEAD.get(canonical(path)) or ""
        path = path.rpartition(".")[0]
    return f"{text}; {instead}" if instead else text


def is_known(path: str) -> bool:
    """Whether MXNet 1.9.1 has a name of that dotted path, such as ``gluon.rnn`` or ``nd.random.uniform``."""
    module, _, name = path.rpartition(".")
    return is_module(path) or name in _names(module)


def is_module(path: str) -> bool:
    """Whether MXNet 1.9.1 has a module of that dotted path; shorter names such as ``nd.random`` count."""
    return canonical(path) in _table()["modules"]


def canonical(path: str) -> str:
    """The path of a module under its own name: ``ndarray.random`` for ``nd.random``."""
    first, dot, rest = path.partition(".")
    aliases = _table()["aliases"]
    return aliases.get(path) or aliases.get(first, first) + dot + rest


def _names(module: str) -> frozenset[str]:
    return _split(_table()["modules"].get(canonical(module), ""))


@functools.cache
def _split(names: str) -> frozenset[str]:
    return frozenset(names.split())


@functools.cache
def _table() -> dict[str, dict[str, str]]:
    data = pkgutil.get_data(__name__, "known_names.json")
    assert data is not None
    table: dict[str, dict[str, str]] = json.loads(data)
    return table


def _says_absent(error: AttributeError) -> bool:
    """Whether a ``__getattr__`` itself says that there is no such name, and not something that it called."""
    traceback = error.__traceback__
    return traceback is None or traceback.tb_next is None or traceback.tb_next.tb_next is None


def _is_from_import(frame: Any) -> bool:
    """Whether a frame is at ``from module import name``."""
    import opcode  # only on the way to an error

    return bool(frame.f_code.co_code[frame.f_lasti] == opcode.opmap["IMPORT_FROM"])
