"""Who makes the batches of a DataLoader in advance: threads, or processes of torch's own data loader."""

from __future__ import annotations

import collections
import concurrent.futures
import multiprocessing
import pickle
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import torch
from torch.utils.data import DataLoader as TorchLoader

from ...core import rng
from ...core.context import Context
from ...core.errors import MXNetError


class BatchMaker:
    """Makes the batch of a list of indices. It looks like a dataset to torch's loader, one batch an item."""

    def __init__(self, dataset: Any, batchify: Callable[[list[Any]], Any]) -> None:
        self._dataset = dataset
        self._batchify = batchify

    def __getitem__(self, indices: Iterable[Any]) -> Any:
        return self._batchify([self._dataset[index] for index in indices])


class Epoch(Protocol):
    """One iteration over the batches, begun before anybody asked for one."""

    def __iter__(self) -> Iterator[Any]: ...

    def close(self) -> None:
        """Set the workers free; batches that were not asked for are dropped."""


class ThreadWorkers:
    """Starts epochs whose batches threads make."""

    def __init__(self, make: BatchMaker, batches: Iterable[Any], workers: int, ahead: int, timeout: float) -> None:
        self._make, self._batches = make, batches
        self._workers, self._ahead, self._timeout = workers, ahead, timeout

    def start(self) -> Epoch:
        """Begin an epoch; its threads live as long as it does."""
        return _ThreadEpoch(self._make, iter(self._batches), self._workers, self._ahead, self._timeout)


class _ThreadEpoch:
    def __init__(self, make: BatchMaker, batches: Iterator[Any], workers: int, ahead: int, timeout: float) -> None:
        self._make, self._batches, self._ahead, self._timeout = make, batches, ahead, timeout
        self._pool = concurrent.futures.ThreadPoolExecutor(workers, thread_name_prefix="glueball-data")
        self._pending: collections.deque[concurrent.futures.Future[Any]] = collections.deque()
        self._submit(ahead)

    def _submit(self, wanted: int) -> None:
        while len(self._pending) < wanted:
            try:
                indices = next(self._batches)
            except StopIteration:
                return
            self._pending.append(self._pool.submit(self._make.__getitem__, indices))

    def __iter__(self) -> Iterator[Any]:
        while True:
            self._submit(self._ahead + 1)
            if not self._pending:
                return
            future = self._pending.popleft()
            done, _ = concurrent.futures.wait([future], self._timeout)
            if not done:
                raise _timed_out(self._timeout)
            yield future.result()

    def close(self) -> None:
        # without waiting: a transform that hangs must not hold up the timeout error
        self._pool.shutdown(wait=False, cancel_futures=True)


class ProcessWorkers:
    """Starts epochs whose batches worker processes make, on torch's data loader.

    It watches over the processes: they end with this one however it ends, a dead one is noticed, and tensors
    arrive in shared memory. A set of workers serves one epoch at a time and then waits for the next; epochs
    that overlap, as in nested loops over one loader, get a set each.
    """

    def __init__(self, make: BatchMaker, batches: Iterable[Any], workers: int, ahead: int, timeout: float) -> None:
        self._make, self._batches = make, batches
        self._options: dict[str, Any] = {
            "num_workers": workers,
            "prefetch_factor": max(1, -(-ahead // workers)),
            "timeout": timeout,
            # Programs written for MXNet hand lambdas and open files to their workers; only fork can pass these on.
            "multiprocessing_context": "fork" if sys.platform == "linux" else None,
        }
        self._idle: list[TorchLoader[Any]] = []

    def start(self) -> Epoch:
        """Begin an epoch with workers that have nothing to do, or with new ones."""
        loader = self._idle.pop() if self._idle else self._new_loader()
        return _ProcessEpoch(loader, self._idle.append, self._options["timeout"])

    def _new_loader(self) -> TorchLoader[Any]:
        # a copy: worker seeds follow mx.random.seed, but what the program draws does not depend on workers
        seeds = torch.Generator()
        seeds.set_state(rng.generator(Context("cpu", 0)).get_state())
        return TorchLoader(
            _CaughtBatches(self._make),  # type: ignore[arg-type]
            batch_size=None,  # an item is a batch already
            sampler=self._batches,
            collate_fn=_as_it_is,
            worker_init_fn=_begin_worker,
            generator=seeds,
            persistent_workers=True,
            **self._options,
        )


class _ProcessEpoch:
    """An epoch of torch's loader. Its workers are given back at the end, unless something went wrong."""

    def __init__(self, loader: TorchLoader[Any], give_back: Callable[[TorchLoader[Any]], None], timeout: float) -> None:
        self._loader: TorchLoader[Any] | None = loader
        self._give_back = give_back
        self._timeout = timeout
        self._batches: Iterator[Any] | None = None
        self._batches = self._ask(iter, loader)  # from here on the workers work

    def __iter__(self) -> Iterator[Any]:
        end = object()
        while (batch := self._ask(next, self._batches, end)) is not end:
            if isinstance(batch, _Caught):
                self._drop()
                try:
                    raise batch.error from _WorkerTraceback(batch.traceback)
                finally:
                    del batch  # it holds the exception, whose traceback holds this frame
            yield batch

    def _ask(self, question: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return question(*arguments)
        except BaseException as error:
            problem = str(error)
            # what torch's loader itself says; a sampler runs in here too, and what it raises is passed on
            if type(error) is not RuntimeError or not problem.startswith(("DataLoader", "Too many open files")):
                self._drop()
                raise
        # Outside of the except clause: the error of torch's loader would keep the workers alive.
        arguments = ()
        self._drop()
        if "timed out" in problem:
            raise _timed_out(self._timeout)
        raise MXNetError(f"DataLoader: worker processes must stay alive; received: {problem}")

    def _drop(self) -> None:
        # Ends the processes now. Kept by a traceback, they would have to wait for the garbage collector, in which
        # torch takes seconds to end each of them.
        self._loader = self._batches = None

    def close(self) -> None:
        loader = self._loader
        self._drop()
        if loader is not None:
            self._give_back(loader)


class _CaughtBatches:
    """Runs in a worker: an exception travels as a value, so that type, message and traceback all arrive."""

    def __init__(self, make: BatchMaker) -> None:
        self._make = make

    def __getitem__(self, indices: Iterable[Any]) -> Any:
        try:
            return self._make[indices]
        except Exception as error:
            return _Caught(error)


class _Caught:
    """An exception on its way from a worker, with its traceback; an MXNetError where it cannot travel."""

    def __init__(self, error: Exception) -> None:
        self.traceback = traceback.format_exc()
        self.error: Exception = MXNetError(f"DataLoader: a worker raised {type(error).__name__}: {error}")
        try:
            pickle.loads(pickle.dumps(error))
            self.error = error
        except Exception:  # whatever a class does when pickled, its traceback still arrives
            return


class _WorkerTraceback(Exception):
    """The traceback of an exception in a worker process, as text; shown as the cause of the exception."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return f'\n"""\n{self.text}"""'


def _as_it_is(batch: Any) -> Any:
    return batch


def _begin_worker(worker: int) -> None:
    # torch has seeded itself, NumPy and random, differently in each worker
    rng.seed(torch.initial_seed())
    # a forked process cannot use the GPU, which may be the default where the loader was started
    Context("cpu", 0).__enter__()


def _timed_out(seconds: float) -> multiprocessing.TimeoutError:
    return multiprocessing.TimeoutError(
        f"DataLoader: a batch must be ready within timeout={seconds:g} seconds; it was not; make transforms "
        f"faster, use more workers or raise timeout"
    )
