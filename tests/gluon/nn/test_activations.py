"""Activation layers against MXNet 1.9.1."""

from __future__ import annotations

import pytest

import glueball as mx
from glueball.gluon import nn
from tests.comparison import assert_same
from tests.gluon.nn.layers import construct, error_of

_CASES = [
    *[("Activation", {"args": (name,)}, (2, 3, 4), {"scale": 3.0})
      for name in ("relu", "sigmoid", "softrelu", "softsign", "tanh")],
    ("LeakyReLU", {"args": (0.1,)}, (2, 3, 4), {"scale": 3.0}),
    ("LeakyReLU", {"alpha": 0}, (2, 3, 4), {}),
    ("PReLU", {}, (2, 3, 4), {}),
    ("PReLU", {"in_channels": 3}, (2, 3, 4), {}),
    ("PReLU", {"alpha_initializer": "ones", "in_channels": 3, "prefix": "p_"}, (3, 3), {}),
    ("ELU", {}, (2, 3, 4), {"scale": 3.0}),
    ("ELU", {"args": (2.0,)}, (2, 3, 4), {}),
    ("GELU", {}, (2, 3, 4), {"scale": 3.0}),
    ("Swish", {}, (2, 3, 4), {"scale": 3.0}),
    ("Swish", {"beta": 2}, (2, 3, 4), {"dtype": "float64"}),
]  # fmt: skip


@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_same_as_mxnet(oracle, case):
    assert_same(*oracle.both(construct, *case))


def test_selu_but_for_the_gradient_that_mxnet_has_wrong(oracle):
    mine, right = (outcome.get() for outcome in oracle.both(construct, "SELU", {}, (2, 3, 4), {"scale": 3.0}))
    for result in (mine, right):
        del result["data gradient"]
    assert_same(mine, right, rtol=1e-6)


_BAD = [
    ("Activation", {"args": ("cubic",)}),
    ("Activation", {"args": (5,)}),
    ("LeakyReLU", {"args": (-1,)}),
    ("PReLU", {"in_channels": 3}),
]


@pytest.mark.parametrize("case", _BAD, ids=str)
def test_errors_have_the_class_of_mxnet(oracle, case):
    mine, right = (outcome.get() for outcome in oracle.both(error_of, *case, (2, 4, 7)))
    assert mine == right is not None


def test_a_bad_activation_is_named_when_the_layer_is_made():
    with pytest.raises(mx.MXNetError, match=r"Activation: activation must be one of 'relu'.*received 'tanhh'"):
        nn.Activation("tanhh")
    with pytest.raises(mx.MXNetError, match=r"Dense: activation must be one of"):
        nn.Dense(3, activation="cubic")
