"""hybridize(): blocks give the same results as graphs, imperatively, and in MXNet."""

from __future__ import annotations

import copy
import pickle
import textwrap
import warnings
from typing import Any

import numpy as np
import pytest

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.gluon import nn
from tests.comparison import assert_same

#: Programs that must give the same results under MXNet, where a tuple of outputs is a list.
SAME = {
    "one array": "return run(lambda F, x: x + 1, a)",
    "None second": "return run(lambda F, x, y: x + 1, a, None)",
    "None first": "return run(lambda F, x, y: y + 1, None, a)",
    "None in between": "return run(lambda F, x, y, z: x + z, a, None, a)",
    "a list of one": "return run(lambda F, x: x[0] + 1, [a])",
    "nested inputs": "return run(lambda F, x, z: x[0] + x[1][0] * z, [a, [a]], a)",
    "a list of outputs": "return run(lambda F, x: [x + 1, x * 2], a)",
    "nested outputs": "return run(lambda F, x: [x + 1, [x * 2, [x]]], a)",
    "a symbol of several outputs": "return run(lambda F, x: F.split(x, num_outputs=2, axis=0), a)",
    "several outputs in a list": "return run(lambda F, x: [F.split(x, num_outputs=2, axis=0), x * 2], a)",
    "the input itself": "return run(lambda F, x: x, a)",
    "one output twice": "return run(lambda F, x: (lambda y: [y, y])(x + 1), a)",
    "a view and what it looks at": "return run(lambda F, x: (lambda y: [y, y.reshape((2, 1))])(x + 1), a)",
    "a number among the outputs": "run(lambda F, x: [x + 1, 3], a)",
    "a dict": "run(lambda F, x: {'a': x}, a)",
    "a number among the inputs": "run(lambda F, x, y: x + y, a, 3)",
    "no array": "run(lambda F, x: x, 3)",
    "an if": "run(lambda F, x: x if x.sum() > 0 else -x, a)",
    "the shape": "run(lambda F, x: x.reshape((x.shape[0], 1)), a)",
    "an array inside": "run(lambda F, x: x + nd.ones(2), a)",
    "another shape": "n = dense(); n.hybridize(); n(nd.ones((1, 3))); n(nd.ones((1, 4)))",
    "another type": "n = dense(); n.hybridize(); n(nd.ones((1, 3))); n(nd.ones((1, 3), dtype='float64'))",
    "another batch": "n = dense(); n.hybridize(); return n(nd.ones((1, 3))), n(nd.ones((5, 3)))",
    "not initialized": "n = nn.Dense(2); n.hybridize(); n(nd.ones((1, 3)))",
    "two contexts": """
        n = nn.Dense(2); n.initialize('ones', ctx=[mx.cpu(0), mx.cpu(1)]); n.hybridize()
        return [(n(nd.ones((1, 3), ctx=c)), str(n(nd.ones((1, 3), ctx=c)).context)) for c in (mx.cpu(0), mx.cpu(1))]""",
    "gradients": """
        n = dense(); n.hybridize(); x = nd.array([[1, 2, 3]]); x.attach_grad()
        with autograd.record():
            l = (n(x) ** 2).sum()
        l.backward(); return x.grad, n.weight.grad(), n.bias.grad()""",
    "gradients that add up": """
        n = dense(); n.hybridize(); n.weight.grad_req = 'add'
        for _ in range(2):
            with autograd.record():
                l = n(nd.ones((1, 3))).sum()
            l.backward()
        return n.weight.grad()""",
    "a child by itself": """
        n = nn.HybridSequential(); n.add(nn.Dense(2), nn.Dense(2)); n.initialize('ones'); n[0].hybridize()
        return n(nd.ones((1, 3)))""",
    "a layer added later": """
        n = nn.HybridSequential(); n.add(nn.Dense(2)); n.initialize('ones'); n.hybridize(); n(nd.ones((1, 3)))
        n.add(nn.Dense(5)); n[1].initialize('ones'); return n(nd.ones((1, 3)))""",
    "new values": """
        n = dense(); n.hybridize(); n(nd.ones((1, 3))); n.weight.set_data(nd.ones((2, 3)) * 3)
        return n(nd.ones((1, 3)))""",
    "a step of training": """
        n = dense(); n.hybridize(); t = gluon.Trainer(n.collect_params(), 'sgd', {'learning_rate': 0.1})
        for _ in range(3):
            with autograd.record():
                l = (n(nd.ones((2, 3))) ** 2).sum()
            l.backward(); t.step(2)
        return n(nd.ones((2, 3))), l""",
    "cast": """
        n = dense(); n.hybridize(); n(nd.ones((1, 3))); n.cast('float64')
        return n(nd.ones((1, 3), dtype='float64'))""",
    "states": """
        n = nn.BatchNorm(); n.initialize(); n.hybridize(); x = nd.array([[1, 2], [3, 5], [4, 9]])
        with autograd.record():
            y = n(x)
        y.backward(nd.array([[1, 0], [0, 2], [1, 1]]))
        return y, n.running_mean.data(), n.running_var.data(), n.gamma.grad(), n(x)""",
    "dropout": """
        n = nn.Dropout(0.5); n.hybridize(); x = nd.ones((100,))
        with autograd.record():
            y = n(x)
        return n(x), sorted(set(y.asnumpy().tolist()))""",
    "train_mode": """
        n = nn.Dropout(0.5); n.hybridize(); x = nd.ones((100,))
        with autograd.train_mode():
            y = n(x)
        return sorted(set(y.asnumpy().tolist()))""",
    "a block called with a symbol": """
        n = dense(); y = n(sym.var('data')); return y.list_arguments(), y.name, y.tojson()""",
    "arrays and symbols": "run(lambda F, x, y: x + y, sym.var('x'), a)",
    "a forward hook of a child": """
        n = nn.HybridSequential(); n.add(nn.Dense(2), nn.Dense(2)); n.initialize(); n.hybridize(); r = []
        n[0].register_forward_hook(lambda b, i, o: r.append(type(o).__name__))
        n(nd.ones((1, 3))); n(nd.ones((1, 3))); return r""",
    "a forward hook of the block": """
        n = dense(); n.hybridize(); r = []; n.register_forward_hook(lambda b, i, o: r.append(type(o).__name__))
        n(nd.ones((1, 3))); n(nd.ones((1, 3))); return r""",
    "static_shape alone": "n = dense(); n.hybridize(static_shape=True); n(nd.ones((1, 3)))",
    "export too early": "n = dense(); n.hybridize(); n.export('nothing')",
    "export after hybridize(False)": """
        n = dense(); n.hybridize(); n(nd.ones((1, 3))); n.hybridize(False); n.export('nothing')""",
    "two blocks of one name": """
        n = nn.HybridSequential(prefix='')
        n.add(nn.Dense(3, prefix='d_'), nn.Dense(3, prefix='e_')); n.initialize('ones'); n.hybridize()
        return n(nd.ones((1, 3)))""",
    "shared parameters": """
        n = nn.HybridSequential(); d = nn.Dense(3, in_units=3); n.add(d, nn.Dense(3, in_units=3, params=d.params))
        n.initialize('ones'); n.hybridize()
        with autograd.record():
            y = n(nd.ones((1, 3))).sum()
        y.backward(); return y, d.weight.grad()""",
    "a Constant": """
        class B(gluon.HybridBlock):
            def __init__(self):
                super(B, self).__init__()
                self.c = self.params.get_constant('c', nd.array([[1, 2]]))
            def hybrid_forward(self, F, x, c):
                return F.broadcast_mul(x, c)
        b = B(); b.initialize(); b.hybridize(); return b(a.reshape((1, 2)))""",
    "a parameter by arithmetic": """
        class B(gluon.HybridBlock):
            def __init__(self):
                super(B, self).__init__()
                self.w = self.params.get('w', shape=(0, 0), init='ones', allow_deferred_init=True)
            def hybrid_forward(self, F, x, w):
                return x * w + F.relu(w)
        b = B(); b.initialize(); return b(nd.ones((2, 3))), b.w.shape""",
}  # fmt: skip

