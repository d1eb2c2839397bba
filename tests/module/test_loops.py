"""fit, score and predict: the same parameters, numbers, callbacks and log lines as MXNet's."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.module.networks import arrays, batch, bound, convolutional_net, dense_net, iterator, values


def logged(action):
    """What goes to the root logger, without times and speeds."""
    import logging
    import re

    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            if record.levelname == "INFO":
                text = re.sub(r"cost=\S+", "cost=T", re.sub(r"Speed: \S+", "Speed: S", record.getMessage()))
                lines.append((record.name, text))

    root, handler = logging.getLogger(), Keep()
    level, others = root.level, root.handlers
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    try:
        action()
    finally:
        root.handlers = others
        root.setLevel(level)
    return lines


def conv_values():
    shapes = [("conv1_weight", (4, 1, 3, 3)), ("conv1_bias", (4,)), ("bn1_gamma", (4,)), ("bn1_beta", (4,)),
              ("conv2_weight", (6, 4, 3, 3)), ("conv2_bias", (6,)), ("bn2_gamma", (6,)), ("bn2_beta", (6,)),
              ("fc_weight", (5, 6 * 2 * 2)), ("fc_bias", (5,))]  # fmt: skip
    states = [("bn1_moving_mean", (4,)), ("bn1_moving_var", (4,)), ("bn2_moving_mean", (6,)), ("bn2_moving_var", (6,))]
    return values(shapes), values(states, 1)


def train_convolutional(mx, contexts, kvstore, epochs):
    random = np.random.RandomState(7)
    patterns = random.normal(size=(5, 1, 14, 14))
    label = random.randint(0, 5, 50)
    data = patterns[label] + 0.5 * random.normal(size=(50, 1, 14, 14))
    train = mx.io.NDArrayIter(data, label, 16, last_batch_handle="discard")
    test = mx.io.NDArrayIter(data, label, 16)
    module = mx.mod.Module(convolutional_net(mx), context=[mx.cpu(i) for i in range(contexts)])
    args, states = conv_values()
    lines = logged(
        lambda: module.fit(
            train, test, eval_metric=["acc", "ce"], num_epoch=epochs, kvstore=kvstore,
            optimizer_params={"learning_rate": 0.1, "momentum": 0.9, "wd": 1e-3},
            arg_params=arrays(mx, args), aux_params=arrays(mx, states),
            # On a busy machine MXNet now and then reads BatchNorm's statistics before their last update is written.
            batch_end_callback=[mx.callback.Speedometer(16, 1), lambda param: mx.nd.waitall()],
        )
    )  # fmt: skip
    # the digits beyond the fourth are those of other sums
    lines = [(name, text[: text.rfind(".") + 4]) for name, text in lines]
    args, states = module.get_params()
    scores = [(name, float(value)) for name, value in module.score(test, ["acc", "ce"])]
    biases = {name: args.pop(name) for name in ("conv1_bias", "conv2_bias")}
    return lines, dict(args), dict(states), module.predict(test), scores, sorted(biases)


@pytest.mark.parametrize(("contexts", "kvstore"), [(1, "local"), (2, "device")])
def test_a_convolutional_network(oracle, contexts, kvstore):
    ours, theirs = oracle.both(train_convolutional, contexts, kvstore, 3)
    assert_same(ours, theirs, rtol=2e-3, atol=1e-5)
    assert theirs.get()[4][0][1] > 0.4, "it learned something: there are five classes"


def fit(mx, options, validate, callbacks):
    module = mx.mod.Module(dense_net(mx))
    calls = []

    def told(kind):
        def callback(param):
            known = sorted({"self", "train_data", "data_batch", "epoch", "nbatch", "eval_metric"} & set(param.locals))
            calls.append((kind, param.epoch, param.nbatch, known if kind == "batch" else None))

        return callback

    def epoch_end(epoch, symbol, args, states):
        calls.append(("epoch", epoch, symbol.name, sorted(args), sorted(states)))

    if callbacks:
        options.update(
            batch_end_callback=[told("batch"), mx.callback.log_train_metric(2)], epoch_end_callback=epoch_end,
            eval_end_callback=told("eval"), eval_batch_end_callback=told("eval batch"),
        )  # fmt: skip
    lines = logged(
        lambda: module.fit(
            iterator(mx), iterator(mx, seed=8) if validate else None, initializer=mx.init.One(), **options
        )
    )
    return lines, calls, module.get_params()


def test_fit(oracle):
    for options, validate, callbacks in [
        ({"num_epoch": 2}, True, True),
        ({"num_epoch": 0}, True, False),
        ({"num_epoch": 3, "begin_epoch": 1, "eval_metric": ["acc", "ce"], "validation_metric": "ce"}, True, False),
        ({"num_epoch": 2, "optimizer": "adam", "optimizer_params": {"learning_rate": 0.1}, "kvstore": None}, False, 1),
    ]:
        assert_same(*oracle.both(fit, options, validate, callbacks), rtol=1e-4, atol=1e-5, about=str(options))


def fit_with_monitor(mx):
    class Watch:
        def __init__(self):
            self.calls = []

        def install(self, executor):
            self.calls.append(("install", sorted(executor.arg_dict)))

        def tic(self):
            self.calls.append("tic")

        def toc_print(self):
            self.calls.append("toc")

    watch = Watch()
    module = mx.mod.Module(dense_net(mx), context=[mx.cpu(0), mx.cpu(1)])
    module.fit(iterator(mx), num_epoch=1, monitor=watch)
    return watch.calls


def test_a_monitor_is_asked(oracle):
    assert_same(*oracle.both(fit_with_monitor))


def fit_with_a_users_iterator(mx):
    """Its arrays are overwritten for each batch, so a batch must be used before the next is requested."""

    class Reusing(mx.io.DataIter):
        def __init__(self):
            super().__init__(4)
            self.provide_data = [mx.io.DataDesc("data", (4, 5))]
            self.provide_label = [mx.io.DataDesc("softmax_label", (4,))]
            self.array = mx.nd.zeros((4, 5))
            self.reset()

        def reset(self):
            self.count = 0

        def next(self):
            self.count += 1
            if self.count > 3:
                raise StopIteration
            self.array[:] = self.count
            return mx.io.DataBatch([self.array], [mx.nd.array([0, 1, 0, self.count % 2])], 0)

    module = mx.mod.Module(dense_net(mx))
    module.fit(Reusing(), num_epoch=2, initializer=mx.init.One(), optimizer_params={"learning_rate": 0.5})
    return module.get_params()


def test_a_users_iterator(oracle):
    assert_same(*oracle.both(fit_with_a_users_iterator), rtol=1e-4)


def test_fitting_again_goes_on():
    module = mx.mod.Module(dense_net(mx))
    module.fit(iterator(mx), num_epoch=1)
    with pytest.warns(UserWarning, match="keep their values"):
        module.fit(iterator(mx), num_epoch=2, begin_epoch=1)


def test_nothing_to_learn_from():
    empty = mx.io.NDArrayIter(np.zeros((0, 5)), np.zeros(0), 4)
    with pytest.raises(mx.MXNetError, match="train_data must have one or more batches"):
        mx.mod.Module(dense_net(mx)).fit(empty, num_epoch=1)


def evaluations(mx, contexts):
    module, data = bound(mx, contexts=contexts), iterator(mx)
    seen = []
    found = [
        module.score(data, "acc"),
        module.score(data, ["acc", "ce"], num_batch=1),
        module.score(data, "acc", num_batch=0),
        module.score(data, mx.metric.Accuracy(), batch_end_callback=lambda param: seen.append(param[:2]), epoch=3,
                     score_end_callback=[lambda param: seen.append((param.epoch, param.nbatch, "end"))]),
        module.score(iterator(mx), "acc", reset=False),
    ]  # fmt: skip
    return [[(name, float(value)) for name, value in scores] for scores in found], seen


def test_score(oracle):
    for contexts in (1, 2):
        assert_same(*oracle.both(evaluations, contexts), rtol=1e-4)


def predictions(mx, contexts):
    module, data = bound(mx, contexts=contexts), iterator(mx)
    steps = [
        ([one.asnumpy() for one in outputs], number, taken.pad) for outputs, number, taken in module.iter_predict(data)
    ]
    return (steps, module.predict(data), module.predict(data, merge_batches=False), module.predict(data, num_batch=1),
            module.predict(data, always_output_list=True), module.predict(batch(mx).data[0]),
            module.predict(np.ones((4, 5))), module.predict(iterator(mx, 0)))  # fmt: skip


def test_predict(oracle):
    for contexts in (1, 2):
        assert_same(*oracle.both(predictions, contexts), rtol=1e-4)


def test_predictions_stay():
    module = bound(mx)
    first = module.predict(iterator(mx), merge_batches=False)
    before = [outputs[0].asnumpy() for outputs in first]
    module.predict(iterator(mx, seed=9))
    assert_same([outputs[0].asnumpy() for outputs in first], before)


def test_outputs_of_different_number_are_not_merged():
    class Odd(type(bound(mx))):
        def get_outputs(self, merge_multi_context=True):
            self.calls = getattr(self, "calls", 0) + 1
            return super().get_outputs() * self.calls

    module = Odd(dense_net(mx))
    module.bind([("data", (4, 5))], [("softmax_label", (4,))])
    module.init_params()
    with pytest.raises(mx.MXNetError, match=r"received \[1, 2, 3\]; pass merge_batches=False"):
        module.predict(iterator(mx))
