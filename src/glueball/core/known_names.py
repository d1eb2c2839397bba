"""Error messages for missing names: whether MXNet has the name and Glueball does not yet, or neither has it.

The names of MXNet 1.9.1 are in ``known_names.json`` (``tests/golden/names.py`` writes it), which is read when a
missing name is first looked up. Modules do not opt in one by one: `explain` covers all modules of the package at once.
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

#: What to use instead of a missing module, with everything in it, or of a missing name. A module that exists says this
#: for the names it lacks in a dict of its own, ``_INSTEAD``.
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
    """Make every imported module of a package explain the names that it lacks."""
    for name, module in list(sys.modules.items()):
        if name == package or name.startswith(f"{package}."):
            explain_in(module)


def explain_in(module: ModuleType) -> None:
    """Make one module explain the names that it lacks, after its own ``__getattr__``, if it has one, fails."""
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
        if name.startswith("__"):  # tools look these up on any module
            raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r}", name=name)
        message = absence(self._module, name)
        if _is_from_import(sys._getframe(1)):
            # An AttributeError would be replaced by Python's own ImportError, which knows nothing of MXNet.
            raise ImportError(message, name=self._module.__name__, path=getattr(self._module, "__file__", None))
        # Given the name but not the object, Python adds no suggestion of its own to the message.
        raise AttributeError(message, name=name)


def absence(module: ModuleType, name: str) -> str:
    """Return the message for a name that a module lacks: not provided yet, or unknown."""
    path = ".".join([*module.__name__.split(".")[1:], name])
    if is_known(path):
        instead = vars(module).get("_INSTEAD", {}).get(name, "")
        return f"module {module.__name__!r} has no attribute {name!r}: {not_yet(path, instead)}"
    public = [each for each in dir(module) if not each.startswith("_")]
    return f"module {module.__name__!r} has no attribute {name!r}{nearest(name, public)}"


def not_yet(path: str, instead: str = "") -> str:
    """Say that a name of MXNet is not provided yet, and what to use instead if that is known."""
    text = f"it is a known name of MXNet 1.9.1 that glueball {__version__} does not provide yet"
    while path and not instead:
        instead = INSTEAD.get(path) or INSTEAD.get(canonical(path)) or ""
        path = path.rpartition(".")[0]
    return f"{text}; {instead}" if instead else text


def is_known(path: str) -> bool:
    """Whether MXNet 1.9.1 has a name with this dotted path, such as ``gluon.rnn`` or ``nd.random.uniform``."""
    module, _, name = path.rpartition(".")
    return is_module(path) or name in _names(module)


def is_module(path: str) -> bool:
    """Whether MXNet 1.9.1 has a module with this dotted path; aliases such as ``nd.random`` count."""
    return canonical(path) in _table()["modules"]


def canonical(path: str) -> str:
    """Return the path of a module without aliases: ``ndarray.random`` for ``nd.random``."""
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
    """Whether a ``__getattr__`` itself raised the error, rather than something that it called."""
    traceback = error.__traceback__
    return traceback is None or traceback.tb_next is None or traceback.tb_next.tb_next is None


def _is_from_import(frame: Any) -> bool:
    """Whether a frame is at ``from module import name``."""
    import opcode  # needed only for an error message

    return bool(frame.f_code.co_code[frame.f_lasti] == opcode.opmap["IMPORT_FROM"])
