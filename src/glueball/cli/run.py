"""Say what is on pictures: run a network on them and print its best answers."""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections.abc import Iterator, Sequence

import numpy as np

from ..core.errors import MXNetError
from ..core.extras import MissingExtraError
from ..core.tables import printable
from ..ndarray import NDArray
from ..serialization.path import opened
from ..symbol import Symbol
from ._model import Sized
from ._model_files import load
from ._options import add_shape, number_of
from ._output import Table, show
from ._picture_size import guess
from ._progress import Progress
from ._run_pictures import METHODS, NORMALIZATIONS, Preparation, batches, found, layout_of
from ._run_plot import Answer, save_plot

EXAMPLES = (
    "net-symbol.json dog.jpg                             # the parameters beside it are found by themselves",
    "net-symbol.json pictures/ --synset synset.txt --top 3 --save-plot answers.png",
    "net-symbol.json *.jpg --size 224 --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --engine openvino",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the sub-command."""
    parser.add_argument("model", metavar="MODEL", help="a graph file, its folder, or the beginning of its name")
    parser.add_argument("images", metavar="IMAGE", nargs="+", help="pictures, or folders of them")
    parser.add_argument("--params", metavar="FILE", help="the parameters; by default the newest beside the graph")
    parser.add_argument("--synset", metavar="FILE", help="the names of the classes, one a line")
    parser.add_argument("--top", type=number_of(1, True), default=5, metavar="N", help="the best N classes; 5")
    parser.add_argument("--save-plot", metavar="FILE", help="draw the pictures with their answers to this file")
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    pictures = parser.add_argument_group("how pictures become numbers")
    pictures.add_argument("--size", metavar="N or H,W", type=_size, help="pixels; by default what the file says")
    add_shape(pictures, "the shape of an input, in the place of --size and --batch")
    pictures.add_argument("--layout", choices=["NCHW", "NHWC"], help="of the input; by default what the file says")
    pictures.add_argument(
        "--resize",
        choices=list(METHODS),
        default="auto",
        help="auto: by area where pictures shrink, cubic where they grow",
    )
    pictures.add_argument("--fit", choices=["crop", "stretch"], help="take the center (large pictures), or everything")
    pictures.add_argument(
        "--normalize", choices=list(NORMALIZATIONS), help="the usual mean and deviation; raw is 0 to 255, unit 0 to 1"
    )
    pictures.add_argument("--mean", metavar="R,G,B", type=_numbers, help="what is subtracted, of values from 0 to 1")
    pictures.add_argument("--std", metavar="R,G,B", type=_numbers, help="what is divided by")
    pictures.add_argument("--bgr", action="store_true", help="blue comes first")
    running = parser.add_argument_group("how they are computed")
    running.add_argument("--batch", type=number_of(1, True), metavar="N", help="pictures in one call; 8, or fewer")
    running.add_argument("--engine", metavar="NAME", help="what runs the graph; see 'glueball bench'")


def run(arguments: argparse.Namespace) -> int:
    """Print the best answers for each picture; the exit status is 1 if a picture cannot be read."""
    files = found("run", arguments.images)
    sized = _sized(arguments, len(files))
    how = _preparation(arguments, sized)
    for note in sized.model.notes:
        print(note, file=sys.stderr)
    names = _names(arguments.synset) if arguments.synset else None
    read: list[str] = []
    with Progress("pictures", len(files), sys.stderr) as progress:
        scores = _scores(arguments, sized, how, _pictures(files, how, read, progress))
    answers = [Answer(path, _best(row, arguments.top, names)) for path, row in zip(read, scores, strict=True)]
    if arguments.json:
        show([json.dumps([_as_json(answer) for answer in answers], indent=2)])
    elif answers:
        rows = [
            ["" if place else answer.path, str(number), name, f"{probability:.4f}"]
            for answer in answers
            for place, (number, name, probability) in enumerate(answer.best)
        ]
        show([Table(("Picture", "Class", "Name", "Probability"), rows, (1, 3))])
    if arguments.save_plot and answers:
        save_plot(arguments.save_plot, answers)
        print(f"wrote {arguments.save_plot}", file=sys.stderr)
    return 0 if len(read) == len(files) else 1


def _sized(arguments: argparse.Namespace, count: int) -> Sized:
    """Return the network for batches of pictures of the size that was given, or that suits."""
    model = load("run", arguments.model, arguments.params)
    given = dict(arguments.shape)
    if not model.inputs:
        raise MXNetError(f"run: the network must have an input; received none in {arguments.model}")
    if not given:
        data = model.inputs[0]
        known = guess(model.symbol, data, model.arrays, arguments.size) if arguments.size else None
        shape = known.shape if known else model.sized("run", {}).shapes[data]
        if len(shape) == 4 and arguments.layout and arguments.layout != ("NCHW" if shape[1] in (1, 3) else "NHWC"):
            batch, *rest = shape
            shape = (batch, *rest[1:], rest[0]) if arguments.layout == "NHWC" else (batch, rest[-1], *rest[:-1])
        given = {data: (int(arguments.batch or min(8, count)), *shape[1:])}
    return model.sized("run", given)


def _preparation(arguments: argparse.Namespace, sized: Sized) -> Preparation:
    """Return how pictures are prepared: as was asked, else as is usual for their size."""
    height, width, channels, last = layout_of("run", sized)
    small = max(height, width) < 100
    kind = arguments.normalize
    if not kind:
        kind = "unit" if channels == 1 else "cifar" if small else "imagenet"
        if not (arguments.mean and arguments.std):
            sized.model.notes.append(f"no file says how values are normalized; assumed: --normalize {kind}")
    mean, std = NORMALIZATIONS[kind]
    mean, std = arguments.mean or mean, arguments.std or std
    for option, numbers in (("mean", mean), ("std", std)):
        if len(numbers) not in (1, channels):
            raise MXNetError(
                f"run: --{option} must have a number for each of {channels} channels, or one; received {len(numbers)}; "
                "choose --normalize unit or raw for gray pictures"
            )
    if 0 in std:
        raise MXNetError(f"run: --std must not have zeros; received {','.join(map(str, std))}")
    fit = arguments.fit or ("stretch" if small else "crop")
    return Preparation(height, width, channels, last, fit, mean, std, arguments.resize, arguments.bgr)


def _pictures(files: Sequence[str], how: Preparation, read: list[str], progress: Progress) -> Iterator[NDArray]:
    """Yield the pictures that can be read; append their paths to `read`."""
    for path in files:
        try:
            picture = how.read(path)
        except MissingExtraError:
            raise
        except MXNetError as error:
            progress.say(f"{path}: skipped: {printable(' '.join(str(error).split()))}")
        else:
            read.append(path)
            yield picture
        progress.advance()


def _scores(
    arguments: argparse.Namespace, sized: Sized, how: Preparation, pictures: Iterator[NDArray]
) -> list[np.ndarray]:
    """Return a row of probabilities for each picture."""
    block = sized.block()
    if arguments.engine:
        block.hybridize(backend=arguments.engine)
    rows: list[np.ndarray] = []
    for count, inputs in batches(sized, how, pictures):
        results = block(*inputs)
        output = (results[0] if isinstance(results, list) else results).asnumpy().astype(np.float64)
        output = (
            output.reshape(len(output), -1) if output.ndim > 2 and output[0].size == max(output.shape[1:]) else output
        )
        if output.ndim != 2 or len(output) != next(iter(sized.shapes.values()))[0]:
            raise MXNetError(
                f"run: the first output must be a row of scores for each picture; received shape {output.shape}; "
                "run this network from Python, with SymbolBlock.imports"
            )
        rows += list(_probabilities(output, sized.model.symbol)[:count])
    return rows


def _probabilities(scores: np.ndarray, symbol: Symbol) -> np.ndarray:
    """Return what is probabilities already, as the network ends in a softmax or a sigmoid, or else their softmax."""
    node = symbol._entries[0].node
    while node.operator is not None and node.operator.kind == "shape":
        node = node.inputs[0].node
    ends = node.operator is not None and node.operator.kind in ("output", "activation")
    if ends and scores.min() >= 0 and scores.max() <= 1:
        return scores
    powers = np.exp(scores - scores.max(1, keepdims=True))
    found: np.ndarray = powers / powers.sum(1, keepdims=True)
    return found


def _best(row: np.ndarray, top: int, names: Sequence[str] | None) -> list[tuple[int, str, float]]:
    if names is not None and len(names) != len(row):
        raise MXNetError(
            f"run: --synset must have a line for each of the {len(row)} classes; received {len(names)} lines"
        )
    order = np.argsort(-row, kind="stable")[:top]
    return [(int(place), names[place] if names else "", float(row[place])) for place in order]


def _names(path: str) -> list[str]:
    """Return the names in a file, a line each; numbers of WordNet before them are left out."""
    with opened(path, "the synset file") as file:
        lines = file.read().decode("utf-8", "replace").splitlines()
    return [printable(re.sub(r"^n\d{8}\s+", "", line.strip())) for line in lines if line.strip()]


def _as_json(answer: Answer) -> dict[str, object]:
    best = [{"class": number, "name": name or None, "probability": each} for number, name, each in answer.best]
    return {"picture": answer.path, "best": best}


def _size(text: str) -> tuple[int, int]:
    fields = [field.strip() for field in text.lower().replace("x", ",").split(",")]
    if len(fields) > 2 or not all(field.isdecimal() and int(field) for field in fields):
        raise argparse.ArgumentTypeError(f"must be PIXELS or HEIGHT,WIDTH; received {text!r}; write 224")
    return int(fields[0]), int(fields[-1])


def _numbers(text: str) -> list[float]:
    try:
        found = [float(field) for field in text.split(",")]
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be numbers; received {text!r}; write 0.485,0.456,0.406") from error
    if not all(map(math.isfinite, found)):
        raise argparse.ArgumentTypeError(f"must be finite numbers; received {text!r}")
    return found
