"""SymbolBlock: graphs from files and from sym functions as blocks; exporting and reading back."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, gluon, nd, sym
from glueball.gluon import nn
from tests.comparison import assert_same

#: Programs that must give the same results under MXNet.
SAME = {
    "a product": """
        b = gluon.SymbolBlock(x * sym.var('w', shape=(2,)), [x]); b.initialize('ones')
        return b(nd.array([1, 2])), list(b.collect_params().keys()), b.name""",
    "one symbol for a list": "return gluon.SymbolBlock(x + 1, x)(nd.ones(2))",
    "several outputs": "return gluon.SymbolBlock([x + 1, x * 2], [x])(nd.ones(2))",
    "a group": "return gluon.SymbolBlock(sym.Group([x + 1, x * 2]), [x])(nd.ones(2))",
    "several inputs": "y = sym.var('y'); return gluon.SymbolBlock(x - y, [y, x])(nd.ones(2), nd.ones(2) * 3)",
    "repr": "return repr(gluon.SymbolBlock(sym.relu(x, name='r'), [x]))",
    "repr of a group": "return repr(gluon.SymbolBlock(sym.Group([x + 1, x * 2]), [x]))",
    "composed": """
        b = gluon.SymbolBlock(x * sym.var('w', shape=(2,)), [x])
        y = b(sym.var('q') + 1); return y.list_arguments(), y.tojson()""",
    "an input that is no variable": "gluon.SymbolBlock(x + 1, [x + 1])",
    "not initialized": "gluon.SymbolBlock(x * sym.var('w', shape=(2,)), [x])(nd.ones(2))",
    "deferred shapes": """
        b = gluon.SymbolBlock(sym.FullyConnected(x, num_hidden=2, name='fc'), [x]); b.initialize('ones')
        return b(nd.ones((1, 3))), b.collect_params()['fc_weight'].shape""",
    "gradients": """
        b = gluon.SymbolBlock(sym.FullyConnected(x, num_hidden=2, name='fc'), [x]); b.initialize('ones')
        with autograd.record():
            l = (b(nd.array([[1, 2, 3]])) ** 2).sum()
        l.backward(); p = b.collect_params(); return p['fc_weight'].grad(), p['fc_bias'].grad()""",
    "what a variable says does not count": """
        w = sym.var('w', shape=(2,), init='ones', lr_mult=5, wd_mult=2)
        b = gluon.SymbolBlock(x * w, [x]); b.initialize('zeros'); p = b.collect_params()['w']
        return b(nd.ones(2)), p.lr_mult, p.wd_mult, p.init""",
    "states have no gradient": """
        b = gluon.SymbolBlock(sym.BatchNorm(x, name='b', fix_gamma=False), [x])
        return [(n, p.grad_req) for n, p in b.collect_params().items()]""",
    "as a child": """
        n = nn.HybridSequential(); b = gluon.SymbolBlock(sym.FullyConnected(x, num_hidden=2, name='fc'), [x])
        n.add(b, nn.Dense(2))
        n.initialize('ones'); return n(nd.ones((1, 3)))""",
    "export of an import": """
        n = net(); path = os.path.join(tempfile.mkdtemp(), 'n'); n.export(path, 7)
        b = gluon.SymbolBlock.imports(path + '-symbol.json', ['data'], path + '-0007.params')
        y = b(nd.ones((2, 3))); b.export(path + '2')
        return (y, sorted(nd.load(path + '2-0000.params')), sorted(os.listdir(os.path.dirname(path))),
                open(path + '2-symbol.json').read())""",
    "load_parameters of an export": """
        n = net(); path = os.path.join(tempfile.mkdtemp(), 'n'); n.export(path)
        m = gluon.SymbolBlock.imports(path + '-symbol.json', ['data']); m.load_parameters(path + '-0000.params')
        return m(nd.ones((2, 3)))""",
    "save_parameters": """
        n = net(); path = os.path.join(tempfile.mkdtemp(), 'n'); n.export(path)
        m = gluon.SymbolBlock.imports(path + '-symbol.json', 'data', path + '-0000.params', ctx=mx.cpu())
        m.save_parameters(path + '.p'); return sorted(nd.load(path + '.p'))""",
    "no such file": "gluon.SymbolBlock.imports('/nowhere/x.json', ['data'])",
    "a parameter missing in the file": """
        n = net(); path = os.path.join(tempfile.mkdtemp(), 'n'); n.export(path); nd.save(path, {'arg:q': nd.ones(1)})
        gluon.SymbolBlock.imports(path + '-symbol.json', ['data'], path)""",
    "a name that is no input": """
        n = net(); path = os.path.join(tempfile.mkdtemp(), 'n'); n.export(path)
        gluon.SymbolBlock.imports(path + '-symbol.json', ['dat'], path + '-0000.params')""",
    "fix_gamma": """
        y = sym.BatchNorm(x, name='b'); b = gluon.SymbolBlock(y, [x]); b.initialize()
        b(nd.ones((2, 3))); b.collect_params()['b_gamma'].set_data(nd.ones(3) * 5)
        return b(nd.array([[1, 2, 3], [4, 5, 6]]))""",
    "cast": """
        n = net(); path = os.path.join(tempfile.mkdtemp(), 'n'); n.export(path)
        m = gluon.SymbolBlock.imports(path + '-symbol.json', ['data'], path + '-0000.params'); m.cast('float64')
        return m(nd.ones((2, 3), dtype='float64')), [np.dtype(p.dtype).name for p in m.collect_params().values()]""",
    "cast to 16 bits": """
        n = net(); path = os.path.join(tempfile.mkdtemp(), 'n'); n.export(path)
        m = gluon.SymbolBlock.imports(path + '-symbol.json', ['data'], path + '-0000.params'); m.cast('float16')
        return m(nd.ones((2, 3), dtype='float16')), [np.dtype(p.dtype).name for p in m.collect_params().values()]""",
    "export after cast": """
        n = net(); n.cast('float64'); n(nd.ones((2, 3), dtype='float64'))
        path = os.path.join(tempfile.mkdtemp(), 'n'); n.export(path)
        m = gluon.SymbolBlock.imports(path + '-symbol.json', ['data'], path + '-0000.params')
        return m(nd.ones((2, 3), dtype='float64')), sym.load(path + '-symbol.json').attr_dict()""",
    "fine-tuning": """
        n = net(); path = os.path.join(tempfile.mkdtemp(), 'n'); n.export(path)
        s = sym.load(path + '-symbol.json').get_internals()
        inner = [o for o in s.list_outputs() if o.endswith('fwd_output')][0]
        b = gluon.SymbolBlock(s[inner], [sym.var('data')])
        b.collect_params().load(path + '-0000.params', ctx=mx.cpu(), ignore_extra=True)
        m = nn.HybridSequential(); m.add(b, nn.Dense(3)); m[1].initialize('ones')
        t = gluon.Trainer(m.collect_params(), 'sgd', {'learning_rate': 0.1})
        for _ in range(3):
            with autograd.record():
                l = (m(nd.ones((2, 3))) ** 2).sum()
            l.backward(); t.step(2)
        return l, m(nd.ones((2, 3)))""",
}  # fmt: skip

_BEGINNING = """
import os, tempfile, warnings
warnings.simplefilter('ignore')
x = sym.var('x')
def net():
    n = nn.HybridSequential(prefix='net_')
    with n.name_scope():
        n.add(nn.Dense(4, activation='relu'), nn.BatchNorm(), nn.Dense(2))
    n.initialize('ones'); n.hybridize(); n(nd.ones((2, 3))); return n
