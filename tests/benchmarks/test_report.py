"""The file, the page and the picture of what was measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import picture, race, record, report
from benchmarks.rows import Row

_DOCS = Path(__file__).resolve().parents[2] / "docs"


def _section(refused=None) -> record.Section:
    seconds = {"glueball graph": [2e-3] * 3, "mxnet graph": [3e-3] * 3, "openvino": [1e-3] * 3}
    slow = {"glueball graph": [4.0] * 3, "mxnet graph": [8.0] * 3}
    results = [
        race.Result(Row("small", None, group="layers"), seconds, refused or {}),
        race.Result(Row("large", None, group="layers"), slow, {}),
    ]
    facts = {
        "machine": "a machine",
        "date": "2026-11-28",
        "threads": 2,
        "versions": {"glueball": "9", "openvino": "8-of-a-branch"},
    }
    return {**facts, "missing": ["without ncnn: it is not here"], "effort": {}, "rows": record.of_rows(results)}


def test_a_file_has_both_sections(tmp_path):
    path = tmp_path / "numbers.json"
    for name in ("rows", "zoo", "rows"):
        record.update(path, name, _section())
    assert record.read(path) == {"rows": _section(), "zoo": _section()}


def test_lines_come_from_the_file_again():
    small, large, mean = record.lines(_section())
    assert (small.name, large.name, mean.name) == ("small", "large", "geometric mean of 2 layers")
    assert small.times["best peer"].seconds == 1e-3 and "openvino" not in mean.times


def test_the_page_says_what_how_and_who_is_ahead():
    page = report.page({"rows": _section({"ncnn": "it failed"}), "zoo": _section()}, Path("bars.svg"))
    assert "2026-11-28; a machine; 2 threads; glueball 9, openvino 8. Without ncnn: it is not here." in page
    assert "| small | 2.0 ms | 3.0 ms | **1.0 ms** |" in page and "| large | **4.00 s** | 8.00 s | - |" in page
    assert "In 1 of 3 lines somebody is faster" in page and "- small: 2.00 x openvino\n" in page
    assert "![The times as bars](bars.svg)" in page and "- small: ncnn: it failed" in page
    assert "| large | **4.00 s** | 8.00 s | - | 0.50 |" in page.partition("## The model zoo")[2]


def test_the_page_in_the_documentation_is_that_of_its_numbers():
    numbers = _DOCS / "performance.json"
    page = report.page(record.read(numbers) if numbers.exists() else {}, _DOCS / "performance.svg")
    assert (_DOCS / "performance.md").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(("name", "first"), [("bars.svg", b"<?xml"), ("bars.png", b"\x89PNG")])
def test_the_picture_has_a_panel_for_each_row_beside_peers(tmp_path, name, first):
    pytest.importorskip("matplotlib")
    paths = [tmp_path / name, tmp_path / f"again-{name}"]
    for path in paths:
        picture.draw({"rows": _section()}, path)
    content = paths[0].read_bytes()
    assert content.startswith(first) and content == paths[1].read_bytes()
    if name.endswith("svg"):
        assert b"small" in content and b"large" not in content and b"openvino" in content


def test_the_zoo_has_no_picture(tmp_path):
    pytest.importorskip("matplotlib")
    with pytest.raises(SystemExit, match="a picture is of rows"):
        picture.draw({"zoo": _section()}, tmp_path / "bars.svg")


def test_the_command_writes_page_and_picture_from_a_file(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    paths = {name: tmp_path / name for name in ("numbers.json", "page.md", "bars.svg")}
    record.update(paths["numbers.json"], "rows", _section())
    options = ["--record", "numbers.json", "--markdown", "page.md", "--picture", "bars.svg"]
    monkeypatch.setattr(sys, "argv", ["benchmarks", *[str(paths.get(option, option)) for option in options]])
    command.main()
    assert "](bars.svg)" in paths["page.md"].read_text() and paths["bars.svg"].exists()
