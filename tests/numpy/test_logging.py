"""What is logged when a program turns ``mx.np`` on: once in a process, at level INFO, as in MXNet."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

import glueball as mx
from glueball import numpy_mode


@pytest.fixture(autouse=True)
def _first_time() -> Iterator[None]:
    numpy_mode._tell.cache_clear()
    yield
    mx.npx.reset_np()
    numpy_mode._tell.cache_clear()


def test_both_are_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        mx.npx.set_np()
        mx.npx.reset_np()
    assert [(record.name, record.levelname) for record in caplog.records] == [("root", "INFO")] * 2
    assert all(text.startswith("mx.np is on: ") for text in caplog.messages)


def test_shapes_alone(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    mx.util.set_np_shape(False)
    with mx.util.np_array(True):
        assert not caplog.messages
    with mx.util.np_shape(True), mx.util.np_shape(True):
        pass
    assert len(caplog.messages) == 1


def test_only_programs_that_ask_see_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    mx.npx.set_np()
    assert not caplog.messages
