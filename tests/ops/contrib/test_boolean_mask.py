"""boolean_mask in graphs: how long its result is, each call finds out."""

from __future__ import annotations

from typing import Any

import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle


def _masked(mx: Any, hybridized: bool, options: dict[str, Any]) -> list[Any]:
    class Masked(mx.gluon.HybridBlock):
        def __init__(self) -> None:
            super().__init__()
            with self.name_scope():
                self.dense = mx.gluon.nn.Dense(3, in_units=4, weight_initializer="ones")

        def hybrid_forward(self, F: Any, x: Any, mask: Any) -> Any:
            return self.dense(F.contrib.boolean_mask(x * 2, mask))

    net = Masked()
    net.initialize()
    if hybridized:
        net.hybridize(**options)
    x = mx.nd.arange(12).reshape((3, 4))
    x.attach_grad()
    found = []
    for mask in ([1, 0, 1], [0, 1, 0], [1, 1, 1]):
        with mx.autograd.record():
            y = net(x, mx.nd.array(mask))
            loss = (y * y).sum()
        loss.backward()
        found.append([y, x.grad.copy(), net.dense.weight.grad().copy(), net(x, mx.nd.array(mask))])
    return found


@pytest.mark.parametrize("options", [None, {}, {"static_alloc": True}, {"static_alloc": True, "static_shape": True}])
def test_in_a_block(options: dict[str, Any] | None, oracle: Oracle) -> None:
    assert_same(*oracle.both(_masked, options is not None, options or {}))


def _bound(mx: Any) -> list[Any]:
    data, mask = mx.sym.var("data"), mx.sym.var("mask")
    symbol = mx.sym.contrib.boolean_mask(data, mask)
    arrays = {"data": mx.nd.arange(12).reshape((3, 4)), "mask": mx.nd.array([0, 1, 1])}
    gradients = {"data": mx.nd.zeros((3, 4)), "mask": mx.nd.zeros(3)}
    executor = symbol.bind(mx.cpu(), arrays, args_grad=gradients)
    (result,) = executor.forward(is_train=True)
    executor.backward(mx.nd.ones((2, 4)))
    return [result, gradients["data"], symbol.list_outputs()]


def test_in_an_executor(oracle: Oracle) -> None:
    assert_same(*oracle.both(_bound))


def test_a_mask_of_zeros_leaves_nothing() -> None:
    data = mx.nd.arange(12).reshape((3, 4))
    data.attach_grad()
    with mx.autograd.record():
        nothing = mx.nd.contrib.boolean_mask(data, mx.nd.zeros(3))
    nothing.backward()
    assert nothing.shape == (0, 4)
    assert not data.grad.asnumpy().any()
