"""BucketingModule: a graph for each length, and parameters, gradients and an optimizer for all."""

from __future__ import annotations

import logging
import os

import pytest

import glueball as mx
from tests.comparison import assert_same, succeeded
from tests.errors import class_of
from tests.module.networks import arrays, values


def network(mx):
    """A function that makes the graph for a length."""

    def made(length):
        words = mx.sym.Embedding(mx.sym.var("data"), input_dim=10, output_dim=3, name="words")
        outputs, _ = mx.rnn.LSTMCell(4, prefix="lstm_").unroll(length, words, merge_outputs=True)
        scores = mx.sym.FullyConnected(mx.sym.reshape(outputs, (-1, 4)), num_hidden=10, name="scores")
        label = mx.sym.reshape(mx.sym.var("softmax_label"), (-1,))
        return mx.sym.SoftmaxOutput(scores, label, name="softmax"), ("data",), ("softmax_label",)

    return made


def described(length, size=4):
    return {"data_shapes": [("data", (size, length))], "label_shapes": [("softmax_label", (size, length))]}


def batch(mx, length, size=4):
    import numpy as np

    words = np.random.RandomState(length).randint(0, 10, (2, size, length))
    shapes = described(length, size)
    return mx.io.DataBatch(
        [mx.nd.array(words[0])], [mx.nd.array(words[1])], bucket_key=length, pad=0,
        provide_data=[mx.io.DataDesc(*each) for each in shapes["data_shapes"]],
        provide_label=[mx.io.DataDesc(*each) for each in shapes["label_shapes"]],
    )  # fmt: skip


def parameters(mx):
    shapes = [
        ("words_weight", (10, 3)), ("lstm_i2h_weight", (16, 3)), ("lstm_i2h_bias", (16,)), ("lstm_h2h_weight", (16, 4)),
        ("lstm_h2h_bias", (16,)), ("scores_weight", (10, 4)), ("scores_bias", (10,)),
    ]  # fmt: skip
    return arrays(mx, values(shapes))


def bound(mx, contexts=1, grad_req="write", **options):
    context = [mx.cpu(number) for number in range(contexts)] if contexts > 1 else mx.cpu()
    module = mx.mod.BucketingModule(network(mx), default_bucket_key=6, context=context, **options)
    module.bind(**described(6), grad_req=grad_req)
    module.init_params(arg_params=parameters(mx), aux_params={})
    return module


def ordered(params):
    return {name: params[name] for name in sorted(params)}


def copied(found):
    """The numbers of arrays, which MXNet overwrites when another bucket is used."""
    return [each.asnumpy() for each in found]


def trained(mx, contexts, optimizer, grad_req, fixed, order):
    """Parameters, outputs and states after some steps with batches of several lengths."""
    module = bound(mx, contexts, grad_req, fixed_param_names=fixed)
    module.init_optimizer(optimizer=optimizer, optimizer_params={"learning_rate": 0.2})
    found = []
    for length in order:
        module.forward_backward(batch(mx, length))
        module.update()
        metric = mx.metric.Perplexity(ignore_label=0)
        module.update_metric(metric, batch(mx, length).label)
        names = module.data_names, module.output_names, str(module.data_shapes)
        found.append((metric.get(), copied(module.get_outputs()), names, str(module.label_shapes)))
    return found, ordered(module.get_params()[0]), list(module.get_params()[1])


@pytest.mark.parametrize(
    ("contexts", "optimizer", "grad_req", "fixed"),
    [
        (1, "sgd", "write", None), (1, "adam", "write", ["words_weight"]), (2, "sgd", "write", None),
        (1, "sgd", "add", None), (2, "adam", "write", None),
    ],
)  # fmt: skip
def test_training(oracle, contexts, optimizer, grad_req, fixed):
    order = [6, 3, 3, 5, 6, 5, 8, 3]
    assert_same(*succeeded(oracle.both(trained, contexts, optimizer, grad_req, fixed, order)), rtol=2e-5)