_BEGINNING = """
a = nd.array([1, 2])
class N(gluon.HybridBlock):
    def __init__(self, function):
        super(N, self).__init__()
        self.function = function
    def hybrid_forward(self, F, *inputs):
        return self.function(F, *inputs)
def run(function, *inputs):
    n = N(function); n.hybridize()
    return n(*inputs), n(*inputs)
def dense():
    n = nn.Dense(2, in_units=3); n.initialize('ones'); return n
"""


@pytest.mark.parametrize("name", SAME)
def test_as_in_mxnet(oracle, name):
    assert_same(*oracle.both(_BEGINNING + textwrap.dedent(SAME[name])))


class Function(gluon.HybridBlock):
    """A block that wraps a function and counts its traces."""

    def __init__(self, function):
        super().__init__()
        self._function = function
        self.calls = 0

    def hybrid_forward(self, F, *inputs):
        self.calls += 1
        return self._function(F, *inputs)


def _dense():
    net = nn.Dense(2, in_units=3)
    net.initialize("ones")
    net.hybridize()
    return net


def test_it_is_traced_once():
    block, x = Function(lambda F, x, y=None: x if y is None else [x + y]), nd.ones((2,))
    block.hybridize()
    for _ in range(2):
        assert block(x, x)[0].asnumpy().tolist() == [2, 2]
    assert block.calls == 1
    block.hybridize(clear=False)
    block(x, x)
    assert block.calls == 1
    block.hybridize()
    assert block(x).shape == (2,)
    assert block.calls == 2


