"""Train a small convolutional network on real handwritten digits, save it, load it, and plot what it learned.

The digits are the 1,797 of scikit-learn, 8x8 pixels each; nothing is downloaded. Under Apache MXNet 1.9.1 the script
runs with one line changed: `import mxnet as mx`.
"""

import argparse
import os
import time

import matplotlib
import numpy as np
from sklearn.datasets import load_digits
from tqdm import tqdm

import glueball as mx

matplotlib.use("Agg")  # draw to a file; no screen is needed
import matplotlib.pyplot as plt

from_numpy, autograd, gluon = mx.nd.array, mx.autograd, mx.gluon
nn = gluon.nn


def read_digits():
    """Return training and test sets: images (N, 1, 8, 8) between 0 and 1, and labels."""
    digits = load_digits()
    images = digits.images[:, None].astype("float32") / 16
    labels = digits.target.astype("float32")
    order = np.random.RandomState(0).permutation(len(labels))
    held_out = len(labels) // 5
    test, train = order[:held_out], order[held_out:]
    return (images[train], labels[train]), (images[test], labels[test])


def build():
    """Two convolutions detect strokes and shapes, a dense layer classifies the digit."""
    net = nn.HybridSequential(prefix="digits_")
    with net.name_scope():
        net.add(
            nn.Conv2D(channels=32, kernel_size=3, padding=1, activation="relu"),
            nn.Conv2D(channels=64, kernel_size=3, padding=1),
            nn.BatchNorm(),
            nn.Activation("relu"),
            nn.MaxPool2D(pool_size=2),
            nn.Dropout(0.3),
            nn.Flatten(),
            nn.Dense(10),
        )
    return net


def augment(images):
    """Shift each image by up to one pixel, so that the network sees every digit in nine places."""
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    down, right = np.random.randint(0, 3, (2, len(images)))
    return np.stack([image[:, d : d + 8, r : r + 8] for image, d, r in zip(padded, down, right, strict=True)])


def accuracy_of(net, data):
    """Return the accuracy and the probabilities of the ten classes."""
    images, labels = data
    metric = mx.metric.Accuracy()
    output = net(from_numpy(images))
    metric.update([from_numpy(labels)], [output])
    return metric.get()[1], mx.nd.softmax(output).asnumpy()


def train(net, data, test, epochs, batch_size=64):
    """Train with Adam and return the loss after each step and the test accuracy after each epoch."""
    loss_function = gluon.loss.SoftmaxCrossEntropyLoss()
    steps = epochs * -(-len(data[1]) // batch_size)
    schedule = mx.lr_scheduler.FactorScheduler(step=max(steps // 4, 1), factor=0.4)
    settings = {"learning_rate": 0.004, "lr_scheduler": schedule, "wd": 1e-4}
    trainer = gluon.Trainer(net.collect_params(), "adam", settings)
    losses, accuracies = [], []
    with tqdm(total=steps, unit="batch", desc="training") as progress:
        for _ in range(epochs):
            dataset = gluon.data.ArrayDataset(augment(data[0]), data[1])
            for images, labels in gluon.data.DataLoader(dataset, batch_size, shuffle=True):
                with autograd.record():
                    loss = loss_function(net(images), labels)
                loss.backward()
                trainer.step(len(labels))
                losses.append(float(loss.mean().asscalar()))
                progress.update()
            accuracies.append(accuracy_of(net, test)[0])
            progress.set_postfix(loss=f"{losses[-1]:.3f}", test_accuracy=f"{accuracies[-1]:.4f}")
    return losses, accuracies


def draw(net, losses, accuracies, test, probabilities, path):
    """Plot the learned filters, the training curve and the digits that the network finds hardest."""
    figure = plt.figure(figsize=(12, 7.5), facecolor="white", layout="constrained")
    upper, lower = figure.subfigures(2, 1, squeeze=False, height_ratios=[1.4, 1])[:, 0]
    left, right = upper.subfigures(1, 2, width_ratios=[1, 1.3])

    left.suptitle("The 32 filters of the first Conv2D", fontweight="bold")
    filters = net[0].weight.data().asnumpy()[:, 0]
    limit = np.abs(filters).max()
    for axis, kernel in zip(left.subplots(4, 8).flat, filters, strict=True):
        axis.imshow(kernel, cmap="RdBu", vmin=-limit, vmax=limit)
        axis.axis("off")

    right.suptitle(f"Training: {accuracies[-1]:.2%} of the held-out digits are correct", fontweight="bold")
    axis = right.subplots()
    axis.plot(np.convolve(losses, np.ones(10) / 10, "valid"), color="tab:blue", linewidth=1)
    axis.set(xlabel="step", yscale="log")
    axis.set_ylabel("loss (mean of 10 steps)", color="tab:blue")
    axis.spines["top"].set_visible(False)
    other = axis.twinx()
    epoch_ends = (np.arange(len(accuracies)) + 1) * len(losses) / len(accuracies)
    other.plot(epoch_ends, accuracies, color="tab:orange", marker="o", markersize=3)
    other.set_ylabel("test accuracy", color="tab:orange")
    other.set_ylim(0.9, 1.001)
    other.spines["top"].set_visible(False)

    draw_hardest(lower, test, probabilities)
    figure.savefig(path, dpi=110)


def draw_hardest(figure, test, probabilities, count=20):
    """Draw the digits that are misclassified, and behind them those of which the network is least sure."""
    images, labels = test
    answers = probabilities.argmax(axis=1)
    of_the_label = probabilities[np.arange(len(labels)), labels.astype(int)]
    wrong = answers != labels
    hardest = np.lexsort((of_the_label, ~wrong))[:count]
    total = f"{wrong.sum()} of {len(labels)}"
    figure.suptitle(f"{total} test digits are misclassified (red). The hardest ones:", fontweight="bold")
    for axis, index in zip(figure.subplots(2, count // 2).flat, hardest, strict=True):
        axis.imshow(images[index, 0], cmap="gray_r")
        says = f"{labels[index]:.0f} as {answers[index]}" if wrong[index] else f"{answers[index]}"
        sure = probabilities[index].max()
        axis.set_title(f"{says}, {sure:.0%}", fontsize=9, color="tab:red" if wrong[index] else "black")
        axis.axis("off")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--output", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "output"))
    arguments = parser.parse_args()
    os.makedirs(arguments.output, exist_ok=True)
    mx.random.seed(1)
    np.random.seed(1)

    data, test = read_digits()
    net = build()
    net.initialize(mx.init.Xavier())
    net(from_numpy(data[0][:1]))  # infers the deferred shapes from the first image
    net.summary(from_numpy(data[0][:1]))

    begin = time.time()
    losses, accuracies = train(net, data, test, arguments.epochs)
    accuracy, probabilities = accuracy_of(net, test)
    print(f"test accuracy {accuracy:.4f} after {time.time() - begin:.1f} s of training")

    weights = os.path.join(arguments.output, "digits.params")
    net.save_parameters(weights)
    fresh = build()
    fresh.load_parameters(weights)
    print(f"loaded into a fresh network: test accuracy {accuracy_of(fresh, test)[0]:.4f}")

    picture = os.path.join(arguments.output, "digits.png")
    draw(net, losses, accuracies, test, probabilities, picture)
    print(f"wrote {weights} and {picture}")


if __name__ == "__main__":
    main()
