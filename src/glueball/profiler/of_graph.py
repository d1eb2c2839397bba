"""Runs a graph in the form in which it runs anyway, and records each of its steps by the operators it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from torch import fx

from ..graph.explanation import grouped, is_given
from ..graph.form import Form, kernel_of
from .gradients import next_number
from .records import now


class _Recorder(Protocol):
    """Who records: `glueball.profiler.recording.Recorder`."""

    def timed(self, name: str, work: Callable[[], Any]) -> Any:
        """Do some work and record it."""
        ...

    def finish(self, name: str, begin: int, number: int, result: Any) -> None:
        """Record work that has begun at a time."""
        ...


class Observed:
    """A function that runs a graph step by step.

    Parameters
    ----------
    recorder : object
        Who records.
    form : callable
        Returns what runs.
    run : callable
        Runs the graph without recording its steps.
    """

    def __init__(self, recorder: _Recorder, form: Callable[[], Form], run: Callable[..., Any]) -> None:
        self._recorder, self._form, self._run = recorder, form, run

    def __call__(self, *arguments: Any) -> Any:
        """Run the graph."""
        form = self._form()
        if form.module is None:  # the engine shows no steps
            return self._recorder.timed("_CachedOp", lambda: self._run(*arguments))
        return _Steps(form.module, self._recorder).run(*form.inputs)


class _Steps(fx.Interpreter):
    """Runs a graph call by call."""

    def __init__(self, module: fx.GraphModule, recorder: _Recorder) -> None:
        super().__init__(module, garbage_collect_values=True)
        self.extra_traceback = False
        self._recorder = recorder
        calls = [node for node in module.graph.nodes if node.op == "call_function" and not is_given(node)]
        groups = grouped(calls)
        self._first = {group[0] for group in groups}
        self._last = {group[-1]: _name(group) for group in groups}
        self._begin = self._number = 0
        self._results: list[Any] = []

    def run_node(self, n: fx.Node) -> Any:
        """Make one call, which may be the first or the last of a step."""
        if n in self._first:
            self._begin, self._number, self._results = now(), next_number(), []
        result = super().run_node(n)
        self._results += result if isinstance(result, tuple | list) else (result,)
        if n in self._last:
            self._recorder.finish(self._last[n], self._begin, self._number, self._results)
        return result


def _name(group: list[fx.Node]) -> str:
    """Return the operators that a step stands for, as MXNet names what it runs together, or its kernel."""
    sources = [source for source in group[-1].meta.get("sources", ()) if source.operator is not None]
    return ",".join([source.operator.name for source in sources]) or kernel_of(group[-1])