"""


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    assert_same(*oracle.both(_BEGINNING + textwrap.dedent(SAME[name])))


def _exported(tmp_path, net, *inputs):
    net.hybridize()
    expected = net(*inputs)
    net.export(tmp_path / "net")
    return expected, (tmp_path / "net-symbol.json", tmp_path / "net-0000.params")


def test_the_exported_graph_gives_the_same(tmp_path):
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3, activation="relu"), nn.BatchNorm(), nn.MaxPool2D(), nn.Flatten(), nn.Dense(2))
    net.initialize()
    expected, (graph, values) = _exported(tmp_path, net, nd.random.uniform(shape=(2, 3, 8, 8)))
    block = gluon.SymbolBlock.imports(graph, ["data"], values)
    x = nd.random.uniform(shape=(5, 3, 8, 8))
    assert_same(block(x).asnumpy(), net(x).asnumpy(), rtol=1e-5)
    with autograd.record():
        first, second = net(x), block(x)
    np.testing.assert_array_equal(first.asnumpy(), second.asnumpy())
    assert expected.shape == (2, 2)


def test_the_symbol_that_was_given_stays_as_it_is():
    x = sym.var("x", dtype="float32")
    product = x * sym.var("w", shape=(2,), dtype="float32")
    before = product.tojson()
    block = gluon.SymbolBlock(product, [x])
    block.initialize("ones")
    block.cast("float64")
    assert block(nd.ones((2,), dtype="float64")).dtype == np.float64
    assert product.tojson() == before


def test_an_import_without_parameters_is_initialized_as_any_block(tmp_path):
    """A variable's initializer is for Module and is ignored, as in MXNet."""
    path = tmp_path / "net-symbol.json"
    x = sym.var("x")
    (x * sym.var("w", shape=(2,), init=mx.init.Constant(3), lr_mult=5)).save(path)
    block = gluon.SymbolBlock.imports(path, ["x"])
    block.initialize("ones")
    assert block(nd.array([1, 2])).asnumpy().tolist() == [1, 2]
    assert block.collect_params()["w"].lr_mult == 1


