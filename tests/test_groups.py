"""A graph over several contexts: AttrScope(ctx_group=...) with group2ctx, in bind, simple_bind and Module."""

from __future__ import annotations

import pytest
import torch

import glueball as mx
from glueball.core.errors import MXNetError
from glueball.graph.lower import lower
from glueball.optimizer import fused
from glueball.symbol.node import topological_order
from tests.comparison import assert_same, succeeded
from tests.module.networks import arrays, batch, values


def halves(mx):
    """A network whose two halves are in two groups."""
    with mx.AttrScope(ctx_group="first"):
        h = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, name="fc1", no_bias=True)
        h = mx.sym.BatchNorm(h, name="bn", fix_gamma=False)
    with mx.AttrScope(ctx_group="second"):
        h = mx.sym.FullyConnected(mx.sym.Activation(h, act_type="relu"), num_hidden=2, name="fc2")
        return mx.sym.SoftmaxOutput(h, name="softmax")


def contexts_of(executor):
    return ({name: str(array.context) for name, array in executor.arg_dict.items()},
            {name: str(array.context) for name, array in executor.grad_dict.items() if array is not None},
            {name: str(array.context) for name, array in executor.aux_dict.items()},
            [str(output.context) for output in executor.outputs])  # fmt: skip


def run(mx, method):
    net = halves(mx)
    groups = {"first": mx.cpu(1), "second": mx.cpu(2)}
    executor = net.simple_bind(mx.cpu(0), data=(4, 5), group2ctx=groups)
    given = values([("data", (4, 5)), ("fc1_weight", (3, 5)), ("bn_gamma", (3,)), ("fc2_weight", (2, 3))])
    if method == "bind":
        args, grads, states = ([array.copy() for array in found] for found in
                               (executor.arg_arrays, executor.grad_arrays, executor.aux_arrays))  # fmt: skip
        executor = net.bind(mx.cpu(0), args, grads, "write", states, group2ctx=groups)
    executor.copy_params_from(arrays(mx, given), {})
    if method == "reshape":
        executor = executor.reshape(data=(2, 5), partial_shaping=True)
    executor.forward(is_train=True, softmax_label=mx.nd.array([0, 1, 1, 0][: executor.arg_dict["data"].shape[0]]))
    executor.backward()
    return contexts_of(executor), executor.grad_dict, executor.aux_dict, executor.outputs


@pytest.mark.parametrize("method", ["bind", "simple_bind", "reshape"])
def test_arrays_and_gradients(oracle, method):
    assert_same(*succeeded(oracle.both(run, method)))


GRAPHS = [
    "grouped", "grouped * 2", "in_second(grouped * 2)", "grouped * 2 + in_second(grouped * 3) * 2",
    "in_second(grouped * 3) * 2 + grouped * 2", "sym.var('z') * 2 + grouped", "sym.var('z') + sym.var('u') + grouped",
    "sym.Group([sym.var('z') * 2, in_second(sym.var('u') * 3), grouped])", "sym.var('u') * 2",
]  # fmt: skip


def placed(mx, code, variables, groups):
    def in_second(symbol):
        symbol._set_attr(ctx_group="second")
        return symbol

    with mx.AttrScope(ctx_group="first"):
        grouped = mx.sym.elemwise_add(mx.sym.var("a"), mx.sym.var("b"))
    net = eval(code, {"sym": mx.sym, "grouped": grouped, "in_second": in_second})
    where = {name: mx.cpu(number) for name, number in groups.items()}
    names = net.list_arguments()
    if variables is None:
        executor = net.simple_bind(mx.cpu(0), grad_req="null", group2ctx=where, **dict.fromkeys(names, (2,)))
    else:
        args = {name: mx.nd.ones((2,), mx.cpu(variables[number])) for number, name in enumerate(names)}
        executor = net.bind(mx.cpu(0), args, None, "null", group2ctx=where)
    contexts = [str(output.context) for output in executor.outputs]
    return {name: str(array.context) for name, array in executor.arg_dict.items()}, contexts, executor.forward()


@pytest.mark.parametrize("variables", [None, [5, 6, 7, 8]])
@pytest.mark.parametrize("code", GRAPHS)
def test_where_operators_are(oracle, code, variables):
    assert_same(*succeeded(oracle.both(placed, code, variables, {"first": 1, "second": 2})))


@pytest.mark.parametrize(
    ("variables", "groups"), [(None, {"second": 2}), ([5, 5], {"second": 2}), ([5, 5], {}), ([0, 1], {})]
)
def test_what_has_no_place(oracle, variables, groups):
    ours, theirs = oracle.both(placed, "grouped", variables, groups)
    assert ours.failed
    assert_same(ours, theirs)


