"""Measure and print: ``python -m benchmarks``; ``--help`` lists the options."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import field, line, machine, picture, race, record, report, table
from benchmarks.contestant import ROOT, Contestant
from benchmarks.rows import GROUPS, ROWS, ZOO, Row

_LEGEND = """
The contestants take turns in each round. The time of a turn is the median of its calls, each until its result is
computed; the time in the table is the third-best turn: other programs make turns longer, never shorter. "spread" is
half the way from the best turn to the fifth-best, the largest of the row. "graph" is the network after hybridize(), in
MXNet with static_alloc and static_shape, "MKLDNN" with its backend of that name too; "compiled" is by torch.compile,
with constant weights and channels last. "x" is a ratio of times: "graph x own" that of the graph to the imperative
network, "mxnet" the fastest of its graphs, "peer" the fastest of torch and the runtimes. All results were compared
before timing. Imports and first calls run in a fresh process.
"""


def main() -> None:
    options = _arguments()
    if options.picture and importlib.util.find_spec("matplotlib") is None:
        sys.exit("benchmarks: --picture needs matplotlib; pip install matplotlib")
    sections = record.read(options.record) if options.record else _measured_sections(options)
    if options.picture:
        picture.draw(sections, options.picture)
    if options.markdown:
        options.markdown.write_text(report.page(sections, options.picture))


def _measured_sections(options: argparse.Namespace) -> dict[str, record.Section]:
    name, section = "zoo" if options.zoo else "rows", _measured(options)
    if options.json is None:
        return {name: section}
    record.update(options.json, name, section)
    return record.read(options.json)


def _measured(options: argparse.Namespace) -> record.Section:
    rows = [row for row in (ZOO if options.zoo else ROWS) if options.only in row.name]
    if not rows:
        sys.exit(f"benchmarks: --only must be part of a row's name; received {options.only!r}")
    effort = race.Effort(rounds=options.rounds, seconds=options.seconds, imports=options.imports)
    section = {"machine": machine.describe(), "date": datetime.date.today().isoformat(), "threads": options.threads}
    with contextlib.ExitStack() as stack:
        taking_part = _field(stack, options)
        section["versions"] = taking_part.versions
        texts = record.versions_text(taking_part.versions)
        print(f"{section['machine']}\n{texts}, {options.threads} threads", *taking_part.missing, "", sep="\n")
        results = _race(taking_part.contestants, rows, effort)
    print(_LEGEND)
    lines = [table.of_row(result) for result in results]
    lines += line.means(lines, {} if options.only else GROUPS)
    print("\n".join(verdict for one in lines for verdict in table.verdicts(one)))
    return {**section, "missing": taking_part.missing, "effort": effort._asdict(), "rows": record.of_rows(results)}


def _field(stack: contextlib.ExitStack, options: argparse.Namespace) -> field.Field:
    taking_part = field.Field()
    field.own(stack, taking_part, options.threads, options.backend)
    field.mxnet(stack, taking_part, options.mxnet, options.threads)
    if not options.zoo:
        field.peers(stack, taking_part, options.peers, options.threads)
    return taking_part.without(options.without)


def _race(contestants: Sequence[Contestant], rows: Sequence[Row], effort: race.Effort) -> list[race.Result]:
    names = [contestant.name for contestant in contestants]
    width = max(len(row.name) for row in rows) + 1
    print(table.header(names, width))
    results = []
    for result in race.run(contestants, rows, effort):
        print("\n".join([table.text(table.of_row(result), names, width), *table.refusals(result)]), flush=True)
        results.append(result)
    for mean in line.means([table.of_row(result) for result in results], {}):
        print(table.text(mean, names, width))
    return results


def _arguments() -> argparse.Namespace:
    effort = race.Effort()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--only", default="", metavar="TEXT", help="measure only rows whose names contain this")
    add("--zoo", action="store_true", help="measure the 34 networks of the model zoo against MXNet's instead")
    add("--backend", action="append", default=[], metavar="NAME", help="also measure graphs with this engine")
    add("--without", action="append", default=[], metavar="NAME", help="leave out a contestant")
    add("--rounds", type=int, default=effort.rounds, help="rounds per row (%(default)s)")
    add("--seconds", type=float, default=effort.seconds, help="after which a row has no more rounds (%(default)s)")
    add("--imports", type=int, default=effort.imports, help="rounds with fresh processes (%(default)s)")
    add("--threads", type=int, default=2, help="threads of each library (%(default)s)")
    default = os.environ.get("GLUEBALL_ORACLE_PYTHON") or ROOT / ".oracle" / "bin" / "python"
    add("--mxnet", type=Path, default=Path(default), help="a Python that has mxnet (%(default)s)")
    default = os.environ.get("GLUEBALL_PEERS_PYTHON") or ROOT / ".peers" / "bin" / "python"
    add("--peers", type=Path, default=Path(default), help="a Python that has onnxruntime, openvino, ncnn (%(default)s)")
    add("--json", type=Path, metavar="FILE", help="also write all numbers to a file; --zoo adds to it")
    add("--record", type=Path, metavar="FILE", help="measure nothing, but take the numbers from such a file")
    add("--markdown", type=Path, metavar="FILE", help="also write a page about the numbers")
    add("--picture", type=Path, metavar="FILE", help="also draw the rows, as .svg or .png; this needs matplotlib")
    return parser.parse_args()


if __name__ == "__main__":
    main()
