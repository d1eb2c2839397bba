"""Dense, Dropout, Flatten and Embedding against MXNet 1.9.1."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.gluon import nn
from tests.comparison import assert_same
from tests.gluon.nn.layers import construct, error_of

_CASES = [
    ("Dense", {"args": (5,)}, (3, 4), {}),
    ("Dense", {"args": (5, "relu", False, False), "in_units": 4}, (2, 3, 4), {}),
    ("Dense", {"args": (5,), "activation": "tanh", "prefix": "out_"}, (2, 3, 4), {}),
    ("Dense", {"args": (5,), "dtype": "float64"}, (3, 4), {"dtype": "float64"}),
    ("Dense", {"args": (5,), "weight_initializer": "ones", "bias_initializer": "ones"}, (3, 4), {}),
    ("Dense", {"args": (1,)}, (3,), {}),
    ("Dropout", {"args": (0.5,)}, (3, 4), {"train": False}),
    ("Dropout", {"args": (0,)}, (3, 4), {}),
    ("Dropout", {"args": (0.5,), "axes": (1,)}, (3, 4), {"train": False}),
    ("Flatten", {}, (2, 3, 4), {}),
    ("Flatten", {}, (3,), {}),
    ("Embedding", {"args": (6, 3)}, (2, 4), {"scale": 5.0, "data": "int32"}),
    ("Embedding", {"args": (6, 3), "dtype": "float64"}, (2, 4), {"scale": 9.0, "data": "int64"}),
]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_same_as_mxnet(oracle, case):
    assert_same(*oracle.both(construct, *case))


_BAD = [
    ("Dense", {}),
    ("Dense", {"args": (8,), "in_units": 3}),
    ("Dense", {"args": (0,)}),
    ("Dense", {"args": (0,), "in_units": 4}),
    ("Embedding", {"args": (0, 3)}),
    ("Embedding", {"args": (3, 0)}),
    ("Dropout", {"args": (1.5,)}),
    ("Flatten", {"axis": 1}),
]


@pytest.mark.parametrize("case", _BAD, ids=str)
def test_errors_have_the_class_of_mxnet(oracle, case):
    mine, right = (outcome.get() for outcome in oracle.both(error_of, *case, (2, 4)))
    assert mine == right is not None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Dense(-1), "Dense: units must be an int of at least 0; received -1."),
        (lambda: nn.Dense(2, in_units=-1), "Dense: in_units must be an int of at least 0; received -1."),
        (lambda: nn.Dropout(-0.1), "Dropout: rate must be a number from 0 to 1; received -0.1."),
        (lambda: nn.Embedding(-2, 3), "Embedding: input_dim must be an int of at least 0; received -2."),
    ],
)  # fmt: skip
def test_messages(make, message):
    with pytest.raises(mx.MXNetError) as caught:
        make()
    assert str(caught.value) == message


def test_dropout_drops_while_training_only():
    mx.random.seed(1)
    layer = nn.Dropout(0.5, axes=(1,))
    x = mx.nd.ones((100, 20))
    assert layer(x).asnumpy().min() == 1
    with mx.autograd.train_mode():
        y = layer(x).asnumpy()
    assert set(np.unique(y)) == {0, 2}
    assert (y == y[:, :1]).all()


def test_a_child_activation_is_named_after_its_function(oracle):
    def names(mx):
        nn = mx.gluon.nn
        net = nn.HybridSequential(prefix="net_")
        with net.name_scope():
            net.add(nn.Conv2D(4, 3, activation="relu"), nn.Dense(3, activation="tanh"), nn.Activation("relu"))
            net.add(nn.Dense(2), nn.PReLU(), nn.Swish(), nn.MaxPool2D(), nn.BatchNorm())
        return repr(net), [
            (layer.name, list(layer.params), layer.act.name if hasattr(layer, "act") and layer.act else None)
            for layer in net
        ]

    assert_same(*oracle.both(names))


def test_a_length_of_zero_is_an_error_of_the_call_only(oracle):
    assert_same(*oracle.both("[repr(gluon.nn.Dense(0)), repr(gluon.nn.Embedding(0, 0))]"))
