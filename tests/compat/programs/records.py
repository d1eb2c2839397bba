"""Pack pictures into a record file, and train on it: by Module.fit with ImageRecordIter, and by Gluon."""

import io
import logging
import os
import tempfile

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon, nd
from mxnet.gluon.data.vision import transforms
from PIL import Image

CLASSES, SIDE = 3, 28


def picture(kind, rng):
    """A dark picture with one bright bar, whose direction is the class."""
    pixels = rng.randint(0, 60, (SIDE, SIDE, 3), dtype=np.uint8)
    place = rng.randint(10, 16)
    if kind == 0:
        pixels[place : place + 4] += 150
    elif kind == 1:
        pixels[:, place : place + 4] += 150
    else:
        for row in range(SIDE):
            pixels[row, max(row - 2, 0) : row + 2] += 150
    return pixels


def pack(folder, name, number, seed):
    rng = np.random.RandomState(seed)
    prefix = os.path.join(folder, name)
    record = mx.recordio.MXIndexedRecordIO(prefix + ".idx", prefix + ".rec", "w")
    for key in range(number):
        kind = key % CLASSES
        encoded = io.BytesIO()
        Image.fromarray(picture(kind, rng)).save(encoded, "PNG")
        header = mx.recordio.IRHeader(0, float(kind), key, 0)
        record.write_idx(key, mx.recordio.pack(header, encoded.getvalue()))
    record.close()
    return prefix


def iterator(prefix, **options):
    return mx.io.ImageRecordIter(
        path_imgrec=prefix + ".rec", path_imgidx=prefix + ".idx", data_shape=(3, 24, 24), batch_size=12,
        mean_r=60, mean_g=60, mean_b=60, std_r=50, std_g=50, std_b=50, preprocess_threads=2, **options,
    )  # fmt: skip


def by_module(prefix, held_out):
    data = mx.sym.Variable("data")
    net = mx.sym.Convolution(data, num_filter=8, kernel=(5, 5), name="conv")
    net = mx.sym.Pooling(mx.sym.Activation(net, act_type="relu"), kernel=(4, 4), stride=(4, 4), pool_type="max")
    net = mx.sym.SoftmaxOutput(mx.sym.FullyConnected(mx.sym.flatten(net), num_hidden=CLASSES, name="fc"), name="softmax")
    module = mx.mod.Module(net, context=mx.cpu())
    random = np.random.RandomState(3)
    parameters = {
        "conv_weight": random.normal(0, 0.1, (8, 3, 5, 5)), "conv_bias": np.zeros(8),
        "fc_weight": random.normal(0, 0.1, (CLASSES, 200)), "fc_bias": np.zeros(CLASSES),
    }  # fmt: skip
    module.fit(
        iterator(prefix, rand_crop=False), eval_metric=["acc", "ce"], num_epoch=3, optimizer="sgd",
        optimizer_params={"learning_rate": 0.002, "momentum": 0.9},
        arg_params={name: nd.array(value) for name, value in parameters.items()},
    )  # fmt: skip
    for name, value in module.score(iterator(held_out), ["acc", "ce"]):
        print("module", name, round(value, 3))


def by_gluon(prefix, held_out):
    steps = transforms.Compose([transforms.CenterCrop(24), transforms.ToTensor(), transforms.Normalize(0.2, 0.2)])
    batches = [
        gluon.data.DataLoader(
            gluon.data.vision.ImageRecordDataset(path + ".rec").transform_first(steps), batch_size=12, num_workers=workers
        )
        for path, workers in ((prefix, 2), (held_out, 0))
    ]
    net = gluon.nn.HybridSequential()
    net.add(gluon.nn.Conv2D(8, 5, activation="relu"), gluon.nn.MaxPool2D(4), gluon.nn.Dense(CLASSES))
    net.initialize()
    net(nd.zeros((1, 3, 24, 24)))
    random = np.random.RandomState(4)
    for parameter in net.collect_params().values():
        parameter.set_data(nd.array(random.normal(0, 0.1, parameter.shape)))
    net.hybridize()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.003})
    criterion = gluon.loss.SoftmaxCrossEntropyLoss()
    for epoch in range(2):
        total = 0.0
        for images, labels in batches[0]:
            images, labels = images.as_in_context(mx.cpu()), labels.as_in_context(mx.cpu())
            with autograd.record():
                loss = criterion(net(images), labels)
            loss.backward()
            trainer.step(images.shape[0])
            total += loss.sum().asscalar()
        print("gluon epoch", epoch, "loss", round(float(total), 2))
    metric = mx.metric.Accuracy()
    for images, labels in batches[1]:
        metric.update(labels, net(images))
    print("gluon", *metric.get())


def augmented(prefix):
    """Random crops and mirrors differ from library to library; what they leave unchanged does not."""
    records = iterator(prefix, rand_crop=True, rand_mirror=True, shuffle=True, seed=5)
    labels = []
    for batch in records:
        assert batch.data[0].shape == (12, 3, 24, 24)
        labels += batch.label[0].asnumpy().astype(int).tolist()
    print("augmented", len(labels), np.bincount(labels).tolist(), labels != sorted(labels))


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        prefix, held_out = pack(folder, "train", 96, 1), pack(folder, "val", 36, 2)
        with open(prefix + ".idx") as index:
            print("records", len(index.readlines()), mx.recordio.MXIndexedRecordIO(prefix + ".idx", prefix + ".rec", "r").keys[-1])
        by_module(prefix, held_out)
        by_gluon(prefix, held_out)
        augmented(prefix)
