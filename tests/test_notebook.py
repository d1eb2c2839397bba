"""How networks, graphs and arrays show themselves in Jupyter."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

import glueball as mx
from glueball import nd
from glueball.gluon import nn


def _cells(html):
    """The texts of a table, by rows."""
    table = ElementTree.fromstring(f"<div>{html}</div>")
    return [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]


def _network():
    net = nn.HybridSequential(prefix="net_")
    with net.name_scope():
        net.add(nn.Conv2D(8, 3, activation="relu"), nn.BatchNorm(), nn.Dense(10, in_units=4))
    net.initialize()
    return net


def test_a_block_is_a_table_of_its_layers():
    net = _network()
    html = net._repr_html_()
    rows = _cells(html)
    assert [row[0] for row in rows] == ["layer", "net", "0", "act", "1", "2"]
    assert rows[2][1].startswith("Conv2D(")
    assert rows[2][2:] == ["weight 8x?x3x3, bias 8", "?"]
    assert rows[5][2:] == ["weight 10x4, bias 10", "50"]
    assert "at least 58 parameters" in html
    whole = nn.Dense(3, in_units=2)
    assert "at least" not in whole._repr_html_()
    assert "9 parameters" in whole._repr_html_()


def test_parameters_that_are_shared_count_once():
    first = nn.Dense(4, in_units=4)
    net = nn.Sequential()
    net.add(first, nn.Dense(4, in_units=4, params=first.params))
    assert "20 parameters" in net._repr_html_()


def test_names_cannot_be_html():
    layer = nn.Dense(3, in_units=2, prefix="<script>")
    assert "<script>" not in layer._repr_html_()
    assert "<script>" not in mx.sym.var("<script>")._repr_svg_()


def test_small_arrays_are_tables():
    assert _cells(nd.array([[1, 2.5], [3, 1e-7]])._repr_html_()) == [["1", "2.5"], ["3", "1e-07"]]
    html = nd.array([1, 2, 3], dtype="int32")._repr_html_()
    assert _cells(html) == [["1", "2", "3"]]
    assert "NDArray 3 @cpu(0), int32" in html
    assert _cells(nd.array([np.nan, np.inf])._repr_html_()) == [["nan", "inf"]]
    assert _cells(nd.ones((32, 32)).astype("bfloat16")._repr_html_())[0][0] == "1"


@pytest.mark.parametrize("shape", [(33,), (2, 33), (2, 3, 4)])
def test_other_arrays_are_printed(shape):
    """IPython prints what returns None."""
    assert nd.zeros(shape)._repr_html_() is None


def test_a_graph_draws_itself():
    svg = _network()(mx.sym.var("data"))._repr_svg_()
    root = ElementTree.fromstring(svg)
    texts = {"".join(each.itertext()) for each in root.iter() if each.tag.endswith("text")}
    assert {"Convolution", "BatchNorm", "FullyConnected"} <= texts
    assert float(root.get("width")) > 200


def test_graphs_of_every_kind():
    x, y = mx.sym.var("x"), mx.sym.var("y")
    for graph in (x, x + y, mx.sym.Group([x + y, x * y]), mx.sym.split(x, num_outputs=2), mx.sym.zeros((2, 3))):
        assert graph._repr_svg_().startswith("<svg")
    wrong = mx.sym.dot(mx.sym.var("a", shape=(2, 3)), mx.sym.var("b", shape=(2, 3)))
    assert wrong._repr_svg_() is None


def test_a_graph_that_is_too_large_is_printed():
    graph = mx.sym.var("x")
    for _ in range(2001):
        graph = graph + 1
    assert graph._repr_svg_() is None


def test_a_subclass_shows_itself_in_its_own_way():
    class Own(nn.Dense):
        def _repr_html_(self):
            return "mine"

    assert Own(1)._repr_html_() == "mine"
    assert re.match("<table>", nn.Dense(1)._repr_html_())
