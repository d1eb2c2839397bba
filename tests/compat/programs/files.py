"""Saves a network in every way and loads it again; custom blocks, losses and functions."""

import os
import tempfile
import warnings

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon, init, nd
from mxnet.gluon import nn


class Centered(nn.Block):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.scale = self.params.get("scale", shape=(1,), init=init.One())

    def forward(self, x):
        return (x - x.max()) * self.scale.data()


class Scaled(nn.HybridBlock):
    def __init__(self, units, in_units, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.weight = self.params.get("weight", shape=(units, in_units), init=mx.init.Constant(0.5))
            self.constant = self.params.get_constant("two", nd.array([[2.0]]))

    def hybrid_forward(self, F, x, weight, constant):
        y = F.FullyConnected(x, weight, no_bias=True, num_hidden=3)
        return F.broadcast_mul(y, constant)


class Clipped(autograd.Function):
    def forward(self, x):
        self.save_for_backward(x)
        return nd.clip(x, -1, 1)

    def backward(self, dy):
        (x,) = self.saved_tensors
        return dy * (nd.abs(x) < 1)


folder = tempfile.mkdtemp()
plain = nn.Sequential()
with plain.name_scope():
    plain.add(Centered(), nn.Dense(2, use_bias=False))
plain.initialize(init=init.Constant(0.25))
print(plain(nd.array([[1, 2, 3]])).asnumpy())
plain.save_parameters(os.path.join(folder, "plain.params"))
print(sorted(nd.load(os.path.join(folder, "plain.params"))))

net = nn.HybridSequential(prefix="model_")
with net.name_scope():
    net.add(Scaled(3, 4), nn.Activation("tanh"))
net.initialize()
net.hybridize()
x = nd.array(np.linspace(-1, 1, 8).reshape(2, 4))
before = net(x)
net.export(os.path.join(folder, "model"), epoch=7)
print(sorted(os.listdir(folder)))
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    loaded = gluon.SymbolBlock.imports(
        os.path.join(folder, "model-symbol.json"), ["data"], os.path.join(folder, "model-0007.params"), ctx=mx.cpu()
    )
print(before.shape, np.allclose(before.asnumpy(), loaded(x).asnumpy(), atol=1e-5), sorted(loaded.collect_params()))

x = nd.array([-2, -0.5, 0.5, 2])
x.attach_grad()
with autograd.record():
    y = Clipped()(x)
y.backward()
print(y.asnumpy(), x.grad.asnumpy())

try:
    nd.dot(nd.ones((2, 3)), nd.ones((2, 3)))
except mx.base.MXNetError as error:
    print("refused:", isinstance(error, RuntimeError))
try:
    net.collect_params()["model_nothing"]
except KeyError as error:
    print("no parameter", error)
