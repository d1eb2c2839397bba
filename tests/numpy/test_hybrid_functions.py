"""Functions of ``mx.np`` for shapes, joins, splits and products in a block: hybridized as not, with gradients."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import glueball as mx
from tests.comparison import assert_same

_TEXTS = [
    "np.reshape(x, (3, -1))", "np.ravel(x)", "npx.reshape(c, (-5, -4))", "npx.reshape(c, (-6, 1, -1, -4))",
    "np.transpose(c)",
    "np.transpose(c, (1, 0, 2))", "np.swapaxes(c, 0, 1)", "np.moveaxis(c, 0, -1)", "np.roll(x, 1)", "np.roll(x, 1, 0)",
    "np.rot90(x)", "np.flip(x)", "np.fliplr(x)", "np.squeeze(np.expand_dims(x, 0))", "np.repeat(x, 2)",
    "np.tile(x, (2, 1))",
    "np.broadcast_to(v, (2, 3))", "np.copy(x)", "np.atleast_3d(x)", "np.concatenate([x, y])",
    "np.concatenate([x, y], axis=None)",
    "np.stack([x, y], axis=1)", "np.vstack([x, v])", "np.hstack([x, y])", "np.dstack([x, y])",
    "np.column_stack([x, y])",
    "np.append(x, v)", "np.split(x, 3, axis=1)[1]", "np.array_split(c, 3, axis=2)[0]", "np.hsplit(x, 3)[2]",
    "np.dsplit(c, 2)[1]",
    "np.pad(x, ((1, 1), (0, 2)))", "np.pad(x, ((1, 1), (0, 2)), mode='reflect')", "np.insert(x, 1, 2)",
    "np.insert(x, 1, v, axis=0)", "np.insert(x, slice(0, 2), 3, axis=1)", "np.delete(x, 1, axis=1)",
    "np.delete(x, slice(0, 2))",
    "np.diag(v)", "np.diag(x, 1)", "np.diagflat(x)", "np.diagonal(c, 0, 1, 2)", "np.trace(x)", "np.tril(x)",
    "np.dot(x, v)",
    "np.matmul(x, y.T)", "np.tensordot(x, y)", "np.tensordot(x, y, ((1,), (1,)))", "np.inner(x, y)", "np.outer(v, v)",
    "np.vdot(x, y)", "np.einsum('ij,kj->ik', x, y)", "np.einsum('...j,j->...', x, v)", "np.full((2, 3), v) * x",
    "np.zeros_like(x) + x", "np.ones((2, 3)) * x", "np.arange(3) * x", "np.linspace(0, 1, 3) * x", "np.eye(2, 3) * x",
    "np.identity(3) * v", "np.indices((2, 3), dtype='float32') * x", "np.hanning(3) * x", "x[0]", "x[-1]",
    "x[:, 1:]", "x[0, 1] * v",
    "x.reshape(-1)", "x.T", "x.flatten()", "x.transpose(1, 0)", "x.squeeze()", "x.swapaxes(0, 1)",
    "x.repeat(2, axis=0)",
    "x.astype('float64')", "x.dot(y.T)",
]  # fmt: skip

_VALUES = {
    "x": onp.array([[1, -2, 3], [0.5, 4, -1]], "float32"), "y": onp.array([[2, 1, 0], [-1, 3, 5]], "float32"),
    "v": onp.array([3, 1, 2], "float32"), "c": onp.arange(24, dtype="float32").reshape(2, 3, 4) / 7,
}  # fmt: skip


class _Block(mx.gluon.HybridBlock):
    """Computes an expression."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def hybrid_forward(self, F: Any, x: Any, y: Any, v: Any, c: Any) -> Any:
        given = {"x": x, "y": y, "v": v, "c": c}
        all_are_used = 0 * (x.sum() + y.sum() + v.sum() + c.sum())
        return eval(self.text, {"np": F.np, "npx": F.npx, **given}) + all_are_used


def _run(text: str, hybridize: bool) -> list[Any]:
    net = _Block(text)
    if hybridize:
        net.hybridize()
    arrays = [mx.np.array(value) for value in _VALUES.values()]
    for each in arrays:
        each.attach_grad()
    with mx.autograd.record():
        found = net(*arrays)
    found.backward(mx.np.array(onp.arange(1, 1 + found.size).reshape(found.shape), dtype=found.dtype))
    return [type(found).__name__, found.asnumpy(), *[each.grad.asnumpy() for each in arrays]]


@pytest.mark.parametrize("text", _TEXTS)
def test_hybridized_as_not(text: str) -> None:
    with mx.util.np_shape(True), mx.util.np_array(True):
        assert_same(_run(text, hybridize=True), _run(text, hybridize=False))
