"""Checkpoints travel between the two libraries, in both directions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.module.networks import batch, bound, dense_net, iterator

SHARED = Path(__file__).resolve().parents[3] / "shared"


def trained(mx, prefix):
    module = bound(mx, batch_norm=True)
    module.init_optimizer(optimizer_params={"learning_rate": 0.5, "momentum": 0.9})
    for seed in range(3):
        module.forward_backward(batch(mx, seed=seed))
        module.update()
        # On a busy machine MXNet now and then reads the statistics of BatchNorm before their last update is written.
        mx.nd.waitall()
    module.save_checkpoint(prefix, 7)
    module.save_params(prefix + ".params")
    module.forward(batch(mx), is_train=False)
    return module.get_outputs(), module.get_params()


def reloaded(mx, prefix, way):
    if way == "load":
        module = mx.mod.Module.load(prefix, 7)
    else:
        symbol, args, states = mx.model.load_checkpoint(prefix, 7)
        module = mx.mod.Module(symbol)
    module.bind([("data", (4, 5))], [("softmax_label", (4,))], for_training=way == "load")
    if way == "checkpoint":
        module.set_params(args, states)
    elif way == "params":
        module.load_params(prefix + ".params")
    module.forward(batch(mx), is_train=False)
    return module.get_outputs(), module.get_params()


@pytest.mark.parametrize("way", ["load", "checkpoint", "params"])
def test_checkpoints_travel(oracle, tmp_path, way):
    mine, other = str(tmp_path / "mine"), str(tmp_path / "other")
    expected = oracle.run(trained, other)
    assert_same(oracle.both(reloaded, other, way)[0].get(), expected)
    ours, theirs = oracle.both(trained, mine)
    assert_same(ours, theirs, rtol=1e-4, atol=1e-6)
    assert_same(oracle.run(reloaded, mine, way), ours.get())
    assert (tmp_path / "mine-symbol.json").exists() and (tmp_path / "mine-0007.params").exists()


def test_the_files_are_the_same(oracle, tmp_path):
    program = """
        net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc"), name="softmax")
        module = mx.mod.Module(net)
        module.bind([("data", (4, 5))], [("softmax_label", (4,))])
        module.init_params(mx.init.One())
        module.save_checkpoint(prefix, 12)
        from pathlib import Path
        return [Path(prefix + end).read_bytes() for end in ("-symbol.json", "-0012.params")]"""
    ours, theirs = oracle.both(program, prefix=str(tmp_path / "net"))
    assert_same(ours, theirs)


def test_training_goes_on_where_it_stopped(tmp_path):
    prefix = str(tmp_path / "net")
    options = {"learning_rate": 0.5, "momentum": 0.9}
    module = bound(mx)
    module.init_optimizer(optimizer_params=options)
    module.forward_backward(batch(mx))
    module.update()
    module.save_checkpoint(prefix, 1, save_optimizer_states=True)
    again = mx.mod.Module.load(prefix, 1, load_optimizer_states=True)
    again.bind([("data", (4, 5))], [("softmax_label", (4,))])
    again.init_optimizer(optimizer_params=options)
    for each in (module, again):
        each.forward_backward(batch(mx, seed=9))
        each.update()
    for name, value in module.get_params()[0].items():
        np.testing.assert_array_equal(again.get_params()[0][name].asnumpy(), value.asnumpy())


def test_damaged_states_change_nothing(tmp_path):
    path = tmp_path / "states"
    module = bound(mx)
    module.init_optimizer(optimizer_params={"momentum": 0.9})
    module.forward_backward(batch(mx))
    module.update()
    module.save_optimizer_states(path)
    before = module._updater.states[0].asnumpy()
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(mx.MXNetError):
        module.load_optimizer_states(path)
    np.testing.assert_array_equal(module._updater.states[0].asnumpy(), before)


def deployed(mx):
    """As programs do that only predict: no label, so that the label of the graph is a parameter without a value."""
    from collections import namedtuple

    Batch = namedtuple("Batch", ["data"])
    module = mx.mod.Module(dense_net(mx), label_names=None)
    module.bind([("data", (4, 5))], for_training=False, label_shapes=module._label_shapes)
    args, states = bound(mx).get_params()
    module.set_params(args, states, allow_missing=True)
    module.forward(Batch(batch(mx).data))
    return module.get_outputs(), sorted(module.get_params()[0])


def test_prediction_without_labels(oracle):
    assert_same(*oracle.both(deployed))


def loaded(mx, arrays_in_file, options):
    import os
    import tempfile

    prefix = os.path.join(tempfile.mkdtemp(), "net")
    values = {name: mx.nd.ones(shape) for name, shape in arrays_in_file.items()}
    mx.model.save_checkpoint(prefix, 1, dense_net(mx), values, {})
    module = mx.mod.Module.load(prefix, 1, **options)
    module.bind([("data", (2, 5))], [("softmax_label", (2,))])
    return module.get_params(), module._exec_group.execs[0].arg_dict


def test_parameters_missing_or_too_many(oracle):
    for arrays_in_file in ({"fc1_weight": (3, 5)}, {"fc1_weight": (3, 5), "zz": (1,)}):
        assert_same(*oracle.both(loaded, arrays_in_file, {}))


@pytest.mark.parametrize("name", ["fc1_weight", "foo:fc1_weight"])
def test_names_in_a_parameter_file(oracle, tmp_path, name):
    program = """
        nd.save(path, {name: nd.ones((3, 5))})
        module = mx.mod.Module(mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=3, name="fc1"), label_names=None)
        module.bind([("data", (2, 5))])
        module.load_params(path)"""
    ours, theirs = oracle.both(program, path=str(tmp_path / "x"), name=name)
    assert_same(ours, theirs)
    assert f"must begin with 'arg:' or 'aux:'; received '{name}'" in ours.message


def test_callbacks_save_checkpoints(tmp_path):
    prefix = str(tmp_path / "net")
    module = mx.mod.Module(dense_net(mx))
    module.fit(
        iterator(mx),
        num_epoch=4,
        epoch_end_callback=[
            mx.callback.do_checkpoint(prefix + "-a", period=2),
            mx.callback.module_checkpoint(module, prefix + "-b", period=3, save_optimizer_states=True),
        ],
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "net-a-0002.params", "net-a-0004.params", "net-a-symbol.json",
        "net-b-0003.params", "net-b-0003.states", "net-b-symbol.json",
    ]  # fmt: skip


def lenet(mx, prefix, images, labels):
    data = mx.io.NDArrayIter(images, labels, 100)
    module = mx.mod.Module.load(prefix, 10)
    module.bind(data.provide_data, data.provide_label, for_training=False)
    logits = mx.mod.Module(module.symbol.get_internals()["fc3_output"], label_names=None)
    logits.bind(data.provide_data, for_training=False)
    logits.set_params(*module.get_params())
    (name, accuracy), = module.score(data, "acc")  # fmt: skip
    return name, float(accuracy), logits.predict(data, num_batch=3), module.predict(data, num_batch=3)


def test_lenet_on_mnist(oracle):
    """A network that MXNet 1.3.1 wrote, on digits it has not seen."""
    folder, digits = SHARED / "models" / "lenet", SHARED / "data" / "mnist-10k"
    if not (folder.exists() and digits.exists()):
        pytest.skip("the trained LeNet and the digits lie beside the repository: ../shared is absent")
    images, labels = mx.gluon.data.vision.MNIST(str(digits), train=False)[:]
    images = images.asnumpy().transpose(0, 3, 1, 2).astype("float32") / 255
    ours, theirs = oracle.both(lenet, str(folder / "LeNet"), images, labels.astype("float32"))
    assert ours.get()[1] > 0.97
    assert_same(ours, theirs, rtol=1e-4)


@pytest.mark.parametrize("optimizer", ["adam", "nadam", "sgd"])
def test_counts_go_on_with_the_states(tmp_path, optimizer):
    """With the optimizer in the file, or, as MXNet's programs say it, with the number of updates."""
    path, ways = tmp_path / "states", ({"dump_optimizer": True}, {})
    options = {"learning_rate": 0.1}

    def steps(module, *seeds):
        for seed in seeds:
            module.forward_backward(batch(mx, seed=seed))
            module.update()
        return module

    def resumed(first, options):
        module = bound(mx)
        module.set_params(*first.get_params())
        module.init_optimizer(optimizer=optimizer, optimizer_params=options)
        module.load_optimizer_states(path)
        return steps(module, 3, 4).get_params()[0]["fc1_weight"].asnumpy()

    def scheduler():
        return mx.lr_scheduler.FactorScheduler(2, 0.5, base_lr=0.1)

    whole, first = bound(mx), bound(mx)
    for each in (whole, first):
        each.init_optimizer(optimizer=optimizer, optimizer_params={**options, "lr_scheduler": scheduler()})
    expected = steps(whole, 1, 2, 3, 4).get_params()[0]["fc1_weight"].asnumpy()
    steps(first, 1, 2)
    for way in ways:
        first.save_optimizer_states(path, **way)
        begun = {} if way else {"begin_num_update": 2}
        if optimizer != "nadam" or way:  # Nadam has a number of its own, which the states of MXNet lack
            found = resumed(first, {**options, "lr_scheduler": scheduler(), **begun})
            np.testing.assert_array_equal(found, expected)
    first.save_optimizer_states(path)
    assert not np.array_equal(resumed(first, {**options, "lr_scheduler": scheduler()}), expected)


