"""Which class of arrays Gluon, stores and iterators make and take while ``mx.np`` is on, against MXNet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glueball
from tests.comparison import assert_same
from tests.oracle.client import Oracle

_STATES = [
    "gluon.rnn.GRU(3).begin_state(2)", "gluon.rnn.LSTM(3, num_layers=2).begin_state(2)",
    "gluon.rnn.LSTM(3).begin_state(2, func=mx.nd.ones)", "gluon.rnn.RNN(3).begin_state(2, dtype='float16')",
    "gluon.rnn.LSTM(3).begin_state(2, func=lambda **options: mx.np.ones(options['shape']))",
    "gluon.rnn.LSTM(3).begin_state(2, func=mx.sym.zeros)", "gluon.rnn.GRUCell(3).begin_state(2)",
]  # fmt: skip

_PARAMETERS = [
    "gluon.Constant('w', [1.0, 2])", "gluon.Constant('w', [[1, 2]])", "gluon.Constant('w', 3.0)",
    "gluon.Constant('w', mx.np.ones(2))", "gluon.Parameter('w', shape=(2,))",
    "cast(gluon.Parameter('w', shape=(2,)))", "cast(gluon.Constant('w', [1.0, 2]))",
    "cast(gluon.nn.Dense(2, in_units=3)).weight", "cast(gluon.nn.BatchNorm(in_channels=2)).running_mean",
]  # fmt: skip


def states(mx: Any, texts: list[str]) -> Any:
    found = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            made = eval(text, {"mx": mx, "gluon": mx.gluon})
            arrays = [[one.asnumpy(), str(np.dtype(one.dtype))] for one in made if "rray" in type(one).__name__]
            found.append([[type(one).__name__ for one in made], arrays])
    return found


def parameters(mx: Any, texts: list[str]) -> Any:
    def cast(made: Any) -> Any:
        made.initialize()
        made.cast("float16")
        return made

    found = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            made = eval(text, {"mx": mx, "gluon": mx.gluon, "cast": cast})
            if "cast" not in text:
                made.initialize()
            arrays = [*made.list_data(), *(made.list_grad() if made.grad_req != "null" else [])]
            found.append([[type(one).__name__, str(np.dtype(one.dtype)), one.shape] for one in arrays])
            found.append(made.data().asnumpy() if "Constant" in text else None)
    return found


def store(mx: Any) -> Any:
    found: list[Any] = []

    def updater(key: Any, total: Any, stored: Any) -> None:
        found.append([type(total).__name__, type(stored).__name__])
        stored[:] = stored + total

    with mx.util.np_shape(True), mx.util.np_array(True):
        ones = mx.np.ones((2,))
        for out in (mx.np.zeros((2,)), mx.nd.zeros((2,))):
            made = mx.kv.create("local")
            made.init("a", ones)
            made.pull("a", out=out)
            found.append(out.asnumpy())
            made.push("a", [ones * 2, ones])
            made.pull("a", out=out)
            found.append(out.asnumpy())
            made.pushpull("a", ones * 5, out=out)
            made.broadcast("b", ones, out=mx.np.zeros((2,)))
            found.append(out.asnumpy())
        made._set_updater(updater)
        made.push("a", ones)
        made.pull("a", out=out)
        return found, out.asnumpy()


def batches(mx: Any, path: str) -> Any:
    found = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        plain = mx.image.ImageIter(2, (3, 4, 4), imglist=[[3.0, path], [1.0, path]], path_root="/")
        boxes = [2, 5, 0, 0.1, 0.1, 0.5, 0.5, path]
        detected = mx.image.ImageDetIter(2, (3, 4, 4), imglist=[boxes, boxes], path_root="/")
        for batch in (next(plain), next(detected)):
            parts = [batch.data[0], batch.label[0]]
            found.append([[type(each).__name__, each.shape, each.asnumpy()] for each in parts])
    return found


def test_first_states(oracle: Oracle) -> None:
    assert_same(*oracle.both(states, _STATES))


def test_parameters(oracle: Oracle) -> None:
    assert_same(*oracle.both(parameters, _PARAMETERS))


def test_stores(oracle: Oracle) -> None:
    assert_same(*oracle.both(store))


def test_batches_of_pictures(oracle: Oracle, tmp_path: Path) -> None:
    cv2 = pytest.importorskip("cv2")
    path = tmp_path / "picture.png"
    cv2.imwrite(str(path), np.arange(48, dtype=np.uint8).reshape(4, 4, 3))
    assert_same(*oracle.both(batches, str(path)))


@pytest.mark.parametrize("initializer", ["Zero()", "One()", "Constant(3)", "Uniform()", "Normal()"])
def test_parameters_without_axes(initializer: str) -> None:
    """MXNet's initializers but those of chance refuse them."""
    with glueball.util.np_shape(True), glueball.util.np_array(True):
        made = glueball.gluon.Parameter("w", shape=())
        made.initialize(eval(initializer, vars(glueball.init)))
        found = made.data()
        assert type(found) is glueball.np.ndarray and found.shape == made.grad().shape == ()
        assert found.item() == {"Zero()": 0, "One()": 1, "Constant(3)": 3}.get(initializer, found.item())
        made.set_data(glueball.np.array(4.0))
        made.zero_grad()
        assert made.data().item() == 4 and made.grad().item() == 0
