"""Arrays of integers that are variables, and gradients that flow through a conversion to integers."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, nd, sym
from tests.comparison import assert_same

#: What is computed of `x`, an array of integers 1, 2, 3 with a gradient; MXNet differentiates it.
OF_INTEGERS = {
    "the variable": "x",
    "times a number": "x * 2",
    "times itself": "x * x",
    "a power": "x ** 2",
    "a quotient": "x / 2",
    "a real quotient": "x.astype('float32') / 4 * 9",
    "a function": "nd.exp(x)",
    "a square": "nd.square(x)",
    "a root": "nd.sqrt(x)",
    "a size": "nd.abs(x - 2)",
    "relu": "nd.relu(x - 2)",
    "clip": "nd.clip(x, 0, 2)",
    "a sum": "x.sum()",
    "a mean": "x.mean()",
    "the largest": "(x + 0).max()",
    "a part": "x[1:] * 2",
    "an element": "x[1] * 2",
    "another shape": "x.reshape((3, 1)) * 2",
    "another order": "nd.stack(x, x).T * nd.array([[1, 2], [3, 4], [5, 6]], dtype=x.dtype)",
    "joined": "nd.concat(x, x, dim=0) * 3",
    "chosen": "nd.where(x > 1, x, x * 5)",
    "broadcast": "nd.broadcast_mul(x.reshape((3, 1)), x.reshape((1, 3)))",
    "as real numbers": "x.astype('float32') * 1.7",
    "as real numbers, twice": "(x.astype('float32') * x.astype('float64').astype('float32')).sum()",
    "compared": "x == 2",
    "compared with a fraction": "x < 1000.5",
    "a remainder": "x % 2",
    "a remainder by itself": "nd.broadcast_mod(x + 5, x)",
    "a norm": "nd.norm(x, ord=1)",
    "moments": "nd.moments(x, axes=0)[0]",
    "not": "nd.logical_not(x - 1)",
    "sorted": "nd.sort(x, axis=0)",
    "an image": "nd.image.normalize(x.reshape((1, 1, 3)), mean=0, std=1)",
    "rounded": "nd.floor(x)",
    "the position of the largest": "x.argmax(axis=0)",
    "one hot": "nd.one_hot(x, 4)",
    "blocked": "nd.BlockGrad(x)",
    "copied": "x.copy() * 4",
    "in a hybridized block": "block(x)",
}

_PROGRAM = """
class Block(gluon.HybridBlock):
    def hybrid_forward(self, F, x):
        return F.cast(x * 3, 'float32') * 2
block = Block(); block.hybridize()
x = nd.array([1, 2, 3], dtype=kind); x.attach_grad(request); x.grad[:] = 1
with autograd.record():
    y = {}
y.backward()
return y, x.grad, str(x.grad.dtype)
"""


@pytest.mark.parametrize("name", OF_INTEGERS)
def test_integers_have_the_gradient_of_mxnet(oracle, name):
    program = _PROGRAM.replace("{}", OF_INTEGERS[name])
    for kind in ("int32", "int64") if name == "a size" else ("int32", "int64", "uint8"):  # 1 - 2 wraps around there
        assert_same(*oracle.both(program, kind=kind, request="write"), about=f"{name} of {kind}")


@pytest.mark.parametrize("computed", ["x * 2", "x * x", "x.sum()"])
def test_gradients_of_integers_add_up(oracle, computed):
    assert_same(*oracle.both(_PROGRAM.replace("{}", computed), kind="int32", request="add"))


#: Real numbers `x` that become integers on the way.
THROUGH_INTEGERS = {
    "and back": "(x * 1.5).astype('int32').astype('float32') * 2",
    "at the end": "(x * 1.5).astype('int64')",
    "a gradient without its fraction": "x.astype('int32').astype('float32') * 0.75",
    "beside": "x.astype('int32').astype('float32') * x",
    "by the operator": "nd.cast(nd.cast(x, dtype='int8') * 3, dtype='float32')",
}


@pytest.mark.parametrize("name", THROUGH_INTEGERS)
def test_gradients_flow_through_integers(oracle, name):
    program = _PROGRAM.replace("{}", THROUGH_INTEGERS[name])
    assert_same(*oracle.both(program, kind="float32", request="write"))


def test_gradients_by_grad_and_by_mark_variables(oracle):
    program = """
        a, b = nd.array([1, 2], dtype='int32'), nd.zeros((2,), dtype='int32')
        autograd.mark_variables([a], [b])
        with autograd.record():
            y = a * a
        d = autograd.grad(y, [a], head_grads=nd.array([1, 5], dtype='int32'), retain_graph=True)
        y.backward(nd.array([1, 2], dtype='int32')); return d, b"""
    assert_same(*oracle.both(program))


def test_a_later_write_is_seen_as_in_mxnet(oracle):
    program = """
        x = nd.array([1, 2], dtype='int32'); x.attach_grad(); x[:] = nd.array([5, 6], dtype='int32')
        with autograd.record():
            y = x * x
        y.backward(); return y, x.grad"""
    assert_same(*oracle.both(program))


def test_parameters_of_integers(oracle):
    program = """
        p = gluon.Parameter('p', shape=(2,), dtype='int32', init='ones'); p.initialize()
        with autograd.record():
            y = p.data() * 3
        y.backward(); net = nn.Dense(2, in_units=2); net.cast('int32')
        return p.grad(), p.data(), str(net.weight.dtype)"""
    assert_same(*oracle.both(program.replace("str(net.weight.dtype)", "np.dtype(net.weight.dtype).name")))


def test_a_recorded_function_of_integers():
    class Twice(autograd.Function):
        def forward(self, x):
            return x.astype("float32") * 2

        def backward(self, gradient):
            return (gradient * 2).astype("int32")

    x = nd.array([1, 2], dtype="int32")
    x.attach_grad()
    with autograd.record():
        y = Twice()(x) * 3
    y.backward()
    assert (y.asnumpy().tolist(), x.grad.asnumpy().tolist()) == ([6, 12], [6, 6])


def test_large_integers_keep_their_digits():
    x = nd.array(np.array([2**53 + 1]), dtype="int64")
    x.attach_grad()
    with autograd.record():
        y = x * 1
    y.backward()
    assert (y.asnumpy().tolist(), x.grad.asnumpy().tolist()) == ([2**53 + 1], [1])


def test_a_compiler_is_not_given_recorded_integers():
    """Its engine runs such a graph operator by operator."""
    net = sym.cast(sym.var("x") * 3, "float32").get_backend_symbol("eager")
    executor = net.bind(mx.cpu(), {"x": nd.array([1], dtype="int32")}, {"x": nd.zeros(1, dtype="int32")})

    class Compiler:
        shows_nodes = False

    def compiled(*arguments):
        raise AssertionError("the compiled function was called")

    executor._program._engine = Compiler()
    executor._program._engine.compile = lambda lowered: compiled
    executor.forward(is_train=True)
    executor.backward(nd.ones(1))
    assert executor.grad_arrays[0].asnumpy().tolist() == [3]
