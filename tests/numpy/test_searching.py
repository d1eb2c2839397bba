"""Searching, choosing and sorting in ``mx.np`` against MXNet, and against NumPy where MXNet fails."""

from __future__ import annotations

import numpy as onp
import pytest

import glueball as mx
from tests.numpy.calls import compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

np = mx.np


@pytest.mark.parametrize("name", ["argmax", "argmin"])
def test_positions(oracle: Oracle, name: str) -> None:
    texts = [
        f"np.{name}({array}{rest})" for array in ("x", "y", "c") for rest in ("", ", 0", ", -1", ", axis=1", ", 3")
    ]
    texts += [f"np.{name}({array})" for array in "dhilus"] + [
        f"np.{name}(s, 0)",
        f"np.{name}(e, 1)",
        f"np.{name}(e, 0)",
    ]
    texts += [f"np.{name}(e)", f"np.{name}(x * onp.nan)", f"np.{name}(x, (0, 1))", f"np.{name}([1, 2])"]
    texts += [f"np.{name}(x, 1, out=np.zeros((2,)))", f"np.{name}(x, 1, np.zeros((2,), dtype='int64'))"]
    texts += [f"x.{name}({rest})" for rest in ("", "1", "axis=0", "keepdims=True")]
    compare(oracle, texts, gradient=False)
    compare(oracle, [f"np.{name}(x)", f"np.{name}(x, 1)"])


def test_what_is_not_zero(oracle: Oracle) -> None:
    texts = [f"{f}({array})" for f in ("np.nonzero", "npx.nonzero") for array in "xyvdhilubsec"]
    texts += [
        "np.nonzero(s * 0)",
        "npx.nonzero(x - x)",
        "x.nonzero()",
        "np.nonzero([1, 0])",
        "np.where(b)",
        "np.where(x)",
        "np.where(s)",
        "np.nonzero(np.zeros((2, 0)))",
    ]
    compare(oracle, texts, gradient=False)


def test_choices_and_their_gradients(oracle: Oracle) -> None:
    texts = [
        "np.where(b, x, y)",
        "np.where(x, x, y)",
        "np.where(i, x, y)",
        "np.where(u, v, v)",
        "np.where(b, v, y)",
        "np.where(b, s, y)",
        "np.where(s, x, y)",
        "np.where(s, s, s)",
        "np.where(b[0], x, y)",
        "np.where(b[:, :1], x, y)",
        "np.where(2, x, y)",
        "np.where(0, x, y)",
        "np.where(True, x, 2)",
        "np.where(b, 2, 3)",
        "np.where(x, 2.5, True)",
    ]
    compare(oracle, texts)


def test_choices_of_numbers_and_types(oracle: Oracle) -> None:
    numbers = ["2", "2.5", "True", "-1", "onp.float32(3)"]
    texts = [f"np.where(b[0], {array}, {number})" for array in ("v", "i", "l", "u", "b") for number in numbers[:4]]
    texts += [f"np.where(x, {number}, {array})" for array in ("y", "i", "s") for number in numbers]
    texts += [
        "np.where(b, b, b)",
        "np.where(x > 0, x, onp.array(2.0))",
        "np.where(b, u, 300)",
        "np.where(e, e, e)",
        "np.where(e, 1, 2)",
        "np.where(True, 1, 2)",
        "np.where(b, x)",
        "np.where(b, None, x)",
        "np.where([True], x, y)",
        "np.where(b, x, [1, 2, 3])",
        "np.where(b, x, np.ones((2, 2)))",
        "np.where(b[:, :2], x, y)",
        "np.where(b)[0]",
    ]
    compare(oracle, texts, gradient=False)


def test_unique(oracle: Oracle) -> None:
    flags = ["", ", True", ", True, True", ", True, True, True", ", return_counts=True", ", False, True"]
    texts = [f"np.unique({array}{rest})" for array in ("x", "i", "l") for rest in flags]
    texts += [f"np.unique({array}, axis={axis}{rest})" for array in ("i", "c") for axis in (0, 1, -1) for rest in flags]
    texts += [f"np.unique({array})" for array in "udhs"] + ["np.unique(s, True, True, True)", "np.unique(s, axis=0)"]
    texts += [
        "np.unique(e, True, True, True)",
        "np.unique(e)",
        "np.unique(i, axis=2)",
        "np.unique([1, 2])",
        "np.unique(np.array([2, onp.nan, 1, onp.nan]), True, True, True)",
    ]
    compare(oracle, [text.replace(", axis=0, T", ", axis=0, return_index=T") for text in texts if ", axis" not in text
                     or text.endswith("=0)") or "counts" in text or text.endswith("1)")], gradient=False)  # fmt: skip


