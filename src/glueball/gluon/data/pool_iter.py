"""MXNet's iterator over the batches of a pool of workers, for DataLoaders outside the library that have such a pool.

`DataLoader` itself has workers of its own, which cannot outlive it.
"""

from __future__ import annotations

# Programs use multiprocessing.pool after a mere `import multiprocessing`, since importing mxnet brings it.
import multiprocessing.pool
import pickle
from collections.abc import Callable, Iterable
from typing import Any

from ...core.context import Context, cpu_pinned
from ...core.errors import RefusedError
from ...ndarray import NDArray
from .transport import pack

_worker_dataset: Any = None


def _worker_initializer(dataset: Any, active_shape: bool = False, active_array: bool = False) -> None:
    """Keep the dataset in a worker process, where `_worker_fn` finds it.

    Parameters
    ----------
    dataset : Dataset
        The dataset.
    active_shape, active_array : bool
        Must be False: MXNet's NumPy interface is not provided.
    """
    global _worker_dataset
    _thread_worker_initializer(active_shape, active_array)
    _worker_dataset = dataset


def _thread_worker_initializer(active_shape: bool = False, active_array: bool = False) -> None:
    """Begin a worker thread, which needs nothing; the arguments must be False, as in `_worker_initializer`."""
    if active_shape or active_array:
        raise RefusedError(
            f"DataLoader: MXNet's NumPy interface is not provided; received {active_shape!r} and {active_array!r}"
        )


def _worker_fn(samples: Iterable[Any], batchify_fn: Callable[[list[Any]], Any], dataset: Any = None) -> bytes:
    """Make a batch in a worker process, from its own dataset or from that of `_worker_initializer`; pickle it."""
    found = dataset if dataset is not None else _worker_dataset
    return pack(batchify_fn([found[index] for index in samples]))


def _thread_worker_fn(samples: Iterable[Any], batchify_fn: Callable[[list[Any]], Any], dataset: Any) -> Any:
    """Make a batch in a worker thread."""
    return batchify_fn([dataset[index] for index in samples])


def _as_in_context(data: Any, ctx: Context) -> Any:
    """Return the arrays of nested lists and tuples on a context, in lists; everything else stays as it is."""
    if isinstance(data, NDArray):
        return data.as_in_context(ctx)
    if isinstance(data, list | tuple):
        return [_as_in_context(each, ctx) for each in data]
    return data


class _MultiWorkerIter:
    """Iterates over batches that a pool of workers makes, once.

    Parameters
    ----------
    worker_pool : multiprocessing.pool.Pool
        The workers: processes or threads.
    batchify_fn : callable
        Makes a batch from a list of samples.
    batch_sampler : iterable of lists of int
        The batches of indices.
    pin_memory : bool, default False
        Put batches on ``cpu_pinned(pin_device_id)``.
    pin_device_id : int, default 0
        See `pin_memory`.
    worker_fn : callable
        ``worker_fn(indices, batchify_fn, dataset)`` makes a batch, in a worker. Without a `dataset`, it returns the
        batch pickled.
    prefetch : int, default 0
        The number of batches to ask for at once.
    dataset : Dataset, optional
        What `worker_fn` is given; for processes leave it out, and give it to their initializer.
    data_loader : object, optional
        What must live as long as the iterator.
    timeout : float, default 120
        Seconds to wait for a batch.

    Raises
    ------
    multiprocessing.TimeoutError
        During iteration: a worker took longer than `timeout`.
    Exception
        During iteration: what a worker raised; the pool is then terminated.
    """

    def __init__(
        self,
        worker_pool: Any,
        batchify_fn: Callable[[list[Any]], Any],
        batch_sampler: Any,
        pin_memory: bool = False,
        pin_device_id: int = 0,
        worker_fn: Callable[..., Any] = _worker_fn,
        prefetch: int = 0,
        dataset: Any = None,
        data_loader: Any = None,
        timeout: float = 120,
    ) -> None:
        self._worker_pool = worker_pool
        self._batchify_fn = batchify_fn
        self._batch_sampler = batch_sampler
        self._data_buffer: dict[int, Any] = {}
        self._rcvd_idx = 0
        self._sent_idx = 0
        self._iter = iter(batch_sampler)
        self._worker_fn = worker_fn
        self._pin_memory = pin_memory
        self._pin_device_id = pin_device_id
        self._dataset = dataset
        self._data_loader = data_loader
        self._timeout = timeout
        for _ in range(prefetch):
            self._push_next()

    def __len__(self) -> int:
        """Return the number of batches."""
        return len(self._batch_sampler)

    def _push_next(self) -> None:
        """Ask the pool for the next batch, if there is one."""
        indices = next(self._iter, None)
        if indices is None:
            return
        asked = self._worker_pool.apply_async(self._worker_fn, (indices, self._batchify_fn, self._dataset))
        self._data_buffer[self._sent_idx] = asked
        self._sent_idx += 1

    def __next__(self) -> Any:
        self._push_next()
        if self._rcvd_idx == self._sent_idx:
            raise StopIteration
        asked = self._data_buffer.pop(self._rcvd_idx)
        try:
            batch = asked.get(self._timeout)
            if self._dataset is None:
                batch = pickle.loads(batch)
        except multiprocessing.TimeoutError as error:
            raise multiprocessing.TimeoutError(
                f"DataLoader: a batch must be ready within timeout={self._timeout:g} seconds; it was not; make "
                "transforms faster, use more workers or raise timeout"
            ) from error
        except Exception:
            self._worker_pool.terminate()
            raise
        self._rcvd_idx += 1
        return _as_in_context(batch, cpu_pinned(self._pin_device_id)) if self._pin_memory else batch

    def next(self) -> Any:
        """Return the next batch; StopIteration at the end."""
        return self.__next__()

    def __iter__(self) -> _MultiWorkerIter:
        return self
