"""What type checkers say of programs: nothing of good ones, and something of each typo."""

from __future__ import annotations

import logging
import runpy
from pathlib import Path

import pytest

import glueball as mx
from tests.typing import checkers

PROGRAMS = Path(__file__).parent / "programs"
GOOD = sorted(path.name for path in PROGRAMS.glob("*.py") if path.name != "typos.py")

#: Modules whose public names, and classes whose public attributes, a checker must know, by how a program says them.
PUBLIC = {
    "mx.nd": mx.nd, "mx.nd.random": mx.nd.random, "mx.nd.contrib": mx.nd.contrib, "mx.nd.image": mx.nd.image,
    "mx.nd.linalg": mx.nd.linalg, "mx.nd.op": mx.nd.op, "mx.nd._internal": mx.nd._internal,
    "mx.sym": mx.sym, "mx.sym.random": mx.sym.random, "mx.sym.contrib": mx.sym.contrib, "mx.sym.image": mx.sym.image,
    "mx.sym.linalg": mx.sym.linalg, "mx.sym.op": mx.sym.op, "mx.sym._internal": mx.sym._internal,
    "mx.np": mx.np, "mx.np.linalg": mx.np.linalg, "mx.np.random": mx.np.random, "mx.npx": mx.npx,
    "mx.npx.random": mx.npx.random, "mx.np.ndarray": mx.np.ndarray,
    "mx.nd.NDArray": mx.nd.NDArray, "mx.sym.Symbol": mx.sym.Symbol,
}  # fmt: skip


def names_of(thing):
    """The names that a program may use: those of a group of operators with an underscore too."""
    hidden = getattr(thing, "__name__", "").endswith("_internal")
    names = getattr(thing, "__all__", None) or dir(thing)
    return [name for name in names if not name.startswith("__") and name.startswith("_") is hidden]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All programs, with one more that uses every public name."""
    folder = tmp_path_factory.mktemp("programs")
    for path in PROGRAMS.glob("*.py"):
        (folder / path.name).write_text(path.read_text())
    uses = [f"{prefix}.{name}" for prefix, thing in PUBLIC.items() for name in names_of(thing)]
    (folder / "names.py").write_text("\n".join(["import glueball as mx", *uses, ""]))
    return folder


@pytest.fixture(scope="module", params=["mypy", "pyright"])
def errors(request, folder, tmp_path_factory):
    """What a checker says of all programs; one run for all, since starting takes longest."""
    pytest.importorskip({"mypy": "mypy", "pyright": "basedpyright"}[request.param])  # absent where 'make floors' tests
    if request.param == "mypy":
        return checkers.mypy(folder, request.config.cache.mkdir("typing-mypy"))
    return checkers.pyright(folder, tmp_path_factory.mktemp("pyright"))


@pytest.mark.parametrize("name", [*GOOD, "names.py"])
def test_a_checker_finds_nothing_wrong_in_a_good_program(errors, name):
    assert errors.get(name, {}) == {}


def test_a_checker_finds_every_typo_and_nothing_else(errors):
    lines = (PROGRAMS / "typos.py").read_text().splitlines()
    found = errors.get("typos.py", {})
    missed = [line for number, line in enumerate(lines, 1) if line.endswith("# wrong") and number not in found]
    extra = [(lines[number - 1], found[number]) for number in found if not lines[number - 1].endswith("# wrong")]
    assert (missed, extra) == ([], [])


@pytest.mark.parametrize("name", GOOD)
def test_a_good_program_runs(name, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(logging.root.manager, "disable", logging.root.manager.disable)  # one program turns it off
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(PROGRAMS / name), run_name="__main__")
    capsys.readouterr()


def test_the_walk_finds_the_names():
    assert "relu" in names_of(mx.nd) and "backward" in names_of(mx.nd.NDArray) and "bind" in names_of(mx.sym.Symbol)
    assert "_plus_scalar" in names_of(mx.nd._internal) and len(names_of(mx.sym)) > 200
