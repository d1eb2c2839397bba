"""Descriptions, batches and the iterators over iterators."""

from __future__ import annotations

import pickle
import threading

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same


def taken(batches):
    return [(batch.data, batch.label, batch.pad, batch.index) for batch in batches]


# ---------------------------------------------------------------------------------------- descriptions, batches


def test_descriptions(oracle):
    program = """
        D = mx.io.DataDesc
        d, e = D('x', (2, 3)), D('y', [4], 'float64', 'NTC')
        axes = [D.get_batch_axis(layout) for layout in ('NTC', 'TNC', None, 'TC')]
        lists = [D.get_list([('a', (1, 2)), ('b', (3,))], [('b', 'int32'), ('a', np.float16)]),
                 D.get_list([('a', 1)], None)]
        return (str(d), str(e), tuple(d), tuple(e), d == ('x', (2, 3)), d.dtype, d.layout, len(d), axes,
                str(lists), D._fields, d[1], d == D('x', (2, 3), 'int32'))"""
    assert_same(*oracle.both(program))
    assert_same(*oracle.both("mx.io.DataDesc.get_list([('a', (1,))], [('b', 'int32')])"))


def test_a_description_travels():
    desc = mx.io.DataDesc("x", (2, 3), "int32", "NTC")
    for copy in (pickle.loads(pickle.dumps(desc)), desc._replace()):
        assert (copy, copy.dtype, copy.layout) == (desc, "int32", "NTC")
    assert desc._replace(shape=(7,)).layout == "NTC"


def test_batches(oracle):
    program = """
        B = mx.io.DataBatch
        b = B([nd.ones((2, 3))], (nd.ones(2),), 1, np.arange(2), 'key', ['d'], ['l'])
        return (str(b), str(B([nd.ones(2)])), str(B([], [])), sorted(vars(b)), b.pad, b.index, b.bucket_key,
                b.provide_data, b.provide_label)"""
    assert_same(*oracle.both(program))


@pytest.mark.parametrize("arguments", ["nd.ones(2)", "[nd.ones(2)], nd.ones(2)", "'abc'"])
def test_a_batch_needs_lists(oracle, arguments):
    assert_same(*oracle.both(f"mx.io.DataBatch({arguments}); return 1"))


def test_the_base(oracle):
    program = """
        it = mx.io.DataIter(4)
        return (it.batch_size, it.reset(), iter(it) is it, it.iter_next(), it.getdata(), it.getlabel(), it.getpad(),
                it.getindex(), list(it))"""
    assert_same(*oracle.both(program))


def countdown(mx, start):
    class Countdown(mx.io.DataIter):
        def reset(self):
            self.left = start

        def iter_next(self):
            self.left -= 1
            return self.left >= 0

        def getdata(self):
            return [mx.nd.array([self.left])]

        def getlabel(self):
            return []

        def getpad(self):
            return 0

    batches = Countdown(1)
    batches.reset()
    return taken(batches)


def test_a_users_iterator(oracle):
    assert_same(*oracle.both(countdown, 3))


# ------------------------------------------------------------------------------------------------- ResizeIter


def resized(mx, size, reset_internal, count):
    batches = mx.io.ResizeIter(mx.io.NDArrayIter(np.arange(count), np.arange(count), 2), size, reset_internal)
    first = taken(batches)
    batches.reset()
    return first, taken(batches), str(batches.provide_data), str(batches.provide_label), batches.batch_size


def test_resize(oracle):
    for size, reset_internal, count in [(5, True, 5), (2, True, 5), (2, False, 5), (0, True, 5), (3, True, 0)]:
        assert_same(*oracle.both(resized, size, reset_internal, count))


def test_resize_step_by_step(oracle):
    program = """
        it = mx.io.ResizeIter(mx.io.NDArrayIter(np.arange(5), np.arange(5), 2), 1)
        return it.iter_next(), it.getdata(), it.getlabel(), it.getpad(), it.getindex(), it.iter_next(), it.getdata()"""
    assert_same(*oracle.both(program))