def fitted(mx, epochs):
    """What a language model learns: the log, the perplexity of each epoch, and the parameters."""
    import random

    import numpy as np

    random.seed(1)
    np.random.seed(1)
    made = np.random.RandomState(2)
    sentences = [list(range(first % 9 + 1, first % 9 + 1 + length)) for first, length in made.randint(1, 9, (80, 2))]
    sentences = [[word % 9 + 1 for word in sentence] for sentence in sentences]
    batches = mx.rnn.BucketSentenceIter(sentences, 8, buckets=[4, 8], invalid_label=0)
    checked = mx.rnn.BucketSentenceIter(sentences[:30], 8, buckets=[4, 8], invalid_label=0)
    module = mx.mod.BucketingModule(network(mx), default_bucket_key=batches.default_bucket_key)
    seen = []
    module.fit(
        batches, checked, eval_metric=mx.metric.Perplexity(0), num_epoch=epochs, optimizer="adam",
        optimizer_params={"learning_rate": 0.03}, arg_params=parameters(mx), aux_params={}, initializer=None,
        batch_end_callback=lambda given: seen.append((given.epoch, given.nbatch, given.eval_metric.get_name_value())),
        epoch_end_callback=lambda epoch, symbol, args, auxs: seen.append((epoch, sorted(args), len(auxs))),
    )  # fmt: skip
    predicted = module.predict(checked, merge_batches=False)
    return (
        seen,
        module.score(checked, mx.metric.Perplexity(0)),
        [len(each) for each in predicted],
        ordered(module.get_params()[0]),
    )


def test_fit(oracle):
    assert_same(*succeeded(oracle.both(fitted, 4)), rtol=1e-4)


def placed(mx, contexts, work_load_list, group2ctxs):
    """A network whose layers are on several contexts; their numbers are given."""

    def made(length):
        with mx.AttrScope(ctx_group="words"):
            outputs = mx.sym.Embedding(mx.sym.var("data"), input_dim=10, output_dim=4, name="words")
        with mx.AttrScope(ctx_group="layer"):
            outputs, _ = mx.rnn.LSTMCell(4).unroll(length, outputs, merge_outputs=True)
        with mx.AttrScope(ctx_group="words"):
            scores = mx.sym.FullyConnected(mx.sym.reshape(outputs, (-1, 4)), num_hidden=10, name="scores")
            label = mx.sym.reshape(mx.sym.var("softmax_label"), (-1,))
            return mx.sym.SoftmaxOutput(scores, label, name="softmax"), ("data",), ("softmax_label",)

    groups = {
        name: [mx.cpu(number) for number in numbers] if isinstance(numbers, list) else mx.cpu(numbers)
        for name, numbers in (group2ctxs or {}).items()
    }
    module = mx.mod.BucketingModule(
        made, 6, context=[mx.cpu(number) for number in range(contexts)], work_load_list=work_load_list,
        group2ctxs=groups or None,
    )  # fmt: skip
    module.bind(**described(6))
    module.init_params(mx.init.One())
    module.init_optimizer(optimizer_params={"learning_rate": 0.5, "momentum": 0.9})
    for length in (6, 3, 6):
        module.forward_backward(batch(mx, length))
        module.update()
    group = module._curr_module._exec_group
    where = [[str(array.context) for array in arrays] for arrays in group.param_arrays]
    return copied(module.get_outputs()), where, ordered(module.get_params()[0]), [str(each) for each in group.slices]


@pytest.mark.parametrize(
    ("contexts", "work_load_list", "group2ctxs"),
    [(2, [1, 3], None), (1, None, {"words": 0, "layer": 1}), (2, None, {"words": [0, 1], "layer": [2, 3]})],
)
def test_placing(oracle, contexts, work_load_list, group2ctxs):
    assert_same(*succeeded(oracle.both(placed, contexts, work_load_list, group2ctxs)), rtol=1e-4)


def test_arrays_are_shared():
    module = bound(mx)
    module.init_optimizer()
    for length in (3, 6, 4):
        module.forward_backward(batch(mx, length))
    executors = [each._exec_group.execs[0] for each in module._buckets.values()]
    for name in parameters(mx):
        assert len({executor.arg_dict[name]._data.data_ptr() for executor in executors}) == 1
        assert len({executor.grad_dict[name]._data.data_ptr() for executor in executors}) == 1
    assert len({id(each._optimizer) for each in module._buckets.values()}) == 1


