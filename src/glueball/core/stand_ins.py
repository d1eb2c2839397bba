"""Modules that MXNet has and Glueball lacks: each can be imported, and says at every use what to do instead.

Programs import more than they use, so that an import must not be what fails. A stand-in is in ``sys.modules`` and
nowhere else: it is no attribute of its package, so that ``hasattr(mx.gluon, "rnn")`` is False before and after its
import, and ``import *`` brings nothing from it.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_ITS_OWN = "MXNet has it for its own use"

#: The modules by path, and what to use instead.
STAND_INS = {
    "api": _ITS_OWN,
    "contrib.quantization": "cast the network: net.cast('float16')",
    "contrib.svrg_optimization.svrg_optimizer": "SVRGModule updates with any optimizer of mx.optimizer itself",
    "kvstore.kvstore_server": "mx.kvstore works within one process: mx.kv.create('device')",
    "library": "declare the operator in torch, or write an mx.autograd.Function",
    "ndarray.register": _ITS_OWN,
    "ndarray_doc": _ITS_OWN,
    "notebook": "hand batch_end_callback a function",
    "notebook.callback": "hand batch_end_callback a function",
    **dict.fromkeys(("numpy_dispatch_protocol", "numpy_op_fallback", "numpy_op_signature"), _ITS_OWN),
    "rtc": "write the kernel as an extension of torch and pass arrays with to_torch() and nd.from_torch()",
    "space": _ITS_OWN,
    "symbol.register": _ITS_OWN,
    "symbol_doc": _ITS_OWN,
    "torch": "use to_torch() and nd.from_torch()",
    "tvmop": _ITS_OWN,
}


class StandIn(ModuleType):
    """One such module."""

    def __init__(self, library: str, path: str) -> None:
        name = f"{library}.{path}"
        super().__init__(name, f"A stand-in for MXNet's {path}, which says of each name what to use instead.")
        vars(self).update(__spec__=ModuleSpec(name, None, is_package=True), __path__=[], __package__=name, __all__=[])

    def __repr__(self) -> str:
        return f"<module {self.__name__!r} (a stand-in)>"


def add(library: str) -> None:
    """Make every stand-in of a library importable."""
    for path in STAND_INS:
        name = f"{library}.{path}"
        if name not in sys.modules:
            sys.modules[name] = StandIn(library, path)


def find(library: str, path: str) -> Any:
    """Return the stand-in with a path, or None."""
    module = sys.modules.get(f"{library}.{path}")
    return module if isinstance(module, StandIn) else None
