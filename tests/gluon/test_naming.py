"""Names: prefixes, counters and scopes, which are written to files."""

from __future__ import annotations

import threading

import pytest

from glueball import gluon
from glueball.gluon import nn
from tests.comparison import assert_same

#: Programs in which A is a Block, and W one with a parameter w.
SAME = {
    "without a scope": """
        class Some_Thing(A): pass
        blocks = A(), Some_Thing(), A(), A(prefix='x_'), A(prefix=''), A(prefix='plain'), A()
        return [(b.prefix, b.name) for b in blocks]""",
    "kinds of layers": """
        layers = (nn.Dense(2), nn.Conv1D(2, 3), nn.Conv2D(2, 3), nn.Conv3D(2, 3), nn.Conv2DTranspose(2, 3),
                  nn.MaxPool2D(), nn.AvgPool1D(), nn.GlobalAvgPool2D(), nn.BatchNorm(), nn.LayerNorm(),
                  nn.Dropout(0.5), nn.Flatten(), nn.Activation('relu'), nn.LeakyReLU(0.1), nn.PReLU(),
                  nn.ELU(), nn.SELU(), nn.GELU(), nn.Swish(), nn.Embedding(2, 3), nn.Sequential(),
                  nn.HybridSequential(), nn.Lambda('tanh'), nn.HybridLambda('tanh'), nn.ReflectionPad2D(1),
                  gluon.Block(), gluon.HybridBlock(), gluon.loss.L2Loss())
        return [b.prefix for b in layers]""",
    "scopes": """
        a = A()
        with a.name_scope():
            b = A(); c = A(prefix='k_')
            with b.name_scope():
                d = A()
            e = A()
        f = A()
        with a.name_scope():
            g = A()
        return [x.prefix for x in (a, b, c, d, e, f, g)]""",
    "a scope without a prefix": """
        a = A(prefix='')
        with a.name_scope():
            b = A(); c = A(prefix='k_')
        return [x.prefix for x in (a, b, c, A())]""",
    "a scope without a prefix, inside": """
        o = A(prefix='o_')
        with o.name_scope():
            a = A(prefix='')
            with a.name_scope():
                b = A(); c = A(prefix='k_')
            d = A()
        return [x.prefix for x in (o, a, b, c, d)]""",
    "a scope left by an error": """
        a = A()
        try:
            with a.name_scope():
                raise KeyError
        except KeyError:
            return A().prefix""",
    "counters of each scope": """
        a, b = A(), A(); names = []
        for block in (a, b, a):
            with block.name_scope():
                names += [A().prefix, nn.Dense(2).prefix]
        return names""",
    "a name scope given again": "a = A(); return a.name_scope() is a.name_scope()",
    "added outside a scope": """
        n = nn.Sequential(); n.add(nn.Dense(2), nn.Dense(3)); return n.prefix, list(n.collect_params().keys())""",
    "a parameter of a scope": "w = W(prefix='p_'); return w.w.name, w.params.prefix, list(w.collect_params().keys())",
    "shared parameters": """
        a = W(); b = W(params=a.params); c = W(prefix='zz_', params=a.params); d = W(params=a.collect_params())
        return [(x.w is a.w, x.prefix, x.params.prefix, list(x.collect_params().keys())) for x in (a, b, c, d)]""",
    "shared parameters that are new": """
        a = A(); b = W(params=a.params); return b.w.name, list(a.params.keys()), list(b.params.keys())""",
    "a shared network": """
        class N(gluon.Block):
            def __init__(self, **kwargs):
                super(N, self).__init__(**kwargs)
                with self.name_scope():
                    self.a = W(); self.b = W()
        n = N(); m = N(params=n.collect_params()); o = N(params=n.params)
        return (n.a.w is m.a.w, n.b.w is m.b.w, n.a.w is o.a.w, m.prefix, m.a.prefix, m.a.params.prefix,
                list(m.collect_params().keys()), list(o.collect_params().keys()))""",
    "layers with shared parameters": """
        n = nn.Sequential(prefix='n_')
        with n.name_scope():
            d = nn.Dense(3, in_units=3); n.add(d, nn.Dense(3, in_units=3, params=d.params), nn.Dense(3, in_units=3))
        return list(n.collect_params().keys()), [l.weight.name for l in n], [l.prefix for l in n]""",
    "shared with another shape": "d = nn.Dense(3, in_units=3); nn.Dense(4, in_units=3, params=d.params)",
    "shared in a hidden layer": """
        n = nn.HybridSequential(); d = nn.Dense(2); n.add(d, nn.Dense(2, params=d.params)); n.initialize('ones')
        return n(nd.ones((1, 2))), [p.shape for p in n.collect_params().values()]""",
    "two parameters of one name": """
        n = nn.Sequential(); n.add(nn.Dense(2, prefix='d_'), nn.Dense(2, prefix='d_')); n.collect_params()""",
    "one block twice": "n = nn.Sequential(); d = nn.Dense(2); n.add(d, d); return list(n.collect_params().keys())",
    "by position": "n = nn.Sequential('x_', None); return n.prefix",
}  # fmt: skip

_BEGINNING = """
class A(gluon.Block): pass
class W(gluon.Block):
    def __init__(self, **kwargs):
        super(W, self).__init__(**kwargs)
        with self.name_scope():
            self.w = self.params.get('w', shape=(2,))
"""


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    import textwrap

    assert_same(*oracle.both(_BEGINNING + textwrap.dedent(SAME[name])))


def test_each_thread_counts_for_itself(oracle):
    program = """
        import threading
        names = [gluon.Block().prefix]
        threads = [threading.Thread(target=lambda: names.append(gluon.Block().prefix)) for _ in range(2)]
        outer = gluon.Block()
        with outer.name_scope():
            for thread in threads:
                thread.start(); thread.join()
        return names"""
    ours, theirs = oracle.both(program)
    assert not ours.failed, ours
    assert_same(ours, theirs)


def test_a_scope_can_be_entered_twice():
    """MXNet loses the enclosing scope."""
    outer = gluon.Block(prefix="outer_")
    with outer.name_scope():
        with outer.name_scope():
            first = nn.Dense(2)
        second = nn.Dense(2)
    assert [first.name, second.name] == ["outer_dense0", "outer_dense1"]
    assert not gluon.Block().prefix.startswith("outer_")


def test_scopes_of_two_threads_do_not_mix():
    outer, other = gluon.Block(prefix="outer_"), gluon.Block(prefix="other_")
    inside, done = threading.Event(), threading.Event()
    names = []

    def elsewhere():
        with other.name_scope():
            inside.set()
            done.wait(10)
            names.append(nn.Dense(2).name)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    with outer.name_scope():
        assert inside.wait(10)
        names.append(nn.Dense(2).name)
        done.set()
        thread.join()
        names.append(nn.Dense(2).name)
    assert names == ["outer_dense0", "other_dense0", "outer_dense1"]
