"""The file names of a checkpoint, and the prefixes of the array names in its files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TypeVar

from ..core.integers import is_int_not_bool
from .path import as_path

_Array = TypeVar("_Array")


def checkpoint_file(owner: str, prefix: str | os.PathLike[str], epoch: int, ending: str = "params") -> str:
    """Return the name of the file for one epoch, such as ``net-0007.params``.

    Raises
    ------
    TypeError
        The prefix is not a path or the epoch is not an int; the message begins with `owner`.
    """
    if not is_int_not_bool(epoch):
        raise TypeError(f"{owner}: epoch must be an int; received {epoch!r}")
    return f"{as_path(owner, prefix)}-{int(epoch):04d}.{ending}"


def graph_file(owner: str, prefix: str | os.PathLike[str]) -> str:
    """Return the name of the graph file, which all epochs share: ``net-symbol.json``."""
    return f"{as_path(owner, prefix)}-symbol.json"


def with_kinds(arguments: Mapping[str, _Array], states: Mapping[str, _Array]) -> dict[str, _Array]:
    """Return parameters and auxiliary states in one dict, each name prefixed with its kind."""
    return {f"arg:{name}": array for name, array in arguments.items()} | {
        f"aux:{name}": array for name, array in states.items()
    }


def without_kind(name: str) -> str:
    """Return the name of an array without its kind prefix, if it has one."""
    return name[4:] if name.startswith(("arg:", "aux:")) else name
