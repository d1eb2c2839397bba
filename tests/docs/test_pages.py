"""Every code block of the documentation runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import glueball
from tests.docs.blocks import DOCS, REST, RUN, Block, blocks

_ROOT = DOCS.parent

#: Pages whose blocks do not run, and why.
_NOT_RUN = {
    "architecture.md": "it shows the form of a declaration",
    "performance.md": "it says how to repeat hours of measuring",
    "types.md": "it shows what type checkers refuse; tests/typing/programs has such programs",
}
_PAGES = sorted(page.name for page in DOCS.glob("*.md") if page.name not in _NOT_RUN)


@pytest.mark.parametrize("name", [name for name in _PAGES if any(b.kind in RUN for b in blocks(DOCS / name))])
def test_the_blocks_of_a_page_run(name, tmp_path):
    path = os.pathsep.join([str(Path(glueball.__file__).parents[1]), str(_ROOT)])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.docs.run", str(DOCS / name)],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, timeout=1800, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", _PAGES)
def test_no_block_escapes(name):
    """A block is fenced and says its language: one that does not would not be run."""
    page = DOCS / name
    assert {block.kind for block in blocks(page)} <= {*RUN, *REST}
    text = page.read_text(encoding="utf-8")
    outside = re.sub(r"^```.*?^```$|^<!--.*?-->$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert "```" not in outside
    assert not re.search(r"^\n {4}\S", outside, re.MULTILINE), "an indented code block: fence it and name its language"


def test_blocks_are_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A\n\n<!-- test\nx = 1\n-->\n\n```python\ny = 2\n```\n\n```console\n$ glueball\nout\n```\n")
    assert blocks(page) == [
        Block("test", "x = 1\n", 4), Block("python", "y = 2\n", 8), Block("console", "$ glueball\nout\n", 12)
    ]  # fmt: skip


def test_a_block_that_fails_is_noticed(tmp_path):
    for text in (
        "```python\nassert 1 == 2\n```\n",
        "```pycon\n>>> 1 + 1\n3\n```\n",
        "```console\n$ python -c \"print('a')\"\nb\n```\n",
        '```console\n$ python -c "raise SystemExit(3)"\n```\n',
    ):
        page = tmp_path / "page.md"
        page.write_text(text)
        done = subprocess.run(
            [sys.executable, "-m", "tests.docs.run", str(page)], cwd=_ROOT, capture_output=True, check=False
        )
        assert done.returncode == 1, text