def switched(mx):
    """Which bucket is the current one, and which there are."""
    module = bound(mx)
    found = [(module._curr_bucket_key, list(module._buckets))]
    module.switch_bucket(3, **described(3))
    found.append((module._curr_bucket_key, list(module._buckets), str(module.data_shapes)))
    module.prepare(batch(mx, 5))
    found.append((module._curr_bucket_key, list(module._buckets)))
    module.forward(batch(mx, 5))
    found.append((module._curr_bucket_key, module.get_outputs()[0].shape))
    module.forward(batch(mx, 5, size=2), is_train=False)  # another batch size
    found.append((module._curr_bucket_key, module.get_outputs()[0].shape, str(module.data_shapes)))
    module.switch_bucket(6, None)
    found.append((module._curr_bucket_key, module.symbol.list_arguments(), str(module.data_shapes)))
    module.set_params({"scores_bias": mx.nd.ones((10,))}, {}, allow_missing=True)
    found.append(module.get_params()[0]["scores_bias"])
    return found


def test_switching(oracle):
    assert_same(*succeeded(oracle.both(switched)))


def stateful(mx, contexts):
    """A network whose state goes from batch to batch."""

    def made(length):
        cell = mx.rnn.RNNCell(4)
        states = cell.begin_state(func=mx.sym.var)
        outputs, last = cell.unroll(length, mx.sym.var("data"), begin_state=states, merge_outputs=True)
        scores = mx.sym.SoftmaxOutput(mx.sym.sum(outputs, axis=1), name="softmax")
        return mx.sym.Group([scores, mx.sym.BlockGrad(last[0])]), ("data",), ("softmax_label",)

    shapes = {length: ([("data", (4, length, 3))], [("softmax_label", (4,))]) for length in (3, 5)}
    module = mx.mod.BucketingModule(
        made,
        default_bucket_key=5,
        state_names=["rnn_begin_state_0"],
        context=[mx.cpu(number) for number in range(contexts)],
    )
    module.bind(*shapes[5])
    given = values(
        [("rnn_i2h_weight", (4, 3)), ("rnn_i2h_bias", (4,)), ("rnn_h2h_weight", (4, 4)), ("rnn_h2h_bias", (4,))]
    )
    module.init_params(arg_params=arrays(mx, given), aux_params={})
    module.set_states(value=0.5)
    found = [module.get_states(merge_multi_context=False)]
    for length in (5, 5):
        data = mx.nd.ones((4, length, 3))
        module.forward_backward(
            mx.io.DataBatch([data], [mx.nd.array([0, 1, 2, 3])], bucket_key=length, provide_data=shapes[length][0],
                            provide_label=shapes[length][1])
        )  # fmt: skip
        states = module.get_outputs(merge_multi_context=False)[1]
        found += [copied(module.get_outputs()), module._curr_module._exec_group.grad_arrays]
        module.set_states(states=[states])
        found.append(module.get_states(merge_multi_context=False))
    return found


@pytest.mark.parametrize("contexts", [1, 2])
def test_states(oracle, contexts):
    assert_same(*succeeded(oracle.both(stateful, contexts)), rtol=1e-5)


def watched(mx):
    module = bound(mx)
    monitor = mx.mon.Monitor(1, pattern="scores_output|lstm_t._out_output|softmax_output")
    module.install_monitor(monitor)
    names = []
    for length in (6, 3):
        monitor.tic()
        module.forward(batch(mx, length))
        names += [name for _, name, _ in monitor.toc()]
    return names


def test_a_monitor_sees_later_buckets(oracle):
    assert_same(*succeeded(oracle.both(watched)))


def input_gradients(mx):
    def made(length):
        net = mx.sym.FullyConnected(mx.sym.sum(mx.sym.var("data"), axis=1), num_hidden=2, name="fc")
        return mx.sym.SoftmaxOutput(net, name="softmax"), ["data"], ["softmax_label"]

    module = mx.mod.BucketingModule(made, default_bucket_key=5)
    module.bind([("data", (2, 5, 3))], [("softmax_label", (2,))], inputs_need_grad=True)
    module.init_params(arg_params=arrays(mx, values([("fc_weight", (2, 3)), ("fc_bias", (2,))])), aux_params={})
    found = []
    for length in (5, 2):
        given = mx.io.DataBatch(
            [mx.nd.ones((2, length, 3))], [mx.nd.array([0, 1])], bucket_key=length,
            provide_data=[("data", (2, length, 3))], provide_label=[("softmax_label", (2,))],
        )  # fmt: skip
        module.forward_backward(given)
        found.append(copied(module.get_input_grads()))
    return found


