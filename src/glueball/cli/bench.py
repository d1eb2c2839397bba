"""Compare the speed of a network under all engines that are installed, and say which one to use."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import tempfile
from typing import Any

import torch

from ..core.errors import MXNetError
from ..graph import engines
from ..ndarray import load as load_arrays
from ._bench_race import Contestant, Worker, refusal
from ._model_files import load
from ._options import add_shape, number_of
from ._output import Part, Table, show
from ._progress import Progress

EXAMPLES = (
    "net-symbol.json --shape data=1,3,224,224       # net-0010.params beside it is found by itself",
    "resnet50_v1 --shape data=8,3,224,224           # a network of the model zoo with random parameters",
    "net-symbol.json --engines onednn,onnxruntime --rounds 30 --json",
)

_REFERENCE = "eager"
_TOLERANCE = 1e-3  # of the largest result, beyond which an engine is not recommended
_WORTH = 1.05  # how many times as fast another engine than the default must be


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the sub-command."""
    parser.add_argument(
        "model", metavar="MODEL", help="a graph file, its folder, the beginning of its name, or a name of the model zoo"
    )
    parser.add_argument("--params", metavar="FILE", help="the parameters; by default the newest beside the graph")
    add_shape(parser, "the shape of an input")
    parser.add_argument("--engines", metavar="A,B", help="the engines to compare; by default all that can run here")
    parser.add_argument("--rounds", type=number_of(1, True), default=10, help="the turns of each engine; 10")
    parser.add_argument("--turn", type=number_of(0), default=0.2, help="the seconds of a turn; 0.2")
    parser.add_argument(
        "--patience", type=number_of(1), default=300, help="the seconds that an engine may take to prepare; 300"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def run(arguments: argparse.Namespace) -> int:
    """Time the engines in turns, and print a table and a recommendation."""
    model = load("bench", arguments.model, arguments.params)
    shapes = model.sized("bench", dict(arguments.shape)).shapes
    names, absent = _engines(arguments.engines)
    for note in model.notes:
        print(note, file=sys.stderr)
    question = {"model": arguments.model, "params": arguments.params, "shapes": shapes}
    with tempfile.TemporaryDirectory(prefix="glueball-bench-") as folder:
        contestants = [Contestant(name, os.path.join(folder, name)) for name in dict.fromkeys([_REFERENCE, *names])]
        _race(contestants, names, question, arguments)
        _compare(contestants)
    contestants = [each for each in contestants if each.engine in names]
    error = refusal(contestants)
    if error:
        raise error
    contestants.sort(key=lambda each: each.median if each.seconds else float("inf"))
    advice = _advice(contestants)
    if arguments.json:
        show([json.dumps(_as_json(arguments, shapes, contestants, absent, advice), indent=2)])
    else:
        show(_parts(model.name, shapes, contestants, absent, advice))
    return 0


def _engines(chosen: str | None) -> tuple[list[str], dict[str, str]]:
    """Return the engines to compare, and why others cannot run here."""
    if chosen:
        names = [name.strip() for name in chosen.split(",")]
        for name in names:
            engines.find("bench", name)
        return names, {}
    able, absent = [], {}
    for name in engines.names():
        if name == "auto":  # is one of the others
            continue
        try:
            engines.find("bench", name)
            able.append(name)
        except MXNetError as error:
            absent[name] = str(error).removeprefix("bench: ")
    return able, absent


def _race(
    contestants: list[Contestant], names: list[str], question: dict[str, Any], arguments: argparse.Namespace
) -> None:
    """Run all once, and take times of those of some names; the reference may not be among them."""
    turns = len(contestants) + len(names) * arguments.rounds
    with contextlib.ExitStack() as stack:
        progress = stack.enter_context(Progress("turns", turns, sys.stderr))
        workers = [stack.enter_context(Worker(each)) for each in contestants]
        for worker in workers:
            worker.prepare(question, arguments.patience)
            progress.advance()
        for _ in range(arguments.rounds):
            for worker in workers:
                if worker.contestant.engine in names:
                    worker.turn(arguments.turn, arguments.patience)
                    progress.advance()


def _compare(contestants: list[Contestant]) -> None:
    """Find how far the results are from those of the reference, which is the first."""
    reference = contestants[0]
    if reference.failure:
        return
    expected = [array.asnumpy().astype("float64") for array in load_arrays(reference.outputs)]
    largest = max([float(abs(array).max()) for array in expected if array.size], default=0.0)
    for each in contestants:
        if not each.failure:
            found = [array.asnumpy().astype("float64") for array in load_arrays(each.outputs)]
            pairs = zip(found, expected, strict=True)
            each.difference = max([float(abs(one - other).max()) for one, other in pairs if one.size], default=0.0)
            if not each.difference <= _TOLERANCE * max(largest, 1e-30):
                each.failure = f"its results differ by {each.difference:.1g} of {largest:.3g}"


def _advice(contestants: list[Contestant]) -> str:
    good = [each for each in contestants if each.seconds and not each.failure]
    if not good:
        return "Recommendation: none of them; their results differ too much from those of the reference."
    best = min(good, key=lambda each: each.median)
    default = next((each for each in good if each.engine == engines.default()), None)
    if default is None:
        return f'Recommendation: net.hybridize(backend="{best.engine}"), {_ms(best.median)} ms.'
    gain = default.median / best.median
    if gain < _WORTH:
        than = "nothing here is faster" if best is default else f"{best.engine} is hardly faster"
        return f"Recommendation: net.hybridize() with the default, {default.engine}; {than}."
    return (
        f'Recommendation: net.hybridize(backend="{best.engine}"), {gain:.1f} times as fast as the default, '
        f"{default.engine}."
    )


def _parts(
    name: str, shapes: dict[str, tuple[int, ...]], contestants: list[Contestant], absent: dict[str, str], advice: str
) -> list[Part]:
    inputs = ", ".join(f"{key}={','.join(map(str, shape))}" for key, shape in shapes.items())
    rows = [_row(each) for each in contestants]
    titles = ("Engine", "Median ms", "Half of the calls", "First call s", "Memory MB", "Difference", "")
    parts: list[Part] = [
        f"{name}, {inputs}, {torch.get_num_threads()} threads; turns alternate between the engines", "",
        Table(titles, rows, (1, 2, 3, 4, 5)), "",
        f"Difference: the largest one from the results of {_REFERENCE}. Memory: of a process, beyond that of an empty "
        "one.",
    ]  # fmt: skip
    parts += [f"{engine}: {reason}" for engine, reason in absent.items()]
    return [*parts, advice]


def _row(each: Contestant) -> list[str]:
    memory = "" if each.memory is None else f"{each.memory / 1e6:.0f}"
    difference = "" if each.difference is None else f"{each.difference:.1e}"
    if not each.seconds:
        return [each.engine, "", "", "", memory, difference, each.failure]
    low, high = each.quarters
    spread = f"{_ms(low)} to {_ms(high)}"
    return [each.engine, _ms(each.median), spread, f"{each.first:.1f}", memory, difference, each.failure]


def _ms(seconds: float) -> str:
    value = 1e3 * seconds
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _as_json(
    arguments: argparse.Namespace, shapes: dict[str, tuple[int, ...]], contestants: list[Contestant],
    absent: dict[str, str], advice: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "model": arguments.model,
        "shapes": {name: list(shape) for name, shape in shapes.items()},
        "threads": torch.get_num_threads(),
        "engines": [
            {
                "engine": each.engine,
                "median": each.median if each.seconds else None,
                "quarters": list(each.quarters) if each.seconds else None,
                "calls": len(each.seconds),
                "first_call": each.first,
                "memory": each.memory,
                "difference": each.difference,
                "failure": each.failure or None,
            }
            for each in contestants
        ],
        "cannot_run": absent,
        "recommendation": advice,
    }
