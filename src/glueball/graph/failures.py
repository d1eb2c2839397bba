"""What a graph or an engine raised: whose fault it is, and which node failed."""

from __future__ import annotations

import linecache
from collections.abc import Collection
from types import TracebackType
from typing import NoReturn

from torch import Tensor, fx

from ..core.errors import OPERATOR_FAILURES, MXNetError, OtherProcessError
from ..core.storage import SparseStorage
from ..core.strangers import raised_elsewhere
from ..ops.explain import explain


def raise_operators(error: Exception) -> NoReturn:
    """Raise what a graph has raised as it was lowered: if it is an operator's, one that names the node."""
    raise_others(error)
    if isinstance(error, OPERATOR_FAILURES):
        raise _explained(error) from error
    raise error


def _explained(error: Exception) -> Exception:
    """Return an error that names the node that failed, and its inputs."""
    stopped = _stopped_at(error.__traceback__)
    if stopped is None:
        reason = str(error) or type(error).__name__
        return error if isinstance(error, MXNetError) else MXNetError(f"graph: {reason.splitlines()[0]}")
    call, tensors = stopped
    if not isinstance(error, MXNetError) and "applied" in call.meta:
        error = explain(call.meta["applied"], tensors, error)
    return MXNetError(f"{call.meta['source'].name}: {error}")


def raise_others(error: Exception, packages: Collection[str] = ()) -> None:
    """Raise an error again that is neither an operator's nor an engine's.

    Parameters
    ----------
    error : Exception
        What was caught.
    packages : collection of str, optional
        What an engine imports: these fail on its behalf.
    """
    stranger = raised_elsewhere(error, packages)
    if stranger is not None:
        raise stranger from stranger.__cause__
    # SparseStorage says that arrays must be taken.
    if isinstance(error, MemoryError | Warning | SparseStorage | OtherProcessError):
        raise error


def of_engine(owner: str, engine: str, error: Exception, where: str = "") -> str:
    """Return a sentence that says how an engine failed, and where if that is known."""
    stopped = _stopped_at(error.__traceback__)
    if stopped:
        where = f"at {stopped[0].meta['source'].name}"
    lines = str(error).strip().splitlines()
    said = type(error).__name__ + (f": {lines[0]}" if lines else "")
    return f"{owner}: the engine {engine!r} failed {f'{where} of' if where else 'on'} the graph, with {said}"


def passed_through(module: fx.GraphModule, traceback: TracebackType | None) -> bool:
    """Whether an error came out of the code of a graph."""
    code = type(module).forward.__code__
    while traceback is not None:
        if traceback.tb_frame.f_code is code:
            return True
        traceback = traceback.tb_next
    return False


def _stopped_at(traceback: TracebackType | None) -> tuple[fx.Node, list[Tensor | None]] | None:
    """Find the call in generated code that raised: it is a line ``name = function(arguments)``."""
    while traceback is not None:
        frame = traceback.tb_frame
        module = frame.f_locals.get("self")
        if isinstance(module, fx.GraphModule) and frame.f_code is type(module).forward.__code__:
            line = linecache.getline(frame.f_code.co_filename, traceback.tb_lineno)
            name = line.split("=")[0].split(":")[0].strip()
            for call in module.graph.nodes:
                if call.name == name and "source" in call.meta:
                    arguments = [frame.f_locals[a.name] if isinstance(a, fx.Node) else None for a in call.args]
                    return call, arguments
        traceback = traceback.tb_next
    return None
