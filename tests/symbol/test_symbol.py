"""Symbols through the public API: their structure, their names and attributes, composition, errors."""

from __future__ import annotations

import textwrap

import pytest

import glueball as mx
from glueball import nd, sym
from tests.comparison import assert_same

#: Programs that must give the same under MXNet. `nodes` lists a graph: operator, name, attributes, inputs.
SAME = {
    # variables
    "var": "return nodes(sym.var('x')), sym.Variable('y').name, repr(sym.var('x'))",
    "everything known of a variable": """
        v = sym.var('x', shape=(2, 0), dtype='float64', init=mx.init.One(), lr_mult=3, wd_mult=2, stype='default')
        return nodes(v), v.attr_dict(), v.list_attr(), v.attr('__shape__'), v.attr('lr_mult'), v.attr('none')""",
    "an initializer by name": "return nodes(sym.var('x', init='xavier', dtype=np.float16))",
    "own attributes": "return sym.var('x', __mine__='1', attr={'a': 'b'}).attr_dict()",
    "own attributes without underscores": "sym.var('x', mine='1')",
    "a name that is no str": "sym.var(3)",
    "_set_attr": "v = sym.var('x'); v._set_attr(__z__='1', k='v'); return v.attr_dict()",
    # operators
    "inputs become variables": """
        y = sym.FullyConnected(x, num_hidden=3, name='fc')
        return nodes(y), y.list_arguments(), y.list_outputs(), y.name, repr(y)""",
    "no input given": "return sym.FullyConnected(num_hidden=3, name='fc').list_arguments()",
    "no bias": "return nodes(sym.Convolution(x, kernel=(3, 3), num_filter=8, no_bias=True, pad=[1, 1], layout=None))",
    "a None for an input": "return sym.FullyConnected(x, None, num_hidden=3).list_arguments()",
    "states": """
        y = sym.BatchNorm(x, fix_gamma=0, eps=1e-3)
        return nodes(y), y.list_auxiliary_states(), y.list_inputs(), y.list_outputs()""",
    "several outputs with names": "y = sym.BatchNorm(x, output_mean_var=True); return y.list_outputs(), len(y)",
    "prelu": "return nodes(sym.LeakyReLU(x, act_type='prelu')), nodes(sym.LeakyReLU(x, act_type='leaky'))",
    "a label": "return nodes(sym.SoftmaxOutput(x, name='softmax'))",
    "any number of inputs": """
        return [nodes(y) for y in (
            sym.concat(x, x, dim=0), sym.Concat(x, x, num_args=2, name='c'), sym.concat(x), sym.add_n(x, x, x),
            sym.ElementWiseSum(x, x), sym.stack(x, x, axis=1), sym.Concat(arg0=x, arg1=x, dim=0))]""",
    "variables for any number of inputs": "return sym.concat(num_args=2, name='c').list_arguments()",
    "no inputs at all": "sym.concat(name='c')",
    "aliases": """
        return [nodes(y)[-1] for y in (
            sym.broadcast_plus(x, x), sym.identity(x), sym.flatten(x), sym.Flatten(x), sym.SwapAxis(x), sym.swapaxes(x),
            sym.cast(x, dtype='int32'), sym.Cast(x, dtype=np.int32), sym.stop_gradient(x), sym.elemwise_add(x, x))]""",
    "NumPy's numbers": "return nodes(sym.FullyConnected(x, num_hidden=np.int64(3), flatten=False, no_bias=0))",
    "tuples of NumPy's numbers": "return nodes(sym.Reshape(x, shape=tuple(np.array([1, -1]))))",
    "by position": "return nodes(sym.Activation(x, 'relu')), nodes(sym.relu(x, 'mine'))",
    "unknown attribute": "sym.FullyConnected(x, num_hidden=3, foo=2)",
    "unknown input": "sym.Activation(x, foo=x, act_type='relu')",
    "attribute missing": "sym.FullyConnected(x)",
    "attribute wrong": "sym.FullyConnected(x, num_hidden='abc')",
    "an array": "sym.relu(nd.ones(2))",
    "a number": "sym.relu(5)",
    "several outputs for one input": "sym.relu(sym.split(x, num_outputs=2))",
    "own attributes of an operator": """
        y = sym.FullyConnected(x, num_hidden=2, name='fc', attr={'__foo__': '1', 'lr_mult': '2'})
        return nodes(y), y.attr_dict(), y.list_attr(), y.attr('name'), y.attr('num_hidden')""",
    "own attributes of an operator without underscores": "sym.relu(x, attr={'foo': '1'})",
    # arithmetic
    "two symbols": """
        return [nodes(y)[-1] for y in (
            x + x, x - x, x * x, x / x, x % x, x ** x, x == x, x != x, x > x, x >= x, x < x, x <= x)]""",
    "a symbol and a number": """
        return [nodes(y)[-1] for y in (
            x + 2, x - 2.5, x * 1.0, x / 3, x % 2, x ** 2, x == 0, x != 1, x > 1, x >= 1, x < 1, x <= 1, -x,
            abs(x))]""",
    "a number and a symbol": """
        return [nodes(y)[-1] for y in (2 + x, 2 - x, 2 * x, 2 / x, 2 % x, 2 ** x, 2 > x, 2 >= x, 2 < x, 2 <= x)]""",
    "NumPy's number": "return nodes(x + np.float32(2.5))",
    "a bool": "x + True",
    "functions": """
        return [nodes(y)[-1] for y in (
            sym.pow(x, x), sym.pow(x, 2), sym.pow(2, x), sym.power(x, 3), sym.maximum(x, x), sym.maximum(1, x),
            sym.minimum(x, 1), sym.hypot(x, x), sym.hypot(x, 2))], sym.pow(2, 3), sym.maximum(1, 2), sym.hypot(3, 4)""",
    "an array in arithmetic": "x + nd.ones(2)",
    "arithmetic with text": "x + 'a'",
    "in place": "x += 1",
    "truth": "bool(x)",
    "hash": "hash(x)",
    # creation
    "creation": """
        return [nodes(y) for y in (
            sym.zeros((2, 3)), sym.ones(3), sym.full((2,), 4.5), sym.arange(5),
            sym.arange(1, 5, step=2, name='q', dtype='int32'), sym.eye(3), sym.linspace(0, 1, 5), sym.zeros_like(x),
            sym.zeros((2,), dtype=np.int32), sym.split_v2(x, 2), sym.split_v2(x, (1, 2)))]""",
    "random": """
        return [nodes(y) for y in (
            sym.random.normal(0, 1, shape=(2,)), sym.random.normal(x, x), sym.random.poisson(2, (3,)),
            sym.random.multinomial(x), sym.random.shuffle(x), sym.random.randint(0, 3), sym.random.gamma(1, 1, shape=2),
            sym.random.uniform(), sym.random.uniform(shape=(2,), dtype='float64'), sym.uniform(shape=(2,)))]""",
    "every distribution, of numbers": """
        names = ('uniform', 'normal', 'exponential', 'gamma', 'poisson', 'negative_binomial',
                 'generalized_negative_binomial')
        draw = [getattr(sym.random, name) for name in names]
        return [(nodes(function(shape=2)), nodes(function(0.5, shape=2))) for function in draw]""",
    "every distribution, of symbols": """
        return [nodes(y) for y in (
            sym.random.uniform(x, x), sym.random.exponential(x), sym.random.gamma(x, x, shape=3),
            sym.random.poisson(x, dtype='float64'), sym.random.negative_binomial(x, x),
            sym.random.generalized_negative_binomial(x, x), sym.random.normal(x, x, name='n'))]""",
    "every distribution, in the shape of a symbol": """
        return [nodes(y)[-1] for y in (
            sym.random.uniform_like(x), sym.random.normal_like(x, loc=1), sym.random.exponential_like(x),
            sym.random.gamma_like(x), sym.random.poisson_like(x), sym.random.negative_binomial_like(x),
            sym.random.generalized_negative_binomial_like(x))]""",
    "random integers of symbols": "sym.random.randint(x, x)",
    "random of a symbol and a number": "sym.random.normal(x, 1)",
    # methods
    "methods": """
        return [nodes(y)[-1] for y in (
            x.slice_axis(axis=1, begin=0, end=None), x.astype('float16'), x.astype(np.float16), x.reshape((2, 3)),
            x.reshape(shape=(2, 3), reverse=True), x.softmax(axis=1), x.expand_dims(1), x.reshape_like(x), x.sum(),
            x.sum(axis=1), x.flatten(), x.swapaxes(0, 1), x.split(2), x.split_v2(2), x.clip(0, 1), x.squeeze(),
            x.squeeze((0, 1)), x.norm(), x.tile((2,)), x.one_hot(3), x.transpose(), x.mean(axis=(1, 2)), x.diag(),
            x.topk(k=2), x.argmax(axis=1), x.take(x), x.pick(x), x.log_softmax(), x.exp(name='q'), x.abs(),
            x.pad(mode='constant', pad_width=(0, 0, 1, 1)), x.as_nd_ndarray())]""",
    "what only arrays have": "x.asnumpy()",
    "what only arrays have: backward": "x.backward()",
    "what only arrays have: shape": "x.shape",
    "gradient": "x.gradient(['x'])",
    # outputs
    "outputs": """
        g = sym.split(x, num_outputs=3)
        return (len(g), g.list_outputs(), repr(g), g.name, len(x), [s.name for s in x], g[1].list_outputs(), g[1].name,
                g['split0_output2'].list_outputs(), x[0].name, g[1:3].list_outputs())""",
    "too large a number": "sym.split(x, num_outputs=3)[5]",
    "a negative number": "sym.Group([x, x + 1])[-1]",
    "a name that is none": "sym.relu(x)['x']",
    "Group": """
        g = sym.Group([x + 1, sym.split(x, num_outputs=2), x]); return len(g), g.list_outputs(), repr(g), g.name""",
    "Group of nothing": "sym.Group([])",
    "Group of a number": "sym.Group([x, 1])",
    "get_internals": """
        i = sym.FullyConnected(x, num_hidden=3, name='fc').get_internals()
        return i.list_outputs(), i['fc_output'].name, i['fc_weight'].name, i['fc_output'].list_arguments()""",
    "get_internals, no such name": "sym.relu(x).get_internals()['zz']",
    "get_children": """
        return (repr((x + 1).get_children()), x.get_children(), (x + sym.var('b')).get_children().list_outputs(),
                sym.Group([x + 1, x * 2]).get_children().list_outputs())""",
    # composition
    "composition": """
        y = x + 1; z = sym.var('z') * 2
        return nodes(y(x=z)), y.list_arguments(), z.list_arguments(), y(x=z).list_arguments()""",
    "composition by position": "(x + 1)(sym.var('z'))",
    "composition with a number": "(x + 1)(x=1)",
    "composition both ways": "z = sym.var('z'); (x + 1)(z, x=z)",
    "composition of an unknown name": "(x + 1)(zz=x)",
    "copies": """
        import copy, pickle
        y = sym.relu(x) + 1; z = copy.copy(y); z._set_attr(__a__='1')
        return y.attr_dict(), z.attr_dict(), nodes(copy.deepcopy(y)), nodes(pickle.loads(pickle.dumps(y)))""",
    "two variables of one name": "z = x + sym.var('x'); return z.list_arguments()",
    # scopes
    "AttrScope": """
        with mx.AttrScope(__a__='1', lr_mult='3'):
            with mx.AttrScope(__b__='2', __a__='4'):
                y = sym.FullyConnected(sym.var('z'), num_hidden=2, name='fc', attr={'__b__': '5'})
        return nodes(y), y.attr_dict(), (x + 1).attr_dict()""",
    "AttrScope of a number": "mx.AttrScope(a=1)",
    "AttrScope reaches variables": "with mx.AttrScope(a='1'): return sym.var('x').attr_dict()",
    "Prefix": """
        with mx.name.Prefix('p_'):
            y = sym.FullyConnected(x, num_hidden=3); z = sym.FullyConnected(x, num_hidden=3, name='q')
        return y.list_arguments(), z.list_arguments(), y.name, z.name""",
    "NameManager": """
        with mx.name.NameManager():
            a = sym.relu(x).name
        return a, sym.relu(x).name, sym.relu(x).name""",
    # texts
    "a group of several has no attributes": """
        group = sym.Group([sym.var('a', lr_mult=2), x])
        return group.attr('lr_mult'), group.attr('name'), group.list_attr()""",
    "a group of nothing": "sym.Group(None)",
    "a slice of nothing": "x[0:0]",
    "a shape with a negative length": "x.infer_shape(x=(2, -4))",
    "split_v2 at a list": "sym.split_v2(x, [1, 2])",
    "a file of no name": "sym.load(None)",
    "an initializer that is none": "sym.var('x', init=5)",
    "debug_str": "return (sym.relu(x) + 1).debug_str()",
    "to JSON and back": """
        y = sym.BatchNorm(sym.Convolution(x, kernel=(3, 3), num_filter=2)) + 1
        return y.tojson(), sym.load_json(y.tojson()).tojson() == y.tojson(), sym.load_json(y.tojson()).attr_dict()""",
    "JSON that is none": "sym.load_json('foo')",
    # evaluation
    "eval": "return (x * 2 + 1).eval(x=nd.ones(2))",
    "eval with a state": """
        y = sym.BatchNorm(x, name='b', fix_gamma=False)
        return y.eval(x=nd.array([[1., 2.]]), b_gamma=nd.ones(2), b_beta=nd.ones(2), b_moving_mean=nd.ones(2),
                      b_moving_var=nd.ones(2))""",
    "eval without an array": "(x + 1).eval()",
    "eval with a number": "(x + 1).eval(x=1)",
}  # fmt: skip

