"""``mx.np.random`` and ``mx.npx.random``: shapes, types and nodes as MXNet's, moments as the distributions say."""

from __future__ import annotations

import math
from typing import Any

import numpy as onp
import pytest

import glueball as mx
from tests.oracle.client import Oracle

# Shape, type and context are compared, or the class of the error.
AS_MXNET = """
np.random.uniform()
np.random.uniform(0, 1, ())
np.random.uniform(0, 1, None)
np.random.uniform(0, 1, 3)
np.random.uniform(0, 1, [2, 3])
np.random.uniform(0, 1, (0, 3))
np.random.uniform(0, 1, (2,), 'float64')
np.random.uniform(0, 1, (2,), 'float16')
np.random.uniform(0, 1, (2,), 'int32')
np.random.uniform(0, 1, (2,), onp.float64)
np.random.uniform(a, 1)
np.random.uniform(a, b)
np.random.uniform(a, b, (3, 2, 2))
np.random.uniform(a, b, (3,))
np.random.uniform(0, a)
np.random.uniform(d, 3)
np.random.uniform(i, 3)
np.random.uniform(a, 3, dtype='float64')
np.random.uniform([1, 2], 3)
np.random.uniform(2, 1)
np.random.uniform(0, 1, (2,), out=o)
np.random.uniform(0, 1, out=o)
np.random.uniform(0, 1, (3,), out=o)
np.random.uniform(0, 1, (2,), ctx=mx.cpu(1))
np.random.uniform(0, 1, (2,), ctx='cpu')
np.random.uniform('a', 1)
np.random.uniform(None, 1)
np.random.uniform(s, 3)
np.random.uniform(z, 3)
np.random.uniform(onp.array([1.0, 2.0]), 3)
np.random.uniform(onp.float32(1), 3)
np.random.uniform(mx.nd.ones((2,)), 3)
np.random.uniform(a, 3, out=o)
np.random.normal()
np.random.normal(a, 1)
np.random.normal(0, -1)
np.random.normal(0, 0)
np.random.normal(a, -a)
np.random.normal(a, b, (2, 2, 2))
np.random.normal(0, 1, 2, 'float64')
np.random.normal(0, 1, 2, 'int32')
np.random.randn()
np.random.randn(2, 3)
np.random.randn(2, dtype='float64')
np.random.randn((2, 3))
np.random.randn(2, foo=1)
np.random.rand()
np.random.rand(2, 3)
np.random.rand(2, dtype='float64')
np.random.rand(2, foo=1)
np.random.randint(3)
np.random.randint(0, 3)
np.random.randint(0, 3, 2)
np.random.randint(0, 3, (0, 2))
np.random.randint(0, 3, (2,), 'int32')
np.random.randint(0, 3, (2,), 'int')
np.random.randint(0, 3, (2,), 'float32')
np.random.randint(3, 1)
np.random.randint(0.5, 3)
np.random.randint(a, 3)
np.random.randint(0, 3, (2,), out=np.zeros((2,), dtype='int64'))
np.random.randint(0, 3, (2,), out=o)
np.random.randint(0, 2 ** 40)
np.random.choice(3)
np.random.choice(3, 2)
np.random.choice(3, (2, 2))
np.random.choice(3, 3, replace=False)
np.random.choice(a, 3)
np.random.choice(a)
np.random.choice(d, 3)
np.random.choice(i, 3)
np.random.choice(b, 3)
np.random.choice(3, 3, p=np.array([0, 0, 1]))
np.random.choice(3, 3, p=[0.0, 0.0, 1.0])
np.random.choice(a, 3, p=np.array([0, 1], dtype='float64'))
np.random.choice(3, ())
np.random.choice(3, (0,))
np.random.choice(2.5)
np.random.choice([1, 2])
np.random.choice(3, 2, out=np.zeros((2,), dtype='int64'))
np.random.choice(a, 2, out=o)
np.random.choice(3, 2, out=o)
np.random.shuffle(a)
np.random.shuffle(b)
np.random.shuffle([1, 2])
np.random.multinomial(3, onp.array([0.5, 0.5]))
np.random.multinomial(3, np.array([0.5, 0.5]), 2)
np.random.multinomial(3, np.array([0.5, 0.5]), (2, 3))
np.random.multinomial(3, np.array([0.5, 0.5], dtype='float64'), (2,))
np.random.multinomial(3, np.array([0.5, 0.6, 0.1]))
np.random.multinomial(3, b)
np.random.multinomial(3.5, [0.5, 0.5])
np.random.multinomial(3, [0.5, 0.5], foo=1)
np.random.gamma(2)
np.random.gamma(2, 3, 4, 'float16')
np.random.gamma(a, b)
np.random.gamma(1, a)
np.random.gamma(-1)
np.random.gamma(1, -1)
np.random.gamma(-a)
np.random.gamma(1, 1, 2, out=o)
np.random.beta(1, 2)
np.random.beta(a, b)
np.random.beta(a, 2, (3, 2))
np.random.beta(1, 2, 3, 'float64')
np.random.beta(1, 2, 3, 'int32')
np.random.beta(0, 2)
np.random.chisquare(2)
np.random.chisquare(a, (3, 2))
np.random.chisquare(2, 3, 'float64')
np.random.chisquare(-1)
np.random.exponential()
np.random.exponential(2, 3)
np.random.exponential(a, (3, 2))
np.random.exponential(d)
np.random.exponential(i)
np.random.exponential(-1)
np.random.exponential(0)
np.random.exponential(-a)
np.random.exponential(a, out=o)
np.random.exponential(None)
np.random.exponential([1.0, 2.0])
np.random.gumbel()
np.random.gumbel(a, b)
np.random.gumbel(a, 1, (3, 2))
np.random.gumbel(1, -1)
np.random.gumbel(d, 1)
np.random.logistic()
np.random.logistic(a, b)
np.random.logistic(1, -1)
np.random.lognormal()
np.random.lognormal(a, b)
np.random.lognormal(1, -1)
np.random.lognormal(1, 1, 3, 'float64')
np.random.lognormal(1, 1, 2, out=o)
np.random.pareto(2)
np.random.pareto(a, (3, 2))
np.random.pareto(0)
np.random.pareto(-a)
np.random.pareto()
np.random.power(2)
np.random.power(a, (3, 2))
np.random.power(0)
np.random.rayleigh()
np.random.rayleigh(a, (3, 2))
np.random.rayleigh(-1)
np.random.weibull(2)
np.random.weibull(a, (3, 2))
np.random.weibull(0)
np.random.multivariate_normal(a, e)
np.random.multivariate_normal(a, e, 3)
np.random.multivariate_normal(a, e, (3, 4))
np.random.multivariate_normal(np.zeros((4, 2)), e)
np.random.multivariate_normal(np.zeros((4, 2)), e, (3,))
np.random.multivariate_normal(a, np.zeros((3, 2, 2)) + e)
np.random.multivariate_normal(a, e, check_valid='ignore', tol=1e-3)
np.random.multivariate_normal(a, -e)
np.random.multivariate_normal([0, 0], [[1, 0], [0, 1]])
np.random.multivariate_normal(d, e.astype('float64'))
npx.random.bernoulli(0.5)
npx.random.bernoulli(logit=0.5)
npx.random.bernoulli(0.5, 0.5)
npx.random.bernoulli()
npx.random.bernoulli(a / 3)
npx.random.bernoulli(logit=a)
npx.random.bernoulli(a / 3, size=(3, 2))
npx.random.bernoulli(2.0)
npx.random.bernoulli(a)
npx.random.bernoulli(0.5, size=3, dtype='float64')
npx.random.bernoulli(0.5, size=3, dtype='int32')
npx.random.bernoulli(0.5, size=3, dtype='bool')
npx.random.bernoulli(0.5, size=3, dtype='uint8')
npx.random.bernoulli(0.5, size=2, out=o)
npx.random.bernoulli(0.5, size=(0, 2))
npx.random.uniform_n()
npx.random.uniform_n(0, 1, (3, 4))
npx.random.uniform_n(a, 1, (3, 4))
npx.random.uniform_n(a, b, 3, 'float64')
npx.random.uniform_n(a, b, ())
npx.random.normal_n()
npx.random.normal_n(a, b, (3, 4))
npx.random.normal_n(a, -b, (3, 4))
npx.random.seed(3)
npx.random.seed(3, ctx=mx.cpu())
npx.random.seed('a')
""".strip().splitlines()


