"""Modules whose functions are made when somebody first asks for them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any


class GroupModule(ModuleType):
    """A module of functions that are made when first used.

    Programs look into ``__dict__`` to find out which operators there are, and take some out of it, so that it has all
    functions as soon as it is read, and those that were taken out are gone.

    Parameters
    ----------
    name, doc : str
        The name and the docstring of the module.
    find : callable
        Returns the function of a name, or None if there is none.
    names : callable
        Returns the names of all functions.
    """

    __slots__ = ("_find", "_is_whole", "_names")

    def __init__(self, name: str, doc: str, find: Callable[[str], Any], names: Callable[[], Iterable[str]]) -> None:
        super().__init__(name, doc)
        self._find, self._names, self._is_whole = find, names, False
        own_names(self)["__getattr__"] = self._make

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        """Everything that the module has."""
        own = own_names(self)
        if not self._is_whole:
            self._is_whole = True
            for name in self._names():
                own[name] = own[name] if name in own else self._find(name)
        return own

    def _make(self, name: str) -> Any:
        function = None if self._is_whole else self._find(name)
        if function is None:
            raise AttributeError(name)
        own_names(self)[name] = function
        return function

    def __dir__(self) -> list[str]:
        own = own_names(self)
        made = [name for name in self._names() if name in own or not self._is_whole]
        return sorted({*made, *[name for name in own if not name.startswith("_")]})


_DICT: Any = vars(ModuleType)["__dict__"]


def own_names(module: ModuleType) -> dict[str, Any]:
    """Return the names that a module has, without making functions that nobody has asked for."""
    names: dict[str, Any] = _DICT.__get__(module)
    return names


def on_demand(
    namespace: dict[str, Any], find: Callable[[str], Any], names: Callable[[], Iterable[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and ``__dir__`` of a module in a file that makes some of its names when asked for.

    Parameters
    ----------
    namespace : dict
        The module's ``globals()``. Its ``__all__``, if there is one, has the other public names.
    find : callable
        Returns what a name stands for, or None.
    names : callable
        Returns the names that `find` knows.
    """

    def __getattr__(name: str) -> Any:
        # Names like __path__ are asked of every module; the modules that `find` looks into have their own.
        found = None if name.startswith("__") else find(name)
        if found is None:
            raise AttributeError(name)
        namespace[name] = found
        return found

    def __dir__() -> list[str]:
        # What the module itself imports is nobody's business, as that of modules whose names are all in the file.
        own = [name for name in namespace if name.startswith("_")]
        # Not out of the namespace, where `known_names` leaves no __all__.
        public = getattr(sys.modules[namespace["__name__"]], "__all__", ())
        return sorted({*own, *public, *names()})

    return __getattr__, __dir__