def test_gradients_of_the_inputs(oracle):
    assert_same(*succeeded(oracle.both(input_gradients)), rtol=1e-5)


# --- files --------------------------------------------------------------------------------------------------------


def saved(mx, prefix):
    from pathlib import Path

    module = bound(mx)
    module.switch_bucket(3, **described(3))
    with mx.name.NameManager():
        module.save_checkpoint(prefix, 2)
    endings = "-6-symbol.json", ".buckets"  # MXNet makes the graphs again, and counts names on
    return [Path(f"{prefix}{ending}").read_bytes() for ending in endings]


def loaded(mx, prefix):
    module = mx.mod.BucketingModule.load(prefix, 2, sym_gen=network(mx), default_bucket_key=6)
    found = [
        module.binded,
        module.params_initialized,
        [int(key) for key in module._buckets],
        ordered(module.get_params()[0]),
    ]
    module.bind(**described(6), for_training=False)
    for length in (6, 3, 4):
        module.forward(batch(mx, length))
        found.append(copied(module.get_outputs()))
    return found


def test_files_both_ways(oracle, tmp_path):
    ours = saved(mx, str(tmp_path / "ours"))
    assert ours == oracle.run(saved, str(tmp_path / "theirs"))
    kinds = [
        sorted(name.removeprefix(who) for name in os.listdir(tmp_path) if name.startswith(who))
        for who in ("ours", "theirs")
    ]
    assert kinds[0] == kinds[1]
    for who in ("ours", "theirs"):
        assert_same(*succeeded(oracle.both(loaded, str(tmp_path / who))), rtol=1e-5)


def test_names_count_from_0_in_each_graph(oracle):
    def names(mx):
        module = bound(mx)
        module.switch_bucket(3, **described(3))
        return {key: [node.name for node in each.symbol.get_internals()] for key, each in module._buckets.items()}

    assert_same(*succeeded(oracle.both(names)))


@pytest.mark.filterwarnings("ignore:.*label_names must be:UserWarning")
def test_what_runs_is_what_is_saved(tmp_path):
    """MXNet saves what sym_gen makes, even if another graph was loaded."""
    other = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="other")
    module = mx.mod.BucketingModule.load_dict({6: other}, network(mx), 6, {"other_weight": mx.nd.ones((2, 6))}, {})
    module.save_checkpoint(str(tmp_path / "net"), 1)
    assert mx.sym.load(str(tmp_path / "net-6-symbol.json")).list_outputs() == ["other_output"]


def test_load_dict(oracle):
    def made(mx):
        graphs = {length: network(mx)(length)[0] for length in (6, 3)}
        module = mx.mod.BucketingModule.load_dict(
            graphs, network(mx), 6, parameters(mx), {}, fixed_param_names=["words_weight"]
        )
        module.bind(**described(6))
        module.forward_backward(batch(mx, 3))
        gradients = module._curr_module._exec_group.grad_arrays
        return list(module._buckets), module.get_outputs(), [each[0] is None for each in gradients]

    assert_same(*succeeded(oracle.both(made)), rtol=1e-5)


def test_keys_that_are_tuples(tmp_path):
    """MXNet writes such a checkpoint, and cannot read it."""
    module = mx.mod.BucketingModule(lambda key: network(mx)(key[0]), default_bucket_key=(6, 1))
    module.bind(**described(6))
    module.init_params()
    module.save_checkpoint(tmp_path / "net", 1)
    again = mx.mod.BucketingModule.load(
        tmp_path / "net", 1, sym_gen=lambda key: network(mx)(key[0]), default_bucket_key=(6, 1)
    )
    assert list(again._buckets) == [(6, 1)]


def test_keys_that_are_no_numbers_cannot_be_saved(tmp_path):
    module = mx.mod.BucketingModule(lambda key: network(mx)(6), default_bucket_key="six")
    module.bind(**described(6))
    module.init_params()
    with pytest.raises(TypeError, match=r"keys of buckets must be ints.*received \['six'\]"):
        module.save_checkpoint(str(tmp_path / "net"), 1)
    assert not os.listdir(tmp_path)