def test_parameters_are_shared():
    x = sym.var("x")
    first = gluon.SymbolBlock(x * sym.var("w", shape=(2,)), [x])
    second = gluon.SymbolBlock(x + sym.var("w", shape=(2,)), [x], params=first.collect_params())
    first.initialize("ones")
    assert second(nd.array([1, 2])).asnumpy().tolist() == [2, 3]


def _shared(mx, requests):
    """A SymbolBlock over a network's parameters, of which some ask for no gradient; and whether it shares them."""
    net = mx.gluon.nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(mx.gluon.nn.Dense(2, in_units=3), mx.gluon.nn.BatchNorm(scale=False, in_channels=2))
    net.initialize()
    parameters = net.collect_params()
    for name, request in requests.items():
        parameters[f"net_{name}"].grad_req = request
    data = mx.sym.var("data")
    block = mx.gluon.SymbolBlock(net(data), data, params=parameters)
    x = mx.nd.array([[1, 2, 3], [4, 5, 7]])
    with mx.autograd.record():
        loss = block(x).sum()
    loss.backward()
    found = sorted(block.collect_params().items())
    # Not bit for bit: a graph may have the normalization in the weights.
    close = (block(x) - net(x)).abs() < 1e-5
    return [(name, each.grad_req, each is parameters[name]) for name, each in found], close.asnumpy()


@pytest.mark.parametrize(
    "requests",
    [{}, {"dense0_weight": "null"}, {"dense0_weight": "add", "dense0_bias": "null"}, {"batchnorm0_beta": "null"}],
)
def test_shared_parameters_keep_what_they_ask_for(oracle, requests):
    assert_same(*oracle.both(_shared, requests))


def test_reset_ctx_moves_the_parameters():
    x = sym.var("x")
    block = gluon.SymbolBlock(x * sym.var("w", shape=(2,)), [x])
    block.initialize("ones")
    block.reset_ctx(mx.cpu(1))
    assert block(nd.ones((2,), ctx=mx.cpu(1))).context == mx.cpu(1)


REFUSED = [
    (mx.MXNetError, lambda b: _with_attribute("__dtype__", "99"), r"w: __dtype__ must be one of .*; received '99'"),
    (mx.MXNetError, lambda b: _with_attribute("__shape__", "(2, x)"), r"w: __shape__ must be .*; received '\(2, x\)'"),
    (ValueError, lambda b: b(nd.ones(1), nd.ones(1)), "must be called with 1 inputs, x; received 2"),
    (NotImplementedError, lambda b: b.hybrid_forward(nd, nd.ones(1)), "it has only a graph"),
    (mx.MXNetError, lambda b: b.hybridize(wrong=1), "unknown arguments 'wrong'"),
    (mx.MXNetError, lambda b: gluon.SymbolBlock(sym.var("x"), [sym.var("x") + 1]), "inputs must be variables"),
]


def _with_attribute(name, text):
    x = sym.var("x")
    return gluon.SymbolBlock(x + sym.var("w", attr={name: text}), [x])


@pytest.mark.parametrize("kind, call, message", REFUSED, ids=[message[:40] for _, _, message in REFUSED])
def test_refusals_say_what_to_do(kind, call, message):
    x = sym.var("x")
    with pytest.raises(kind, match=message):
        call(gluon.SymbolBlock(x + 1, [x]))


def test_parameters_come_in_mxnets_order(oracle):
    """Programs number them, to seed what they draw."""

    def names(mx):
        net = mx.gluon.nn.HybridSequential()
        net.add(mx.gluon.nn.Conv2D(3, 1), mx.gluon.nn.BatchNorm(), mx.gluon.nn.Dense(2))
        data = mx.sym.var("data")
        block = mx.gluon.SymbolBlock(net(data), [data])
        return list(block.collect_params()), list(block._collect_params_with_prefix())

    ours, theirs = oracle.both(names)
    assert ours.get() == theirs.get()
