"""Block: attributes, children, hooks, methods on whole networks, as in MXNet; and clear refusals."""

from __future__ import annotations

import gc
import weakref

import pytest

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.gluon import nn
from tests.comparison import assert_same

#: Programs in which A is a Block that returns its input, and a and b are two instances.
SAME = {
    # attributes
    "a new child": "a.x = A(); return list(a._children), list(a.collect_params().keys())",
    "a child replaced": "a.x = A(); a.x = b; return list(a._children), a._children['x'] is b",
    "a child by a number": "a.x = A(); a.x = 3",
    "a child by None": "a.x = A(); a.x = None",
    "a child by a parameter": "a.x = A(); a.x = gluon.Parameter('x')",
    "a child by another kind": "a.x = A(); a.x = nn.Sequential()",
    "a child by a base": "a.x = C(); a.x = A()",
    "a child by a subclass": "a.x = A(); a.x = C(); return type(a.x).__name__",
    "a number by a child": "a.x = 3; a.x = A(); return list(a._children)",
    "None by a child": "a.x = None; a.x = A(); return list(a._children)",
    "a number by a text": "a.x = 3; a.x = 'text'; return a.x",
    "a parameter by a number": "a.x = gluon.Parameter('x'); a.x = 3",
    "a parameter by another": "a.x = gluon.Parameter('x'); a.x = gluon.Parameter('y')",
    "a parameter by itself": "a.x = gluon.Parameter('x'); a.x = a.x",
    "a Constant for a parameter": "a.x = gluon.Parameter('x'); a.x = gluon.Constant('c', [1])",
    "a deleted child stays registered": "a.x = A(); del a.x; return list(a._children), repr(a)",
    "a number before __init__": """
        class D(gluon.Block):
            def __init__(self):
                self.x = 3
                super(D, self).__init__()
        return D().x""",
    "a child before __init__": """
        class D(gluon.Block):
            def __init__(self):
                self.x = A()
        D()""",
    "names cannot be set": "a.prefix = 'other_'",
    # children
    "register_child": """
        a.register_child(A()); a.register_child(A(), 'foo'); a.register_child(A()); return list(a._children)""",
    "register_child twice": "a.register_child(A(), 'x'); a.register_child(b, 'x'); return a._children['x'] is b",
    "apply goes children first": """
        a.x, a.y = A(prefix='x_'), A(prefix='y_'); a.x.z = A(prefix='z_'); order = []
        return a.apply(lambda block: order.append(block.name)) is a, order""",
    "a list is no child": """
        import warnings
        def count(value):
            block = A(); block.x = value
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter('always')
                found = block.collect_params()
            return [c.category.__name__ for c in caught], len(found.keys())
        d = nn.Dense(2)
        values = [d], (d,), {'d': d}, [d, A()], [[d]], [{'d': (d,)}], [1, 'text', None], 'text', []
        return [count(value) for value in values]""",
    "a list of registered children": """
        import warnings
        a.x = A(); a.note = [a.x]; b.register_child(a); b.note = [a, a.x]
        def count(block):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter('always')
                block.collect_params()
            return len(caught)
        return count(a), count(b)""",
    "a list in a child": """
        import warnings
        b.x = a; a.note = [A()]; counts = []
        selected, cast = lambda: b.collect_params('.*'), lambda: b.cast('float32')
        for do in (b.collect_params, b.initialize, selected, cast, b.hybridize):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter('always')
                do()
            counts.append(len(caught))
        return counts""",
    # repr
    "repr": "a.x = A(); a.n = 3; a.x.y = A(); a.x.z = nn.Dense(3); return repr(a)",
    "repr of nothing": "return repr(a), repr(nn.Sequential()), repr(nn.HybridSequential())",
    # collect_params
    "select": """
        n = two_layers()
        patterns = '.*weight', 'weight', 'n_dense0_weight|n_dense1_bias', ''
        return [list(n.collect_params(pattern).keys()) for pattern in patterns]""",
    "a bad regular expression": "two_layers().collect_params('(')",
    "own parameters only": "n = two_layers(); return list(n.params.keys()), n.params.prefix",
    # initialize, cast
    "initialize": """
        n = two_layers(); n.initialize(mx.init.One()); return [p.data() for p in n.collect_params().values()]""",
    "initialize with a text": "n = two_layers(); n.initialize('ones'); return n[0].weight.data(), n[0].bias.data()",
    "initialize with nonsense": "n = two_layers(); n.initialize('nonsense')",
    "initialize again": """
        n = two_layers(); n.initialize('ones'); n.initialize('zeros', force_reinit=True); return n[0].weight.data()""",
    "initialize on contexts": """
        n = two_layers(); n.initialize('ones', ctx=[mx.cpu(0), mx.cpu(1)])
        y = n(nd.ones((1, 3), ctx=mx.cpu(1)))
        return y, str(y.context), [str(c) for c in n[0].weight.list_ctx()]""",
    "initialize elsewhere": "n = two_layers(); n.initialize(ctx=mx.cpu(1)); n(nd.ones((1, 3)))",
    "cast": """
        n = two_layers(); n.initialize('ones'); n.cast('float64')
        return [(p.dtype, p.data()) for p in n.collect_params().values()], n(nd.ones((1, 3), dtype='float64'))""",
    "cast before initialize": "n = two_layers(); n.cast('float16'); n.initialize('ones'); return n[1].weight.data()",
    "not initialized": "two_layers()(nd.ones((1, 3)))",
    # running
    "no forward": "gluon.Block()(nd.ones((2,)))",
    "keywords": "a(x=nd.ones((2,)))",
    "hooks": """
        def after(block, inputs, output):
            seen.append(('after', block is a, type(inputs).__name__, len(inputs), output))
        def before(block, inputs):
            seen.append(('before', block is a, type(inputs).__name__, len(inputs)))
        seen = []; h = a.register_forward_hook(after); g = a.register_forward_pre_hook(before)
        a(1); h.detach(); a(2); g.detach(); a(3); h.detach()
        return seen""",
    "hooks in order": """
        seen = []
        for number in range(3):
            a.register_forward_hook(lambda b, i, o, number=number: seen.append(number))
            a.register_forward_pre_hook(lambda b, i, number=number: seen.append(-number))
        a(1); return seen""",
    "what hooks return": """
        a.register_forward_hook(lambda b, i, o: 5); a.register_forward_pre_hook(lambda b, i: 7); return a(1)""",
    "a hook in a with block": """
        seen = []
        with a.register_forward_hook(lambda b, i, o: seen.append(i)):
            a(1)
        a(2); return seen""",
    "a hook that detaches itself": """
        seen, handles = [], []
        handles.append(a.register_forward_hook(lambda b, i, o: (seen.append(i), handles[0].detach())))
        a(1); a(2); return seen""",
    "an error in a hook": "a.register_forward_hook(lambda b, i, o: 1 / 0); a(1)",
    "a hook on a layer": """
        n = two_layers(); n.initialize('ones'); shapes = []
        n[1].register_forward_hook(lambda b, i, o: shapes.append((i[0].shape, o.shape))); n(nd.ones((4, 3)))
        return shapes""",
    # copies
    "a deep copy": """
        import copy
        n = two_layers(); n.initialize('ones'); n(nd.ones((1, 3))); m = copy.deepcopy(n); m[0].weight.data()[:] = 5
        return n(nd.ones((1, 3))), m(nd.ones((1, 3))), m.prefix, list(m.collect_params().keys())""",
    "pickled": """
        import pickle
        n = nn.Dense(2, in_units=3); n.initialize('ones'); return pickle.loads(pickle.dumps(n))(nd.ones((1, 3)))""",
}  # fmt: skip