def gone_on(mx, optimizer, path):
    """The parameters after two epochs, of which the second begins with the states and the number of updates."""
    first, second = bound(mx), bound(mx)
    for module, begun in ((first, 0), (second, 3)):
        if begun:
            first.save_optimizer_states(path)
            module.set_params(*first.get_params())
        module.init_optimizer(optimizer=optimizer, optimizer_params={"learning_rate": 0.1, "begin_num_update": begun})
        if begun:
            module.load_optimizer_states(path)
        for each in iterator(mx):
            module.forward_backward(each)
            module.update()
    return second.get_params()


@pytest.mark.parametrize("optimizer", ["adam", "nadam", "sgd"])
def test_the_number_of_updates_is_said_as_in_mxnet(oracle, tmp_path, optimizer):
    assert_same(*oracle.both(gone_on, optimizer, str(tmp_path / "states")), rtol=1e-5)


def test_the_size_of_a_batch_is_that_of_the_training_that_loads(tmp_path):
    path, module = tmp_path / "states", bound(mx)
    module.init_optimizer(optimizer_params={"momentum": 0.9, "rescale_grad": 0.5})
    module.save_optimizer_states(path, dump_optimizer=True)
    again = bound(mx)
    again.init_optimizer(optimizer_params={"momentum": 0.5})
    again.load_optimizer_states(path)
    assert again._optimizer.momentum == 0.9
    assert again._optimizer.rescale_grad == 0.25


def test_mxnets_form_has_states_alone(tmp_path):
    module = bound(mx)
    module.init_optimizer()
    with pytest.raises(mx.MXNetError, match=r"^Module.save_optimizer_states: dump_optimizer must be False with format"):
        module.save_optimizer_states(tmp_path / "states", format="mxnet", dump_optimizer=True)
