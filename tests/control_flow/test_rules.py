"""Inference through loops and branches, what they refuse, and graph files that contradict themselves."""

from __future__ import annotations

import copy
import json
import pickle
import time

import numpy as np
import pytest

import glueball as gb
from tests.comparison import assert_same

V, C = gb.sym.var, gb.sym.contrib


def group(*results):
    leaves = [leaf for result in results for leaf in (result if isinstance(result, list | tuple) else [result])]
    return gb.sym.Group([leaf for each in leaves for leaf in (each if isinstance(each, list) else [each])])


def dense_loop(start=None):
    """A loop with weights, whose shapes only the loop knows."""
    body = lambda x, s: (gb.sym.FullyConnected(x, num_hidden=3, name="fc") + s,) * 2  # noqa: E731
    return group(C.foreach(body, V("x"), V("s") if start is None else start))


def inferred(mx, way):
    body = lambda x, s: (mx.sym.FullyConnected(x, num_hidden=3, name="fc") + s,) * 2  # noqa: E731
    outputs, _ = mx.sym.contrib.foreach(body, mx.sym.var("x"), mx.sym.var("s"))
    rows, last = mx.sym.contrib.foreach(lambda x, s: (x * 2, s + x), mx.sym.var("x"), mx.sym.var("s"))
    branch = mx.sym.contrib.cond(mx.sym.var("p"), lambda: mx.sym.var("a") * 2, lambda: mx.sym.var("b") * 3)
    if way == "weights":
        return outputs.infer_shape(x=(5, 2, 7))
    if way == "numbers":  # an item of a list of numbers has one axis
        return mx.sym.Group([rows, last]).infer_shape(x=(3,))
    if way == "an unknown length":
        return mx.sym.Group([rows, last]).infer_shape_partial(x=(0, 2))
    if way == "different lengths":
        pair = mx.sym.contrib.foreach(lambda x, s: (x[0] + x[1], s + x[0]), [mx.sym.var("x"), mx.sym.var("y")],
                                      mx.sym.var("s"))[0]  # fmt: skip
        return pair.infer_shape(x=(2, 3), y=(3, 3), s=(3,))
    if way == "a state that grows":
        return mx.sym.contrib.foreach(lambda x, s: (x, mx.sym.concat(s, x, dim=0)), mx.sym.var("x"),
                                      mx.sym.var("s"))[1].infer_shape(x=(2, 3), s=(3,))  # fmt: skip
    if way == "types":
        return outputs.infer_type(x="float64")
    if way == "types of the branches":
        return branch.infer_type(a="float64")
    return branch.infer_type(a="float64", b="float32")


@pytest.mark.parametrize(
    "way",
    ["weights", "numbers", "an unknown length", "different lengths", "a state that grows", "types",
     "types of the branches", "contradicting types"],
)  # fmt: skip
def test_inference(oracle, way):
    assert_same(*oracle.both(inferred, way))


def test_the_shape_of_a_state_follows_from_the_loop():
    loop = dense_loop(gb.sym.zeros((0, 3)))
    executor = loop.simple_bind(gb.cpu(), x=(5, 2, 7))
    assert [output.shape for output in executor.forward()] == [(5, 2, 3), (2, 3)]


def test_branches_of_different_shapes(oracle):
    def chosen(mx):
        branch = mx.sym.contrib.cond(mx.sym.var("p"), lambda: mx.sym.var("a") * 2, lambda: mx.sym.var("b") * 3)
        given = {"a": mx.nd.ones(2), "b": mx.nd.ones(3)}
        return [branch.bind(mx.cpu(), dict(given, p=mx.nd.array([p]))).forward() for p in (0, 1)]

    mine, theirs = oracle.both(chosen)
    assert_same(mine.get(), theirs.get())


def test_each_step_draws_numbers_of_its_own():
    rows = C.foreach(lambda x, s: (gb.sym.Dropout(x, p=0.5, mode="always"), s + x), V("x"), V("s"))[0]
    given = {"x": gb.nd.ones((4, 64)), "s": gb.nd.zeros(64)}
    made = []
    for seed in (1, 1, 2):
        gb.random.seed(seed)
        made.append(rows.eval(**given)[0].asnumpy())
    assert len({row.tobytes() for row in made[0]}) == 4
    np.testing.assert_array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])


def nestings(mx, library, kind, numbers):
    """How what a loop or a branch returns is nested, for arguments that are nested in different ways."""

    def nesting(value):
        return [nesting(part) for part in value] if isinstance(value, (list, tuple)) else "array"

    F = getattr(mx, library)
    make = (lambda name: mx.nd.ones((3, 2))) if library == "nd" else mx.sym.var
    x, s, listed = make("x"), make("s"), numbers[1]
    results = [lambda v: v, lambda v: [v], lambda v: (v * 1,), lambda v: [[v * 1], v * 2]]
    result = results[numbers[0]]
    if kind == "foreach":
        made = F.contrib.foreach(
            lambda a, b: (result(a * 1), b), x, (s[0:1] if library == "nd" else s,) if listed else s
        )
    elif kind == "while_loop":
        last = (lambda v: [v + 4]) if numbers[2] else lambda v: v + 4
        made = F.contrib.while_loop(lambda v: v.sum() < 20, lambda v: (result(v), last(v)), [x] if listed else x, 3)
    else:
        made = F.contrib.cond(s.sum() > 1, lambda: result(x), lambda: result(s))
    return nesting(made), type(made[1]).__name__ == "list" if kind == "while_loop" else None