def test_resize_refusals():
    inner = mx.io.NDArrayIter(np.arange(4))
    with pytest.raises(mx.MXNetError, match="size must be an int of 0 or more; received -1"):
        mx.io.ResizeIter(inner, -1)
    with pytest.raises(mx.MXNetError, match="ResizeIter: there must be a batch; call next"):
        mx.io.ResizeIter(inner, 2).getdata()
    with pytest.raises(AttributeError, match="data_iter must be a DataIter; received NoneType"):
        mx.io.ResizeIter(None, 2)


# ------------------------------------------------------------------------------------------- PrefetchingIter


def prefetched(mx, lengths, rename_data, rename_label):
    inner = [
        mx.io.NDArrayIter(np.arange(length) + number, np.arange(length), 2) for number, length in enumerate(lengths)
    ]
    batches = mx.io.PrefetchingIter(inner, rename_data, rename_label)
    first = taken(batches)
    again = batches.iter_next()
    batches.reset()
    one = batches.next()
    batches.reset()  # in the middle of an epoch
    return (first, again, taken(batches), str(batches.provide_data), str(batches.provide_label), batches.batch_size,
            str(one.provide_data), str(one.provide_label))  # fmt: skip


def test_prefetching(oracle):
    renamed = [{"data": "a", "softmax_label": "b"}, {"data": "c", "softmax_label": "d"}]
    for lengths, data, label in [([5], None, None), ([4, 4], None, None), ([5, 5], renamed, renamed)]:
        assert_same(*oracle.both(prefetched, lengths, data, label))


@pytest.mark.parametrize("lengths", [[5, 6], [5, 9], [9, 4]])
def test_prefetching_iterators_of_different_lengths(lengths):
    with pytest.raises(mx.MXNetError, match="all iterators must end together"):
        prefetched(mx, lengths, None, None)


def test_prefetching_is_ahead_and_ends():
    before = set(threading.enumerate())
    batches = mx.io.PrefetchingIter(mx.io.NDArrayIter(np.arange(6), batch_size=2))
    batches.next()
    assert batches._ahead[0].result().data[0].asnumpy().tolist() == [2, 3]
    (thread,) = set(threading.enumerate()) - before
    del batches
    thread.join(10)
    assert not thread.is_alive()


def test_an_error_in_a_thread_is_raised():
    class Broken(mx.io.NDArrayIter):
        def next(self):
            raise ValueError("no disk")

    batches = mx.io.PrefetchingIter(Broken(np.arange(4), batch_size=2))
    with pytest.raises(ValueError, match="no disk"):
        batches.next()
    batches.reset()


def test_prefetching_refusals():
    inner = mx.io.NDArrayIter(np.arange(4), batch_size=2)
    other = mx.io.NDArrayIter(np.arange(4), batch_size=2)
    for iters in ([], [inner, inner]):
        with pytest.raises(mx.MXNetError, match="one or more iterators, each once"):
            mx.io.PrefetchingIter(iters)
    with pytest.raises(mx.MXNetError, match="rename_data must hold a dict for each of the 2 iterators; received 1"):
        mx.io.PrefetchingIter([inner, other], rename_data=[{"data": "x"}])
    with pytest.raises(KeyError, match="new name must be given for 'data'"):
        mx.io.PrefetchingIter(inner, rename_data=[{"dat": "x"}])
    with pytest.raises(mx.MXNetError, match="PrefetchingIter: there must be a batch; call next"):
        mx.io.PrefetchingIter(inner).getpad()
    with pytest.raises(AttributeError, match="iters must be DataIters; received int"):
        mx.io.PrefetchingIter(5)


def test_unknown_names():
    with pytest.raises(AttributeError, match="did you mean 'NDArrayIter'"):
        mx.io.NDArrayIterator  # noqa: B018
