"""The same program gives the same graph: its text, the names it lists, and the errors of programs that are wrong."""

from __future__ import annotations

import pytest

from tests.comparison import assert_same

LAYERS = {
    "dense": "sym.FullyConnected(x, num_hidden=3)",
    "dense, named": "sym.FullyConnected(x, num_hidden=3, name='fc')",
    "dense without bias": "sym.FullyConnected(data=x, num_hidden=3, no_bias=True, flatten=False)",
    "dense, own weight": "sym.FullyConnected(x, y, num_hidden=3, no_bias=1)",
    "dense, own bias": "sym.FullyConnected(x, bias=y, num_hidden=np.int64(3), name='fc')",
    "dense, no data": "sym.FullyConnected(num_hidden=3, name='fc')",
    "convolution": "sym.Convolution(x, kernel=(3, 3), num_filter=8, pad=[1, 1], stride=(2, 2), layout=None)",
    "convolution as text": "sym.Convolution(x, kernel='(3, 3)', num_filter='8', no_bias='True')",
    "convolution 1-D": "sym.Convolution(x, kernel=(3,), num_filter=8, dilate=(2,), num_group=2, name='c')",
    "deconvolution": "sym.Deconvolution(x, kernel=(3, 3), num_filter=8)",
    "deconvolution with bias": "sym.Deconvolution(x, kernel=(3, 3), num_filter=8, no_bias=False, target_shape=(9, 9))",
    "pooling": "sym.Pooling(x, kernel=(2, 2), stride=(2, 2), pool_type='avg', pooling_convention='full')",
    "global pooling": "sym.Pooling(x, global_pool=True, kernel=(1, 1), pool_type='max', name='p')",
    "batch norm": "sym.BatchNorm(x, fix_gamma=False, eps=1e-3)",
    "batch norm, all outputs": "sym.BatchNorm(x, output_mean_var=True)",
    "batch norm, own gamma": "sym.BatchNorm(x, gamma=y, name='bn')",
    "batch norm, own states": "sym.BatchNorm(x, moving_mean=y, moving_var=sym.var('v', init='xavier'), name='bn')",
    "batch norm twice": "sym.BatchNorm(sym.BatchNorm(x))",
    "layer norm": "sym.LayerNorm(x, axis=-1, eps=1e-5)",
    "instance norm": "sym.InstanceNorm(x)",
    "dropout": "sym.Dropout(x, p=0.3, axes=(1, 2))",
    "activation": "sym.Activation(x, 'softsign')",
    "leaky": "sym.LeakyReLU(x, slope=0.1)",
    "prelu": "sym.LeakyReLU(x, act_type='prelu', name='act')",
    "prelu, own gamma": "sym.LeakyReLU(x, y, act_type='prelu')",
    "embedding": "sym.Embedding(x, input_dim=3, output_dim=2)",
    "softmax": "sym.softmax(x, axis=1), sym.log_softmax(x)",
    "softmax output": "sym.SoftmaxOutput(x, name='softmax')",
    "softmax output, own label": "sym.SoftmaxOutput(x, y, multi_output=True, normalization='batch')",
    "regression": "sym.LinearRegressionOutput(x, name='lin'), sym.LogisticRegressionOutput(x, y)",
    "layers in a row": (
        "a = sym.Convolution(x, kernel=(3, 3), num_filter=4); b = sym.Activation(a, act_type='relu'); "
        "sym.SoftmaxOutput(sym.FullyConnected(sym.Flatten(b), num_hidden=10), name='softmax')"
    ),
}

