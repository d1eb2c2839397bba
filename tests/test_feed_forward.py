"""mx.model.FeedForward and the executor manager: what they compute, call and keep is what MXNet's do."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same, succeeded
from tests.errors import class_of
from tests.module.networks import arrays, dense_net, iterator, values
from tests.module.test_loops import logged

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated.*:DeprecationWarning")


def parameters(mx, batch_norm=False):
    shapes = [("fc1_weight", (3, 5)), ("fc2_weight", (2, 3)), ("fc2_bias", (2,)), ("fc1_bias", (3,))]
    if batch_norm:
        shapes[3:] = [("bn_gamma", (3,)), ("bn_beta", (3,))]
    return arrays(mx, values(shapes))


def states(mx):
    return arrays(mx, values([("bn_moving_mean", (3,)), ("bn_moving_var", (3,))], 1))


def trained(mx, contexts, options, fit_options, batch_norm):
    calls = []
    context = [mx.cpu(number) for number in range(contexts)]
    model = mx.model.FeedForward(
        dense_net(mx, batch_norm), ctx=context, num_epoch=2, arg_params=parameters(mx, batch_norm),
        aux_params=states(mx) if batch_norm else {}, **options,
    )  # fmt: skip

    def fit():
        model.fit(
            iterator(mx), eval_data=iterator(mx, seed=6, last_batch_handle="roll_over"),
            batch_end_callback=lambda each: calls.append(("batch", each.epoch, each.nbatch)),
            epoch_end_callback=[lambda epoch, symbol, args, auxs: calls.append(("epoch", epoch, sorted(args)))],
            eval_end_callback=lambda each: calls.append(("end", each.nbatch, float(each.eval_metric.get()[1]))),
            eval_batch_end_callback=lambda each: calls.append(("evaluated", each.epoch, each.nbatch)),
            **fit_options,
        )  # fmt: skip

    lines = logged(fit)
    test = iterator(mx, seed=7)
    kept = sorted(model.kwargs), str(model.ctx), model.begin_epoch, model.num_epoch, model.argument_checked
    return (calls, lines, {name: model.arg_params[name] for name in sorted(model.arg_params)}, dict(model.aux_params),
            model.predict(test), float(model.score(test)), kept)  # fmt: skip


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize(
    ("contexts", "options", "fit_options"),
    [
        (1, {"learning_rate": 0.5, "momentum": 0.9, "wd": 0.01}, {}),
        (1, {"optimizer": "adam", "epoch_size": 5}, {"eval_metric": ["acc", "ce"][0]}),
        (2, {"learning_rate": 0.3}, {"work_load_list": [1, 3]}),
        (2, {"learning_rate": 0.3, "begin_epoch": 1}, {"kvstore": None}),
        (2, {"learning_rate": 0.3, "momentum": 0.5}, {"kvstore": "device"}),
    ],
)
def test_training(oracle, contexts, options, fit_options, batch_norm):
    assert_same(*succeeded(oracle.both(trained, contexts, options, fit_options, batch_norm)), rtol=2e-5)


def on_arrays(mx, kind, folder):
    import numpy as np

    random = np.random.RandomState(0)
    data, labels = random.normal(size=(20, 5)), random.randint(0, 2, 20)
    if kind == "ndarray":
        data, labels = mx.nd.array(data), mx.nd.array(labels)
    made = []

    def create():
        # one batch, so that the order of the samples does not matter
        made.append(mx.model.FeedForward.create(
            dense_net(mx), data, labels, num_epoch=3, learning_rate=0.5, arg_params=parameters(mx), aux_params={},
            eval_data=(data, labels) if kind == "ndarray" else [data.tolist(), labels.tolist()],
        ))  # fmt: skip

    lines = logged(create)
    model = made[0]
    model.save(folder + "/net")
    again = mx.model.FeedForward.load(folder + "/net", 3, ctx=mx.cpu(1), numpy_batch_size=8)
    outputs, given, zeros = again.predict(data, return_data=True)
    found = [lines, again.begin_epoch, again.predict(data), outputs, given, zeros, again.predict(data[:3])]
    return found, again.predict(data, num_batch=1).shape, float(again.score(data, "ce")), str(again.ctx)


@pytest.mark.parametrize("kind", ["numpy", "ndarray"])
def test_arrays(oracle, kind, tmp_path):
    folders = [tmp_path / "ours", tmp_path / "theirs"]
    for folder in folders:
        folder.mkdir()
    from tests.oracle.client import ours

    mine, other = ours(on_arrays, kind, str(folders[0])).get(), oracle.run(on_arrays, kind, str(folders[1]))
    assert_same(mine, other, rtol=2e-5)
    assert [(folders[k] / "net-symbol.json").read_bytes() for k in (0, 1)].count(
        (folders[0] / "net-symbol.json").read_bytes()
    ) == 2


def order_of_batches(mx, epoch_size):
    """Which samples each batch has, in an order that the seed decides, and when the iterators are reset."""
    import numpy as np

    seen, x = [], np.arange(8, dtype="float32").reshape(8, 1)

    class Noted(mx.io.NDArrayIter):
        def reset(self):
            seen.append("reset")
            super().reset()

    net = mx.sym.LinearRegressionOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=1), name="softmax")
    for data in (x, Noted(x, x[:, 0], 4)):
        model = mx.model.FeedForward(net, num_epoch=2, numpy_batch_size=2, epoch_size=epoch_size)
        np.random.seed(1)
        model.fit(
            data, x[:, 0], eval_metric="mse",
            batch_end_callback=lambda each: seen.append(each.locals["data_batch"].label[0].asnumpy().tolist()),
        )  # fmt: skip
    return seen


@pytest.mark.parametrize("epoch_size", [None, 3])
def test_the_order_of_samples_that_are_shuffled(oracle, epoch_size):
    ours, theirs = succeeded(oracle.both(order_of_batches, epoch_size))
    assert theirs.count("reset") > 1
    assert_same(ours, theirs)


def filled(mx):
    """By the name alone: what a variable says of its initial values is not looked at."""
    weight = mx.sym.var("fc_weight", init=mx.init.Constant(7))
    net = mx.sym.FullyConnected(mx.sym.BatchNorm(mx.sym.var("data"), name="bn"), weight, num_hidden=2, name="fc")
    model = mx.model.FeedForward(mx.sym.SoftmaxOutput(net, name="softmax"), num_epoch=1, initializer=mx.init.One())
    names = model._init_params([("data", (2, 3)), ("softmax_label", (2,))])
    return names, model.arg_params, model.aux_params


def test_initial_values(oracle):
    assert_same(*succeeded(oracle.both(filled)))


def several_outputs(mx):
    net = dense_net(mx)
    both = mx.sym.Group([net, net.get_internals()["fc1_output"]])
    model = mx.model.FeedForward(both, arg_params={**parameters(mx), "more": mx.nd.ones(1)}, allow_extra_params=True)
    return model.predict(iterator(mx)), sorted(model.arg_params), model.aux_params


def test_several_outputs(oracle):
    assert_same(*succeeded(oracle.both(several_outputs)))


class Batches(mx.io.DataIter):
    """Batches of several lengths; or of one, of their sums."""

    default_bucket_key = 6

    def __init__(self, summed):
        super().__init__(4)
        self.summed = summed
        self.provide_data, self.provide_label = [("data", (4, 1 if summed else 6))], [("softmax_label", (4,))]
        self.reset()

    def reset(self):
        self.left = [6, 3, 6]

    def next(self):
        if not self.left:
            raise StopIteration
        key = self.left.pop()
        data = mx.nd.arange(4 * key).reshape((4, key)) / 10
        data = data.sum(axis=1, keepdims=True) if self.summed else data
        shapes = [("data", data.shape)], [("softmax_label", (4,))]
        return mx.io.DataBatch([data], [mx.nd.array([0, 1, 0, 1])], 0, None, key, *shapes)


def test_a_graph_for_each_key():
    """MXNet 1.9.1 fails: it cannot reshape the array of the first key."""

    def graph(key):
        net = mx.sym.BatchNorm(mx.sym.sum(mx.sym.var("data") * 1.0, axis=1, keepdims=True), name="bn")
        return mx.sym.SoftmaxOutput(mx.sym.FullyConnected(net, num_hidden=2, name="fc"), name="softmax")

    found = []
    for symbol, batches in ((graph, Batches(False)), (graph(1), Batches(True))):
        model = mx.model.FeedForward(symbol, num_epoch=2, learning_rate=0.1, initializer=mx.init.One())
        model.fit(batches)
        found.append((dict(model.arg_params), dict(model.aux_params)))
    one, other = ([{n: a.asnumpy() for n, a in arrays.items()} for arrays in each] for each in found)
    assert_same(one, other)
    assert abs(one[0]["fc_weight"][0, 0] - 1) > 0.01


def refused(mx, code):
    import numpy as np

    model = mx.model.FeedForward(dense_net(mx), num_epoch=1)
    try:
        return repr(eval(code, {"mx": mx, "np": np, "net": dense_net(mx), "model": model, "X": np.ones((4, 5))}))
    except Exception as error:
        return class_of(error)


REFUSED = {
    "mx.model.FeedForward('net')": "AssertionError",
    "model.predict(X)": "AttributeError",
    "model.fit(X)": "ValueError",
    "model.fit(X, X[:3, 0])": "ValueError",
    "model.fit(X, X)": "ValueError",
    "model.fit('x')": "TypeError",
    "model.fit(X, [0, 1, 0, 1])": "TypeError",
    "model.fit(X, X[:, 0], eval_data=X)": "TypeError",
    "model.fit(X, X[:, 0], eval_data=(None, X))": "ValueError",
    "mx.model.FeedForward(net).fit(X, X[:, 0])": "TypeError",
    "mx.model.FeedForward(net).save('x')": "AssertionError",
    "mx.model.FeedForward(net, num_epoch=1, optimizer='none').fit(X, X[:, 0])": "ValueError",
    "mx.model.FeedForward(net, arg_params={'more': mx.nd.ones(1)}, aux_params={}).predict(X)": "ValueError",
    "mx.model.FeedForward(net, ctx=[mx.cpu(0)], num_epoch=1).fit(X, X[:, 0], work_load_list=[1, 2])": "AssertionError",
}


@pytest.mark.parametrize("code", REFUSED)
def test_refusals(oracle, code):
    ours, theirs = oracle.both(refused, code)
    assert ours.get() == REFUSED[code]
    assert_same(ours, theirs)


@pytest.mark.filterwarnings("default")
def test_it_says_that_it_is_deprecated():
    with pytest.warns(DeprecationWarning, match=r"use mx.mod.Module instead") as found:
        mx.model.FeedForward(dense_net(mx))
    assert found[0].filename == __file__
    with pytest.raises(mx.MXNetError, match="ctx must be one or more Contexts"):
        mx.model.FeedForward(dense_net(mx), ctx="cpu")


def managed(mx):
    """A training loop of a program's own."""
    data = iterator(mx, count=8)
    net = dense_net(mx)
    names = net.list_arguments()
    trained = [name for name in names if name.startswith("fc")]
    manager = mx.executor_manager.DataParallelExecutorManager(
        net, [mx.cpu(0), mx.cpu(1)], data, names, trained, [], work_load_list=[1, 1]
    )
    manager.set_params(parameters(mx), {})
    metric = mx.metric.create("acc")
    updater = mx.optimizer.get_updater(mx.optimizer.create("sgd", learning_rate=0.1))
    for batch in data:
        manager.load_data_batch(batch)
        manager.forward(is_train=True)
        manager.backward()
        for number, (copies, gradients) in enumerate(zip(manager.param_arrays, manager.grad_arrays, strict=True)):
            for position, (weight, gradient) in enumerate(zip(copies, gradients, strict=True)):
                updater(number * 2 + position, gradient, weight)
        manager.update_metric(metric, batch.label)
    into = parameters(mx)
    manager.copy_to(into, {})
    group = manager.curr_execgrp
    found = [into, manager.grad_arrays, manager.aux_arrays, float(metric.get()[1]), manager.param_names, manager.slices]
    contexts = [str(one.outputs[0].context) for one in group.train_execs]
    return found, group.data_names, group.label_names, contexts


