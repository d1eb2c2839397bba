"""Fixtures for all tests.

Real MXNet is the judge, through the fixture ``oracle``, one process per pytest process, started on first use:

    def test_division(oracle):
        ours, theirs = oracle.both("nd.array([7, -7]) % 4")     # the same code under Glueball and under MXNet
        assert_same(ours, theirs)                               # or both raised an error of the same class

    def padded(mx, data, mode):                                 # a whole function works too
        return mx.nd.pad(mx.nd.array(data), mode=mode, pad_width=(0, 0, 0, 0, 1, 1, 1, 1))

    def test_pad(oracle):
        assert_same(*oracle.both(padded, np.ones((1, 1, 3, 3)), mode="edge"))

``oracle.run`` asks only MXNet, ``oracle.operators`` sends it many operator calls in one message.
``tests.oracle.client`` documents them, ``tests.comparison`` has `assert_same`.

``make oracle`` builds the environment that MXNet needs. Without it, these tests are skipped with a reason; if the
variable GLUEBALL_REQUIRE_ORACLE is 1, they fail. GLUEBALL_ORACLE_PYTHON names another Python with mxnet 1.9.1.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from glueball.core.numpy_mode import numpy_mode
from tests.oracle.client import Oracle, OracleUnavailable
from tests.quick import is_slow

_ROOT = Path(__file__).resolve().parents[1]

# How long a busy machine takes to draw an example, or to run one, is not what a test is about.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that use the oracle (``-m "not oracle"`` deselects them), and slow tests."""
    for item in items:
        if is_slow(item.nodeid):
            item.add_marker("slow")
        if "oracle_python" in getattr(item, "fixturenames", ()):
            item.add_marker("oracle")
        if isinstance(item, pytest.DoctestItem) and _shows_scalars_of_numpy_2(item):
            item.add_marker(pytest.mark.skip(reason="the example shows a scalar as in NumPy 2; this is NumPy 1"))


@pytest.fixture(autouse=True)
def mx_np_is_off_again() -> Iterator[None]:
    """See that no test leaves ``mx.np`` turned on: in the next one layers would make other arrays."""
    yield
    left_on = numpy_mode.arrays or numpy_mode.shapes
    numpy_mode.arrays = numpy_mode.shapes = False
    assert not left_on, "the test must turn mx.np off again: npx.reset_np()"


@pytest.fixture
def default_sigint() -> Iterator[None]:
    """Start child processes that SIGINT interrupts.

    A shell starts background jobs, and nohup its command, with SIGINT ignored, and children inherit that. A handler
    written in Python is not inherited: a child then starts with the default action.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def oracle_python() -> Path:
    """The Python that has real MXNet; skips if there is none."""
    python = Path(os.environ.get("GLUEBALL_ORACLE_PYTHON") or _ROOT / ".oracle" / "bin" / "python")
    if not python.exists():
        _without_oracle(f"{python} does not exist; 'make oracle' makes it")
    return python


@pytest.fixture(scope="session")
def oracle(oracle_python: Path) -> Iterator[Oracle]:
    """Real MXNet 1.9.1; skips if it cannot run."""
    with Oracle(oracle_python) as worker:
        try:
            worker.start()
        except OracleUnavailable as error:
            _without_oracle(str(error))
        yield worker


def _shows_scalars_of_numpy_2(item: pytest.DoctestItem) -> bool:
    return np.__version__.startswith("1.") and any("np.float32(" in example.want for example in item.dtest.examples)


def _without_oracle(reason: str) -> None:
    if os.environ.get("GLUEBALL_REQUIRE_ORACLE") == "1":
        pytest.fail(f"real MXNet is required here: {reason}", pytrace=False)
    pytest.skip(f"no real MXNet: {reason}")
