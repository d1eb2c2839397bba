"""The environment of the oldest versions matches pyproject.toml, and is not built without its Python."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.floors import install

_PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_versions_are_the_floors_of_pyproject():
    text = _PYPROJECT.read_text(encoding="utf-8")
    assert re.search(r'^requires-python = ">=(.+)"$', text, re.MULTILINE)[1] == install.PYTHON
    floors = re.findall(r'"(\w+)>=([\d.]+)"', re.search(r"^dependencies = \[(.*)\]$", text, re.MULTILINE)[1])
    pins = dict(re.findall(r"^([\w-]+)==(\S+)$", install.CONSTRAINTS.read_text(encoding="utf-8"), re.MULTILINE))
    assert [name for name, _ in floors] == ["torch", "numpy"]
    for name, floor in floors:
        assert pins[name] == f"{floor}.0"


@pytest.mark.parametrize(
    ("name", "version", "received"),
    [
        ("no-such-python", "", "received 'no-such-python', which does not run"),
        (sys.executable, "3.14", "which is Python 3.14"),
        (sys.executable, "", "which does not run"),
    ],
)
def test_without_the_oldest_python(monkeypatch, tmp_path, name, version, received):
    monkeypatch.setenv("FLOOR_PYTHON", name)
    monkeypatch.setattr(install, "_version", lambda python: version)
    with pytest.raises(SystemExit) as caught:
        install.main(tmp_path / "floors")
    assert received in caught.value.code
    assert "let FLOOR_PYTHON name one" in caught.value.code
    assert not (tmp_path / "floors").exists()
