"""Rounding, limits, differences, polynomials and shared memory in ``mx.np`` against MXNet, and against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import glueball as mx
from tests.numpy.calls import compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

np = mx.np

_SPECIAL = "np.array([onp.nan, onp.inf, -onp.inf, 2, 0])"


def test_rounding(oracle: Oracle) -> None:
    texts = [
        f"np.{f}(y * 1.37{rest})" for f in ("around", "round", "round_") for rest in ("", ", 1", ", decimals=2", ", -1")
    ]
    texts += [
        "np.around(s)",
        "np.around(np.array([0.5, 1.5, 2.5, -0.5, -1.5]))",
        "np.around(d, 1)",
        "x.round()",
        "x.round(1)",
        "round(x)",
        "round(x, 1)",
    ]
    compare(oracle, texts)
    texts = [
        "np.around(i)",
        "np.around(i, 2)",
        "np.around(u)",
        "np.around(e)",
        "float(np.around(2.567, 1))",
        "int(np.around(2))",
        "np.around([1.5])",
        "np.around(x, 0, x)",
        "np.around(x, where=False)",
        "np.around(x, foo=1)",
        "np.around(x, 1.5)",
        "np.around(x, None)",
        "np.around(b)",
        "x.round(where=1)",
    ]
    compare(oracle, texts, gradient=False)


def test_limits(oracle: Oracle) -> None:
    texts = [
        "np.clip(x, 0, 1)",
        "np.clip(x, None, 1)",
        "np.clip(x, 0, None)",
        "np.clip(x, 1, 0)",
        "np.clip(s, 0, 1)",
        "np.clip(x, onp.float32(0), onp.float64(1))",
        "np.clip(x, np.array(0.), 1)",
        "x.clip(0)",
        "x.clip(max=0)",
        "x.clip(min=0)",
        "x.clip(0, 1)",
    ]
    compare(oracle, texts)
    texts = [
        "np.clip(x, None, None)",
        "np.clip(i, 0, 2)",
        "np.clip(u, 1, 300)",
        "np.clip(h, 0, 1)",
        "np.clip(e, 0, 1)",
        "np.clip(l, None, 1)",
        "np.clip([1, 2], 0, 1)",
        "int(np.clip(3, 0, 1))",
        "np.clip(x)",
        "np.clip(x, 0, 1, out=y)",
        "x.clip()",
        "np.clip(b, 0, 0)",
    ]
    compare(oracle, texts, gradient=False)


def test_numbers_for_nan_and_infinity(oracle: Oracle) -> None:
    compare(oracle, ["np.nan_to_num(x)", "np.nan_to_num(np.log(x))", "np.nan_to_num(s)", "np.nan_to_num(d, nan=3)"])
    texts = [f"np.nan_to_num({_SPECIAL}{rest})" for rest in ("", ", True, 1, 5, -6", ", posinf=2.5", ", neginf=-1")]
    texts += [f"np.nan_to_num({_SPECIAL}.astype('{kind}')) > 60000" for kind in ("float16", "float64")]
    texts += [f"np.nan_to_num({array})" for array in ("i", "u", "b", "e")]
    texts += [
        "float(np.nan_to_num(onp.nan))",
        "float(np.nan_to_num(onp.inf, posinf=2))",
        "np.nan_to_num([1.0])",
        "np.nan_to_num(x, nan=[1])",
        "np.nan_to_num(x, False)",
    ]
    compare(oracle, texts, gradient=False)


def test_nan_to_num_writes_into_the_array() -> None:
    x = np.array([float("nan"), 1])
    assert np.nan_to_num(x, copy=False) is x
    assert x.tolist() == [0, 1]
    with pytest.raises(TypeError, match="a keyword must be"):
        np.nan_to_num(x, foo=1)


def test_differences(oracle: Oracle) -> None:
    texts = [
        f"np.diff({array}{rest})" for array in ("x", "c") for rest in ("", ", 2", ", 0", ", 1, 0", ", n=2, axis=-1")
    ]
    texts += [
        "np.ediff1d(x)",
        "np.ediff1d(x, 1)",
        "np.ediff1d(x, v)",
        "np.ediff1d(x, v, 2)",
        "np.ediff1d(x, 2.5, v)",
        "np.ediff1d(x, x, v)",
        "np.ediff1d(x, to_begin=s)",
    ]
    compare(oracle, texts)
    texts = [
        "np.diff(x, 4)",
        "np.diff(e)",
        "np.diff(e, axis=0)",
        "np.diff(e, 2, axis=0)",
        "np.diff(i)",
        "np.diff(u)",
        "np.diff(h)",
        "np.diff(s)",
        "np.diff(x, 1, 2)",
        "np.diff(x, -1)",
        "np.diff([1, 2])",
        "np.ediff1d(i)",
        "np.ediff1d(i, 1.5)",
        "np.ediff1d(u)",
        "np.ediff1d(l, l, l)",
        "np.ediff1d(s, 1, 2)",
        "np.ediff1d(s, v, v)",
        "np.ediff1d(e)",
        "np.ediff1d(e, 1)",
        "np.ediff1d(x, d)",
        "np.ediff1d(x, [1, 2])",
        "np.ediff1d([1, 2])",
    ]
    compare(oracle, texts, gradient=False)


def test_polynomials(oracle: Oracle) -> None:
    compare(oracle, ["np.polyval(v, x)", "np.polyval(v, s)", "np.polyval(v, v)", "np.polyval(d[0], d)"])
    texts = [
        "np.polyval(l, l)",
        "np.polyval(i[0], i)",
        "np.polyval(u, u)",
        "np.polyval(h, h)",
        "np.polyval(v[:0], x)",
        "np.polyval(v, e)",
        "np.polyval(s, x)",
        "np.polyval(x, v)",
        "np.polyval(v, 2)",
        "np.polyval([1, 2], x)",
        "int(np.polyval([1, 2], 3))",
    ]
    compare(oracle, texts, gradient=False)


def test_shared_memory(oracle: Oracle) -> None:
    texts = [
        f"np.{f}({pair})"
        for f in ("may_share_memory", "shares_memory")
        for pair in ("x, x", "x, y", "x, x[0]", "x[0], x[1]", "x, i", "e, e", "x, x, 1", "x, 1")
    ]
    compare(oracle, texts, gradient=False)


def test_graphs_in_files(oracle: Oracle) -> None:
    texts = [
        "np.around(x)",
        "np.around(x, 2)",
        "np.round(x, 2)",
        "np.round_(x, 2)",
        "x.round()",
        "x.round(2)",
        "np.clip(x, 0, 1)",
        "np.clip(x, 0.5, None)",
        "np.clip(x, None, 1)",
        "np.clip(x, None, None)",
        "x.clip(0, 1)",
        "x.clip(min=0)",
        "np.nan_to_num(x)",
        "np.nan_to_num(x, posinf=3)",
        "np.nan_to_num(x, copy=False)",
        "np.nan_to_num(x, True, 1.0, 2.0, -3.0)",
        "np.diff(x)",
        "np.diff(x, 2, 0)",
        "np.ediff1d(x)",
        "np.ediff1d(x, v)",
        "np.ediff1d(x, 1, 2)",
        "np.ediff1d(x, to_begin=v)",
        "np.ediff1d(x, v, v)",
        "np.ediff1d(x, to_begin=v, to_end=1)",
        "np.polyval(v, x)",
        "np.polyval(v, 2)",
        "np.may_share_memory(x, y)",
        "np.shares_memory(x, y)",
    ]
    compare_graphs(oracle, texts)


# More than MXNet: what NumPy defines.


def test_limits_are_arrays() -> None:
    values, low, high = onp.array([[-2, 0.5, 3], [1, 2, 3]]), onp.array([0, 1, 2.5]), onp.array([[1.5], [2]])
    x, out = np.array(values), np.zeros((2, 3), dtype="float64")
    for a_min, a_max in [(low, high), (low, None), (None, high), (low, 2), (0, high)]:
        given = [np.array(each) if isinstance(each, onp.ndarray) else each for each in (a_min, a_max)]
        assert np.clip(x, *given).tolist() == onp.clip(values, a_min, a_max).tolist()
        assert np.clip(x, *given, out=out) is out
        assert out.tolist() == onp.clip(values, a_min, a_max).tolist()


@pytest.mark.parametrize("decimals", [-1, -2, -3, -30])
def test_integers_are_rounded_as_in_numpy(decimals: int) -> None:
    values = onp.array([0, 4, 5, 6, 14, 15, 25, -5, -14, -15, -25, 149, 150, 151, 950, 1500, 2500, -2501])
    expected = [int(each) for each in onp.around(values, decimals)] if decimals > -18 else [0] * len(values)
    assert np.around(np.array(values), decimals).tolist() == expected


@pytest.mark.parametrize("axis", [0, -1])
def test_differences_with_more_elements_are_numpys(axis: int) -> None:
    values = onp.array([[3, 1, 2], [7, 5, 9]], dtype="float32")
    x = np.array(values)
    for prepend, append in [(0, None), (None, 2.5), (1, 2), (values, values)]:
        given = {"prepend": prepend, "append": append}
        ours = {name: np.array(each) if isinstance(each, onp.ndarray) else each for name, each in given.items()}
        expected = {name: each for name, each in given.items() if each is not None}
        assert np.diff(x, axis=axis, **ours).tolist() == onp.diff(values, axis=axis, **expected).tolist()
    symbol = mx.sym.var("x").as_np_ndarray()
    assert mx.sym.np.diff(symbol, prepend=symbol).eval(x=x)[0].shape == (2, 5)
    with pytest.raises(NotImplementedError, match="must be symbols in a graph"):
        mx.sym.np.diff(symbol, append=1)


def test_polynomials_of_two_types() -> None:
    found = np.polyval(np.array([1, 2], dtype="int32"), np.array([0.5, 1]))
    assert (found.dtype, found.tolist()) == (onp.float32, [2.5, 3])


_OPERANDS: list[Any] = [
    onp.array([7, -7, 0, 8], dtype="float32"),
    onp.array([7, -7, 0, 8], dtype="int32"),
    onp.array([2**40 + 3, -(2**40), 9, 1]),
]


@pytest.mark.parametrize("number", range(len(_OPERANDS)))
@pytest.mark.parametrize("divisor", [2, -3, 0.5, "array"])
def test_whole_quotients_are_numpys(number: int, divisor: Any) -> None:
    values = _OPERANDS[number]
    if divisor == 0.5 and values.dtype.kind == "i":
        divisor = 5
    by = values[::-1] // 3 * 2 + 1 if divisor == "array" else divisor
    ours = np.array(values), np.array(by, dtype=by.dtype) if isinstance(by, onp.ndarray) else by
    assert (ours[0] // ours[1]).tolist() == (values // by).tolist()
    assert (ours[0] // ours[1]).dtype == values.dtype
    assert [each.tolist() for each in divmod(*ours)] == [each.tolist() for each in divmod(values, by)]


def test_whole_quotients_of_a_number() -> None:
    assert (7 // np.array([2, -2])).tolist() == [3, -4]
    assert [each.tolist() for each in divmod(7, np.array([2, 4]))] == [[3, 1], [1, 3]]
    x = np.array([7, 8])
    x //= 2
    assert x.tolist() == [3, 4]
    assert (np.array([1]) // 0.1).item() == 1 // onp.float32(0.1)
    assert onp.isinf((np.array([1]) // 0).item())
