"""What samples cannot express: gradients that are zero by rule, special points, and errors of MXNet itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import glueball as mx
from glueball.ops import gradient
from tests.comparison import assert_same
from tests.oracle.client import Oracle

POINTS = [-math.inf, -3, -2.5, -2, -1.5, -1, -0.5, -0.0, 0, 0.5, 1, 1.5, 2, 2.5, 3, math.inf, math.nan]


def at_special_points(mx: Any, names: list[str], points: list[float]) -> dict[str, Any]:
    results = {}
    for name in names:
        data = mx.nd.array(points)
        results[name] = getattr(mx.nd, name)(data).asnumpy()
    return results


def test_functions_at_special_points(oracle: Oracle) -> None:
    names = [
        "abs", "sign", "rint", "round", "ceil", "floor", "trunc", "fix", "square", "sqrt", "rsqrt", "cbrt", "rcbrt",
        "exp", "expm1", "log", "log10", "log2", "log1p", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh",
        "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "degrees", "radians", "sigmoid", "hard_sigmoid",
        "softsign", "relu", "erf", "erfinv", "gammaln", "reciprocal", "negative", "logical_not", "smooth_l1",
    ]  # fmt: skip
    ours, theirs = oracle.both(at_special_points, names, POINTS)
    assert_same(ours, theirs)


def test_rounding_next_to_a_tie(oracle: Oracle) -> None:
    """Adding a half and truncating is wrong for numbers just below a half, and for large ones."""
    below_half = float(np.nextafter(np.float32(0.5), np.float32(0)))
    points = [below_half, -below_half, 2.0**23 + 1, 2.0**24 - 1, -(2.0**23) - 1, 1e30]
    assert_same(*oracle.both(at_special_points, ["rint", "round"], points), rtol=0)


def zero_gradients(mx: Any, start: list[float]) -> list[Any]:
    """Gradients through operators that have none, at the logarithm of `start`: zeros."""
    nd = mx.nd
    functions = [
        lambda y: nd.BlockGrad(y), lambda y: nd.zeros_like(y), lambda y: nd.ones_like(y), lambda y: y > 0,
        lambda y: y == y, lambda y: nd.floor(y), lambda y: nd.rint(y), lambda y: nd.logical_not(y),
        lambda y: nd.argmax(y), lambda y: nd.argsort(y), lambda y: nd.topk(y), lambda y: nd.topk(y, ret_typ="mask"),
        lambda y: nd.broadcast_equal(y, y), lambda y: nd.broadcast_logical_and(y, nd.ones((2,))),
    ]  # fmt: skip
    results = []
    for function in functions:
        x = nd.array(start)
        x.attach_grad()
        x.grad[:] = 7
        with mx.autograd.record():
            z = function(nd.log(x))
        z.backward()
        results.append(x.grad.asnumpy())
        with mx.autograd.record():
            z = function(nd.log(x)).sum() + x.sum()
        z.backward()
        results.append(x.grad.asnumpy())
    return results


_INFINITE_SLOPE = pytest.mark.xfail(
    not gradient.torch_reports_nothing(), reason="this torch carries zeros through it: 0 * infinity is NaN", strict=True
)


@pytest.mark.parametrize("start", [[2, 1], pytest.param([0, 1], marks=_INFINITE_SLOPE)])
def test_zero_gradients(oracle: Oracle, start: list[float]) -> None:
    ours, theirs = oracle.both(zero_gradients, start)
    assert_same(ours, theirs)
    assert all(gradient.tolist() in ([0, 0], [1, 1]) for gradient in ours.get())


def test_second_derivatives() -> None:
    """MXNet has few; ours follow from the first ones, custom gradients included."""
    cases: list[tuple[Callable[[Any], Any], float, float]] = [
        (mx.nd.cbrt, 8.0, -2 / (9 * 32)),
        (mx.nd.rcbrt, 8.0, 4 / (9 * 128)),
        (mx.nd.square, 3.0, 2.0),
        (lambda x: mx.nd.max(x) ** 3, 2.0, 12.0),
        (lambda x: mx.nd.broadcast_maximum(x, x / 2) ** 3, 2.0, 12.0),
        (lambda x: x ** 3.0, 2.0, 12.0),
    ]  # fmt: skip
    for function, at, expected in cases:
        x = mx.nd.array([at])
        x.attach_grad()
        with mx.autograd.record():
            (slope,) = mx.autograd.grad(function(x), [x], create_graph=True)
        slope.backward()
        assert x.grad.asscalar() == pytest.approx(expected, rel=1e-5)


def test_gradients_where_mxnets_are_nan(oracle: Oracle) -> None:
    def gradients(mx: Any) -> list[Any]:
        results = []
        for function in (mx.nd.prod, mx.nd.norm):
            x = mx.nd.array([0, 0 if function is mx.nd.norm else 3, 0 if function is mx.nd.norm else 2])
            x.attach_grad()
            with mx.autograd.record():
                y = function(x)
            y.backward()
            results.append(x.grad.asnumpy())
        return results

    ours, theirs = oracle.both(gradients)
    assert [gradient.tolist() for gradient in ours.get()] == [[6, 0, 0], [0, 0, 0]]
    assert all(np.isnan(gradient).any() for gradient in theirs.get())


def test_norm_of_integers_and_its_type() -> None:
    """MXNet returns the largest element for integers, and refuses types other than that of the data."""
    assert mx.nd.norm(mx.nd.array([3, 4], dtype="int32")).asnumpy().tolist() == [5]
    data = mx.nd.array([[1, -2], [3, -4]])
    for name in ("float16", "float64", "int32", "int64", "int8"):
        result = mx.nd.norm(data, out_dtype=name)
        assert result.dtype == np.dtype(name)
        assert float(result.asscalar()) == pytest.approx(math.sqrt(30), abs=1e-3 if name[0] == "f" else 1)


def test_moments_of_integers() -> None:
    mean, variance = mx.nd.moments(mx.nd.array([[1, 2], [3, 6]], dtype="int32"), axes=1)
    assert mean.asnumpy().tolist() == [1, 4] and variance.asnumpy().tolist() == [0, 2]
    assert mean.dtype == variance.dtype == np.int32


def test_mean_of_integers_does_not_overflow() -> None:
    assert mx.nd.mean(mx.nd.array([200, 200, 255], dtype="uint8")).asscalar() == 218
    assert mx.nd.mean(mx.nd.array([2**31 - 1] * 2, dtype="int32")).asscalar() == 2**31 - 1


def test_where_takes_a_bool_condition() -> None:
    chosen = mx.nd.where(mx.nd.array([1, 0], dtype="bool"), mx.nd.array([1, 2]), mx.nd.array([3, 4]))
    assert chosen.asnumpy().tolist() == [1, 4]


def test_order_of_nan_and_of_equal_elements() -> None:
    """MXNet leaves both unspecified."""
    data = mx.nd.array([3, math.nan, 1, 3, 1])
    np.testing.assert_array_equal(mx.nd.sort(data).asnumpy(), [1, 1, 3, 3, math.nan])
    assert mx.nd.argsort(data).asnumpy().tolist() == [2, 4, 0, 3, 1]
    assert mx.nd.argsort(mx.nd.zeros((40,)), is_ascend=False).asnumpy().tolist() == list(range(40))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_small_types_work_everywhere_that_mxnet_refuses(dtype: str) -> None:
    """MXNet's CPU build has neither dot nor sort for them."""
    data = mx.nd.array([[1, 2], [3, 4]]).astype(dtype)
    for result in (mx.nd.dot(data, data), mx.nd.sort(data, is_ascend=False), mx.nd.norm(data), mx.nd.gamma(data)):
        assert result.dtype == data.dtype
    assert mx.nd.dot(data, data).asnumpy().tolist() == [[7, 10], [15, 22]]