def calls_of_different_structure(mx, calls):
    """The results of calls of one block; a call is a list of the numbers of arrays, or None, in lists."""

    class Sum(mx.gluon.HybridBlock):
        def hybrid_forward(self, F, x, y=None, z=()):
            return sum([x, *([] if y is None else [y]), *[item for item in z if item is not None]])

    def given(call):
        return [given(item) if isinstance(item, list) else item and item * mx.nd.ones((2,)) for item in call]

    block, results = Sum(), []
    block.hybridize()
    for call in calls:
        try:
            results.append(block(*given(call)))
        except ValueError:
            results.append("ValueError")
    return results


def test_inputs_are_as_in_the_first_call(oracle):
    calls = [
        [[1], [1, 2], [1, None], [3]],
        [[1, None], [1], [1, 2], [2, None]],
        [[1, 2], [1], [1, None], [2, 3]],
        [[1, 2, [3]], [1, 2, [3, 4]], [1, None, [2]], [1, 2, [None]], [4, 5, [6]]],
        [[1, None, [None, 2]], [1, None, [2, None]], [1, None, [None, 3]]],
    ]
    for each in calls:
        assert_same(*oracle.both(calls_of_different_structure, each))


def test_a_list_may_become_a_tuple():
    block, x = Function(lambda F, x, ys: x + ys[0]), nd.ones((2,))
    block.hybridize()
    assert (block(x, [x]) == block(x, (x,))).asnumpy().all()


def test_hybridize_off_runs_the_code_again():
    block = Function(lambda F, x: x + 1)
    block.hybridize()
    block(nd.ones((1,)))
    block.hybridize(False)
    block(nd.ones((1,)))
    block(nd.ones((1,)))
    assert block.calls == 3


def test_training_and_prediction_each_have_a_graph():
    net = nn.Dropout(0.5)
    net.hybridize()
    for scope, training in (
        (autograd.predict_mode(), False), (autograd.train_mode(), True),
        (autograd.record(train_mode=False), False), (autograd.record(), True),
    ):  # fmt: skip
        with scope:
            dropped = int((net(nd.ones((100,))) == 0).sum().asscalar())
        assert (dropped > 0) is training


def test_a_graph_writes_its_states_in_training_only():
    net = nn.BatchNorm(in_channels=2)
    net.initialize()
    net.hybridize()
    data = nd.array([[1, 2], [3, 6]])
    net(data)
    assert net.running_mean.data().asnumpy().tolist() == [0, 0]
    with autograd.record():
        net(data).backward()
    assert_same(net.running_mean.data().asnumpy(), np.array([0.2, 0.4], np.float32))


def test_a_graph_is_recorded_in_prediction_mode_too():
    net = nn.Dense(2, in_units=3)
    net.initialize()
    net.hybridize()
    x = nd.ones((1, 3))
    x.attach_grad()
    with autograd.record(train_mode=False):
        y = net(x)
    y.backward()
    assert x.grad.asnumpy().any()


def test_a_tuple_stays_a_tuple_and_none_stays_none():
    block = Function(lambda F, x: (x, None, [x + 1]))
    block.hybridize()
    output = block(nd.ones((1,)))
    assert type(output) is tuple and output[1] is None and type(output[2]) is list


