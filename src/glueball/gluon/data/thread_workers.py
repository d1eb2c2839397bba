"""The threads of a DataLoader, which prefetch batches."""

from __future__ import annotations

import collections
import queue
import threading
import weakref
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, wait
from typing import Any

from .epoch import BatchMaker, Epoch, timed_out

_Tasks = queue.SimpleQueue[tuple[Future[Any], Any] | None]


class ThreadWorkers:
    """Start epochs whose batches are made by threads."""

    def __init__(self, make: BatchMaker, batches: Iterable[Any], workers: int, ahead: int, timeout: float) -> None:
        self._make, self._batches = make, batches
        self._workers, self._ahead, self._timeout = workers, ahead, timeout

    def start(self) -> Epoch:
        """Start an epoch; its threads live as long as it does."""
        return _ThreadEpoch(self._make, iter(self._batches), self._workers, self._ahead, self._timeout)


class _ThreadEpoch:
    """An epoch. Its threads are daemons, unlike those of an executor: one that hangs must not keep the program."""

    def __init__(self, make: BatchMaker, batches: Iterator[Any], workers: int, ahead: int, timeout: float) -> None:
        self._batches, self._ahead, self._timeout = batches, ahead, timeout
        self._tasks: _Tasks = queue.SimpleQueue()
        self._pending: collections.deque[Future[Any]] = collections.deque()
        # also called when the program ends, or when nobody has closed the epoch
        self.close = weakref.finalize(self, _end, self._tasks, self._pending, workers)
        for number in range(workers):
            name = f"glueball-data_{number}"
            threading.Thread(target=_work, args=(make, self._tasks), name=name, daemon=True).start()
        self._submit(ahead)

    def _submit(self, wanted: int) -> None:
        while len(self._pending) < wanted:
            try:
                indices = next(self._batches)
            except StopIteration:
                return
            future: Future[Any] = Future()
            self._pending.append(future)
            self._tasks.put((future, indices))

    def __iter__(self) -> Iterator[Any]:
        while True:
            self._submit(self._ahead + 1)
            if not self._pending:
                return
            future = self._pending.popleft()
            done, _ = wait([future], self._timeout)
            if not done:
                raise timed_out(self._timeout)
            yield future.result()


def _work(make: BatchMaker, tasks: _Tasks) -> None:
    """Make batches until there is None to do; without a reference to the epoch, which may be dropped."""
    while (task := tasks.get()) is not None:
        future, indices = task
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(make[indices])
            except BaseException as error:  # the loop that asks for the batch raises it
                future.set_exception(error)
        del task, future, indices  # so that a batch is not kept while waiting for the next task


def _end(tasks: _Tasks, pending: collections.deque[Future[Any]], workers: int) -> None:
    for future in pending:
        future.cancel()
    for _ in range(workers):
        tasks.put(None)