def describe(mx: Any, texts: list[str]) -> list[Any]:
    """The class, shape, type and context of what each expression returns, or the classes of its error."""
    import numpy as onp

    np, npx = mx.np, mx.npx
    results: list[Any] = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            scope = {
                "mx": mx, "np": np, "npx": npx, "onp": onp, "a": np.array([1.0, 2.0]), "b": np.array([[3.0], [4.0]]),
                "d": np.array([1.5, 2.5], dtype="float64"), "i": np.array([1, 2], dtype="int32"), "s": np.array(2.0),
                "z": np.zeros((0, 2)), "o": np.zeros((2,)), "e": np.array([[2.0, 1.0], [1.0, 3.0]]),
            }  # fmt: skip
            try:
                value = eval(text, scope)
                if hasattr(value, "asnumpy"):
                    value.asnumpy()
                    results.append([type(value).__name__, value.shape, str(value.dtype), str(value.ctx)])
                else:
                    results.append([value])
            except Exception as error:
                results.append(["raised", type(error).__name__, [each.__name__ for each in type(error).__mro__]])
    return results


def test_shapes_types_and_errors(oracle: Oracle) -> None:
    ours, theirs = [each.get() for each in oracle.both(describe, AS_MXNET)]
    different = [
        f"{text}: MXNet {other}, ours {one}"
        for text, one, other in zip(AS_MXNET, ours, theirs, strict=True)
        if not (one[0] == other[0] == "raised" and other[1] in one[2]) and one != other
    ]
    assert different == []


