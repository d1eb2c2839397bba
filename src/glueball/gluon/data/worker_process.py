"""Worker processes that end when they are told to, whatever they are doing."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or sys.platform == "linux":
    from multiprocessing.context import ForkContext, ForkProcess
    from multiprocessing.popen_fork import Popen

    _SECONDS = 1.0  # for a worker to act on SIGTERM

    class _Popen(Popen):
        def terminate(self) -> None:
            """End the process, whatever is reported meanwhile.

            torch's handler of SIGCHLD raises an error, at any line here, when a signal has killed a worker. If it came
            out, multiprocessing would not end the other workers when the program ends.
            """
            while True:
                with contextlib.suppress(RuntimeError):
                    return self._end()

        def _end(self) -> None:
            """End the process; a program's handler of SIGTERM, which it has inherited, may not do so."""
            super().terminate()
            if self.wait(timeout=_SECONDS) is None:
                self.kill()
                self.wait()

    class _Worker(ForkProcess):
        # Set when nobody waits for its batches any more.
        abandoned = False

        @staticmethod
        def _Popen(process_obj: Any) -> Popen:
            return _Popen(process_obj)

        def join(self, timeout: float | None = None) -> None:
            """Wait for the end: torch gives a worker seconds to finish its batch, which may never be."""
            super().join(0 if self.abandoned and timeout is not None else timeout)

    class Workers(ForkContext):
        """Forks worker processes, and knows them.

        MXNet programs pass lambdas and open files to their workers; only fork can do that.
        """

        def __init__(self) -> None:
            super().__init__()
            self._all: list[_Worker] = []

        def Process(self, *args: Any, **kwargs: Any) -> _Worker:  # type: ignore[override]
            """Make a process, which is not started yet."""
            self._all.append(_Worker(*args, **kwargs))
            return self._all[-1]

        def abandon(self) -> None:
            """Let torch end all processes at once, instead of waiting for their batches."""
            for worker in self._all:
                worker.abandoned = True
