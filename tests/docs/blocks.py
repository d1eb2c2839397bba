"""The code blocks of the pages in ``docs/``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).parents[2] / "docs"

#: What runs, and what is no code: results, settings of Sphinx.
RUN = ("python", "pycon", "console", "test")
REST = ("text", "{toctree}", "{eval-rst}")

_FENCE = re.compile(
    r"^```(?P<kind>\S+)\n(?P<fenced>.*?)^```$|^<!-- test\n(?P<hidden>.*?)^-->$", re.MULTILINE | re.DOTALL
)


class Block(NamedTuple):
    """A block: its language, its text, and the line of the page on which the text begins.

    The language ``test`` is that of a comment that only the test reads, as one that makes the files a page speaks of.
    """

    kind: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page, in their order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        group = "fenced" if match["kind"] else "hidden"
        found.append(Block(match["kind"] or "test", match[group], text.count("\n", 0, match.start(group)) + 1))
    return found