# Mean and standard deviation of many draws.
MOMENTS = {
    "np.random.uniform(2, 5, {n})": (3.5, 3 / math.sqrt(12)),
    "np.random.normal(1, 2, {n})": (1, 2),
    "np.random.normal(0, 1, {n}, 'float16')": (0, 1),
    "np.random.randn({n})": (0, 1),
    "np.random.rand({n})": (0.5, 1 / math.sqrt(12)),
    "np.random.lognormal(0.1, 0.5, {n})": (math.exp(0.225), math.exp(0.225) * math.sqrt(math.exp(0.25) - 1)),
    "np.random.logistic(1, 2, {n})": (1, 2 * math.pi / math.sqrt(3)),
    "np.random.gumbel(1, 2, {n})": (1 + 2 * 0.57722, 2 * math.pi / math.sqrt(6)),
    "np.random.exponential(3, {n})": (3, 3),
    "np.random.rayleigh(2, {n})": (2 * math.sqrt(math.pi / 2), 2 * math.sqrt(2 - math.pi / 2)),
    "np.random.pareto(5, {n})": (0.25, math.sqrt(5 / 48)),
    "np.random.weibull(2, {n})": (math.gamma(1.5), math.sqrt(1 - math.gamma(1.5) ** 2)),
    "np.random.power(3, {n})": (0.75, math.sqrt(3 / 80)),
    "np.random.gamma(2, 3, {n})": (6, 3 * math.sqrt(2)),
    "np.random.beta(2, 3, {n})": (0.4, 0.2),
    "np.random.randint(-2, 5, {n})": (1, 2),
    "np.random.choice(np.array([1, 5]), {n}, p=np.array([0.25, 0.75]))": (4, math.sqrt(3)),
    "np.random.multinomial(8, [0.25, 0.75], {n})[:, 0]": (2, math.sqrt(1.5)),
    "np.random.multivariate_normal(np.array([1, 2]), np.array([[4, 1], [1, 9]]), {n})[:, 1]": (2, 3),
    "npx.random.bernoulli(0.2, size={n})": (0.2, 0.4),
    "npx.random.bernoulli(logit=math.log(0.25), size={n})": (0.2, 0.4),
    "npx.random.uniform_n(np.array([2]), 5, {n})": (3.5, 3 / math.sqrt(12)),
    "npx.random.normal_n(np.array([1]), 2, {n})": (1, 2),
}
COUNT = 40_000


def moments(mx: Any, texts: list[str], count: int) -> list[Any]:
    """The mean and the standard deviation of what each expression draws."""
    import math

    mx.random.seed(5)
    scope = {"np": mx.np, "npx": mx.npx, "math": math}
    found = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            draws = eval(text.format(n=count), scope).asnumpy().astype("float64")
            found.append([float(draws.mean()), float(draws.std())])
    return found


def test_moments(oracle: Oracle) -> None:
    ours, theirs = [each.get() for each in oracle.both(moments, list(MOMENTS), COUNT)]
    for (text, (mean, deviation)), one, other in zip(MOMENTS.items(), ours, theirs, strict=True):
        error = 6 * deviation / math.sqrt(COUNT)
        assert other == [pytest.approx(mean, abs=error), pytest.approx(deviation, rel=0.1)], f"MXNet: {text}"
        assert one == [pytest.approx(mean, abs=error), pytest.approx(deviation, rel=0.1)], text


def test_chisquare_has_the_mean_that_numpy_gives_it() -> None:
    """MXNet's draws are a quarter of what they should be."""
    with mx.util.np_shape(True), mx.util.np_array(True):
        draws = mx.np.random.chisquare(mx.np.array([3, 5]), (20_000, 2)).asnumpy()
    assert draws.mean(0) == pytest.approx([3, 5], rel=0.05)
    assert draws.var(0) == pytest.approx([6, 10], rel=0.15)