def test_zero_gradients_where_torch_does_not_report_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With older versions of torch, zeros are really sent."""
    assert gradient.torch_reports_nothing() in (True, False)
    monkeypatch.setattr(gradient, "torch_reports_nothing", lambda: False)
    x = mx.nd.array([1, 2])
    x.attach_grad()
    x.grad[:] = 7
    with mx.autograd.record():
        y = mx.nd.broadcast_greater(mx.nd.exp(x), x)
    y.backward()
    assert x.grad.asnumpy().tolist() == [0, 0]


@pytest.mark.parametrize(
    ("length", "k"), [(9, 1), (9, 5), (16, 2), (16, 3), (16, 16), (300, 5), (300, 37), (7000, 100)]
)
@pytest.mark.parametrize("is_ascend", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_topk_of_equal_elements(oracle: Oracle, length: int, k: int, is_ascend: bool, dtype: str) -> None:
    """Both sort short rows without changing the order of what is equal, and select few elements by a heap."""
    data = np.random.default_rng(length).integers(-2, 3, (3, length))
    ours, theirs = oracle.both(
        "return [nd.topk(nd.array(data, dtype=dtype), k=k, is_ascend=is_ascend, ret_typ=kind)"
        " for kind in ('indices', 'mask')]",
        data=data, k=k, is_ascend=is_ascend, dtype=dtype,
    )  # fmt: skip
    assert_same(ours, theirs)


@pytest.mark.parametrize("length", [16, 17, 32, 300])
@pytest.mark.parametrize("is_ascend", [False, True])
def test_equal_elements_keep_their_order(oracle: Oracle, length: int, is_ascend: bool) -> None:
    """In MXNet they do in rows of up to 16 elements, and from then on not; what is sorted is the same."""
    data = np.random.default_rng(length).integers(-2, 3, (2, length)).astype("float32")
    expected = np.argsort(data if is_ascend else -data, axis=1, kind="stable")
    code = "return [nd.argsort(x, is_ascend=up), nd.topk(x, k=x.shape[1], is_ascend=up), nd.sort(x, is_ascend=up)]"
    ours, theirs = oracle.both(f"x = nd.array(data); {code}", data=data, up=is_ascend)
    *mine, values = ours.get()
    assert [order.astype(int).tolist() for order in mine] == [expected.tolist()] * 2
    assert_same(values, theirs.get()[2])
    if length <= 16:
        assert_same(ours, theirs)
    else:
        assert not np.array_equal(theirs.get()[0], expected)
