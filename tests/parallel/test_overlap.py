"""Gradients that are sent while backward() runs, where something happens to them, or to their variables, meanwhile."""

from __future__ import annotations

import numpy as np
import pytest
import torch.distributed

import glueball as mx
from tests.parallel import several

#: With buckets of less than a layer all but the last leave before the step.
OPTIONS = [{}, {"bucket_cap_mb": 1e-9}]


def reset(net, trainer, size):
    net.collect_params().reset_ctx(mx.cpu())


def request(net, trainer, size):
    for name in ("null", "write"):
        net.collect_params().setattr("grad_req", name)


def cast(net, trainer, size):
    net.cast("float64")


def begin_again(net, trainer, size):
    net.initialize(mx.init.Constant(0.5), force_reinit=True)


def double(net, trainer, size):
    for parameter in net.collect_params().values():
        parameter.set_data(parameter.data() * 2)


def clip(net, trainer, size):
    """What a program does between backward() and the step."""
    mx.gluon.utils.clip_global_norm([each.grad() for each in net.collect_params().values()], 0.25)


def backward_again(net, trainer, size):
    loss(net).backward()


def stale(net, trainer, size):
    """A step that is refused, since it follows another without a backward() in between."""
    trainer.step(size)
    with pytest.raises(UserWarning, match="must have a gradient"):
        trainer.step(size)
    loss(net).backward()


#: What happens before the forward pass of a step, and between its backward() and the update.
BEFORE = {"reset": reset, "request": request, "cast": cast, "begin_again": begin_again, "double": double}
BETWEEN = {"clip": clip, "backward_again": backward_again, "stale": stale}
EVERYWHERE = [*BEFORE, *BETWEEN]
IN_ONE = ["reset", "request", "clip", "backward_again"]


def loss(net):
    with mx.autograd.record():
        return net(mx.nd.array([[1, 2]], dtype=net[0].weight.dtype)).sum()


def trained(name, ranks=(0, 1), kvstore="dist_sync", **options):
    """Return the parameters after each step of a training; in the third one something happens in some processes."""
    dense = mx.gluon.nn.Dense
    net = mx.gluon.nn.HybridSequential()
    net.add(dense(2, in_units=2, use_bias=False), dense(2, in_units=2, use_bias=False))
    net.initialize(mx.init.Constant(0.5))
    store = mx.kv.create(kvstore)
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.01}, kvstore=store, **options)
    size = 1 if store.num_workers == 1 else 2  # of the batch of all: what one process has, the other has, too
    found = []
    for step in range(5):
        happens = step == 2 and store.rank in ranks
        if happens and name in BEFORE:
            BEFORE[name](net, trainer, size)
        loss(net).backward()
        if happens and name in BETWEEN:
            BETWEEN[name](net, trainer, size)
        trainer.step(size)
        found.append([each.data().astype("float64").asnumpy().ravel() for each in net.collect_params().values()])
    return np.array(found).tolist()


def messages():
    """Which messages the last four steps of a training take."""
    found, distributed = [], torch.distributed
    real = {name: getattr(distributed, name) for name in ("all_reduce", "all_gather")}

    def counting(name):
        def call(*given, **options):
            found.append(name)
            return real[name](*given, **options)

        return call

    try:
        for name in real:
            setattr(distributed, name, counting(name))
        trained("nothing")
    finally:
        for name, function in real.items():
            setattr(distributed, name, function)
    return found[-4:]


def everything():
    """What a process finds; starting processes for each test would take most of the time."""
    return {
        "everywhere": [{name: trained(name, **options) for name in EVERYWHERE} for options in OPTIONS],
        "in one": [{name: trained(name, ranks=[1], **options) for name in IN_ONE} for options in OPTIONS],
        "messages": messages(),
        "another type": several.refused(lambda: trained("cast", ranks=[1])),
    }


@pytest.fixture(scope="module")
def processes():
    return several.run(everything, 2)


with_options = pytest.mark.parametrize("number", [0, 1], ids=["one bucket", "a bucket for each layer"])


@with_options
def test_what_all_processes_change_is_as_in_one(processes, number):
    alone = {name: trained(name, kvstore="local") for name in EVERYWHERE}
    same = [name for name in alone if np.allclose(alone[name], alone["request"])]
    assert sorted(same) == ["backward_again", "cast", "request", "reset"]  # the others change the training
    for found in processes:
        for name in EVERYWHERE:
            np.testing.assert_allclose(found["everywhere"][number][name], alone[name], rtol=1e-6, err_msg=name)


@with_options
def test_what_one_process_changes_does_not_make_the_others_differ(processes, number):
    usual = trained("nothing", kvstore="local")
    first, second = [found["in one"][number] for found in processes]
    assert first == second
    for name in ("reset", "request", "backward_again"):
        np.testing.assert_allclose(first[name], usual, rtol=1e-6, err_msg=name)
    assert not np.allclose(first["clip"], usual)


def test_a_type_that_one_process_changes_is_named(processes):
    for found in processes:
        assert "parameter 0 is float64 (2, 2) there, and float32 (2, 2) in process 0" in found["another type"]


def test_a_step_takes_one_message(processes):
    assert [found["messages"] for found in processes] == [["all_reduce"] * 4] * 2


def rounded():
    """Return weights of a training with one trainer, and with another one for each step, which sends nothing early."""
    found = []
    for renewed in (False, True):
        random = np.random.RandomState(mx.kv.create("dist_sync").rank)
        net = mx.gluon.nn.HybridSequential()
        net.add(mx.gluon.nn.Dense(17, in_units=5), mx.gluon.nn.Dense(3, in_units=17))
        net.initialize(mx.init.Constant(0.25))
        for step in range(4):
            if renewed or step == 0:
                trainer = mx.gluon.Trainer(net.collect_params(), "sgd", kvstore="dist_sync")
            with mx.autograd.record():
                loss = net(mx.nd.array(random.normal(size=(8, 5)))).square().sum()
            loss.backward()
            trainer.step(24)
        found.append([parameter.data().asnumpy().tolist() for parameter in net.collect_params().values()])
    return found


def test_three_processes_round_alike_whenever_gradients_are_sent():
    for usual, renewed in several.run(rounded, 3):
        assert usual == renewed


def on_two_contexts(kvstore="dist_sync"):
    """Return the weights of a training whose processes have two contexts each, with other data on each of all."""
    store, contexts = mx.kv.create(kvstore), [mx.cpu(0), mx.cpu(1)]
    net = mx.gluon.nn.Dense(2, in_units=3)
    net.initialize(mx.init.Constant(0.5), ctx=contexts)
    trainer = mx.gluon.Trainer(net.collect_params(), "adam", kvstore=store)
    data = np.random.RandomState(1).normal(size=(3, 8, 3))
    for batch in data:
        part = mx.nd.array(np.array_split(batch, store.num_workers)[store.rank])
        with mx.autograd.record():
            losses = [net(each).square().sum() for each in mx.gluon.utils.split_and_load(part, contexts)]
        mx.autograd.backward(losses)
        trainer.step(8)
    return [[copy.asnumpy().tolist() for copy in each.list_data()] for each in net.collect_params().values()]


def test_processes_with_several_contexts_train_as_one_does():
    alone = on_two_contexts("device")
    for found in several.run(on_two_contexts, 2):
        for copies, expected in zip(found, alone, strict=True):
            np.testing.assert_allclose(copies, expected, rtol=1e-5)
