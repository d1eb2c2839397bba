"""Gradients of sparse arrays, and sparse gradients of dense ones: their values, storage types and rows, as MXNet's."""

from __future__ import annotations

import numpy as np
import pytest

from glueball import MXNetError, autograd, nd
from tests.comparison import assert_same

DATA = np.array([[0, 2, 0, 0], [1, 0, 0, 3], [0, 0, 0, 0]], np.float32)
WEIGHT = np.arange(8, dtype=np.float32).reshape(4, 2) / 8 + 0.25


#: Where MXNet stores the rows of the batch alone; elsewhere it may store zeros, too.
_BY_ROWS = ("nd.dot(x, w)", "nd.dot(nd.square(x), w)")


def _gradient(mx, data, weight, text, stype, grad_stype):
    x = mx.nd.array(data).tostype("csr")
    w = mx.nd.array(weight).tostype(stype)
    w.attach_grad(stype=grad_stype)
    with mx.autograd.record():
        y = eval(text, {"mx": mx, "nd": mx.nd, "x": x, "w": w})
        loss = y.tostype("default") if y.stype != "default" else y
        loss = (loss * loss).sum()
    loss.backward()
    rows = w.grad.indices if w.grad.stype == "row_sparse" and text in _BY_ROWS else None
    return y.stype, y, w.grad.stype, w.grad, rows


@pytest.mark.parametrize("grad_stype", [None, "row_sparse", "default"])
@pytest.mark.parametrize("stype", ["row_sparse", "default"])
@pytest.mark.parametrize(
    "text",
    ["nd.dot(x, w)", "nd.dot(x, nd.square(w))", "nd.dot(x, w) + nd.dot(x, w)", "nd.dot(x, w * 2)",
     "nd.dot(nd.square(x), w)", "nd.Embedding(nd.array([1, 3, 1]), w, input_dim=4, output_dim=2, sparse_grad=True)"],
)  # fmt: skip
def test_gradients_are_mxnets(oracle, text, stype, grad_stype):
    if "sparse_grad" in text and (grad_stype or stype) == "default":
        pytest.skip("MXNet refuses a dense gradient here")
    assert_same(*oracle.both(_gradient, DATA, WEIGHT, text, stype, grad_stype))


_OURS = [
    "w + w", "w - w * 3", "w * w", "nd.square(w)", "nd.tanh(w)", "w / 2", "nd.abs(-w)",
    "nd.sparse.retain(w, nd.array([1, 2]))",
    "nd.add_n(w, w, w)", "nd._internal._square_sum(w, axis=1, keepdims=True)", "nd._internal._square_sum(w, axis=0)",
    "nd.sum(w)", "nd.norm(w)", "w.tostype('default')", "nd.dot(x, w, transpose_b=False).tanh()", "nd.exp(w)", "w.T",
    "nd.dot(x, w, transpose_a=False, forward_stype='default')", "nd.relu(w - 1)", "nd.clip(w, -0.5, 0.5)",
    "nd.stack(w, w)",
    "nd.FullyConnected(nd.ones((2, 2)), w, no_bias=True, num_hidden=4)", "nd.cast_storage(w * w, 'default')",
    "nd.dot(x, nd.cast_storage(nd.cast_storage(w, 'default') * 2, 'row_sparse'))", "nd.BlockGrad(w) * w",
]  # fmt: skip


@pytest.mark.parametrize("text", _OURS)
def test_a_gradient_is_that_of_the_dense_computation(text):
    """Whatever MXNet has, or lacks, in sparse kernels."""
    found = []
    for stype in ("row_sparse", "default"):
        x = nd.array(DATA).tostype("csr")
        w = nd.array(np.where(WEIGHT > 0.9, 0, WEIGHT)).tostype(stype)
        dense = {"w": w, "x": x, "nd": nd}
        if stype == "default":
            text = text.replace("nd.sparse.retain", "nd._internal._sparse_retain")
        w.attach_grad()
        with autograd.record():
            y = eval(text, dense)
            y = y.tostype("default") if y.stype != "default" else y
        y.backward(nd.array(np.linspace(-1, 2, y.size).reshape(y.shape)))
        found.append((y.asnumpy(), w.grad.asnumpy()))
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-5)
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-5)


def test_a_gradient_has_the_rows_of_the_batch_alone():
    w = nd.ones((1000, 4))
    w.attach_grad(stype="row_sparse")
    x = nd.sparse.csr_matrix(([1, 2, 3], [7, 900, 7], [0, 2, 3]), shape=(2, 1000))
    with autograd.record():
        y = nd.dot(x, w)
    y.backward()
    assert w.grad.indices.asnumpy().tolist() == [7, 900] and w.grad.data.shape == (2, 4)


def test_add_adds_rows():
    w = nd.ones((4, 2))
    w.attach_grad("add", stype="row_sparse")
    for columns in ([1], [3]):
        with autograd.record():
            y = nd.dot(nd.sparse.csr_matrix(([2], columns, [0, 1]), shape=(1, 4)), w)
        y.backward()
    assert w.grad.asnumpy()[:, 0].tolist() == [0, 2, 0, 2]


def test_a_gradient_may_have_another_storage_type_than_its_path():
    """A dense gradient in a row_sparse array, and rows in a dense one."""
    w, v = nd.ones((3, 2)), nd.ones((3, 2)).tostype("row_sparse")
    w.attach_grad(stype="row_sparse")
    v.attach_grad(stype="default")
    x = nd.sparse.csr_matrix(([2.0], [1], [0, 1]), shape=(1, 3), dtype="float32")
    with autograd.record():
        y = nd.dot(x, v).sum() + (w * 3).sum()
    y.backward()
    assert w.grad.stype == "row_sparse" and (w.grad.asnumpy() == 3).all()
    assert v.grad.stype == "default" and v.grad.asnumpy()[:, 0].tolist() == [0, 2, 0]


def test_no_write_within_a_recording():
    w = nd.ones((3, 2)).tostype("row_sparse")
    w.attach_grad()
    with autograd.record(), pytest.raises(Exception, match="must not be written to"):
        w[:] = nd.zeros((3, 2))


def _heads(mx, data, stype):
    x = mx.nd.array(data).tostype(stype)
    x.attach_grad()
    found = []
    for start in (None, mx.nd.array(data + 1), mx.nd.array(data).tostype(stype)):
        with mx.autograd.record():
            y = x * 2
        y.backward(start)
        found.append((x.grad.stype, x.grad.asnumpy()))
    with mx.autograd.record():
        y, z = x * 2, x.tostype("default") * 3
    mx.autograd.backward([y, z])
    return [*found, (x.grad.stype, x.grad)]


@pytest.mark.parametrize("stype", ["csr", "row_sparse"])
def test_sparse_arrays_are_heads(oracle, stype):
    mine, theirs = oracle.both(_heads, data=DATA, stype=stype)
    assert_same(mine.get(), theirs.get())


def test_a_sparse_head_is_a_constant_after_its_backward_pass():
    x = nd.array(DATA).tostype("row_sparse")
    x.attach_grad()
    with autograd.record():
        y = x * 2
    y.backward()
    with pytest.raises(MXNetError, match="has no recorded graph"):
        y.backward()
