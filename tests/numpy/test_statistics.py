"""Spreads, averages, percentiles and counts of ``mx.np`` against MXNet, and against NumPy where MXNet fails."""

from __future__ import annotations

import math
from typing import Any

import numpy as onp
import pytest

import glueball as mx
from tests.numpy.calls import ARRAYS, compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

np = mx.np

_SPREADS = ["std", "var"]
_INTERPOLATIONS = ["linear", "lower", "higher", "midpoint", "nearest"]


@pytest.mark.parametrize("name", _SPREADS)
def test_spreads(oracle: Oracle, name: str) -> None:
    rests = [
        "",
        ", 1",
        ", axis=(0, 1), keepdims=True",
        ", axis=-1, ddof=1",
        ", 0, 'float64'",
        ", None, None, None, 1, True",
        ", axis=()",
        ", axis=2",
        ", axis=(0, 0)",
        ", ddof=6",
    ]
    texts = [f"np.{name}({array}{rest})" for array in ("x", "y") for rest in rests]
    texts += [f"np.{name}({array})" for array in "dhlus"] + [f"np.{name}(s, ddof=1)"]
    texts += [f"np.{name}([1, 2])", f"np.{name}(s, axis=0)", f"np.{name}(x, 1, out=np.zeros((2,)))"]
    texts += [f"x.{name}({rest})" for rest in ("", "1", "0, None, None, 1, True", "axis=0, ddof=1", "foo=1")]
    texts += [
        f"np.{name}(e, axis=1)",
        f"np.{name}(e)",
    ]  # the last ones, since MXNet's next call can fail for their sake
    compare(oracle, texts, gradient=False, rtol=2e-6)


def test_averages(oracle: Oracle) -> None:
    texts = [
        "np.average(x)",
        "np.average(x, 1)",
        "np.average(x, (0, 1))",
        "np.average(x, weights=y)",
        "np.average(x, axis=1, weights=y)",
        "np.average(x, 1, v)",
        "np.average(x, -1, v)",
        "np.average(s)",
        "np.average(c, 1, v)",
        "np.average(x, ())",
        "np.average(x, returned=True)",
        "np.average(c, (0, 2), returned=True)",
        "np.average(x, 0, v)",
        "np.average(x, None, v)",
        "np.average(x, (0, 1), v)",
        "np.average(x, 2)",
        "np.average([1, 2])",
        "np.average(x, weights=[1, 2, 3])",
        "np.average(x, 1, d)",
        "np.average(x, axis=1, weights=s)",
    ]
    compare(oracle, texts)
    texts = [f"np.average({array})" for array in "dhilu"]
    texts += [
        "np.average(x, 1, v, True)",
        "np.average(x, 1, y, True)",
        "np.average(x, (0, 1), y, True)",
        "np.average(i, weights=i)",
        "np.average(s, weights=s)",
        "np.average(x, 1, out=np.zeros((2,)))",
        "np.average(e)",
    ]
    compare(oracle, texts, gradient=False)


def test_percentiles(oracle: Oracle) -> None:
    texts = [
        f"np.percentile(c, {q}{rest}, interpolation='{kind}')"
        for q in ("0", "30", "62.5", "100", "v * 10", "s", "l", "np.array([0., 100])")
        for rest in ("", ", axis=1", ", (0, 2), keepdims=True", ", axis=-1")
        for kind in _INTERPOLATIONS
    ]
    texts += [f"np.percentile({array}, 25)" for array in "xyvilu"] + ["np.percentile(h, 25)", "np.percentile(e, 30, 1)"]
    texts += [
        "np.quantile(x, 0.5)",
        "np.quantile(x, v / 10)",
        "np.quantile(y, 0.3, 1, None, None, 'lower', True)",
        "np.percentile(x, v * 10, axis=())",
        "np.percentile(x, 50, 1, np.zeros((2,)))",
        "np.percentile(x, onp.float32(50))",
    ]
    compare(oracle, texts, gradient=False, rtol=2e-6)


def test_percentiles_that_are_refused(oracle: Oracle) -> None:
    texts = [
        "np.percentile(x, 101)",
        "np.percentile(x, -1)",
        "np.percentile(x, v * 100)",
        "np.quantile(x, 2)",
        "np.percentile(x, y)",
        "np.percentile(x, 30, interpolation='foo')",
        "np.percentile(x, 50, 2)",
        "np.percentile(x, 50, (0, 0))",
        "np.percentile([1, 2], 50)",
        "np.percentile(x, 50, overwrite_input=False)",
        "np.percentile(b, 30)",
    ]
    compare(oracle, texts, gradient=False)


def test_counts(oracle: Oracle) -> None:
    texts = [
        "np.bincount(l)",
        "np.bincount(u)",
        "np.bincount(abs(i[0]))",
        "np.bincount(l, v)",
        "np.bincount(l, l)",
        "np.bincount(l, minlength=6)",
        "np.bincount(l, None, 0)",
        "np.bincount(l[:0])",
        "np.bincount(l[:0], minlength=3)",
        "np.bincount(l, weights=v, minlength=5)",
        "np.bincount(i)",
        "np.bincount(v)",
        "np.bincount(l, minlength=-1)",
        "np.bincount(l - 1)",
        "np.bincount(l, v[:2])",
        "np.bincount([1, 2])",
        "np.bincount(l, s)",
    ]
    compare(oracle, texts, gradient=False)


