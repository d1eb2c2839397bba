"""The examples in README.md run unchanged."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import cv2

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
    _check_the_commands(tmp_path, environment)


def _check_the_commands(folder, environment):
    """Run the commands, on the network that the last example has written, pictures, and names."""
    (folder / "pictures").mkdir()
    for name in ("cat", "dog"):
        picture = glueball.nd.random.uniform(0, 255, (48, 64, 3)).astype("uint8").asnumpy()
        assert cv2.imwrite(str(folder / "pictures" / f"{name}.png"), picture)
    (folder / "synset.txt").write_text("\n".join(f"class {number}" for number in range(10)), encoding="utf-8")
    commands = re.findall(r"^glueball (.*?)  +#", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["inspect", "run", "bench", "convert", "doctor"]
    for command in commands:
        fewer = ["--engines", "eager,onednn", "--rounds", "1"] if command.startswith("bench") else []
        subprocess.run(
            [sys.executable, "-m", "glueball", *command.split(), *fewer],
            cwd=folder, env=environment, check=True, timeout=120, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    assert (folder / "mine.svg").read_text(encoding="utf-8").startswith("<")
    assert (folder / "mine.safetensors").stat().st_size > 0


def test_the_lists_of_names_are_those_of_the_package():
    for path, text in texts().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is out of date: run make names"


def test_the_lists_know_what_is_there():
    text = (README.parent / "docs" / "names.md").read_text(encoding="utf-8")
    assert "`get_im2rec_path`" in text
    assert "`Conv2D`" not in text
