"""Sums, products, means, extremes and truths of ``mx.np`` against MXNet, and against NumPy where MXNet fails."""

from __future__ import annotations

import numpy as onp
import pytest

import glueball as mx
from tests.numpy.calls import ARRAYS, compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

np = mx.np

_SUMS = ["sum", "mean", "prod"]
_EXTREMES = ["max", "min"]
_TRUTHS = ["all", "any"]
_ALL = [*_SUMS, *_EXTREMES, *_TRUTHS]
_AXES = [
    "",
    ", axis=0",
    ", axis=-1",
    ", axis=(0, 1)",
    ", axis=(-1, 0), keepdims=True",
    ", axis=1, keepdims=True",
    ", axis=()",
    ", keepdims=True",
    ", axis=2",
    ", axis=(0, -2)",
    ", axis='a'",
]


@pytest.mark.parametrize("name", [*_ALL, "amax", "amin", "product", "sometrue"])
def test_axes_and_gradients(oracle: Oracle, name: str) -> None:
    compare(oracle, [f"np.{name}({array}{axis})" for array in ("x", "y") for axis in _AXES])


@pytest.mark.parametrize("name", _ALL)
def test_methods(oracle: Oracle, name: str) -> None:
    texts = [f"x.{name}({each})" for each in ("", "1", "axis=0, keepdims=True", "(0, 1)", "foo=1")]
    compare(oracle, texts)


@pytest.mark.parametrize("name", _ALL)
def test_every_type(oracle: Oracle, name: str) -> None:
    texts = [f"np.{name}({array}{axis})" for array in "xdhilub" for axis in ("", ", axis=0")]
    compare(oracle, texts, gradient=False)


@pytest.mark.parametrize("name", _ALL)
def test_arrays_without_axes(oracle: Oracle, name: str) -> None:
    axes = ["", ", axis=()", ", axis=1", ", keepdims=True"] + (
        [", axis=0", ", axis=-1"] if name not in _EXTREMES else []
    )
    compare(oracle, [f"np.{name}(s{axis})" for axis in axes])


@pytest.mark.parametrize("name", ["sum", *_EXTREMES, *_TRUTHS])
def test_arrays_without_elements(oracle: Oracle, name: str) -> None:
    compare(oracle, [f"np.{name}(e{axis})" for axis in ("", ", axis=0", ", axis=1")], gradient=False)


@pytest.mark.parametrize("name", _SUMS)
def test_types_of_results(oracle: Oracle, name: str) -> None:
    kinds = ["float16", "float32", "float64", "int8", "int32", "int64", "bool", "complex"]
    texts = [f"np.{name}({array}, dtype='{kind}')" for array in ("y", "i", "u", "d") for kind in kinds]
    compare(
        oracle,
        [*texts, f"np.{name}(b, dtype='int32')", f"np.{name}(x, dtype=onp.float64)", f"np.{name}(x, dtype=None)"],
        gradient=False,
    )
    compare(oracle, [f"np.{name}(y, dtype='float64')", f"np.{name}(y, 1, dtype='float16')"], rtol=2e-3)


def test_where_results_are_written(oracle: Oracle) -> None:
    calls = ["sum(x, 1", "mean(x, 1", "prod(x, 1", "max(x, 1", "min(x, axis=1", "cumsum(v, 0"]
    outs = ["np.zeros((2,))", "np.zeros((3,))", "np.zeros((2,), dtype='float64')", "np.zeros((2,), dtype='int32')"]
    texts = [f"np.{call}, out={out})" for call in calls for out in outs]
    texts += [f"np.{name}(x, 1, out=np.zeros((2,), dtype='bool'))" for name in _TRUTHS]
    compare(oracle, [*texts, "x.sum(1, out=np.zeros((2,)))", "x.max(1, np.zeros((2,)))"], gradient=False)
    out = np.zeros((2,))
    assert np.sum(np.ones((2, 3)), 1, out=out) is out
    assert out.tolist() == [3, 3]


def test_cumsum(oracle: Oracle) -> None:
    texts = [
        "np.cumsum(x)",
        "np.cumsum(x, 1)",
        "np.cumsum(c, axis=1)",
        "np.cumsum(s)",
        "np.cumsum(x, dtype='float64')",
        "x.cumsum()",
        "x.cumsum(1, 'float64')",
        "np.cumsum(x, 2)",
        "np.cumsum(s, axis=0)",
    ]
    compare(oracle, texts)
    texts = [f"np.cumsum({array}{axis})" for array in "dhilube" for axis in ("", ", 0")]
    compare(oracle, [*texts, "np.cumsum(y, dtype='int32')", "np.cumsum(e, 1)"], gradient=False)


