"""A function with its own gradient, a dataset, a network of the zoo, an executor, files."""

import numpy as np

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.gluon import nn
from glueball.gluon.model_zoo import vision


class Sigmoid(autograd.Function):
    def forward(self, x: nd.NDArray) -> nd.NDArray:
        y = 1 / (1 + (-x).exp())
        self.save_for_backward(y)
        return y

    def backward(self, dy):
        (y,) = self.saved_tensors
        return dy * y * (1 - y)


class Squares(gluon.data.Dataset):
    def __len__(self) -> int:
        return 5

    def __getitem__(self, idx: int) -> int:
        return idx**2


x = nd.zeros((2, 2))
x.attach_grad()
with autograd.record():
    y = Sigmoid()(x)
y.backward()
print(x.grad.asnumpy().dtype == np.float32, x.grad.shape)

print(list(Squares().filter(lambda value: value % 2 == 0)), Squares().take(2)[1])

net = vision.resnet18_v1(classes=10, thumbnail=True)
net.features[0].weight.lr_mult = 0.1
net.output = nn.Dense(2, in_units=512)
net.initialize(mx.init.Normal(0.01))
print(net(nd.ones((1, 3, 32, 32))).argmax(axis=1).asscalar(), len(net.features))
net.save_parameters("net.params")
net.load_parameters("net.params", ctx=[mx.cpu()], cast_dtype=True)

data = mx.sym.var("data")
executor = mx.sym.FullyConnected(data, num_hidden=2, name="fc").simple_bind(mx.cpu(), data=(1, 2))
executor.arg_dict["fc_weight"][:] = 1
executor.forward(is_train=True, data=x[:1])
executor.backward(nd.ones((1, 2)))
print(executor.grad_dict["fc_weight"].asnumpy(), executor.outputs[0].shape)

nd.save("both.params", {"x": x, "y": y})
print(nd.load("both.params")["x"].shape)
for name, array in nd.load("both.params").items():
    print(name, array.asnumpy().sum())
nd.save("list.params", [x, y])
first, second = nd.load("list.params")
print(mx.optimizer.create("sgd", learning_rate=0.1).learning_rate, first.shape, second.context)
