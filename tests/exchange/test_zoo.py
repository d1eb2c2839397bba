"""Exchange each of the 34 networks of the model zoo with MXNet, in both directions and by every reader."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from tests.comparison import assert_same
from tests.exchange import zoo
from tests.exchange.graphs import assert_same_graph
from tests.oracle.client import ours
from tests.oracle.readers import read_with_c_predict, read_with_module, read_with_symbol_block

WAYS = [read_with_symbol_block, read_with_module, read_with_c_predict]


@pytest.fixture
def folder():
    """A directory deleted after each test, since pytest would keep gigabytes in ``tmp_path``."""
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


@pytest.mark.parametrize("name", zoo.WITH_DEEPER)
def test_network_crosses_both_ways(oracle, folder, name):
    data = zoo.picture(name)
    here, there = folder / "here", folder / "there"
    outputs, expected = (
        outcome.get()
        for outcome in (
            ours(zoo.export_network, name, str(here), data),
            oracle.theirs(zoo.export_network, name, str(there), data),
        )
    )
    for one, other in zip(outputs, expected, strict=True):
        _assert_close(one, other, "the same network in both libraries")
    _assert_close(outputs[1], outputs[0], "as arrays and as a graph, here")
    assert_same_graph(_graph(here), _graph(there))
    assert _graph(here) == _graph(there)
    assert _parameters(here).read_bytes() == _parameters(there).read_bytes()
    for way in WAYS:
        _assert_close(
            *oracle.run(way, *_files(here), {"data": data}), outputs[0], f"exported here, {way.__name__} there"
        )
    for way in (read_with_symbol_block, read_with_module):
        theirs = ours(way, *_files(there), {"data": data}).get()
        _assert_close(*theirs, expected[0], f"exported there, {way.__name__} here")


def _assert_close(one, other, about):
    # Zeros on both sides would also be close.
    assert np.isfinite(other).all() and np.ptp(other) > 1e-2, about
    assert_same(one, other, rtol=1e-4, about=about)


def _files(path):
    return f"{path}-symbol.json", str(_parameters(path))


def _parameters(path):
    return Path(f"{path}-0000.params")


def _graph(path):
    return Path(f"{path}-symbol.json").read_text()
