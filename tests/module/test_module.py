"""Module: what it computes, updates, keeps and refuses is what MXNet's does."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import glueball as mx
from glueball.executor_manager import _split_input_slice
from tests.comparison import assert_same, succeeded
from tests.module.networks import arrays, batch, bound, dense_net, values

# MXNet warns about rebinding and repeated initialization; the tests that expect it say so.


def stages(mx):
    module = mx.mod.Module(dense_net(mx))
    found = [(module.binded, module.params_initialized, module.optimizer_initialized)]
    module.bind([("data", (4, 5))], [("softmax_label", (4,))])
    found.append((module.binded, module.params_initialized, module.optimizer_initialized))
    module.init_params()
    found.append((module.binded, module.params_initialized, module.optimizer_initialized))
    module.init_optimizer()
    found.append((module.binded, module.params_initialized, module.optimizer_initialized))
    return (found, module.data_names, module.label_names, module.output_names, str(module.data_shapes),
            str(module.label_shapes), module.output_shapes, module.for_training, module.inputs_need_grad,
            module.symbol.name)  # fmt: skip


def test_stages(oracle):
    assert_same(*oracle.both(stages))


def step(mx, contexts, kvstore, optimizer, options, batch_norm, steps):
    module = bound(mx, batch_norm=batch_norm, contexts=contexts, inputs_need_grad=True)
    module.init_optimizer(kvstore=kvstore, optimizer=optimizer, optimizer_params=options)
    metric = mx.metric.create(["acc", "ce"])
    for seed in range(steps):
        data = batch(mx, seed=seed)
        module.forward_backward(data)
        module.update()
        module.update_metric(metric, data.label)
    args, states = module.get_params()
    grads = [grad for executor in module._exec_group.execs for grad in executor.grad_dict.values() if grad is not None]
    contexts = str(module.get_outputs()[0].context), str(args["fc2_bias"].context)
    return (dict(args), dict(states), grads, module.get_outputs(), module.get_outputs(False), module.get_input_grads(),
            module.get_input_grads(False), [float(value) for value in metric.get()[1]], contexts)  # fmt: skip


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        ("sgd", {"learning_rate": 0.5, "momentum": 0.9, "wd": 0.1}),
        ("adam", {"learning_rate": 0.05, "wd": 0.1}),
        ("nag", {"learning_rate": 0.5, "momentum": 0.5, "rescale_grad": 0.1, "clip_gradient": 0.2}),
        ("rmsprop", {"learning_rate": 0.05}),
    ],
)
def test_training(oracle, optimizer, options):
    assert_same(*oracle.both(step, 1, "local", optimizer, options, True, 6), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("kvstore", ["local", "device", None])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_several_contexts(oracle, kvstore, batch_norm):
    options = {"learning_rate": 0.5, "momentum": 0.9, "wd": 0.1}
    assert_same(*oracle.both(step, 2, kvstore, "sgd", options, batch_norm, 4), rtol=1e-4, atol=1e-6)


def test_contexts_get_their_share(oracle):
    cases = [(size, [1] * count) for size, count in itertools.product(range(1, 23), range(1, 7))]
    cases += [(8, [1, 3]), (13, [1, 2, 3]), (7, [0.5, 0.25]), (3, [3, 1]), (10, [5, 2, 1])]
    program = """
        from mxnet.executor_manager import _split_input_slice
        def split(size, work):
            try:
                return [(part.start, part.stop) for part in _split_input_slice(size, work)]
            except ValueError:
                return None
        return [split(*case) for case in cases]"""
    for case, expected in zip(cases, oracle.run(program, cases=cases), strict=True):
        if expected is None:
            with pytest.raises(ValueError, match="each context must get a sample"):
                _split_input_slice(*case)
        else:
            assert [(part.start, part.stop) for part in _split_input_slice(*case)] == expected, case


def requests(mx, grad_req, names, options):
    module = bound(mx, grad_req=grad_req, names=names, **options)
    module.init_optimizer()
    for seed in range(2):
        module.forward_backward(batch(mx, seed=seed))
    module.update()
    return module._exec_group.execs[0].grad_dict, module.get_params()[0]


def test_gradient_requests(oracle):
    for grad_req, names, options in [
        ("add", {}, {}),
        ("null", {}, {}),
        ({"fc1_weight": "null", "fc1_bias": "null", "fc2_bias": "add", "data": "write"}, {}, {}),
        (["write"] * 6, {}, {}),
        ("write", {"fixed_param_names": ["fc1_weight", "fc1_bias", "fc2_bias"]}, {}),
        ("add", {"fixed_param_names": ["fc1_weight", "fc1_bias"]}, {"inputs_need_grad": True}),
    ]:
        assert_same(*oracle.both(requests, grad_req, names, options), about=str((grad_req, names, options)))


def sizes(mx, contexts, rounds):
    module = bound(mx, contexts=contexts)
    module.init_optimizer(optimizer_params={"learning_rate": 0.5, "momentum": 0.9})
    found = []
    for size in rounds:
        module.forward_backward(batch(mx, size))
        module.update()
        found.append(
            (module.get_outputs()[0].asnumpy(), str(module.data_shapes), str(module.label_shapes), module.output_shapes)
        )
    return found, module.get_params()[0]


def test_a_bias_is_trained_though_its_weight_is_not():
    """MXNet leaves the gradient of such a bias at zero."""
    whole, part = bound(mx), bound(mx, names={"fixed_param_names": ["fc1_weight"]})
    for module in (whole, part):
        module.forward_backward(batch(mx))
    gradients = [module._exec_group.execs[0].grad_dict for module in (whole, part)]
    assert gradients[1]["fc1_weight"] is None and abs(gradients[1]["fc1_bias"]).sum().asscalar() > 0
    assert_same(gradients[1]["fc1_bias"].asnumpy(), gradients[0]["fc1_bias"].asnumpy())


def test_batches_of_other_sizes(oracle):
    assert_same(*oracle.both(sizes, 1, [4, 2, 2, 4, 7]), rtol=1e-4)
    assert_same(*oracle.both(sizes, 2, [4, 2, 5]), rtol=1e-4)


def test_a_batch_without_labels_may_have_another_size():
    module = bound(mx)
    module.forward(batch(mx, 6), is_train=False)
    expected = module.get_outputs()[0].asnumpy()
    module.forward(mx.io.DataBatch(batch(mx, 6).data), is_train=False)
    np.testing.assert_array_equal(module.get_outputs()[0].asnumpy(), expected)
    module.forward(mx.io.DataBatch(batch(mx, 3).data), is_train=False)
    assert module.get_outputs()[0].shape == (3, 2)
    assert module.predict(np.ones((9, 5))).shape == (9, 2)


def test_a_label_must_be_in_the_graph():
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=1, name="fc")
    with pytest.warns(UserWarning, match="label_names must be arguments"):
        module = mx.mod.Module(net)
    with pytest.raises(KeyError, match="it has no 'softmax_label'; leave label_shapes out"):
        module.bind([("data", (4, 5))], [("softmax_label", (4,))])


def two_outputs(mx, contexts):
    data = mx.sym.var("data")
    heads = [mx.sym.FullyConnected(data, num_hidden=count, name=f"head{count}") for count in (2, 3)]
    module = mx.mod.Module(mx.sym.Group(heads), label_names=None, context=[mx.cpu(i) for i in range(contexts)])
    module.bind([("data", (4, 5))], inputs_need_grad=True)
    module.init_params(mx.init.One())
    module.forward(batch(mx), is_train=True)
    module.backward([mx.nd.array(np.arange(4 * count).reshape(4, count)) for count in (2, 3)])
    found = module.get_outputs(), module.get_input_grads(), module.output_shapes
    grads = [executor.grad_dict for executor in module._exec_group.execs]
    return found, grads, module.predict(mx.io.NDArrayIter(np.ones((6, 5)), batch_size=4))


def test_several_outputs_with_gradients(oracle):
    for contexts in (1, 2):
        assert_same(*oracle.both(two_outputs, contexts))


def layouts(mx):
    data = mx.sym.var("data")
    found = []
    for attributes in ({}, {"__layout__": "TN"}, {"__layout__": "C"}):
        output = mx.sym.identity(data, attr=attributes)
        module = mx.mod.Module(output, label_names=None, context=[mx.cpu(0), mx.cpu(1)])
        module.bind([mx.io.DataDesc("data", (3, 4), layout="TN")])
        module.init_params()
        module.forward(mx.io.DataBatch([mx.nd.array(np.arange(12).reshape(3, 4))]))
        found.append((module.get_outputs(), [one.arg_dict["data"] for one in module._exec_group.execs]))
    return found


def test_layouts_say_which_axis_is_the_batch(oracle):
    assert_same(*oracle.both(layouts))


def test_output_shapes_are_those_of_the_merged_outputs():
    """MXNet assumes that the batch is the first axis."""
    total = mx.sym.sum(mx.sym.var("data"), axis=0)
    module = mx.mod.Module(total, label_names=None, context=[mx.cpu(0), mx.cpu(1)])
    module.bind([("data", (4, 3))])
    module.init_params()
    module.forward(mx.io.DataBatch([mx.nd.ones((4, 3))]))
    assert module.output_shapes == [(total.list_outputs()[0], (6,))]
    assert module.get_outputs()[0].shape == (6,)


def inputs_in_another_order(mx):
    product = mx.sym.var("a") * mx.sym.var("b")
    module = mx.mod.Module(product, data_names=["a", "b"], label_names=None)
    module.bind([("b", (2,)), ("a", (2,))], inputs_need_grad=True)
    module.init_params()
    module.forward(mx.io.DataBatch([mx.nd.array([1, 2]), mx.nd.array([3, 4])]))
    module.backward([mx.nd.ones(2)])
    return module.get_outputs(), module.get_input_grads(), str(module.data_shapes), module._exec_group.execs[0].arg_dict


def test_data_is_in_the_order_of_the_shapes(oracle):
    assert_same(*oracle.both(inputs_in_another_order))


def kinds(mx):
    module = bound(mx)
    module.forward(mx.io.DataBatch([mx.nd.ones((4, 5), dtype="int32")], [mx.nd.zeros(4, dtype="float64")]))
    return module.get_outputs()


def test_data_is_cast(oracle):
    assert_same(*oracle.both(kinds))


# ------------------------------------------------------------------------------------------------- parameters


def initialized(mx, variables, options):
    attributes = {name: mx.sym.var(name, **given) for name, given in variables.items()}
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="a", **{
        name.split("_")[1]: symbol for name, symbol in attributes.items()})  # fmt: skip
    module = mx.mod.Module(net, label_names=None)
    module.bind([("data", (4, 3))])
    module.init_params(mx.init.One(), **{name: arrays(mx, given) if isinstance(given, dict) else given
                                         for name, given in options.items()})  # fmt: skip
    module.init_optimizer(optimizer_params={"wd": 0.5, "learning_rate": 0.1})
    module.forward(batch(mx, features=3), is_train=True)
    module.backward([mx.nd.ones((4, 2))])
    module.update()
    optimizer = module._optimizer
    return (module.get_params()[0], optimizer.lr_mult, optimizer.wd_mult, optimizer.idx2name, optimizer.rescale_grad)


def test_initial_values(oracle):
    weight, bias = np.full((2, 3), 7.0), np.full(2, 5.0)
    for options in [
        {},
        {"arg_params": {"a_weight": weight, "a_bias": bias}},
        {"arg_params": {"a_weight": weight}, "allow_missing": True},
        {"arg_params": {"a_weight": weight, "zz": bias}, "allow_missing": True},
        {"aux_params": {"zz": bias}},
        {"arg_params": {"a_bias": bias, "zz": bias}, "allow_missing": True, "allow_extra": True},
        {"arg_params": {"a_weight": weight}},
    ]:
        assert_same(*oracle.both(initialized, {}, options), about=str(options))


def test_variables_say_their_initializer_and_multipliers(oracle):
    variables = {"a_weight": {"lr_mult": 0.5, "wd_mult": 3}, "q_bias": {"wd_mult": 2}}
    assert_same(*oracle.both(initialized, variables, {}))
    program = """
        bias = mx.sym.var("b_foo", init=mx.init.Constant(3))
        net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="a", bias=bias)
        module = mx.mod.Module(net, label_names=None)
        module.bind([("data", (4, 3))])
        module.init_params(mx.init.One())
        return module.get_params()[0]"""
    assert_same(*oracle.both(program))
    assert_same(*oracle.both(program.replace("init=mx.init.Constant(3)", "")))


def set_params(mx, given, options):
    module = bound(mx)
    module.set_params(arrays(mx, given), {}, **options)
    module.forward(batch(mx))
    return module.get_params(), module.get_outputs()


def test_set_params(oracle):
    bias, zz = {"fc1_bias": np.arange(3.0)}, {"zz": np.zeros(3)}
    for given, options in [
        (bias, {"allow_missing": True}),
        (bias, {}),
        ({**bias, **zz}, {"allow_missing": True}),
        ({**bias, **zz}, {"allow_missing": True, "allow_extra": True}),
        ({"fc1_bias": np.zeros(4)}, {"allow_missing": True}),
    ]:
        assert_same(*oracle.both(set_params, given, options), about=str((given, options)))


def test_values_are_copied(oracle):
    program = """
        net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="a", no_bias=True)
        module = mx.mod.Module(net, label_names=None)
        module.bind([("data", (1, 3))])
        weight = nd.ones((2, 3))
        module.init_params(arg_params={"a_weight": weight})
        weight[:] = 7
        module.get_params()[0]["a_weight"][0] = 5
        module.forward(mx.io.DataBatch([nd.ones((1, 3))]))
        return module.get_outputs(), module.get_params()[0]"""
    assert_same(*oracle.both(program))


def test_parameters_that_have_values_keep_them():
    module = bound(mx)
    before = module.get_params()[0]["fc1_bias"].asnumpy()
    with pytest.warns(UserWarning, match="keep their values; force_init=True initializes them again"):
        module.init_params(mx.init.One())
    with pytest.warns(UserWarning, match="keep their values; force_init=True sets them"):
        module.set_params({"fc1_bias": mx.nd.ones(3)}, {}, allow_missing=True, force_init=False)
    np.testing.assert_array_equal(module.get_params()[0]["fc1_bias"].asnumpy(), before)
    module.init_params(mx.init.One(), force_init=True)
    assert module.get_params()[0]["fc1_weight"].asnumpy().tolist() == np.ones((3, 5)).tolist()


BAD = {
    "no symbol": (lambda: mx.mod.Module(None), mx.MXNetError, "symbol must be a Symbol; received None"),
    "names": (lambda: mx.mod.Module(mx.sym.var("data"), data_names=5), TypeError, "data_names must be a list of names"),
    "context": (
        lambda: mx.mod.Module(mx.sym.var("data"), context="cpu"),
        mx.MXNetError,
        r"Contexts; received \['cpu'\]",
    ),
    "shapes": (lambda: bound(mx).reshape(5), TypeError, "data_shapes must be a list of DataDesc or of .*; received 5"),
    "one shape": (
        lambda: bound(mx).reshape([("data", 5)]),
        TypeError,
        r"made of \(name, shape\); received \('data', 5\)",
    ),
    "batch": (lambda: bound(mx).forward(mx.io.DataBatch([5])), mx.MXNetError, "NDArrays; data is a int"),
    "a gradient": (lambda: bound(mx).backward(5), TypeError, "out_grads must be a list of NDArrays; received 5"),
    "states": (
        lambda: bound(mx).set_states(states=[1]),
        mx.MXNetError,
        r"each of the state_names \[\]; received \[1\]",
    ),
    "parameter": (
        lambda: bound(mx).set_params({"fc2_bias": 5}, {}, allow_missing=True),
        mx.MXNetError,
        r"fc2_bias must have the shape \(2,\); received int",
    ),
    "parameters": (lambda: bound(mx).set_params(5, {}), TypeError, "must be given as a dict of NDArrays; received int"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_argument_at_all_is_refused_in_words(name):
    call, error, message = BAD[name]
    with pytest.raises(error, match=message):
        call()


def test_a_wrong_shape_changes_nothing():
    module = bound(mx)
    before = module.get_params()[0]["fc1_bias"].asnumpy()
    with pytest.raises(mx.MXNetError, match=r"fc2_bias must have the shape \(2,\); received \(5,\)"):
        module.set_params({"fc1_bias": mx.nd.ones(3), "fc2_bias": mx.nd.ones(5)}, {}, allow_missing=True)
    module.forward(batch(mx))
    np.testing.assert_array_equal(module._exec_group.execs[0].arg_dict["fc1_bias"].asnumpy(), before)


def shared(mx):
    first = bound(mx)
    second = mx.mod.Module(dense_net(mx))
    second.bind([("data", (2, 5))], [("softmax_label", (2,))], shared_module=first)
    second.init_optimizer()
    second.forward_backward(batch(mx, 2))
    second.update()
    first.forward(batch(mx, 2))
    return first.get_outputs(), second.get_params()[0], second.params_initialized


def test_shared_parameters(oracle):
    assert_same(*oracle.both(shared))


def borrowed(mx):
    first, second = bound(mx), bound(mx)
    first.init_optimizer(optimizer_params={"momentum": 0.9, "learning_rate": 0.5})
    second.borrow_optimizer(first)
    for seed, module in enumerate((first, second, second)):
        module.forward_backward(batch(mx, seed=seed))
        module.update()
    return first.get_params()[0], second.get_params()[0], second.optimizer_initialized


def test_borrowed_optimizer(oracle):
    assert_same(*oracle.both(borrowed))


def test_binding_anew_keeps_the_parameters():
    module = bound(mx)
    module.init_optimizer(optimizer_params={"learning_rate": 1.0})
    module.forward_backward(batch(mx))
    module.update()
    group = module._exec_group
    updated = group.execs[0].arg_dict["fc2_bias"].asnumpy()
    module.bind([("data", (8, 5))], [("softmax_label", (8,))], force_rebind=True)
    assert module._exec_group is not group and module.output_shapes == [("softmax_output", (8, 2))]
    np.testing.assert_array_equal(module.get_params()[0]["fc2_bias"].asnumpy(), updated)
    module.forward_backward(batch(mx, 8))
    module.update()


def test_binding_twice_is_logged(caplog):
    module = bound(mx)
    module.bind([("data", (8, 5))], [("softmax_label", (8,))])
    module.init_optimizer()
    module.init_optimizer("local", "adam")
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert module.data_shapes[0].shape == (4, 5) and type(module._optimizer).__name__ == "SGD"


@pytest.mark.parametrize(("contexts", "size", "times"), [(1, 4, 1), (2, 4, 1), (2, 5, 2)])
def test_shapes_and_types_are_inferred_once_for_each_size_of_a_part(monkeypatch, contexts, size, times):
    calls = []
    for name in ("infer_shapes", "infer_types"):
        original = getattr(mx.symbol.infer, name)
        monkeypatch.setattr(
            mx.symbol.infer, name, lambda *args, name=name, original=original: calls.append(name) or original(*args)
        )
    module = bound(mx, size, contexts=contexts)
    assert sorted(calls) == ["infer_shapes"] * times + ["infer_types"] * times
    calls.clear()
    module.reshape([("data", (8, 5))], [("softmax_label", (8,))])
    module.forward(batch(mx, 8), is_train=False)
    assert sorted(calls) == ["infer_shapes", "infer_types"]


def test_what_a_module_cannot_infer_is_refused():
    module = mx.mod.Module(mx.sym.broadcast_add(mx.sym.var("data"), mx.sym.var("shift")), label_names=None)
    with pytest.raises(mx.MXNetError, match=r"those of shift do not; received {'data': \(4, 3\)}"):
        module.bind([("data", (4, 3))])


@pytest.mark.parametrize("shape", [(2, "a"), (2, 1.5)])
def test_a_length_must_be_an_int(shape):
    module = mx.mod.Module(mx.sym.var("data") * 2, label_names=None)
    with pytest.raises(TypeError, match=r"Module\.bind: data must be a tuple of ints"):
        module.bind([("data", shape)])


def states(mx):
    module = mx.mod.Module(dense_net(mx), state_names=["fc1_bias"])
    module.bind([("data", (4, 5))], [("softmax_label", (4,))])
    module.init_params(mx.init.One())
    module.set_states(value=5)
    module.forward(batch(mx))
    found = module.get_outputs()
    module.set_states(states=[[mx.nd.array([1, 2, 3])]])
    return found, module.get_states(False), sorted(module.get_params()[0])


def test_states(oracle):
    assert_same(*oracle.both(states))


def given_optimizer(mx):
    module = bound(mx)
    module.init_optimizer(optimizer=mx.optimizer.SGD(wd=0.5, rescale_grad=0.25, learning_rate=0.5))
    for seed in range(2):
        module.forward_backward(batch(mx, seed=seed))
        module.update()
    return module.get_params()[0], module._optimizer.idx2name


def test_an_optimizer_made_before(oracle):
    assert_same(*oracle.both(given_optimizer))
    module = bound(mx)
    with pytest.warns(UserWarning, match=r"rescale_grad=1\.0 of the given SGD .* as 0\.25 would"):
        module.init_optimizer(optimizer=mx.optimizer.SGD())


# -------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "program",
    [
        "mx.mod.Module(net, data_names=['foo'])",
        "mx.mod.Module(net, data_names='data')",
        "mx.mod.Module(net, fixed_param_names=['zz'])",
        "mx.mod.Module(net, state_names=['zz'])",
        "mx.mod.Module(net).data_shapes",
        "mx.mod.Module(net).output_shapes",
        "mx.mod.Module(net).bind([('dat', (4, 5))])",
        "mx.mod.Module(net).bind([('data', (4, 5)), ('foo', (4,))])",
        "mx.mod.Module(net).bind([('data', (4, 5))], inputs_need_grad=True, for_training=False)",
        "mx.mod.Module(net).bind([('data', (4, 5))], [('softmax_label', (4,))], shared_module=3)",
        "mx.mod.Module(net).init_params()",
        "mx.mod.Module(net).reshape([('data', (2, 5))])",
        "ready.get_params()",
        "m = mx.mod.Module(net); m.bind([('data', (4, 5))], for_training=False); m.init_params(); m.backward()",
        "ready.forward(mx.io.DataBatch([nd.ones((4, 5))]))",
        "ready.init_optimizer()",
        "ready.update()",
        "ready.init_params(mx.init.One(), arg_params={'fc1_bias': nd.ones(3)})",
        "ready.init_params('xavier')",
        "ready.init_params(mx.init.One()); ready.update()",
        "ready.init_params(mx.init.One()); ready.get_input_grads()",
        "ready.init_params(mx.init.One()); ready.init_optimizer(optimizer=3)",
        "ready.init_params(mx.init.One()); ready.forward(mx.io.DataBatch([]))",
        "ready.init_params(mx.init.One()); ready.forward(mx.io.DataBatch([nd.ones((4, 6))], [nd.ones(4)]))",
        "ready.init_params(mx.init.One()); ready.get_states()",
        "ready.init_params(mx.init.One()); ready.borrow_optimizer(mx.mod.Module(net))",
        "ready.init_params(mx.init.One()); ready.load_optimizer_states('/nowhere')",
        "ready.init_params(mx.init.One()); ready.save_checkpoint('/nowhere/x', 1, True)",
        "ready.init_params(mx.init.One()); ready.predict(3)",
        "ready.init_params(mx.init.One()); ready.score(mx.io.NDArrayIter(np.ones((4, 5)), np.ones(4)), None)",
        "ready.fit(mx.io.NDArrayIter(np.ones((4, 5)), np.ones(4)))",
        "mx.mod.BaseModule().forward(None)",
        "mx.mod.Module(net, context=[mx.cpu(0), mx.cpu(1)], work_load_list=[1]).bind([('data', (4, 5))])",
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_refusals_are_mxnets(oracle, program):
    lines = [line.strip() for line in program.split(";")]
    text = "\n".join([
        "net = mx.sym.FullyConnected(mx.sym.var('data'), num_hidden=3, name='fc1')",
        "net = mx.sym.SoftmaxOutput(net, name='softmax')",
        "ready = mx.mod.Module(net)",
        "ready.bind([('data', (4, 5))], [('softmax_label', (4,))])",
        *lines[:-1], f"return {lines[-1]}",
    ])  # fmt: skip
    ours, theirs = oracle.both(text)
    assert theirs.failed
    assert_same(ours, theirs)
    assert ";" in ours.message or "must" in ours.message, ours.message


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"context": []}, "one or more Contexts"),
        ({"context": "cpu"}, "one or more Contexts"),
        ({"work_load_list": [1, 2]}, "a number for each of the 1 contexts"),
    ],
)
def test_what_is_not_provided(options, text):
    with pytest.raises(mx.MXNetError, match=text):
        mx.mod.Module(dense_net(mx), **options)


def test_a_label_that_is_no_argument_is_a_warning():
    with pytest.warns(UserWarning, match=r"label_names must be arguments of the graph; it has no 'softmax_lable'"):
        mx.mod.Module(dense_net(mx), label_names=["softmax_lable"])


def test_parameters_of_a_loaded_module(oracle, tmp_path):
    """It has them before it is bound."""

    def loaded(mx, prefix):
        parameters = arrays(mx, values([("fc_weight", (2, 3)), ("fc_bias", (2,))]))
        net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
        mx.model.save_checkpoint(prefix, 1, net, parameters, {})
        return mx.mod.Module.load(prefix, 1, label_names=None).get_params()

    assert_same(*succeeded(oracle.both(loaded, str(tmp_path / "net"))))


def test_the_rows_of_a_batch_are_asked_for():
    module, seen = bound(mx), []
    module.prepare(batch(mx), sparse_row_id_fn=lambda one: seen.append(one) or {})
    assert len(seen) == 1
    with pytest.raises(AssertionError, match="sparse_row_id_fn must return a dict of rows"):
        module.prepare(batch(mx), sparse_row_id_fn=lambda one: [one])


def test_parameters_are_kept_if_their_initialization_fails():
    class Fails(mx.init.Initializer):
        def _init_weight(self, name, array):
            array[:] = 7
            if name == "second_weight":
                raise ValueError("no")

    layers = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="first")
    layers = mx.sym.FullyConnected(layers, num_hidden=2, name="second")
    module = mx.mod.Module(layers, label_names=None)
    module.bind([("data", (1, 2))], for_training=False)
    module.init_params(mx.init.One())
    with pytest.raises(ValueError, match="no"):
        module.init_params(Fails(), force_init=True)
    for name, array in module.get_params()[0].items():
        assert set(array.asnumpy().ravel()) == {0.0 if name.endswith("bias") else 1.0}


def in_store(mx, store, contexts):
    """What a program reads that trains by itself, with the names and the store of MXNet's modules."""
    import importlib

    model = importlib.import_module(mx.__name__ + ".model")
    context = [mx.cpu(number) for number in range(contexts)]
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc"), name="softmax")
    module = mx.mod.Module(net, context=context)
    found = [module._kvstore, module._update_on_kvstore, module._updater, module._optimizer]
    module.bind([("data", (4, 3))], [("softmax_label", (4,))])
    module.init_params(mx.init.One())
    given = mx.kv.create("local") if store == "given" else store
    module.init_optimizer(given, optimizer_params={"learning_rate": 0.5, "momentum": 0.9})
    batch = mx.io.DataBatch([mx.nd.arange(12).reshape((4, 3)) / 12], [mx.nd.array([0, 0, 1, 0])])
    borrowing = mx.mod.Module(net, context=context)
    borrowing.bind([("data", (4, 3))], [("softmax_label", (4,))], shared_module=module)
    kept = module._kvstore
    found += [kept is None, kept is given, borrowing._kvstore is kept, module._update_on_kvstore]
    for _ in range(2):
        module.forward_backward(batch)
        module.update()
        found.append(module.get_params()[0])
        if kept is not None:
            module.forward_backward(batch)
            group = module._exec_group
            model._update_params_on_kvstore(group.param_arrays, group.grad_arrays, kept, group.param_names)
            out = mx.nd.zeros((2, 3))
            kept.pull("fc_weight", out=out)
            found += [out, [[array.copy() for array in arrays] for arrays in group.param_arrays]]
    return found


