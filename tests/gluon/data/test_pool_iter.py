"""MXNet's iterator over a pool of workers, for loaders outside the library."""

from __future__ import annotations

import multiprocessing.pool
import pickle
import subprocess
import sys

import numpy as np
import pytest

import glueball as mx
from glueball.gluon.data import dataloader
from tests.comparison import assert_same


def _iterated(mx, processes):
    import multiprocessing.pool

    import numpy as np

    from_loader = mx.gluon.data.dataloader
    dataset = mx.gluon.data.ArrayDataset(np.arange(6).astype("float32"), np.arange(6))
    batches = mx.gluon.data.BatchSampler(mx.gluon.data.SequentialSampler(6), 4, "keep")
    if processes:
        pool = multiprocessing.get_context("fork").Pool(
            1, initializer=from_loader._worker_initializer, initargs=[dataset, False, False]
        )
        iterator = from_loader._MultiWorkerIter(pool, from_loader.default_mp_batchify_fn, batches, prefetch=1)
    else:
        pool = multiprocessing.pool.ThreadPool(2)
        iterator = from_loader._MultiWorkerIter(
            pool, from_loader.default_batchify_fn, batches, worker_fn=from_loader._thread_worker_fn, prefetch=1,
            dataset=dataset,
        )  # fmt: skip
    begin = (len(iterator), iterator._sent_idx, iterator._rcvd_idx, sorted(iterator._data_buffer))
    found = [[part.asnumpy() for part in batch] for batch in iterator]
    end = (iterator._sent_idx, iterator._rcvd_idx, iterator._data_buffer, next(iterator, "end"))
    pool.terminate()
    return begin, found, end


@pytest.mark.parametrize("processes", [False, pytest.param(True, marks=pytest.mark.skipif("sys.platform != 'linux'"))])
def test_batches(oracle, processes):
    assert_same(*oracle.both(_iterated, processes))


class _Chosen(dataloader._MultiWorkerIter):
    """As in gluoncv: what is sent to the workers differs from batch to batch."""

    def _push_next(self):
        indices = next(self._iter, None)
        if indices is not None:
            sign = 1 if self._sent_idx % 2 else -1
            asked = self._worker_pool.apply_async(self._worker_fn, (indices, sign, self._batchify_fn))
            self._data_buffer[self._sent_idx] = asked
            self._sent_idx += 1


def test_a_subclass_sends_what_it_wants():
    pool = multiprocessing.pool.ThreadPool(1)
    make = lambda indices, sign, batchify: pickle.dumps(batchify([sign * index for index in indices]))  # noqa: E731
    iterator = _Chosen(pool, dataloader.default_batchify_fn, [[1, 2], [3]], worker_fn=make, pin_memory=True)
    found = [batch for batch in iterator]
    pool.terminate()
    assert [batch.asnumpy().tolist() for batch in found] == [[-1, -2], [3]]
    assert found[0].context == mx.cpu_pinned(0)


def test_errors_of_workers():
    def fail(*_):
        raise LookupError("here")

    pool = multiprocessing.pool.ThreadPool(1)
    iterator = dataloader._MultiWorkerIter(pool, None, [[1]], worker_fn=fail, dataset=[1])
    with pytest.raises(LookupError, match="here"):
        next(iterator)
    with pytest.raises(ValueError, match="Pool not running"):
        pool.apply(print)
    pool = multiprocessing.pool.ThreadPool(1)
    blocked = multiprocessing.Event()
    iterator = dataloader._MultiWorkerIter(
        pool, None, [[1]], worker_fn=lambda *_: blocked.wait(), dataset=[1], timeout=0.1
    )
    with pytest.raises(multiprocessing.TimeoutError, match=r"within timeout=0\.1 seconds"):
        iterator.next()
    blocked.set()
    pool.terminate()


def test_as_in_context():
    ones = mx.nd.ones((1,))
    first, (second, number) = dataloader._as_in_context((ones, [ones, 3]), mx.cpu(1))
    assert (first.context, second.context, number) == (mx.cpu(1), mx.cpu(1), 3)


def test_the_numpy_interface_is_refused():
    dataloader._thread_worker_initializer(False, False)
    with pytest.raises(mx.MXNetError, match="NumPy interface is not provided"):
        dataloader._worker_initializer([1], True, False)


def test_importing_brings_multiprocessing_pool():
    program = "import glueball, multiprocessing; print(multiprocessing.pool.ThreadPool.__name__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "ThreadPool\n"


def test_samples_keep_their_types():
    dataset = mx.gluon.data.ArrayDataset(np.arange(2, dtype="float16"))
    made = dataloader._thread_worker_fn([0, 1], dataloader.default_batchify_fn, dataset)
    assert made.dtype is np.float16


def pickled(mx):
    """A batch as the workers of gluonnlp send it."""
    import io
    import pickle

    buffer = io.BytesIO()
    batch = [mx.nd.ones((2, 3)), (mx.nd.zeros((1,), dtype="int32"), 5)]
    mx.gluon.data.dataloader.ForkingPickler(buffer, pickle.HIGHEST_PROTOCOL).dump(batch)
    return pickle.loads(buffer.getvalue())


def test_the_pickler_that_packages_import(oracle):
    assert_same(*oracle.both(pickled))
