"""Random arrays: shapes and types as MXNet's, moments as the distributions say, seeds that hold."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

import glueball as mx
from glueball.core.late_errors import late_errors
from tests.comparison import assert_same
from tests.oracle.client import Oracle

nd = mx.nd

# Shape, type and context are compared, or the class of the error.
AS_MXNET = """
nd.random.uniform()
nd.random.uniform(shape=(2,))
nd.random.uniform(0, 1, (2,), "float64")
nd.random.uniform(0, 1, (2,), "float64", mx.cpu(1))
nd.random.uniform(0, 1, (2,), ctx="cpu(1)")
nd.random.randint(0, 9, (2,), ctx="cpu(1)")
nd.random.uniform(0, 1, (2,), "float16")
nd.random.uniform(0, 1, (2,), "int32")
nd.random.uniform(0, 1, None)
nd.random.uniform(0, 1, ())
nd.random.uniform(0, 1, (0, 3))
nd.random.uniform(2, 1)
nd.random.uniform(0, 1, 3, out=nd.zeros((3,)))
nd.random.uniform(0, 1, out=nd.zeros((3,)))
nd.random.uniform(0, 1, out=nd.zeros((3,), dtype="float64"))
nd.random.uniform(0, 1, (4,), out=nd.zeros((3,)))
nd.random.uniform(0, 1, foo=1)
nd.random.uniform(nd.array([0, 1]), nd.array([1, 2]))
nd.random.uniform(nd.array([0, 1]), nd.array([1, 2]), shape=3)
nd.random.uniform(nd.array([0, 1]), nd.array([1, 2]), shape=(3, 4), dtype="float64")
nd.random.uniform(nd.array([0, 1]), nd.array([1, 2, 3]))
nd.random.uniform(nd.array([[0, 1], [1, 2]]), nd.array([[1, 2], [3, 4]]), shape=2)
nd.random.uniform(nd.array([0], ctx=mx.cpu(1)), nd.array([1], ctx=mx.cpu(1)), shape=3)
nd.random.uniform(nd.array([0, 1], dtype="float64"), nd.array([1, 2], dtype="float64"))
nd.random.uniform("a", 1)
nd.random.uniform([0], 1)
nd.random.normal(shape=(2, 3))
nd.random.normal(0, -1)
nd.random.normal(0, 0)
nd.random.normal(nd.array([0, 1]), nd.array([1, 2]), shape=3)
nd.random.randn()
nd.random.randn(2)
nd.random.randn(2, 3, loc=1, scale=2, dtype="float64")
nd.random.randn(2, 3, loc=nd.array([1, 2]), scale=nd.array([1, 2]))
nd.random.randn((2, 3))
nd.random.randn(2, 3, foo=1)
nd.random.randn(2, ctx=mx.cpu(1))
nd.random.randn(2, shape=3)
nd.random.randint(0, 5)
nd.random.randint(0, 5, (2, 3), "int64")
nd.random.randint(0, 5, (2, 3), "float32")
nd.random.randint(6, 5)
nd.random.randint(0.5, 5)
nd.random.randint(nd.array([0]), nd.array([5]))
nd.random.randint(0)
nd.random.exponential()
nd.random.exponential(2, shape=3)
nd.random.exponential(-1)
nd.random.exponential(nd.array([1, 2]), shape=3)
nd.random.gamma()
nd.random.gamma(2, 3, shape=3)
nd.random.gamma(0, 1)
nd.random.gamma(1, -1)
nd.random.gamma(nd.array([1, 2]), nd.array([1, 2]), shape=3)
nd.random.poisson()
nd.random.poisson(-1)
nd.random.poisson(0, shape=3)
nd.random.poisson(nd.array([1, 2]), shape=3)
nd.random.negative_binomial(shape=3)
nd.random.negative_binomial(nd.array([1, 2]), nd.array([0.5, 0.5]), shape=3)
nd.random.generalized_negative_binomial(shape=3)
nd.random.generalized_negative_binomial(2, 0, shape=3)
nd.random.generalized_negative_binomial(-1, 0.5)
nd.random.multinomial(nd.array([0.1, 0.9]))
nd.random.multinomial(nd.array([0.1, 0.9]), shape=3)
nd.random.multinomial(nd.array([[0.1, 0.9], [0.5, 0.5]]))
nd.random.multinomial(nd.array([[[0.1, 0.9], [0.5, 0.5]]]), shape=(3, 2))
nd.random.multinomial(nd.array([[0.1, 0.9], [0.5, 0.5]]), get_prob=True)
nd.random.multinomial(nd.array([0.1, 0.9]), get_prob=True, shape=4, dtype="float64")
nd.random.multinomial(nd.array([0.1, 0.9], dtype="float64"), get_prob=True)
nd.random.multinomial(nd.array([0.1, 0.9]), dtype="uint8")
nd.random.multinomial(nd.array([1, 0], dtype="int32"))
nd.random.shuffle(nd.ones((4, 2)))
nd.random.shuffle(nd.ones((4, 2)), out=nd.zeros((4, 2)))
nd.random.uniform_like(nd.ones((2, 3), dtype="float64"))
nd.random.uniform_like(nd.ones((2, 3), dtype="int32"))
nd.random.normal_like(nd.ones((2, 3)), 1, 2)
nd.random.poisson_like(nd.ones((2, 3)))
nd.random.gamma_like(nd.ones((2, 3)))
nd.random.exponential_like(nd.ones((2, 3)))
nd.random.negative_binomial_like(nd.ones((2, 3)))
nd.random.generalized_negative_binomial_like(nd.ones((2, 3)))
nd.random_uniform()
nd.random_uniform(shape=3)
nd.uniform(shape=2)
nd.normal(shape=(2, 2), ctx="cpu(1)")
nd.sample_normal(nd.array([0, 1]), nd.array([1, 2]), shape=(2,))
mx.random.uniform(0, 1, (2,))
mx.random.multinomial(nd.array([0.5, 0.5]))
mx.random.shuffle(nd.ones((3,)))
mx.random.seed(3)
mx.random.seed(3, ctx=mx.cpu(1))
mx.random.seed(3, ctx="cpu")
mx.random.seed(3, ctx="al")
mx.random.seed(3, ctx=None)
mx.random.seed(3, ctx=1)
mx.random.seed(3, ctx=[])
mx.Context("al")
mx.Context(None)
mx.random.seed(np.int64(3))
mx.random.seed(-1)
""".strip().splitlines()


@pytest.mark.parametrize("text", AS_MXNET)
def test_as_mxnet(oracle: Oracle, text: str) -> None:
    body = f"""
