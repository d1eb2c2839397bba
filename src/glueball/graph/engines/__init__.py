"""Engines: how a lowered graph is run. Each is one file here, and is found by itself.

The file ``graph/engines/<name>.py`` holds the engine of that name: an object ``ENGINE`` that is an `Engine`.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, Protocol

from ...core.errors import MXNetError, nearest
from ..lower import Lowered, Run

DEFAULT = "eager"


class Engine(Protocol):
    """What makes a function of a lowered graph.

    Attributes
    ----------
    shows_nodes : bool
        Whether an error of an operator leaves the function as the operator raised it, through the code of the graph, so
        that its node can be named. If not, the shapes and types of a call are checked before the function gets them.
    """

    shows_nodes: bool

    def obstacle(self) -> str:
        """Say in a sentence why the engine cannot run on this machine, or '' if it can."""
        ...

    def compile(self, lowered: Lowered) -> Run:
        """Return a function that computes what the graph does.

        It is called with tensors that require gradients where the caller records, and its results must then carry
        gradients as those of the graph do.

        Parameters
        ----------
        lowered : Lowered
            The graph, which says what its inputs are. It must not be changed.
        """
        ...


def names() -> tuple[str, ...]:
    """Return the names of the engines."""
    return tuple([module.name for module in pkgutil.iter_modules(__path__)])


def find(owner: str, name: Any) -> Engine:
    """Return an engine by its name.

    Raises
    ------
    MXNetError
        There is none of that name, or it cannot run here.
    """
    if name not in names():
        close = nearest(name, names()) if isinstance(name, str) else ""
        raise MXNetError(f"{owner}: backend must be one of {', '.join(map(repr, names()))}; received {name!r}{close}")
    engine: Engine = importlib.import_module(f"{__name__}.{name}").ENGINE
    obstacle = engine.obstacle()
    if obstacle:
        raise MXNetError(f"{owner}: the backend {name!r} must be able to run here; {obstacle}")
    return engine
