"""Build an environment with the oldest versions that pyproject.toml allows: ``python tests/floors/install.py FOLDER``.

On Linux x86-64, PyPI's torch comes with CUDA and takes gigabytes; on a machine without a GPU, first set
PIP_EXTRA_INDEX_URL to PyTorch's CPU index (https://download.pytorch.org/whl/cpu).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PYTHON = "3.10"
CONSTRAINTS = Path(__file__).with_name("constraints.txt")
_ROOT = CONSTRAINTS.parents[2]


def main(folder: Path) -> None:
    """Build the environment and create the file ``ready`` in it; exits with a message if Python 3.10 is missing."""
    python = find_python(os.environ.get("FLOOR_PYTHON") or f"python{PYTHON}")
    subprocess.run([python, "-m", "venv", folder], check=True)
    # pip reads the first when it builds, and the second since version 25.3.
    constrained = {**os.environ, "PIP_CONSTRAINT": str(CONSTRAINTS), "PIP_BUILD_CONSTRAINT": str(CONSTRAINTS)}
    command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--editable", f"{_ROOT}[test]"]
    subprocess.run(command, env=constrained, check=True)
    (folder / "ready").touch()


def find_python(name: str) -> str:
    """Return the path of the oldest Python that pyproject.toml allows."""
    path = shutil.which(name)
    version = None if path is None else _version(path)
    if path is None or version != PYTHON:
        received = f"which is Python {version}" if version else "which does not run"
        sys.exit(
            f"make floors: the oldest versions are tested with Python {PYTHON}; received {name!r}, {received}; "
            f"install Python {PYTHON}, or let FLOOR_PYTHON name one"
        )
    return path


def _version(python: str) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    # A launcher may exist without the Python that it launches; then it prints no version.
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
