"""Drawn cells, unrolled in drawn ways: values, gradients, names and graphs are MXNet's."""

from __future__ import annotations

import json

import pytest

from tests.comparison import assert_same
from tests.gluon.rnn.cells import draw_case, graph_of, unrolled
from tests.oracle.client import ours

BATCHES, CELLS = 6, 50


def each(mx, what, cases):
    """What comes of each case. MXNet cannot do all: it mixes up the axes of some results that a mask follows."""
    results = []
    for case in cases:
        try:
            results.append((unrolled if what == "unrolled" else graph_of)(mx, case))
        except mx.MXNetError:
            results.append("MXNetError")
    return results


def of_both(oracle, what, batch):
    """The cases that MXNet can do, with what comes of them here and there; nearly all must be such."""
    cases = [draw_case(seed) for seed in range(batch * CELLS, (batch + 1) * CELLS)]
    here, there = ours(each, what, cases).get(), oracle.run(each, what, cases)
    assert "MXNetError" not in here
    results = [result for result in zip(cases, here, there, strict=True) if result[2] != "MXNetError"]
    assert len(results) >= CELLS - 3
    return results


@pytest.mark.parametrize("batch", range(BATCHES))
def test_values_and_gradients(oracle, batch):
    for case, one, other in of_both(oracle, "unrolled", batch):
        assert_same(one, other, rtol=1e-4, atol=1e-6, about=str(case))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_graphs(oracle, batch):
    for case, one, other in of_both(oracle, "graph", batch):
        assert _nodes(one) == _nodes(other), case


def _nodes(text):
    graph = json.loads(text)
    return graph["nodes"], graph["heads"]
