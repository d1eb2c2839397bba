"""Common subexpressions: what a bound graph computes once, as MXNet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.comparison import assert_same
from tests.ops.cases import CASES
from tests.oracle.client import Oracle, ours
from tests.symbol.test_infer_operators import call_one


def merged(mx: Any, calls: list[Any]) -> list[bool | None]:
    """Whether a bound graph with two equal nodes of each operator keeps one; None where it cannot be bound."""
    found: list[bool | None] = []
    for name, arrays, attributes in calls:
        given = {f"x{number}": array for number, array in enumerate(arrays) if array is not None}
        variables = [mx.sym.var(f"x{number}") if array is not None else None for number, array in enumerate(arrays)]
        if name.startswith("_np"):
            variables = [each if each is None else each.as_np_ndarray() for each in variables]
        try:
            pair = [call_one(mx, name, variables, {**attributes, "name": each}) for each in ("node", "other")]
            pair = [(each[0] if isinstance(each, list) else each).as_nd_ndarray() for each in pair]
            symbol = mx.sym.BlockGrad(pair[0][0]) + mx.sym.BlockGrad(pair[1][0])
            values = {each: mx.nd.array(array, dtype=array.dtype) for each, array in given.items()}
            states = {each: values[each] for each in symbol.list_auxiliary_states()}
            arguments = {each: values[each] for each in symbol.list_arguments()}
            executor = symbol.bind(mx.cpu(), arguments, aux_states=states)
            names = executor.get_optimized_symbol().get_internals().list_outputs()
            found.append(not any(each.startswith("other") for each in names))
        except (mx.MXNetError, AttributeError, TypeError, ValueError):
            found.append(None)
    return found


def test_which_operators_are_computed_once(oracle: Oracle) -> None:
    first = [next((case for case in cases if case.sample.judge == "mxnet"), None) for cases in CASES.values()]
    calls = [
        (case.operator.name, list(case.arrays), dict(case.sample.attributes)) for case in first if case is not None
    ]
    results, answers = ours(merged, calls).get(), oracle.run(merged, calls)
    assert answers.count(None) < len(calls) / 5
    wrong = [
        (name, result, answer)
        for (name, *_), result, answer in zip(calls, results, answers, strict=True)
        if None not in (result, answer) and result != answer
    ]
    assert not wrong


def graphs(mx: Any) -> list[Any]:
    """What is left of graphs, what monitors see of them, and what they compute."""
    import numpy as np

    sym, found = mx.sym, []
    x, z = sym.var("x"), sym.var("z")
    once = sym.exp(x, name="e1")
    symbols = [
        once + sym.exp(x, name="e2"),
        sym.sin(once, name="s1") * sym.sin(sym.exp(x, name="e2"), name="s2"),
        sym.sum(x, axis=1, name="a") + sym.sum(x, axis=(1,), name="b"),
        sym.Group([sym.exp(x, name="e2"), once]),
        sym.Group([sym.exp(x, name="e2"), once, sym.exp(x, name="e3")]),
        sym.Group([sym.exp(x, name="e2"), once * 2]),
        sym.broadcast_add(x, z, name="p") * sym.broadcast_add(z, x, name="q"),
        sym.exp(x, name="e2", attr={"__a__": "1"}) + once,
        sym.topk(x, k=2, ret_typ="both", name="t1")[0] * sym.topk(x, k=2, ret_typ="both", name="t2")[1],
    ]
    for symbol in symbols:
        shapes = {name: (2, 3) for name in symbol.list_arguments()}
        executor = symbol.simple_bind(mx.cpu(), **shapes)
        for array in executor.arg_arrays:
            array[:] = np.arange(6).reshape(2, 3) / 4
        names: list[str] = []
        executor.set_monitor_callback(lambda name, _, names=names: names.append(name.decode()))
        outputs = executor.forward(is_train=True)
        mx.nd.waitall()
        seen = list(names)
        executor.backward([mx.nd.ones(each.shape) for each in outputs])
        left = executor.get_optimized_symbol()
        found.append([seen, left.get_internals().list_outputs(), executor.outputs, executor.grad_dict])
        found.append([left.list_outputs(), list(executor.output_dict), list(executor.arg_dict)])
    return found


def test_graphs(oracle: Oracle) -> None:
    results, answers = oracle.both(graphs)
    assert len(answers.get()) == 18
    assert_same(results, answers, rtol=1e-6)


def test_the_switch(monkeypatch: pytest.MonkeyPatch) -> None:
    import glueball as mx

    x = mx.sym.var("x")
    symbol = mx.sym.exp(x, name="e1") + mx.sym.exp(x, name="e2")
    monkeypatch.setenv("MXNET_ELIMINATE_COMMON_EXPR", "0")
    assert len(symbol.simple_bind(mx.cpu(), x=(2,)).get_optimized_symbol().get_internals()) == 4
    monkeypatch.setenv("MXNET_ELIMINATE_COMMON_EXPR", "1")
    assert len(symbol.simple_bind(mx.cpu(), x=(2,)).get_optimized_symbol().get_internals()) == 3
