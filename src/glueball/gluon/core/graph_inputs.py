"""What a call of a block hands to its graph, which may be more than a user gives: a class may add first states."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, Protocol

from ...autograd.scopes import Scope
from ...core.errors import MXNetError
from .traced_graph import tracing

_lock = threading.Lock()


class _Block(Protocol):
    """What is asked of a hybridized block."""

    def __call__(self, *args: Any) -> Any: ...
    def _call_cached_op(self, *args: Any) -> Any: ...


class _Reached(BaseException):
    """Ends a call where its graph would run; no ``except Exception`` of a program stops it."""

    def __init__(self, args: tuple[Any, ...]) -> None:
        self.args_of_graph = args


def graph_inputs(block: _Block, args: Sequence[Any], owner: str) -> tuple[Any, ...]:
    """Return the inputs of the graph that a call with these arguments runs; nothing is computed.

    `__call__` and `forward` of the block run up to there, without hooks.

    Parameters
    ----------
    block : HybridBlock
        A block that is hybridized.
    args : sequence
        The inputs of a call.
    owner : str
        What messages call the function that asks.

    Raises
    ------
    MXNetError
        The call runs no graph of the block.
    """
    here, run = threading.get_ident(), block._call_cached_op

    def reached(*given: Any) -> Any:
        if threading.get_ident() != here:  # another thread calls the block meanwhile
            return run(*given)
        raise _Reached(given)

    with _lock, Scope(False, None):
        before, tracing.silent = tracing.silent, True
        vars(block)["_call_cached_op"] = reached
        try:
            block(*args)
        except _Reached as found:
            return found.args_of_graph
        finally:
            tracing.silent = before
            vars(block).pop("_call_cached_op", None)
    raise MXNetError(
        f"{owner}: a call of the block must run its graph; forward of {type(block).__name__} computes without one; use "
        "its children instead"
    )
