"""Lowered graphs: they are torch.fx graphs, compute what the operators do, and say which node failed."""

from __future__ import annotations

import gc
import linecache
import threading

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import fx
from torch.fx import graph_module

import glueball as mx
from glueball import nd, sym
from glueball.graph.lower import lower
from glueball.graph.monitor import Watch
from glueball.graph.program import Program


def _program(symbol):
    return Program(symbol._entries, [*symbol._arguments(), *symbol._states()])


def _calls(module):
    return [node.meta["source"].operator.name for node in module.graph.nodes if "source" in node.meta]


def test_a_lowered_graph_is_a_torch_fx_graph():
    x = sym.var("x")
    symbol = sym.relu(sym.FullyConnected(x, num_hidden=2, name="fc"), name="out")
    module = _program(symbol).lowered(training=False).module
    assert isinstance(module, fx.GraphModule)
    assert _calls(module) == ["FullyConnected", "relu"]
    assert "out = " in module.code and "fc = " in module.code
    (result,) = module(torch.ones(1, 3), torch.ones(2, 3), torch.zeros(2), None, torch.device("cpu"))
    assert result.tolist() == [[3, 3]]


def test_training_and_prediction_are_two_graphs_that_are_made_once():
    program = _program(sym.Dropout(sym.var("x"), p=0.5))
    assert program.lowered(True) is program.lowered(True)
    assert program.lowered(True) is not program.lowered(False)
    ones = torch.ones(100)
    assert torch.equal(program.run([ones], mx.cpu(), training=False)[0], ones)
    assert set(program.run([ones], mx.cpu(), training=True)[0].tolist()) == {0.0, 2.0}


def test_generated_code_is_forgotten_with_its_graph():
    """torch.fx keeps it for tracebacks, and linecache what it has shown."""

    def kept():
        return {name for name in {*linecache.cache, *graph_module._loader.eval_cache} if name.startswith("<eval_with")}

    before = kept()
    for _ in range(5):
        gc.collect()
        program = _program(sym.relu(sym.var("x")))
        program.run([torch.ones(1)], mx.cpu(), training=False)
        assert len(kept() - before) == 1
        del program


def test_generated_code_is_not_forgotten_while_linecache_goes_through_it():
    """The garbage collector may drop a graph at any time; linecache.checkcache would stumble."""
    program = _program(sym.relu(sym.var("x")))
    program.run([torch.ones(1)], mx.cpu(), training=False)
    names = set(linecache.cache)
    del program
    gc.collect()
    assert set(linecache.cache) == names


def test_a_graph_with_open_lengths_is_not_kept_for_every_shape_that_it_has_seen():
    program = _program(sym.var("x") + sym.zeros((0, 2)))
    for length in range(1, 250):
        assert program.run([torch.ones(length, 2)], mx.cpu(), training=False)[0].shape == (length, 2)
    assert len(program._ready) <= 100
    first, last = [torch.ones(1, 2)], [torch.ones(249, 2)]
    assert program.lowered(False, last) is program.lowered(False, last)
    assert program.run(first, mx.cpu(), training=False)[0].shape == (1, 2)


def test_threads_that_run_a_graph_first_share_it():
    program, gate, lowered = _program(sym.relu(sym.var("x"))), threading.Barrier(8), []

    def run():
        gate.wait()
        lowered.append(program.lowered(False))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(each) for each in lowered}) == 1


def test_a_node_that_several_use_is_computed_once():
    x = sym.relu(sym.var("x"))
    assert _calls(_program(x * x + x).lowered(False).module) == ["relu", "elemwise_mul", "elemwise_add"]


def test_results_share_no_memory():
    x = sym.var("x")
    y = x + 1
    symbol = sym.Group([x, y, y, y.reshape((-1,)), sym.identity(x), sym.split(y, num_outputs=2)])
    data = torch.ones(2, 2)
    results = _program(symbol).run([data], mx.cpu(), training=False)
    memories = [tensor.untyped_storage().data_ptr() for tensor in (data, *results)]
    assert len(set(memories)) == len(memories)
    assert all(result.is_contiguous() for result in results)


