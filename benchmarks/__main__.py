"""Measure and print: ``python -m benchmarks``; ``--help`` lists the options."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine, race, table
from benchmarks.contestant import ROOT, Contestant, Process
from benchmarks.rows import ROWS, Row

_LEGEND = """
The contestants take turns in each round. A time is the median over rounds of the median time of one call, until its
result is computed; ± is half the interquartile range of the rounds. "graph" is the network after hybridize(), in MXNet
with static_alloc and static_shape. "above torch" is the median of the differences per round; "x" is the ratio of the
medians, "graph x own" that of the graph to the imperative network. All results were compared before timing. Imports and
traces run in a fresh process.
"""


def main() -> None:
    arguments = _arguments()
    rows = [row for row in ROWS if arguments.only in row.name]
    if not rows:
        sys.exit(f"benchmarks: --only must be part of a row's name; received {arguments.only!r}")
    effort = race.Effort(rounds=arguments.rounds, imports=arguments.imports)
    description = machine.describe()
    with contextlib.ExitStack() as stack:
        processes = _processes(stack, arguments.mxnet, arguments.threads)
        contestants = [contestant for process in processes for contestant in process.contestants]
        versions = {library: version for process in processes for library, version in process.versions.items()}
        texts = ", ".join(f"{library} {version}" for library, version in versions.items())
        print(f"{description}\n{texts}, {arguments.threads} threads\n")
        results = _measure(contestants, rows, effort)
    print(_LEGEND)
    print("\n".join(line for result in results for line in table.verdicts(result)))
    if arguments.json:
        content = {
            "machine": description,
            "versions": versions,
            "threads": arguments.threads,
            "effort": effort._asdict(),
            "rows": table.as_json(results),
        }
        arguments.json.write_text(json.dumps(content, indent=1) + "\n")


def _processes(stack: contextlib.ExitStack, mxnet_python: Path, threads: int) -> list[Process]:
    processes = [stack.enter_context(Process(sys.executable, ["glueball", "torch"], threads))]
    if mxnet_python.exists():
        processes.append(stack.enter_context(Process(mxnet_python, ["mxnet"], threads)))
    else:
        print(f"without MXNet: {mxnet_python} does not exist; 'make oracle' creates it where MXNet can run\n")
    return processes


def _measure(contestants: Sequence[Contestant], rows: Sequence[Row], effort: race.Effort) -> list[race.Result]:
    width = max(len(row.name) for row in rows)
    names = [contestant.name for contestant in contestants]
    print(table.header(names, width))
    results = []
    for result in race.run(contestants, rows, effort):
        print(table.line(result, names, width), flush=True)
        results.append(result)
    return results


def _arguments() -> argparse.Namespace:
    effort = race.Effort()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="measure only rows whose names contain this")
    parser.add_argument("--rounds", type=int, default=effort.rounds, help="rounds per contestant (%(default)s)")
    parser.add_argument("--imports", type=int, default=effort.imports, help="rounds with fresh processes (%(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each library (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all numbers to a file")
    default = os.environ.get("GLUEBALL_ORACLE_PYTHON") or ROOT / ".oracle" / "bin" / "python"
    parser.add_argument("--mxnet", type=Path, default=Path(default), help="a Python that has mxnet (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