@pytest.mark.parametrize("numbers", [(a, b, c) for a in range(4) for b in (0, 1) for c in (0, 1)], ids=str)
@pytest.mark.parametrize("kind", ["foreach", "while_loop", "cond"])
@pytest.mark.parametrize("library", ["nd", "sym"])
def test_results_are_nested_as_in_mxnet(oracle, library, kind, numbers):
    mine, theirs = oracle.both(nestings, library, kind, list(numbers))
    assert_same(mine.get(), theirs.get())


def test_copies_and_pickles_hold_the_graphs():
    loop = dense_loop()
    assert copy.deepcopy(loop).tojson() == pickle.loads(pickle.dumps(loop)).tojson() == loop.tojson()
    assert loop(x=gb.sym.exp(V("y"))).list_arguments()[0] == "y"


@pytest.mark.parametrize("backend", ["auto", "eager", "onednn", "inductor"])
def test_engines_leave_it_as_it_was_lowered(backend, recwarn):
    loop = dense_loop()
    values = np.random.RandomState(0)
    arrays = {"x": (5, 2, 7), "s": (2, 3), "fc_weight": (3, 7), "fc_bias": (3,)}
    arrays = {name: gb.nd.array(values.uniform(-1, 1, shape)) for name, shape in arrays.items()}
    made = loop.optimize_for(backend).eval(**arrays)
    for one, other in zip(made, loop.eval(**arrays), strict=True):
        np.testing.assert_allclose(one.asnumpy(), other.asnumpy(), rtol=1e-6)
    assert not recwarn.list


