"""What ``glueball inspect`` says about a file that is neither MXNet's graph nor a file of arrays, such as ONNX's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from ..core.tables import number, printable, shortened
from ..serialization.formats import Summary
from ._output import Part, Table


@dataclass(frozen=True)
class SummaryReport:
    """A report on a file; `kind` is the name of its format and `title` what it is."""

    path: str
    kind: str
    title: str
    summary: Summary

    def as_json(self) -> dict[str, Any]:
        totals = {**self.summary.totals, "file_bytes": os.path.getsize(self.path)}
        return {"file": self.path, "kind": self.kind, **self.summary.facts, **self.summary.tables, "totals": totals}

    def parts(self) -> list[Part]:
        lines: list[Part] = [f"{self.path}: {self.title}"]
        lines += [f"{key}: {shortened(value)}" for key, value in self.summary.facts.items()]
        for title, rows in self.summary.tables.items():
            if rows:
                others = list(rows[0])[1:]
                right = [place for place, value in enumerate(rows[0].values()) if isinstance(value, int)]
                cells = [[_cell(value) for value in row.values()] for row in rows]
                lines += ["", Table((title.capitalize(), *(each.capitalize() for each in others)), cells, right)]
        totals = {**self.summary.totals, "bytes in the file": os.path.getsize(self.path)}
        lines += ["", ", ".join(f"{number(count)} {name}" for name, count in totals.items())]
        return lines


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return printable("×".join("?" if each is None else str(each) for each in value)) or "scalar"  # noqa: RUF001
    return number(value) if isinstance(value, int) else printable(str("?" if value is None else value))