def test_a_choice_without_replacement_has_each_element_once() -> None:
    with mx.util.np_shape(True), mx.util.np_array(True):
        plain = mx.np.random.choice(6, 6, replace=False).asnumpy()
        chances = mx.np.array([0.0, 0.5, 0.0, 0.4, 0.1])
        weighted = [mx.np.random.choice(5, 2, False, chances).asnumpy().tolist() for _ in range(2000)]
    assert sorted(plain.tolist()) == list(range(6))
    assert {place for pair in weighted for place in pair} == {1, 3, 4}
    assert all(one != other for one, other in weighted)
    # NumPy draws the second from what is left: 0.5 * 0.4 / 0.5 + 0.4 * 0.5 / 0.6.
    assert sum({1, 3} == set(pair) for pair in weighted) / 2000 == pytest.approx(0.4 + 1 / 3, abs=0.05)


def test_counts_sum_to_the_trials_and_follow_the_chances() -> None:
    with mx.util.np_shape(True), mx.util.np_array(True):
        counts = mx.np.random.multinomial(20, mx.np.array([0.5, 0, 0.3, 0.2]), (4000,)).asnumpy()
    assert (counts.sum(1) == 20).all() and (counts[:, 1] == 0).all()
    assert counts.mean(0) == pytest.approx([10, 0, 6, 4], rel=0.03)
    assert mx.np.random.multinomial(0, (0.5, 0.5)).tolist() == [0, 0]
    assert mx.np.random.multinomial(3, []).shape == (0,)
    assert onp.cov(counts[:, 0], counts[:, 2])[0, 1] == pytest.approx(-20 * 0.5 * 0.3, rel=0.15)


def test_covariances() -> None:
    with mx.util.np_shape(True), mx.util.np_array(True):
        mean, cov = mx.np.array([1, 2], dtype="float64"), mx.np.array([[4, 1.5], [1.5, 1]], dtype="float64")
        draws = mx.np.random.multivariate_normal(mean, cov, 20_000).asnumpy()
    assert onp.cov(draws.T) == pytest.approx(cov.asnumpy(), rel=0.1)


@pytest.mark.parametrize("arguments", ["zeros, cov, check_valid='no'", "zeros, np.ones((3, 3))", "zeros, -cov"])
def test_what_a_normal_vector_refuses(arguments: str) -> None:
    with mx.util.np_shape(True), mx.util.np_array(True):
        scope = {"np": mx.np, "zeros": mx.np.zeros((2,)), "cov": mx.np.array([[2, 1], [1, 2]])}
        with pytest.raises(mx.MXNetError):
            eval(f"np.random.multivariate_normal({arguments})", scope)


def slopes(mx: Any, texts: list[Any]) -> list[Any]:
    """How the gradient of each draw's sum follows from the draw: what it is for the draws that came."""
    results = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text, formulas in texts:
            np = mx.np
            a, b = np.array([1.5, 2.0, 0.5]), np.array([[3.0], [4.0]])
            scope = {"np": np, "npx": mx.npx, "a": a, "b": b}
            a.attach_grad()
            b.attach_grad()
            with mx.autograd.record():
                y = eval(text, scope)
            y.backward()
            scope |= {"y": y}
            for array, formula in zip((a, b), formulas, strict=True):
                expected = eval(formula, scope) + np.zeros((2, 3))
                axis = 0 if array is a else 1
                kept = expected.sum(axis=axis, keepdims=array is b)
                results.append([array.grad.asnumpy(), kept.asnumpy()])
    return results


# The derivative of a draw y with respect to its two parameters, given y.
SLOPES = [
    ("np.random.normal(a, b)", ["1", "(y - a) / b"]),
    ("np.random.gumbel(a, b)", ["1", "(y - a) / b"]),
    ("np.random.logistic(a, b)", ["1", "(y - a) / b"]),
    ("np.random.lognormal(a, b)", ["y", "y * (np.log(y) - a) / b"]),
    ("np.random.exponential(a, (2, 3))", ["y / a", "0"]),
    ("np.random.rayleigh(a, (2, 3))", ["y / a", "0"]),
    ("np.random.weibull(a, (2, 3))", ["-y * np.log(y) / a", "0"]),
    ("np.random.pareto(a, (2, 3))", ["-(y + 1) * np.log(y + 1) / a", "0"]),
    ("np.random.power(a, (2, 3))", ["0", "0"]),
    ("np.random.uniform(a, b)", ["0", "0"]),
    ("np.random.gamma(a, b)", ["0", "0"]),
    ("np.random.beta(a, b)", ["0", "0"]),
    ("npx.random.bernoulli(a / 9 + b * 0)", ["0", "0"]),
    ("np.random.multinomial(3, a / 4, (2,)) + 0 * b", ["0", "0"]),
]


