"""Train a small single-shot detector (SSD) until it finds the shapes in pictures that it has never seen, and draw them.

The pictures are made here: circles, squares and triangles before noisy backgrounds. Under Apache MXNet 1.9.1 the script
runs with one line changed: `import mxnet as mx`.
"""

import argparse
import os
import time

import matplotlib
import numpy as np
from tqdm import tqdm

import glueball as mx

matplotlib.use("Agg")  # draw to a file; no screen is needed
import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

nd, autograd, gluon = mx.nd, mx.autograd, mx.gluon
nn = gluon.nn

SIDE = 96
CLASSES = ("circle", "square", "triangle")
COLORS = ("tab:red", "tab:blue", "tab:green")
MOST = 3  # shapes in a picture
# For each of three feature maps: the sides of its default boxes, as parts of the picture, and their width to height.
SIZES = ((0.2, 0.26), (0.33, 0.4), (0.47, 0.55))
RATIOS = (1, 0.7, 1.4)


def paint(picture, kind, box):
    """Paint one shape into a picture (3, SIDE, SIDE)."""
    left, top, right, bottom = box
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    across, down = (x - left) / (right - left), (y - top) / (bottom - top)
    inside = (across >= 0) & (across <= 1) & (down >= 0) & (down <= 1)
    if kind == 0:
        inside &= (across - 0.5) ** 2 + (down - 0.5) ** 2 <= 0.25
    elif kind == 2:
        inside &= np.abs(across - 0.5) <= down / 2
    picture[:, inside] = np.random.uniform(0, 1, (3, 1)) * np.random.uniform(0.9, 1.1, (3, inside.sum()))


def make_pictures(number):
    """Return pictures (N, 3, SIDE, SIDE) and labels (N, MOST, 5): class, left, top, right, bottom; -1 for no shape."""
    pictures = np.random.uniform(0, 1, (number, 3, 1, 1)) + np.random.normal(0, 0.05, (number, 3, SIDE, SIDE))
    labels = -np.ones((number, MOST, 5))
    for picture, label in zip(pictures, labels, strict=True):
        for row in range(np.random.randint(1, MOST + 1)):
            for _ in range(20):  # look for a place that is free
                width, height = np.random.uniform(18, 48) * np.array([1, np.random.uniform(0.75, 1.33)])
                height = min(height, SIDE - 4)
                left, top = np.random.uniform(0, SIDE - width), np.random.uniform(0, SIDE - height)
                box = np.array([left, top, left + width, top + height])
                if all(overlap(box / SIDE, other[1:]) < 0.02 for other in label[:row]):
                    break
            else:
                break
            kind = np.random.randint(len(CLASSES))
            paint(picture, kind, box)
            label[row] = [kind, *(box / SIDE)]
    return pictures.clip(0, 1).astype("float32"), labels.astype("float32")


