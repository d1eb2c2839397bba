"""``mx.contrib.tensorboard``: the calls of MXNet's callback, and files that TensorBoard reads."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import glueball as mx
from glueball import nd
from tests.comparison import assert_same

Tensorboard = mx.contrib.tensorboard


@pytest.fixture
def written(tmp_path):
    """A folder to write to, and a function that reads it as TensorBoard does."""
    accumulator = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator", reason="needs pip install 'glueball[tensorboard]'"
    )

    def read(folder=tmp_path):
        events = accumulator.EventAccumulator(str(folder))
        events.Reload()
        return events

    return str(tmp_path), read


def logged(mx):
    """What MXNet's callback tells a writer, which a stand-in for its package takes down."""
    import sys
    import types

    calls = []

    class Writer:
        def __init__(self, *args):
            calls.append(args)

        def add_scalar(self, tag, value, global_step=None):
            calls.append((tag, round(float(value), 6), global_step))

    package = types.ModuleType("mxboard")
    package.SummaryWriter = Writer
    sys.modules["mxboard"] = package
    from_mxnet = mx.__name__ == "mxnet"
    module = __import__(mx.__name__ + ".contrib.tensorboard", fromlist=["LogMetricsCallback"])
    kept = getattr(module, "SummaryWriter", None)
    if not from_mxnet:
        module.SummaryWriter = Writer
    try:
        metric = mx.metric.create(["acc", "ce"])
        metric.update([mx.nd.array([1, 0])], [mx.nd.array([[0.25, 0.75], [0.5, 0.5]])])
        for callback in (module.LogMetricsCallback("logs", prefix="train"), module.LogMetricsCallback("logs")):
            for epoch, each in ((3, metric), (4, metric), (5, None)):
                callback(mx.model.BatchEndParam(epoch=epoch, nbatch=1, eval_metric=each, locals=None))
    finally:
        del sys.modules["mxboard"]
        if not from_mxnet:
            module.SummaryWriter = kept
    return calls, sorted(vars(callback))


def test_the_callback_logs_what_mxnets_does(oracle):
    assert_same(*oracle.both(logged))


def test_a_training_is_logged(written):
    folder, read = written
    data = mx.io.NDArrayIter(np.random.rand(40, 5).astype("float32"), np.zeros(40, dtype="float32"), batch_size=10)
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2), name="softmax")
    log = Tensorboard.LogMetricsCallback(folder, prefix="train")
    mx.mod.Module(net).fit(data, num_epoch=2, batch_end_callback=log)
    log.summary_writer.close()
    steps = [event.step for event in read().Scalars("train-accuracy")]
    assert steps == [0, 0, 0, 0, 1, 1, 1, 1]


def test_everything_is_written(written):
    folder, read = written
    with Tensorboard.SummaryWriter(folder) as writer:
        assert writer.get_logdir() == folder
        writer.add_scalar("number", nd.array([2.5]), 7)
        writer.add_scalar("pair", ("a", 1.0), 1)
        writer.add_scalar("both", {"a": 1.0, "b": nd.array([2])}, 1)
        writer.add_histogram("weights", nd.arange(10), 1)
        writer.add_histogram("weights in bins", nd.arange(10), 1, bins=5)
        writer.add_image("gray", nd.random.uniform(shape=(8, 6)), 1)
        writer.add_image("picture", nd.random.uniform(shape=(3, 8, 6)), 1)
        writer.add_image("pictures", nd.zeros((2, 3, 8, 6), dtype="uint8"), 1)
        writer.add_text("text", "**bold**", 1)
        writer.add_audio("sound", nd.random.uniform(-1, 1, shape=(100,)), 8000, 1)
        writer.add_pr_curve("curve", nd.array([0, 1, 1]), nd.array([0.2, 0.7, 0.9]), global_step=1)
        writer.flush()
    found = read()
    tags = found.Tags()
    assert [(event.step, event.value) for event in found.Scalars("number")] == [(7, 2.5)]
    assert set(tags["histograms"]) == {"weights", "weights in bins"}
    assert found.Histograms("weights")[0].histogram_value.num == 10
    assert set(tags["images"]) == {"gray", "picture", "pictures"}
    assert found.Images("picture")[0].width == 6
    assert tags["audio"] == ["sound"]
    assert read(f"{folder}/both_b").Scalars("both")[0].value == 2


def test_what_is_refused(written):
    with (
        Tensorboard.SummaryWriter(written[0]) as writer,
        pytest.raises(mx.MXNetError, match=r"2, 3 or 4 axes; received the shape \(5,\)"),
    ):
        writer.add_image("line", nd.zeros(5))


def test_without_tensorboard_the_line_for_pip_is_said(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(ImportError, match=r"pip install 'glueball\[tensorboard\]'"):
        Tensorboard.LogMetricsCallback(str(tmp_path))


def test_a_network_is_drawn_as_a_graph(written):
    folder, read = written
    net = mx.gluon.nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(mx.gluon.nn.Dense(4, activation="relu"), mx.gluon.nn.Dense(2))
    with Tensorboard.SummaryWriter(folder) as writer:
        writer.add_graph(net)
        for wrong in (3, mx.gluon.nn.Sequential()):
            with pytest.raises(mx.MXNetError, match=r"add_graph: data must be a Symbol, or a HybridBlock"):
                writer.add_graph(wrong)
    nodes = {node.name: node for node in read().Graph().node}
    assert nodes["data"].op == "Variable"
    assert list(nodes["net_dense0_fwd"].input) == ["data", "net_dense0_weight", "net_dense0_bias"]
    assert nodes["net_dense1_fwd"].attr["num_hidden"].s == b"2"


def test_points_with_labels_and_pictures_are_written(written, tmp_path):
    folder, _ = written
    with Tensorboard.SummaryWriter(folder) as writer:
        images = nd.random.uniform(shape=(4, 3, 8, 8))
        writer.add_embedding("points", nd.arange(12).reshape((4, 3)), nd.array([1, 2, 3, 4]), images, global_step=7)
        with pytest.raises(mx.MXNetError, match=r"labels must be one for each of 2 points; received 1"):
            writer.add_embedding("points", nd.ones((2, 3)), labels=["a"])
        with pytest.raises(mx.MXNetError, match=r"embedding must have 2 axes"):
            writer.add_embedding("points", nd.ones(3))
    (tensors,) = tmp_path.glob("**/tensors.tsv")
    assert np.loadtxt(tensors).tolist() == np.arange(12.0).reshape(4, 3).tolist()
    assert (tensors.parent / "metadata.tsv").read_text().split() == ["1.0", "2.0", "3.0", "4.0"]