# --- mistakes -----------------------------------------------------------------------------------------------------


def mistakes(mx):
    """What goes wrong, each with a module of its own."""
    make, gen = mx.mod.BucketingModule, network(mx)
    unfilled = make(gen, default_bucket_key=6)
    unfilled.bind(**described(6))

    def wrong(data=("data",), labels=("softmax_label",)):
        return make(lambda length: (gen(length)[0], data, labels), default_bucket_key=6)

    return [
        lambda: make(gen), lambda: make(3, default_bucket_key=6), lambda: make(lambda length: gen(length)[:2], 6),
        lambda: wrong(data=("x",)), lambda: make(gen, 6, fixed_param_names=["x"]),
        lambda: make(gen, 6, state_names=["x"]),
        lambda: make(gen, 6).symbol, lambda: make(gen, 6).data_shapes, lambda: make(gen, 6).get_params(),
        lambda: make(gen, 6).init_params(), lambda: make(gen, 6).forward(batch(mx, 6)),
        lambda: make(gen, 6).save_checkpoint("x", 1), lambda: make(gen, 6).switch_bucket(3, **described(3)),
        lambda: make(gen, 6).bind(**described(6), shared_module=unfilled),
        lambda: unfilled.init_optimizer(), lambda: unfilled.switch_bucket(3, **described(3)),
        lambda: bound(mx).switch_bucket(3, None), lambda: bound(mx).forward(mx.io.DataBatch([mx.nd.ones((4, 6))])),
        lambda: bound(mx).get_states(), lambda: bound(mx).get_input_grads(), lambda: bound(mx).update(),
        lambda: bound(mx).set_params({"x": mx.nd.ones((2,))}, {}, allow_missing=True),
        lambda: bound(mx).set_params({}, {}), lambda: make.load("x", 1), lambda: make.load_dict(sym_gen=gen),
        lambda: make.load("/nowhere/x", 1, sym_gen=gen, default_bucket_key=6),
    ]  # fmt: skip


def classes(mx):
    import warnings

    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for mistake in mistakes(mx):
            try:
                found.append(mistake())
            except Exception as error:
                found.append(class_of(error))
    return found


def test_mistakes(oracle):
    for mistake, expected in zip(mistakes(mx), oracle.run(classes), strict=True):
        with pytest.raises(mx.MXNetError) as raised:
            mistake()
        assert expected in [kind.__name__ for kind in type(raised.value).__mro__], (expected, raised.value)


def test_a_bucket_needs_no_parameter_of_its_own():
    def made(length):
        net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
        net = mx.sym.FullyConnected(net, num_hidden=2, name="more") if length == 3 else net
        return mx.sym.SoftmaxOutput(net, name="softmax"), ["data"], ["softmax_label"]

    module = mx.mod.BucketingModule(made, default_bucket_key=5)
    module.bind([("data", (2, 5))], [("softmax_label", (2,))])
    module.init_params()
    with pytest.raises(mx.MXNetError, match=r"the default bucket must have the parameters.*more_weight, more_bias"):
        module.switch_bucket(3, [("data", (2, 5))], [("softmax_label", (2,))])


def test_gradients_are_not_compressed():
    module = mx.mod.BucketingModule(network(mx), default_bucket_key=6, compression_params={"type": "2bit"})
    module.bind(**described(6))
    module.init_params()
    with pytest.raises(mx.MXNetError, match="compression_params must be None in one process"):
        module.init_optimizer()


def test_binding_again(caplog):
    module = bound(mx)
    module.init_optimizer(optimizer="adam")
    module.forward_backward(batch(mx, 3))
    module.update()
    before = module.get_params()[0]["scores_bias"].asnumpy()
    with caplog.at_level(logging.WARNING):
        module.bind(**described(6))
        module.init_optimizer()
    assert [message.partition(":")[0] for message in caplog.messages] == [
        "BucketingModule.bind", "BucketingModule.init_optimizer",
    ]  # fmt: skip
    module.bind(**described(6, size=2), force_rebind=True)
    assert (module.get_params()[0]["scores_bias"].asnumpy() == before).all()
    module.forward_backward(batch(mx, 3, size=2))
    module.update()  # the optimizer is still there
    assert (module.get_params()[0]["scores_bias"].asnumpy() != before).any()
