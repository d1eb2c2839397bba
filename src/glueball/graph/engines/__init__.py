"""Engines run lowered graphs. Each engine is one file here, which is discovered automatically.

The file ``graph/engines/<name>.py`` holds the engine of that name: an object ``ENGINE`` that implements `Engine`.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, Protocol

from ...core.errors import MXNetError, nearest
from ..lower import Lowered, Run

#: The engine of those who name none, where it can run; else they have `eager`.
DEFAULT = "onednn"

# The engines that were found able to run here, by name and by the folders that were searched.
_found: dict[Any, Engine] = {}


class Engine(Protocol):
    """Turns a lowered graph into a function.

    Attributes
    ----------
    shows_nodes : bool
        Whether an operator's error propagates unchanged through the code of the graph, so that the node can be named.
        If not, the shapes and types of a call are checked before the function is called.
    """

    shows_nodes: bool

    def obstacle(self) -> str:
        """Return a sentence that says why the engine cannot run on this machine, or '' if it can."""
        ...

    def compile(self, lowered: Lowered) -> Run:
        """Return a function that computes what the graph does.

        While the caller records, the function is called with tensors that require gradients, and gradients must then
        flow through its results as through those of the graph.

        Parameters
        ----------
        lowered : Lowered
            The graph and a description of its inputs. It must not be modified.
        """
        ...


def names() -> tuple[str, ...]:
    """Return the names of the engines."""
    return tuple([module.name for module in pkgutil.iter_modules(__path__)])


def default() -> Engine:
    """Return the engine of those who name none."""
    try:
        return find("graph", DEFAULT)
    except MXNetError:
        return find("graph", "eager")


def find(owner: str, name: Any) -> Engine:
    """Return an engine by its name.

    Raises
    ------
    MXNetError
        There is no engine of that name, or it cannot run here.
    """
    key = (repr(name), *__path__)
    if key in _found:  # hybridize() asks for each block
        return _found[key]
    if name not in names():
        close = nearest(name, names()) if isinstance(name, str) else ""
        raise MXNetError(f"{owner}: backend must be one of {', '.join(map(repr, names()))}; received {name!r}{close}")
    engine: Engine = importlib.import_module(f"{__name__}.{name}").ENGINE
    obstacle = engine.obstacle()
    if obstacle:
        raise MXNetError(f"{owner}: the backend {name!r} must be able to run here; {obstacle}")
    _found[key] = engine
    return engine
