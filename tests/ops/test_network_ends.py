"""The operators at which differentiation starts, and what samples cannot express about them."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

ENDS = [
    ("SoftmaxOutput", [1, 0]),
    ("LinearRegressionOutput", [[1, 0, 2], [3, 1, 1]]),
    ("LogisticRegressionOutput", [[1, 0, 1], [1, 1, 0]]),
    ("MAERegressionOutput", [[1, 0, 2], [3, 1, 1]]),
    ("SVMOutput", [1, 0]),
]


def train_head(mx, name, label):
    """Return the gradient before an output layer from which something else is computed."""
    data = mx.nd.array([[0.5, -1, 2], [1, 0.25, -0.5]])
    data.attach_grad()
    with mx.autograd.record():
        result = getattr(mx.nd, name)(data * 2, mx.nd.array(label))
        loss = (result * 100).sum()
    loss.backward()
    return result, data.grad


@pytest.mark.parametrize(("name", "label"), ENDS, ids=[name for name, _ in ENDS])
def test_what_comes_from_behind_is_not_looked_at(oracle: Oracle, name: str, label: list[object]) -> None:
    ours, theirs = oracle.both(train_head, name, label)
    assert_same(ours, theirs)


def bind_without_label(mx, name):
    """Predict with a graph whose label is not given."""
    graph = getattr(mx.sym, name)(mx.sym.var("data"), name="end")
    shapes = graph.infer_shape(data=(2, 3))
    executor = graph.simple_bind(mx.cpu(), grad_req="null", data=(2, 3))
    return graph.list_arguments(), shapes, executor.forward(data=mx.nd.array([[0.5, -1, 2], [1, 0.25, -0.5]]))


@pytest.mark.parametrize("name", [name for name, _ in ENDS])
def test_the_label_has_a_name_and_a_shape_by_itself(oracle: Oracle, name: str) -> None:
    ours, theirs = oracle.both(bind_without_label, name)
    assert_same(ours, theirs)
    assert ours.get()[0] == ["data", "end_label"]


def test_softmax_output_multiplies_by_what_comes_from_behind_where_asked() -> None:
    data = mx.nd.array([[0.5, -1, 2], [1, 0.25, -0.5]])
    label = mx.nd.array([1, 0])
    head = np.array([[1, 2, 3], [-1, 0, 5]], "float32")
    gradients = []
    for out_grad in (False, True):
        data.attach_grad()
        with mx.autograd.record():
            result = mx.nd.SoftmaxOutput(data, label, out_grad=out_grad, grad_scale=2)
        result.backward(mx.nd.array(head))
        gradients.append(data.grad.asnumpy())
    assert_same(gradients[1], gradients[0] * head)


def test_amp_multicast_finds_one_type() -> None:
    arrays = [mx.nd.ones((2,), dtype=kind) for kind in ("float16", "float32", "int32")]
    for narrow, kind in ((False, np.float32), (True, np.float16)):
        results = mx.nd.amp_multicast(*arrays, num_outputs=3, cast_narrow=narrow)
        assert [result.dtype for result in results] == [kind, kind, np.int32]
        assert all(result.asnumpy().tolist() == [1, 1] for result in results)


def test_sync_batch_norm_on_one_device_is_batch_norm() -> None:
    data = mx.nd.array(np.random.default_rng(0).standard_normal((4, 3, 2)), dtype="float32")
    states = [[mx.nd.ones((3,)), mx.nd.zeros((3,)), mx.nd.zeros((3,)), mx.nd.ones((3,))] for _ in range(2)]
    data.attach_grad()
    with mx.autograd.record():
        plain = mx.nd.BatchNorm(data, *states[0], fix_gamma=False)
        synchronised = mx.nd.contrib.SyncBatchNorm(data, *states[1], fix_gamma=False, key="a")
    mx.autograd.backward([plain, synchronised])
    assert_same(synchronised.asnumpy(), plain.asnumpy(), rtol=0)
    assert_same(states[1][2].asnumpy(), states[0][2].asnumpy(), rtol=0)
    assert states[0][2].asnumpy().any()
