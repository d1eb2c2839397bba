"""Take two files that MXNet wrote in 2018: look inside, run them on pictures, compare engines, convert them.

The network is a LeNet for handwritten digits (examples/lenet). The pictures are those of scikit-learn, which are new to
it and coarser than what it was trained on, so that it errs on some. Each step is a command for any network of MXNet.
"""

import argparse
import json
import os
import subprocess
import sys

import matplotlib
import numpy as np
from sklearn.datasets import load_digits

matplotlib.use("Agg")  # draw to a file; no screen is needed
import matplotlib.pyplot as plt

HERE = os.path.dirname(os.path.abspath(__file__))
SIDE, MARGIN = 28, 4  # of the pictures that the network takes: the digit is in the middle, as in MNIST
SHOWN = (6, 10)  # rows and columns of pictures in the drawing
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def glueball(*arguments):
    """Run a command of Glueball and return what it prints; show that, too, but where it is for a program."""
    short = [os.path.relpath(each) if os.path.isabs(each) else each for each in arguments]
    print(f"\n$ glueball {' '.join(short)}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "glueball", *arguments], stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        sys.exit(done.returncode)  # the command has said why on stderr
    if "--json" not in arguments:
        print(done.stdout, end="")
    return done.stdout


def write_pictures(folder, count):
    """Write digits of scikit-learn as pictures of the size of MNIST's; return their labels by path."""
    os.makedirs(folder, exist_ok=True)
    digits = load_digits()
    labels = {}
    for number in range(count):
        picture = np.pad(enlarged(digits.images[number] / 16, SIDE - 2 * MARGIN), MARGIN)
        path = os.path.join(folder, f"{number:03}.png")
        plt.imsave(path, picture, cmap="gray", vmin=0, vmax=1)
        labels[path] = int(digits.target[number])
    return labels


def enlarged(image, side):
    """Return a picture with more pixels, between which the brightness changes evenly."""
    old = np.arange(len(image)) + 0.5
    new = (np.arange(side) + 0.5) * len(image) / side
    for _ in range(2):
        image = np.stack([np.interp(new, old, row) for row in image]).T
    return image


def score(answers, labels):
    """Return how many answers are right, of how many."""
    right = sum(answer["best"][0]["class"] == labels[answer["picture"]] for answer in answers)
    return f"{right} of {len(answers)}"


def draw(answers, labels, engines, path):
    """Plot the pictures with their answers, and beside them the table of the engines."""
    figure = plt.figure(figsize=(14, 7), facecolor="white", layout="constrained")
    left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=[1.35, 1])[0]
    left.suptitle(f"A network of 2018 reads {score(answers, labels)} digits it has never seen", fontweight="bold")
    down, across = SHOWN
    every = max(len(answers) // (down * across), 1)
    for axis, answer in zip(left.subplots(down, across).flat, answers[::every], strict=False):
        best = answer["best"][0]
        axis.imshow(plt.imread(answer["picture"])[..., 0], cmap="gray_r")
        color = "black" if best["class"] == labels[answer["picture"]] else "tab:red"
        axis.set_title(f"{best['name']}\n{best['probability']:.0%}", fontsize=9, color=color)
    for axis in left.axes:
        axis.axis("off")
    draw_engines(right, engines)
    figure.savefig(path, dpi=110)


def draw_engines(figure, engines):
    """Plot the times of the engines as bars, and all that was measured as a table."""
    timed = [each for each in engines["engines"] if each["median"]]
    batch = engines["shapes"]["data"][0]
    figure.suptitle(f"Milliseconds for {batch} pictures, {engines['threads']} threads", fontweight="bold")
    bars, table = figure.subplots(2, 1, height_ratios=[1.5, 1])
    names, medians = [each["engine"] for each in timed], [1e3 * each["median"] for each in timed]
    bars.barh(names, medians, color=["#2a6f97"] + ["#a9c6d9"] * (len(timed) - 1))
    bars.invert_yaxis()
    bars.set_xlim(0, 1.15 * max(medians))
    for place, median in enumerate(medians):
        bars.text(median, place, f" {median:.2f}", va="center")
    for side in ("top", "right"):
        bars.spines[side].set_visible(False)
    columns = ("engine", "ms", "first call, s", "memory, MB", "difference")
    rows = []
    for each, name, median in zip(timed, names, medians, strict=True):
        memory = "" if each["memory"] is None else f"{each['memory'] / 1e6:.0f}"
        rows.append((name, f"{median:.2f}", f"{each['first_call']:.1f}", memory, f"{each['difference']:.0e}"))
    table.axis("off")
    drawn = table.table(rows, colLabels=columns, loc="center", colWidths=(0.26, 0.12, 0.22, 0.22, 0.18))
    drawn.auto_set_font_size(False)
    drawn.set_fontsize(10)
    drawn.scale(1, 1.6)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", default=os.path.join(HERE, "output"))
    parser.add_argument("--pictures", type=int, default=420, help="how many the network reads")
    parser.add_argument("--engines", help="those to compare; by default all that are installed")
    arguments = parser.parse_args()
    graph = os.path.join(HERE, "lenet", "LeNet-symbol.json")
    pictures = os.path.join(arguments.output, "pictures")
    synset = os.path.join(arguments.output, "digits.txt")
    os.makedirs(arguments.output, exist_ok=True)
    with open(synset, "w", encoding="utf-8") as file:
        file.write("\n".join(NAMES))
    labels = write_pictures(pictures, arguments.pictures)

    glueball("inspect", graph, "--shape", f"data=1,1,{SIDE},{SIDE}")
    answers = json.loads(
        glueball("run", graph, pictures, "--synset", synset, "--normalize", "unit", "--top", "1", "--json")
    )
    print(f"{score(answers, labels)} answers are right")
    chosen = ["--engines", arguments.engines] if arguments.engines else []
    shape = ["--shape", f"data=64,1,{SIDE},{SIDE}"]
    engines = json.loads(glueball("bench", graph, *shape, "--rounds", "5", *chosen, "--json"))
    print(engines["recommendation"])
    for ending in (".onnx", ".py"):
        target = os.path.join(arguments.output, f"lenet{ending}")
        glueball("convert", graph, target, "--shape", f"data=1,1,{SIDE},{SIDE}", "--force")

    picture = os.path.join(arguments.output, "old_model.png")
    draw(answers, labels, engines, picture)
    print(f"\nwrote {picture}")


if __name__ == "__main__":
    main()