@pytest.mark.parametrize("store", [None, "local", "given"])
@pytest.mark.parametrize("contexts", [1, 2])
def test_programs_find_the_parameters_in_the_store_of_a_module(oracle, store, contexts):
    assert_same(*oracle.both(in_store, store, contexts), rtol=1e-5, atol=1e-6)


def test_a_store_of_rows_leaves_the_parameters_of_a_module_whole():
    """MXNet's module holds the rows of a batch, and its store all; here both are the same array."""
    weight = mx.sym.var("weight", stype="row_sparse", shape=(4, 2))
    net = mx.sym.LinearRegressionOutput(mx.sym.dot(mx.sym.var("data"), weight), mx.sym.var("label"))
    module = mx.mod.Module(net, label_names=["label"])
    module.bind([("data", (3, 4))], [("label", (3, 2))])
    module.init_params(mx.init.One())
    module.init_optimizer(mx.kv.create("local"))
    out, rows = mx.nd.sparse.zeros("row_sparse", (4, 2)), mx.nd.array([1, 3])
    module._kvstore.row_sparse_pull("weight", [*module._exec_group.param_arrays[0]], row_ids=rows)
    module._kvstore.row_sparse_pull("weight", out, row_ids=rows)
    assert out.asnumpy().tolist() == [[0, 0], [1, 1], [0, 0], [1, 1]]
    assert module._exec_group.param_arrays[0][0].asnumpy().tolist() == [[1, 1]] * 4


