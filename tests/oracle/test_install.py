"""Where MXNet is not available, ``make oracle`` says why and builds nothing."""

from __future__ import annotations

import platform
import sys

import pytest

from tests.oracle import install


@pytest.fixture
def no_commands(monkeypatch):
    def refuse(*command, **options):
        raise AssertionError(f"ran {command}")

    monkeypatch.setattr(install.subprocess, "run", refuse)


def test_another_machine(monkeypatch, no_commands, tmp_path, capsys):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    install.main(tmp_path / "oracle")
    assert "for Linux on x86-64; this is Darwin on arm64. Its tests will skip." in capsys.readouterr().out
    assert not (tmp_path / "oracle").exists()


def test_another_c_library(monkeypatch, no_commands, tmp_path, capsys):
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    install.main(tmp_path / "oracle")
    assert "glibc" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux" or platform.machine() != "x86_64", reason="only there it looks further")
def test_no_fitting_python(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.31"))
    monkeypatch.setattr(install, "_version", lambda python: "3.13")
    install.main(tmp_path / "oracle")
    assert "needs Python 3.11 or 3.10" in capsys.readouterr().out
    assert not (tmp_path / "oracle").exists()
