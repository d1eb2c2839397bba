"""Measure and print: ``python -m benchmarks``; with ``--help`` it says what can be chosen."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine, race, table
from benchmarks.contestant import ROOT, Contestant
from benchmarks.rows import ROWS, Row

_LEGEND = """
Each library has a process of its own and takes its turn in each round. A time is the median over the rounds of the
median time of one call, waited for; ± is half the distance between the rounds' quartiles. "above torch" is the median
of the differences round by round, "x" the ratio of the medians. Before the timing all libraries have computed the same.
"""


def main() -> None:
    """Run the benchmark."""
    arguments = _arguments()
    rows = [row for row in ROWS if arguments.only in row.name]
    if not rows:
        sys.exit(f"benchmarks: --only must be part of a row's name; received {arguments.only!r}")
    effort = race.Effort(rounds=arguments.rounds, imports=arguments.imports)
    with contextlib.ExitStack() as stack:
        contestants = [
            stack.enter_context(Contestant(library, python, arguments.threads))
            for library, python in _libraries(arguments.mxnet)
        ]
        description = _describe(contestants, arguments.threads)
        print(description)
        results = _measure(contestants, rows, effort)
    print(_LEGEND)
    print("\n".join(filter(None, map(table.verdict, results))))
    if arguments.json:
        content = {"machine": description, "effort": effort._asdict(), "rows": table.as_json(results)}
        arguments.json.write_text(json.dumps(content, indent=1) + "\n")


def _measure(contestants: Sequence[Contestant], rows: Sequence[Row], effort: race.Effort) -> list[race.Result]:
    width = max(len(row.name) for row in rows)
    print(table.header([contestant.library for contestant in contestants], width))
    results = []
    for result in race.run(contestants, rows, effort):
        print(table.line(result, width), flush=True)
        results.append(result)
    return results


def _libraries(mxnet_python: Path) -> list[tuple[str, str]]:
    libraries = [("glueball", sys.executable), ("torch", sys.executable)]
    if mxnet_python.exists():
        return [*libraries, ("mxnet", str(mxnet_python))]
    print(f"without MXNet: {mxnet_python} does not exist; 'make oracle' makes it where MXNet can run\n")
    return libraries


def _describe(contestants: Sequence[Contestant], threads: int) -> str:
    versions = "; ".join(contestant.version for contestant in contestants)
    return f"{machine.describe()}\n{versions}\n{threads} threads\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="measure only rows whose names contain this")
    parser.add_argument("--rounds", type=int, default=race.Effort().rounds, help="turns of each library (%(default)s)")
    parser.add_argument("--imports", type=int, default=race.Effort().imports, help="and of the import (%(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each library (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every number into a file")
    default = os.environ.get("GLUEBALL_ORACLE_PYTHON") or ROOT / ".oracle" / "bin" / "python"
    parser.add_argument("--mxnet", type=Path, default=Path(default), help="a Python that has mxnet (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
