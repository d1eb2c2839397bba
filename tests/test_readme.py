"""The examples in README.md run unchanged."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import glueball
from tools.names import texts

README = Path(__file__).parents[1] / "README.md"


def test_the_python_examples_run(tmp_path):
    examples = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(examples) == 3
    environment = {**os.environ, "PYTHONPATH": str(Path(glueball.__file__).parents[1])}
    for example in examples:
        command = [sys.executable, "-W", "error", "-c", example]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, timeout=120)
    assert (tmp_path / "digits.params").stat().st_size > 0
    command = re.search(r"^glueball (inspect mine-symbol.json.*?)  #", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert command is not None
    subprocess.run(
        [sys.executable, "-m", "glueball", *command[1].split()], cwd=tmp_path, env=environment, check=True, timeout=120
    )
    assert (tmp_path / "mine.svg").read_text(encoding="utf-8").startswith("<")


def test_the_lists_of_names_are_those_of_the_package():
    for path, text in texts().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is out of date: run make names"


def test_the_lists_know_what_is_there():
    text = (README.parent / "docs" / "names.md").read_text(encoding="utf-8")
    assert "`np_array`" in text
    assert "`Conv2D`" not in text
