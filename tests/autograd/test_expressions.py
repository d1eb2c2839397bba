"""Random expressions have MXNet's values and gradients."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.comparison import assert_same

#: All variables broadcast to (2, 3).
SHAPES = [(2, 3), (1, 3), (2, 1), (2, 3)]
#: One operand. Every one keeps the shape (2, 3) and stays finite on what comes before.
UNARY = [
    "tanh",
    "sin",
    "sigmoid",
    "relu",
    "square",
    "arctan",
    "softsign",
    "negative",
    "detach",
    "flip",
    "shuffled",
    "rows",
]
#: Two operands.
BINARY = ["add", "sub", "mul", "div", "maximum", "minimum", "less"]
#: Numbers combined with an operand.
SCALAR = ["add_number", "number_minus", "mul_number", "number_over"]

_leaf = st.integers(0, len(SHAPES) - 1).map(lambda number: ["variable", number])


def _grow(smaller):
    return st.one_of(
        st.tuples(st.sampled_from(UNARY), smaller).map(list),
        st.tuples(st.sampled_from(BINARY), smaller, smaller).map(list),
        st.tuples(st.sampled_from(SCALAR), smaller, st.sampled_from([0.5, 2.0, -1.5])).map(list),
    )


_expression = st.recursive(_leaf, _grow, max_leaves=8)


def evaluate(mx, expression, variables):
    kind, *parts = expression
    if kind == "variable":
        return mx.nd.broadcast_to(variables[parts[0]], shape=(2, 3))
    a = evaluate(mx, parts[0], variables)
    if kind in ("tanh", "sin", "sigmoid", "relu", "square", "arctan", "softsign", "negative"):
        return getattr(mx.nd, kind)(a)
    if kind == "detach":
        return a.detach() * a
    if kind == "flip":
        return a[:, ::-1]
    if kind == "shuffled":
        return mx.nd.take(a, mx.nd.array([2, 0, 0]), axis=1)
    if kind == "rows":
        return mx.nd.stack(a[1], a[0])
    b = parts[1] if isinstance(parts[1], float) else evaluate(mx, parts[1], variables)
    if kind in ("maximum", "minimum"):
        return getattr(mx.nd, kind)(a, b)
    if kind == "less":
        return (a < b) * a
    return {
        "add": lambda: a + b,
        "sub": lambda: a - b,
        "mul": lambda: a * b,
        "div": lambda: a / (b * b + 1),
        "add_number": lambda: a + b,
        "number_minus": lambda: b - a,
        "mul_number": lambda: a * b,
        "number_over": lambda: b / (a * a + 2),
    }[kind]()


def gradients(mx, expressions, shapes, requests, seed):
    """The values of the expressions and the gradients of the sum of all, twice backward."""
    draw = np.random.RandomState(seed)
    variables = [mx.nd.array(draw.uniform(-2, 2, shape), dtype="float64") for shape in shapes]
    for variable, request in zip(variables, requests):  # noqa: B905  (MXNet's Python may be older than strict=)
        variable.attach_grad(request)
        variable.grad[:] = 1
    with mx.autograd.record():
        results = [evaluate(mx, expression, variables) for expression in expressions]
    heads = [mx.nd.array(draw.uniform(-1, 1, (2, 3)), dtype="float64") for _ in results]
    mx.autograd.backward(results, heads, retain_graph=True)
    mx.autograd.backward(results, heads)
    return results, [variable.grad for variable in variables]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    expressions=st.lists(_expression, min_size=1, max_size=5),
    requests=st.lists(st.sampled_from(["write", "add"]), min_size=4, max_size=4),
    seed=st.integers(0, 2**31),
)
def test_as_in_mxnet(oracle, expressions, requests, seed):
    ours, theirs = oracle.both(gradients, expressions, SHAPES, requests, seed)
    assert not theirs.failed, theirs
    assert_same(ours, theirs, rtol=1e-9, atol=1e-11)
