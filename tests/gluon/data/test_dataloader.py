"""DataLoader, against MXNet: the same batches in the same order, and the same errors for its arguments."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import gluon, nd
from glueball.core.errors import MXNetError
from tests.comparison import assert_same

WORKERS = [{}, {"num_workers": 2, "thread_pool": True}, {"num_workers": 2}]


def epochs(mx, seed, count, options):
    data = mx.gluon.data
    images = np.arange(44, dtype="float32").reshape(11, 2, 2)
    dataset = data.ArrayDataset(mx.nd.array(images), np.arange(11, dtype="int32"))
    np.random.seed(seed)
    loader = data.DataLoader(dataset, **options)
    return [(len(loader), list(loader)) for _ in range(count)]


@pytest.mark.parametrize("workers", WORKERS, ids=str)
@pytest.mark.parametrize(
    "options",
    [
        {"batch_size": 4},
        {"batch_size": 4, "shuffle": True},
        {"batch_size": 4, "shuffle": True, "last_batch": "discard"},
        {"batch_size": 4, "last_batch": "rollover"},
        {"batch_size": 2, "sampler": [5, 4, 3, 2, 1]},
        {"batch_sampler": [[1, 2], [10], [0, 3, 5]]},
    ],
    ids=str,
)
def test_batches(oracle, options, workers):
    state = np.random.get_state()
    try:
        assert_same(*oracle.both(epochs, 5, 3, {**options, **workers}))
    finally:
        np.random.set_state(state)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"shuffle": True},
        {"sampler": [1, 2]},
        {"batch_size": 3, "shuffle": True, "sampler": [1, 2]},
        {"batch_size": 3, "batch_sampler": [[1]]},
        {"shuffle": True, "batch_sampler": [[1]]},
        {"last_batch": "keep", "batch_sampler": [[1]]},
        {"sampler": [1], "batch_sampler": [[1]]},
        {"batch_size": 3, "last_batch": "kep"},
        {"batch_size": 3, "timeout": 0},
        {"batch_size": 3, "timeout": -1},
        {"batch_size": 3, "timeout": "9"},
        {"batch_size": 3, "timeout": np.int64(9)},
        {"batch_size": 3, "num_workers": 2.0},
        {"batch_size": 3, "num_workers": -1},
        {"batch_size": 3, "num_workers": 1, "thread_pool": True, "prefetch": -1},
        {"batch_size": 3, "num_workers": 1, "thread_pool": True, "prefetch": 0},
    ],
    ids=str,
)
def test_arguments(oracle, options):
    assert_same(*oracle.both(epochs, 5, 1, options))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, ValueError, "batch_size must be given, unless batch_sampler is"),
        (
            {"batch_size": 3, "shuffle": True, "sampler": [1]},
            ValueError,
            "shuffle and sampler are mutually exclusive",
        ),
        (
            {"batch_size": 3, "shuffle": True, "batch_sampler": [[1]]},
            ValueError,
            "received batch_size, shuffle too",
        ),
        ({"batch_size": 0}, MXNetError, "batch_size must be at least 1; received 0"),
        ({"batch_size": 3, "num_workers": 1.5}, MXNetError, "num_workers must be an int"),
        ({"batch_size": 3, "num_workers": "2"}, MXNetError, "num_workers must be an int"),
        ({"batch_size": 3, "prefetch": 1.5}, MXNetError, "prefetch must be an int"),
        (
            {"batch_size": 3, "timeout": 0},
            MXNetError,
            "timeout must be a positive number of seconds; received 0",
        ),
        ({"batch_size": 3, "timeout": "9"}, MXNetError, "timeout must be a positive number of seconds; received '9'"),
        ({"batch_size": 3, "last_batch": ""}, ValueError, "last_batch must be one of"),
    ],
)
def test_error_messages(options, error, message):
    with pytest.raises(error, match=message):
        gluon.data.DataLoader([1, 2, 3], **options)


def test_the_signature_is_mxnets():
    names = list(inspect.signature(gluon.data.DataLoader).parameters)
    assert names == [
        "dataset", "batch_size", "shuffle", "sampler", "last_batch", "batch_sampler", "batchify_fn",
        "num_workers", "pin_memory", "pin_device_id", "prefetch", "thread_pool", "timeout", "auto_reload",
    ]  # fmt: skip


class Recorded(gluon.data.Dataset):
    """Counts from 0, and records the indices requested."""

    def __init__(self, length=12):
        self.length = length
        self.asked = []

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        self.asked.append(int(index))
        return index


def values(loader):
    return [batch.asnumpy().tolist() for batch in loader]


def test_nothing_is_loaded_before_it_is_asked_for():
    dataset = Recorded()
    batches = iter(gluon.data.DataLoader(dataset, 3))
    assert dataset.asked == []
    next(batches)
    assert dataset.asked == [0, 1, 2]


@pytest.mark.parametrize("workers", WORKERS, ids=str)
def test_loops_over_one_loader_may_overlap(workers):
    loader = gluon.data.DataLoader(Recorded(6), 2, **workers)
    once = [[0, 1], [2, 3], [4, 5]]
    assert values(loader) == values(loader) == once
    assert [(one.asnumpy().tolist(), values(loader)) for one in loader] == [(batch, once) for batch in once]
    pairs = [(one.asnumpy().tolist(), two.asnumpy().tolist()) for one, two in zip(loader, loader, strict=True)]
    assert pairs == [(batch, batch) for batch in once]


@pytest.mark.parametrize("workers", WORKERS, ids=str)
def test_a_loop_that_is_left_does_not_disturb_the_next(workers):
    loader = gluon.data.DataLoader(Recorded(20), 2, **workers)
    for _ in range(3):
        for batch in loader:
            assert batch.asnumpy().tolist() == [0, 1]
            break
    assert len(values(loader)) == 10


@pytest.mark.parametrize("workers", WORKERS, ids=str)
def test_a_custom_batchify_fn_may_return_anything(workers):
    def together(samples):
        return {"sum": sum(samples), "all": nd.array(samples)}, "text", None

    batches = list(gluon.data.DataLoader(Recorded(4), 2, batchify_fn=together, **workers))
    assert [batch[0]["sum"] for batch in batches] == [1, 5]
    assert batches[1][0]["all"].asnumpy().tolist() == [2, 3]
    assert batches[0][1:] == ("text", None)


@pytest.mark.parametrize("workers", WORKERS, ids=str)
def test_batches_are_on_the_cpu_and_writable(workers):
    dataset = gluon.data.ArrayDataset(nd.ones((4, 3)), np.ones(4))
    for data, label in gluon.data.DataLoader(dataset, 2, **workers):
        assert data.context == label.context == mx.cpu(0)
        data[:] += 1
        assert data.asnumpy().tolist() == [[2] * 3] * 2
    assert dataset[0][0].asnumpy().tolist() == [1, 1, 1]


@pytest.mark.parametrize("workers", WORKERS, ids=str)
def test_an_exception_of_the_dataset_arrives_as_it_is(workers):
    loader = gluon.data.DataLoader([1, 2, 0, 4], 1, batchify_fn=lambda samples: 12 // samples[0], **workers)
    batches = iter(loader)
    assert [next(batches), next(batches)] == [12, 6]
    with pytest.raises(ZeroDivisionError, match=r"^integer division or modulo by zero$"):
        next(batches)
    assert next(batches, "end") == "end"
    assert next(iter(loader)) == 12


class Exhausted(gluon.data.Sampler):
    """A sampler that fails."""

    def __iter__(self):
        yield 0
        raise self.error

    def __len__(self):
        return 2


@pytest.mark.parametrize("workers", WORKERS, ids=str)
@pytest.mark.parametrize(
    "error", [RuntimeError("no indices"), MXNetError("no indices"), KeyError("no indices")], ids=repr
)
def test_an_exception_of_the_sampler_arrives_as_it_is(workers, error):
    sampler = Exhausted()
    sampler.error = error
    with pytest.raises(type(error), match="no indices") as caught:
        list(gluon.data.DataLoader([1, 2], 1, sampler=sampler, **workers))
    assert caught.value is error


def prefetched(mx, options):
    import time

    data = mx.gluon.data
    asked = []
    dataset = data.SimpleDataset(list(range(12))).transform(lambda x: asked.append(int(x)) or x)

    def settled():
        time.sleep(0.15)
        return sorted(asked)

    loader = data.DataLoader(dataset, 3, num_workers=2, thread_pool=True, **options)
    seen = [settled()]
    batches = iter(loader)
    seen.append(settled())
    next(batches)
    seen.append(settled())
    rest = len(list(batches))
    seen.append(settled())
    loader.refresh()
    seen.append(settled())
    loader.clean()
    return rest, seen


@pytest.mark.parametrize("options", [{"prefetch": 0}, {"prefetch": 2}, {"prefetch": 9}, {"auto_reload": True}], ids=str)
def test_prefetch_and_auto_reload(oracle, options):
    assert_same(*oracle.both(prefetched, options))


def reloaded(mx, auto_reload):
    data = mx.gluon.data
    np.random.seed(1)
    loader = data.DataLoader(list(range(12)), 5, shuffle=True, num_workers=1, thread_pool=True, auto_reload=auto_reload)
    np.random.seed(2)
    return [list(loader), list(loader)], loader.auto_reload


@pytest.mark.parametrize("auto_reload", [True, False])
def test_auto_reload_draws_the_order_in_advance(oracle, auto_reload):
    state = np.random.get_state()
    try:
        assert_same(*oracle.both(reloaded, auto_reload))
    finally:
        np.random.set_state(state)


def test_refresh_and_clean_without_workers_do_nothing():
    dataset = Recorded(4)
    loader = gluon.data.DataLoader(dataset, 2, auto_reload=True)
    loader.refresh()
    loader.clean()
    assert dataset.asked == []
    assert values(loader) == [[0, 1], [2, 3]]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is page-locked memory here")
def test_pin_memory_without_cuda_says_so():
    with pytest.warns(UserWarning, match="pin_memory=True has no effect: torch finds no CUDA device") as caught:
        loader = gluon.data.DataLoader(Recorded(4), 2, pin_memory=True)
    assert caught[0].filename == __file__
    assert next(iter(loader)).context == mx.cpu(0)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
@pytest.mark.parametrize("workers", WORKERS, ids=str)
def test_pin_memory_with_cuda(workers):
    dataset = gluon.data.ArrayDataset(nd.ones((4, 3)), np.arange(4))
    loader = gluon.data.DataLoader(dataset, 2, pin_memory=True, pin_device_id=0, **workers)
    for parts in loader:
        assert isinstance(parts, list)
        for part in parts:
            assert part.context == mx.cpu_pinned(0)
            assert part.to_torch().is_pinned()


def test_global_random_state_is_left_alone():
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), torch.is_grad_enabled()
    for workers in WORKERS:
        values(gluon.data.DataLoader(Recorded(4), 2, **workers))
    assert torch.equal(before[0], torch.get_rng_state())
    assert (before[1] == np.random.get_state()[1]).all()
    assert before[2] == torch.is_grad_enabled()


def test_what_the_program_draws_does_not_depend_on_workers():
    drawn = []
    for workers in WORKERS:
        mx.random.seed(3)
        values(gluon.data.DataLoader(Recorded(4), 2, **workers))
        drawn.append(nd.random.uniform(shape=(2,)).asnumpy().tolist())
    assert drawn[0] == drawn[1] == drawn[2]
