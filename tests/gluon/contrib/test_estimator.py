"""gluon.contrib.estimator, against MXNet: what is logged, written, called and refused."""

from __future__ import annotations

import logging
import os

import pytest

import glueball as mx
from glueball.gluon.contrib import estimator as es
from tests.comparison import assert_same


def loader(mx, batch, samples=20):
    import numpy as np

    data = np.sin(np.arange(80).reshape(20, 4) * 3).astype("float32")
    label = (data.sum(1) > 0).astype("float32")
    dataset = mx.gluon.data.ArrayDataset(data[:samples], label[:samples])
    return mx.gluon.data.DataLoader(dataset, batch_size=batch)


def network(mx):
    net = mx.gluon.nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(mx.gluon.nn.Dense(6, in_units=4, activation="tanh"), mx.gluon.nn.Dense(2, in_units=6))
    net.initialize()
    for number, param in enumerate(net.collect_params().values()):
        param.set_data(mx.nd.sin(mx.nd.arange(param.data().size) + number).reshape(param.shape))
    net.hybridize()
    return net


def make(mx, **settings):
    """An estimator, and the list to which it logs: texts without the times, and the numbers in them."""
    import logging
    import re

    net = network(mx)
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.2, "momentum": 0.5})
    loss = mx.gluon.loss.SoftmaxCrossEntropyLoss()
    made = mx.gluon.contrib.estimator.Estimator(net, loss, trainer=trainer, **settings)
    lines = []

    class Lines(logging.Handler):
        def emit(self, record):
            text = re.sub(r"\d+(\.\d+)?s\b", "<time>", record.getMessage())
            number = re.compile(r"\d+\.\d+")
            lines.append((number.sub("#", text), [float(one) for one in number.findall(text)]))

    made.logger.handlers = [Lines()]
    return made, lines


def recorder(mx, calls, name, priority=None):
    """A handler of everything that notes what it is called with."""
    es = mx.gluon.contrib.estimator
    moments = {
        "train_begin": es.TrainBegin, "epoch_begin": es.EpochBegin, "batch_begin": es.BatchBegin,
        "batch_end": es.BatchEnd, "epoch_end": es.EpochEnd, "train_end": es.TrainEnd,
    }  # fmt: skip

    def noting(moment):
        def note(self, estimator, *args, **kwargs):
            calls.append((name, moment, args, {key: type(value).__name__ for key, value in kwargs.items()}))

        return note

    kind = type("Recorder", tuple(moments.values()), {moment: noting(moment) for moment in moments})
    handler = kind()
    if priority is not None:
        handler.priority = priority
    return handler


def values(made):
    """The names and values of the metrics, and the parameters."""
    metrics = [metric.get() for metric in made.train_metrics + made.val_metrics]
    return [name for name, _ in metrics], [float(value) for _, value in metrics]


# --- training and evaluating --------------------------------------------------------------------------------


def trained(mx, length, with_validation, log_interval):
    es = mx.gluon.contrib.estimator
    made, lines = make(mx)
    metrics = made.train_metrics + (made.val_metrics if with_validation else [])
    handlers = [] if log_interval is None else [es.LoggingHandler(log_interval, metrics)]
    result = made.fit(
        loader(mx, 5), val_data=loader(mx, 10) if with_validation else None, event_handlers=handlers, **length
    )
    return result, lines, values(made), made.max_epoch, made.max_batch


@pytest.mark.parametrize("length", [{"epochs": 2}, {"batches": 6}, {"batches": 4}], ids=str)
@pytest.mark.parametrize(
    ("with_validation", "log_interval"), [(False, None), (True, None), (True, 2), (False, "epoch")]
)
def test_what_a_training_logs(oracle, length, with_validation, log_interval):
    assert_same(*oracle.both(trained, length, with_validation, log_interval), rtol=1e-3, atol=1e-3)