_BEGINNING = """
class A(gluon.Block):
    def forward(self, x):
        return x
class C(A):
    pass
def two_layers():
    n = nn.Sequential(prefix='n_')
    with n.name_scope():
        n.add(nn.Dense(2, in_units=3), nn.Dense(2, in_units=2))
    return n
a, b = A(), A()
"""


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    import textwrap

    assert_same(*oracle.both(_BEGINNING + textwrap.dedent(SAME[name])))


class Same(gluon.Block):
    def forward(self, x):
        return x


REFUSED = [
    (TypeError, lambda b: setattr(b, "child", 3), "Same: attribute child holds a Same .* received int"),
    (TypeError, lambda b: setattr(b, "child", nn.Dense(2)), "only be replaced by one; received Dense; choose another"),
    (mx.MXNetError, lambda b: setattr(b, "weight", gluon.Parameter("v")), "weight is set and cannot be replaced"),
    (ValueError, lambda b: b.register_child(lambda x: x), "block must be a Block; received <function"),
    (TypeError, lambda b: Same(prefix=3), "Same: prefix must be a str; received 3"),
    (mx.MXNetError, lambda b: Same(params={}), "params must be a ParameterDict; received dict; pass other.params"),
    (NotImplementedError, lambda b: gluon.Block()(1), "Block: forward must be implemented"),
]


