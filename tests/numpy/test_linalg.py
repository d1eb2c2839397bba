"""``mx.np.linalg`` against MXNet: values, types, shapes, gradients, errors, nodes; what is more than MXNet."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import glueball as mx
from tests.numpy.calls import compare
from tests.numpy.test_random import nodes
from tests.oracle.client import Oracle

_DEFINITE = onp.array([[4, 1, -1], [1, 5, 2], [-1, 2, 6]], dtype="float32")
_RANDOM = onp.random.default_rng(0)

#: Symmetric and positive definite (p), several (q); wide (w), several (z); arrays that count as matrices (t, k).
MATRICES = {
    "p": _DEFINITE,
    "q": onp.stack([_DEFINITE, _DEFINITE @ _DEFINITE]).astype("float64"),
    "w": onp.array([[1, 2, 3], [4, -5, 6]], dtype="float32"),
    "z": _RANDOM.normal(size=(4, 2, 3)).astype("float32"),
    "t": _RANDOM.normal(size=(2, 3, 3, 2)).astype("float32"),
    "k": _RANDOM.normal(size=(2, 2, 4)).astype("float64"),
    "f": _RANDOM.normal(size=(2, 3, 2)).astype("float64"),
}


def test_factors_and_inverses(oracle: Oracle) -> None:
    texts = [
        "np.linalg.cholesky(p)", "np.linalg.cholesky(q)", "np.linalg.cholesky(-p)", "np.linalg.cholesky(w)",
        "np.linalg.cholesky(v)", "np.linalg.cholesky(i)", "np.linalg.cholesky([[1.0]])",
        "np.linalg.cholesky(np.zeros((0, 2, 2)))",
        "np.linalg.det(p)", "np.linalg.det(q)", "np.linalg.det(w)", "np.linalg.det(np.zeros((0, 2, 2)))",
        "np.linalg.det(np.zeros((2, 2)))", "np.linalg.slogdet(p)", "np.linalg.slogdet(q)",
        "np.linalg.slogdet(np.zeros((2, 2)))", "np.linalg.inv(p)", "np.linalg.inv(q)", "np.linalg.inv(w)",
        "np.linalg.inv(np.zeros((2, 2)))", "np.linalg.inv(p.astype('int32'))", "np.linalg.inv(np.zeros((0, 2, 2)))",
        "np.linalg.tensorinv(t)", "np.linalg.tensorinv(t, ind=2)", "np.linalg.tensorinv(p, 0)",
        "np.linalg.tensorinv(p, 2)", "np.linalg.tensorinv(w, 1)", "np.linalg.tensorinv(np.ones((4, 2, 2)), 1)",
    ]  # fmt: skip
    compare(oracle, texts, rtol=2e-5, **MATRICES)
    compare(oracle, ["np.linalg.tensorinv(p, 1)"], gradient=False, **MATRICES)  # MXNet's gradient fails


def test_equations(oracle: Oracle) -> None:
    compare(
        oracle,
        ["np.linalg.solve(p, p + 1)", "np.linalg.solve(q, f[:, :, :1])", "np.linalg.solve(p, np.ones((2, 3)))",
         "np.linalg.solve(p, np.ones((5, 3, 2)))", "np.linalg.solve(np.zeros((2, 2)), np.ones((2, 1)))",
         "np.linalg.solve(np.zeros((0, 2, 2)), np.ones((0, 2, 3)))",
         "np.linalg.tensorsolve(t, w)", "np.linalg.tensorsolve(t, w, axes=(0,))", "np.linalg.tensorsolve(k, d)",
         "np.linalg.tensorsolve(p, np.ones((4,)))"],
        rtol=1e-4, **MATRICES,
    )  # fmt: skip
    compare(  # without gradients: those of vectors fail in MXNet
        oracle,
        ["np.linalg.solve(p, v)", "np.linalg.solve(q, f[:, :, 0])", "np.linalg.solve(p.astype('int32'), l)",
         "np.linalg.solve(p.astype('int32'), v)", "np.linalg.solve(q[0], v)", "np.linalg.solve(p, np.ones((2,)))",
         "np.linalg.tensorsolve(p, v)", "np.linalg.tensorsolve(s, s)", "np.linalg.tensorsolve(p.astype('int32'), l)",
         "np.linalg.tensorsolve(k, np.ones((4,)), (1, 0))"],
        gradient=False, rtol=1e-5, **MATRICES,
    )  # fmt: skip


def test_the_gradient_of_equations_with_vectors() -> None:
    with mx.util.np_shape(True), mx.util.np_array(True):
        a, b = mx.np.array(_DEFINITE), mx.np.array([1, 2, 3])
        a.attach_grad()
        b.attach_grad()
        with mx.autograd.record():
            x = mx.np.linalg.solve(a, b)
        x.backward()
        expected = onp.linalg.solve(_DEFINITE.T, onp.ones(3))
    onp.testing.assert_allclose(b.grad.asnumpy(), expected, rtol=1e-5)
    onp.testing.assert_allclose(a.grad.asnumpy(), -onp.outer(expected, x.asnumpy()), rtol=1e-5)


def test_pseudo_inverses(oracle: Oracle) -> None:
    texts = [
        "np.linalg.pinv(w)", "np.linalg.pinv(w.T)", "np.linalg.pinv(z)", "np.linalg.pinv(w, 0.9)",
        "np.linalg.pinv(w, np.array(1e-3))", "np.linalg.pinv(z, np.array([1e-3, 0.5, 0.9, 0.1]))",
        "np.linalg.pinv(z, np.array([1e-3]))", "np.linalg.pinv(np.zeros((2, 3)))", "np.linalg.pinv(np.zeros((0, 3)))",
        "np.linalg.pinv(i)", "np.linalg.pinv(w, rcond=np.array([1e-3, 0.5]))", "np.linalg.pinv(q)",
    ]  # fmt: skip
    compare(oracle, texts, rtol=1e-5, **MATRICES)


def test_the_pseudo_inverse_of_symmetric_matrices() -> None:
    """MXNet declares the argument and refuses it."""
    symmetric = onp.array([[1, 2], [2, 4]], dtype="float32")
    found = mx.np.linalg.pinv(mx.np.array(symmetric), rcond=1e-5, hermitian=True)
    onp.testing.assert_allclose(found.asnumpy(), symmetric / 25, rtol=1e-5)


def test_eigenvalues(oracle: Oracle) -> None:
    texts = [
        "np.linalg.eigvals(p)", "np.linalg.eigvals(q)", "np.linalg.eigvals(p.astype('int32'))",
        "np.linalg.eigvals(p.astype('int64'))", "np.linalg.eigvals(np.array([[0, -1], [1, 0]]))",
        "np.linalg.eigvals(w)", "np.linalg.eigvals(h)", "np.linalg.eigvals(np.zeros((0, 0)))",
        "np.linalg.eigvals(np.array([[3.0, 2], [0, 1]]))", "np.linalg.eigvalsh(p)", "np.linalg.eigvalsh(q, 'U')",
        "np.linalg.eigvalsh(p + np.array([0, 0, 9]))", "np.linalg.eigvalsh(p + np.array([0, 0, 9]), UPLO='U')",
        "np.linalg.eigvalsh(p, 'u')", "np.linalg.eigvalsh(p.astype('int32'))", "np.linalg.eigvalsh(v)",
    ]  # fmt: skip
    compare(oracle, texts, rtol=1e-5, **MATRICES)


def with_positive_vectors(mx: Any, texts: list[str], matrices: dict[str, Any]) -> list[Any]:
    """Evaluate decompositions; of each vector, the largest component is made positive."""
    import numpy as onp

    results = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            scope = {"np": mx.np, **{name: mx.np.array(each, dtype=each.dtype) for name, each in matrices.items()}}
            made = eval(text, scope)
            described = [type(made).__name__]
            for part, axis in zip(made, (-2, None, -1) if len(made) == 3 else (None, -2), strict=True):
                found = part.asnumpy()
                if axis is not None and found.size:
                    largest = onp.take_along_axis(found, abs(found).argmax(axis, keepdims=True), axis)
                    found = found * onp.sign(largest)
                described.append(found)
            results.append(described)
    return results


def test_eigenvectors_and_singular_vectors(oracle: Oracle) -> None:
    from tests.comparison import assert_same

    texts = [
        "np.linalg.eig(p)", "np.linalg.eig(q)", "np.linalg.eig(p.astype('int32'))",
        "np.linalg.eig(np.array([[1.0, 2], [0, 3]]))", "np.linalg.eigh(p)", "np.linalg.eigh(p, 'U')",
        "np.linalg.eigh(q)", "np.linalg.eigh(p + np.array([0, 0, 9]))", "np.linalg.eigh(p.astype('int64'))",
        "np.linalg.svd(w)", "np.linalg.svd(z)", "np.linalg.svd(p)", "np.linalg.svd(np.zeros((0, 2)))",
        "np.linalg.svd(np.zeros((0, 2, 3)))",
    ]  # fmt: skip
    ours, theirs = [each.get() for each in oracle.both(with_positive_vectors, texts, MATRICES)]
    for text, one, other in zip(texts, ours, theirs, strict=True):
        assert_same(one, other, 1e-4, about=text)


def test_the_gradient_of_singular_values(oracle: Oracle) -> None:
    compare(oracle, ["np.linalg.svd(w)[1]", "np.linalg.svd(z)[1]"], rtol=1e-4, **MATRICES)


def test_singular_values_of_tall_matrices() -> None:
    """MXNet has no more rows than columns."""
    tall = MATRICES["w"].T
    u, s, v = [part.asnumpy() for part in mx.np.linalg.svd(mx.np.array(tall))]
    assert (u.shape, s.shape, v.shape) == ((3, 2), (2,), (2, 2))
    onp.testing.assert_allclose(u * s @ v, tall, rtol=1e-5)


def test_norms(oracle: Oracle) -> None:
    matrix_orders = ["None", "'fro'", "'nuc'", "1", "-1", "-2", "onp.inf", "-onp.inf"]
    # MXNet multiplies the gradients of norms of matrices twice by that of the result: finite differences judge ours.
    texts = [f"np.linalg.norm(w, {ord})" for ord in [*matrix_orders, "2", "'foo'"]]
    texts += [f"np.linalg.norm(w, {ord}, axis=(0, 1), keepdims=True)" for ord in matrix_orders]
    texts += [f"np.linalg.norm(z, {ord})" for ord in ("None", "'fro'", "'nuc'", "1", "onp.inf", "2")]
    texts += [f"np.linalg.norm(z, {ord}, axis=(1, 2))" for ord in ("None", "'fro'", "'nuc'", "1", "onp.inf", "2", "-1")]
    compare(oracle, texts, gradient=False, rtol=1e-4, **MATRICES)
    texts = [f"np.linalg.norm(v, {ord})" for ord in ("None", "1", "2", "3", "0", "-1", "2.5", "'fro'")]
    texts += [f"np.linalg.norm(w, {ord}, axis=1)" for ord in ("None", "1", "2", "3", "0", "-1", "'fro'")]
    texts += [
        "np.linalg.norm(w, 'inf')", "np.linalg.norm(w, '-inf')", "np.linalg.norm(w, axis=0, keepdims=True)",
        "np.linalg.norm(w, keepdims=True)", "np.linalg.norm(z, axis=-1)", "np.linalg.norm(z, axis=(0, 1, 2))",
        "np.linalg.norm(w, axis=5)", "np.linalg.norm(s)", "np.linalg.norm(e)",
        "np.linalg.norm(e, axis=0)", "np.linalg.norm(q)", "np.linalg.norm(h)", "np.linalg.norm([1.0, 2.0])",
    ]  # fmt: skip
    compare(oracle, texts, rtol=1e-4, **MATRICES)


@pytest.mark.parametrize(
    "arguments",
    ["v, onp.inf", "v, -onp.inf", "w, onp.inf, 1", "z, -2, (2, 0)", "w.T, -2", "i.astype('float32'), 2", "e, None, 1"],
)
def test_norms_that_mxnet_refuses(arguments: str) -> None:
    from tests.numpy.calls import ARRAYS

    values = {**ARRAYS, **MATRICES}
    with mx.util.np_shape(True), mx.util.np_array(True):
        arrays = {name: mx.np.array(value, dtype=value.dtype) for name, value in values.items()}
        found = eval(f"np.linalg.norm({arguments})", {"np": mx.np, "onp": onp, **arrays})
    expected = eval(f"onp.linalg.norm({arguments})", {"onp": onp, **values})
    onp.testing.assert_allclose(found.asnumpy(), expected, rtol=1e-5)


def test_norms_of_integers_are_not_cut_off() -> None:
    found = mx.np.linalg.norm(mx.np.array([1, 2], dtype="int32"))
    assert found.dtype == onp.float32
    assert float(found) == pytest.approx(5**0.5)


@pytest.mark.parametrize("ord", [3, 0, 2.5])
def test_norms_of_matrices_that_do_not_exist(ord: float) -> None:
    with pytest.raises(ValueError, match="ord of a matrix must be 1, -1"):
        mx.np.linalg.norm(mx.np.array([[1, 2], [3, 4]]), ord)


def test_triangles_that_do_not_exist() -> None:
    """MXNet reads the lower one, whatever it is given."""
    with pytest.raises(ValueError, match="UPLO must be 'L' or 'U'; received 'X'"):
        mx.np.linalg.eigh(mx.np.array(_DEFINITE), "X")


def test_nodes(oracle: Oracle) -> None:
    texts = [
        "L.cholesky(a)", "L.det(a)", "L.slogdet(a)", "L.inv(a)", "L.eig(a)", "L.eigh(a)", "L.eigh(a, 'U')",
        "L.eigvals(a)", "L.eigvalsh(a)", "L.svd(a)", "L.pinv(a)", "L.pinv(a, 1e-3)", "L.pinv(a, b)", "L.solve(a, b)",
        "L.tensorinv(a)", "L.tensorsolve(a, b)", "L.tensorsolve(a, b, axes=(0,))", "L.norm(a)", "L.norm(a, axis=0)",
        "L.norm(a, 'fro')", "L.norm(a, 'nuc')", "L.norm(a, 'nuc', axis=(1, 2), keepdims=True)", "L.norm(a, 1)",
        "L.norm(a, 2, axis=1)", "L.norm(a, -2, axis=(0, 1))", "L.norm(a, float('inf'), axis=1)",
        "L.norm(a, axis=(0, 1), keepdims=True)",
    ]  # fmt: skip
    ours, theirs = [each.get() for each in oracle.both(nodes, texts)]
    assert dict(zip(texts, ours, strict=True)) == dict(zip(texts, theirs, strict=True))
