"""Names that a module of MXNet has and the file of the same name here does not: where they are, or why they are not.

MXNet's modules show much that they import: ``mx.gluon.block.ndarray``, ``mx.gluon.nn.conv_layers.MaxPool2D``. A module
here finds such a name where it is, when it is first asked for. Of a name that is nowhere, it says whether MXNet has it,
and what to use instead. Modules do not opt in one by one: `explain` covers all modules of the package at once.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from .._version import __version__
from . import mxnet_names, stand_ins
from .errors import nearest
from .group_module import own_names

#: What to use instead of a missing name, or of a missing module. A module that exists says this for the names it lacks
#: in a dict of its own, ``_INSTEAD``.
INSTEAD = {
    "image.cv2": "import cv2 itself",
    "image.image.cv2": "import cv2 itself",
    "ndarray.imdecode": "use mx.image.imdecode",
    **stand_ins.STAND_INS,
}

_ABSENT = object()

#: The number of ``import *`` among what CALL_INTRINSIC_1 does, since Python 3.12.
_IMPORT_STAR = 2


def explain(package: str) -> None:
    """Make every imported module of a package find or explain the names that it lacks, and add the stand-ins."""
    stand_ins.add(package)
    for name, module in list(sys.modules.items()):
        if name == package or name.startswith(f"{package}."):
            explain_in(module)


def explain_in(module: ModuleType) -> None:
    """Make one module find or explain the names that it lacks, after its own ``__getattr__``, if it has one, fails."""
    names = own_names(module)
    own = names.get("__getattr__")
    if not isinstance(own, _Explanation):
        # Where it stands in the module, `import *` asks for no more.
        listed = None if isinstance(module, stand_ins.StandIn) else names.pop("__all__", None)
        names["__getattr__"] = _Explanation(module, own, listed)


class _Explanation:
    """The ``__getattr__`` of a module, and its ``__all__`` if it has one."""

    def __init__(self, module: ModuleType, own: Callable[[str], Any] | None, listed: list[str] | None) -> None:
        self._module, self._own, self._listed = module, own, listed

    def __call__(self, name: str) -> Any:
        found = self.find(name)
        if name == "__all__" and _is_star_import(sys._getframe(1)):
            return self._by_star(None if found is _ABSENT else found)
        if found is not _ABSENT:
            return found
        if name.startswith("__"):  # tools look these up on any module
            raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r}", name=name)
        found = _elsewhere(self._module, name)
        if found is not _ABSENT:
            return found
        if _is_from_import(sys._getframe(1)):
            library, _, path = f"{self._module.__name__}.{name}".partition(".")
            found = stand_ins.find(library, mxnet_names.canonical(path))
            if found is not None:
                return found
            # An AttributeError would be replaced by Python's own ImportError, which knows nothing of MXNet.
            message = absence(self._module, name)
            raise ImportError(message, name=self._module.__name__, path=getattr(self._module, "__file__", None))
        # Given the name but not the object, Python adds no suggestion of its own to the message.
        raise AttributeError(absence(self._module, name), name=name)

    def find(self, name: str) -> Any:
        """Return what the module itself has under a name."""
        names = own_names(self._module)
        if name in names:
            return names[name]
        if name == "__all__" and self._listed is not None:
            return self._listed
        if self._own is not None:
            try:
                return self._own(name)
            except AttributeError as error:
                if not _says_absent(error):
                    raise
        return _ABSENT

    def _by_star(self, listed: list[str] | None) -> list[str]:
        """Return what ``import *`` brings: what it brings in MXNet, and what the module lists that MXNet's lacks."""
        path = self._module.__name__.partition(".")[2]
        if not mxnet_names.is_module(path):
            return [name for name in own_names(self._module) if not name.startswith("_")] if listed is None else listed
        wanted = mxnet_names.by_star(path)
        # A program's own np and its like must not be replaced by what MXNet has there and does not bring.
        added = {name for name in listed or () if not mxnet_names.is_shown(path, name)}
        return sorted(added | {name for name in wanted if self._has(name)})

    def _has(self, name: str) -> bool:
        return self.find(name) is not _ABSENT or _elsewhere(self._module, name) is not _ABSENT


