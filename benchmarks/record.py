"""What was measured, as a file: JSON with a section for the rows, and one for the model zoo."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import table, times
from benchmarks.line import Line, means
from benchmarks.race import Result

#: What there is of each run: machine, date, versions, threads, effort, and the rows with every turn.
Section = dict[str, Any]


def of_rows(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Return all measured numbers."""
    return [
        {
            "row": result.row.name,
            "group": result.row.group,
            "seconds": {name: [float(f"{turn:.4g}") for turn in turns] for name, turns in result.seconds.items()},
            "refused": {name: table.reason_text(reason) for name, reason in result.refused.items()},
        }
        for result in results
    ]


def update(path: Path, name: str, section: Section) -> None:
    """Put a section into a file, which may have the other one."""
    sections = {**(read(path) if path.exists() else {}), name: section}
    path.write_text(json.dumps(sections) + "\n")


def read(path: Path) -> dict[str, Section]:
    """Return the sections of a file."""
    sections: dict[str, Section] = json.loads(path.read_text())
    return sections


def versions_text(versions: Mapping[str, str]) -> str:
    """Return the versions of the libraries; without what OpenVINO's says of its source."""
    return ", ".join(f"{library} {version.partition('-')[0]}" for library, version in versions.items())


def lines(section: Section) -> list[Line]:
    """Return the lines of the table, geometric means last."""
    rows = [Line(row["row"], times.of_turns(row["seconds"]), row["group"]) for row in section["rows"]]
    return [*rows, *means(rows, {})]