def test_gradients_follow_from_the_draws(oracle: Oracle) -> None:
    ours, theirs = [each.get() for each in oracle.both(slopes, SLOPES)]
    for side in (theirs, ours):
        for found, expected in side:
            onp.testing.assert_allclose(found, expected, rtol=2e-3, atol=2e-4)


def test_the_gradient_of_a_choice_is_how_often_each_element_came() -> None:
    with mx.util.np_shape(True), mx.util.np_array(True):
        a = mx.np.array([1, 2, 3])
        a.attach_grad()
        with mx.autograd.record():
            y = mx.np.random.choice(a, 50)
        y.backward()
        assert a.grad.asnumpy().tolist() == [int((y.asnumpy() == number).sum()) for number in (1, 2, 3)]


def test_seeds() -> None:
    def drawn() -> list[Any]:
        with mx.util.np_shape(True), mx.util.np_array(True):
            return [mx.np.random.uniform(size=4).tolist(), mx.np.random.choice(9, 4).tolist()]

    mx.random.seed(3)
    one = drawn()
    assert drawn() != one
    mx.npx.random.seed(3)
    assert drawn() == one


def nodes(mx: Any, texts: list[str]) -> list[Any]:
    """The operators of the graph that each expression makes, with names and attributes."""
    import json

    results = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            a, b = [mx.sym.var(name).as_np_ndarray() for name in "ab"]
            scope = {"R": mx.sym.np.random, "N": mx.sym.npx.random, "L": mx.sym.np.linalg, "mx": mx, "a": a, "b": b}
            with mx.name.NameManager():
                made = eval(text, scope)
            graph = json.loads((made if hasattr(made, "tojson") else made[0]).tojson())
            results.append([[node["op"], node["name"], node.get("attrs")] for node in graph["nodes"]])
    return results


def test_nodes(oracle: Oracle) -> None:
    texts = [
        "R.uniform()", "R.uniform(0, 1, 3)", "R.uniform(a, 1, (2, 3))", "R.uniform(0, a)",
        "R.uniform(a, b, ctx=mx.cpu(1), dtype='float64')", "R.normal(a, b, (2, 3))", "R.randint(3)",
        "R.randint(0, 3, (2,), 'int32')", "R.choice(3, 2, False)", "R.choice(a, 2)", "R.choice(a, 2, p=b)",
        "R.choice(3, 2, p=b)", "R.gamma(2, a)", "R.beta(a, 2, (2,), 'float16')", "R.exponential(2, (2,), mx.cpu(1))",
        "R.gumbel(a, 1)", "R.logistic(a)", "R.lognormal(a, b, 2)", "R.pareto(a, 2)", "R.power(2)", "R.rayleigh(a)",
        "R.weibull(a, (2,))", "R.rand(2, 3)", "N.bernoulli(0.5)", "N.bernoulli(logit=a, size=2)",
        "N.bernoulli(logit=0.5, dtype='bool')", "N.uniform_n(a, 1, (2, 3))", "N.normal_n()",
    ]  # fmt: skip
    ours, theirs = [each.get() for each in oracle.both(nodes, texts)]
    assert dict(zip(texts, ours, strict=True)) == dict(zip(texts, theirs, strict=True))


def test_a_graph_draws() -> None:
    """A symbol of arrays and numbers as parameters is bound, and infers the shape that it draws."""
    with mx.util.np_shape(True), mx.util.np_array(True):
        a = mx.sym.var("a").as_np_ndarray()
        net = mx.gluon.SymbolBlock(mx.sym.np.random.normal(a, 2, (3, 2)), [a])
        draws = net(mx.np.array([100, 200]))
    assert draws.shape == (3, 2)
    assert (abs(draws.asnumpy() - [100, 200]) < 20).all()


def test_arrays_with_nothing_to_shuffle() -> None:
    """MXNet ends the process."""
    nothing = mx.np.array(onp.zeros((0, 2)))
    mx.np.random.shuffle(nothing)
    assert nothing.shape == (0, 2)
    with pytest.raises(mx.MXNetError):
        mx.np.random.shuffle(mx.np.array(3))


def test_a_graph_does_not_shuffle() -> None:
    with pytest.raises(mx.MXNetError, match="a graph does not write to arrays"):
        mx.sym.np.random.shuffle(mx.sym.var("a").as_np_ndarray())
