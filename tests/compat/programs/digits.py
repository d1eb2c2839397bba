"""Trains a small convolutional network with the arguments of a typical example script."""

import argparse
import logging
import sys

import mxnet as mx
import mxnet.ndarray as F
import numpy as np
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn

parser = argparse.ArgumentParser()
parser.add_argument("--batch-size", type=int, default=16)
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--hybrid", action="store_true")
parser.add_argument("--workers", type=int, default=0)
opt = parser.parse_args()

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")


class Pattern(mx.init.Initializer):
    """The same values in every library."""

    def _init_weight(self, name, arr):
        size = int(np.prod(arr.shape))
        arr[:] = (np.cos(np.arange(size) * 7.0) * 0.15).reshape(arr.shape)


class Images(gluon.data.Dataset):
    def __init__(self, count):
        random = np.random.RandomState(5)
        self.labels = random.randint(0, 4, count).astype("float32")
        self.images = random.rand(count, 8, 8, 1).astype("float32") * 0.3
        for image, label in zip(self.images, self.labels):
            image[2 * int(label) : 2 * int(label) + 2] += 1

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.images[index], self.labels[index]


def transform(image, label):
    return image.transpose(2, 0, 1), label


class Net(gluon.HybridBlock):
    def __init__(self, classes, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="features_")
            with self.features.name_scope():
                self.features.add(nn.Conv2D(8, kernel_size=3, padding=1, activation="relu"))
                self.features.add(nn.BatchNorm(), nn.MaxPool2D(2, 2), nn.Flatten())
            self.output = nn.Dense(classes)

    def hybrid_forward(self, F, x):
        return self.output(self.features(x))


def evaluate(net, data, ctx):
    metric = mx.metric.Accuracy()
    for images, labels in data:
        metric.update([labels.as_in_context(ctx)], [net(images.as_in_context(ctx))])
    return metric.get()


def main():
    ctx = mx.gpu(0) if mx.context.num_gpus() else mx.cpu()
    data = Images(64)
    train = gluon.data.DataLoader(
        data.transform(transform), opt.batch_size, shuffle=False, last_batch="rollover", num_workers=opt.workers
    )
    net = Net(4, prefix="net_")
    net.initialize(Pattern(), ctx=ctx)
    if opt.hybrid:
        net.hybridize(static_alloc=True)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": opt.lr, "momentum": 0.9, "wd": 1e-4})
    loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()
    speed = mx.metric.Loss()
    for epoch in range(opt.epochs):
        speed.reset()
        for images, labels in train:
            images = gluon.utils.split_and_load(images, [ctx])[0]
            labels = labels.as_in_context(ctx)
            with autograd.record():
                loss = loss_fn(net(images), labels)
            loss.backward()
            trainer.step(images.shape[0])
            speed.update(0, loss)
        name, accuracy = evaluate(net, train, ctx)
        logging.info("epoch %d: loss %.3f, %s %.3f", epoch, speed.get()[1], name, accuracy)
    print(net)
    for name, parameter in net.collect_params().items():
        print(name, parameter.shape, np.dtype(parameter.dtype), "%.3f" % parameter.data().norm().asscalar())
    scores = F.softmax(net(nd.array(data.images[:2].transpose(0, 3, 1, 2))))
    print(scores.argmax(axis=1).asnumpy().tolist(), scores.shape, data.labels[:2].tolist())
    nd.waitall()


if __name__ == "__main__":
    main()