@pytest.mark.parametrize("kind, call, message", REFUSED, ids=[message[:40] for _, _, message in REFUSED])
def test_refusals_say_what_to_do(kind, call, message):
    block = Same()
    block.child = Same()
    block.weight = gluon.Parameter("w")
    with pytest.raises(kind, match=message):
        call(block)
    assert list(block._children) == ["child"]


def test_the_warning_about_lists_names_the_attribute():
    block = Same()
    block.layers = [nn.Dense(2)]
    with pytest.warns(
        UserWarning, match="Same: attribute layers holds Dense blocks .* use Sequential, or register_child"
    ):
        block.collect_params()


def test_a_copy_of_a_network_learns_on_its_own():
    """In MXNet it cannot: its arrays lose their gradients."""
    import copy

    network = nn.HybridSequential()
    network.add(nn.Dense(1, in_units=2))
    network.initialize("ones")
    other = copy.deepcopy(network)
    with autograd.record():
        y = other(nd.array([[3, 4]]))
    y.backward()
    assert other[0].weight.grad().asnumpy().tolist() == [[3, 4]]
    assert network[0].weight.grad().asnumpy().tolist() == [[0, 0]]


def test_a_hook_that_raises_does_not_unhook_the_others():
    block, seen = Same(), []
    block.register_forward_hook(lambda b, i, o: seen.append(o))
    broken = block.register_forward_pre_hook(lambda b, i: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        block(1)
    broken.detach()
    block(2)
    assert seen == [2]


class WithParts(gluon.HybridBlock):
    def __init__(self):
        super().__init__()
        with self.name_scope():
            self.body = nn.HybridSequential()
            self.body.add(nn.Conv2D(2, 3), nn.BatchNorm(), nn.Flatten(), nn.Dense(2))
            self.scale = self.params.get("scale", shape=(1,))

    def hybrid_forward(self, F, x, scale):
        return F.broadcast_mul(self.body(x), scale)


def _train(net, x):
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"momentum": 0.9})
    with autograd.record():
        y = net(x)
    y.backward()
    trainer.step(1)


def _fail(net, x):
    with pytest.raises(mx.MXNetError):
        net(nd.ones((2,)))


USES = {
    "made": lambda net, x: None,
    "run": lambda net, x: net(x),
    "run as a graph": lambda net, x: (net.hybridize(), net(x)),
    "trained": _train,
    "trained as a graph": lambda net, x: (net.hybridize(), _train(net, x)),
    "with hooks": lambda net, x: (net.register_forward_hook(lambda *arguments: None), net(x)),
    "with a child made later": lambda net, x: setattr(net, "later", nn.Dense(2)),
    "after an error": _fail,
}


@pytest.mark.parametrize("use", USES)
def test_a_block_that_is_dropped_is_freed_at_once(use):
    """Without the garbage collector, which may come much later: parameters fill a GPU's memory."""
    gc.collect()
    gc.disable()
    try:
        net = WithParts()
        net.initialize()
        USES[use](net, nd.ones((1, 1, 4, 4)))
        parameters = list(net.collect_params().values())
        alive = [weakref.ref(each) for each in (net, net.body[0], *parameters)]
        alive += [weakref.ref(parameter.data()) for parameter in parameters if parameter._data is not None]
        del net, parameters
        assert not [type(each()).__name__ for each in alive if each() is not None]
    finally:
        gc.enable()


def test_a_scope_keeps_the_block_that_it_was_made_by():
    with gluon.Block(prefix="outer_").name_scope():
        assert nn.Dense(2).name == "outer_dense0"


def test_mxnets_module_has_the_classes():
    from glueball.gluon.block import Block, HybridBlock

    assert Block is gluon.Block
    assert HybridBlock is gluon.HybridBlock
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        gluon.block.Nonsense  # noqa: B018
