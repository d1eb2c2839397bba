"""What commands print: with colors on a terminal that rich knows, and as plain text anywhere else."""

from __future__ import annotations

import io
import os
import sys

import pytest

from glueball.cli import _output
from glueball.cli._output import Table, show
from glueball.cli._progress import Progress

PARTS = ["first [bold]line[/bold]", Table(("Name", "Bytes"), [["a\x1b[31m", "1"], ["[red]b", "1,000"]], (1,))]


class Terminal(io.TextIOWrapper):
    """A terminal that keeps what it is shown."""

    def __init__(self):
        super().__init__(io.BytesIO(), "utf-8", write_through=True)

    def isatty(self):
        return True

    @property
    def shown(self):
        return self.buffer.getvalue().decode()


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def test_a_terminal_gets_rich_tables(terminal):
    pytest.importorskip("rich", reason="needs the extra glueball[cli]")
    show(PARTS, terminal)
    lines = terminal.shown.splitlines()
    assert lines[0] == "first [bold]line[/bold]"  # text is never taken for markup
    assert any("\x1b[1m" in line and "Name" in line for line in lines)
    assert any("a\\x1b[31m" in line for line in lines)  # nor for a terminal's commands
    assert any("[red]b" in line and "1,000" in line for line in lines)


def test_a_terminal_gets_a_bar_of_rich(terminal):
    pytest.importorskip("rich", reason="needs the extra glueball[cli]")
    with Progress("pictures", 4, terminal) as progress:
        progress.advance(3)
        progress.say("x.jpg: [skipped]")
        progress.advance()
    assert "pictures" in terminal.shown
    assert "x.jpg: [skipped]" in terminal.shown
    assert "4/4" in terminal.shown


@pytest.mark.parametrize("reason", ["a pipe", "rich is not installed", "a dumb terminal"])
def test_anything_else_gets_plain_text(terminal, monkeypatch, reason):
    if reason == "a pipe":
        terminal.isatty = lambda: False
    elif reason == "a dumb terminal":
        monkeypatch.setenv("TERM", "dumb")
    else:
        monkeypatch.setattr(_output.importlib.util, "find_spec", lambda name: None)
        for name in [name for name in sys.modules if name.split(".")[0] == "rich"]:
            monkeypatch.setitem(sys.modules, name, None)
    parts = [PARTS[0], Table(PARTS[1].titles, [["a", "1"], ["[red]b", "1,000"]], (1,))]
    show(parts, terminal)
    assert terminal.shown == "first [bold]line[/bold]\nName    Bytes\n-------------\na           1\n[red]b  1,000\n"
    with Progress("pictures", 4, terminal) as progress:
        progress.advance(4)
    assert ("4/4" in terminal.shown) == terminal.isatty()


def test_a_terminal_of_another_encoding(monkeypatch):
    file = io.TextIOWrapper(io.BytesIO(), "ascii", write_through=True)
    show(["2×3"], file)  # noqa: RUF001
    assert file.buffer.getvalue() == b"2\\xd73" + os.linesep.encode()