def given_gradients(mx, names, count, contexts):
    """The gradient of the input of a network with several outputs, of which some are losses, for so many gradients."""
    data = mx.sym.var("data")
    outputs = {
        "plain": data * 2,
        "other": data * 7,
        "loss": mx.sym.MakeLoss(data * 3),
        "blocked": mx.sym.BlockGrad(data * 5),
    }
    context = [mx.cpu(number) for number in range(contexts)]
    module = mx.mod.Module(mx.sym.Group([outputs[name] for name in names]), label_names=[], context=context)
    module.bind([("data", (2, 2))], inputs_need_grad=True)
    module.init_params()
    module.forward(mx.io.DataBatch([mx.nd.ones((2, 2))]), is_train=True)
    module.backward([mx.nd.ones((2, 2))] * count)
    return module.get_input_grads()[0]


@pytest.mark.parametrize("contexts", [1, 2])
@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "names", [("plain", "loss"), ("loss", "plain"), ("plain", "blocked"), ("plain", "other"), ("loss", "blocked")]
)
def test_gradients_of_losses_may_be_left_out(oracle, names, count, contexts):
    """A program gives a network with two outputs the gradient of one, whose other output has none."""
    ours, theirs = oracle.both(given_gradients, names, count, contexts)
    assert ours.failed is theirs.failed
    if not ours.failed:
        assert_same(ours, theirs)
