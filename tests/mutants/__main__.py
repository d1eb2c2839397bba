"""Break a copy of the package, one mutant at a time: ``python -m tests.mutants [WORD]``.

The tests that a mutant lists must pass on the unchanged copy, and one of them must fail on the mutant; WORD selects
the mutants whose description contains it. Mutants that only real MXNet tells from what is right are tried where it is
installed. Nothing is written outside a temporary directory.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.edits import MUTANTS
from tests.mutants.mutant import Mutant

_ROOT = Path(__file__).resolve().parents[2]

# Exit codes of pytest.
_PASSED, _FAILED = 0, 1

#: The timeout of a test run in seconds; a mutant can loop forever.
_LONGEST = 300


def main(word: str = "") -> int:
    """Try the mutants, print the result of each, and return the number that no test noticed."""
    chosen = [mutant for mutant in MUTANTS if word in mutant.what and (not mutant.needs_mxnet or _has_mxnet())]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        shutil.copytree(_ROOT / "src" / "glueball", source / "glueball")
        _require_copy(source)
        for with_mxnet in (False, True):
            mutants = [mutant for mutant in chosen if mutant.needs_mxnet is with_mxnet]
            tests = list(dict.fromkeys(test for mutant in mutants for test in mutant.tests))
            status, output = _run(source, tests, with_mxnet) if tests else (_PASSED, "")
            if status != _PASSED:
                sys.exit(f"mutants: the tests must pass before anything is broken; they ended with {status}\n{output}")
        left = [mutant for mutant in chosen if not _is_noticed(source, mutant)]
    print(f"{len(chosen) - len(left)} of {len(chosen)} mutants were noticed")
    return len(left)


def _is_noticed(source: Path, mutant: Mutant) -> bool:
    file = source / "glueball" / mutant.file
    text = file.read_text(encoding="utf-8")
    begin = time.monotonic()
    file.write_text(mutated(text, mutant), encoding="utf-8")
    try:
        status, output = _run(source, mutant.tests, mutant.needs_mxnet)
    finally:
        file.write_text(text, encoding="utf-8")
    if status not in (_PASSED, _FAILED):
        sys.exit(f"mutants: {mutant.what}: its tests must run; pytest ended with {status}\n{output}")
    outcome = "noticed" if status == _FAILED else f"NOT NOTICED by {' '.join(mutant.tests)}"
    print(f"{time.monotonic() - begin:5.1f} s  {mutant.file}: {mutant.what}: {outcome}", flush=True)
    return status == _FAILED


def _has_mxnet() -> bool:
    """Whether the tests can ask it, as `tests/conftest.py` finds it."""
    return Path(os.environ.get("GLUEBALL_ORACLE_PYTHON") or _ROOT / ".oracle" / "bin" / "python").exists()


def mutated(text: str, mutant: Mutant) -> str:
    """Return the text of a file with the edit applied; the text to replace must occur once."""
    if text.count(mutant.old) != 1:
        raise ValueError(
            f"mutants: {mutant.what}: the old text must occur once in {mutant.file}; "
            f"it occurs {text.count(mutant.old)} times: {mutant.old!r}"
        )
    return text.replace(mutant.old, mutant.new)


def _require_copy(source: Path) -> None:
    """Check that the copy is tested: with a package installed elsewhere, every mutant would survive."""
    command = [sys.executable, "-c", "import glueball; print(glueball.__file__)"]
    found = subprocess.run(command, cwd=_ROOT, env=_environment(source), capture_output=True, text=True, check=True)
    if not Path(found.stdout.strip()).is_relative_to(source):
        sys.exit(f"mutants: the copy in {source} must be what is imported; it was {found.stdout.strip()}")


def _run(source: Path, tests: Sequence[str], with_mxnet: bool) -> tuple[int, str]:
    kind = "oracle" if with_mxnet else "not oracle"
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", kind, *tests]
    done = subprocess.run(
        command, cwd=_ROOT, env=_environment(source), capture_output=True, text=True, timeout=_LONGEST, check=False
    )
    return done.returncode, done.stdout[-3000:]


def _environment(source: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(source), "OMP_NUM_THREADS": "1"}


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:2]), 1))
