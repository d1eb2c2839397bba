"""Fuzz the file readers with Atheris: ``python -m tests.fuzz SECONDS [FOLDER]``.

Each target runs in a process of its own for that time. Files that found something new are kept in FOLDER/NAME, from
which the next run goes on; a file that makes a target fail is FOLDER/NAME-crash-... and the exit status is 1.
To look at one again: ``python -m tests.fuzz.one NAME FILE``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main(seconds: int, folder: Path) -> int:
    """Run all targets at once and return the exit status."""
    command = [sys.executable, "-m", "tests.fuzz.one"]
    names = subprocess.run([*command, "--list"], capture_output=True, text=True, check=True).stdout.split()
    running = {name: subprocess.Popen([*command, name, str(folder), str(seconds)]) for name in names}
    failed = [name for name, process in running.items() if process.wait()]
    print(f"make fuzz: {', '.join(failed) or 'nothing'} failed in {seconds} s; the files are in {folder}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else ".fuzz/files")))
