"""A training loop without a single annotation, as most programs are."""

import numpy as np

import glueball as mx
from glueball import autograd, gluon, nd
from glueball.gluon import nn

mx.random.seed(0)
context = mx.gpu() if mx.num_gpus() else mx.cpu()
images = np.random.RandomState(0).rand(16, 1, 8, 8).astype("float32")
labels = np.arange(16) % 2

net = nn.HybridSequential()
with net.name_scope():
    net.add(
        nn.Conv2D(channels=4, kernel_size=3, padding=1, activation="relu"),
        nn.BatchNorm(),
        nn.MaxPool2D(pool_size=2),
        nn.Flatten(),
        nn.Dense(2),
    )
net.initialize(mx.init.Xavier(), ctx=context)
net.hybridize(static_alloc=True)

trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 0.1, "momentum": 0.9})
loss_function = gluon.loss.SoftmaxCrossEntropyLoss()
metric = mx.metric.Accuracy()
dataset = gluon.data.ArrayDataset(images, labels.astype("float32"))


def train(epochs=1, batch_size=8):
    for _ in range(epochs):
        metric.reset()
        total = 0.0
        for data, label in gluon.data.DataLoader(dataset, batch_size, shuffle=True):
            data, label = data.as_in_context(context), label.as_in_context(context)
            with autograd.record():
                output = net(data)
                loss = loss_function(output, label)
            loss.backward()
            trainer.step(batch_size)
            metric.update([label], [output])
            total += loss.mean().asscalar()
        name, accuracy = metric.get()
        print(name, accuracy, total)


train()
trainer.set_learning_rate(trainer.learning_rate * 0.1)

score = net(nd.array(images, ctx=context)).softmax()
best = score.argmax(axis=1).astype("int32").asnumpy()
right = (best == labels).mean()
weights = net[0].weight.data()
print(right, weights.shape, (weights**2).sum().asscalar(), net[-1].bias.grad().norm().asscalar())

x = nd.random.uniform(-1, 1, shape=(2, 3))
x.attach_grad()
with autograd.record():
    y = (x * 2 + 1 / (x + 2)).exp().sum()
y.backward()
x[:] = x - 0.1 * x.grad
x[0, 1:] += 1
first, second = nd.split(x, num_outputs=2, axis=0)
values, indices = x.topk(k=2, ret_typ="both")
print(nd.concat(first, second, dim=0).shape, values.reshape((-1,)).asnumpy(), indices.T[0], len(x))
