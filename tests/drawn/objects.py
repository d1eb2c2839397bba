"""Objects of the public classes as arguments and receivers, each in several states."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

import glueball as mx
from glueball import autograd, gluon, nd, sym


def _network() -> Any:
    net = gluon.nn.Dense(2, in_units=3)
    net.initialize()
    return net


def _hybridized() -> Any:
    net = gluon.nn.HybridSequential()
    net.add(gluon.nn.Dense(2), gluon.nn.BatchNorm())
    net.initialize()
    net.hybridize()
    return net


def _symbol() -> Any:
    return sym.FullyConnected(sym.var("data"), num_hidden=2, name="fc")


def _module(train: bool = True, optimizer: bool = False) -> Any:
    module = mx.mod.Module(sym.SoftmaxOutput(_symbol(), name="softmax"))
    module.bind([("data", (2, 3))], [("softmax_label", (2,))], for_training=train)
    module.init_params()
    if optimizer:
        module.init_optimizer()
    return module


def _executor(run: bool = False) -> Any:
    executor = _symbol().simple_bind(mx.cpu(), data=(2, 3))
    if run:
        executor.forward(is_train=True)
    return executor


def _trainer(used: bool = False) -> Any:
    net = _network()
    trainer = gluon.Trainer(net.collect_params(), "adam" if used else "sgd")
    if used:
        with autograd.record():
            loss = net(nd.ones((1, 3)))
        loss.backward()
        trainer.step(1)
    return trainer


def _parameter(shape: Any = (2, 3), initialize: bool = True) -> Any:
    parameter = gluon.Parameter("weight", shape=shape, allow_deferred_init=True)
    if initialize:
        parameter.initialize()
    return parameter


def _iterator() -> Any:
    return mx.io.NDArrayIter(np.ones((4, 3), "float32"), np.zeros(4, "float32"), 2)


def _exhausted() -> Any:
    iterator = _iterator()
    list(iterator)
    return iterator


def _store() -> Any:
    store = mx.kv.create("local")
    store.init("0", nd.ones((2, 3)))
    return store


def _recorded() -> Any:
    array = nd.ones((2, 3))
    array.attach_grad()
    with autograd.record():
        return array * 2


def _seen_metric() -> Any:
    metric = mx.metric.create(["acc", "ce"])
    metric.update([nd.array([0, 1])], [nd.array([[0.3, 0.7], [0.6, 0.4]])])
    return metric


def _feed_forward(trained: bool = False) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # MXNet deprecated it
        model = mx.model.FeedForward(sym.SoftmaxOutput(_symbol(), name="softmax"), num_epoch=1)
    if trained:
        model.fit(_iterator())
    return model


def _manager() -> Any:
    net = sym.SoftmaxOutput(_symbol(), name="softmax")
    trained = ["fc_weight", "fc_bias"]
    return mx.model.DataParallelExecutorManager(net, [mx.cpu()], _labelled(), net.list_arguments(), trained, [])


def _labelled() -> Any:
    return mx.io.NDArrayIter(np.ones((4, 3), "float32"), np.zeros(4, "float32"), 2, label_name="softmax_label")


def _chain() -> Any:
    chain = mx.mod.SequentialModule()
    chain.add(mx.mod.Module(_symbol(), label_names=None))
    chain.bind([("data", (2, 3))])
    chain.init_params()
    return chain


#: By the words for them in annotations: functions that make one, the plainest first.
OBJECTS: dict[str, tuple[Callable[[], Any], ...]] = {
    "Block": (_network, _hybridized, lambda: gluon.nn.Dense(2), lambda: gluon.nn.Sequential()),
    "HybridBlock": (_network, _hybridized, lambda: gluon.nn.Conv2D(2, 3)),
    "Symbol": (_symbol, lambda: sym.Group([_symbol(), sym.var("x")]), lambda: sym.var("x", shape=(0, 3))),
    "Module": (
        _module,
        lambda: _module(False),
        lambda: _module(optimizer=True),
        lambda: mx.mod.Module(_symbol(), label_names=None),
    ),
    "SequentialModule": (_chain, lambda: mx.mod.SequentialModule()),
    "FeedForward": (_feed_forward, lambda: _feed_forward(True)),
    "DataParallelExecutorManager": (_manager,),
    "DataParallelExecutorGroup": (lambda: _manager().execgrp,),
    "Executor": (_executor, lambda: _executor(True)),
    "Trainer": (_trainer, lambda: _trainer(True)),
    "Parameter": (_parameter, lambda: _parameter((2, 0)), lambda: _parameter(None, False)),
    "KVStore": (_store, lambda: mx.kv.create("device")),
    "DataIter": (_iterator, _exhausted),
    "ParameterDict": (lambda: _network().collect_params(), lambda: _hybridized().collect_params()),
    "Optimizer": (mx.optimizer.SGD, lambda: mx.optimizer.Adam(multi_precision=True)),
    "LRScheduler": (lambda: mx.lr_scheduler.FactorScheduler(2), lambda: mx.lr_scheduler.PolyScheduler(5)),
    "Initializer": (mx.init.Normal, mx.init.Xavier),
    "Context": (mx.cpu, lambda: mx.cpu(1), mx.gpu),
    "NDArray": (lambda: nd.ones((2, 3)), _recorded, lambda: nd.ones((2, 3))[0:0], lambda: nd.array([1], dtype="int32")),
    "Sampler": (lambda: gluon.data.SequentialSampler(4),),
    "Dataset": (lambda: gluon.data.ArrayDataset([1, 2, 3]), lambda: gluon.data.SimpleDataset(["a", None])),
    "DataDesc": (lambda: mx.io.DataDesc("data", (2, 3)),),
    "DataBatch": (lambda: next(_iterator()), lambda: mx.io.DataBatch([nd.ones((5,))])),
    "EvalMetric": (mx.metric.Accuracy, _seen_metric),
    "Updater": (lambda: mx.optimizer.get_updater(mx.optimizer.SGD(momentum=0.9)),),
    "Monitor": (lambda: mx.mon.Monitor(1),),
}


def make(word: str, state: int = 0) -> Any:
    """Make an object in one of its states."""
    return OBJECTS[word][state]()
