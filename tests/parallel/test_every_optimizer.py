"""Each optimizer, by a Trainer and by a Module: the losses of two and four processes are those of one."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx
from glueball.optimizer import Optimizer
from tests.parallel import effort, several

STEPS, BATCH = 50, 8

#: 'test' adds gradients, so that the loss grows until rounding is all that is left.
NAMES = sorted(set(Optimizer.opt_registry) - {"test"})
RATES = {"adadelta": 1.0, "lars": 1.0, "sgld": 0.01, "signum": 0.01}
MOMENTUM = {"ccsgd", "dcasgd", "lars", "lbsgd", "nag", "sgd", "signum"}


def settings(name):
    found = {"learning_rate": RATES.get(name, 0.05)}
    if name in MOMENTUM:
        found["momentum"] = 0.8
    if name != "groupadagrad":  # it refuses weight decay
        found["wd"] = 0.001
    return found


def batches(rank, count):
    """This process's part of each batch."""
    random = np.random.RandomState(3)
    for _ in range(STEPS):
        data, label = random.normal(size=(BATCH, 6)), random.randint(0, 3, BATCH)
        yield data[rank::count], label[rank::count]


def first_values(shapes):
    random = np.random.RandomState(4)
    return [random.normal(scale=0.5, size=shape) for shape in shapes]


def losses_of_trainer(name, store):
    net = mx.gluon.nn.HybridSequential()
    net.add(  # with names of their own: trainers go by those, and dense100 comes before dense99
        mx.gluon.nn.Dense(5, activation="tanh", use_bias=False, in_units=6, prefix="a_"),
        mx.gluon.nn.Dense(3, use_bias=False, in_units=5, prefix="b_"),  # groupadagrad wants weights of 2 axes
    )
    net.initialize()
    parameters = list(net.collect_params().values())
    for parameter, value in zip(parameters, first_values([one.shape for one in parameters]), strict=True):
        parameter.set_data(mx.nd.array(value))
    trainer = mx.gluon.Trainer(net.collect_params(), name, settings(name), kvstore=store)
    loss_of, found = mx.gluon.loss.SoftmaxCrossEntropyLoss(), []
    for data, label in batches(store.rank, store.num_workers):
        with mx.autograd.record():
            loss = loss_of(net(mx.nd.array(data)), mx.nd.array(label)).sum()
        loss.backward()
        trainer.step(BATCH)
        found.append(float(loss.asscalar()))
    return found


def losses_of_module(name, store):
    net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=5, no_bias=True, name="a")
    net = mx.sym.FullyConnected(mx.sym.tanh(net), num_hidden=3, no_bias=True, name="b")
    net = mx.sym.SoftmaxOutput(net, name="softmax")
    module, size = mx.mod.Module(net), BATCH // store.num_workers
    module.bind([("data", (size, 6))], [("softmax_label", (size,))])
    shapes = {"a_weight": (5, 6), "b_weight": (3, 5)}
    values = map(mx.nd.array, first_values(shapes.values()))
    module.init_params(arg_params=dict(zip(shapes, values, strict=True)))
    module.init_optimizer(store, name, settings(name))
    found = []
    for data, label in batches(store.rank, store.num_workers):
        module.forward_backward(mx.io.DataBatch([mx.nd.array(data)], [mx.nd.array(label)]))
        module.update()
        chosen = module.get_outputs()[0].asnumpy()[np.arange(size), label]
        found.append(float(-np.log(chosen).sum()))
    return found


def all_losses(kind):
    """The losses of this process's part, at each step, by each optimizer, by a Trainer and by a Module."""
    store = mx.kv.create(kind)
    found = {}
    for name in NAMES:
        for train in (losses_of_trainer, losses_of_module):
            mx.random.seed(5)
            found[f"{name} {train.__name__}"] = train(name, store)
    return found


@pytest.fixture(scope="module")
def alone():
    return all_losses("local")


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, pytest.param(4, marks=effort.long)])
def test_losses_are_those_of_one_process_with_the_whole_batch(alone, count):
    parts = several.run(all_losses, count, "dist_sync", seconds=500)
    assert len(alone) == 2 * len(NAMES)
    for name, expected in alone.items():
        total = np.sum([part[name] for part in parts], axis=0)
        assert total.shape == (STEPS,)
        assert abs(expected[-1] - expected[0]) > 1e-3, name
        np.testing.assert_allclose(total, expected, rtol=1e-5, err_msg=name)


def module_program(mx, names):
    """The parameters of a Module after some steps of optimizers that update on the store; MXNet runs it, too."""
    store, found = mx.kv.create("dist_sync"), {}
    for name in names:
        random = np.random.RandomState(6)
        net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=4, name=f"{name}_a")
        net = mx.sym.FullyConnected(mx.sym.tanh(net), num_hidden=3, name=f"{name}_b")
        module = mx.mod.Module(mx.sym.SoftmaxOutput(net, name="softmax"))
        module.bind([("data", (4, 5))], [("softmax_label", (4,))])
        shapes = {"a_weight": (4, 5), "a_bias": (4,), "b_weight": (3, 4), "b_bias": (3,)}
        values = {f"{name}_{key}": mx.nd.array(random.normal(size=shape)) for key, shape in shapes.items()}
        module.init_params(arg_params=values)
        # No weight decay: MXNet's server knows only of the first module which of its parameters are biases.
        options = {"learning_rate": 0.05, **({"momentum": 0.8} if name in ("sgd", "nag") else {})}
        module.init_optimizer(store, name, options)
        for _ in range(8):
            data, label = random.normal(size=(8, 5)), random.randint(0, 3, 8)
            part = slice(4 * store.rank, 4 * store.rank + 4)
            module.forward_backward(mx.io.DataBatch([mx.nd.array(data[part])], [mx.nd.array(label[part])]))
            module.update()
        store._barrier()
        found.update({key: array.asnumpy().tolist() for key, array in module.get_params()[0].items()})
    return found


def module_values(names):
    return module_program(mx, names)


@pytest.mark.slow
def test_a_module_has_the_parameters_of_mxnets(mxnet_processes):
    names = ["sgd", "nag", "adam", "rmsprop", "adagrad", "ftrl"]
    theirs, ours = mxnet_processes(module_program, 2, names), several.run(module_values, 2, names)
    assert theirs[0] == theirs[1] and ours[0] == ours[1]
    assert theirs[0].keys() == ours[0].keys() and len(ours[0]) == 4 * len(names)
    for name, expected in theirs[0].items():
        np.testing.assert_allclose(ours[0][name], expected, rtol=1e-4, atol=1e-6, err_msg=name)
