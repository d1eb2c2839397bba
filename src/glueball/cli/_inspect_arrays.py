"""What ``glueball inspect`` says about a file of arrays."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.dtype import TORCH_TO_NAME
from ..core.tables import number, printable, shortened
from ..serialization.headers import Header
from ..visualization.captions import lengths
from ._output import Part, Table

_KINDS = {"arg": "argument", "aux": "state"}


@dataclass(frozen=True)
class ArraysReport:
    """A report on the arrays of a file; `kind` is the name of its format, `metadata` what else it says of itself."""

    path: str
    kind: str
    headers: Sequence[Header]
    metadata: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.path,
            "kind": self.kind,
            "formats": self._formats(),
            "arrays": [
                {
                    "name": header.name or None,
                    "kind": _kind(header) or None,
                    "shape": list(header.tensor.shape),
                    "dtype": TORCH_TO_NAME[header.tensor.dtype],
                    "bytes": _bytes(header),
                }
                for header in self.headers
            ],
            "totals": {
                "arrays": len(self.headers),
                "elements": sum(header.tensor.numel() for header in self.headers),
                "bytes": sum(map(_bytes, self.headers)),
                "file_bytes": os.path.getsize(self.path),
            },
            **({"metadata": dict(self.metadata)} if self.metadata else {}),
        }

    def parts(self) -> list[Part]:
        whole = self.as_json()["totals"]
        named = any(header.name for header in self.headers)
        kind, formats = "named arrays" if named else "a list of arrays", ", ".join(self._formats()) or "empty"
        lines: list[Part] = [f"{self.path}: {kind}, format {formats}", ""]
        rows = [
            [
                printable(header.name) or str(place), _kind(header), lengths(tuple(header.tensor.shape)),
                TORCH_TO_NAME[header.tensor.dtype], number(header.tensor.numel()), number(_bytes(header)),
            ]
            for place, header in enumerate(self.headers)
        ]  # fmt: skip
        if rows:
            lines += [
                Table(("Name" if named else "Place", "Kind", "Shape", "Type", "Elements", "Bytes"), rows, (4, 5)),
                "",
            ]
        lines.append(
            f"{number(whole['arrays'])} arrays, {number(whole['elements'])} elements, {number(whole['bytes'])} bytes "
            f"of values in a file of {number(whole['file_bytes'])} bytes"
        )
        lines += [f"{printable(key)}: {shortened(value)}" for key, value in self.metadata.items()]
        return lines

    def _formats(self) -> list[str]:
        return sorted({header.version for header in self.headers})


def _kind(header: Header) -> str:
    return _KINDS.get(header.name.partition(":")[0], "") if ":" in header.name else ""


def _bytes(header: Header) -> int:
    return header.tensor.numel() * header.tensor.dtype.itemsize