def _elsewhere(module: ModuleType, name: str) -> Any:
    """Return what another module has that MXNet's module of this name shows, too."""
    library, _, path = module.__name__.partition(".")
    home, part = mxnet_names.foreign(path).get(name, ("", ""))
    if home:
        return _foreign(home, part)
    shown = mxnet_names.module_shown(path, name)
    if shown is not None:
        found = sys.modules.get(f"{library}.{shown}".rstrip("."))
        return _ABSENT if found is None or isinstance(found, stand_ins.StandIn) else found
    for place in mxnet_names.modules_with(path, name):
        explanation = own_names(sys.modules.get(f"{library}.{place}".rstrip("."), sys)).get("__getattr__")
        if isinstance(explanation, _Explanation):
            found = explanation.find(name)
            if found is not _ABSENT:
                return found
    return _ABSENT


def _foreign(home: str, part: str) -> Any:
    try:
        found = importlib.import_module(home)
    except ImportError:  # a package that is not installed
        return _ABSENT
    return getattr(found, part, _ABSENT) if part else found


def absence(module: ModuleType, name: str) -> str:
    """Return the message for a name that a module lacks: not provided yet, or unknown."""
    path = ".".join([*module.__name__.split(".")[1:], name])
    if mxnet_names.is_known(path) or _is_numpys(path):
        return f"module {module.__name__!r} has no attribute {name!r}: {not_yet(path, _advice(module, name))}"
    if isinstance(module, stand_ins.StandIn):
        lacking = module.__name__.partition(".")[2]
        return (
            f"module {module.__name__!r} has no attribute {name!r}: glueball {__version__} does not provide MXNet's "
            f"{lacking} yet; {INSTEAD[lacking]}"
        )
    public = [each for each in dir(module) if not each.startswith("_")]
    return f"module {module.__name__!r} has no attribute {name!r}{nearest(name, public)}"


def _is_numpys(path: str) -> bool:
    """Whether a name is one of MXNet's NumPy interface, of which the table lists the modules alone."""
    return any(part in ("numpy", "numpy_extension") for part in path.split(".")[:-1])


def _advice(module: ModuleType, name: str) -> str:
    """Return what the module says about a name that it lacks, or the module where the name comes from."""
    library, _, path = module.__name__.partition(".")
    for place in [path, *mxnet_names.modules_with(path, name)]:
        owner = sys.modules.get(f"{library}.{place}".rstrip("."))
        advice: str = own_names(owner).get("_INSTEAD", {}).get(name, "") if owner else ""
        if advice:
            return advice
    return ""


def not_yet(path: str, instead: str = "") -> str:
    """Say that a name of MXNet is not provided yet, and what to use instead if that is known."""
    text = f"it is a known name of MXNet 1.9.1 that glueball {__version__} does not provide yet"
    while path and not instead:
        instead = INSTEAD.get(path) or INSTEAD.get(mxnet_names.canonical(path)) or ""
        path = path.rpartition(".")[0]
    return f"{text}; {instead}" if instead else text


def _says_absent(error: AttributeError) -> bool:
    """Whether a ``__getattr__`` itself raised the error, rather than something that it called."""
    traceback = error.__traceback__
    return traceback is None or traceback.tb_next is None or traceback.tb_next.tb_next is None


def _is_from_import(frame: Any) -> bool:
    """Whether a frame is at ``from module import name``."""
    import opcode  # needed only for an error message

    return bool(frame.f_code.co_code[frame.f_lasti] == opcode.opmap["IMPORT_FROM"])


def _is_star_import(frame: Any) -> bool:
    """Whether a frame is at ``from module import *``."""
    import opcode

    code, place = frame.f_code.co_code, frame.f_lasti
    if "IMPORT_STAR" in opcode.opmap:  # before Python 3.12
        return bool(code[place] == opcode.opmap["IMPORT_STAR"])
    return bool(code[place] == opcode.opmap["CALL_INTRINSIC_1"] and code[place + 1] == _IMPORT_STAR)