def test_order(oracle: Oracle) -> None:
    texts = [
        f"np.{f}(-x{rest})" for f in ("sort", "argsort") for rest in ("", ", 0", ", None", ", axis=-2", ", 2", ", 'a'")
    ]
    texts += [
        "np.sort(c, 1)",
        "np.sort(x, kind='stable')",
        "np.argsort(x, kind='mergesort')",
        "np.sort(v) * v",
        "x.argsort()",
        "x.argsort(0)",
        "x.argsort(axis=None)",
    ]
    compare(oracle, texts)
    texts = [f"np.{f}({array})" for f in ("sort", "argsort") for array in "yviludes"]
    texts += [
        f"np.{f}({rest})"
        for f in ("sort", "argsort")
        for rest in ("e, 0", "e, None", "s, None", "x, (0, 1)", "x, order='a'", "[2, 1]")
    ]
    compare(oracle, [*texts, "np.sort(np.array([2, onp.nan, 1]))", "x.argsort(order='a')"], gradient=False)


def test_taking(oracle: Oracle) -> None:
    texts = [f"np.take(c, l{rest})" for rest in ("", ", 1", ", -1", ", 0, 'clip'", ", 2, 'wrap'", ", mode='wrap'")]
    texts += [
        "np.take(x, v, None, 'clip')",
        "np.take(x, i, 1, 'clip')",
        "np.take(s, l * 0)",
        "x.take(l)",
        "np.take(x, s)",
        "x.take(l, 1, 'clip')",
    ]
    compare(oracle, texts)
    texts = [f"np.take({array}, l, mode='clip')" for array in "iubdh"]
    texts += [
        "np.take(x, l, 0)",
        "np.take(x, l + 10)",
        "np.take(x, l + 10, mode='clip')",
        "np.take(x, l - 10, mode='wrap')",
        "np.take(x, l - 1)",
        "np.take(x, u, 1)",
        "np.take(x, b[0], 1)",
        "np.take(x, l[:0])",
        "np.take(x, l[:0], 1)",
        "np.take(e, l[:0])",
        "np.take(e, l, 1)",
        "np.take(x, l, 2)",
        "np.take(x, 1)",
        "np.take(x, [0, 1])",
        "np.take(x, l, mode='foo')",
        "np.take(x, l, 1, 'raise', np.zeros((2, 3)))",
        "x.take(1)",
    ]
    compare(oracle, texts, gradient=False)


def test_graphs_in_files(oracle: Oracle) -> None:
    texts = [f"np.{name}(x{rest})" for name in ("argmax", "argmin") for rest in ("", ", 1")]
    texts += [
        "x.argmax()",
        "x.argmin(1)",
        "np.where(b, x, y)",
        "np.where(b, x, 2)",
        "np.where(b, 2.5, x)",
        "np.where(b, 2, True)",
        "np.where(b, None, x)",
        "np.where(b)",
        "np.unique(x)",
        "np.unique(x, True, True)",
        "np.unique(x, axis=0)",
        "np.unique(x, return_counts=True)",
        "np.sort(x)",
        "np.sort(x, axis=None)",
        "np.argsort(x)",
        "np.argsort(x, 0, 'mergesort')",
        "np.argsort(x, order='a')",
        "x.argsort()",
        "x.argsort(None)",
        "npx.nonzero(x)",
        "npx.constraint_check(b)",
        "npx.constraint_check(b, msg='no')",
        "x.argmax(keepdims=True)",
        "np.take(x, l)",
        "np.take(x, l, 1)",
        "x.take(l, 1, 'clip')",
        "x.take(l)",
        "np.take(x, [0, 1])",
        "np.take(x, l, mode='foo')",
    ]
    compare_graphs(oracle, texts)