def test_the_executor_manager(oracle):
    assert_same(*succeeded(oracle.both(managed)), rtol=2e-5)


def test_one_graph_has_a_monitor_and_several_have_none():
    data = iterator(mx)
    net = dense_net(mx)
    names = net.list_arguments()
    make = mx.model.DataParallelExecutorManager
    manager = make(net, [mx.cpu()], data, names, names[1:-1], [])
    with pytest.raises(KeyError, match="an array for 'fc1_weight'"):
        manager.copy_to({}, {})
    seen = []
    monitor = mx.mon.Monitor(1, lambda array: seen.append(array) or array.sum())
    manager.install_monitor(monitor)
    monitor.tic()
    manager.forward()
    assert len(monitor.toc()) == len(seen) > 3
    data.default_bucket_key = 0
    with pytest.raises(mx.MXNetError, match="there must be one graph"):
        make(net, [mx.cpu()], data, names, names[1:-1], [], sym_gen=lambda key: net).install_monitor(monitor)


def test_numbers_of_a_monitor_are_written_as_numpy_writes_them():
    monitor = mx.mon.Monitor(1, lambda array: array * np.float32(0.1))
    executor = mx.sym.relu(mx.sym.var("x"), name="relu").bind(mx.cpu(), {"x": mx.nd.ones(1)})
    monitor.install(executor)
    monitor.tic()
    executor.forward()
    assert [text for _, _, text in monitor.toc()] == ["0.1\t", "0.1\t"]