made = {text}
arrays = made if isinstance(made, list) else [made]
return [a if a is None else (a.asnumpy().shape, a.dtype, repr(a.context)) for a in arrays]
"""
    assert_same(*oracle.both(body))


def moments(mx: Any, text: str) -> list[float]:
    mx.random.seed(1)
    draws = eval(text, {"nd": mx.nd}).asnumpy().astype("float64").ravel()
    return [float(draws.mean()), float(draws.var()), float(draws.min()), float(draws.max())]


N = 200_000
MOMENTS = [
    (f"nd.random.uniform(-1, 3, shape={N})", 1, 16 / 12),
    (f"nd.random.uniform(nd.array([-1.0]), nd.array([3.0]), shape={N})", 1, 16 / 12),
    (f"nd.random.normal(-2, 3, shape={N})", -2, 9),
    (f"nd.random.normal(nd.array([-2]), nd.array([3]), shape={N})", -2, 9),
    (f"nd.random.randn({N}, loc=1, scale=2)", 1, 4),
    (f"nd.random.exponential(4, shape={N})", 4, 16),
    (f"nd.random.exponential(nd.array([4]), shape={N})", 4, 16),
    (f"nd.random_exponential(lam=4, shape={N})", 1 / 4, 1 / 16),
    (f"nd.random.gamma(9, 0.5, shape={N})", 4.5, 2.25),
    (f"nd.random.gamma(0.5, 2, shape={N})", 1, 2),
    (f"nd.random.gamma(nd.array([9]), nd.array([0.5]), shape={N})", 4.5, 2.25),
    (f"nd.random.poisson(4, shape={N})", 4, 4),
    (f"nd.random.poisson(nd.array([4]), shape={N})", 4, 4),
    (f"nd.random.negative_binomial(3, 0.4, shape={N})", 4.5, 11.25),
    (f"nd.random.negative_binomial(nd.array([3]), nd.array([0.4]), shape={N})", 4.5, 11.25),
    (f"nd.random.generalized_negative_binomial(2, 0.3, shape={N})", 2, 3.2),
    (f"nd.random.generalized_negative_binomial(2, 0, shape={N})", 2, 2),
    (f"nd.random.randint(-3, 4, shape={N})", 0, 4),
    (f"nd.random.multinomial(nd.array([0.2, 0.3, 0.5]), shape={N})", 1.3, 0.61),
    (f"nd.random.normal_like(nd.zeros({N}), 1, 2)", 1, 4),
]


@pytest.mark.parametrize(("text", "mean", "variance"), MOMENTS)
def test_moments(text: str, mean: float, variance: float) -> None:
    ours = moments(mx, text)
    assert ours[0] == pytest.approx(mean, abs=6 * (variance / N) ** 0.5)  # six standard errors
    assert ours[1] == pytest.approx(variance, rel=0.05)


@pytest.mark.parametrize(("text", "mean", "variance"), [MOMENTS[place] for place in (5, 7, 8, 11, 13, 15, 17)])
def test_mxnets_parameters_mean_the_same(oracle: Oracle, text: str, mean: float, variance: float) -> None:
    theirs = oracle.run(moments, text)
    assert theirs[0] == pytest.approx(mean, abs=10 * (variance / N) ** 0.5)
    assert theirs[1] == pytest.approx(variance, rel=0.1)


def test_ranges() -> None:
    mx.random.seed(2)
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        draws = nd.random.uniform(0, 1, shape=N, dtype=dtype).asnumpy()
        assert draws.min() >= 0
        assert draws.max() < 1
    whole = nd.random.randint(-3, 4, shape=1000).asnumpy()
    assert set(whole.tolist()) == set(range(-3, 4))
    assert nd.random.randint(0, 2**40, shape=100, dtype="int64").asnumpy().max() > 2**33


def test_shuffle_keeps_rows_whole() -> None:
    mx.random.seed(3)
    rows = np.arange(30, dtype="float32").reshape(10, 3)
    shuffled = nd.random.shuffle(nd.array(rows)).asnumpy()
    assert shuffled.tolist() != rows.tolist()
    assert sorted(shuffled.tolist()) == rows.tolist()
    first = [int(nd.random.shuffle(nd.arange(4))[0].asscalar()) for _ in range(400)]
    assert np.bincount(first, minlength=4).min() > 60


def test_every_category_by_its_row() -> None:
    mx.random.seed(4)
    rows = nd.array([[0, 1, 0], [0.5, 0, 0.5]])
    numbers, logs = nd.random.multinomial(rows, shape=1000, get_prob=True)
    assert set(numbers[0].asnumpy().tolist()) == {1}
    assert set(numbers[1].asnumpy().tolist()) == {0, 2}
    assert_same(logs.asnumpy(), np.array([[0.0], [np.log(0.5)]], np.float32).repeat(1000, 1))


def test_gradient_of_log_probability(oracle: Oracle) -> None:
    def differentiate(mx: Any) -> Any:
        p = mx.nd.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
        p.attach_grad()
        with mx.autograd.record():
            _, logs = mx.nd.random.multinomial(p, get_prob=True)
            loss = (logs * mx.nd.array([2, 3])).sum()
        loss.backward()
        return p.grad

    assert_same(*oracle.both(differentiate))


DRAWS = """
nd.random.uniform(shape=5)
nd.random.normal(shape=5)
nd.random.randint(0, 1000, shape=5)
nd.random.gamma(2, 3, shape=5)
nd.random.poisson(50, shape=5)
nd.random.exponential(shape=5)
nd.random.multinomial(nd.array([0.01] * 100), shape=5)
nd.random.shuffle(nd.arange(100))
nd.Dropout(nd.ones((100,)), p=0.5, mode="always")
""".strip().splitlines()


@pytest.mark.parametrize("text", DRAWS)
def test_same_seed_same_numbers(text: str) -> None:
    def draw() -> list[float]:
        return eval(text, {"nd": nd}).asnumpy().tolist()

    mx.random.seed(42)
    first, second = draw(), draw()
    assert first != second
    mx.random.seed(42)
    assert [draw(), draw()] == [first, second]
    mx.random.seed(43)
    assert draw() != first


def test_each_context_has_its_own_stream() -> None:
    mx.random.seed(5)
    here, there = nd.random.uniform(shape=4), nd.random.uniform(shape=4, ctx=mx.cpu(1))
    assert here.asnumpy().tolist() != there.asnumpy().tolist()
    mx.random.seed(7, ctx=mx.cpu(1))
    again = nd.random.uniform(shape=4, ctx=mx.cpu(1)).asnumpy().tolist()
    mx.random.seed(7, ctx=mx.cpu(1))
    assert nd.random.uniform(shape=4, ctx=mx.cpu(1)).asnumpy().tolist() == again
    mx.random.seed(5)
    assert nd.random.uniform(shape=4).asnumpy().tolist() == here.asnumpy().tolist()


def test_a_program_that_never_seeds_repeats_itself() -> None:
    program = "import glueball as mx; print(mx.nd.random.normal(shape=3).asnumpy().tolist())"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    mx.random.seed(0)
    assert run.stdout.strip() == str(nd.random.normal(shape=3).asnumpy().tolist())


@pytest.mark.parametrize("text", DRAWS)
def test_generators_of_torch_and_numpy_are_left_alone(text: str) -> None:
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()
    mx.random.seed(1)
    eval(text, {"nd": nd})
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.random.get_state()[1].tolist() == before[1]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: nd.random.uniform(nd.ones((2,)), 3), mx.MXNetError, "all numbers or all NDArrays; received both"),
        (lambda: nd.random.uniform("a"), ValueError, "must be a number or an NDArray; received 'a'"),
        (lambda: nd.random.uniform(2, 1).asnumpy(), mx.MXNetError, "low must not be above high; received 2.0 and 1.0"),
        (
            lambda: nd.random.uniform(nd.array([0, 3]), nd.array([1, 2])).asnumpy(),
            mx.MXNetError,
            "low must not be above high; received values from 0.0 to 3.0",
        ),
        (
            lambda: nd.random.uniform(nd.zeros((2,)), nd.ones((2,)), ctx=mx.cpu(1)),
            mx.MXNetError,
            r"ctx must be that of the parameters, cpu\(0\); received cpu\(1\)",
        ),
        (lambda: nd.random.normal(0, -1).asnumpy(), mx.MXNetError, "scale must be positive; received -1.0"),
        (
            lambda: nd.random.normal(nd.zeros((2,)), nd.array([1, -2])).asnumpy(),
            mx.MXNetError,
            "sigma must be positive; received values from -2.0 to 1.0",
        ),
        (lambda: nd.random.exponential(0), ZeroDivisionError, "scale must be positive; received 0"),
        (
            lambda: nd.random.negative_binomial(2, 1.5).asnumpy(),
            mx.MXNetError,
            "p must be above 0 and at most 1; received 1.5",
        ),
        (lambda: nd.random.randint(5, 5), mx.MXNetError, "low must be below high; received 5 and 5"),
        (lambda: nd.random.randint(0, 2**40), mx.MXNetError, "must fit into int32"),
        (lambda: nd.random.randint(nd.zeros((1,)), 4), TypeError, "low and high must be ints"),
        (lambda: nd.random.uniform(shap=3), mx.MXNetError, "a keyword must be one of .*; received 'shap'"),
        (lambda: nd.random.multinomial(nd.array([-1, 2])), mx.MXNetError, "probabilities must not be negative"),
        (lambda: nd.random.multinomial(nd.array([0, 0])), mx.MXNetError, "all 0 in a row"),
        (lambda: mx.random.seed("3"), ValueError, "seed_state must be an int; received '3'"),
        (lambda: mx.random.seed(3.5), ValueError, "seed_state must be an int"),
        (lambda: mx.random.seed(3, ctx="bad"), KeyError, "device_type must be one of cpu, gpu"),
    ],
)
def test_refusals(call: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        call()


def test_any_int_is_a_seed() -> None:
    for seed in (0, -1, 2**31, 2**64, -(2**70)):
        mx.random.seed(seed)
        assert nd.random.uniform().shape == (1,)


#: Draws from the arrays `a` and `b`.
DRAWN = {
    "uniform": "nd.random.uniform(a, b + 1)",
    "normal": "nd.random.normal(a, b)",
    "exponential": "nd.random.exponential(a) + b",
    "gamma": "nd.random.gamma(a, b)",
    "poisson": "nd.random.poisson(a) + b",
    "negative_binomial": "nd.random.negative_binomial(a * 2, b)",
    "generalized_negative_binomial": "nd.random.generalized_negative_binomial(a, b)",
    "several for each": "nd.random.normal(a, b, shape=3)",
    "like": "nd.random_normal_like(a) + b",
    "categories": "nd.random.multinomial(a / a.sum()).astype('float32') * b",
    "in a graph": "net(a, b)",
}


@pytest.mark.parametrize("request_", ["write", "add"])
@pytest.mark.parametrize("name", DRAWN)
def test_draws_have_a_gradient_of_zero(oracle: Oracle, name: str, request_: str) -> None:
    """Also where the numbers were computed from the parameters, as those of a normal distribution are."""
    program = f"""
        class Net(gluon.HybridBlock):
            def hybrid_forward(self, F, a, b):
                return F.sample_normal(a, b)
        net = Net(); net.hybridize()
        a, b = nd.array([0.5, 0.4]), nd.array([0.5, 0.4])
        for x in (a, b):
            x.attach_grad({request_!r}); x.grad[:] = 7
        with autograd.record():
            y = {DRAWN[name]}
        y.backward()
        return a.grad{", b.grad" if "* b" not in DRAWN[name] else ""}"""
    assert_same(*oracle.both(program))


def test_the_logarithm_of_a_probability_keeps_its_gradient(oracle: Oracle) -> None:
    program = """
        a = nd.array([0.5, 0.5]); a.attach_grad()
        with autograd.record():
            chosen, logarithm = nd.random.multinomial(a, get_prob=True)
        logarithm.backward(); return a.grad.sum()"""
    assert_same(*oracle.both(program))


LATE = """
nd.random.normal(0, -1, shape=(2,)).shape
nd.random.normal(0, -1, shape=(2,)).asnumpy()
nd.random.gamma(-1, 1, shape=(2,)).wait_to_read()
nd.random.exponential(-1, shape=(2,)).asnumpy()
nd.random.poisson(-1, shape=(2,)).asnumpy()
nd.random.uniform(2, 1, shape=(2,)).asnumpy()
nd.random.negative_binomial(-1, 0.5, shape=(2,)).asnumpy()
nd.dot(nd.ones((2, 2)), nd.random.normal(0, -1, shape=(2, 2)))[0].reshape((1, 2)).asnumpy()
repr(nd.random.normal(0, -1, shape=(1,)))
(nd.random.normal(0, -1, shape=(1,)), nd.waitall())
sym.random.normal(0, -1, shape=(2,)).bind(mx.cpu(), {}).forward()[0].shape
sym.random.normal(0, -1, shape=(2,)).bind(mx.cpu(), {}).forward()[0].asnumpy()
""".strip().splitlines()


@pytest.fixture
def nothing_waits():
    yield
    late_errors.waiting = None


@pytest.mark.parametrize("expression", LATE)
def test_bad_parameters_fail_when_the_draw_is_read(oracle, expression, nothing_waits):
    assert_same(*oracle.both(expression))


def late_errors_of_steps(mx):
    """Whether a call, and then reads, fail."""
    nd, found = mx.nd, []

    def note(step):
        try:
            step()
            found.append("fine")
        except mx.MXNetError:
            found.append("failed")

    for reads in ("xxy", "yxx", "oxy", "wxw", "xw"):
        x = nd.random.normal(0, -1, shape=(2,))
        arrays = {"x": x, "y": x * 2, "o": nd.ones((2,))}
        for read in reads:
            note(nd.waitall if read == "w" else arrays[read].asnumpy)
    weight, gradient = nd.ones((2,)), nd.random.normal(0, -1, shape=(2,))
    weight += gradient
    note(weight.asnumpy)
    variable = nd.ones((2,))
    variable.attach_grad()
    with mx.autograd.record():
        product = variable * nd.random.normal(0, -1, shape=(2,))
    note(product.backward)
    note(variable.grad.asnumpy)
    return found


def test_an_error_is_raised_once_and_to_whom_it_concerns(oracle, nothing_waits):
    assert_same(*oracle.both(late_errors_of_steps))
