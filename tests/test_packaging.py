"""pyproject.toml, the workflow and the changelog agree."""

from __future__ import annotations

import re
from pathlib import Path

import glueball

_ROOT = Path(__file__).parents[1]


def _read(name):
    return (_ROOT / name).read_text(encoding="utf-8")


def test_every_python_that_is_claimed_is_tested():
    pyproject = _read("pyproject.toml")
    claimed = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', pyproject)
    [matrix] = re.findall(r"^        python: \[(.*)\]$", _read(".github/workflows/ci.yml"), re.MULTILINE)
    assert re.findall(r'"(.*?)"', matrix) == claimed
    assert f'requires-python = ">={claimed[0]}"' in pyproject
    assert [int(version.removeprefix("3.")) for version in claimed] == list(range(10, 10 + len(claimed)))


def test_the_newest_release_of_the_changelog_is_the_version():
    headings = re.findall(r"^## \[(.*?)\](?: - (\d{4}-\d\d-\d\d))?$", _read("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == ("Unreleased", "")
    assert headings[1][0] == glueball.__version__
    assert all(date for _, date in headings[1:])
