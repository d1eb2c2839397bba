"""The worker processes of a DataLoader, which prefetch batches: those of torch's own data loader."""

from __future__ import annotations

import pickle
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch.utils.data import DataLoader as TorchLoader

from ...core import rng
from ...core.context import Context
from ...core.errors import MXNetError
from .epoch import BatchMaker, Epoch, timed_out
from .transport import pack, unpack

if sys.platform == "linux":
    from .worker_process import Workers


class ProcessWorkers:
    """Start epochs whose batches are made by worker processes, on torch's data loader.

    torch's loader manages the processes: they exit with this one however it ends, a dead worker is detected, and
    tensors arrive in shared memory. A set of workers serves one epoch at a time and then waits for the next;
    overlapping epochs, as in nested loops over one loader, get one set each.
    """

    def __init__(self, make: BatchMaker, batches: Iterable[Any], workers: int, ahead: int, timeout: float) -> None:
        self._make, self._batches = make, batches
        self._options: dict[str, Any] = {
            "num_workers": workers,
            "prefetch_factor": max(1, -(-ahead // workers)),
            "timeout": timeout,
        }
        self._idle: list[TorchLoader[Any]] = []

    def start(self) -> Epoch:
        """Start an epoch with idle workers, or with new ones."""
        loader = self._idle.pop() if self._idle else self._new_loader()
        return _ProcessEpoch(loader, self._idle.append, self._options["timeout"])

    def _new_loader(self) -> TorchLoader[Any]:
        # a copy: worker seeds derive from mx.random.seed, but the program's own draws must not depend on workers
        seeds = torch.Generator()
        seeds.set_state(rng.generator(Context("cpu", 0)).get_state())
        return TorchLoader(
            _CaughtBatches(self._make),  # type: ignore[arg-type]
            batch_size=None,  # an item is already a batch
            sampler=self._batches,
            collate_fn=_as_it_is,
            worker_init_fn=_begin_worker,
            generator=seeds,
            multiprocessing_context=Workers() if sys.platform == "linux" else None,
            persistent_workers=True,
            **self._options,
        )


class _ProcessEpoch:
    """An epoch of torch's loader. Its workers are returned at the end, unless an error occurred."""

    def __init__(self, loader: TorchLoader[Any], give_back: Callable[[TorchLoader[Any]], None], timeout: float) -> None:
        self._loader: TorchLoader[Any] | None = loader
        self._give_back = give_back
        self._timeout = timeout
        self._batches: Iterator[Any] | None = None
        self._batches = self._ask(iter, loader)  # the workers start here

    def __iter__(self) -> Iterator[Any]:
        end = object()
        while (batch := self._ask(next, self._batches, end)) is not end:
            if isinstance(batch, _Caught):
                self._drop()
                try:
                    raise batch.error from _WorkerTraceback(batch.traceback)
                finally:
                    del batch  # it holds the exception, whose traceback holds this frame
            yield self._ask(unpack, batch)

    def _ask(self, question: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return question(*arguments)
        except BaseException as error:
            problem = str(error)
            # handle only errors of torch's loader itself; those of a sampler, which runs here too, are re-raised
            if type(error) is not RuntimeError or not problem.startswith(("DataLoader", "Too many open files")):
                self._drop()
                raise
        # Outside the except clause, since the error of torch's loader would keep the workers alive.
        arguments = ()
        self._drop()
        if "timed out" in problem:
            raise timed_out(self._timeout)
        raise MXNetError(f"DataLoader: worker processes must stay alive; torch reports: {problem}")

    def _drop(self) -> None:
        # End the processes now. If a traceback kept them, they would wait for the garbage collector, in which torch
        # takes seconds to end each of them.
        if self._loader is not None and self._loader.multiprocessing_context is not None:
            self._loader.multiprocessing_context.abandon()
        self._loader = self._batches = None

    def close(self) -> None:
        loader, self._loader = self._loader, None
        self._drop()
        if loader is not None:
            self._give_back(loader)


class _CaughtBatches:
    """Run in a worker: make batches, and pickle them.

    An exception is returned as a value, which preserves its class, message and traceback.
    """

    def __init__(self, make: BatchMaker) -> None:
        self._make = make

    def __getitem__(self, indices: Iterable[Any]) -> Any:
        try:
            return pack(self._make[indices])
        except Exception as error:
            return _Caught(error)


class _Caught:
    """An exception from a worker with its traceback; an MXNetError where it cannot be pickled."""

    def __init__(self, error: Exception) -> None:
        self.traceback = traceback.format_exc()
        self.error: Exception = MXNetError(f"DataLoader: a worker raised {type(error).__name__}: {error}")
        try:
            pickle.loads(pickle.dumps(error))
            self.error = error
        except Exception:  # whatever pickling raises, the traceback must still arrive
            return


class _WorkerTraceback(Exception):
    """The traceback of an exception in a worker process, as text; chained as its cause."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return f'\n"""\n{self.text}"""'


def _as_it_is(batch: Any) -> Any:
    return batch


def _begin_worker(worker: int) -> None:
    # torch has already seeded itself, NumPy and random differently in each worker
    rng.seed(torch.initial_seed())
    # a forked process cannot use the GPU, which may be the current context in the parent
    Context("cpu", 0).__enter__()
