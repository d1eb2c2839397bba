"""A page about what was measured, in Markdown: nothing in it is typed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks import record
from benchmarks.line import Line
from benchmarks.table import ratio_text
from benchmarks.times import BEST, Times, time_text

_GRAPH, _ENGINE = "glueball graph", "best engine"
_TOP = """# Performance

How long a call takes in Glueball, beside MXNet 1.9.1, PyTorch and runtimes that read ONNX files. This page is written
by the benchmark from what it measured.

    make venv oracle peers  # .peers: ONNX Runtime, OpenVINO and ncnn, where they install
    numbers=docs/performance.json page=docs/performance.md picture=docs/performance.svg
    # an hour; --backend NAME adds an engine, --help lists more
    .venv/bin/python -m benchmarks --json $numbers
    # another: the model zoo, added to the numbers
    .venv/bin/python -m benchmarks --zoo --json $numbers
    .venv/bin/python -m benchmarks --record $numbers --markdown $page --picture $picture

All contestants run the same network with the same weights on the same input, in float32, with the same number of
threads; whose outputs differ is refused. They take turns; the time is the third-best turn.
"""
_ZOO = """
All networks of `model_zoo.vision`, hybridized, with one image of 224 x 224, or 299 x 299 for Inception. The ratio is
that of Glueball's time to that of MXNet with `static_alloc` and `static_shape`.
"""
_COLUMNS = """
"graph" is a network after `hybridize()`, in MXNet with `static_alloc` and `static_shape`; "MKLDNN" is MXNet's backend
of that name; "torch compiled" is torch.compile with constant weights and channels last.
"""


def page(sections: Mapping[str, record.Section], picture: Path | None = None) -> str:
    """Return the page about a file's sections, which shows a picture that lies beside it."""
    parts = [_TOP]
    if "rows" in sections:
        parts.append(_rows(sections["rows"], picture))
    if "zoo" in sections:
        parts.append(_zoo(sections["zoo"]))
    return "\n".join(parts)


def _rows(section: record.Section, picture: Path | None) -> str:
    lines = record.lines(section)
    names = _contestants(lines)
    table = [_cells("", *names), _cells("---", *["--:"] * len(names))]
    table += [_cells(line.name, *[_cell(line.times, name, names) for name in names]) for line in lines]
    parts = ["## Networks, layers and calls", _conditions(section), _COLUMNS.strip(), "\n".join(table)]
    if picture:
        parts.append(f"![The times as bars]({picture.name})")
    refused = [f"- {row['row']}: {name}: {why}" for row in section["rows"] for name, why in row["refused"].items()]
    if refused:
        parts.append("Refused, because they failed or computed something else:\n\n" + "\n".join(refused))
    parts.append("## What is behind whom\n\n" + _comparison(lines, names))
    return "\n\n".join(parts) + "\n"


def _comparison(lines: list[Line], names: list[str]) -> str:
    """Every row in which somebody is faster than Glueball's graph, and by how much."""
    items = [f"- {line.name}: {text}" for line in lines if (text := _behind(line.times, names))]
    graphs = sum(_GRAPH in line.times for line in lines)
    rule = f"In {len(items)} of {graphs} lines somebody is faster than the hybridized network, whose time is"
    return "\n".join([f"{rule} then this multiple of theirs:", "", *items])


def _behind(times: Times, names: Iterable[str]) -> str:
    if _GRAPH not in times:
        return ""
    there = sorted((name for name in names if name in times), key=times.__getitem__)
    ratios = {name: ratio_text(times, _GRAPH, name) for name in there if times[name].seconds < times[_GRAPH].seconds}
    return ", ".join(f"{ratio} x {name}" for name, ratio in ratios.items() if ratio != "1.00")


def _zoo(section: record.Section) -> str:
    lines = record.lines(section)
    names = _contestants(lines)
    table = [_cells("", *names, "ratio"), _cells("---", *["--:"] * (len(names) + 1))]
    for line in lines:
        cells = [_cell(line.times, name, names) for name in names]
        table.append(_cells(line.name, *cells, ratio_text(line.times, _GRAPH, "mxnet graph")))
    return "\n\n".join(["## The model zoo", _ZOO.strip(), _conditions(section), "\n".join(table)]) + "\n"


def _conditions(section: record.Section) -> str:
    versions = record.versions_text(section["versions"])
    absent = "".join(f" {why[0].upper()}{why[1:]}." for why in section["missing"])
    return f"{section['date']}; {section['machine']}; {section['threads']} threads; {versions}.{absent}"


def _contestants(lines: list[Line]) -> list[str]:
    return list(dict.fromkeys(name for line in lines for name in line.times if name not in BEST))


def _cell(times: Times, name: str, names: Iterable[str]) -> str:
    if name not in times:
        return "-"
    text = time_text(times[name].seconds)
    fastest = min(times[other].seconds for other in names if other in times)
    return f"**{text}**" if times[name].seconds == fastest else text


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