def called(mx):
    calls, evaluated = [], []
    made, _ = make(mx)
    one, first, last = (recorder(mx, calls, name, priority) for name, priority in [("a", None), ("b", -5), ("c", 5)])
    made.fit(loader(mx, 10), val_data=loader(mx, 10), epochs=1, event_handlers=[one, last, first])
    made.evaluate(loader(mx, 10), event_handlers=recorder(mx, evaluated, "d"))
    return calls, evaluated


def test_in_which_order_handlers_are_called_and_with_what(oracle):
    assert_same(*oracle.both(called))


def stopped(mx, moment, value):
    es = mx.gluon.contrib.estimator
    base = {"batch_end": es.BatchEnd, "epoch_end": es.EpochEnd}[moment]
    calls = []

    def answer(self, estimator, *args, **kwargs):
        calls.append(moment)
        return value if len(calls) == 2 else None

    made, lines = make(mx)
    made.fit(loader(mx, 5), epochs=3, event_handlers=type("Stop", (base,), {moment: answer})())
    return len(calls), lines


@pytest.mark.parametrize("moment", ["batch_end", "epoch_end"])
@pytest.mark.parametrize("value", [True, False])
def test_a_handler_ends_an_epoch_or_the_training(oracle, moment, value):
    assert_same(*oracle.both(stopped, moment, value), rtol=1e-3, atol=1e-3)


def validated(mx, epoch_period, batch_period):
    es = mx.gluon.contrib.estimator
    calls = []
    made, lines = make(mx)
    handler = es.ValidationHandler(
        loader(mx, 10), made.evaluate, epoch_period, batch_period, event_handlers=[recorder(mx, calls, "v")]
    )
    made.fit(loader(mx, 5), val_data=loader(mx, 5), epochs=2, event_handlers=[handler])
    return calls, lines, values(made)


@pytest.mark.parametrize(("epoch_period", "batch_period"), [(1, None), (2, None), (None, 3), (2, 5)])
def test_validation_handler(oracle, epoch_period, batch_period):
    assert_same(*oracle.both(validated, epoch_period, batch_period), rtol=1e-3, atol=1e-3)


def one_list_for_two(mx):
    es = mx.gluon.contrib.estimator
    made, lines = make(mx)
    handlers = [es.LoggingHandler(metrics=made.train_metrics)]
    for _ in range(2):
        made.fit(loader(mx, 5), epochs=2, event_handlers=handlers)
    return lines, [type(handler).__name__ for handler in handlers]


def test_a_list_of_handlers_is_added_to_as_in_mxnet(oracle):
    assert_same(*oracle.both(one_list_for_two), rtol=1e-3, atol=1e-3)


def replaced(mx):
    es = mx.gluon.contrib.estimator
    updates, batches = [], []

    class Update(es.GradientUpdateHandler):
        def batch_end(self, estimator, *args, **kwargs):
            updates.append(len(kwargs["loss"]))

    class Processor(es.BatchProcessor):
        def fit_batch(self, estimator, train_batch, batch_axis=0):
            batches.append(("fit", batch_axis))
            return super().fit_batch(estimator, train_batch, batch_axis)

        def evaluate_batch(self, estimator, val_batch, batch_axis=0):
            batches.append(("evaluate", batch_axis))
            return super().evaluate_batch(estimator, val_batch, batch_axis)

    made, _ = make(mx, batch_processor=Processor())
    before = made.net[0].weight.data().asnumpy()
    made.fit(loader(mx, 10), val_data=loader(mx, 10), epochs=1, event_handlers=[Update()])
    return updates, batches, (made.net[0].weight.data().asnumpy() == before).all(), values(made)


def test_parts_are_replaced(oracle):
    assert_same(*oracle.both(replaced), rtol=1e-3, atol=1e-3)


