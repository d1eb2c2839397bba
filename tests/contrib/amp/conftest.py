"""Mixed precision is turned on for a whole process; here it is turned off again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from glueball.contrib.amp import mode
from glueball.ndarray.invoke import invoke
from glueball.ndarray.namespace import call_through
from glueball.symbol.namespace import changes
from tests.oracle.client import Oracle


@pytest.fixture
def switched_off() -> Iterator[None]:
    """Glueball without mixed precision, before and after."""
    assert mode.current() is None
    yield
    call_through(invoke)
    changes.clear()
    mode.switched_on.clear()


@pytest.fixture(scope="session")
def another_oracle(oracle_python: Path) -> Iterator[Callable[[str], Oracle]]:
    """Real MXNet in a process of its own for each type: it cannot turn mixed precision off again."""
    started: dict[str, Oracle] = {}

    def of(kind: str) -> Oracle:
        if kind not in started:
            started[kind] = Oracle(oracle_python)
            started[kind].start()
        return started[kind]

    yield of
    for oracle in started.values():
        oracle.close()
