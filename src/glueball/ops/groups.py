"""Functions made from declarations, by name and in groups: what ``nd`` and ``sym`` have in common."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, Generic, TypeVar

from ..core.group_module import GroupModule
from ..core.methods import install
from .attrs import Null, as_type
from .declare import Operator, registry
from .operator import OF_NP

_Made = TypeVar("_Made")


class Functions(dict[str, Callable[..., _Made]], Generic[_Made]):
    """The function of every operator, under each of its names; made on first lookup.

    Parameters
    ----------
    make : callable
        ``make(operator, name)`` returns the function.
    """

    def __init__(self, make: Callable[[Operator, str], Callable[..., _Made]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> Callable[..., _Made]:
        function = self[name] = self._make(registry[name], name)
        return function

    def add_methods(self, owner: type, module: str) -> None:
        """Install the methods that the operators name on a class, except those that it defines itself.

        Parameters
        ----------
        owner : type
            NDArray or Symbol.
        module : str
            The module that has the functions, such as ``'nd'``.
        """
        for operator in registry:
            if operator.method and not hasattr(owner, operator.method):
                install(owner, operator.method, self._method(operator, module))

    def _method(self, operator: Operator, module: str) -> Callable[..., Any]:
        # Automatic names of nodes are derived from the name under which an operator is called.
        called = operator.method if operator.method in registry else operator.name

        functions = self

        def method(self: Any, *arguments: Any, **options: Any) -> Any:
            return functions[called](self, *arguments, **options)

        method.__doc__ = f"Call `glueball.{module}.{operator.name}` on this object.\n\n{operator.doc}"
        return method


def type_reader(name: str) -> Callable[[Any], Any]:
    """Return what the function of an operator does with its argument ``dtype``: to those of ``mx.np``, None is none."""
    return _type_if_given if name.startswith(OF_NP) else as_type


def _type_if_given(dtype: Any) -> Any:
    return Null if dtype is None else dtype


def make_group(functions: Functions[Any], module: str, doc: str, prefix: str = "", hidden: bool = False) -> ModuleType:
    """Make a module of the functions of the operators whose names begin with `prefix`, under the rest of the name.

    Parameters
    ----------
    functions : Functions
        Where the functions come from.
    module, doc : str
        The full name and the docstring of the module.
    prefix : str, default ''
        What the names lose.
    hidden : bool, default False
        True for only the names that then still begin with an underscore, False for only the others.
    """

    def belongs(name: str) -> bool:
        # The operators of mx.np have groups of their own.
        return name.startswith("_") is hidden and not name.startswith(OF_NP)

    def names() -> list[str]:
        rests = [name.removeprefix(prefix) for name in registry.names() if name.startswith(prefix)]
        return [rest for rest in rests if belongs(rest)]

    def find(name: str) -> Callable[..., Any] | None:
        is_there = prefix + name in registry and belongs(name)
        return functions[prefix + name] if is_there else None

    group = sys.modules[module] = GroupModule(module, doc, find, names)
    return group