def test_outputs_have_memory_of_their_own():
    block, x = Function(lambda F, x: [x, x.reshape((2, 1)), F.identity(x)]), nd.ones((2,))
    block.hybridize()
    for output in block(x):
        output[:] = 5
    assert x.asnumpy().tolist() == [1, 1]


def test_an_input_that_is_not_used_is_told():
    block = Function(lambda F, x, y: x)
    block.hybridize()
    with pytest.warns(UserWarning, match="Function: input 1 is not used by any computation"):
        block(nd.ones((1,)), nd.ones((1,)))


def test_what_is_drawn_differs_from_call_to_call_and_follows_the_seed():
    block = Function(lambda F, x: F.random.uniform(shape=(4,)) + x)
    block.hybridize()
    mx.random.seed(7)
    first, second = block(nd.zeros((4,))).asnumpy(), block(nd.zeros((4,))).asnumpy()
    mx.random.seed(7)
    np.testing.assert_array_equal(block(nd.zeros((4,))).asnumpy(), first)
    assert (first != second).any()


def test_a_length_that_is_left_open_follows_from_the_rest():
    block = Function(lambda F, x: x + F.zeros((0, 3)))
    block.hybridize()
    assert block(nd.ones((2, 3))).shape == (2, 3)
    assert block(nd.ones((5, 3))).shape == (5, 3)


def test_copies_and_pickles_trace_their_own_graphs():
    net, x = _dense(), nd.ones((1, 3))
    expected = net(x).asnumpy()
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        np.testing.assert_array_equal(other(x).asnumpy(), expected)
        other.weight.set_data(nd.zeros((2, 3)))
        assert other(x).asnumpy().tolist() == [[0, 0]]
    np.testing.assert_array_equal(net(x).asnumpy(), expected)


def test_operators_are_watched():
    net, seen = nn.Sequential(), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net.add(nn.Dense(2, in_units=3, activation="relu", prefix="fc_"))
        net.initialize("ones")
        net.hybridize()
    net.register_op_hook(lambda name, operator, array: seen.append((name, operator, array.shape)))
    net(nd.ones((1, 3)))
    net(nd.ones((1, 3)))
    assert seen == [("fc_fwd_output", "FullyConnected", (1, 2)), ("fc_relu_fwd_output", "Activation", (1, 2))] * 2


def test_inputs_of_operators_are_watched(oracle):
    program = """
        net = nn.HybridSequential(prefix="n_")
        with net.name_scope():
            net.add(nn.Dense(2, in_units=3), nn.BatchNorm(in_channels=2))
        net.initialize("ones"); net.hybridize(); seen = []
        def hook(name, operator, array):
            name, operator = name.decode(), operator.decode("utf-8")
            if name not in ("n_batchnorm0_fwd_mean", "n_batchnorm0_fwd_var"):
                seen.append((name, operator))
        net.register_op_hook(hook, monitor_all=True)
        net(nd.ones((1, 3))).wait_to_read(); return seen"""
    assert_same(*oracle.both(program))


@pytest.mark.parametrize("monitor_all", [False, True])
def test_what_is_watched_has_the_names_of_mxnet(oracle, monitor_all):
    program = """
        class Net(gluon.HybridBlock):
            def hybrid_forward(self, F, x):
                parts = F.split(x, num_outputs=2, axis=1)
                return F.concat(F.relu(x), x * 2, parts[0], F.max(x, axis=1, keepdims=True),
                                F.broadcast_add(x, x), dim=1)

        net, seen = Net(prefix="net_"), []
        net.hybridize()
        net.register_op_hook(lambda *what: seen.append([mx.base.py_str(name) for name in what[:2]]), monitor_all=ALL)
        net(nd.ones((2, 4))).wait_to_read(); return seen""".replace("ALL", str(monitor_all))
    assert_same(*oracle.both(program))


