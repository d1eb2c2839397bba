"""Tests of kernels."""

from types import ModuleType

import pytest

from glueball.graph.kernels.native import CannotCompile, load


def is_compiled() -> bool:
    """Whether the machine can compile the kernels, right or wrong."""
    try:
        load("winograd")
    except CannotCompile:
        return False
    return True


def take_compiler_away(monkeypatch: pytest.MonkeyPatch, module: ModuleType, error: Exception) -> None:
    """Let the library of a kernel fail with an error, as where there is no compiler; its obstacle must say so."""

    def fail(*name):
        raise error

    monkeypatch.setattr(module, "_library", fail)
    monkeypatch.setattr(module, "obstacle", module.obstacle.__wrapped__)
    assert module.obstacle() == str(error)
