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
from glueball.serialization import atomic_write, read_params, write_params, write_together

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


@posix
def test_a_link_to_itself_is_refused(tmp_path):
    path = tmp_path / "loop"
    path.symlink_to("loop")
    with pytest.raises(MXNetError, match="Too many levels of symbolic links"):
        write_params(path, [])
    assert path.is_symlink()


@posix
def test_hard_links_stay_one_file(tmp_path):
    path, other = tmp_path / "f", tmp_path / "g"
    path.write_bytes(b"a longer old content")
    other.hardlink_to(path)
    for content in (b"new", b"new and longer than all that was there before"):
        with atomic_write(path) as file:
            file.write(content)
            file.flush()
            assert other.read_bytes() != content
        assert path.read_bytes() == other.read_bytes() == content
    with pytest.raises(ValueError, match="stop"), atomic_write(path) as file:
        file.write(b"half")
        raise ValueError("stop")
    assert other.read_bytes() == content
    assert sorted(os.listdir(tmp_path)) == ["f", "g"]
    assert path.samefile(other)


@posix
def test_a_full_disk_leaves_a_file_with_hard_links(tmp_path, monkeypatch):
    def full(descriptor, start, size):
        raise OSError(28, "No space left on device")

    path, other = tmp_path / "f", tmp_path / "g"
    path.write_bytes(b"old")
    other.hardlink_to(path)
    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    with pytest.raises(MXNetError, match="No space left"), atomic_write(path) as file:
        file.write(b"longer")
    assert other.read_bytes() == b"old"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("allowed", [True, False], ids=["root", "not root"])
def test_a_file_keeps_its_owner(tmp_path, monkeypatch, allowed):
    def refuse(*arguments):
        raise PermissionError(1, "Operation not permitted")

    path = tmp_path / "f"
    path.write_bytes(b"old")
    path.chmod(0o660)
    os.chown(path, 1234, 4321)
    if not allowed:
        monkeypatch.setattr(os, "chown", refuse)
    with atomic_write(path) as file:
        file.write(b"new")
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 4321, 0o660)
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["f"]


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="extended attributes of Linux")
def test_a_file_keeps_its_extended_attributes(tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.origin", b"here")
    except OSError:
        pytest.skip("the file system has no extended attributes")
    with atomic_write(path):
        pass
    assert os.getxattr(path, "user.origin") == b"here"


@posix
def test_files_written_together_appear_together(tmp_path):
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_bytes(b"old")

    def check(file):
        file.write(b"2")
        assert not new.exists()

    write_together({new: lambda file: file.write(b"1"), old: check}, "save")
    assert (new.read_bytes(), old.read_bytes()) == (b"1", b"2")
    assert sorted(os.listdir(tmp_path)) == ["new", "old"]


@posix
@pytest.mark.parametrize("failing", [1, 2, 3])
def test_when_one_of_several_files_fails_none_is_changed(tmp_path, monkeypatch, failing):
    """Even when it fails at the last step, after others are in place."""
    names = [tmp_path / name for name in ("old", "new", "last")]
    names[0].write_bytes(b"old")
    calls, replace = [], os.replace

    def failing_once(*arguments):
        calls.append(arguments)
        if len(calls) == failing:
            raise OSError(5, "Input/output error")
        replace(*arguments)

    monkeypatch.setattr(os, "replace", failing_once)
    with pytest.raises(MXNetError, match=f"save: the file must be writable; received .*{names[failing - 1].name}"):
        write_together({name: lambda file: file.write(b"content") for name in names}, "save")
    assert os.listdir(tmp_path) == ["old"]
    assert names[0].read_bytes() == b"old"


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
    (tmp_path / ".glueball.0123456789abcdef.tmp").touch()  # the process may just have finished with its own
    with atomic_write(tmp_path / "other"):
        pass
    assert sorted(os.listdir(tmp_path)) == ["f.params", "other"]
    loaded = read_params(path)
    assert loaded["a"].numel() == loaded["b"].numel() == 250_000
    assert torch.equal(loaded["a"], loaded["b"])
    assert (loaded["a"] == loaded["a"][0]).all()
    assert loaded["a"][0] >= 1


@posix
def test_a_save_leaves_the_temporary_files_of_others_that_are_at_work(tmp_path):
    (tmp_path / ".glueball.mine.tmp").touch()  # no name of ours
    with atomic_write(tmp_path / "a") as first:
        with atomic_write(tmp_path / "b") as second:
            second.write(b"b")
        first.write(b"a")
    assert sorted(os.listdir(tmp_path)) == [".glueball.mine.tmp", "a", "b"]
    assert (tmp_path / "a").read_bytes() == b"a"
