"""The tests pass however they are started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import quick

_ROOT = Path(__file__).resolve().parents[1]

#: The tests that send SIGINT.
INTERRUPTING = [
    "tests/compat/test_runner.py::test_how_programs_end[an interrupt]",
    "tests/gluon/data/test_workers.py::test_no_worker_outlives_the_program",
]

_AS_A_BACKGROUND_JOB = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
os.execv(sys.executable, [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *sys.argv[1:]])
"""


def test_a_run_started_with_sigint_ignored_passes():
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-c", _AS_A_BACKGROUND_JOB, *INTERRUPTING]
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("name", [*quick.LEFT_OUT, *quick.KEPT])
def test_what_quick_names_is_there(name):
    """A renamed test must not silently be run or left out."""
    path, _, function = name.partition("::")
    text = "" if path.endswith("/") else (_ROOT / path).read_text(encoding="utf-8")
    assert (_ROOT / path).exists()
    assert not function or f"def {function.partition('[')[0]}" in text
