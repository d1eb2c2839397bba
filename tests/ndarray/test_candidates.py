"""Classes drawn from a log-uniform distribution: contrib.rand_zipfian and _sample_unique_zipfian."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball import nd
from tests.comparison import assert_same


def test_kinds_and_expected_numbers(oracle):
    program = """
        drawn, true, expected = nd.contrib.rand_zipfian(nd.array([3, 40]), 4, 50)
        integers = nd.contrib.rand_zipfian(nd.array([3, 40], dtype='int32'), 4, 50)[1]
        classes = drawn.asnumpy()
        again = np.log((classes + 2.) / (classes + 1.)) / np.log(51) * 4
        return [(each.shape, each.dtype) for each in (drawn, true, expected)], true, integers, (
            bool(np.allclose(expected.asnumpy(), again)), bool((classes >= 0).all() and (classes < 50).all()))"""
    assert_same(*oracle.both(program))


def test_the_graph_is_mxnets(oracle):
    program = """
        parts = sym.contrib.rand_zipfian(sym.var('x'), 4, 50)
        return [part.tojson() for part in parts], type(parts).__name__"""
    assert_same(*oracle.both(program))


def test_a_wrong_number_is_refused(oracle):
    assert_same(*oracle.both("nd.contrib.rand_zipfian(nd.array([3]), (4,), 50)"))


def test_how_often_classes_come():
    mx.random.seed(5)
    classes = nd.contrib.rand_zipfian(nd.array([0]), 20000, 8)[0].asnumpy()
    share = np.bincount(classes, minlength=8) / 20000
    expected = np.log((np.arange(8) + 2) / (np.arange(8) + 1)) / np.log(9)
    np.testing.assert_allclose(share, expected, atol=0.02)


def unique(rows: int, count: int, range_max: int) -> tuple[np.ndarray, np.ndarray]:
    drawn, tries = nd._internal._sample_unique_zipfian(range_max, shape=(rows, count))
    return drawn.asnumpy(), tries.asnumpy()


@pytest.mark.parametrize(("count", "range_max"), [(4, 4), (30, 1000), (1, 1)])
def test_unique_classes_differ(count, range_max):
    drawn, tries = unique(50, count, range_max)
    assert all(len(set(row)) == count for row in drawn)
    assert drawn.min() >= 0 and drawn.max() < range_max
    assert (tries >= count).all()


def test_unique_classes_are_drawn_as_mxnet_does(oracle):
    mx.random.seed(6)
    drawn, tries = unique(2000, 5, 20)

    def theirs(mx):
        mx.random.seed(6)
        drawn, tries = mx.nd._internal._sample_unique_zipfian(20, shape=(2000, 5))
        return drawn.asnumpy(), tries.asnumpy()

    their_drawn, their_tries = oracle.run(theirs)
    for ours, reference in ((drawn[:, 0], their_drawn[:, 0]), (drawn, their_drawn)):
        shares = [np.bincount(each.ravel(), minlength=20) / each.size for each in (ours, reference)]
        np.testing.assert_allclose(*shares, atol=0.04)
    assert tries.mean() == pytest.approx(their_tries.mean(), rel=0.05)


def test_the_same_seed_draws_the_same():
    mx.random.seed(7)
    first = unique(2, 5, 100)
    mx.random.seed(7)
    for one, other in zip(first, unique(2, 5, 100), strict=True):
        np.testing.assert_array_equal(one, other)
