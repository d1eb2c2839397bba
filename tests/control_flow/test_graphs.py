"""Graphs with loops and branches: their text is MXNet's, and both read what the other writes."""

from __future__ import annotations

import pytest

import glueball as gb
from tests.comparison import assert_same


def one_state(mx):
    """Free variables and results from around the loop become inputs."""
    factor = mx.sym.exp(mx.sym.var("w") * 2)
    return mx.sym.contrib.foreach(lambda x, s: (x * factor + s, x + s), mx.sym.var("x"), mx.sym.var("s"))


def lists(mx):
    """Outputs that are variables are copied; states of several kinds."""
    weight = mx.sym.var("w")
    data = [mx.sym.var("x"), mx.sym.relu(mx.sym.var("y"))]
    states = [mx.sym.var("s"), mx.sym.zeros((2,))]
    body = lambda x, s: ([x[0] + x[1] * weight, [x[0]]], [s[0] * x[0], s[1]])  # noqa: E731
    return mx.sym.contrib.foreach(body, data, states, name="loop")


def layers(mx):
    """Variables that operators make inside, states of operators among them."""

    def body(x, s):
        made = mx.sym.BatchNorm(mx.sym.FullyConnected(x, num_hidden=3, name="fc"), name="bn") + s
        return made, made

    return mx.sym.contrib.foreach(body, mx.sym.var("x"), mx.sym.var("s"))


def some_outputs(mx):
    """One output of several, inside and around."""
    halves = mx.sym.split(mx.sym.var("h"), num_outputs=2, name="halves")

    def body(x, s):
        parts = mx.sym.split(x * halves[1] + s, num_outputs=2, axis=0)
        return parts[0], parts[1] * halves[0]

    return mx.sym.contrib.foreach(body, halves[0], mx.sym.var("s"))


def no_states(mx):
    return mx.sym.contrib.foreach(lambda x, s: (x * 2, []), mx.sym.var("x"), [])


def no_outputs(mx):
    return mx.sym.contrib.foreach(lambda x, s: ([], [x + s[0]]), mx.sym.var("x"), [mx.sym.var("s")])


def from_around(mx):
    """What is returned comes from around the loop."""
    around = mx.sym.exp(mx.sym.var("w"))
    first = mx.sym.contrib.foreach(lambda x, s: (around, s + x), mx.sym.var("x"), mx.sym.var("s"))
    second = mx.sym.contrib.foreach(lambda x, s: (s + x, around), mx.sym.var("x"), mx.sym.var("s"))
    return first, second


def nested_loops(mx):
    around = mx.sym.exp(mx.sym.var("w"), name="e")

    def body(x, s):
        made, t = mx.sym.contrib.foreach(lambda x2, s2: (x2 * around + s, s2 + x2), x, s, name="in")
        return made, t + mx.sym.sum(made)

    return mx.sym.contrib.foreach(body, mx.sym.var("x"), mx.sym.var("s"), name="outer")


def branch_in_loop(mx):
    def body(i, s):
        made = mx.sym.contrib.cond(mx.sym.sum(s) > i, lambda: s * 2, lambda: s * mx.sym.var("w"))
        return made, [i + 1, made]

    return mx.sym.contrib.while_loop(lambda i, s: i < 3, body, [mx.sym.var("i"), mx.sym.var("s")], max_iterations=4)


def while_loops(mx):
    around = mx.sym.exp(mx.sym.var("w"))
    first = mx.sym.contrib.while_loop(
        lambda i, s: i < around * mx.sym.var("k"), lambda i, s: (i * mx.sym.var("k") + around, [i + around, s]),
        [mx.sym.var("i"), mx.sym.var("s")], max_iterations=3, name="wl",
    )  # fmt: skip
    second = mx.sym.contrib.while_loop(
        lambda i, t: around > 1, lambda i, t: (None, [i * t, around]), (mx.sym.var("i"), mx.sym.var("t")), 2
    )
    return first, second


def branches(mx):
    a, b, w = mx.sym.var("a"), mx.sym.var("b"), mx.sym.exp(mx.sym.var("w"))
    first = mx.sym.contrib.cond(a * b < 5, lambda: (a + 5) * (b + 5), lambda: (a - 5) * w)
    second = mx.sym.contrib.cond(a, lambda: [w, [mx.sym.var("c")]], lambda: [mx.sym.var("c") * 2, [a * w]], name="if")
    third = mx.sym.contrib.cond(b, lambda: mx.sym.zeros((2,)), lambda: mx.sym.ones((2,)))
    return first, second, third


def with_attributes(mx):
    with mx.AttrScope(ctx_group="dev1"):
        return mx.sym.contrib.foreach(lambda x, s: (x, s + x * mx.sym.var("w", lr_mult=2.0)), mx.sym.var("x"),
                                      mx.sym.var("s"))  # fmt: skip


def made(mx, name):
    """The results of one of the functions above."""
    makers = {
        "one state": one_state, "lists": lists, "layers": layers, "some outputs": some_outputs, "no states": no_states,
        "no outputs": no_outputs, "from around": from_around, "nested loops": nested_loops,
        "branch in loop": branch_in_loop, "while loops": while_loops, "branches": branches,
        "attributes": with_attributes,
    }  # fmt: skip
    return makers[name](mx)


GRAPHS = [
    "one state", "lists", "layers", "some outputs", "no states", "no outputs", "from around", "nested loops",
    "branch in loop", "while loops", "branches", "attributes",
]  # fmt: skip


def leaves(value):
    return [leaf for part in value for leaf in leaves(part)] if isinstance(value, (list, tuple)) else [value]


def nesting(value):
    return [nesting(part) for part in value] if isinstance(value, (list, tuple)) else None


def grouped(mx, name):
    """The text of a graph, with fresh counters, and how its results are nested."""
    mx.AttrScope._subgraph_names.clear()
    with mx.name.NameManager():
        results = made(mx, name)
        graph = mx.sym.Group(leaves(results))
    names = graph.list_arguments(), graph.list_outputs(), graph.get_internals().list_outputs()
    return graph.tojson(), nesting(results), names, sorted(graph.attr_dict())


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_has_the_same_text_and_names(oracle, name):
    ours, theirs = oracle.both(grouped, name)
    assert_same(ours, theirs)


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_that_was_read_is_written_as_it_was(name):
    text = grouped(gb, name)[0]
    assert gb.sym.load_json(text).tojson() == text


def read(mx, text):
    return mx.sym.load_json(text).tojson()


@pytest.mark.parametrize("name", GRAPHS)
def test_mxnet_reads_what_is_written(oracle, name):
    text = grouped(gb, name)[0]
    assert oracle.run(read, text) == text
