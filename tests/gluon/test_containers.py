"""Sequential, HybridSequential, Lambda, HybridLambda."""

from __future__ import annotations

import functools

import pytest

import glueball as mx
from glueball import nd
from glueball.gluon import nn
from tests.comparison import assert_same

#: Programs that run with Stack = Sequential and with Stack = HybridSequential.
STACKS = {
    "what it holds": """
        n = three()
        return (len(n), [b.name for b in n], n[1].name, n[-1].name, repr(n), n[0] in n, Stack() in n, n.prefix)""",
    "slices": """
        n = three(); parts = n[0:2], n[::2], n[1:], n[3:]
        return [(type(p).__name__, p.prefix, [b.name for b in p], repr(p)) for p in parts]""",
    "a slice shares its blocks": "n = three(); n[1:][0].tag = 5; return n[1].tag",
    "an index too far": "three()[3]",
    "an index that is none": "three()['a']",
    "empty": "n = Stack(); return n(x), repr(n), len(n), list(n.collect_params().keys())",
    "add nothing": "n = Stack(); return n.add(), len(n)",
    "two inputs": "three()(x, x)",
    "runs in order": """
        n = Stack(); n.add(nn.HybridLambda(lambda F, x: x + 1), nn.HybridLambda(lambda F, x: x * 2)); return n(x)""",
    "a list from one to the next": """
        n = Stack(); n.add(nn.HybridLambda(lambda F, x: [x, x + 1]), nn.HybridLambda(lambda F, l: l[0] * l[1]))
        return n(x)""",
    "children": "n = three(); return list(n._children)",
    "names at construction": "n = Stack(prefix='s_'); n.add(nn.Dense(2), nn.Dense(3)); return [b.name for b in n]",
    "parameters": "return [(p.name, p.shape) for p in three().collect_params().values()]",
    "hybridize": """
        import warnings
        def count(*blocks):
            n = Stack(); n.add(*blocks)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter('always')
                n.hybridize()
            return [c.category.__name__ for c in caught]
        return count(), count(nn.Dense(2)), count(nn.Dense(2), nn.Dense(2))""",
}  # fmt: skip

#: Programs about Lambda and HybridLambda.
LAMBDAS = {
    "by name": """
        a, b = nn.Lambda('tanh'), nn.HybridLambda('tanh'); return a(x), b(x), repr(a), repr(b), a.prefix, b.prefix""",
    "a lambda": """
        a, b = nn.Lambda(lambda x: x + 1), nn.HybridLambda(lambda F, x: F.exp(x))
        return a(x), b(x), repr(a), repr(b)""",
    "a function": """
        def f(x, y):
            return x - y
        a = nn.Lambda(f, prefix='p_'); return a(x, 2 * x), repr(a), a.prefix""",
    "two inputs": "return nn.HybridLambda(lambda F, x, y: F.broadcast_add(x, y))(x, x)",
    "two inputs by name": "return nn.HybridLambda('broadcast_add')(x, x), nn.Lambda('broadcast_add')(x, x)",
    "an unknown name": "nn.Lambda('nonsense')",
    "an unknown name, hybrid": "nn.HybridLambda('nonsense')",
    "no function": "nn.Lambda(3)",
    "no function, hybrid": "nn.HybridLambda(3)",
    "params": "nn.Lambda('tanh', params=None)",
    "in a Sequential": """
        n = nn.Sequential(); n.add(nn.Lambda('relu'), nn.Lambda(lambda x: x * 2)); return n(-x), n(x), repr(n)""",
    "a mixed Sequential hybridized": """
        import warnings
        n = nn.Sequential(); n.add(nn.Lambda('relu'), nn.Dense(2))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            n.hybridize()
        return len(caught)""",
}  # fmt: skip

_BEGINNING = """
x = nd.array([[1, 2, 3]])
def three():
    n = Stack(prefix='s_')
    with n.name_scope():
        n.add(nn.Dense(2), nn.Dense(3), nn.Dense(4))
    return n
"""


@pytest.mark.parametrize("kind", ["Sequential", "HybridSequential"])
@pytest.mark.parametrize("name", STACKS)
def test_stacks_as_in_mxnet(oracle, name, kind):
    import textwrap

    assert_same(*oracle.both(f"Stack = nn.{kind}{_BEGINNING}{textwrap.dedent(STACKS[name])}"))


@pytest.mark.parametrize("name", LAMBDAS)
def test_lambdas_as_in_mxnet(oracle, name):
    import textwrap

    assert_same(*oracle.both("x = nd.array([[1, 2, 3]])\n" + textwrap.dedent(LAMBDAS[name])))


def test_what_is_no_block_is_refused_when_it_is_added():
    """MXNet accepts it, and fails in initialize()."""
    network = nn.Sequential()
    with pytest.raises(ValueError, match=r"Sequential.register_child: block must be a Block; received <function"):
        network.add(lambda x: x)
    assert len(network) == 0


@pytest.mark.parametrize("layer", [nn.Lambda, nn.HybridLambda])
def test_lambda_refusals(layer):
    with pytest.raises(mx.MXNetError, match="function must be the name of a function of nd; received 'tahn'"):
        layer("tahn")
    with pytest.raises(ValueError, match="function must be a callable or a name; received 3"):
        layer(3)


def test_callables_without_a_name():
    """In MXNet they have no repr()."""

    class Triple:
        def __call__(self, x):
            return x * 3

    layer = nn.Lambda(Triple())
    assert layer(nd.ones((1,))).asscalar() == 3
    assert repr(layer) == "Lambda(Triple)"
    assert repr(nn.Lambda(functools.partial(nd.clip, a_min=0, a_max=1))) == "Lambda(partial)"


def test_the_warning_of_hybridize_says_what_is_better():
    network = nn.Sequential(prefix="net_")
    network.add(nn.Dense(2))
    with pytest.warns(UserWarning, match="net: all children are HybridBlocks; a HybridSequential"):
        network.hybridize()
