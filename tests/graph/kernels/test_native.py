"""Compiling: once for each machine, into a folder that is the user's own, and with a reason where that fails."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from glueball.graph.kernels import native, winograd
from glueball.graph.kernels.native import CannotCompile, load
from tests.graph.kernels import is_compiled

pytestmark = pytest.mark.skipif(not is_compiled(), reason=winograd.obstacle())


@pytest.fixture
def runs(monkeypatch, tmp_path):
    """Give a new cache; return the list of the commands that are run."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    run, commands = subprocess.run, []
    monkeypatch.setattr(subprocess, "run", lambda command, **how: (commands.append(command), run(command, **how))[1])
    return commands


def _compiled(tmp_path):
    return list((tmp_path / "glueball").iterdir())


def test_it_compiles_once(runs, tmp_path):
    assert load("winograd").glueball_winograd_vector() in (4, 8, 16)
    load("winograd")
    assert len(runs) == 1
    (path,) = _compiled(tmp_path)
    assert path.name.startswith("winograd-") and (tmp_path / "glueball").stat().st_mode & 0o77 == 0


def test_another_processor_has_a_file_of_its_own(runs, tmp_path, monkeypatch):
    load("winograd")
    monkeypatch.setattr(native, "processor", lambda: "another")
    load("winograd")
    assert len(runs) == len(_compiled(tmp_path)) == 2


def test_a_broken_file_is_made_again(runs, tmp_path, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(native, "_compiled", lambda path, command: path if path.write_bytes(b"") == 0 else None)
        with pytest.raises(CannotCompile, match="cannot be loaded"):
            load("winograd")
    load("winograd")
    assert len(runs) == len(_compiled(tmp_path)) == 1


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to(runs, tmp_path):
    tmp_path.chmod(0o500)
    assert load("winograd").glueball_winograd_vector()


def test_a_folder_to_which_others_can_write_is_not_used(runs, tmp_path):
    (tmp_path / "glueball").mkdir()
    (tmp_path / "glueball").chmod(0o777)
    load("winograd")
    assert len(runs) == 1 and not _compiled(tmp_path)


@pytest.mark.parametrize(("compiler", "reason"), [
    ("no-such-compiler", "there is no C compiler; install gcc or clang"),
    ("false", "the compiler .*false fails; $"),
])  # fmt: skip
def test_reasons(compiler, reason, runs, monkeypatch, tmp_path):
    monkeypatch.setenv("CC", compiler)
    with pytest.raises(CannotCompile, match=reason):
        load("winograd")
    assert not (tmp_path / "glueball").exists() or not _compiled(tmp_path)


def test_other_systems(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(CannotCompile, match="need Linux; this is darwin"):
        load("winograd")


def test_torch_and_the_kernels_share_their_threads():
    """With two OpenMP libraries in a process, the threads of one wait while they keep the processor from the other."""
    code = (
        "import torch; from glueball.graph.kernels import native; native.load('winograd');"
        "print(*{line.split()[-1] for line in open('/proc/self/maps') if 'omp' in line.split()[-1]}, sep='\\n')"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert found == [native._threads_of_torch()]
