"""Drawings of networks are valid and complete, and nothing overlaps."""

from __future__ import annotations

import time
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import glueball as mx
from glueball.core.errors import MXNetError
from glueball.visualization.blocks import blocks
from glueball.visualization.columns import cut
from glueball.visualization.drawing import draw
from glueball.visualization.layout import arrange, ranks_of
from glueball.visualization.network import study
from glueball.visualization.rows import Item, _crossings

_SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def _graphs(draw):
    count = draw(st.integers(1, 14))
    sizes = draw(st.lists(st.tuples(st.integers(8, 300), st.integers(8, 90)), min_size=count, max_size=count))
    pairs = [(a, b) for b in range(count) for a in range(b)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=30)) if pairs else []
    return [(float(w), float(h)) for w, h in sizes], sorted(edges)


@settings(max_examples=150)
@given(_graphs())
def test_boxes_are_apart_and_lines_pass_beside_them(graph):
    sizes, edges = graph
    arrangement = arrange(sizes, edges)
    frames = [
        (x - width / 2, x + width / 2, y, y + height)
        for (x, y), (width, height) in zip(arrangement.boxes, sizes, strict=True)
    ]
    for left, right, top, bottom in frames:
        assert left >= -1e-6 and right <= arrangement.width + 1e-6
        assert top >= 0 and bottom <= arrangement.height + 1e-6
    for number, one in enumerate(frames):
        for other in frames[:number]:
            assert one[1] < other[0] or other[1] < one[0] or one[3] < other[2] or other[3] < one[2]
    assert set(arrangement.routes) == set(edges)
    for route in arrangement.routes.values():
        assert all(y <= next_y for (_, y), (_, next_y) in pairwise(route))
        for (x, y), (next_x, next_y) in pairwise(route[1:-1]):
            inside = [left < x < right and top < next_y and y < bottom for left, right, top, bottom in frames]
            assert x != next_x or not any(inside)


@given(_graphs())
def test_ranks_follow_the_lines(graph):
    sizes, edges = graph
    ranks = ranks_of(len(sizes), edges)
    assert min(ranks) >= 0
    assert all(ranks[source] < ranks[target] for source, target in edges)


@given(_graphs())
def test_columns_are_cut_where_one_array_goes_on(graph):
    sizes, edges = graph
    columns = cut([(100.0, 400.0)] * len(sizes), edges)
    column_of = {box: number for number, column in enumerate(columns) for box in column}
    assert sorted(column_of) == list(range(len(sizes)))
    for column in range(len(columns) - 1):
        crossing = {source for source, target in edges if column_of[source] <= column < column_of[target]}
        assert len(crossing) == 1


def test_a_long_chain_is_straight_and_in_columns():
    edges = [(number, number + 1) for number in range(59)]
    arrangement = arrange([(100.0, 40.0)] * 60, edges)
    assert len({round(x, 6) for x, _ in arrangement.boxes}) == 1
    heights = [len(column) for column in cut([(100.0, 40.0)] * 60, edges)]
    assert len(heights) > 1
    assert max(heights) - min(heights) <= len(heights)


def test_a_way_around_leaves_the_main_path_straight():
    edges = [(0, 1), (1, 2), (2, 3), (0, 3), (3, 4)]
    arrangement = arrange([(100.0, 40.0)] * 5, edges)
    assert len({round(x, 6) for x, _ in arrangement.boxes}) == 1
    around = arrangement.routes[0, 3]
    assert len(around) == 6
    assert len({x for x, _ in around[1:-1]}) == 1
    assert abs(around[1][0] - arrangement.boxes[0][0]) > 50


def test_a_tangle_is_refused():
    count = 400
    edges = [(a, b) for b in range(count) for a in range(b)]
    with pytest.raises(MXNetError, match="drawing: lines must pass at most 20000 places; received 400 boxes"):
        arrange([(10.0, 10.0)] * count, edges)


def test_lines_of_one_box_are_drawn_once_where_they_are_the_same():
    """In a chain each of whose boxes uses the first one too, the points are as many as the boxes, not their square."""
    count = 600
    edges = sorted({(number - 1, number) for number in range(1, count)} | {(0, number) for number in range(1, count)})
    routes = arrange([(100.0, 40.0)] * count, edges).routes
    assert set(routes) == set(edges)
    assert sum(map(len, routes.values())) < 10 * count
    longest = routes[0, count - 1]
    assert len(longest) == 2 * (count - 2) + 2
    assert set(routes[0, 300][:-1]) <= set(longest)


