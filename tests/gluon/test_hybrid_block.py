"""HybridBlock: deferred shapes and dtypes, inputs of every form, hybridize."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.gluon import nn
from tests.comparison import assert_same

#: Programs in which `make` builds a HybridBlock from a function and the shapes of its parameters.
SAME = {
    # inputs and outputs
    "None for an argument": """
        b = make(lambda F, x, y=None: x if y is None else x + y); return b(x, None), b(x), b(x, x)""",
    "a keyword": "make(lambda F, x, y=None: x)(x, y=x)",
    "nested lists": "return make(lambda F, x, l: (x + l[0] + l[1][0], [l[0]]))(x, [x, [x]])",
    "a tuple of results": "r = make(lambda F, x: (x, [x, x]))(x); return type(r), type(r[1]), r",
    "a list first": "return make(lambda F, l: l[0] + l[1])([x, x])",
    "a number first": "return make(lambda F, n, x: x * n)(3, x)",
    "None first": "return make(lambda F, n, x: x)(None, x)",
    "no array": "make(lambda F, x: x)(3)",
    "NumPy": "make(lambda F, x: x)(np.ones((2,)))",
    "no argument": "make(lambda F, x: x)()",
    "no hybrid_forward": "gluon.HybridBlock()(x)",
    "F is nd": "return make(lambda F, x: F.relu(F.negative(x)))(x)",
    "contexts": "return str(make(lambda F, x, y: y)(x, nd.ones((2,), ctx=mx.cpu(1))).context)",
    # parameters
    "a parameter": "b = make(lambda F, x, w: F.broadcast_mul(x, w), w=(1, 3)); b.initialize('ones'); return b(x)",
    "a parameter by its attribute": """
        class B(gluon.HybridBlock):
            def __init__(self):
                super(B, self).__init__()
                self.k = self.params.get('weight', shape=(1, 3), init='ones')
            def hybrid_forward(self, F, x, k):
                return F.broadcast_mul(x, k)
        b = B(); b.initialize(); return b(x), list(b.collect_params().keys()), list(b._collect_params_with_prefix())""",
    "a parameter not asked for": "b = make(lambda F, x: x, w=(2,)); b.initialize(); b(x)",
    "a Constant": """
        class B(gluon.HybridBlock):
            def __init__(self):
                super(B, self).__init__()
                self.c = self.params.get_constant('c', nd.array([[1, 2, 3]]))
            def hybrid_forward(self, F, x, c):
                return F.broadcast_mul(x, c)
        b = B(); b.initialize(); return b(x), list(b.collect_params().keys())""",
    "a parameter not initialized": "make(lambda F, x, w: x, w=(2,))(x)",
    "a parameter elsewhere": "b = make(lambda F, x, w: x, w=(2,)); b.initialize(ctx=mx.cpu(1)); b(x)",
    "two contexts": """
        b = nn.Dense(2); b.initialize('ones', ctx=[mx.cpu(0), mx.cpu(1)])
        return [(str(b(x.as_in_context(c)).context), b(x.as_in_context(c))) for c in (mx.cpu(0), mx.cpu(1))]""",
    # deferred shapes
    "Dense": "b = nn.Dense(2); b.initialize('ones'); y = b(x); return y, b.weight.shape, repr(b)",
    "inside record": """
        b = nn.Dense(1); b.initialize('ones')
        with autograd.record():
            y = b(x)
        y.backward(); return b.weight.grad(), b.bias.grad()""",
    "a network": """
        n = network(); n.initialize(); y = n(nd.ones((2, 3, 6, 6)))
        return y.shape, [(p.name, p.shape) for p in n.collect_params().values()], repr(n)""",
    "another shape later": "b = nn.Dense(2); b.initialize(); b(x); b(nd.ones((1, 4)))",
    "another batch later": "b = nn.Dense(2); b.initialize(); b(x); return b(nd.ones((7, 3))).shape",
    "a shape set by hand": "b = nn.Dense(2); b.weight.shape = (2, 3); b.initialize('ones'); return b(x)",
    "a wrong shape set by hand": "b = nn.Dense(2); b.weight.shape = (2, 7); b.initialize(); b(x)",
    "values set before": """
        b = nn.Dense(2); b.initialize(); b.weight.set_data(nd.array([[1, 2, 3], [4, 5, 6]])); return b(x)""",
    "too few axes": "b = nn.Conv2D(3, 3); b.initialize(); b(x)",
    "too small an image": "b = nn.Conv2D(3, 5); b.initialize(); b(nd.ones((1, 2, 3, 3)))",
    "too small an image, known shapes": "b = nn.Conv2D(3, 5, in_channels=2); b.initialize(); b(nd.ones((1, 2, 3, 3)))",
    "too small an image, deep inside": "n = network(); n.initialize(); n(nd.ones((2, 3, 1, 1)))",
    "a shape that does not follow": """
        b = make(lambda F, x, w: F.broadcast_mul(x, w), w=(0,)); b.initialize(); b(x)""",
    "initialized again elsewhere": """
        import warnings
        b = nn.Dense(2); b.initialize(ctx=mx.cpu(1))
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            b.initialize('ones', ctx=mx.cpu(0))
        b(x)""",
    # infer_shape, infer_type
    "infer_shape": """
        n = network(); n.infer_shape(nd.ones((2, 3, 6, 6)))
        return [(p.name, p.shape) for p in n.collect_params().values()]""",
    "infer_shape initializes nothing": "b = nn.Dense(2); b.infer_shape(x); b.weight.data()",
    "infer_shape, then initialize": "b = nn.Dense(2); b.infer_shape(x); b.initialize('ones'); return b.weight.data()",
    "infer_shape of a wrong one": "nn.Dense(2, in_units=7).infer_shape(x)",
    "infer_type that agrees": "b = nn.Dense(2); b.infer_type(x); return np.dtype(b.weight.dtype).name",
    "infer_type of a wrong one": "nn.Dense(2).infer_type(x.astype('float64'))",
    "infer_type of a wrong one, in a network": "network().infer_type(nd.ones((2, 3, 6, 6), dtype='float64'))",
    "infer_type after cast": """
        b = nn.Dense(2); b.cast('float64'); b.infer_type(x.astype('float64')); return np.dtype(b.weight.dtype).name""",
    "a wrong type": "b = nn.Dense(2, in_units=3); b.initialize(); b(x.astype('float64'))",
    "a wrong type, deferred": "b = nn.Dense(2); b.initialize(); b(x.astype('float64'))",
    # children
    "a child that is no HybridBlock": "gluon.HybridBlock().x = gluon.Block()",
    "a child that is": "b = gluon.HybridBlock(); b.x = gluon.HybridBlock(); return list(b._children)",
    "a Sequential in a HybridSequential": "nn.HybridSequential().add(nn.Sequential())",
    # hybridize
    "hybridize": """
        n = nn.HybridSequential(); n.add(nn.Dense(4), nn.Dense(2)); n.initialize('ones')
        n.hybridize(True, static_alloc=True, static_shape=True, inline_limit=3, forward_bulk_size=4,
                    backward_bulk_size=3)
        return n(x)""",
    "a number of groups that does not fit": "b = nn.Conv2D(4, 3, groups=2); b.initialize(); b(nd.ones((1, 3, 5, 5)))",
    "hybridize in a Block": """
        class B(gluon.Block):
            def forward(self, x):
                return self.dense(x)
        b = B(); b.dense = nn.Dense(2); b.initialize('ones'); b.hybridize(); return b(x)""",
    "hybridize and back": "b = nn.Dense(2); b.initialize('ones'); b.hybridize(); b.hybridize(False); return b(x)",
}  # fmt: skip

_BEGINNING = """
x = nd.array([[1, 2, 3]])
def make(function, **shapes):
    class B(gluon.HybridBlock):
        def __init__(self):
            super(B, self).__init__()
            with self.name_scope():
                for name, shape in shapes.items():
                    setattr(self, name, self.params.get(name, shape=shape, allow_deferred_init=True))
        def hybrid_forward(self, F, *args, **kwargs):
            return function(F, *args, **kwargs)
    return B()