def test_histograms(oracle: Oracle) -> None:
    texts = [
        "np.histogram(x, 5, (0, 1))",
        "np.histogram(y, bins=7, range=(-2, 3.5))",
        "np.histogram(x, np.array([0., 1, 2]))",
        "np.histogram(i, 5, (0, 5))",
        "np.histogram(u, 5, (0, 5))",
        "np.histogram(e, 5, (0, 1))",
        "np.histogram(s, 5, (0, 2))",
        "np.histogram(h, 5, (0, 1))",
        "np.histogram(x, 5, (1, 0))",
        "np.histogram(x, 5, (1,))",
        "np.histogram(x, 5, (0, 1), True)",
        "np.histogram(x, 5, (0, 1), density=True)",
        "np.histogram(x, 5, (0, 1), density=False)",
        "np.histogram(x, 5, (0, 1), weights=x)",
        "np.histogram(x, [0, 1, 2])",
        "np.histogram(x, 'auto')",
        "np.histogram(x, 5.0, (0, 1))",
    ]
    compare(oracle, texts, gradient=False)


def test_graphs_in_files(oracle: Oracle) -> None:
    texts = [f"np.{name}(x{rest})" for name in _SPREADS for rest in ("", ", 1", ", (0, 1), 'float64', None, 1, True")]
    texts += [f"x.{name}({rest})" for name in _SPREADS for rest in ("", "1", "0, 'float64', None, 1, True")]
    texts += [
        "np.average(x)",
        "np.average(x, weights=y)",
        "np.average(x, 1, v, True)",
        "np.average(x, returned=True)",
        "np.percentile(x, 50)",
        "np.percentile(x, 50.0, 1, keepdims=True)",
        "np.percentile(x, v, axis=1)",
        "np.quantile(x, 0.5)",
        "np.quantile(x, v)",
        "np.quantile(x, 1, interpolation='lower')",
        "np.bincount(l)",
        "np.bincount(l, v)",
        "np.bincount(l, minlength=7)",
        "np.bincount(l, minlength=-1)",
        "np.histogram(x, 5, (0, 1))",
        "np.histogram(x, v)",
        "np.histogram(x)",
        "np.percentile(x, 50, overwrite_input=True)",
    ]
    compare_graphs(oracle, texts)


# More than MXNet: what NumPy defines, and the gradients that MXNet leaves zero.


def _gradient(function: Any, *arrays: Any) -> list[Any]:
    inputs = [np.array(each, dtype="float64") for each in arrays]
    for each in inputs:
        each.attach_grad()
    with mx.autograd.record():
        result = function(*inputs)
    result.backward()
    return [each.grad.asnumpy() for each in inputs]


def test_spreads_have_gradients() -> None:
    x = ARRAYS["x"].astype("float64")
    (found,) = _gradient(lambda a: np.var(a, ddof=1), x)
    assert found == pytest.approx(2 * (x - x.mean()) / 5)
    (found,) = _gradient(lambda a: np.std(a, axis=1).sum(), x)
    assert found == pytest.approx((x - x.mean(1, keepdims=True)) / (3 * x.std(1, keepdims=True)))


def test_percentiles_have_gradients() -> None:
    (found,) = _gradient(lambda a: np.percentile(a, 30), [3, 1, 2, 7])
    assert found.tolist() == pytest.approx([0, 0.1, 0.9, 0])


def test_weights_of_counts_have_gradients() -> None:
    places = np.array([2, 0, 2], dtype="int64")
    factors = np.array([1, 2, 3], dtype="float64")
    (found,) = _gradient(lambda w: (np.bincount(places, w) * factors).sum(), [5, 6, 7])
    assert found.tolist() == [3, 1, 3]


def test_spreads_of_integers_are_around_their_mean() -> None:
    x = np.array([0, 0, 2], dtype="int32")
    assert np.std(x, dtype="float32").item() == pytest.approx(onp.std([0, 0, 2]))
    assert np.var(x).tolist() == 0  # the type of the array


def test_more_freedom_than_elements_is_numpys() -> None:
    assert math.isinf(np.var(np.array([1, 2]), ddof=3).item())


def test_percentiles_of_a_number_and_of_nan_are_numpys() -> None:
    assert np.percentile(np.array(1.5), 30).item() == 1.5
    assert math.isnan(np.percentile(np.array([1, math.nan, 2]), 50).item())
    with pytest.raises(mx.MXNetError, match="must have an element"):
        np.percentile(np.zeros((0,)), 50)


def test_percentiles_of_a_list_are_numpys() -> None:
    values = onp.array([[3, 1, 2], [7, 5, 9]], dtype="float32")
    for axis, keepdims in ((None, False), (1, True)):
        found = np.percentile(np.array(values), [25, 50], axis, keepdims=keepdims)
        assert found.tolist() == onp.percentile(values, [25, 50], axis, keepdims=keepdims).tolist()
    assert np.quantile(np.array(values), (0.5, 1)).tolist() == [4, 9]
    symbol = mx.sym.np.quantile(mx.sym.var("x").as_np_ndarray(), [0.5, 1])
    assert symbol.eval(x=np.array(values))[0].asnumpy().tolist() == [4, 9]


def test_histogram_finds_its_range() -> None:
    values = onp.array([1, 2.5, 4, 2], dtype="float32")
    counts, edges = np.histogram(np.array(values), 3)
    theirs = onp.histogram(values, 3)
    assert counts.tolist() == theirs[0].tolist()
    assert edges.tolist() == pytest.approx(theirs[1].tolist())
    assert np.histogram(np.zeros((0,)), 2)[1].tolist() == [0, 0.5, 1]


def test_bool_is_counted() -> None:
    assert np.bincount(np.array([True, False, True], dtype="bool")).tolist() == [1, 2]
