"""``python -m tests.docs.run PAGE``: run the code blocks of a page in the current folder, as one program.

Python blocks share their names. In a ``console`` block, a line that begins with ``$`` is a command; the lines below
it, if any, are what it prints, with ``...`` as in doctests.
"""

from __future__ import annotations

import doctest
import shlex
import subprocess
import sys
from pathlib import Path

from tests.docs.blocks import Block, blocks

_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_TOOLS = {"glueball": ["-m", "glueball"], "python": []}


def main(page: Path) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page):
        if block.kind in ("python", "test"):
            exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), names)
        elif block.kind == "pycon":
            _examples(page, block, names)
        elif block.kind == "console":
            _commands(page, block)


def _examples(page: Path, block: Block, names: dict[str, object]) -> None:
    test = doctest.DocTestParser().get_doctest(block.text, names, page.name, str(page), block.line - 1)
    runner = doctest.DocTestRunner(optionflags=_FLAGS)
    if runner.run(test, clear_globs=False).failed:
        raise SystemExit(1)
    names.update(test.globs)


def _commands(page: Path, block: Block) -> None:
    for entry in ("\n" + block.text).split("\n$ ")[1:]:
        line, _, expected = entry.partition("\n")
        program, *arguments = shlex.split(line, comments=True)
        done = subprocess.run(
            [sys.executable, "-W", "error", *_TOOLS[program], *arguments], text=True, capture_output=True, check=False
        )
        where = f"{page.name}, line {block.line}: {line}"
        assert done.returncode == 0, f"{where}\n{done.stdout}{done.stderr}"
        if expected.strip():
            same = doctest.OutputChecker().check_output(expected, done.stdout, _FLAGS)
            assert same, f"{where}\nexpected:\n{expected}\nprinted:\n{done.stdout}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