_BEGINNING = """
import json
x = sym.var('x')
def nodes(symbol):
    return [(n['op'], n['name'], n.get('attrs'), n['inputs']) for n in json.loads(symbol.tojson())['nodes']]
"""


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    assert_same(*oracle.both(_BEGINNING + textwrap.dedent(SAME[name])))


REFUSED = [
    (lambda x: sym.relu(x, out=x), r"relu: out must not be given, since a graph does not write to arrays; use nd"),
    (lambda x: sym.relu(nd.ones(1)), r"relu: data must be a Symbol; received NDArray; .* mx.sym.var"),
    (lambda x: sym.relu(sym.Group([x, x])), r"relu: data must be a Symbol with one output; received .* with 2"),
    (lambda x: sym.Activation(x), r"Activation: act_type must be given"),
    (lambda x: sym.Convolution(x, kernel=(1, 1), num_filter=1, no_bias=True, bias=x), r"bias must not be given with"),
    (lambda x: sym.concat(x, arg0=x), r"Concat: symbols must be given by position, or by keyword as arg0; received 1"),
    (lambda x: sym.relu(x, name=5), r"relu: name must be a str; received 5"),
    (lambda x: (x + 1)(y=x), r"'y' must be an argument; the arguments are \['x'\]"),
    (lambda x: sym.var("v", stype="coo"), r"var v: stype must be one of default, row_sparse, csr; received 'coo'"),
    (lambda x: sym.Group([x, x + 1])._set_attr(a="1"), r"a group of several has no attributes of its own; select one"),
]


@pytest.mark.parametrize("call, message", REFUSED, ids=[message[:40] for _, message in REFUSED])
def test_refusals_say_what_to_do(call, message):
    with pytest.raises(mx.MXNetError, match=message):
        call(sym.var("x"))
