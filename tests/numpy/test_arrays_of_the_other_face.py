"""Functions of ``mx.np`` and ``mx.npx`` refuse arrays of ``mx.nd`` and symbols of ``mx.sym``, as MXNet's do."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.numpy.calls import compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

_LAYERS = [
    "relu({0})", "softmax({0})", "log_softmax({0})", "one_hot({0}, 3)", "batch_dot({0}, {0})", "topk({0})",
    "fully_connected({0}, {0}, num_hidden=2, no_bias=True)", "fully_connected(x, {0}, num_hidden=2, no_bias=True)",
    "embedding({0}, {0}, input_dim=2, output_dim=3)", "nonzero({0})", "shape_array({0})", "dropout({0})",
    "layer_norm(x, {0}, {0})", "layer_norm(x, x, {0})", "gather_nd({0}, {0})", "pick({0}, {0})", "pick(x, {0})",
    "arange_like({0})", "cast({0}, dtype='int32')", "activation({0}, act_type='relu')", "image.to_tensor({0})",
    "reshape({0}, (3, 2))", "reshape_like(x, {0})", "sequence_mask({0}, {0}, use_sequence_length=True)",
]  # fmt: skip

_FUNCTIONS = [
    "exp({0})", "add({0}, {0})", "add(x, {0})", "add({0}, x)", "add({0}, 2)", "sum({0})", "dot(x, {0})", "dot({0}, x)",
    "concatenate([x, {0}])", "concatenate([{0}, x])", "stack([x, {0}])", "mean({0})", "where({0}, x, x)",
    "where(x, {0}, x)", "where(x, x, {0})", "take(x, {0})", "argmax({0})", "sort({0})", "zeros_like({0})",
    "full_like({0}, 2)", "full((2, 3), {0})", "split({0}, 1)", "linalg.norm({0})", "linalg.inv({0})",
    "linalg.solve({0}, {0})", "random.normal({0}, {0})", "random.normal(x, {0})", "random.multinomial(3, {0})",
    "einsum('ij->i', {0})", "unique({0})", "percentile(x, {0})", "insert(x, 1, {0})", "append(x, {0})", "all({0})",
    "maximum(x, {0})", "equal(x, {0})", "reshape({0}, (3, 2))", "diag({0})", "trace({0})", "copy({0})",
]  # fmt: skip

_SHOWN = "x.as_nd_ndarray()"


def test_arrays_of_nd(oracle: Oracle) -> None:
    texts = [f"{module}.{text.format(_SHOWN)}" for module in ("npx", "mx.nd.npx") for text in _LAYERS]
    texts += [f"np.{text.format(_SHOWN)}" for text in _FUNCTIONS]
    texts += [f"{call}, out={_SHOWN})" for call in ("npx.relu(x", "np.exp(x", "np.sum(x", "np.add(x, x", "np.cumsum(x")]
    compare(oracle, [*texts, "npx.relu(5)", "npx.relu([1.0])", "npx.relu(onp.ones(2))", "np.exp([1.0])"])


def test_classic_symbols(oracle: Oracle) -> None:
    texts = [f"npx.{text.format(_SHOWN)}" for text in _LAYERS]
    texts += [f"np.{text.format(_SHOWN)}" for text in _FUNCTIONS if "(3, 2)" not in text and "multinomial" not in text]
    compare_graphs(oracle, texts)


@pytest.mark.parametrize("text", ["npx.relu(n)", "npx.layer_norm(x, n, n)", "np.exp(n)", "np.sum(n)", "np.full(2, n)"])
def test_a_message_says_what_to_do(text: str) -> None:
    for scope in (
        {"np": mx.np, "npx": mx.npx, "x": mx.np.ones(2), "n": mx.nd.ones((2,))},
        {"np": mx.sym.np, "npx": mx.sym.npx, "x": mx.sym.var("x").as_np_ndarray(), "n": mx.sym.var("n")},
    ):
        with pytest.raises(mx.MXNetError, match=r"as_np_ndarray\(\)") as raised:
            eval(text, scope)
        assert isinstance(raised.value, TypeError)
