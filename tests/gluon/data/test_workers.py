"""Worker processes: they return batches, errors and signals, and none is left behind."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import traceback

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import gluon, nd
from glueball.core.errors import MXNetError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inspects processes in /proc, which only Linux has")


class Unpicklable(Exception):
    """Takes other arguments than it passes on, so that it cannot be unpickled."""

    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


def failing(index):
    if index == 2:
        raise Unpicklable("this", "that")
    return index


def children():
    return {process.pid for process in multiprocessing.active_children()}


def gone(pids, seconds=15.0):
    """Whether all these processes exit in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(os.path.exists(f"/proc/{pid}") and not _is_zombie(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def _is_zombie(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_batches_arrive_in_shared_memory():
    loader = gluon.data.DataLoader(gluon.data.ArrayDataset(nd.ones((4, 3)), np.ones(4)), 2, num_workers=1)
    for batch in loader:
        assert all(part.to_torch().is_shared() for part in batch)


def test_the_traceback_of_the_worker_is_the_cause():
    loader = gluon.data.DataLoader([1, 0], 1, num_workers=1, batchify_fn=lambda samples: 1 // samples[0])
    with pytest.raises(ZeroDivisionError) as caught:
        list(loader)
    shown = "".join(traceback.format_exception(caught.value))
    assert "Traceback (most recent call last)" in str(caught.value.__cause__)
    assert "batchify_fn=lambda samples: 1 // samples[0]" in shown


def test_an_exception_that_cannot_travel_becomes_an_mxnet_error():
    dataset = gluon.data.SimpleDataset([1, 2]).transform(failing)
    with pytest.raises(MXNetError, match="a worker raised Unpicklable: this and that") as caught:
        list(gluon.data.DataLoader(dataset, 1, num_workers=1))
    assert "in failing" in str(caught.value.__cause__)


def test_a_batch_that_cannot_travel_is_an_error_at_once():
    loader = gluon.data.DataLoader([1, 2], 1, num_workers=1, batchify_fn=lambda samples: threading.Lock())
    message = "DataLoader: a batch must be picklable to come from a worker process; received lock: TypeError: "
    with pytest.raises(MXNetError, match=message) as caught:  # before the timeout, which is two minutes
        list(loader)
    assert isinstance(caught.value, TypeError)  # what MXNet raises
    assert "in pack" in str(caught.value.__cause__)


def test_a_batch_that_refuses_to_be_rebuilt_is_an_mxnet_error():
    loader = gluon.data.DataLoader([1, 2], 1, num_workers=1, batchify_fn=lambda samples: Unpicklable("a", "b"))
    with pytest.raises(MXNetError, match="DataLoader: a batch must arrive whole from its worker process; TypeError: "):
        list(loader)


@pytest.fixture
def few_descriptors():
    """Lower the number of files that may be open, as far as torch's own loader still works."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(map(int, os.listdir("/proc/self/fd")))
    resource.setrlimit(resource.RLIMIT_NOFILE, (2 * highest + 100, before[1]))
    yield 2 * highest + 100
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_all_batches_may_be_kept(few_descriptors):
    data = gluon.data.ArrayDataset(nd.arange(few_descriptors), np.arange(few_descriptors))
    kept = list(gluon.data.DataLoader(data, 1, num_workers=2))
    assert [[int(part.asscalar()) for part in batch] for batch in kept] == [[n, n] for n in range(few_descriptors)]


def test_a_batch_may_have_many_arrays(few_descriptors):
    def arrays(samples):
        return [nd.array([sample]) for sample in samples] + [nd.from_torch(torch.zeros(0))]

    samples = list(range(2 * few_descriptors))
    loader = gluon.data.DataLoader(samples, few_descriptors, num_workers=1, batchify_fn=arrays)
    batches = list(loader)
    assert [int(array.asscalar()) for batch in batches for array in batch[:-1]] == samples
    assert [batch[-1].shape for batch in batches] == [(0,), (0,)]


def test_a_worker_that_ignores_sigterm_is_killed():
    def hang(seconds):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(seconds)

    before = children()
    dataset = gluon.data.SimpleDataset([0, 0, 1000, 1000]).transform(hang)
    batches = iter(gluon.data.DataLoader(dataset, 1, batchify_fn=len, num_workers=2, timeout=1.5))
    assert [next(batches), next(batches)] == [1, 1]
    workers = children() - before
    assert len(workers) == 2
    began = time.monotonic()
    with pytest.raises(multiprocessing.TimeoutError):
        next(batches)
    assert gone(workers, 5)
    assert time.monotonic() - began < 8  # torch alone would wait 5 seconds for each, and leave them


@pytest.mark.parametrize("thread_pool", [False, True])
def test_a_slow_worker_is_a_timeout(thread_pool):
    # Long enough for a worker on a busy machine.
    dataset = gluon.data.SimpleDataset([0, 3]).transform(time.sleep)
    loader = gluon.data.DataLoader(dataset, 1, batchify_fn=len, num_workers=1, thread_pool=thread_pool, timeout=1.5)
    batches = iter(loader)
    assert next(batches) == 1
    with pytest.raises(multiprocessing.TimeoutError, match=r"DataLoader: a batch must be ready within timeout=1.5"):
        next(batches)
    assert next(iter(loader)) == 1  # with new workers


def test_a_dead_worker_is_an_mxnet_error_and_the_next_epoch_has_new_ones(tmp_path):
    def suicide(index):
        if index == 1 and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return index

    marker = tmp_path / "killed"
    dataset = gluon.data.SimpleDataset([0, 1, 2]).transform(suicide)
    loader = gluon.data.DataLoader(dataset, 1, num_workers=1)
    with pytest.raises(MXNetError, match="DataLoader: worker processes must stay alive; torch reports: "):
        list(loader)
    assert len(list(loader)) == 3


def test_workers_are_kept_between_epochs_and_end_with_the_loader():
    before = children()
    loader = gluon.data.DataLoader([0, 1, 2, 3], 1, num_workers=2)
    assert children() == before  # none before the first epoch
    list(loader)
    first = children() - before
    assert len(first) == 2
    list(loader)
    assert children() - before == first
    del loader
    assert gone(first)


def test_each_worker_has_its_own_seed_that_follows_ours():
    def draw(_):
        noise = float(nd.random.uniform(shape=(1,)).asscalar())
        return os.getpid(), noise, np.random.rand(), float(torch.rand(1))

    def drawn():
        mx.random.seed(11)
        dataset = gluon.data.SimpleDataset([0, 1, 2, 3]).transform(draw)
        rows = list(gluon.data.DataLoader(dataset, 1, num_workers=2, batchify_fn=lambda samples: samples[0]))
        assert len({row[0] for row in rows}) == 2
        return [row[1:] for row in rows]

    first = drawn()
    assert all(len(set(column)) == 4 for column in zip(*first, strict=True))
    assert drawn() == first


def test_workers_do_not_inherit_a_default_context():
    def where(_):
        return str(nd.ones((1,)).context)

    dataset = gluon.data.SimpleDataset([0]).transform(where)
    with mx.cpu(1):
        assert list(gluon.data.DataLoader(dataset, 1, num_workers=1, batchify_fn=list)) == [["cpu(0)"]]


_PROGRAM = """
import multiprocessing, signal, sys, time
from glueball import gluon

def slow(index):
    if index >= 2 and {handler!r}:
        signal.signal(signal.SIGTERM, getattr(signal, {handler!r}))
    time.sleep(0 if index < 2 else {seconds})
    return index

loader = gluon.data.DataLoader(gluon.data.SimpleDataset(list(range(8))).transform(slow), 1, num_workers=2)
batches = iter(loader)
next(batches)
print(*[process.pid for process in multiprocessing.active_children()], flush=True)
{then}
"""


@pytest.fixture
def start(default_sigint):
    """Start programs that use two workers each; returns the program and the process IDs of its workers."""
    with contextlib.ExitStack() as stack:

        def start(then, seconds, handler=""):
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", _PROGRAM.format(then=then, seconds=seconds, handler=handler)],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                    text=True,
                )
            )
            stack.callback(process.kill)
            workers = [int(pid) for pid in process.stdout.readline().split()]
            assert len(workers) == 2
            return process, workers

        yield start


def test_no_worker_outlives_the_program(start):
    ends = start("raise ValueError", seconds=100)
    interrupted = start("list(batches)", seconds=100)
    killed = start("time.sleep(100)", seconds=0)
    deaf = start("time.sleep(0.5)", seconds=1000, handler="SIG_IGN")
    time.sleep(0.5)
    interrupted[0].send_signal(signal.SIGINT)
    killed[0].kill()
    for (process, workers), code in ((ends, 1), (deaf, 0), (interrupted, -signal.SIGINT), (killed, -signal.SIGKILL)):
        assert process.wait(60) == code
        assert gone(workers, 60)


_SLOWLY = """
from multiprocessing.popen_fork import Popen
{end} = Popen.{end}
Popen.{end} = lambda self: ({end}(self), time.sleep(0.3))
time.sleep(0.5)
"""


@pytest.mark.parametrize(("end", "handler"), [("terminate", "SIG_DFL"), ("kill", "SIG_IGN")])
def test_the_report_of_a_killed_worker_does_not_save_the_other(start, end, handler):
    """torch raises an error for a worker that a signal has killed, wherever the program is then.

    SIGTERM kills workers that have not set torch's handler yet, on a busy machine.
    """
    process, workers = start(_SLOWLY.format(end=end), seconds=1000, handler=handler)
    try:
        assert process.wait(60) == 0
        assert gone(workers, 60)
    finally:
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)


def test_a_thread_that_hangs_does_not_keep_the_program():
    program = """if True:
        import time
        from glueball import gluon
        dataset = gluon.data.SimpleDataset([0] * 8).transform(lambda _: time.sleep(1000))
        list(gluon.data.DataLoader(dataset, 2, num_workers=2, thread_pool=True, timeout=0.5))
        """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert done.returncode == 1
    assert "TimeoutError: DataLoader: a batch must be ready within timeout=0.5" in done.stderr


def test_a_worker_may_use_a_network_while_a_thread_of_the_program_makes_a_first_call():
    """The worker is forked while the thread holds a lock."""
    inside, done = threading.Event(), threading.Event()

    class Waits(gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            inside.set()
            done.wait(60)
            return F.relu(x)

    class Other(gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            return F.relu(x)

    waits, other = Waits(), Other()
    waits.hybridize()
    other.hybridize()
    thread = threading.Thread(target=waits, args=(nd.ones((1,)),))
    thread.start()
    assert inside.wait(60)
    try:
        dataset = gluon.data.SimpleDataset([1, 2]).transform(lambda number: other(nd.array([number])))
        batches = list(gluon.data.DataLoader(dataset, 1, num_workers=1, timeout=20))
    finally:
        done.set()
        thread.join()
    assert [float(batch.asscalar()) for batch in batches] == [1, 2]


@pytest.mark.parametrize("closed", [True, False])
def test_threads_end_with_their_epoch(closed):
    before = threading.active_count()
    loader = gluon.data.DataLoader(list(range(8)), 2, num_workers=3, thread_pool=True, auto_reload=True)
    assert threading.active_count() == before + 3
    if closed:
        loader.clean()
    else:
        del loader
    deadline = time.monotonic() + 10
    while threading.active_count() > before:
        assert time.monotonic() < deadline
        time.sleep(0.01)
