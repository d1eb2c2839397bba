"""gluon.contrib.nn: Concurrent, HybridConcurrent and Identity, against MXNet."""

from __future__ import annotations

import numpy as np
import pytest

from glueball.gluon import contrib
from tests.comparison import assert_same


def side_by_side(mx, class_name, axis, sizes):
    contrib, nn = mx.gluon.contrib.nn, mx.gluon.nn
    net = getattr(contrib, class_name)(axis=axis, prefix="net_")
    with net.name_scope():
        net.add(contrib.Identity(), *(nn.Dense(size, flatten=False) for size in sizes))
    net.initialize(mx.init.Constant(0.5))
    x = mx.nd.arange(12).reshape((2, 2, 3))
    x.attach_grad()
    with mx.autograd.record():
        y = net(x)
        loss = (y * y).sum()
    loss.backward()
    return [y, x.grad, repr(net), net.axis, len(net), {key: p.shape for key, p in net.collect_params().items()}]


@pytest.mark.parametrize("class_name", ["Concurrent", "HybridConcurrent"])
@pytest.mark.parametrize(
    ("axis", "sizes"), [(-1, [2, 4]), (2, [1]), (1, [3, 3]), (0, [3]), (1, []), (1, [2]), (3, [3])]
)
def test_like_mxnet(oracle, class_name, axis, sizes):
    assert_same(*oracle.both(side_by_side, class_name, axis, sizes))


@pytest.mark.parametrize("class_name", ["Concurrent", "HybridConcurrent", "Identity"])
def test_names_and_texts(oracle, class_name):
    code = f"net = gluon.contrib.nn.{class_name}(); return repr(net), net.prefix, net.name"
    assert_same(*oracle.both(code))


@pytest.mark.parametrize("code", ["Concurrent(axis=1)(nd.ones((1,)))", "HybridConcurrent()(nd.ones((1,)))",
                                  "HybridConcurrent().add(nn.Lambda('relu'))"])  # fmt: skip
def test_refusals_are_of_the_same_class(oracle, code):
    ours, theirs = oracle.both(f"gluon.contrib.nn.{code}; return None")
    assert_same(ours, theirs)
    assert ours.failed


def test_identity_returns_the_array_itself():
    x = np.arange(3)
    assert contrib.nn.Identity().hybrid_forward(None, x) is x
