"""Train an LSTM until it writes in the manner of a text, letter by letter, and plot how it learned.

The text is the description of Python's language that ships with Python itself, as ``help("topics")`` shows it. Under
Apache MXNet 1.9.1 the script runs with one line changed: `import mxnet as mx`.
"""

import argparse
import os
import textwrap
import time
from pydoc_data.topics import topics

import matplotlib
import numpy as np
from tqdm import tqdm

import glueball as mx

matplotlib.use("Agg")  # draw to a file; no screen is needed
import matplotlib.pyplot as plt

nd, autograd, gluon = mx.nd, mx.autograd, mx.gluon
nn, rnn = gluon.nn, gluon.rnn


def read_text(length):
    """Return the first letters of the topics, and which letters there are."""
    # Rulers, and letters of other languages, would make it harder without making it more interesting.
    lines = "\n".join(topics[name] for name in sorted(topics)).split("\n")
    text = "\n".join(
        line.rstrip() for line in lines if line.isascii() and not set(line) & set("|*=~") and "--" not in line
    )
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    text = text[:length]
    return text, sorted(set(text))


class Writer(gluon.HybridBlock):
    """Two layers of LSTM that say, after each letter, how likely each letter is to come next."""

    def __init__(self, letters, units):
        super().__init__(prefix="writer_")
        with self.name_scope():
            self.embedding = nn.Embedding(letters, 32)
            self.lstm = rnn.LSTM(units, num_layers=2, input_size=32)
            self.output = nn.Dense(letters, flatten=False, in_units=units)

    def hybrid_forward(self, F, letters, *state):
        found, state = self.lstm(self.embedding(letters), list(state))
        return [self.output(found), *state]


def write(net, letters, start, length, temperature=0.6):
    """Let the network go on from a text."""
    numbers = [letters.index(letter) for letter in start]
    state = net.lstm.begin_state(batch_size=1)
    scores, *state = net(nd.array(numbers).reshape((-1, 1)), *state)
    for _ in range(length):
        chances = np.exp((scores[-1, 0].asnumpy().astype("float64")) / temperature)
        numbers.append(np.random.choice(len(letters), p=chances / chances.sum()))
        scores, *state = net(nd.array(numbers[-1:]).reshape((1, 1)), *state)
    return "".join(letters[number] for number in numbers)


def train(net, text, letters, steps, length=48, batch_size=32):
    """Train with Adam. Return the bits per letter after each step, and what the network wrote in between."""
    numbers = np.array([letters.index(letter) for letter in text])
    rows = numbers[: len(numbers) // batch_size * batch_size].reshape(batch_size, -1).T
    loss_function = gluon.loss.SoftmaxCrossEntropyLoss()
    schedule = mx.lr_scheduler.CosineScheduler(steps, base_lr=0.005, final_lr=0.0005)
    trainer = gluon.Trainer(
        net.collect_params(), "adam", {"learning_rate": 0.005, "lr_scheduler": schedule, "clip_gradient": 1.0}
    )
    bits, samples = [], []
    times = {int(steps * share) for share in (0, 0.05, 0.2, 0.5, 1)}
    state, place = net.lstm.begin_state(batch_size=batch_size), 0
    with tqdm(total=steps, unit="step", desc="training") as progress:
        for step in range(steps + 1):
            if step in times:
                samples.append((step, write(net, letters, "The ", 240)))
                progress.write(f"--- after {step} steps:\n{samples[-1][1]}\n")
            if step == steps:
                break
            if place + length >= len(rows):  # begin anew
                state, place = net.lstm.begin_state(batch_size=batch_size), 0
            part = rows[place : place + length + 1]
            place += length
            # The state goes from part to part; the gradient does not.
            state = [one.detach() for one in state]
            with autograd.record():
                scores, *state = net(nd.array(part[:-1]), *state)
                loss = loss_function(scores.reshape((-3, 0)), nd.array(part[1:]).reshape((-1,)))
            loss.backward()
            trainer.step(loss.size)
            bits.append(float(loss.mean().asscalar()) / np.log(2))
            progress.update()
            progress.set_postfix(bits_per_letter=f"{bits[-1]:.2f}")
    return bits, samples


def draw(bits, samples, letters, path):
    """Plot the training curve, and what the network wrote on the way."""
    figure = plt.figure(figsize=(12, 6.4), facecolor="white", layout="constrained")
    whole = figure.add_gridspec(1, 2, width_ratios=[1, 1.25])
    left, right = figure.add_subfigure(whole[0]), figure.add_subfigure(whole[1])
    left.suptitle("How well the next letter is foreseen", fontweight="bold")
    axis = left.subplots()
    axis.plot(bits, color="tab:blue", linewidth=0.5, alpha=0.4)
    width = min(20, len(bits))
    axis.plot(np.arange(len(bits) - width + 1) + width / 2, np.convolve(bits, np.ones(width) / width, "valid"))
    axis.axhline(np.log2(letters), color="gray", linewidth=1, linestyle=":")
    axis.text(len(bits), np.log2(letters), f"guessing among {letters} letters ", ha="right", va="bottom", color="gray")
    axis.plot([step for step, _ in samples], [0] * len(samples), "^", color="tab:orange", clip_on=False, zorder=3)
    axis.set(xlabel="step", ylabel="bits per letter", ylim=(0, np.log2(letters) + 0.5), xlim=(0, len(bits)))
    axis.spines[["top", "right"]].set_visible(False)

    right.suptitle("What it writes", fontweight="bold")
    axis = right.subplots()
    axis.axis("off")
    for number, (step, text) in enumerate(samples):
        top = 1 - number / len(samples)
        axis.text(0, top, f"after {step} steps", color="tab:orange", fontweight="bold", va="top", fontsize=10)
        # A dollar sign would begin a formula.
        shown = "\n".join(textwrap.wrap(" ".join(text.split()).replace("$", r"\$"), 84)[:4])
        axis.text(0, top - 0.04, shown, va="top", fontsize=8.5, family="monospace")
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--letters", type=int, default=300_000, help="how much of the text is read")
    parser.add_argument("--units", type=int, default=192)
    parser.add_argument("--output", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "output"))
    arguments = parser.parse_args()
    os.makedirs(arguments.output, exist_ok=True)
    mx.random.seed(1)
    np.random.seed(1)

    text, letters = read_text(arguments.letters)
    net = Writer(len(letters), arguments.units)
    net.initialize(mx.init.Xavier())
    net.hybridize()
    begin = time.time()
    bits, samples = train(net, text, letters, arguments.steps)
    print(f"{np.mean(bits[-50:]):.3f} bits per letter after {time.time() - begin:.1f} s of training")

    picture = os.path.join(arguments.output, "characters.png")
    draw(bits, samples, len(letters), picture)
    print(f"wrote {picture}")


if __name__ == "__main__":
    main()
