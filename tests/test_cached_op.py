"""nd.CachedOp: a graph as a function of arrays, against MXNet."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import glueball as mx
from glueball import nd
from tests.comparison import assert_same

PROGRAMS = {
    "one output": "op = nd.CachedOp(a + 2 * b); y = op(p, q); return y, type(y).__name__",
    "several outputs": "ys = nd.CachedOp(mx.sym.Group([a + b, a * b]))(p, q); return ys, type(ys).__name__",
    "a variable twice": "return nd.CachedOp(a * a + b)(p, q)",
    "only a variable": "return nd.CachedOp(a)(p)",
    "gradients": """
        op = nd.CachedOp(a * b + a)
        p.attach_grad()
        with autograd.record():
            y = op(p, q) * 3
        y.backward()
        return y, p.grad""",
    "out": """
        o = nd.zeros((2, 2))
        y = nd.CachedOp(a + b)(p, q, out=o)
        return y, o, y is o""",
    "several out": """
        o = [nd.zeros((2, 2)), nd.zeros((2, 2))]
        y = nd.CachedOp(mx.sym.Group([a + b, a * b]))(p, q, out=o)
        return y, y is o""",
    "flags": """
        flags = [('static_alloc', True), ('static_shape', True), ('inline_limit', 2), ('forward_bulk_size', 5),
                 ('backward_bulk_size', 5), ('data_indices', [0]), ('param_indices', [1])]
        op = nd.CachedOp(mx.sym.FullyConnected(a, b, num_hidden=2, no_bias=True), flags)
        return [op(p, q) for _ in range(3)], op.is_np_sym""",
    "states": """
        op = nd.CachedOp(mx.sym.BatchNorm(a, fix_gamma=False, name='bn'))
        arrays = [p, nd.ones(2), nd.zeros(2), nd.zeros(2), nd.ones(2)]
        p.attach_grad()
        with autograd.record():
            y = op(*arrays)
        y.backward()
        return y, arrays[3:], op(*arrays)""",
    "training": """
        op = nd.CachedOp(mx.sym.Dropout(a, p=0.999))
        with autograd.train_mode():
            y = op(nd.ones((4, 4)))
        return y.shape, float(op(nd.ones((4, 4))).sum().asscalar())""",
    "too few": "nd.CachedOp(a + b)(p)",
    "too many": "nd.CachedOp(a + b)(p, p, p)",
    "shapes": "nd.CachedOp(a + b)(p, nd.ones((3, 3))).asnumpy()",
    "types": "nd.CachedOp(a + b)(p, p.astype('float64')).asnumpy()",
    "contexts": "nd.CachedOp(a + b)(p, p.as_in_context(mx.cpu(1)))",
    "no array": "nd.CachedOp(a + b)(p, 3)",
    "no symbol": "nd.CachedOp(3)",
    "an unknown keyword": "nd.CachedOp(a + b)(p, q, other=3)",
    "an unknown flag": "nd.CachedOp(a + b, [('other', 3)])",
    "a bad flag": "nd.CachedOp(a + b, [('static_alloc', 'yes')])",
    "static_shape alone": "nd.CachedOp(a + b, [('static_shape', True)])(p, q)",
    "flags without values": "nd.CachedOp(a + b, [3])",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_like_mxnet(oracle, name):
    begin = """
        a, b = mx.sym.var('a'), mx.sym.var('b')
        p, q = nd.array([[1, 2], [3, 4.5]]), nd.array([[5, 6], [7, 8]])
    """
    ours, theirs = oracle.both(f"{begin.rstrip()}\n        {PROGRAMS[name].strip()}")
    assert_same(ours, theirs, rtol=1e-5)


def test_it_is_pickled():
    op = nd.CachedOp(mx.sym.relu(mx.sym.var("a")), [("static_alloc", True)])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(op))(nd.array([-1, 2])).asnumpy(), [0, 2])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda op: op(nd.ones(2)), "CachedOp: it must be called with 2 arrays, a, b; received 1"),
        (lambda op: op(nd.ones(2), None), "CachedOp: b must be an NDArray; received NoneType"),
        (lambda op: op(nd.ones(2), nd.ones(2), out=nd.ones(3)), r"CachedOp: out must have the shape of the result"),
        (lambda op: type(op)(mx.sym.var("a"), {"a": 1}.items()), "CachedOp: a flag must be one of static_alloc, .*'a'"),
    ],
)
def test_messages(call, message):
    op = nd.CachedOp(mx.sym.var("a") + mx.sym.var("b"))
    with pytest.raises(mx.MXNetError, match=message):
        call(op)
