"""What torch's own profiler sees below the operators: its kernels, also those on GPUs."""

from __future__ import annotations

from typing import Any

import torch
from torch.autograd import profiler

from .records import now

_MARK = "glueball: the clock"


class TorchEvents:
    """The events of torch's profiler, as often as it was started and stopped."""

    def __init__(self) -> None:
        self._events: list[dict[str, Any]] = []
        self._running: Any = None
        self._begin = 0

    def start(self) -> None:
        """Start torch's profiler, unless the program uses it already."""
        if torch._C._autograd._profiler_enabled():
            return
        self._running = profiler.profile(use_device="cuda" if torch.cuda.is_available() else None)
        self._running.__enter__()
        for _ in range(2):  # the first takes longer, and gives no time
            self._begin = now()
            with profiler.record_function(_MARK):
                pass

    def stop(self) -> None:
        """Stop it, and keep what it has seen."""
        if self._running is None:
            return
        found, self._running = self._running, None
        found.__exit__(None, None, None)
        # Its times begin anywhere: an event whose time is known says where.
        events = list(found.function_events)
        marks = [each.time_range.start for each in events if each.name == _MARK]
        offset = self._begin / 1000 - marks[-1] if marks else 0.0
        self._events += [
            {
                "name": each.name, "cat": "torch", "ph": "X", "ts": int(offset + each.time_range.start),
                "dur": each.time_range.elapsed_us(), "tid": each.thread,
            }
            for each in events if each.name != _MARK
        ]  # fmt: skip

    def events(self) -> list[dict[str, Any]]:
        """Return the events until now, for a Chrome trace."""
        if self._running is not None:
            self.stop()
            self.start()
        return self._events