def test_crossings_are_counted():
    def item(place):
        return Item(-1, 6.0, 1.0, place=place)

    below = [item(number) for number in range(5)]
    above = [item(number) for number in range(3)]
    ends = ([4, 0], [2, 2, 3], [1])
    for one, places in zip(above, ends, strict=True):
        one.below = [below[place] for place in places]
    pairs = [(source, end) for source, places in enumerate(ends) for end in places]
    expected = sum(one[0] < other[0] and one[1] > other[1] for one in pairs for other in pairs)
    assert _crossings([above, below]) == expected == 7


def test_a_graph_of_parameters_alone():
    root = ElementTree.fromstring(draw(study(mx.sym.var("w_weight")), "net"))
    assert [element.text for element in root.iter(f"{_SVG}title")] == ["net"]


def test_a_long_box_takes_time_that_follows_its_length():
    net = mx.sym.var("x")
    for _ in range(3000):
        net = mx.sym.relu(net)
    network = study(net)
    began = time.process_time()
    found, _, _ = blocks(network)
    assert time.process_time() - began < 2
    assert [len(block.layers) for block in found] == [1, 3000]


def _residual(depth=2):
    net = mx.sym.var("data")
    for number in range(depth):
        branch = mx.sym.Convolution(net, kernel=(3, 3), pad=(1, 1), num_filter=4, name=f"net_conv{number}")
        branch = mx.sym.BatchNorm(branch, name=f"net_norm{number}")
        branch = mx.sym.Activation(branch, act_type="relu", name=f"net_relu{number}")
        branch = mx.sym.Convolution(branch, kernel=(3, 3), pad=(1, 1), num_filter=4, name=f"net_second{number}")
        net = mx.sym.elemwise_add(branch, net, name=f"net_add{number}")
    return net


def test_layers_that_belong_together_are_one_box():
    found, edges, prefix = blocks(study(_residual(), {"data": (1, 4, 8, 8)}))
    assert prefix == "net_"
    assert [[part.name for part in block.slices] for block in found[:4]] == [
        ["data"], ["conv0", "norm0", "relu0"], ["second0"], ["add0"],
    ]  # fmt: skip
    assert edges[:4] == [(0, 1), (0, 3), (1, 2), (2, 3)]


def test_drawing_shows_every_layer():
    network = study(_residual(9), {"data": (2, 4, 8, 8)})
    root = ElementTree.fromstring(draw(network, "a <net> & more", ["facts"]))
    titles = [element.text for element in root.iter(f"{_SVG}title")]
    assert titles[0] == "a <net> & more"
    assert titles[1:] and sorted(titles[1:]) == sorted(layer.name for layer in network.layers)
    texts = [element.text for element in root.iter(f"{_SVG}text")]
    assert "facts" in texts and "Names begin with net_" in texts
    assert "3×3, 4" in texts and "2×4×8×8" in texts  # noqa: RUF001
    skips = [path for path in root.iter(f"{_SVG}path") if path.get("class") == "skip"]
    assert len(skips) == 9
    ports = [circle for circle in root.iter(f"{_SVG}circle") if circle.get("class") == "port"]
    assert ports and len(ports) % 2 == 0
    _check_that_all_is_on_the_page(root)


def _check_that_all_is_on_the_page(root):
    width, height = float(root.get("width")), float(root.get("height"))
    group = root.find(f"{_SVG}g")
    left, top = map(float, group.get("transform").removeprefix("translate(").removesuffix(")").split())
    for text in group.iter(f"{_SVG}text"):
        assert 0 <= left + float(text.get("x")) <= width and 0 <= top + float(text.get("y")) <= height


@pytest.mark.parametrize("name", ["a<b>&\"'", "ctrl\x01\x1b[31m", "x" * 5000, "名前", "]]>", "‮reversed"])
def test_names_cannot_break_the_drawing(name):
    net = mx.sym.relu(mx.sym.var(name), name=name)
    text = draw(study(net), name)
    root = ElementTree.fromstring(text)
    assert len(list(root.iter(f"{_SVG}g"))) == 3
    assert "\x1b" not in text and "‮" not in text


def test_several_inputs_and_outputs_without_shapes():
    data, label = mx.sym.var("data"), mx.sym.var("label")
    parts = mx.sym.split(data, num_outputs=2, name="parts")
    out = mx.sym.LinearRegressionOutput(parts[0], label, name="out")
    net = mx.sym.Group([out, parts[1], mx.sym.zeros((2,), name="z")])
    root = ElementTree.fromstring(draw(study(net), "net"))
    assert {element.text for element in root.iter(f"{_SVG}title")} >= {"data", "label", "parts", "out", "z"}