def overlap(one, other):
    """Return the intersection of two boxes over their union."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    common = np.prod(np.maximum(sides, 0))
    return common / (np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2]) - common)


def add_step(block, channels):
    """Add two convolutions, and a pooling that halves the picture."""
    for _ in range(2):
        block.add(nn.Conv2D(channels, 3, padding=1), nn.BatchNorm(), nn.Activation("relu"))
    block.add(nn.MaxPool2D(2))


class Detector(gluon.HybridBlock):
    """For each default box of three feature maps: scores of the classes, and where the shape is from there."""

    def __init__(self):
        super().__init__(prefix="detector_")
        boxes = len(SIZES[0]) + len(RATIOS) - 1
        with self.name_scope():
            self.stages, self.scores, self.places = [nn.HybridSequential() for _ in range(3)]
            for number in range(len(SIZES)):
                stage = nn.HybridSequential()
                for channels in (16, 32, 64) if number == 0 else (64,):
                    add_step(stage, channels)
                self.stages.add(stage)
                self.scores.add(nn.Conv2D(boxes * (len(CLASSES) + 1), 3, padding=1))
                self.places.add(nn.Conv2D(boxes * 4, 3, padding=1))

    def hybrid_forward(self, F, x):
        boxes, scores, places = [], [], []
        for stage, score, place, sizes in zip(self.stages, self.scores, self.places, SIZES, strict=True):
            x = stage(x)
            boxes.append(F.contrib.MultiBoxPrior(x, sizes=sizes, ratios=RATIOS))
            scores.append(F.flatten(F.transpose(score(x), (0, 2, 3, 1))))
            places.append(F.flatten(F.transpose(place(x), (0, 2, 3, 1))))
        scores = F.reshape(F.concat(*scores, dim=1), (0, -1, len(CLASSES) + 1))
        return F.concat(*boxes, dim=1), scores, F.concat(*places, dim=1)


def train(net, pictures, labels, epochs, batch_size=32):
    """Train with Adam and return the loss after each step."""
    of_class, of_place = gluon.loss.SoftmaxCrossEntropyLoss(axis=-1), gluon.loss.HuberLoss()
    data = gluon.data.DataLoader(gluon.data.ArrayDataset(pictures, labels), batch_size, shuffle=True)
    schedule = mx.lr_scheduler.CosineScheduler(epochs * len(data), base_lr=0.003, final_lr=0.0001)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"lr_scheduler": schedule})
    losses = []
    with tqdm(total=epochs * len(data), unit="batch", desc="training") as progress:
        for _ in range(epochs):
            for x, y in data:
                with autograd.record():
                    boxes, scores, places = net(x)
                    with autograd.pause():
                        wanted, mask, kinds = nd.contrib.MultiBoxTarget(
                            boxes, y, nd.transpose(scores, (0, 2, 1)), negative_mining_ratio=3
                        )
                    counted = nd.expand_dims(kinds >= 0, axis=2)
                    loss = of_class(scores, kinds, counted) * 10 + of_place(places * mask, wanted * mask) * 100
                loss.backward()
                trainer.step(len(x))
                losses.append(float(loss.mean().asscalar()))
                progress.update()
                progress.set_postfix(loss=f"{losses[-1]:.3f}")
    return losses


def detect(net, pictures):
    """Return what is found in each picture: rows of class, score, left, top, right, bottom."""
    boxes, scores, places = net(nd.array(pictures))
    chances = nd.softmax(scores).transpose((0, 2, 1))
    found = nd.contrib.MultiBoxDetection(chances, places, boxes, nms_threshold=0.3, force_suppress=True, threshold=0.4)
    return [rows[rows[:, 0] >= 0] for rows in found.asnumpy()]


def share_found(found, labels):
    """Return which part of all shapes is found, and which part of what is found is a shape of that class."""
    right = shapes = 0
    for rows, label in zip(found, labels, strict=True):
        shapes += (label[:, 0] >= 0).sum()
        for kind, *box in label[label[:, 0] >= 0]:
            right += any(row[0] == kind and overlap(row[2:], np.array(box)) > 0.5 for row in rows)
    return right / shapes, right / max(sum(map(len, found)), 1)


def draw(pictures, found, losses, title, path):
    """Draw pictures with the boxes found in them, and the training curve."""
    figure = plt.figure(figsize=(12, 5.8), facecolor="white", layout="constrained")
    left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=[2.2, 1])[0]
    left.suptitle(title, fontweight="bold")
    for axis, picture, rows in zip(left.subplots(3, 5).flat, pictures, found, strict=False):
        axis.imshow(picture.transpose(1, 2, 0))
        axis.axis("off")
        for kind, score, *box in rows:
            color, (x0, y0, x1, y1) = COLORS[int(kind)], np.array(box) * SIDE - 0.5
            axis.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=color, linewidth=2))
            label = f"{CLASSES[int(kind)]} {score:.2f}"
            axis.text(
                x0, max(y0, 7), label, fontsize=7, color="white", va="bottom", bbox={"fc": color, "lw": 0, "pad": 1}
            )
    right.suptitle("Training", fontweight="bold")
    axis = right.subplots()
    axis.plot(np.convolve(losses, np.ones(10) / 10, "valid"), color="tab:blue", linewidth=1)
    axis.set(xlabel="step", ylabel="loss (mean of 10 steps)", yscale="log")
    axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--pictures", type=int, default=1500)
    parser.add_argument("--output", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "output"))
    arguments = parser.parse_args()
    os.makedirs(arguments.output, exist_ok=True)
    mx.random.seed(1)
    np.random.seed(1)

    train_pictures, train_labels = make_pictures(arguments.pictures)
    pictures, labels = make_pictures(200)
    net = Detector()
    net.initialize(mx.init.Xavier())
    net.hybridize()
    begin = time.time()
    losses = train(net, train_pictures, train_labels, arguments.epochs)
    found = detect(net, pictures)
    recall, precision = share_found(found, labels)
    print(f"{recall:.3f} of the shapes in new pictures found after {time.time() - begin:.1f} s of training")
    print(f"{precision:.3f} of what was found is right")

    picture = os.path.join(arguments.output, "detect.png")
    draw(pictures, found, losses, f"{recall:.1%} of the shapes in 200 new pictures are found", picture)
    print(f"wrote {picture}")


if __name__ == "__main__":
    main()