TENSORS = {
    "arithmetic": "(x + 2) * 3 - y / 2 ** x, -x, abs(x), 1 - x, 2 / x, x % 2, 2 % x",
    "numbers": "x + 1.0, x + np.float32(2.5), x * 1e-8, x ** 0.5, x - 10 ** 8",
    "comparison": "x == y, x != y, x > 2, 2 < x, x <= y, x >= 1.5, x < y",
    "powers": "sym.pow(x, 2), sym.pow(2, x), sym.maximum(x, y), sym.maximum(x, 1), sym.minimum(1, x), sym.hypot(x, 2)",
    "powers by keyword": "sym.pow(base=x, exp=2), sym.power(exp=y, base=2)",
    "broadcast like": "x.broadcast_like(y), x.broadcast_like(y, lhs_axes=(0,), rhs_axes=(1,), name='b')",
    "broadcast": "sym.broadcast_add(x, y), sym.broadcast_plus(lhs=x, rhs=y), sym.broadcast_maximum(x, y, name='m')",
    "concat": "sym.concat(x, y, dim=0), sym.Concat(x, y, num_args=2, name='c'), sym.Concat(arg0=x, arg1=y)",
    "stack": "sym.stack(x, y, axis=1), sym.add_n(x, y, x), sym.ElementWiseSum(x, y)",
    "split": "sym.split(x, num_outputs=3, axis=1), sym.SliceChannel(x, num_outputs=2, squeeze_axis=True, name='s')",
    "outputs of a split": "sym.concat(*sym.split(x, num_outputs=3)), sym.split(x, num_outputs=2)[1] * 2",
    "reshape": "x.reshape((1, -1)), x.reshape(shape=(2, 3), reverse=True), sym.Reshape(x, shape=[0, -1], name='r')",
    "reshape to one number": "x.reshape(-1), x.reshape((6)), x.reshape(shape=-1), x.reshape([2, 3])",
    "transpose": "x.transpose(), x.transpose((1, 0)), sym.swapaxes(x, 0, 1)",
    "reductions": "x.sum(), x.sum(axis=1), x.mean(axis=(0, 1), keepdims=True), sym.max(x, axis=-1), x.norm()",
    "argmax": "x.argmax(axis=1), sym.argmin(x, keepdims=True), x.topk(k=2, ret_typ='both'), x.sort(axis=0)",
    "slices": "x.slice(begin=(0, None), end=(2, 3)), x.slice_axis(axis=1, begin=0, end=None), x.slice_like(y, axes=0)",
    "indexing": "x.take(y), x.pick(y, axis=1), sym.one_hot(x, 4), sym.gather_nd(x, y), sym.where(x, y, x)",
    "shapes": "x.expand_dims(1), x.squeeze(), x.flatten(), x.tile((2, 1)), x.repeat(2, axis=0), x.flip(axis=1)",
    "pad": "sym.pad(x, mode='constant', pad_width=(0, 0, 0, 0, 1, 1, 1, 1), constant_value=2)",
    "dot": "sym.dot(x, y, transpose_b=True), sym.batch_dot(x, y), sym.linalg.gemm2(x, y, alpha=2.0)",
    "types": "x.astype('float16'), sym.cast(x, dtype=np.float64), sym.Cast(x, dtype='int32')",
    "clip": "x.clip(0, 1), sym.clip(x, a_min=-1.5, a_max=2), sym.smooth_l1(x, scalar=3)",
    "creation": "sym.zeros((2, 3)), sym.ones(3), sym.full((2,), 4.5), sym.arange(5), sym.eye(3), sym.zeros_like(x)",
    "ranges": "sym.arange(1, 5, step=2, name='q', dtype=np.int8), sym.linspace(0, 1, 5), sym.ones(2, dtype='float64')",
    "random": "sym.random.uniform(shape=(2,)), sym.random.normal(0, 1, shape=(2,)), sym.random.randint(0, 3, shape=2)",
    "random, shape as arguments": "sym.random.randn(2, 3, loc=1, dtype='float64'), sym.random.randn(2, name='q')",
    "random from symbols": "sym.random.normal(x, y), sym.random.uniform(x, y, shape=(3,))",
    "detached": "sym.BlockGrad(x), sym.stop_gradient(x, name='n'), sym.identity(x), sym.make_loss(x)",
    "groups": "sym.contrib.arange_like(x), sym.linalg.gemm2(x, y), sym.linalg_gemm2(x, y), sym.op.linalg_gemm2(x, y)",
    "unary": "x.exp(), x.log(), x.sqrt(), sym.tanh(x), x.sigmoid(), x.relu(), sym.square(x), x.round(), sym.sign(x)",
}

