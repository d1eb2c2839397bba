"""An array of ``mx.np`` without axes is a number wherever a function takes one: ``np.arange(x.min(), x.max())``."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.numpy.calls import compare
from tests.oracle.client import Oracle

_NUMBER = "np.array(2.5)"
_COUNT = "np.array(3, dtype='int64')"
_ONE = "np.array(1, dtype='int64')"

_CALLS = [
    f"np.arange({_NUMBER})", f"np.arange({_NUMBER}, 6)", f"np.arange(-{_NUMBER}, {_NUMBER}, 0.5)",
    f"np.arange(0, {_COUNT}, {_ONE})",
    f"np.arange({_COUNT}, dtype='int32')", "np.arange(0, np.array(True))", f"np.arange(1, stop={_NUMBER})",
    f"np.linspace(0, 1, {_COUNT})", f"np.linspace({_NUMBER}, 6, 3)", f"np.logspace(0, 1, {_COUNT})",
    f"np.ones({_COUNT})",
    f"np.full({_COUNT}, 1)", f"np.full_like(x, {_NUMBER})", f"np.eye({_COUNT})", f"np.eye(3, {_COUNT}, {_ONE})",
    f"np.hanning({_COUNT})", f"np.random.randint({_COUNT}, size=(2,)).shape", f"np.repeat(x, {_COUNT})",
    f"x.repeat({_COUNT}, {_ONE})", f"np.tile(x, {_COUNT})", f"np.sum(x, axis={_ONE})", f"x.mean({_ONE})",
    f"np.std(x, ddof={_ONE})", f"np.expand_dims(x, {_ONE})", f"np.concatenate([x, y], axis={_ONE})",
    f"np.roll(x, {_ONE})", f"np.moveaxis(c, {_ONE}, 0)", f"np.diag(v, {_ONE})", f"np.argsort(v, {_ONE} - 1)",
    f"np.cumsum(v, {_ONE} - 1)", f"npx.one_hot(l, {_COUNT})", f"npx.topk(v, k={_COUNT})",
    f"npx.arange_like(v, start={_NUMBER})", "np.arange(np.array([3.0]))", "np.arange(0, np.array([3.0]))",
]  # fmt: skip


def test_arrays_without_axes_are_numbers(oracle: Oracle) -> None:
    compare(oracle, _CALLS, gradient=False)


def written(mx: object) -> object:
    import json

    with mx.util.np_shape(True), mx.util.np_array(True):  # type: ignore[attr-defined]
        x = mx.sym.var("x").as_np_ndarray()  # type: ignore[attr-defined]
        made = mx.sym.np.sum(x, axis=mx.np.array(1, dtype="int64"))  # type: ignore[attr-defined]
        return [node.get("attrs") for node in json.loads(made.tojson())["nodes"]]


def test_the_number_stands_in_a_graph_file(oracle: Oracle) -> None:
    assert_same(*oracle.both(written))


def test_an_array_that_changes_is_read_anew() -> None:
    stop = mx.np.array(2.0)
    assert mx.np.arange(stop).shape == (2,)
    stop += 1
    assert mx.np.arange(stop).shape == (3,)


def test_an_array_with_axes_is_refused() -> None:
    with pytest.raises(mx.MXNetError, match=r"_npi_arange: stop must be a number, or None; received array\(\[3\.\]\)"):
        mx.np.arange(0, mx.np.array([3.0]))