def test_a_group_without_a_context_is_named():
    with mx.AttrScope(ctx_group="first"):
        net = mx.sym.square(mx.sym.var("x"), name="square")
    with mx.AttrScope(ctx_group="second"):
        net = mx.sym.square(net, name="again")
    rule = r"group2ctx must have a context for each group of the graph; again is in 'second'"
    with pytest.raises(MXNetError, match=rule):
        net.simple_bind(mx.cpu(), x=(2,), group2ctx={"first": mx.cpu(1)})
    with pytest.raises(MXNetError, match=rule):
        net.bind(mx.cpu(), [mx.nd.ones(2, mx.cpu(1))], group2ctx={"first": mx.cpu(1)})


def trained(mx, groups):
    contexts = [mx.cpu(number) for number in range(len(groups["first"]))]
    where = {name: [mx.cpu(number) for number in numbers] for name, numbers in groups.items()}
    module = mx.mod.Module(halves(mx), context=contexts, group2ctxs=where)
    module.bind([("data", (4, 5))], [("softmax_label", (4,))])
    shapes = [("fc1_weight", (3, 5)), ("bn_gamma", (3,)), ("bn_beta", (3,)), ("fc2_weight", (2, 3)), ("fc2_bias", (2,))]
    states = [("bn_moving_mean", (3,)), ("bn_moving_var", (3,))]
    module.init_params(arg_params=arrays(mx, values(shapes)), aux_params=arrays(mx, values(states, 1)))
    module.init_optimizer(optimizer_params={"learning_rate": 0.5, "momentum": 0.9})
    for seed in range(3):
        module.forward_backward(batch(mx, seed=seed))
        mx.nd.waitall()  # MXNet's update of weights in a group may run before their gradients are there: 1 run in 50
        module.update()
    module.forward(batch(mx, seed=4), is_train=False)
    found = [contexts_of(executor) for executor in module._exec_group.execs]
    return found, module.get_params(), module.get_outputs(), str(module.get_outputs()[0].context)


@pytest.mark.parametrize("groups", [{"first": [0, 1], "second": [2, 3]}, {"first": [4], "second": [5]}])
def test_module(oracle, groups):
    assert_same(*succeeded(oracle.both(trained, groups)), rtol=2e-5)


def test_a_gradient_may_be_elsewhere():
    """MXNet refuses it."""
    with mx.AttrScope(ctx_group="first"):
        net = mx.sym.square(mx.sym.var("x"), name="square")
    x, gradient = mx.nd.array([1, 3], mx.cpu(1)), mx.nd.zeros(2, mx.cpu(2))
    executor = net.bind(mx.cpu(), [x], [gradient], group2ctx={"first": mx.cpu(1)})
    executor.forward(is_train=True)
    executor.backward(mx.nd.ones(2, mx.cpu(3)))
    assert gradient.asnumpy().tolist() == [2, 6] and gradient.context == mx.cpu(2)


@pytest.mark.parametrize("groups", [["first"], {"first": 1}, "first"])
def test_contexts_of_groups(groups):
    with pytest.raises(AttributeError, match=r"simple_bind: group2ctx must be a dict of str to Context"):
        halves(mx).simple_bind(mx.cpu(), data=(4, 5), group2ctx=groups)
    with pytest.raises(MXNetError, match=r"Module.bind: group2ctx must be|group2ctxs: it must be"):
        module = mx.mod.Module(halves(mx), group2ctxs=[groups])
        module.bind([("data", (4, 5))], [("softmax_label", (4,))])


def test_arrays_are_copied_between_devices():
    """Without a GPU: the second device is one of torch's for arrays without values."""
    net = mx.sym.Dropout(halves(mx), name="drop")
    devices = {}
    for node in topological_order(net._entries):
        is_first = node.attributes.get("__ctx_group__") == "first"
        devices[node] = torch.device("cpu" if is_first else "meta")
    variables = [*net._arguments(), *net._states()]
    lowered = lower(net._entries, variables, training=True, devices=devices)
    copies = [node.args[0].name for node in lowered.module.graph.nodes if node.name.startswith("to_device")]
    assert len(copies) == 1  # where the halves meet
    shapes = {"data": (4, 5), "fc1_weight": (3, 5), "fc2_weight": (2, 3), "fc2_bias": (2,), "softmax_label": (4,)}
    tensors = [torch.ones(shapes.get(node.name, (3,)), device=devices[node]) for node in variables]
    output, *states = lowered.module(*tensors, torch.tensor(1), torch.device("cpu"))
    assert output.device.type == "meta" and output.shape == (4, 2)
    assert [state.device.type for state in states] == ["cpu", "cpu"]
    devices[net._states()[0]] = torch.device("meta")  # copied to where it is updated, and back
    lowered = lower(net._entries, variables, training=True, devices=devices)
    copies = [node.args[1] for node in lowered.module.graph.nodes if node.name.startswith("to_device")]
    assert sorted(copies) == ["cpu", "meta", "meta"]
    assert not fused.suits([tensors[0], output])  # a kernel for several weights is for those of one device
