"""Records operators while the profiler runs: those that a program calls, those of graphs, and their gradients."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..core.observers import Function, observers
from ..graph.form import Form
from . import trace
from .gradients import follow, next_number
from .of_graph import Observed
from .of_torch import TorchEvents
from .records import CUSTOM, OPERATOR, Event, Records, now
from .settings import Settings


class Recorder:
    """The profiler of this process."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.records = Records()
        self.is_running = self.is_paused = False
        self._has_output = False
        self._scope = threading.local()
        self._torch = TorchEvents()
        self._last_dump = now()

    # --- states -------------------------------------------------------------------------------------------------------

    @property
    def is_recording(self) -> bool:
        """Whether what happens now is recorded."""
        return self.is_running and not self.is_paused

    def change(self, is_running: bool | None = None, is_paused: bool | None = None) -> None:
        """Start or stop, pause or resume."""
        before = self.is_recording
        self.is_running = self.is_running if is_running is None else is_running
        self.is_paused = self.is_paused if is_paused is None else is_paused
        self._has_output |= self.is_running
        if before is self.is_recording:
            return
        if self.is_recording:
            observers.append(self)
            self._torch.start()
        else:
            observers.remove(self)
            self._torch.stop()

    def dump(self, is_finished: bool) -> None:
        """Write the trace."""
        if not self._has_output:
            raise MXNetError(
                "profiler.dump: the profiler must have run; call profiler.set_config(...) and "
                "profiler.set_state('run') before what is to be measured"
            )
        if is_finished:
            self.change(is_running=False)
        trace.write(self.settings.filename, list(self.records.events), self._torch.events())
        self._last_dump = now()
        if is_finished:
            self._has_output = False
            self.records.events = []
            self._torch = TorchEvents()

    def write_what_is_left(self) -> None:
        """Write the trace of a program that ends while the profiler runs."""
        if self.is_running:
            self.dump(True)

    # --- what is recorded ---------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def scope(self, name: str) -> Iterator[None]:
        """Put a prefix before the names of operators in a ``with`` block."""
        before = self._prefix
        self._scope.prefix = before + name
        try:
            yield
        finally:
            self._scope.prefix = before

    @contextlib.contextmanager
    def users(self, name: str) -> Iterator[None]:
        """Record the code of a program that is an operator, and give the operators in it a section of their own."""
        before = self._category
        self._scope.category = CUSTOM
        begin = now()
        try:
            with self.scope(f"{name}::"):
                yield
        finally:
            self._scope.category = before
            self.span(CUSTOM, f"{name}::pure_python", begin, now())

    @property
    def _category(self) -> str:
        category: str = getattr(self._scope, "category", OPERATOR)
        return category

    @property
    def _prefix(self) -> str:
        prefix: str = getattr(self._scope, "prefix", "")
        return prefix

    def span(self, category: str, name: str, begin: int, end: int, device: int = -1) -> None:
        """Record what lasted from one time to another, if the profiler still runs."""
        if not self.is_recording:
            return
        self.records.span(category, name, begin, end, device, self.settings.aggregate_stats)
        self._dump_if_due(end)

    def count(self, category: str, name: str, value: int) -> None:
        """Record the value of a counter."""
        if self.is_recording:
            self._event("C", category, name, args={name: value})
            if self.settings.aggregate_stats:
                self.records.sum_up(category, name, value / 1000, is_counter=True)

    def mark(self, category: str, name: str, width: str) -> None:
        """Record a moment."""
        if self.is_recording:
            self._event("i", category, name, s=width)
            if self.settings.aggregate_stats:
                self.records.begin_section(category)

    def _event(self, kind: str, category: str, name: str, **arguments: Any) -> None:
        self.records.events.append(Event(kind, category, name, now(), threading.get_ident(), -1, arguments))

    def _dump_if_due(self, time: int) -> None:
        if self.settings.continuous_dump and time - self._last_dump > 1e9 * self.settings.dump_period:
            self._last_dump = time
            self.dump(False)

    def operator(self, name: str, function: Function) -> Function:
        """Return a function that records a call of an operator."""
        if not self.settings.calls:
            return function

        def timed(*args: Any, **kwargs: Any) -> Any:
            return self.timed(name, lambda: function(*args, **kwargs))

        return timed

    def graph(self, form: Callable[[], Form], run: Function) -> Function:
        """Return a function that runs a graph operator by operator, and records each."""
        if not self.settings.graphs:
            return run
        return Observed(self, form, run)

    def timed(self, name: str, work: Callable[[], Any]) -> Any:
        """Do some work and record it, and its gradient once that is computed."""
        name = self._prefix + name
        number = next_number()
        begin = now()
        with torch.autograd.profiler.record_function(name):  # for the trace of torch's own profiler
            result = work()
        self.finish(name, begin, number, result)
        return result

    def finish(self, name: str, begin: int, number: int, result: Any) -> None:
        """Record work that has begun at a time, when torch's autograd had come to a number."""
        tensors = [each for each in (result if isinstance(result, tuple | list) else (result,)) if _is_tensor(each)]
        device = _wait(tensors)
        category = self._category
        self.span(category, name, begin, now(), device)
        follow(tensors, number, lambda begin, end: self.span(category, _backward(name), begin, end, device))


def _backward(name: str) -> str:
    """Return what MXNet calls the gradient of an operator, or of several."""
    return ",".join([f"_backward_{each.lstrip('_')}" for each in reversed(name.split(","))])


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Tensor)


def _wait(tensors: list[Tensor]) -> int:
    """Wait for a GPU, if the results are on one, and return its number or -1: the clock is that of the CPU."""
    for tensor in tensors:
        if tensor.device.type == "cuda":
            torch.cuda.synchronize(tensor.device)
            return tensor.device.index or 0
    return -1


#: The one that MXNet's functions speak of.
recorder = Recorder()