def _hybridized_with_hooks(mx: Any, where: str, active: bool) -> list[str]:
    """The classes of the blocks that hybridize() warns of, in order."""
    import warnings

    net = mx.gluon.nn.HybridSequential()
    net.add(mx.gluon.nn.Dense(3, in_units=2), mx.gluon.nn.Activation("relu"), mx.gluon.nn.Conv2D(1, 1))
    outer = mx.gluon.nn.Sequential()
    outer.add(net, mx.gluon.nn.Lambda("relu"))
    hooked = {
        "net": [net],
        "children": [net[0], net[2]],
        "child, before": [net[0]],
        "detached": [net[1]],
        "outer": [outer],
    }
    for block in hooked[where]:
        register = block.register_forward_pre_hook if where == "child, before" else block.register_forward_hook
        handle = register(lambda *_: None)
    if where == "detached":
        handle.detach()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        outer.hybridize(active)
    texts = [str(warning.message) for warning in caught]
    return [text.split("(")[0].split(" ")[-1].strip('"') for text in texts if "hook" in text]


@pytest.mark.parametrize("where", ["net", "children", "child, before", "detached", "outer"])
def test_hooks_that_will_not_run_are_warned_of(oracle, where):
    ours, theirs = oracle.both(_hybridized_with_hooks, where, True)
    assert_same(ours, theirs)
    assert bool(ours.value) is (where not in ("detached", "outer"))
    assert _hybridized_with_hooks(mx, where, False) == []


def test_nothing_is_recorded_outside_of_record():
    net, x = _dense(), nd.ones((1, 3))
    output = net(x)
    with pytest.raises(mx.MXNetError):
        output.backward()
    with autograd.record():
        recorded = net(x)
    recorded.backward()
    assert net.weight.grad().asnumpy().tolist() == [[1, 1, 1], [1, 1, 1]]


REFUSED = [
    (lambda net: net(nd.ones((1, 4))), r"dense\d+_fwd: FullyConnected: "),
    (lambda net: net.hybridize(static_shape=True), r"static_alloc must be True when static_shape is"),
    (lambda net: Function(lambda F, x: None)(mx.sym.var("x")) or _graph(lambda F, x: None), "at least one array"),
    (lambda net: _graph(lambda F, x: x if x.sum() else -x), r"a graph has no value yet, so it has no truth value"),
    (lambda net: _graph(lambda F, x: x + mx.sym.var("q")), r"'q' is neither; pass it as an input"),
]


def _graph(function):
    block = Function(function)
    block.hybridize()
    return block(nd.ones((1,)))


@pytest.mark.parametrize("call, message", REFUSED, ids=[message[:40] for _, message in REFUSED])
def test_refusals_say_what_to_do(call, message):
    with pytest.raises(mx.MXNetError, match=message):
        call(_dense())


def of_one_output(mx, steps, options, request):
    """Gradients, which were 5 before, of a network of which the loss reads one output; and whether a trainer steps."""

    class Net(mx.gluon.HybridBlock):
        def __init__(self):
            super().__init__(prefix="net_")
            with self.name_scope():
                self.read = mx.gluon.nn.Dense(2, in_units=2)
                self.other = mx.gluon.nn.Dense(2, in_units=2)

        def hybrid_forward(self, F, x, y):
            first, second = self.read(x), self.other(x)
            return (F.relu(first) * 2, [second * 3, F.tanh(y)]) if steps > 2 else (first, second)

    net = Net()
    net.initialize(mx.init.One())
    net.collect_params().setattr("grad_req", request)
    net.hybridize(**options)
    x, y = mx.nd.ones((1, 2)), mx.nd.ones((1, 3))
    y.attach_grad()
    for parameter in net.collect_params().values():
        parameter.grad()[:] = 5
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd")
    with mx.autograd.record():
        loss = net(x, y)[0].sum()
    loss.backward()
    found = [parameter.grad() for parameter in net.collect_params().values()]
    try:
        trainer.step(1)
    except UserWarning:
        return found, y.grad, "stale"
    return found, y.grad, "stepped"


@pytest.mark.filterwarnings("ignore:.*is not used by any computation")
@pytest.mark.parametrize("grad_req", ["write", "add"])
@pytest.mark.parametrize("options", [{}, {"static_alloc": True}, {"inline_limit": 1}, {"inline_limit": 99}])
@pytest.mark.parametrize("steps", [2, 6])
def test_a_loss_of_one_output_reaches_what_the_others_need(oracle, steps, options, grad_req):
    assert_same(*oracle.both(of_one_output, steps, options, grad_req))
