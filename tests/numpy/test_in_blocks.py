"""Functions of ``F.np`` and ``F.npx`` in a block, hybridized or not, against MXNet: values and gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.comparison import assert_same
from tests.oracle.client import Oracle

#: What a block computes of its input x, (2, 3).
FORWARDS = [
    "F.np.sum(x, axis=1)",
    "x.mean(axis=0)",
    "F.np.max(x, axis=1, keepdims=True) - F.np.min(x)",
    "F.np.prod(x)",
    "F.np.all(x, axis=1)",
    "F.np.cumsum(x, axis=1)",
    "F.np.average(x, axis=1, weights=x * x)",
    "F.np.where(x > 2, x, x * 2)",
    "F.np.where(x > 2, 1, 0)",
    "F.np.argmax(x, axis=1)",
    "F.np.sort(x, axis=1)",
    "F.np.take(x, F.np.argsort(x, axis=None), mode='clip')",
    "F.np.unique(x)",
    "F.np.clip(x, 1, 2)",
    "F.np.around(x)",
    "F.np.diff(x)",
    "F.np.ediff1d(x, to_end=3)",
    "F.np.nan_to_num(F.np.log(x - 2))",
    "F.np.polyval(x.sum(axis=1), x)",
    "F.npx.nonzero(x)",
    "F.npx.constraint_check(x > -100, 'too small') * x",
    "F.npx.pick(x, F.np.argmax(x, axis=1))",
    "F.npx.topk(x, k=2, ret_typ='value')",
]

#: Those whose gradients are zero or wrong in MXNet, or that refuse to have any.
WITHOUT_GRADIENT = [
    "F.np.std(x, axis=1)",
    "F.np.var(x)",
    "F.np.where(x > 2, x, 0)",
    "F.np.percentile(x, 30, axis=1)",
    "F.np.quantile(x, 0.3)",
    "F.np.average(x, axis=1, weights=x, returned=True)[1]",
]


def run(mx: Any, texts: Sequence[str], hybrid: bool, gradient: bool) -> list[Any]:
    """Return the result of each forward computation, and the gradient of its input."""
    import numpy as onp

    class Net(mx.gluon.HybridBlock):
        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

        def hybrid_forward(self, F: Any, x: Any) -> Any:
            return eval(self.text, {"F": F, "x": x})

    results = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            net = Net(text)
            net.initialize()
            if hybrid:
                net.hybridize()
            x = mx.np.array(onp.array([[1.1, 0.6, 0.1], [2.6, 2.1, 1.6]]), dtype="float32")
            x.attach_grad()
            with mx.autograd.record():
                y = net(x)
            if gradient:
                y.backward()
            results.append([type(y).__name__, y.asnumpy(), x.grad.asnumpy()])
    return results


@pytest.mark.parametrize("hybrid", [False, True])
def test_blocks_compute_what_mxnets_do(oracle: Oracle, hybrid: bool) -> None:
    for texts, gradient in ((FORWARDS, True), (WITHOUT_GRADIENT, False)):
        ours, theirs = [each.get() for each in oracle.both(run, texts, hybrid, gradient)]
        for text, one, other in zip(texts, ours, theirs, strict=True):
            assert_same(one, other, 2e-6, about=text)


def test_hybridized_blocks_have_the_same_gradients() -> None:
    import glueball as mx

    plain, hybrid = [run(mx, WITHOUT_GRADIENT[:5], each, True) for each in (False, True)]
    assert_same(hybrid, plain)
    assert all(gradient.any() for _, _, gradient in plain)
