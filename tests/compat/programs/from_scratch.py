# A regression without any layer, as in textbooks.

import random

import numpy as np
from mxnet import autograd, nd
from mxnet.ndarray import NDArray

random.seed(1)
generator = np.random.RandomState(2)
true_w, true_b = nd.array([2, -3.4]), 4.2
features = nd.array(generator.normal(size=(200, 2)))
labels = nd.dot(features, true_w) + true_b
labels += nd.array(generator.normal(scale=0.01, size=labels.shape))


def batches(size):
    order = list(range(len(features)))
    random.shuffle(order)
    for start in range(0, len(order), size):
        index = nd.array(order[start : start + size])
        yield features.take(index), labels.take(index)


def sgd(params, lr, size):
    for param in params:
        param[:] = param - lr * param.grad / size


w, b = nd.zeros((2,)), nd.zeros(1)
for parameter in (w, b):
    assert isinstance(parameter, NDArray)
    parameter.attach_grad()

for epoch in range(3):
    for x, y in batches(10):
        with autograd.record():
            loss = ((nd.dot(x, w) + b - y) ** 2 / 2).sum()
        loss.backward()
        sgd([w, b], 0.1, x.shape[0])
    print("epoch", epoch, "w", w.round().asnumpy(), "b %.1f" % b.asscalar())

print((w - true_w).abs().max() < 0.01, nd.relu(nd.array([-1, 2]))[1], w.context, w.grad.dtype == np.float32)
x = nd.arange(6).reshape((2, 3))
x[:, 1:] = 7
print(x, x.T.shape, x[1, 2].asscalar(), nd.concat(x, x, dim=0).shape)
