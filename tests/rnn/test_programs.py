"""Whole programs of the time before Gluon: what they learn, and what they print, under both libraries."""

from __future__ import annotations

import pytest

from tests.comparison import assert_same, succeeded


def filler(mx):
    """An initializer that draws the same numbers under both libraries, parameter by parameter."""
    import numpy as np

    class Same(mx.init.Initializer):
        def __init__(self):
            super().__init__()
            self.random = np.random.RandomState(7)

        def _init_weight(self, name, arr):
            arr[:] = self.random.normal(0, 0.2, arr.shape)

    return Same()


def sentences():
    """Sentences in which a word says much of the next one."""
    import numpy as np

    random = np.random.RandomState(0)
    found = []
    for length in random.randint(2, 10, 120):
        words = [int(random.randint(1, 20))]
        for _ in range(length):
            words.append((words[-1] * 3 + int(random.randint(2))) % 20 + 1)
        found.append(words)
    return found


def language_model(mx, mode, bidirectional, prefix):
    """Train a fused network on buckets, save it each epoch, and score its parts, step by step, with what was saved."""
    import random

    import numpy as np

    random.seed(1)
    np.random.seed(1)
    rnn, sym = mx.rnn, mx.sym
    batches = {
        layout: rnn.BucketSentenceIter(sentences(), 8, buckets=[5, 10], invalid_label=0, layout=layout)
        for layout in ("TN", "NT")
    }
    cell = rnn.FusedRNNCell(6, num_layers=2, mode=mode, bidirectional=bidirectional)

    def network(cell, layout):
        def made(length):
            words = sym.Embedding(sym.var("data"), input_dim=22, output_dim=5, name="words")
            cell.reset()
            outputs, _ = cell.unroll(length, inputs=words, merge_outputs=True, layout=layout + "C")
            scores = sym.FullyConnected(
                sym.reshape(outputs, (-1, 6 * (1 + bidirectional))), num_hidden=22, name="scores"
            )
            label = sym.reshape(sym.var("softmax_label"), (-1,))
            return sym.SoftmaxOutput(scores, label, name="softmax"), ("data",), ("softmax_label",)

        return made

    module = mx.mod.BucketingModule(network(cell, "TN"), batches["TN"].default_bucket_key)
    seen = []
    module.fit(
        batches["TN"], eval_data=batches["TN"], eval_metric=mx.metric.Perplexity(0), optimizer="adam",
        optimizer_params={"learning_rate": 0.02, "wd": 1e-5}, initializer=filler(mx), num_epoch=2,
        epoch_end_callback=rnn.do_rnn_checkpoint(cell, prefix), eval_end_callback=lambda given: seen.append(
            given.eval_metric.get_name_value()
        ),
    )  # fmt: skip
    parts = cell.unfuse()
    other = mx.mod.BucketingModule(network(parts, "NT"), batches["NT"].default_bucket_key)
    other.bind(batches["NT"].provide_data, batches["NT"].provide_label, for_training=False)
    other.set_params(*rnn.load_rnn_checkpoint(parts, prefix, 2)[1:])
    return seen, other.score(batches["NT"], mx.metric.Perplexity(0))


@pytest.mark.parametrize(("mode", "bidirectional"), [("lstm", False), ("gru", True), ("rnn_relu", False)])
def test_language_model(oracle, tmp_path, mode, bidirectional):
    found = succeeded(oracle.both(language_model, mode, bidirectional, str(tmp_path / "net")))
    assert_same(*found, rtol=1e-4)


def truncated(mx):
    """Backpropagation through a few steps: the states go from batch to batch."""
    import numpy as np

    steps, size, units = 5, 4, 6
    outputs = mx.sym.Embedding(
        mx.sym.var("data"), mx.sym.var("words", init=mx.init.One()), input_dim=20, output_dim=units
    )
    names, states = [], []
    for number in range(2):
        cell = mx.rnn.FusedRNNCell(units, prefix=f"l{number}_", get_next_state=True, forget_bias=0.0)
        names += [f"l{number}_hidden", f"l{number}_cell"]
        begin = [mx.sym.var(name, shape=(1, size, units)) for name in names[-2:]]
        outputs, following = cell.unroll(steps, outputs, begin_state=begin, merge_outputs=True, layout="TNC")
        states += following
    scores = mx.sym.FullyConnected(mx.sym.reshape(outputs, (-1, units)), num_hidden=20, name="scores")
    chosen = mx.sym.pick(mx.sym.log_softmax(scores), mx.sym.reshape(mx.sym.var("label"), (-1,)), axis=-1)
    net = mx.sym.Group([mx.sym.MakeLoss(mx.sym.mean(-chosen))] + [mx.sym.BlockGrad(state) for state in states])
    module = mx.mod.Module(net, label_names=["label"], state_names=names)
    module.bind([("data", (steps, size))], [("label", (steps, size))])
    module.init_params(filler(mx))
    module.init_optimizer(optimizer_params={"learning_rate": 0.5, "rescale_grad": 1.0})
    module.set_states(value=0)
    text = np.cumsum(np.random.RandomState(3).randint(1, 4, (6 * steps + 1, size)), 0) % 20
    losses = []
    for first in range(0, 6 * steps, steps):
        words, following = (mx.nd.array(text[first + shift : first + shift + steps]) for shift in (0, 1))
        module.forward(mx.io.DataBatch([words], [following]))
        loss, *states = module.get_outputs(merge_multi_context=False)
        module.backward()
        module.update()
        module.set_states(states=states)
        losses.append(loss[0].asnumpy())
    return losses, [state[0].asnumpy() for state in module.get_states(merge_multi_context=False)]


@pytest.mark.filterwarnings("ignore:.*rescale_grad:UserWarning")
def test_states_go_from_batch_to_batch(oracle):
    assert_same(*succeeded(oracle.both(truncated)), rtol=1e-4)


def translation(mx):
    """An encoder whose states a decoder begins with."""
    import numpy as np

    sym = mx.sym
    encoder, decoder = [mx.rnn.GRUCell(6, prefix=prefix) for prefix in ("encoder_", "decoder_")]
    source, target = [
        sym.Embedding(sym.var(name), input_dim=9, output_dim=4, name=f"words_of_{name}")
        for name in ("source", "target")
    ]
    states = encoder.unroll(4, source)[1]
    outputs, _ = decoder.unroll(4, target, begin_state=states, merge_outputs=True)
    scores = sym.FullyConnected(sym.reshape(outputs, (-1, 6)), num_hidden=9, name="scores")
    net = sym.SoftmaxOutput(scores, sym.reshape(sym.var("label"), (-1,)), name="softmax")
    words = np.random.RandomState(1).randint(0, 9, (32, 4))
    batches = mx.io.NDArrayIter(
        {"source": words, "target": np.roll(words[:, ::-1], 1, 1)}, {"label": words[:, ::-1]}, batch_size=8
    )
    module = mx.mod.Module(net, data_names=["source", "target"], label_names=["label"])
    module.fit(
        batches, num_epoch=3, initializer=filler(mx), eval_metric=mx.metric.Perplexity(None), optimizer="adam",
        optimizer_params={"learning_rate": 0.05},
    )  # fmt: skip
    return module.score(batches, mx.metric.Perplexity(None)), sorted(module.get_params()[0])


def test_an_encoder_and_a_decoder(oracle):
    assert_same(*succeeded(oracle.both(translation)), rtol=1e-4)
