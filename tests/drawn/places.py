"""The public callables of Glueball: what a call of a user's program can reach."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import glueball
from glueball.core import mxnet_names

#: Methods that Python calls for a user: operators, indexing, iteration. All other public methods have plain names.
SPECIAL = (
    "__call__", "__getitem__", "__setitem__", "__len__", "__iter__", "__next__", "__contains__", "__add__", "__radd__",
    "__iadd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__", "__mod__", "__rmod__",
    "__pow__", "__rpow__", "__neg__", "__abs__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__bool__",
    "__int__", "__float__", "__index__", "__matmul__", "__enter__", "__exit__", "__copy__", "__deepcopy__",
    "__getstate__", "__setstate__", "__repr__", "__str__",
)  # fmt: skip

#: Inherited methods that do something of its own in each class.
_OF_EACH_CLASS = {"__call__", "__iter__", "__next__", "__len__", "__getitem__", "update", "forward", "next"}


@dataclass(frozen=True)
class Place:
    """A public callable: a function, a class, or a method of a class.

    Attributes
    ----------
    name : str
        Its path without the package, such as ``gluon.nn.Dense.cast``.
    owner : type or None
        The class of a method, whose objects it is called on.
    method : str
        The name of a method.
    function : callable
        What has the signature.
    """

    name: str
    function: Any
    owner: type | None = None
    method: str = ""
    is_static: bool = False
    is_property: bool = False


def public_modules() -> Iterator[tuple[str, types.ModuleType]]:
    """The modules that MXNet has under the same path; the others are rooms of our own."""
    yield "", glueball
    for info in pkgutil.walk_packages(glueball.__path__, "glueball."):
        path = info.name.partition(".")[2]
        if mxnet_names.is_module(path):
            yield path, importlib.import_module(info.name)


def places() -> dict[str, Place]:
    """All public callables by their names, each once, under the shortest of its names."""
    found: dict[str, Place] = {}
    seen: set[int] = set()
    for path, module in sorted(public_modules(), key=lambda pair: (pair[0].count("."), pair[0])):
        public = getattr(module, "__all__", ())
        for name in sorted(public or dir(module)):
            value = getattr(module, name)
            if name.startswith("_") or id(value) in seen or not _is_ours(value):
                continue
            if not (name in public or mxnet_names.is_known(f"{path}.{name}")):
                continue  # something of ours that a module imports for itself
            seen.add(id(value))
            full = f"{path}.{name}".lstrip(".")
            found[full] = Place(full, value)
            if isinstance(value, type):
                found.update((place.name, place) for place in _methods(full, value))
    return found


def _is_ours(value: Any) -> bool:
    module = getattr(value, "__module__", None) or ""
    if isinstance(value, type) and issubclass(value, BaseException):
        return False
    return isinstance(value, type | types.FunctionType) and module.partition(".")[0] == "glueball"


def _methods(path: str, owner: type) -> Iterator[Place]:
    for name in sorted(dir(owner)):
        if name.startswith("_") and name not in SPECIAL:
            continue
        home = next((base for base in owner.__mro__ if name in vars(base)), object)
        if home.__module__.partition(".")[0] != "glueball":
            continue
        inherited = home is not owner and not home.__name__.startswith("_")
        member = inspect.getattr_static(owner, name)
        function = getattr(member, "__func__", member)
        if isinstance(member, property) and not inherited:
            yield Place(f"{path}.{name}", member.fget, owner, name, is_property=True)
        if isinstance(function, types.FunctionType) and (not inherited or name in _OF_EACH_CLASS):
            yield Place(f"{path}.{name}", function, owner, name, isinstance(member, staticmethod))
