"""Build the environment in which real MXNet 1.9.1 runs: ``python tests/oracle/install.py FOLDER``.

If MXNet does not exist for this machine, the reason is printed and nothing is built. That is not an error: the tests
that need it are skipped. Every other failure is an error.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_CHECK = "import mxnet, sys; sys.exit(mxnet.__version__ != '1.9.1')"
_VERSIONS = ("3.11", "3.10")


def main(folder: Path) -> None:
    """Build the environment, check that it works, and create the file ``ready`` in it."""
    reason = _unsupported_machine()
    python = None if reason else _find_python()
    if python is None:
        print(f"make oracle: real MXNet cannot be had here: {reason or _no_python()} Its tests will skip.")
        return
    subprocess.run([python, "-m", "venv", folder], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", _REQUIREMENTS], check=True)
    subprocess.run([python, "-W", "ignore", "-c", _CHECK], check=True)
    (folder / "ready").touch()
    print(f"make oracle: MXNet 1.9.1 is in {folder}")


def _unsupported_machine() -> str | None:
    system, machine = platform.system(), platform.machine()
    if (system, machine) != ("Linux", "x86_64"):
        return f"its files are for Linux on x86-64; this is {system} on {machine}."
    if platform.libc_ver()[0] != "glibc":
        return "its files need glibc, which this Linux does not use."
    return None


def _find_python() -> str | None:
    for candidate in (sys.executable, *(f"python{version}" for version in _VERSIONS)):
        path = shutil.which(candidate)
        if path is not None and _version(path) in _VERSIONS:
            return path
    return None


def _version(python: str) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    # A launcher may exist without the Python that it launches; then it prints no version.
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=False).stdout.strip()


def _no_python() -> str:
    return f"it needs Python {' or '.join(_VERSIONS)}, and none of them is on the PATH."


if __name__ == "__main__":
    main(Path(sys.argv[1]))
