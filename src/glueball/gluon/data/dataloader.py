"""DataLoader: batches of a dataset, made in the calling thread, in worker threads or in worker processes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.reduction import ForkingPickler  # noqa: F401  (as what stands below)
from numbers import Real
from typing import Any

import torch

from ...core.context import Context
from ...core.doors import guard
from ...core.errors import InvalidTypeError, RefusedError
from ...core.integers import is_int_not_bool
from ...core.warning import warn
from ...ndarray import NDArray
from .batchify import default_batchify_fn, default_mp_batchify_fn
from .epoch import BatchMaker
from .pool_iter import (
    _as_in_context,  # noqa: F401  (DataLoaders outside the library import these from here)
    _MultiWorkerIter,  # noqa: F401
    _thread_worker_fn,  # noqa: F401
    _thread_worker_initializer,  # noqa: F401
    _worker_fn,  # noqa: F401
    _worker_initializer,  # noqa: F401
)
from .process_workers import ProcessWorkers
from .sampler import BatchSampler, RandomSampler, SequentialSampler
from .thread_workers import ThreadWorkers

__all__ = ["DataLoader", "default_batchify_fn", "default_mp_batchify_fn"]

#: What MXNet's loaders used to be made of.
_INSTEAD = dict.fromkeys(
    (
        "ConnectionWrapper", "DataLoaderV1", "Queue", "SimpleQueue", "fetcher_loop_v1", "rebuild_ndarray",
        "rebuild_np_ndarray", "reduce_ndarray", "reduce_np_ndarray", "worker_loop_v1",
    ),
    "use DataLoader, or torch.multiprocessing, which passes arrays in shared memory",
)  # fmt: skip


@guard
class DataLoader:
    """Load a dataset in batches; each iteration over it is one epoch.

    Parameters
    ----------
    dataset : Dataset
        Anything with a length and items.
    batch_size : int or float
        Number of samples per batch, without a fraction; required unless `batch_sampler` is given.
    shuffle : bool, default False
        Use a new random order in each epoch, drawn from NumPy's global generator (``numpy.random.seed``).
    sampler : Sampler, optional
        The order of the samples, instead of `shuffle`.
    last_batch : {'keep', 'discard', 'rollover'}, default 'keep'
        What to do with an incomplete last batch; see `BatchSampler`.
    batch_sampler : iterable of lists of int, optional
        The batches of indices, instead of the previous four arguments.
    batchify_fn : callable, optional
        Makes a batch from a list of samples; default: `default_batchify_fn`, in worker processes
        `default_mp_batchify_fn`.
    num_workers : int, default 0
        Number of workers that prefetch batches; with 0 or less, the caller makes them.
    pin_memory : bool, default False
        Put batches in page-locked memory, on ``cpu_pinned(pin_device_id)``. Without CUDA this has no effect and
        warns.
    pin_device_id : int, default 0
        See `pin_memory`.
    prefetch : int, optional
        Number of batches to prefetch; default: two per worker. Each worker process prefetches at least one.
    thread_pool : bool, default False
        Use threads as workers: no copying and no startup time, but transforms in Python run one at a time.
    timeout : float, default 120
        Seconds to wait for one batch from a worker.
    auto_reload : bool, default False
        Start each epoch as soon as the previous one ends, and the first one now, rather than on iteration.

    Raises
    ------
    ValueError
        Arguments are mutually exclusive, or there is no batch size.
    MXNetError
        A number is out of range; during iteration: a worker process died.
    multiprocessing.TimeoutError
        During iteration: a worker took longer than `timeout`.
    Exception
        During iteration: exceptions of a worker are re-raised, with the worker's traceback as their cause.

    Differs from MXNet
    ------------------
    Batches from workers are on ``cpu(0)``, not on ``cpu_shared(0)``. Worker processes start with the first
    epoch, each with its own seed for torch, NumPy, ``random`` and glueball's generator, derived from
    ``mx.random.seed``.

    Examples
    --------
    >>> from glueball import gluon
    >>> data = gluon.data.ArrayDataset([1.0, 2.0, 3.0], [0, 1, 0])
    >>> loader = gluon.data.DataLoader(data, batch_size=2)
    >>> for features, labels in loader:
    ...     print(features.asnumpy(), labels.asnumpy())
    [1. 2.] [0 1]
    [3.] [0]
    """

    # What a dataset, a transform or a sampler raises comes out of an iteration as it is, also from another process.
    _glueball_open = frozenset({"__iter__"})

    def __init__(
        self,
        dataset: Any,
        batch_size: float | None = None,
        shuffle: bool = False,
        sampler: Any = None,
        last_batch: str | None = None,
        batch_sampler: Any = None,
        batchify_fn: Callable[[list[Any]], Any] | None = None,
        num_workers: int = 0,
        pin_memory: bool = False,
        pin_device_id: int = 0,
        prefetch: int | None = None,
        thread_pool: bool = False,
        timeout: float = 120,
        auto_reload: bool = False,
    ) -> None:
        _check_timeout(timeout)
        self._batch_sampler: Iterable[Any] = _choose_batches(
            dataset, batch_size, shuffle, sampler, last_batch, batch_sampler
        )
        workers = _count("num_workers", num_workers)
        in_processes = workers > 0 and not thread_pool
        # MXNet's names: programs change these attributes, and the next epoch goes by them.
        self._dataset = dataset
        self._batchify_fn = batchify_fn or (default_mp_batchify_fn if in_processes else default_batchify_fn)
        self._num_workers = workers
        self._prefetch = 2 * workers if prefetch is None else _count("prefetch", prefetch)
        self._thread_pool, self._timeout = thread_pool, timeout
        self._pin_memory, self._pin_device_id = pin_memory, pin_device_id
        self._glueball_can_pin = bool(pin_memory) and _can_pin()
        self._worker_pool: ProcessWorkers | ThreadWorkers | None = None
        self._glueball_pool_of: tuple[Any, ...] = ()
        self._iter: Any = None
        self.auto_reload = auto_reload
        if auto_reload:
            self.refresh()
        else:
            self.clean()

    def __iter__(self) -> Iterator[Any]:
        if self._iter is None:
            self.refresh()
        epoch, self._iter = self._iter, None
        try:
            yield from epoch
        finally:
            _close(epoch)
        if self.auto_reload:
            self.refresh()

    def __len__(self) -> int:
        """Return the number of batches in the next epoch."""
        return len(self._batch_sampler)  # type: ignore[arg-type]

    def refresh(self) -> None:
        """Start the next epoch now, and discard one that was started in advance."""
        _close(self._iter)
        self._iter = self._prefetch_iter()

    def clean(self) -> None:
        """Discard an epoch that was started in advance."""
        _close(self._iter)
        self._iter = None

    def _prefetch_iter(self) -> Any:
        """Start an epoch: return an iterator over its batches."""
        if not self._num_workers:
            make = BatchMaker(self._dataset, self._batchify_fn)
            return self._glueball_pinned(make[indices] for indices in self._batch_sampler)
        return self._glueball_pinned(self._glueball_workers().start())

    def _glueball_workers(self) -> ProcessWorkers | ThreadWorkers:
        made_of = (
            self._dataset, self._batchify_fn, self._batch_sampler, self._num_workers, self._prefetch, self._timeout,
            self._thread_pool,
        )  # fmt: skip
        same = len(made_of) == len(self._glueball_pool_of) and all(map(operator.is_, made_of, self._glueball_pool_of))
        if self._worker_pool is None or not same:
            kind = ThreadWorkers if self._thread_pool else ProcessWorkers
            make = BatchMaker(self._dataset, self._batchify_fn)
            self._worker_pool = kind(make, self._batch_sampler, self._num_workers, self._prefetch, self._timeout)
            self._glueball_pool_of = made_of
        return self._worker_pool

    def _glueball_pinned(self, batches: Any) -> Any:
        if not (self._pin_memory and self._glueball_can_pin):
            return batches
        return _Pinned(batches, Context("cpu_pinned", self._pin_device_id))


class _Pinned:
    """The batches of an epoch, moved to page-locked memory."""

    def __init__(self, batches: Any, context: Context) -> None:
        self._batches, self._context = batches, context

    def __iter__(self) -> Iterator[Any]:
        return (_pin(batch, self._context) for batch in self._batches)

    def close(self) -> None:
        _close(self._batches)


def _close(epoch: Any) -> None:
    """End an epoch; one that a subclass made may not need it."""
    if hasattr(epoch, "close"):
        epoch.close()


def _choose_batches(
    dataset: Any,
    batch_size: float | None,
    shuffle: bool,
    sampler: Any,
    last_batch: str | None,
    batch_sampler: Any,
) -> Any:
    if batch_sampler is not None:
        given = {
            "batch_size": batch_size,
            "shuffle": shuffle or None,
            "sampler": sampler,
            "last_batch": last_batch,
        }
        clashing = [name for name, value in given.items() if value is not None]
        if clashing:
            raise ValueError(
                f"DataLoader: batch_sampler excludes the other arguments about batches; received "
                f"{', '.join(clashing)} too; leave one of them out"
            )
        return batch_sampler
    if batch_size is None:
        raise ValueError("DataLoader: batch_size must be given, unless batch_sampler is; received neither")
    if sampler is not None and shuffle:
        raise ValueError("DataLoader: shuffle and sampler are mutually exclusive; received both; leave one of them out")
    if sampler is None:
        sampler = RandomSampler(len(dataset)) if shuffle else SequentialSampler(len(dataset))
    return BatchSampler(sampler, batch_size, "keep" if last_batch is None else last_batch)


def _count(name: str, value: Any) -> int:
    if not is_int_not_bool(value):
        raise InvalidTypeError(f"DataLoader: {name} must be an int; received {value!r}")
    return max(0, int(value))


def _check_timeout(timeout: Any) -> None:
    rule = f"DataLoader: timeout must be a positive number of seconds; received {timeout!r}"
    if not isinstance(timeout, Real):
        raise InvalidTypeError(rule)
    if not float(timeout) > 0:
        raise RefusedError(rule)


def _can_pin() -> bool:
    if torch.cuda.is_available():
        return True
    warn("DataLoader: pin_memory=True has no effect: torch finds no CUDA device", UserWarning)
    return False


def _pin(batch: Any, context: Context) -> Any:
    if isinstance(batch, dict):
        return type(batch)((name, _pin(part, context)) for name, part in batch.items())
    if isinstance(batch, list | tuple):
        make = getattr(type(batch), "_make", type(batch))  # the constructor of a named tuple takes no iterable
        return make(_pin(part, context) for part in batch)
    if isinstance(batch, NDArray) and not batch.to_torch().is_cuda:
        return batch._face(batch.to_torch().pin_memory(), context)
    return batch