def on_contexts(mx):
    import warnings

    net = mx.gluon.nn.Dense(2, in_units=4, prefix="d_")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = mx.gluon.contrib.estimator.Estimator(
            net, mx.gluon.loss.SoftmaxCrossEntropyLoss(), initializer=mx.init.One(), context=[mx.cpu(0), mx.cpu(1)]
        )
    made.logger.handlers = []
    made.fit(loader(mx, 10), epochs=2)
    warned = [one.category.__name__ for one in caught if issubclass(one.category, UserWarning)]
    return values(made), [str(one) for one in net.weight.list_ctx()], net.weight.data(mx.cpu(1)), warned


def test_several_contexts_and_the_default_trainer(oracle):
    assert_same(*oracle.both(on_contexts), rtol=1e-5, atol=1e-6)


NAMES = [
    "Estimator(net, loss).train_metrics",
    "Estimator(net, loss).val_metrics",
    "Estimator(net, gluon.loss.L2Loss()).val_metrics",
    "Estimator(net, loss, mx.metric.MSE()).val_metrics",
    "Estimator(net, loss, [mx.metric.MSE(), mx.metric.Loss('l')], mx.metric.MAE()).val_metrics",
    "Estimator(net, loss, mx.metric.create(['acc', 'ce'])).train_metrics",
    "Estimator(net, loss, []).train_metrics",
]


@pytest.mark.parametrize("text", NAMES)
@pytest.mark.filterwarnings("ignore:Estimator. no trainer was given")
def test_names_of_metrics(oracle, text):
    code = f"""
        Estimator, loss = gluon.contrib.estimator.Estimator, gluon.loss.SoftmaxCrossEntropyLoss()
        net = nn.Dense(2, in_units=2)
        return [(type(metric).__name__, metric.get()[0]) for metric in {text}]
    """
    assert_same(*oracle.both(code))


# --- early stopping and checkpoints -------------------------------------------------------------------------


def stopped_early(mx, monitor, **settings):
    import warnings

    es = mx.gluon.contrib.estimator
    made, lines = make(mx)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        handler = es.EarlyStoppingHandler(made.train_metrics[monitor], **settings)
    made.fit(loader(mx, 5), epochs=6, event_handlers=[handler])
    warned = [one.category.__name__ for one in caught if issubclass(one.category, UserWarning | RuntimeWarning)]
    state = [handler.wait, handler.stopped_epoch, handler.current_epoch, handler.stop_training, handler.min_delta]
    return lines, state, float(handler.best), handler.monitor_op.__name__, warned


