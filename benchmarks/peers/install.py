"""Build the environment in which the runtimes run: ``python -m benchmarks.peers.install FOLDER``.

A runtime that does not install on this machine is left out, and the reason is printed; the benchmark runs without it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.peers import PEERS

_CONSTRAINTS = Path(__file__).with_name("constraints.txt")
#: Needed beside others, but for what we do not use: pnnx's own torch would be a download of gigabytes.
_ALONE = ("pnnx",)


def main(folder: Path) -> None:
    """Build the environment, and create the file ``ready`` in it."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    for name, packages in PEERS.items():
        failure = next(filter(None, (_install(folder, package) for package in packages)), None)
        print(f"make peers: {name} {f'cannot be had here: {failure}' if failure else f'is in {folder}'}")
    (folder / "ready").touch()


def _install(folder: Path, package: str) -> str | None:
    """Install a package; returns what pip says if it cannot."""
    command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "-c", _CONSTRAINTS, package]
    command += ["--no-deps"] if package in _ALONE else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
    return None if done.returncode == 0 else [done.stderr, *errors][-1]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
