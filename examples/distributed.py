"""Train a network on real digits in two processes, and beside it in one, and plot that both learn the same.

The script starts its own processes: `python examples/distributed.py`. Each of them takes its half of every batch, and
they sum their gradients, so that the parameters are those of one process with whole batches, but for rounding.
"""

import argparse
import json
import os
import subprocess
import sys

import matplotlib
import numpy as np
from sklearn.datasets import load_digits
from tqdm import tqdm

import glueball as mx

matplotlib.use("Agg")  # draw to a file; no screen is needed
import matplotlib.pyplot as plt

BATCH = 64


def build():
    """Return a convolutional network whose first parameters are the same in each process."""
    net = mx.gluon.nn.HybridSequential()
    net.add(
        mx.gluon.nn.Conv2D(32, kernel_size=3, padding=1, activation="relu"),
        mx.gluon.nn.MaxPool2D(),
        mx.gluon.nn.Conv2D(64, kernel_size=3, padding=1, activation="relu"),
        mx.gluon.nn.Flatten(),
        mx.gluon.nn.Dense(10),
    )
    mx.random.seed(1)
    net.initialize(mx.init.Xavier())
    net.hybridize()
    return net


def train(kind, epochs):
    """Train with the store of a kind; return its rank, how many processes there are, and the loss after each step."""
    store = mx.kv.create(kind)
    digits = load_digits()
    images, labels = digits.images[:, None].astype("float32") / 16, digits.target
    net = build()
    trainer = mx.gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.002}, kvstore=store)
    loss_of = mx.gluon.loss.SoftmaxCrossEntropyLoss()
    totals = mx.kv.create(kind)  # for the loss of the whole batch
    totals.init("loss", mx.nd.zeros(1))
    steps, losses = len(labels) // BATCH, []
    with tqdm(
        total=epochs * steps, unit="batch", desc=f"{store.num_workers} x training", disable=store.rank > 0
    ) as bar:
        for epoch in range(epochs):
            order = np.random.RandomState(epoch).permutation(len(labels))[: steps * BATCH].reshape(steps, BATCH)
            for batch in order:
                own = batch[store.rank :: store.num_workers]
                with mx.autograd.record():
                    loss = loss_of(net(mx.nd.array(images[own])), mx.nd.array(labels[own])).sum()
                loss.backward()
                trainer.step(BATCH)
                total = mx.nd.zeros(1)
                totals.push("loss", loss.reshape(1))
                totals.pull("loss", out=total)
                losses.append(total.asscalar().item() / BATCH)
                bar.update()
            bar.set_postfix(loss=f"{losses[-1]:.3f}")
    return store.rank, store.num_workers, losses


def draw(alone, together, processes, path):
    """Plot the two curves, one over the other."""
    figure, axis = plt.subplots(figsize=(9, 5), layout="constrained")
    axis.plot(alone, color="tab:blue", linewidth=4, alpha=0.4, label="1 process, whole batches")
    axis.plot(together, color="tab:orange", linewidth=1, label=f"{processes} processes, a part of each batch")
    difference = np.abs(np.subtract(alone, together)).max()
    axis.set(title=f"The same loss: the largest difference is {difference:.1g}", xlabel="step", yscale="log")
    axis.set_ylabel("loss")
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(frameon=False)
    figure.savefig(path, dpi=110)
    return difference


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--output", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "output"))
    arguments = parser.parse_args()
    os.makedirs(arguments.output, exist_ok=True)
    found = os.path.join(arguments.output, "distributed.json")
    if "RANK" in os.environ:  # one of the processes that are started below
        rank, count, losses = train("dist_sync", arguments.epochs)
        if rank == 0:
            with open(found, "w", encoding="utf-8") as file:
                json.dump([count, losses], file)
        return
    _, _, alone = train("local", arguments.epochs)
    launch = [sys.executable, "-m", "glueball", "launch", "-n", str(arguments.processes), os.path.abspath(__file__)]
    subprocess.run([*launch, "--epochs", str(arguments.epochs), "--output", arguments.output], check=True)
    with open(found, encoding="utf-8") as file:
        count, together = json.load(file)
    path = os.path.join(arguments.output, "distributed.png")
    difference = draw(alone, together, count, path)
    print(f"loss {alone[-1]:.4f} in one process, {together[-1]:.4f} in {count}; largest difference {difference:.1g}")
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
