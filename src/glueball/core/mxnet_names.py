"""What MXNet 1.9.1 is made of: its modules, the names in each, and which of them it shows from another module.

The table is ``known_names.json``, which ``tests/golden/names.py`` writes; it is read when a missing name is first
looked up. A path is the dotted name of a module or of something in it, without the library: ``gluon.nn.Dense``.
"""

from __future__ import annotations

import functools
import json
import pkgutil


def is_known(path: str) -> bool:
    """Whether MXNet 1.9.1 has a name with this dotted path, such as ``gluon.rnn`` or ``nd.random.uniform``."""
    module, _, name = path.rpartition(".")
    return is_module(path) or name in names(module)


def is_module(path: str) -> bool:
    """Whether MXNet 1.9.1 has a module with this dotted path; aliases such as ``nd.random`` count."""
    return canonical(path) in table()["modules"]


def canonical(path: str) -> str:
    """Return the path of a module without aliases: ``ndarray.random`` for ``nd.random``."""
    first, dot, rest = path.partition(".")
    aliases = table()["aliases"]
    return aliases.get(path) or aliases.get(first, first) + dot + rest


def names(module: str) -> frozenset[str]:
    """Return the public names of a module; none for a module that MXNet does not have."""
    return _split(table()["modules"].get(canonical(module), ""))


def module_shown(module: str, name: str) -> str | None:
    """Return the path of the module that another one shows under a name: ``ndarray`` for ``gluon.block`` and ``nd``."""
    for shown in _split(table()["homes"].get(canonical(module), "")):
        path, equals, alias = shown.partition("=")
        if equals and alias == name:
            return path
    return None


def modules_with(module: str, name: str) -> list[str]:
    """Return the other modules that have the same object under the same name, that where it is defined first."""
    home = _homes(name).get(module, module)
    return [path for path in dict.fromkeys([home, *_shown_from(home, name)]) if path != module]


@functools.cache
def foreign(module: str) -> dict[str, tuple[str, str]]:
    """Return what a module shows that is not MXNet's, by its name: a module and what is in it, or "" for all of it."""
    found = {}
    for shown in _split(table()["foreign"].get(canonical(module), "")):
        path, equals, alias = shown.partition("=")
        home, _, name = shown.partition(":")
        found[alias or name] = (path, "") if equals else (home, name)
    return found


def is_shown(module: str, name: str) -> bool:
    """Whether a module of MXNet has a name, MXNet's own or not."""
    return name in names(module) or name in foreign(module)


def by_star(module: str) -> frozenset[str]:
    """Return the names that ``from module import *`` brings, if MXNet has the module."""
    path = canonical(module)
    stars = table()["stars"]
    return _split(stars[path]) if path in stars else names(module) | frozenset(foreign(module))


def table() -> dict[str, dict[str, str]]:
    """Return the whole table."""
    return _read()


@functools.cache
def _read() -> dict[str, dict[str, str]]:
    data = pkgutil.get_data(__name__, "known_names.json")
    assert data is not None
    found: dict[str, dict[str, str]] = json.loads(data)
    return found


@functools.cache
def _split(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _homes(name: str) -> dict[str, str]:
    """Where the modules that show a name from another one have it from."""
    return {
        module: shown.partition(":")[0]
        for module, text in table()["homes"].items()
        for shown in _split(text)
        if shown.partition(":")[2] == name
    }


def _shown_from(home: str, name: str) -> list[str]:
    return sorted(module for module, where in _homes(name).items() if where == home)