def test_constraints(oracle: Oracle) -> None:
    texts = [
        "npx.constraint_check(b)",
        "npx.constraint_check(b[:, 2])",
        "npx.constraint_check(x > -9, msg='no')",
        "npx.constraint_check(x)",
        "npx.constraint_check(b[:0])",
    ]
    compare(oracle, texts, gradient=False)
    with pytest.raises(ValueError, match="all elements must be true; received some that are not: too small"):
        mx.npx.constraint_check(np.array([1, 2]) > 1, msg="too small")


def test_the_largest_and_picked_elements(oracle: Oracle) -> None:
    options = ["", ", k=2", ", k=2, ret_typ='both'", ", k=2, ret_typ='value', axis=0", ", axis=None", ", k=7",
               ", k=2, ret_typ='mask'", ", k=2, is_ascend=True, dtype='int32'"]  # fmt: skip
    texts = [f"npx.topk({array}{option})" for array in ("y", "c", "v", "s") for option in options]
    texts += ["npx.topk(e, k=1)", "npx.topk([1, 2])", "npx.topk(i, k=1, ret_typ='value')"]
    texts += ["npx.pick(x, v[:2] - 1)", "npx.pick(x, l[:2], axis=1, keepdims=True)", "npx.pick(x, l, axis=0)",
              "npx.pick(c, i, axis=-1)", "npx.pick(x, l[:2], mode='wrap')", "npx.pick(x, v)"]  # fmt: skip
    compare(oracle, texts, gradient=False)
    compare(oracle, ["npx.topk(y, k=2, ret_typ='value')", "npx.pick(x, l[:2])"])


# More than MXNet: what NumPy defines.


def test_types_of_choices_are_promoted() -> None:
    condition = np.array([1, 0])
    chosen = np.where(condition, np.array([1, 2], dtype="int32"), np.array([0.5, 1.5]))
    assert (chosen.dtype, chosen.tolist()) == (onp.float32, [1, 1.5])
    assert np.where(condition, np.array([1, 2], dtype="int32"), np.array([3, 4], dtype="int64")).dtype == onp.int64


def test_a_number_beside_an_array_leaves_it_its_gradient() -> None:
    x = np.array([1, 2, 3])
    x.attach_grad()
    with mx.autograd.record():
        result = np.where(x > 1, x, 0) + np.where(x > 1, 5, 10 * x)
    result.backward()
    assert x.grad.tolist() == [10, 1, 1]


@pytest.mark.parametrize("axis", [None, 0, -1])
def test_bool_is_searched_and_sorted_as_in_numpy(axis: int | None) -> None:
    values = onp.array([[True, False], [False, False]])
    given = np.array(values, dtype="bool")
    for name in ("argmax", "argmin", "sort"):
        found, expected = getattr(np, name)(given, axis), getattr(onp, name)(values, axis)
        assert (found.dtype, found.tolist()) == (expected.dtype, expected.tolist()), name
    assert np.argsort(given, axis).tolist() == onp.argsort(values, axis, kind="stable").tolist()
    assert np.unique(given, axis=axis).tolist() == onp.unique(values, axis=axis).tolist()


def test_half_precision_is_sorted() -> None:
    assert np.sort(np.array([2, 1], dtype="float16")).tolist() == [1, 2]


def test_unique_keeps_the_other_lengths() -> None:
    assert np.unique(np.zeros((0, 3)), axis=0).shape == (0, 3)
    rng = onp.random.default_rng(0)
    for _ in range(20):
        shape = tuple(rng.integers(1, 4, rng.integers(1, 4)))
        values, axis = rng.integers(0, 3, shape), int(rng.integers(0, len(shape)))
        found = np.unique(np.array(values), True, True, True, axis=axis)
        expected = onp.unique(values, True, True, True, axis=axis)
        assert [each.tolist() for each in found] == [each.reshape(each.shape).tolist() for each in expected]


def test_an_array_sorts_itself() -> None:
    x = np.array([[3, 1], [2, 4]])
    assert x.sort() is None
    assert x.tolist() == [[1, 3], [2, 4]]
    x.sort(0)
    assert x.tolist() == [[1, 3], [2, 4]]
    with pytest.raises(ValueError, match="kind must be one of"):
        x.sort(kind="bubble")
