"""A fixed share of `make fuzz` without Atheris, and that the targets notice what they should."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from glueball.serialization import reader
from glueball.symbol import json_reader
from tests.fuzz import one
from tests.fuzz.targets import TARGETS

_ROOT = Path(__file__).resolve().parents[2]


def changed(content, pieces, random):
    """A file after a few changes, of the kinds that a fuzzer makes."""
    for _ in range(random.choice([1, 1, 2, 4])):
        at, end = sorted(random.choices(range(len(content) + 1), k=2))
        if end - at > 8:
            end = at + random.randrange(9)
        replacement = random.choice(
            [
                b"",
                content[at:end] * 2,
                random.randbytes(end - at),
                random.choice(pieces or ["\0"]).encode(),
                random.choice([b"\xff" * 8, bytes(8), b"\0\0\0\x80", b"9" * 19, b"-1", b"[" * 50]),
            ]
        )
        content = content[:at] + replacement + content[end:]
    return content


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("part", range(4))
def test_drawn_files_are_refused_or_read(name, part):
    target, seeds, pieces = TARGETS[name]
    random = Random(f"{name} {part}")
    for number in range(250):
        content = changed(random.choice(seeds), pieces, random)
        try:
            target(content)
        except Exception as error:
            raise AssertionError(f"file {number}: {content!r}") from error


def test_a_bare_error_of_a_reader_is_a_finding(monkeypatch):
    monkeypatch.setattr(reader._ListReader, "read_names", lambda *_: {}["no such name"])
    monkeypatch.setattr(json_reader, "_order", lambda *_: {}["no such name"])
    for target, seeds, _ in TARGETS.values():
        with pytest.raises(KeyError):
            target(seeds[0])


def test_the_command_runs_one_target_on_one_file(tmp_path, capsys):
    one.main(["--list"])
    assert capsys.readouterr().out.split() == list(TARGETS)
    path = tmp_path / "file"
    for name, (_, seeds, _) in TARGETS.items():
        path.write_bytes(seeds[0])
        one.main([name, str(path)])


def test_the_version_of_atheris_is_fixed():
    assert re.fullmatch(r"atheris==[\d.]+\n", (_ROOT / "tests/fuzz/requirements.txt").read_text(encoding="utf-8"))
