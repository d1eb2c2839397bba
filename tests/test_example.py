"""The examples train, save, load and draw; so they do under real MXNet with one line changed."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

_SCRIPT = Path(__file__).parents[1] / "examples" / "digits.py"
_IMPORT = "import glueball as mx"


def _run(python: str, script: Path, output: Path, *arguments: str) -> tuple[float, float]:
    """Run the script and return the accuracies that it prints, of the trained and the loaded network."""
    variables = {**os.environ, "OMP_NUM_THREADS": "2", "MXNET_SUBGRAPH_BACKEND": "NONE"}
    done = subprocess.run(
        [python, "-W", "ignore", str(script), "--output", str(output), *arguments],
        env=variables, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    trained, loaded = map(float, re.findall(r"test accuracy (\d\.\d+)", done.stdout))
    assert "100%" in done.stderr  # the progress bar completed
    return trained, loaded


def _check(output: Path, trained: float, loaded: float, at_least: float) -> None:
    assert trained >= at_least
    assert loaded == trained
    assert (output / "digits.png").read_bytes().startswith(b"\x89PNG")


def test_digits_under_glueball(tmp_path):
    trained, loaded = _run(sys.executable, _SCRIPT, tmp_path)
    _check(tmp_path, trained, loaded, at_least=0.98)


def test_digits_under_mxnet_with_one_line_changed(oracle_python, tmp_path):
    text = _SCRIPT.read_text(encoding="utf-8")
    assert text.count(_IMPORT) == 1
    script = tmp_path / "digits.py"
    script.write_text(text.replace(_IMPORT, "import mxnet as mx"), encoding="utf-8")
    # 2 of its 25 epochs show that the script runs and learns: accuracy 0.91, where guessing gives 0.1.
    trained, loaded = _run(str(oracle_python), script, tmp_path, "--epochs", "2")
    _check(tmp_path, trained, loaded, at_least=0.8)


def test_digits_draws_however_many_are_wrong(tmp_path):
    """The lower row of the drawing is full, whether none or all digits are misclassified."""
    specification = importlib.util.spec_from_file_location("digits", _SCRIPT)
    digits = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(digits)
    images, labels = np.zeros((40, 1, 8, 8)), np.arange(40) % 10.0
    for shift, wrong in ((0, 0), (1, 40)):
        probabilities = np.full((40, 10), 0.05)
        probabilities[np.arange(40), (labels.astype(int) + shift) % 10] = 0.55
        figure = Figure()
        digits.draw_hardest(figure, (images, labels), probabilities)
        assert figure.get_suptitle().startswith(f"{wrong} of 40")
        assert [len(axis.images) for axis in figure.axes] == [1] * 20


def test_old_model_inspects_runs_compares_and_converts(tmp_path):
    pytest.importorskip("onnx")
    command = [sys.executable, "-W", "ignore", _SCRIPT.with_name("old_model.py"), "--pictures", "60"]
    done = subprocess.run(
        [*map(str, command), "--engines", "eager,onednn", "--output", str(tmp_path)],
        env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "written by MXNet 1.3.1" in done.stdout
    right = int(re.search(r"(\d+) of 60 answers are right", done.stdout)[1])
    assert right >= 48
    assert done.stdout.count("checked: random inputs") == 2
    assert {"lenet.onnx", "lenet.py", "lenet.pt"} <= set(os.listdir(tmp_path))
    assert (tmp_path / "old_model.png").read_bytes().startswith(b"\x89PNG")


def test_detect_trains_and_draws(tmp_path):
    """A few steps; in the 560 of a whole run it finds 98 % of the shapes, under both libraries."""
    command = [sys.executable, "-W", "ignore", _SCRIPT.with_name("detect.py"), "--epochs", "2", "--pictures", "128"]
    variables = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*map(str, command), "--output", str(tmp_path)],
        env=variables, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    losses = [float(loss) for loss in re.findall(r"loss=(\d+\.\d+)", done.stderr)]
    assert losses[-1] < losses[0] * 0.8
    assert re.search(r"0\.\d+ of the shapes in new pictures found", done.stdout)
    assert (tmp_path / "detect.png").read_bytes().startswith(b"\x89PNG")


def test_characters_learns_and_draws(tmp_path):
    """A few steps; a whole run comes to less than 2 bits per letter, under both libraries."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        _SCRIPT.with_name("characters.py"),
        "--steps",
        "40",
        "--letters",
        "20000",
    ]
    variables = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*map(str, command), "--units", "48", "--output", str(tmp_path)],
        env=variables, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    bits = [float(value) for value in re.findall(r"bits_per_letter=(\d+\.\d+)", done.stderr)]
    assert bits[-1] < bits[0] * 0.8
    assert re.search(r"\d\.\d+ bits per letter", done.stdout)
    assert done.stdout.count("--- after") == 5
    assert (tmp_path / "characters.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_distributed_learns_the_same_as_one_process(tmp_path):
    command = [sys.executable, "-W", "ignore", str(_SCRIPT.with_name("distributed.py")), "--output", str(tmp_path)]
    done = subprocess.run(
        [*command, "--epochs", "2"],
        env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    alone, together, count, difference = re.search(
        r"loss (\S+) in one process, (\S+) in (\d); largest difference (\S+)", done.stdout
    ).groups()
    assert count == "2" and float(alone) < 0.5 and abs(float(alone) - float(together)) < 1e-3
    assert float(difference) < 1e-2  # rounding grows from step to step
    assert "2 x training: 100%" in done.stderr
    assert (tmp_path / "distributed.png").read_bytes().startswith(b"\x89PNG")