def test_names_that_python_cannot_have():
    x = sym.var("class")
    symbol = sym.relu(x + 1, name="for.1/2 x")
    assert _program(symbol).run([torch.ones(1)], mx.cpu(), False)[0].tolist() == [2]


def test_a_deep_graph():
    symbol = sym.var("x")
    for _ in range(3000):
        symbol = symbol + 1
    assert _program(symbol).run([torch.zeros(1)], mx.cpu(), False)[0].tolist() == [3000]


@pytest.mark.parametrize("watch", [None, Watch(lambda *_: None, inputs=True)], ids=["plain", "watched"])
def test_an_error_names_the_node(watch):
    x = sym.var("x")
    program = _program(sym.dot(sym.relu(x), sym.var("w"), name="product"))
    program.watch = watch
    with pytest.raises(mx.MXNetError, match=r"product: dot: .*" if watch is None else "dot"):
        program.run([torch.ones(2, 3), torch.ones(2, 3)], mx.cpu(), False)


@pytest.mark.parametrize("options", [{}, {"inputs": True}, {"inputs": True, "variables": True}])
def test_what_is_reported(options):
    seen = []
    with mx.name.NameManager():
        joined = sym.concat(sym.var("x") + 1, sym.var("y"), dim=1, name="c")
        symbol = sym.split(joined, num_outputs=2, name="s")
    program = _program(symbol)
    program.watch = Watch(lambda *what: seen.append((*what[:2], what[2].tolist())), **options)
    program.run([torch.zeros(1, 1), torch.zeros(1, 1)], mx.cpu(), False)
    expected = [
        ("x", "_plus_scalar", [[0]]),
        ("_plusscalar0_input0", "_plus_scalar", [[0]]),
        ("_plusscalar0_output", "_plus_scalar", [[1]]),
        ("c_arg0", "Concat", [[1]]),
        ("y", "Concat", [[0]]),
        ("c_arg1", "Concat", [[0]]),
        ("c_output", "Concat", [[1, 0]]),
        ("s_data", "SliceChannel", [[1, 0]]),
        ("s_output0", "SliceChannel", [[1]]),
        ("s_output1", "SliceChannel", [[0]]),
    ]
    hidden = () if "variables" in options else ("x", "y")
    hidden += () if "inputs" in options else ("_plusscalar0_input0", "c_arg0", "c_arg1", "s_data")
    assert seen == [entry for entry in expected if entry[0] not in hidden]


def test_a_variable_that_is_missing_is_a_mistake_of_the_caller():
    symbol = sym.var("x") + sym.var("y")
    with pytest.raises(KeyError):
        lower(symbol._entries, symbol._arguments()[:1], training=False)


_UNARY = ["relu", "negative", "square", "abs", "identity", "flatten", "transpose", "sigmoid"]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([*_UNARY, "add", "mul", "concat"]), st.integers(0, 9)), max_size=12))
def test_a_graph_computes_what_the_functions_compute(steps):
    data = nd.array(np.linspace(-2, 2, 4).reshape(2, 2))

    def build(F, x):
        values = [x]
        for kind, pick in steps:
            one, other = values[pick % len(values)], values[-1]
            if kind == "add":
                values.append(F.elemwise_add(one, other) if F is nd else one + other)
            elif kind == "mul":
                values.append(F.elemwise_mul(one, other) if F is nd else one * other)
            elif kind == "concat":
                values.append(F.concat(one, other, dim=0).slice_axis(axis=0, begin=1, end=3))
            else:
                values.append(getattr(F, kind)(one))
        return values

    imperative = [array.asnumpy() for array in build(nd, data)]
    graph = sym.Group(build(sym, sym.var("x")))
    results = _program(graph).run([data._data], mx.cpu(), training=False)
    for one, other in zip(results, imperative, strict=True):
        np.testing.assert_array_equal(one.numpy(), other)