def network():
    n = nn.HybridSequential()
    n.add(nn.Conv2D(4, 3), nn.BatchNorm(), nn.Activation('relu'), nn.Flatten(), nn.Dense(3), nn.LayerNorm(), nn.PReLU())
    return n
"""


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    import textwrap

    assert_same(*oracle.both(_BEGINNING + textwrap.dedent(SAME[name])))


def test_shapes_that_do_not_follow_name_the_block_and_keep_waiting():
    """Either class catches the error: MXNet raises ValueError here, and MXNetError once shapes are known."""
    layer = nn.Conv2D(3, 5, prefix="stem_")
    layer.initialize()
    with pytest.raises(
        ValueError, match="stem: the shapes of its parameters must be inferable from the inputs; stem_fwd: Conv"
    ):
        layer(nd.ones((1, 2, 3, 3)))
    with pytest.raises(mx.MXNetError, match=r"kernel \(5, 5\) must not be larger"):
        layer(nd.ones((1, 2, 3, 3)))
    assert layer.weight.shape == (3, 0, 5, 5)
    assert layer(nd.ones((1, 4, 8, 8))).shape == (1, 3, 4, 4)


def test_hooks_do_not_see_the_pass_that_finds_shapes():
    network = nn.HybridSequential()
    network.add(nn.Dense(2), nn.Dense(3))
    network.initialize()
    seen = []
    for block in (network, *network):
        block.register_forward_hook(lambda block, inputs, output: seen.append(output.asnumpy().shape))
        block.register_forward_pre_hook(lambda block, inputs: seen.append(inputs[0].asnumpy().shape))
    network(nd.ones((1, 4)))
    assert seen == [(1, 4), (1, 4), (1, 2), (1, 2), (1, 3), (1, 3)]


def test_the_pass_that_finds_shapes_leaves_no_trace():
    """No random number is drawn and no running statistic changes."""

    def first_call(deferred):
        mx.random.seed(3)
        network = nn.HybridSequential()
        network.add(nn.BatchNorm(in_channels=0 if deferred else 4), nn.Dropout(0.5))
        network.initialize()
        x = nd.array(np.arange(12).reshape(3, 4))
        with autograd.record():
            y = network(x)
        return y.asnumpy(), network[0].running_mean.data().asnumpy()

    for one, other in zip(first_call(True), first_call(False), strict=True):
        np.testing.assert_array_equal(one, other)


def test_reading_values_while_shapes_are_found_is_explained():
    class Peek(gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            self.weight = self.params.get("weight", shape=(0,), allow_deferred_init=True)

        def hybrid_forward(self, F, x, weight):
            return x * float(x.asnumpy().max())

    block = Peek()
    block.initialize()
    with pytest.raises(mx.MXNetError, match=r"peek0?.*Symbol.asnumpy: only an NDArray has it"):
        block(nd.ones((2,)))


REFUSED = [
    (lambda b: b.hybridize(statc_alloc=True), "hybridize: unknown arguments 'statc_alloc'"),
    (
        lambda b: b.hybridize(backend="TensorRT"),
        "hybridize: backend must be one of 'auto', 'eager', .*; received 'TensorRT'",
    ),
    (lambda b: b.export("net"), r"dense\d+.export: .* call hybridize\(\), then run the block on one batch"),
    (lambda b: b.optimize_for(nd.ones((1, 3)), backend="eagr"), r"received 'eagr'; did you mean 'eager'"),
    (lambda b: b(nd.ones((1, 3))), r"it must be initialized before use; call net.initialize\(\)"),
]


@pytest.mark.parametrize("call, message", REFUSED, ids=[message[:40] for _, message in REFUSED])
def test_refusals_say_what_to_do(call, message):
    with pytest.raises(mx.MXNetError, match=message):
        call(nn.Dense(2))


def test_arguments_of_hybridize_reach_the_children():
    network = nn.Sequential()
    network.add(gluon.Block(), nn.Dense(2))
    with pytest.raises(mx.MXNetError, match="hybridize: unknown arguments 'statc_alloc'"):
        network.hybridize(statc_alloc=True)


def test_a_child_that_is_no_hybrid_block_is_named_with_the_way_out():
    with pytest.raises(
        ValueError, match=r"HybridSequential: the children .* received Lambda; .*HybridLambda for Lambda"
    ):
        nn.HybridSequential().add(nn.Lambda("tanh"))
    with pytest.raises(ValueError, match=r"Dense: at least one input must be an NDArray or a Symbol; received int"):
        nn.Dense(2)(3)