REFUSED = {
    "data that is not used": (lambda: C.foreach(lambda x, s: (s + 1, s), V("x"), V("s")),
                              r"foreach: all arrays of data must be used in the loop; x is not"),
    "a state that is not used": (lambda: C.foreach(lambda x, s: (x + 1, x), V("x"), V("s")),
                                 r"foreach: all arrays of init_states must be used in the loop; s is not"),
    "data twice": (lambda: C.foreach(lambda x, s: (x[0] + x[1], s + 1), [V("x"), V("x")], V("s")),
                   r"foreach: the inputs of its graph must have different names; received \['x-0', 'x-0', 's-0'\]"),
    "states that change their structure": (lambda: C.foreach(lambda x, s: (x + s, [s, s]), V("x"), V("s")),
                                           "foreach: body must return states nested as those that it is given"),
    "a number": (lambda: C.foreach(lambda x, s: (x + s, 3), V("x"), V("s")),
                 r"foreach: states must be \(nested lists of\) Symbol; received int: 3"),
    "one result": (lambda: C.foreach(lambda x, s: x, V("x"), V("s")), "foreach: body must return two values"),
    "no limit": (lambda: C.while_loop(lambda i: i < 5, lambda i: ([], [i]), V("i")),
                 "while_loop: max_iterations must be given"),
    "a limit that is no number": (lambda: C.while_loop(lambda i: i < 5, lambda i: ([], [i]), V("i"), "a"),
                                  "while_loop: max_iterations must be an int; received 'a'"),
    "a loop variable that is not used": (
        lambda: C.while_loop(lambda i, s: i < 5, lambda i, s: ([], [i, i + 1]), [V("i"), V("s")], 5),
        "while_loop: func must use all loop_vars; number 1, s, is not used"),
    "a loop variable too few": (lambda: C.while_loop(lambda i, s: i, lambda i, s: ([], [i]), [V("i"), V("s")], 5),
                                "while_loop: func must return 2 loop_vars, as many as it is given; received 1"),
    "no loop variables": (lambda: C.while_loop(lambda: 1, lambda: ([], []), [], 5), "loop_vars must have at least one"),
    "a condition that is no symbol": (lambda: C.while_loop(lambda i: 1, lambda i: ([], [i]), V("i"), 5),
                                      "while_loop: cond must return a Symbol; received 1"),
    "branches of different numbers": (lambda: C.cond(V("p"), lambda: [V("a")], lambda: [V("a"), V("b")]),
                                      "cond: both functions must return as many symbols; received 1 and 2"),
    "a branch without a result": (lambda: C.cond(V("p"), lambda: None, lambda: V("b")),
                                  r"cond: outputs must be \(nested lists of\) Symbol; received NoneType"),
    "a condition in Python": (lambda: C.cond(True, lambda: V("a"), lambda: V("b")), "cond: pred must be .* Symbol"),
    "arrays of a number": (lambda: gb.nd.contrib.foreach(lambda x, s: (x, s), 3, gb.nd.ones(2)),
                           r"foreach: data must be \(nested lists of\) NDArray; received int: 3"),
    "a condition of several numbers": (
        lambda: C.cond(V("p"), lambda: V("a") * 1, lambda: V("a") * 2).eval(p=gb.nd.ones(2), a=gb.nd.ones(2)),
        r"_cond: a condition must be one number; received an array of shape \(2,\)"),
    "states of layers in training": (
        lambda: group(C.foreach(lambda x, s: (gb.sym.BatchNorm(x, name="bn") + s,) * 2, V("x"), V("s")))
        .simple_bind(gb.cpu(), x=(4, 2, 3)).forward(is_train=True),
        "a graph that it runs in training must have no states; received bn_moving_mean, bn_moving_var"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    call, message = REFUSED[name]
    with pytest.raises(gb.MXNetError, match=message):
        call()


def damaged(make, **attributes):
    """A graph file whose last node has other attributes, or no subgraphs."""
    document = json.loads(make().tojson())
    node = document["nodes"][-1]
    node["attrs"].update({key: value for key, value in attributes.items() if key != "subgraphs"})
    if "subgraphs" in attributes:
        node["subgraphs"] = attributes["subgraphs"](node["subgraphs"])
    return json.dumps(document)


def a_while_loop():
    return group(C.while_loop(lambda i: i < 5, lambda i: (i, [i + 1]), [V("i")], max_iterations=5))


def a_branch():
    return C.cond(V("p"), lambda: V("a") * 2, lambda: V("a") * 3)


DAMAGED = {
    "locs out of range": (dense_loop, {"in_data_locs": "[9]"}, "its locs must number the 4 inputs of its graph"),
    "locs twice": (dense_loop, {"in_state_locs": "[0]"}, "its locs must number the 4 inputs of its graph"),
    "no data": (dense_loop, {"in_data_locs": "[]"}, "its locs must number the 4 inputs of its graph"),
    "num_args": (dense_loop, {"num_args": "9"}, "num_args be 5"),
    "outputs": (dense_loop, {"num_outputs": "3"}, "the 2 outputs of its graph must be num_out_data outputs and 1 sta"),
    "no attribute": (dense_loop, {"num_outputs": "a"}, "num_outputs must be"),
    "no graphs": (dense_loop, {"subgraphs": lambda graphs: []}, "it must have 1 subgraphs, body; received 0"),
    "two graphs": (dense_loop, {"subgraphs": lambda graphs: graphs * 2}, "it must have 1 subgraphs, body; received 2"),
    "no graph": (dense_loop, {"subgraphs": lambda graphs: [3]}, "a subgraph must be an object"),
    "a cycle": (dense_loop, {"subgraphs": lambda graphs: [{**graphs[0], "heads": []}]}, "a graph must have an output"),
    "a condition's locs": (a_while_loop, {"cond_input_locs": "[3]"}, "the 1 inputs of its graph 'cond' must be among"),
    "loop variables": (a_while_loop, {"func_var_locs": "[4]"}, "func_var_locs must be different numbers below 1"),
    "no limit": (a_while_loop, {"max_iterations": "-2"}, "max_iterations must be"),
    "a branch's locs": (a_branch, {"then_input_locs": "[0, 1]"}, "the 1 inputs of its graph 'then' must be among"),
    "a branch's outputs": (a_branch, {"num_outputs": "2"}, "its graphs must have 1, 2 and 2 outputs"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_files_that_contradict_themselves(name):
    make, attributes, message = DAMAGED[name]
    with pytest.raises(gb.MXNetError, match=message):
        gb.sym.load_json(damaged(make, **attributes))


def test_graphs_nest_only_so_deep():
    document = json.loads(dense_loop().tojson())
    loop = document["nodes"][-1]
    innermost = graph = loop["subgraphs"][0]
    for _ in range(20):
        node = {**loop, "inputs": [[0, 0, 0]] * 4, "subgraphs": [graph]}
        graph = {**innermost, "nodes": [*innermost["nodes"], node]}
    loop["subgraphs"] = [graph]
    with pytest.raises(gb.MXNetError, match="graphs in nodes must be at most 16 deep"):
        gb.sym.load_json(json.dumps(document))


def test_deep_graphs_are_inferred_and_run_in_time():
    """What a graph finds is kept: it is asked for the same many times."""

    def nested(depth, x, s):
        if not depth:
            return x + s, s * 1
        return C.foreach(lambda item, state: nested(depth - 1, gb.sym.expand_dims(item, 0), state), x, s)

    loop = group(nested(12, V("x"), V("s")))
    start = time.perf_counter()
    made = loop.eval(x=gb.nd.ones((2, 3)), s=gb.nd.ones((1, 3)))
    assert made[1].asnumpy().tolist() == [[1.0, 1.0, 1.0]]
    assert time.perf_counter() - start < 20
