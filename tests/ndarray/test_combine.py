"""concatenate, split_v2, moveaxis, onehot_encode, and shapes given by codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import glueball as mx
from glueball.ops.tensor.reshape_codes import resolve_shape
from tests.comparison import assert_same
from tests.oracle.client import Oracle

nd = mx.nd

AS_MXNET = """
nd.concatenate([a, b])
nd.concatenate([a, a], axis=1)
nd.concatenate([a], always_copy=True)
nd.split_v2(b, 2)
nd.split_v2(b, (1, 3))
nd.split_v2(b, [1, 3])
nd.split_v2(b, (1,), axis=1)
nd.split_v2(b, 3, axis=1, squeeze_axis=True)
nd.split_v2(b, 3)
nd.split_v2(b, ())
nd.split_v2(b, (3, 1))
nd.split_v2(b, (1, 9))
nd.split_v2(b, (0, 2))
nd.split_v2(b, (-1,))
nd.split_v2(b, 1)
nd.split_v2(b, 2.0)
nd.split_v2(b, "a")
nd.split_v2(b, 3, axis=-1)
nd.split_v2(b, (1, 2, 3), squeeze_axis=True)
nd.split_v2(b, (1, 3), squeeze_axis=True)
b.split_v2((1, 3), axis=0)
b.split(2, 0)
b.split(num_outputs=1)
nd.split(nd.arange(4), num_outputs=4, axis=0, squeeze_axis=True)
nd.moveaxis(c, 0, 2)
nd.moveaxis(c, (0, 1), (1, 2))
nd.moveaxis(c, [2, 0], [0, 1])
nd.moveaxis(c, -1, 0)
nd.moveaxis(c, 3, 0)
nd.moveaxis(c, (0, 0), (1, 2))
nd.moveaxis(c, (0, 1), (1, 1))
nd.moveaxis(c, (0, 1), (1,))
nd.moveaxis(c, 0, 5)
nd.onehot_encode(nd.array([0, 2, 1]), nd.zeros((3, 4)))
nd.onehot_encode(nd.array([0, 2, 7]), nd.ones((3, 4)))
nd.onehot_encode(nd.array([0, 2]), nd.zeros((3, 4)))
nd.concat(a, b, dim=0)
nd.concat(a, b, dim=1)
nd.concat(a, b, dim=0, num_args=2)
nd.stack(a, a, axis=-1)
nd.stack(a, a.astype("int32"))
""".strip().splitlines()


@pytest.mark.parametrize("text", AS_MXNET)
def test_as_mxnet(oracle: Oracle, text: str) -> None:
    arrays = "a, b, c = [nd.arange(n).reshape(s) for n, s in ((6, (2, 3)), (12, (4, 3)), (24, (2, 3, 4)))]\n"
    assert_same(*oracle.both(f"{arrays}return {text}"))


def test_concatenate_without_a_copy() -> None:
    array = nd.ones((2, 3))
    assert nd.concatenate([array], always_copy=False) is array
    with pytest.raises(mx.MXNetError, match="at least one array must be given"):
        nd.concatenate([])
    with pytest.raises(mx.MXNetError, match="one shape but for axis 0"):
        nd.concatenate([array, nd.ones((2, 4))])


SHAPES = """
(4, 0, 2)
(-2,)
(-3, 4)
(-4, 1, 2, -2)
(2, -4, -1, 3, -2)
(-4, -1, 1, 0, 0)
(0, -3)
(-2, 1, 1)
(0, 0, -1)
(-1, 0)
(0, 0, 0, 0)
(-1, -1)
(2, -4, -1, -1, -2)
(-5,)
(-3, -3)
(-4,)
(-4, 2)
(-4, 2, 2, -2)
(-4, 0, 2, -2)
(0, -2, 0)
""".strip().splitlines()


@pytest.mark.parametrize("codes", SHAPES)
def test_codes_as_mxnet(oracle: Oracle, codes: str) -> None:
    array = "nd.arange(24).reshape((2, 3, 4))"
    assert_same(*oracle.both(f"nd.reshape({array}, shape={codes})"))
    assert_same(*oracle.both(f"{array}.reshape({codes})"))


@pytest.mark.parametrize("codes", ["(-1, 0)", "(-1, 0, 0, 0)", "(-3, 0)", "(0, 3, 1, -4, 0)"])
def test_reversed_codes_as_mxnet(oracle: Oracle, codes: str) -> None:
    array = "nd.arange(24).reshape((2, 3, 4))"
    assert_same(*oracle.both(f"nd.reshape({array}, shape={codes}, reverse=True)"))
    assert_same(*oracle.both(f"{array}.reshape({codes}, reverse=True)"))


@st.composite
def shapes_and_codes(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """A shape, codes, and the shape that they mean, worked out axis by axis."""
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    codes: list[int] = []
    meant: list[int] = []
    axis = 0
    while axis < len(shape):
        kinds = [0, "length", -2] + ([-3] if axis + 1 < len(shape) else []) + [-4]
        kind = draw(st.sampled_from(kinds))
        if kind == -2:
            codes, meant, axis = [*codes, -2], meant + shape[axis:], len(shape)
        elif kind == -3:
            codes, meant, axis = [*codes, -3], [*meant, shape[axis] * shape[axis + 1]], axis + 2
        elif kind == -4:
            left = draw(st.sampled_from([n for n in range(1, 5) if shape[axis] % n == 0]))
            pair = [left, shape[axis] // left]
            hidden = draw(st.sampled_from([None, 0, 1]))
            codes += [-4, *[-1 if place == hidden else length for place, length in enumerate(pair)]]
            meant, axis = meant + pair, axis + 1
        else:
            codes, meant, axis = [*codes, 0 if kind == 0 else shape[axis]], [*meant, shape[axis]], axis + 1
    return tuple(shape), tuple(codes), tuple(meant)


@given(shapes_and_codes())
def test_codes(drawn: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]) -> None:
    shape, codes, meant = drawn
    assert resolve_shape(shape, codes) == meant
    assert resolve_shape(shape[::-1], codes[::-1], reverse=True) == meant[::-1]


@given(shapes_and_codes(), st.data())
def test_one_length_can_be_left_open(drawn: Any, data: st.DataObject) -> None:
    shape, codes, meant = drawn
    assume(not {-2, -3, -4} & set(codes))
    place = data.draw(st.integers(0, len(codes) - 1))
    open_codes = (*codes[:place], -1, *codes[place + 1 :])
    assert resolve_shape(shape, open_codes) == meant
    values = nd.array(np.arange(np.prod(shape)).reshape(shape))
    assert values.reshape(open_codes).shape == meant


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda x: x.reshape((5, -1)), ValueError, r"24 elements do not fit the shape \(5, 4\)"),
        (lambda x: x.reshape(4, 7), mx.MXNetError, r"24 elements do not fit the shape \(4, 7\)"),
        (lambda x: x.reshape(), mx.MXNetError, "the shape must be given once"),
        (lambda x: x.reshape((2, 12), shape=(4, 6)), mx.MXNetError, "the shape must be given once"),
        (lambda x: x.reshape((2, 12), foo=1), TypeError, "keywords must be shape and reverse"),
        (lambda x: x.reshape("(4, 6)"), TypeError, "the shape must be made of ints"),
        (lambda x: x.reshape(2.0, 12), TypeError, "the shape must be made of ints"),
        (lambda x: nd.reshape(x, shape=(25,)), mx.MXNetError, "24 elements cannot be put into shape"),
    ],
)
def test_reshape_refusals(call: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        call(nd.zeros((2, 3, 4)))


def test_reshape_spellings() -> None:
    x = nd.arange(24).reshape(2, 3, 4)
    spellings = [
        x.reshape(4, 6),
        x.reshape((4, 6)),
        x.reshape([4, 6]),
        x.reshape(shape=(4, 6)),
        x.reshape(4, np.int64(6)),
    ]
    assert {array.shape for array in spellings} == {(4, 6)}
    assert x[0, 0, 0].reshape(()).shape == ()
