"""Engines that a test adds."""

from __future__ import annotations

import importlib
import sys

import pytest

from glueball.graph import engines


@pytest.fixture
def engine_file(tmp_path, monkeypatch):
    """Put a file next to those of the engines; return its module."""

    def add(name, text):
        (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.setattr(engines, "__path__", [*engines.__path__, str(tmp_path)])
        added.append(f"{engines.__name__}.{name}")
        return importlib.import_module(added[-1])

    added: list[str] = []
    yield add
    for name in added:
        sys.modules.pop(name, None)
