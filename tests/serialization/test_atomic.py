"""Atomic writing: at every moment the path holds the complete old file or the complete new one."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest
import torch

from glueball.core.errors import MXNetError
from glueball.serialization import atomic_write, read_params, write_params

posix = pytest.mark.skipif(os.name != "posix", reason="permissions, links and signals of POSIX")


def test_the_file_appears_at_the_end_and_nothing_else_stays(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"old")
    with atomic_write(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["f"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_exception_leaves_the_old_file(tmp_path, error):
    path = tmp_path / "f"
    path.write_bytes(b"old")
    with pytest.raises(error), atomic_write(path) as file:
        file.write(b"new")
        raise error
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["f"]


def test_a_full_disk_is_an_mxnet_error_and_leaves_the_old_file(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    path = tmp_path / "f.params"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MXNetError, match=r"nd.save: the file must be writable; received .*No space left"):
        write_params(path, [torch.ones(3)])
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["f.params"]


def test_places_that_cannot_be_written(tmp_path):
    with pytest.raises(MXNetError, match=r"save: the file must be writable; received .*No such file or directory"):
        write_params(tmp_path / "absent" / "f", [], owner="save")
    with pytest.raises(MXNetError, match="Is a directory"):
        write_params(tmp_path, [])
    assert os.listdir(tmp_path) == []


@posix
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_file_has_the_mode_of_open(tmp_path, mask):
    old = os.umask(mask)
    try:
        with atomic_write(tmp_path / "ours"):
            pass
        (tmp_path / "theirs").touch(0o666)
    finally:
        os.umask(old)
    ours, theirs = (stat.S_IMODE(os.stat(tmp_path / name).st_mode) for name in ("ours", "theirs"))
    assert ours == theirs == 0o666 & ~mask


@posix
def test_an_existing_file_keeps_its_mode_and_a_link_its_target(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.touch()
    target.chmod(0o640)
    link.symlink_to("target")
    with atomic_write(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_read_only_file_is_not_replaced(tmp_path, monkeypatch):
    path = tmp_path / "f"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root must get here too
    with pytest.raises(MXNetError, match="the existing file is not writable"), atomic_write(path):
        pass
    assert path.read_bytes() == b"old"


@posix
def test_a_pipe_is_written_and_not_replaced(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read = []
    thread = threading.Thread(target=lambda: read.append(path.read_bytes()))
    thread.start()
    with atomic_write(path) as file:
        file.write(b"through")
    thread.join(10)
    assert read == [b"through"]
    assert stat.S_ISFIFO(os.stat(path).st_mode)


_ENDLESS = """
import sys, torch
from glueball.serialization import write_params
number = 1.0
while True:
    write_params(sys.argv[1], {"a": torch.full((250_000,), number), "b": torch.full((250_000,), number)})
    print(number, flush=True)
    number += 1
"""


@posix
def test_a_process_killed_while_it_saves_leaves_a_whole_file(tmp_path):
    path = tmp_path / "f.params"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", _ENDLESS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout.readline() == "1.0\n"
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob(".glueball.*.tmp")):  # about midway through writing
            assert time.monotonic() < deadline, "the child process does not save any more"
        process.send_signal(signal.SIGKILL)
    loaded = read_params(path)
    assert loaded["a"].numel() == loaded["b"].numel() == 250_000
    assert torch.equal(loaded["a"], loaded["b"])
    assert (loaded["a"] == loaded["a"][0]).all()
    assert loaded["a"][0] >= 1
