"""Programs that say ``import mxnet`` print the same under Glueball, unchanged, as under real MXNet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compat.processes import glueball, mxnet

PROGRAMS = Path(__file__).with_name("programs")


@pytest.mark.parametrize(
    "arguments",
    [
        ["digits.py"],
        ["digits.py", "--hybrid", "--workers", "2", "--batch-size=24"],
        ["from_scratch.py"],
        ["files.py"],
        ["graph.py"],
        ["fine_tuning.py"],
        ["names.py"],
        ["records.py"],
        ["optimizers.py"],
    ],
    ids=" ".join,
)
def test_programs_print_the_same(oracle_python, tmp_path, arguments):
    script, *rest = arguments
    theirs = mxnet(oracle_python, [PROGRAMS / script, *rest], tmp_path)
    assert theirs.status == 0, theirs.stderr
    assert len(theirs.stdout.splitlines()) > 4
    assert glueball([PROGRAMS / script, *rest], tmp_path) == theirs


def test_every_program_is_run():
    [mark] = test_programs_print_the_same.pytestmark
    assert {arguments[0] for arguments in mark.args[1]} == {path.name for path in PROGRAMS.glob("*.py")}
