"""Callbacks log the same lines as MXNet's at the same times."""

from __future__ import annotations

import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.module.test_loops import logged


def called(mx, make, calls, batches_between):
    """Call a callback for (epoch, batch) pairs, with a metric that is updated in between, or None."""
    metric = mx.metric.create(["acc", "ce"])
    label = [mx.nd.array([0, 1])]
    callback = eval(make, {"mx": mx})

    def run():
        for number, (epoch, nbatch) in enumerate(calls):
            if batches_between is not None:
                for _ in range(batches_between):
                    share = 0.1 + 0.1 * number
                    metric.update(label, [mx.nd.array([[0.9, 0.1], [share, 1 - share]])])
            callback(mx.model.BatchEndParam(epoch, nbatch, None if batches_between is None else metric, None))

    lines = logged(run)
    return lines, [float(value) for value in metric.get()[1]], [float(value) for value in metric.get_global()[1]]


EPOCHS = [(0, number) for number in range(8)] + [(1, number) for number in range(5)]


@pytest.mark.parametrize(
    "make",
    [
        "mx.callback.Speedometer(20, 2)",
        "mx.callback.Speedometer(20, 3, auto_reset=False)",
        "mx.callback.Speedometer(20)",
        "mx.callback.log_train_metric(2)",
        "mx.callback.log_train_metric(3, auto_reset=True)",
        "mx.callback.ProgressBar(5, 10)",
        "mx.callback.ProgressBar(total=7)",
        "mx.callback.LogValidationMetricsCallback()",
    ],
)
@pytest.mark.parametrize("batches_between", [1, None])
def test_lines(oracle, make, batches_between):
    ours, theirs = oracle.both(called, make, EPOCHS, batches_between)
    assert_same(ours, theirs, rtol=1e-5)


def test_epochs_that_begin_late(oracle):
    calls = [(0, 3), (0, 4), (0, 6), (1, 1), (1, 2), (1, 4)]
    assert_same(*oracle.both(called, "mx.callback.Speedometer(4, 2)", calls, 1), rtol=1e-5)


def saved(mx, period):
    import os
    import tempfile

    folder = tempfile.mkdtemp()
    save = mx.callback.do_checkpoint(os.path.join(folder, "net"), period)
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    for epoch in range(5):
        save(epoch, net, {"fc_bias": mx.nd.ones(2)}, {"x": mx.nd.zeros(1)})
    return sorted(os.listdir(folder))


@pytest.mark.parametrize("period", [1, 2, 0, -3])
def test_checkpoints(oracle, period):
    assert_same(*oracle.both(saved, period))


def test_module_checkpoint_calls_the_module():
    calls = []

    class Net:
        def save_checkpoint(self, *arguments):
            calls.append(arguments)

    save = mx.callback.module_checkpoint(Net(), "net", period=2, save_optimizer_states=True)
    for epoch in range(4):
        save(epoch)
    assert calls == [("net", 2, True), ("net", 4, True)]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: mx.callback.Speedometer(4, 0), "Speedometer: frequent must be 1 or more; received 0"),
        (lambda: mx.callback.log_train_metric(0), "log_train_metric: period must be 1 or more; received 0"),
        (lambda: mx.callback.ProgressBar(0), "ProgressBar: total must be 1 or more batches; received 0"),
        (lambda: mx.callback.do_checkpoint("x", 1.5), "do_checkpoint: period must be an int; received 1.5"),
        (lambda: mx.callback.module_checkpoint(None, "x", "2"), "module_checkpoint: period must be an int"),
    ],
)
def test_refusals(make, text):
    with pytest.raises(mx.MXNetError, match=text):
        make()
