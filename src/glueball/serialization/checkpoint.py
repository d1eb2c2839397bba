"""What the files of a checkpoint are called, and what stands before the names of the arrays in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TypeVar

from ..core.integers import is_int_not_bool
from .path import as_path

_Array = TypeVar("_Array")


def checkpoint_file(owner: str, prefix: str | os.PathLike[str], epoch: int, ending: str = "params") -> str:
    """Return the name of a file of one epoch, such as ``net-0007.params``.

    Raises
    ------
    TypeError
        The prefix is no path or the epoch no int; the message begins with `owner`.
    """
    if not is_int_not_bool(epoch):
        raise TypeError(f"{owner}: epoch must be an int; received {epoch!r}")
    return f"{as_path(owner, prefix)}-{int(epoch):04d}.{ending}"


def graph_file(owner: str, prefix: str | os.PathLike[str]) -> str:
    """Return the name of the file of the graph, which all epochs have in common: ``net-symbol.json``."""
    return f"{as_path(owner, prefix)}-symbol.json"


def with_kinds(arguments: Mapping[str, _Array], states: Mapping[str, _Array]) -> dict[str, _Array]:
    """Return parameters and auxiliary states in one dict, with their kinds before their names."""
    return {f"arg:{name}": array for name, array in arguments.items()} | {
        f"aux:{name}": array for name, array in states.items()
    }


def without_kind(name: str) -> str:
    """Return the name of an array without the kind that may stand before it."""
    return name[4:] if name.startswith(("arg:", "aux:")) else name
