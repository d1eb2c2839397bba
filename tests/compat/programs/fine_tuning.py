"""Export a network, read the graph as a SymbolBlock, cut it, put a new head on it, and train that."""

import os
import tempfile
import warnings

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn


def filled(net, seed):
    random = np.random.RandomState(seed)
    for name, parameter in sorted(net.collect_params().items()):
        if not name.endswith(("gamma", "running_var")):
            parameter.set_data(nd.array(random.normal(0, 0.1, parameter.shape)))
    return net


def exported(folder):
    """Write a network that somebody else has trained."""
    net = nn.HybridSequential(prefix="base_")
    with net.name_scope():
        net.add(nn.Conv2D(8, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D(2))
        net.add(nn.Conv2D(16, 3, padding=1, activation="relu"), nn.GlobalAvgPool2D(), nn.Flatten(), nn.Dense(10))
    net.initialize()
    net.hybridize()
    net(nd.zeros((1, 3, 16, 16)))
    filled(net, 1)
    net(nd.zeros((1, 3, 16, 16)))
    net.export(os.path.join(folder, "base"), epoch=7)


def features_of(folder):
    symbol, arguments, states = mx.model.load_checkpoint(os.path.join(folder, "base"), 7)
    inside = symbol.get_internals()
    print([name for name in inside.list_outputs() if name.endswith("output")])
    features = inside["base_flatten0_flatten0_output"]
    net = gluon.SymbolBlock(outputs=features, inputs=mx.sym.var("data", dtype="float32"))
    for name, parameter in net.collect_params().items():
        parameter._load_init(arguments[name] if name in arguments else states[name], mx.cpu())
    return net


class Tuned(gluon.HybridBlock):
    def __init__(self, features, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = features
            self.head = nn.Dense(2, in_units=16)

    def hybrid_forward(self, F, x):
        return self.head(self.features(x))


def train(net, data, labels, frozen):
    trained = net.features.collect_params(".*weight|.*bias|.*gamma|.*beta")
    net.features.collect_params().setattr("grad_req", "null")
    if not frozen:
        trained.setattr("grad_req", "write")
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1, "momentum": 0.9, "wd": 1e-4})
    criterion = gluon.loss.SoftmaxCrossEntropyLoss()
    for step in range(10):
        with autograd.record():
            loss = criterion(net(data), labels)
        loss.backward()
        trainer.step(len(labels))
        if step % 3 == 0:
            print("frozen" if frozen else "all", step, round(loss.mean().asscalar().item(), 4))


if __name__ == "__main__":
    warnings.filterwarnings("ignore", message="Cannot decide type")  # MXNet's SymbolBlock.imports
    random = np.random.RandomState(2)
    labels = np.arange(24) % 2
    images = random.uniform(0, 1, (24, 3, 16, 16)) + labels.reshape(-1, 1, 1, 1) * np.array([0.5, 0, -0.5]).reshape(3, 1, 1)
    with tempfile.TemporaryDirectory() as folder:
        exported(folder)
        net = Tuned(features_of(folder), prefix="tuned_")
        net.head.initialize()
        filled(net.head, 3)
        net.hybridize()
        train(net, nd.array(images), nd.array(labels), frozen=True)
        train(net, nd.array(images), nd.array(labels), frozen=False)
        print("accuracy", (net(nd.array(images)).asnumpy().argmax(1) == labels).mean())
        path = os.path.join(folder, "tuned.params")
        net.save_parameters(path)
        print(sorted(nd.load(path)))
        before = net(nd.array(images))
        net.export(os.path.join(folder, "tuned"))
        again = gluon.SymbolBlock.imports(
            os.path.join(folder, "tuned-symbol.json"), ["data"], os.path.join(folder, "tuned-0000.params")
        )
        print("the same", float(abs(again(nd.array(images)) - before).max().asscalar()) < 1e-6)
