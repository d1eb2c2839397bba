"""Running type checkers on programs, as a user of the installed package does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import glueball

_SOURCES = Path(glueball.__file__).resolve().parents[1]

# Without torch, which alone takes half a minute: no program looks at its types.
_MYPY = """
[mypy]
check_untyped_defs = True
follow_imports = silent
show_absolute_path = True
[mypy-torch.*]
follow_imports = skip
"""

Errors = dict[str, dict[int, list[str]]]  # by file name and line


def mypy(folder: Path, cache: Path) -> Errors:
    """Return what mypy says of all programs of a folder."""
    settings = cache / "mypy.ini"
    settings.write_text(_MYPY)
    command = [sys.executable, "-m", "mypy", f"--config-file={settings}", f"--cache-dir={cache}", str(folder)]
    text = _run(command, MYPYPATH=str(_SOURCES))
    return _by_line(re.findall(r"^(.+?):(\d+): error: (.*)$", text, re.MULTILINE))


def pyright(folder: Path, scratch: Path) -> Errors:
    """Return what pyright, in the standard mode that it has by default, says of all programs of a folder."""
    settings = {
        "include": [str(folder)], "extraPaths": [str(_SOURCES)], "typeCheckingMode": "standard",
        "pythonVersion": f"{sys.version_info.major}.{sys.version_info.minor}",
    }  # fmt: skip
    (scratch / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "basedpyright", "-p", str(scratch), "--pythonpath", sys.executable, "--outputjson"]
    found = json.loads(_run(command))["generalDiagnostics"]
    return _by_line(
        [
            (said["file"], said["range"]["start"]["line"] + 1, said["message"])
            for said in found
            if said["severity"] == "error"
        ]
    )


def _run(command: list[str], **environment: str) -> str:
    finished = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})
    assert finished.returncode in (0, 1), finished.stderr  # 1: there are errors
    return finished.stdout


def _by_line(errors: list[tuple[str, int | str, str]]) -> Errors:
    found: Errors = {}
    for file, line, message in errors:
        found.setdefault(Path(file).name, {}).setdefault(int(line), []).append(message)
    return found