@pytest.mark.parametrize(
    "settings",
    [
        {}, {"patience": 2}, {"mode": "max"}, {"mode": "min", "min_delta": 10.0}, {"mode": "min", "baseline": 0.01},
        {"mode": "less"}, {"mode": "min", "patience": 1, "min_delta": 0.05},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("monitor", [0, 1], ids=["accuracy", "loss"])
def test_early_stopping(oracle, settings, monitor):
    assert_same(*oracle.both(stopped_early, monitor, **settings), rtol=1e-3, atol=1e-3)


def saved(mx, runs):
    """What several trainings log, the files, and which the last one left."""
    import os
    import tempfile

    es = mx.gluon.contrib.estimator
    found = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for length, monitor, settings in runs:
            made, lines = make(mx)
            if monitor is not None:
                settings = {**settings, "monitor": made.train_metrics[monitor]}
            handler = es.CheckpointHandler("in/here", **settings)
            try:
                made.fit(loader(mx, 5), event_handlers=[handler], **length)
            except (ValueError, AssertionError) as error:
                found.append([kind.__name__ for kind in (ValueError, AssertionError) if isinstance(error, kind)])
            found.append((lines, sorted(os.listdir("in/here")), handler.saved_checkpoints, values(made)))
        os.chdir("/")
    return found


RESUMED = {"resume_from_checkpoint": True}
BY_BATCH = {"epoch_period": None, "batch_period": 2}
RUNS = {
    "epochs": [({"epochs": 3}, None, {"verbose": 1, "model_prefix": "foo"})],
    "batches": [({"epochs": 2}, None, BY_BATCH), ({"batches": 9}, None, {**BY_BATCH, **RESUMED, "verbose": 1})],
    "both": [({"epochs": 3}, None, {"epoch_period": 2, "batch_period": 3, "verbose": 1})],
    "resumed": [({"epochs": 2}, None, {}), ({"epochs": 4}, None, {**RESUMED, "verbose": 1})],
    "done": [({"epochs": 2}, None, {}), ({"epochs": 2}, None, RESUMED)],
    "nothing": [({"epochs": 2}, None, RESUMED), ({"batches": 3}, None, {**RESUMED, **BY_BATCH})],
    "other unit": [({"batches": 3}, None, RESUMED)],
    "few": [({"epochs": 4}, None, {"max_checkpoints": 2})],
    "none": [({"epochs": 2}, None, {"max_checkpoints": 0})],
    "best": [({"epochs": 4}, 1, {"save_best": True, "mode": "min", "verbose": 1})],
    "best is first": [({"epochs": 3}, 1, {"save_best": True, "mode": "max", "verbose": 1, **BY_BATCH})],
}


@pytest.mark.parametrize("runs", RUNS)
def test_checkpoints(oracle, runs, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # and back
    assert_same(*oracle.both(saved, RUNS[runs]), rtol=1e-3, atol=1e-3)


def plain(mx):
    import os
    import tempfile

    made, lines = make(mx)
    made.net.hybridize(False)
    with tempfile.TemporaryDirectory() as folder:
        handler = mx.gluon.contrib.estimator.CheckpointHandler(folder)
        made.fit(loader(mx, 5), epochs=1, event_handlers=[handler])
        return [text.replace(folder, "") for text, _ in lines], sorted(os.listdir(folder))


def test_a_network_without_a_graph_is_saved_without_one(tmp_path):
    lines, files = plain(mx)
    assert any("please use HybridBlock" in line and line.endswith("/model-symbol.json.") for line in lines)
    assert files == ["model-epoch0batch4.params", "model-epoch0batch4.states"]


def test_a_checkpoint_with_one_file_is_refused(tmp_path):
    made, _ = make(mx)
    (tmp_path / "model-epoch3batch9.params").write_bytes(b"")
    with pytest.raises(AssertionError, match=r"needs two files; there is no .*model-epoch3batch9.states"):
        made.fit(loader(mx, 5), epochs=9, event_handlers=es.CheckpointHandler(tmp_path, resume_from_checkpoint=True))


class Killed(BaseException):
    """Stands in for a process that is killed."""


@pytest.mark.parametrize("method", ["save_parameters", "save_states"])
def test_a_process_killed_while_it_saves_resumes_from_the_checkpoint_before(tmp_path, monkeypatch, method):
    made, _ = make(mx)
    handler = es.CheckpointHandler(tmp_path, resume_from_checkpoint=True)
    owner = made.net if method == "save_parameters" else made.trainer
    save, calls = getattr(owner, method), []

    def killed(path, *arguments):
        calls.append(path)
        if len(calls) == 3:
            raise Killed
        save(path, *arguments)

    monkeypatch.setattr(owner, method, killed)
    with pytest.raises(Killed):
        made.fit(loader(mx, 5), epochs=4, event_handlers=handler)
    monkeypatch.undo()
    made, lines = make(mx)
    handler = es.CheckpointHandler(tmp_path, resume_from_checkpoint=True)
    made.fit(loader(mx, 5), epochs=4, event_handlers=handler)
    assert any("resumed from epoch 1 " in text for text, _ in lines), lines
    assert len(list(tmp_path.glob("model-epoch3batch*"))) == 2


def test_another_process_may_remove_an_old_checkpoint_first(tmp_path, monkeypatch):
    made, _ = make(mx)
    remove = os.remove

    def after_another(path):
        remove(path)
        remove(path)

    monkeypatch.setattr(os, "remove", after_another)
    made.fit(loader(mx, 5), epochs=3, event_handlers=[es.CheckpointHandler(tmp_path, max_checkpoints=1)])
    monkeypatch.undo()
    assert sorted(path.suffix for path in tmp_path.glob("model-epoch*")) == [".params", ".states"]


# --- refusals -----------------------------------------------------------------------------------------------

REFUSED = [
    "Estimator(net, None)", "Estimator(net, [loss])", "Estimator(net, loss, 'acc')", "Estimator(net, loss, ['acc'])",
    "Estimator(net, loss, val_metrics='acc')", "Estimator(net, loss, trainer=3)",
    "Estimator(net, loss, context='cpu')", "Estimator(net, loss, context=[mx.cpu(), 'x'])",
    "Estimator(net, loss, context=mx.gpu(7))", "Estimator(net, loss, trainer=trainer, batch_processor=3)",
    "Estimator(net, loss, val_loss=3)", "made.fit([1], epochs=1)", "made.fit(data, val_data=[3], epochs=1)",
    "made.fit(data)", "made.fit(data, epochs=1, batches=2)", "made.fit(data, epochs=0)", "made.evaluate([1])",
    "made.fit(data, epochs=1, event_handlers=[3])", "made.fit(data, epochs=1, event_handlers=3)",
    "made.fit(data, epochs=1, event_handlers=es.LoggingHandler(metrics=mx.metric.Accuracy()))",
    "made.fit(data, epochs=1, event_handlers=es.MetricHandler(mx.metric.Accuracy()))",
    "es.LoggingHandler(log_interval='x')", "es.LoggingHandler(log_interval=1.5)", "es.LoggingHandler(metrics='x')",
    "es.MetricHandler('acc')", "es.EarlyStoppingHandler('acc')", "es.CheckpointHandler('x', save_best=True)",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused(oracle, text):
    code = f"""
        es = gluon.contrib.estimator
        Estimator, loss = es.Estimator, gluon.loss.SoftmaxCrossEntropyLoss()
        net = nn.Dense(2, in_units=2)
        net.initialize()
        trainer = gluon.Trainer(net.collect_params(), "sgd")
        data = gluon.data.DataLoader(gluon.data.ArrayDataset(nd.ones((4, 2)), nd.ones((4,))), 2)
        made = Estimator(net, loss, trainer=trainer)
        made.logger.handlers = []
        {text}
    """
    assert_same(*oracle.both(code))


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda made, data: made.fit(data, epochs=1.5), "Estimator.fit: epochs must be a positive int; received 1.5"),
        (lambda made, data: made.fit(data, batches=-1), "Estimator.fit: batches must be a positive int; received -1"),
        (lambda made, data: es.LoggingHandler(0), "log_interval must be a positive int or 'epoch'; received 0"),
        (lambda made, data: es.CheckpointHandler(3), "model_dir must be a path; received 3"),
    ],
)
def test_what_would_never_end_or_fail_late_is_refused(call, text):
    made, _ = make(mx)
    with pytest.raises(mx.MXNetError, match=text):
        call(made, loader(mx, 5))


def test_warnings():
    net = mx.gluon.nn.Dense(2, in_units=4)
    net.initialize()
    loss = mx.gluon.loss.L2Loss()
    with pytest.warns(UserWarning, match="SGD with a learning rate of 0.001 is used"):
        es.Estimator(net, loss)
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd")
    with pytest.warns(UserWarning, match="initialized already, so that initializer is not used"):
        es.Estimator(net, loss, trainer=trainer, initializer=mx.init.One())
    made, _ = make(mx)
    with pytest.warns(RuntimeWarning, match="EarlyStoppingHandler: accuracy was not updated"):
        made.fit(loader(mx, 5), epochs=1, event_handlers=es.EarlyStoppingHandler(mx.metric.Accuracy(), mode="max"))


def test_each_estimator_logs_for_itself():
    first, _ = make(mx)
    second, _ = make(mx)
    assert first.logger is not second.logger is not logging.getLogger("Estimator")
    assert es.Estimator.logger is None