def test_what_is_not_an_array(oracle: Oracle) -> None:
    texts = [f"np.{name}({value})" for name in _ALL for value in ("[1, 2]", "2", "None", "mx.nd.ones((2,))")]
    compare(oracle, [*texts, "np.sum()", "np.sum(x, foo=1)"], gradient=False)


def test_graphs_in_files(oracle: Oracle) -> None:
    names = [*_ALL, "amax", "amin", "product", "sometrue", "cumsum"]
    texts = [f"np.{name}(x{rest})" for name in names for rest in ("", ", 1", ", axis=-1")]
    texts += [f"np.{name}(x, axis=(0, 1), keepdims=True)" for name in names[:-1]]
    texts += [f"x.{name}({rest})" for name in (*_SUMS, *_EXTREMES) for rest in ("", "1", "axis=(0, 1), keepdims=True")]
    texts += [f"np.{name}(x, dtype='float64')" for name in (*_SUMS, "cumsum")]
    compare_graphs(
        oracle, [*texts, "x.cumsum()", "x.cumsum(1, 'float64')", "x.sum(dtype='float64')", "np.sum(x, initial=2)"]
    )


def test_graphs_compute_the_same() -> None:
    x = mx.sym.var("x").as_np_ndarray()
    symbols = [getattr(mx.sym.np, name)(x, axis=1) for name in _ALL]
    found = mx.sym.Group(symbols).bind(mx.cpu(), {"x": mx.np.array(ARRAYS["x"])}).forward()
    for name, each in zip(_ALL, found, strict=True):
        assert each.asnumpy().tolist() == getattr(np, name)(np.array(ARRAYS["x"]), axis=1).tolist(), name


@pytest.mark.parametrize("name", _ALL)
def test_drawn_shapes_and_axes(oracle: Oracle, name: str) -> None:
    rng = onp.random.default_rng(len(name))
    arrays, texts = {}, []
    for number in range(25):
        rank = int(rng.integers(0, 5))
        shape = tuple(int(each) for each in rng.integers(1, 4, rank))  # MXNet's gradient fails for a length of 0
        arrays[f"a{number}"] = rng.uniform(0.5, 1.5, shape).astype("float32")
        # MXNet refuses some orders of negative and positive axes.
        axes = tuple(int(each) for each in rng.permutation(rank)[: rng.integers(0, rank + 1)])
        texts.append(f"np.{name}(a{number}, axis={axes}, keepdims={bool(rng.integers(0, 2))})")
    compare(oracle, texts, **arrays)


# More than MXNet: what NumPy defines.


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_means_and_products_of_nothing_are_numpys(axis: int | None) -> None:
    nothing = np.zeros((0, 3))
    assert np.prod(nothing, axis).tolist() == onp.prod(onp.zeros((0, 3)), axis).tolist()
    mean = np.mean(nothing, axis)
    assert mean.shape == onp.zeros((0, 3)).sum(axis).shape
    assert onp.isnan(mean.asnumpy()).all()


def test_a_product_with_a_zero_has_a_gradient() -> None:
    x = np.array([2, 0, 3])
    x.attach_grad()
    with mx.autograd.record():
        product = np.prod(x)
    product.backward()
    assert x.grad.tolist() == [0, 6, 0]


@pytest.mark.parametrize("shape", [(2, 3), (0, 3)])
@pytest.mark.parametrize("axis", [None, 0])
def test_a_sum_begins_with_a_number(shape: tuple[int, ...], axis: int | None) -> None:
    values = onp.arange(onp.prod(shape), dtype="float32").reshape(shape)
    assert np.sum(np.array(values), axis, initial=2.5).tolist() == onp.sum(values, axis, initial=2.5).tolist()


@pytest.mark.parametrize("name", _EXTREMES)
def test_a_number_has_an_axis_where_numpy_says_so(name: str) -> None:
    assert getattr(np, name)(np.array(1.5), axis=0).item() == 1.5


def test_axes_may_stand_in_any_order() -> None:
    values = onp.arange(24, dtype="float32").reshape(2, 3, 4)
    for name in _ALL:
        found = getattr(np, name)(np.array(values), axis=(-2, 2, -3))
        assert found.tolist() == pytest.approx(float(getattr(onp, name)(values, axis=(-2, 2, -3)))), name


def test_cumsum_counts_axes_from_the_last() -> None:
    values = onp.arange(24).reshape(2, 3, 4)
    assert np.cumsum(np.array(values), axis=-2).tolist() == onp.cumsum(values, axis=-2).tolist()


def test_errors_say_what_to_do() -> None:
    with pytest.raises(mx.MXNetError, match=r"_np_max: a must have an element .* received shape \(0, 3\)"):
        np.max(np.zeros((0, 3)))
    with pytest.raises(TypeError, match=r"np\.sum: its inputs must be arrays of mx\.np; received list"):
        np.sum([1, 2])
