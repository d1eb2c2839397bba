"""The folder of pages that Sphinx reads: collected from the repository, and made."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from . import DOCS, ROOT, pictures, reference, support

#: Files beside ``docs/`` that become pages.
_ROOT_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}

#: Headings of docstrings that are not among those of NumPy's style.
_SECTIONS = ("Differs from MXNet", "Inputs and outputs", "Inputs", "Outputs")


def sections() -> list[str]:
    """Return the headings in docstrings that napoleon is told of."""
    return list(_SECTIONS)


def collect(folder: Path) -> None:
    """Fill a folder with everything that the site is built from, in the place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, folder)
    for name, moved in _ROOT_PAGES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        (folder / moved).write_text(_moved(text), encoding="utf-8")
    for page in folder.glob("*.md"):
        page.write_text(_without_tests(page.read_text(encoding="utf-8")), encoding="utf-8")
    made = {**reference.pages(), **support.pages(), **pictures.pictures()}
    for path, text in made.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _moved(text: str) -> str:
    """Return a page of the root with its links as they are beside the pages of ``docs/``."""
    return text.replace("](docs/", "](")


def _without_tests(text: str) -> str:
    """Return a page without the comments that hold code for its test alone."""
    return re.sub(r"<!-- test\n.*?-->\n*", "", text, flags=re.DOTALL)
