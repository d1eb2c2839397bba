"""Loops and branches compute what MXNet's do, with their gradients: on arrays, in bound graphs, and in blocks."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as gb
from tests.comparison import assert_same
from tests.oracle.client import ours


def running_sums(F, x, y, s):
    """A loop over two arrays, with nested outputs."""
    made, last = F.contrib.foreach(lambda d, t: ([d[0] * t[0], [d[1] + d[0]]], [t[0] + d[1]]), [x, y], [s])
    return [made[0], made[1][0], last[0]]


def weighted(F, x, y, s):
    """What the loop takes from around it gets its gradient from all steps."""
    total = y.mean()
    body = lambda d, t: (F.tanh(d * s) + t, F.broadcast_mul(t, total) + d)  # noqa: E731
    return list(F.contrib.foreach(body, x, s))


def doubling(F, x, y, s):
    """A loop that ends before the most steps; its rows are cut to those that are filled."""
    made, last = F.contrib.while_loop(lambda n, t: n.sum() < 20, lambda n, t: (n * t, [n * 2, t + n]), [s, s + 1], 9)
    return [F.slice_axis(made, axis=0, begin=0, end=3), *last]


def to_the_end(F, x, y, s):
    total = y.mean()
    step = lambda n: ([F.broadcast_mul(n, total)], n * 2)  # noqa: E731
    made, last = F.contrib.while_loop(lambda n: n.sum() > -1, step, s, max_iterations=3)
    return [made[0], last]


def chosen(F, x, y, s):
    first = F.contrib.cond(s.sum() > 1, lambda: F.broadcast_mul(x, s), lambda: y * 2)
    return [first + F.contrib.cond(s.sum() < 1, lambda: x, lambda: y)]


def loop_in_loop(F, x, y, s):
    def body(row, t):
        items, start = F.expand_dims(row, 1), F.slice_axis(t, axis=0, begin=0, end=1)
        inner, u = F.contrib.foreach(lambda d, v: (d * v, v + d), items, start)
        return inner, F.broadcast_add(t, u)

    return list(F.contrib.foreach(body, x, s))


def branch_in_loop(F, x, y, s):
    total = y.mean()

    def step(n, t):
        made = F.contrib.cond(n.sum() > 2, lambda: F.broadcast_mul(t, total), lambda: F.broadcast_add(t, n.sum()))
        return None, [n + 1, made]

    return F.contrib.while_loop(lambda n, t: n.sum() < 6, step, [s * 0, s], max_iterations=8)[1]


def computed(F, name, x, y, s):
    functions = {
        "running sums": running_sums, "weighted": weighted, "doubling": doubling, "to the end": to_the_end,
        "chosen": chosen, "loop in loop": loop_in_loop, "branch in loop": branch_in_loop,
    }  # fmt: skip
    return functions[name](F, x, y, s)


NAMES = ["running sums", "weighted", "doubling", "to the end", "chosen", "loop in loop", "branch in loop"]

#: MXNet refuses the gradient of a loop in a loop, and that of a branch that is not taken is memory as it was found.
OF_ARRAYS = ["loop in loop", "chosen"]


def inputs(mx):
    values = np.random.RandomState(3)
    given = [values.uniform(0.5, 1.5, shape) for shape in ((4, 3), (4, 3), (3,))]
    return [mx.nd.array(value) for value in given]


def on_arrays(mx, name):
    arrays = inputs(mx)
    for array in arrays:
        array.attach_grad()
    with mx.autograd.record():
        made = computed(mx.nd, name, *arrays)
        total = mx.nd.add_n(*[(out * out).sum() for out in made])
    total.backward()
    return made, [array.grad for array in arrays]


def bound(mx, name):
    names = ["x", "y", "s"]
    graph = mx.sym.Group(computed(mx.sym, name, *[mx.sym.var(one) for one in names]))
    used = graph.list_arguments()
    given = {one: array for one, array in zip(names, inputs(mx)) if one in used}  # noqa: B905
    grads = {one: mx.nd.zeros(array.shape) for one, array in given.items()}
    executor = graph.bind(mx.cpu(), given, grads)
    made = executor.forward(is_train=True)
    executor.backward([out * 2 for out in made])
    predicted = [out.asnumpy() for out in executor.forward(is_train=False)]
    return made, grads, predicted


def in_a_block(mx, name, hybridize):
    class Block(mx.gluon.HybridBlock):
        def hybrid_forward(self, F, x, y, s):
            return computed(F, name, x, y, s)

    block = Block()
    if hybridize:
        block.hybridize()
    arrays = inputs(mx)
    for array in arrays:
        array.attach_grad()
    with mx.autograd.record():
        made = block(*arrays)
        total = mx.nd.add_n(*[(out * out).sum() for out in made])
    total.backward()
    return made, [array.grad for array in arrays], block(*arrays)


@pytest.mark.parametrize("name", NAMES)
def test_arrays(oracle, name):
    mine, theirs = oracle.both(on_arrays, name)
    assert_same(mine.get(), theirs.get(), rtol=1e-5)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OF_ARRAYS])
def test_a_bound_graph(oracle, name):
    mine, theirs = oracle.both(bound, name)
    assert_same(mine.get(), theirs.get(), rtol=1e-5)


@pytest.mark.parametrize("hybridize", [False, True])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore:.*input . is not used")
def test_a_block(oracle, name, hybridize):
    # MXNet's own loops write into recorded arrays, and the branch that is not taken leaves gradients without values.
    fails = hybridize and name in ("doubling", "to the end", "chosen")
    theirs = oracle.theirs(in_a_block, name, hybridize and not fails)
    assert_same(ours(in_a_block, name, hybridize).get(), theirs.get(), rtol=1e-5)


@pytest.mark.parametrize("name", OF_ARRAYS)
def test_what_is_wrong_in_mxnet_has_the_gradients_of_arrays(name):
    made, gradients, _ = bound(gb, name)
    expected, of_arrays = on_arrays(gb, name)
    named = dict(zip("xys", of_arrays, strict=True))
    pairs = zip([*made, *gradients.values()], [*expected, *[named[key] for key in gradients]], strict=True)
    for one, other in pairs:
        np.testing.assert_allclose(one.asnumpy(), other.asnumpy(), rtol=1e-5)
