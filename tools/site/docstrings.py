"""Docstrings as reStructuredText: an asterisk before a word, as in ``(batch, *shape)``, is an asterisk."""

from __future__ import annotations

import re
from typing import Any

_ASTERISK = re.compile(r"(?<![\w`*\\])\*(?=\w)")


def _escape(_app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    in_example = False
    for number, line in enumerate(lines):
        in_example = line.lstrip().startswith(">>>") or (in_example and bool(line.strip()))
        if not in_example:
            lines[number] = _ASTERISK.sub(r"\\*", line)


def setup(app: Any) -> dict[str, bool]:
    """Have Sphinx hand over each docstring once napoleon is done with it."""
    app.connect("autodoc-process-docstring", _escape, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
