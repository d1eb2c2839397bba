"""Monitor: MXNet's names and numbers for the same graph, except its backward nodes and hidden outputs."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same


def watched(mx, stat, options, batches):
    import numpy as np

    functions = {None: None, "range": lambda array: [array.max(), array.min()], "whole": lambda array: array * 2}
    fc = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    net = mx.sym.SoftmaxOutput(mx.sym.BatchNorm(fc, fix_gamma=False, name="bn"), name="softmax")
    executor = net.simple_bind(mx.cpu(), data=(2, 3), softmax_label=(2,))
    for array in (*executor.arg_arrays, *executor.aux_arrays):
        array[:] = np.arange(array.size).reshape(array.shape) / 8
    monitor = mx.mon.Monitor(stat_func=functions[stat], **options)
    monitor.install(executor)
    found = []
    for _ in range(batches):
        monitor.tic()
        executor.forward(is_train=True)
        executor.backward()
        hidden = ("bn_mean", "bn_var")
        seen = [entry for entry in monitor.toc() if "backward" not in entry[1] and entry[1] not in hidden]
        # numbers separately, since their last digits differ
        texts = [
            (step, name, np.array(text.replace("[", " ").replace("]", " ").split(), "float32"), text.count("\t"))
            for step, name, text in seen
        ]
        found.append((texts, monitor.step, monitor.activated))
    return found


@pytest.mark.parametrize("stat", [None, "range", "whole"])
@pytest.mark.parametrize(
    "options", [{"interval": 1}, {"interval": 2, "sort": True}, {"interval": 3, "pattern": "fc|.*moving.*|bn_output"}]
)
def test_what_is_seen_is_what_mxnet_sees(oracle, stat, options):
    ours, theirs = oracle.both(watched, stat, options, 4)
    assert len(theirs.get()[0][0]) > 3
    assert_same(ours, theirs)


def test_inputs_too(oracle):
    ours, theirs = oracle.both(watched, None, {"interval": 1, "monitor_all": True, "sort": True}, 1)
    known = {name for _, name, *_ in theirs.get()[0][0]}
    seen = [name for _, name, *_ in ours.get()[0][0]]
    unnamed = {"act_data"}  # which MXNet calls act_input0
    assert set(seen) - known <= unnamed and {"fc_data", "fc_weight", "bn_moving_mean"} <= set(seen)


def test_fit_logs(caplog):
    net = mx.sym.LinearRegressionOutput(
        mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=1, name="fc"), mx.sym.var("label"), name="out"
    )
    module = mx.mod.Module(net, label_names=["label"])
    data = mx.io.NDArrayIter(np.ones((4, 2)), np.ones(4), 2, label_name="label")
    with caplog.at_level(logging.INFO):
        module.fit(data, num_epoch=1, eval_metric="mse", monitor=mx.mon.Monitor(2, pattern="fc_.*"))
    lines = [line.split()[:3] for line in caplog.messages if line.startswith("Batch:")]
    assert lines == [["Batch:", "1", name] for name in ("fc_output", "fc_weight", "fc_bias")]


def test_refusals():
    with pytest.raises(MXNetError, match="interval must be a positive int; received 0"):
        mx.mon.Monitor(0)
    executor = mx.sym.relu(mx.sym.var("data")).bind(mx.cpu(), {"data": mx.nd.ones(2)})
    monitor = mx.mon.Monitor(1, stat_func=lambda array: array.asnumpy().sum())
    monitor.install(executor)
    monitor.tic()
    executor.forward()
    with pytest.raises(MXNetError, match=r"stat_func must give an NDArray or a list of them; received .*2.0"):
        monitor.toc()
