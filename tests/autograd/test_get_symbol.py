"""``autograd.get_symbol``: what was recorded is the graph that MXNet makes of it."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, nd
from tests.comparison import assert_same

PROGRAMS = {
    "one variable": "x * x + 2 * x - 1",
    "two variables": "x * x + 2 * z - 1",
    "a constant": "nd.dot(x, nd.ones((2, 2))) + z",
    "several outputs": "sum(nd.split(x, num_outputs=2, axis=1)) * z",
    "attributes": "nd.FullyConnected(x, z, num_hidden=2, no_bias=True)",
    "methods": "(x.exp().reshape((4, 1)) + 1).sum(axis=0)",
    "any number of inputs": "nd.concat(x, z, x, dim=0).max(axis=1)",
    "a variable": "x",
    "the same twice": "nd.exp(x) * nd.exp(x)",
}


def graph_of(mx, program):
    """The operators with their inputs, and what the graph computes from other values."""
    import json

    nd = mx.nd
    x, z = nd.array([[1, 2], [3, 4]]), nd.array([[0.5, 1], [2, 3]])
    x.attach_grad()
    z.attach_grad()
    with mx.autograd.record():
        y = eval(program, {"nd": nd, "x": x, "z": z})
    symbol = mx.autograd.get_symbol(y)
    nodes = json.loads(symbol.tojson())["nodes"]
    values = [nd.array([[k, 1], [2, 3 + k]]) for k in range(len(symbol.list_arguments()))]
    result = symbol.bind(mx.cpu(), values).forward()[0].asnumpy()
    names = [name.rstrip("0123456789") if "null" not in name else "var" for name in symbol.list_arguments()]
    return [(node["op"], len(node["inputs"])) for node in nodes], names, result


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_the_graph_is_that_of_mxnet(oracle, program):
    assert_same(*oracle.both(graph_of, program))


def test_a_layer_and_what_is_added_in_place(oracle):
    program = """
        net = gluon.nn.Dense(2, in_units=2, prefix="d_"); net.initialize()
        with autograd.record():
            y = net(nd.ones((1, 2)))
            y += 1
        symbol = autograd.get_symbol(y)
        return len(symbol.list_arguments()), len(symbol.get_internals().list_outputs())"""
    assert_same(*oracle.both(program))


def test_thousands_of_calls():
    x = nd.ones((1,))
    x.attach_grad()
    with autograd.record():
        y = x
        for _ in range(5000):
            y = y + x
    assert len(autograd.get_symbol(y).get_internals().list_outputs()) == 5001


def test_what_is_recorded_keeps_no_values():
    x = nd.ones((3,))
    x.attach_grad()
    with autograd.record():
        y = x + 1
        z = y * 2
    before = y._tape
    del y
    import sys

    # this variable, the argument, and what torch itself keeps
    assert sys.getrefcount(before) <= 3
    assert len(autograd.get_symbol(z).list_arguments()) == 1


def test_a_conversion_is_a_cast():
    x = nd.ones((1,))
    x.attach_grad()
    with autograd.record():
        y = x.astype("float64").copy()
    assert '"dtype": "float64"' in autograd.get_symbol(y).tojson()


def test_a_function_and_a_graph_have_none():
    net = mx.gluon.nn.Dense(2, in_units=2)
    net.initialize()
    net.hybridize()
    with autograd.record():
        y = net(nd.ones((1, 2))) + 1
    with pytest.raises(mx.MXNetError, match=r"a hybridized block, a Function or a slice had a part"):
        autograd.get_symbol(y)
    with pytest.raises(AssertionError, match="x must be an NDArray; received ndarray"):
        autograd.get_symbol(np.ones(2))
