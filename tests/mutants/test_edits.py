"""The mutants can be applied: the text to edit and the tests that must notice it exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import glueball
from tests.mutants.__main__ import mutated
from tests.mutants.edits import MUTANTS
from tests.mutants.mutant import Mutant

_PACKAGE = Path(glueball.__file__).parent
_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.what)
def test_a_mutant_can_be_made(mutant: Mutant) -> None:
    text = (_PACKAGE / mutant.file).read_text(encoding="utf-8")
    changed = mutated(text, mutant)
    assert changed != text
    if mutant.file.endswith(".py"):
        ast.parse(changed)
    for test in mutant.tests:
        path, _, function = test.partition("::")
        assert f"def {function.partition('[')[0]}" in (_ROOT / path).read_text(encoding="utf-8")


def test_an_edit_that_has_no_place_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"must occur once in a\.py; it occurs 0 times: 'x'"):
        mutated("y", Mutant("a slip", "a.py", "x", "z", ()))
    with pytest.raises(ValueError, match="it occurs 2 times"):
        mutated("x x", Mutant("a slip", "a.py", "x", "z", ()))