STRUCTURE = {
    "variable": "sym.var('a', shape=(2, 0), dtype='float16', init='xavier', lr_mult=3, wd_mult=2.5, __own__='1')",
    "initializer": "sym.var('a', init=mx.init.Normal(0.3)), sym.var('b', init=mx.init.One(), dtype=np.int32)",
    "attributes": "sym.FullyConnected(x, num_hidden=2, attr={'__foo__': '1', 'lr_mult': '2'}, name='fc')",
    "attributes as keywords": "sym.FullyConnected(x, num_hidden=2, lr_mult=2, __foo__='1', name='fc')",
    "group": "sym.Group([x + 1, x * 2, y])",
    "one input twice": "a = x * 2; sym.Group([a + a, a])",
    "internals": "sym.Activation(sym.FullyConnected(x, num_hidden=2, name='f'), 'relu').get_internals()['f_output']",
    "children": "sym.FullyConnected(x + y, num_hidden=2, name='f').get_children()",
    "composition": "(x + 1)(x=y * 2)",
    "composition, named": "a = x + 1; a(x=sym.relu(y, name='r'), name='new')",
    "prefix": "with mx.name.Prefix('p_'):\n    a = sym.FullyConnected(x, num_hidden=3)\na, sym.relu(a)",
    "scope": "with mx.AttrScope(__a__='1', lr_mult='3'):\n    a = sym.FullyConnected(x, num_hidden=3)\na + 1",
    "nested scopes": (
        "with mx.AttrScope(__a__='1', ctx_group='g'):\n    with mx.AttrScope(__a__='2'):\n        a = sym.relu(x)\na"
    ),
    "set attributes": "a = sym.relu(x); a._set_attr(__b__='2', __a__='1'); a",
    "read again": "sym.load_json((x + y).tojson()) * 2",
    "shared weight": "a = sym.FullyConnected(x, y, num_hidden=2); sym.FullyConnected(a, y, num_hidden=2)",
    "names count on": "a = sym.relu(x); b = sym.relu(a); c = sym.relu(b, name='relu7'); sym.relu(c)",
}

WRONG = {
    "no attribute": "sym.FullyConnected(x)",
    "wrong attribute": "sym.FullyConnected(x, num_hidden='abc')",
    "unknown attribute": "sym.FullyConnected(x, num_hidden=3, foo=2)",
    "array for a symbol": "sym.relu(mx.nd.ones(2))",
    "number for a symbol": "sym.relu(5)",
    "group for a symbol": "sym.relu(sym.Group([x, y]))",
    "unknown input": "sym.Activation(x, foo=x, act_type='relu')",
    "no inputs": "sym.concat(name='c')",
    "variable without a name": "sym.var(3)",
    "variable with a scope": "sym.var('a', profiler_scope='a')",
    "shape twice": "sym.random.randn(2, shape=(2,))",
    "variable with a bare attribute": "sym.var('a', foo='1')",
    "scope of a number": "mx.AttrScope(a=1)",
    "sum of a text": "x + 'a'",
    "sum of an array": "x + mx.nd.ones(2)",
    "product in place": "x *= y; x",
    "truth as a number": "x + True",
    "transposed": "x.T",
    "matrix product": "x @ y",
    "floor division": "x // 2",
    "no such output": "sym.Group([x, y])[5]",
    "no such name": "(x + 1)['zz']",
    "composed by position": "(x + 1)(y)",
    "composed with a number": "(x + 1)(x=1)",
    "composed with both": "(x + 1)(y, x=y)",
    "truth": "bool(x)",
    "number": "float(x)",
    "hash": "hash(x)",
    "shape": "x.shape",
}

PROGRAMS = {**LAYERS, **TENSORS, **STRUCTURE}


def code_of(program):
    """The program as a body that returns the symbols of its last line."""
    *steps, last = program.replace("; ", "\n").split("\n")
    return "\n".join(["sym = mx.sym", "x, y = sym.var('x'), sym.var('y')", *steps, f"result = {last}"])


REPORT = """
result = result if isinstance(result, tuple) else (result,)
lists = [(a.list_arguments(), a.list_outputs(), a.list_auxiliary_states(), sorted(a.attr_dict())) for a in result]
return [(a.tojson(), a.name) for a in result], lists
"""


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_program_gives_the_same_graph(oracle, name):
    ours, theirs = oracle.both(code_of(PROGRAMS[name]) + REPORT)
    assert not theirs.failed, theirs
    assert_same(ours, theirs, about=PROGRAMS[name])


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_program_raises_the_same_class(oracle, name):
    ours, theirs = oracle.both(code_of(WRONG[name]) + "\nreturn None")
    assert theirs.failed
    assert_same(ours, theirs, about=WRONG[name])
