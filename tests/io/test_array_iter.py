"""NDArrayIter: batches, their padding and their order are MXNet's."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same


def epochs(mx, count, batch_size, handle, resets, shuffle, seed):
    """All batches of some epochs, each started with one of `resets`, which may stop before the end."""
    np.random.seed(seed)
    data = np.arange(2.0 * count).reshape(count, 2)
    batches = mx.io.NDArrayIter(data, np.arange(count), batch_size, shuffle, handle)
    found = []
    for reset, most in resets:
        if reset:
            getattr(batches, reset)()
        taken = []
        for batch in batches:
            taken.append((batch.data[0], batch.label[0], batch.pad, batch.index))
            if len(taken) == most:
                break
        found.append((taken, batches.cursor))
    return found, np.random.rand()


def all_epochs(mx, cases):
    return [epochs(mx, *case) for case in cases]


def test_epochs(oracle):
    random = np.random.default_rng(5)
    cases = []
    for handle in ("pad", "discard", "roll_over"):
        for count in range(1, 9):
            for batch_size in range(1, count + 2):
                resets = [("", 99)] + [
                    (str(random.choice(["reset", "reset", "hard_reset"])), int(random.choice([1, 2, 99])))
                    for _ in range(3)
                ]
                cases.append((count, batch_size, handle, resets, bool(random.integers(2)), int(random.integers(99))))
    ours, theirs = oracle.both(all_epochs, cases)
    assert theirs.get()[0][0], "MXNet made batches"
    assert_same(ours, theirs)


def test_batches_longer_than_the_data(oracle):
    resets = [("", 99), ("reset", 99), ("reset", 99)]
    for count, batch_size in [(3, 8), (1, 4), (2, 4)]:
        assert_same(*oracle.both(epochs, count, batch_size, "pad", resets, False, 0))


def described(mx, data, label, **options):
    batches = mx.io.NDArrayIter(data, label, **options)
    batch = next(batches)
    return str(batches.provide_data), str(batches.provide_label), batch.data, batch.label, str(batch)


def test_names(oracle):
    rows, numbers = np.arange(10.0).reshape(5, 2), np.arange(5)
    for data, label, options in [
        (rows, numbers, {}),
        (rows, None, {"batch_size": 2}),
        ([rows], [numbers, numbers], {"batch_size": 2}),
        ([rows, numbers], {"z": numbers, "y": rows}, {"data_name": "x"}),
        ({"b": rows, "a": numbers}, rows, {"label_name": "truth", "layout": "NC"}),
        ({"a": [[1, 2], [3, 4]]}, [], {"batch_size": 2}),
        (numbers.astype("int64"), rows.astype("float16"), {}),
    ]:
        assert_same(*oracle.both(described, data, label, **options))


def test_ndarrays_keep_their_type(oracle):
    program = """
        it = mx.io.NDArrayIter(nd.arange(5, dtype='int32'), nd.arange(5, dtype='float64', ctx=mx.cpu(1)), 2)
        batch = it.next()
        return (batch.data, batch.label, str(batch.label[0].context), it.provide_data[0].dtype,
                it.provide_label[0].dtype, it.num_data, it.num_source, it.batch_size, it.cursor)"""
    assert_same(*oracle.both(program))


def test_a_batch_is_a_copy(oracle):
    program = """
        x = nd.arange(4)
        it = mx.io.NDArrayIter(x, batch_size=2)
        it.next().data[0][:] = 7
        return x, it.data[0][0], it.next().data"""
    assert_same(*oracle.both(program))


def test_step_by_step(oracle):
    program = """
        it = mx.io.NDArrayIter(np.arange(5), np.arange(5), batch_size=2)
        return [(it.iter_next(), it.getdata(), it.getlabel(), it.getpad(), it.getindex()) for _ in range(3)], (
            it.iter_next(), it.iter_next(), it.cursor)"""
    assert_same(*oracle.both(program))


@pytest.mark.parametrize("steps", [0, 4])
def test_no_batch(oracle, steps):
    program = f"""
        it = mx.io.NDArrayIter(np.arange(5), np.arange(5), batch_size=2)
        for _ in range({steps}):
            it.iter_next()
        return it.getdata()"""
    ours, theirs = oracle.both(program)
    assert_same(ours, theirs)
    assert "next() or iter_next()" in ours.message or "reset()" in ours.message


def test_the_end_stays_the_end(oracle):
    assert_same(*oracle.both("it = mx.io.NDArrayIter(np.arange(3), batch_size=2); list(it); return it.next()"))


@pytest.mark.parametrize("data", ["'abc'", "(np.ones(3), np.ones(3))", "None", "[]", "{}", "5"])
def test_what_mxnet_refuses(oracle, data):
    assert_same(*oracle.both(f"mx.io.NDArrayIter({data}); return 1"))
    assert_same(*oracle.both("mx.io.NDArrayIter(np.ones(3), 5); return 1"))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            {"data": np.ones(5), "label": np.ones(4)},
            "fewer samples than the first, 5; received {'data': 5, 'softmax_label': 4}",
        ),
        ({"data": [np.ones(5), np.ones(4)]}, "{'_0_data': 5, '_1_data': 4}"),
        ({"data": np.ones(3), "batch_size": 0}, "batch_size must be a positive int; received 0"),
        ({"data": np.ones(3), "batch_size": 1.5}, "batch_size must be a positive int; received 1.5"),
        ({"data": np.ones(3), "last_batch_handle": "rollover"}, "pad, discard, roll_over; received 'rollover'"),
        ({"data": np.array(5.0)}, "'data' is a single number"),
        ({"data": {}}, "one or more arrays; received {}"),
    ],
)
def test_refusals(arguments, text):
    with pytest.raises(mx.MXNetError) as error:
        mx.io.NDArrayIter(**arguments)
    assert text in str(error.value)


def test_what_is_no_array():
    with pytest.raises(TypeError, match="received str for 'x'"):
        mx.io.NDArrayIter({"x": "abc"})


def test_no_samples(oracle):
    assert_same(*oracle.both("[batch for batch in mx.io.NDArrayIter(np.ones((0, 2)), batch_size=2)]"))


def test_only_the_shuffle_draws_from_numpy():
    before = repr(np.random.get_state())
    list(mx.io.NDArrayIter(np.arange(5), batch_size=2))
    assert repr(np.random.get_state()) == before


def unequal(mx, handle, shuffle):
    np.random.seed(3)
    batches = mx.io.NDArrayIter(np.arange(5), {"a": np.arange(9), "b": np.arange(7)}, 2, shuffle, handle)
    found = []
    for _ in range(3):
        found.append([(batch.data, batch.label, batch.pad) for batch in batches])
        batches.reset()
    return found, batches.num_data


def test_the_first_array_says_how_many_samples_there_are(oracle):
    # Without shuffling, MXNet pads with all that is left of a longer array, and the batch is too long.
    for handle, shuffle in [("discard", False), ("discard", True), ("pad", True), ("roll_over", True)]:
        assert_same(*oracle.both(unequal, handle, shuffle))
    assert [batch[1][0].shape for batch in unequal(mx, "pad", False)[0][0]] == [(2,)] * 3
