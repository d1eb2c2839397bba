"""What functions of ``mx.np`` take that MXNet shows as operators: names and attributes of nodes, its own names."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import glueball as mx
from tests.numpy.calls import compare
from tests.numpy.graphs import compare_graphs
from tests.oracle.client import Oracle

#: A call of each function that MXNet shows as an operator.
CALLS = [
    *[f"{name}({{}}x{{}})" for name in (
        "all", "amax", "amin", "any", "copy", "cumsum", "diag", "diagflat", "diagonal", "max", "min", "prod", "product",
        "sometrue", "squeeze", "sum", "trace", "transpose",
    )],
    "dot({}x, y{})", "moveaxis({}x, 0, 1{})", "repeat({}x, 2{})", "reshape({}x, (3, 2){})", "roll({}x, 1{})",
]  # fmt: skip


def _calls(module: str, more: str) -> list[str]:
    return [f"{module}.{text.format('', ', ' + more)}" for text in CALLS]


def test_a_node_has_the_name_that_is_given(oracle: Oracle) -> None:
    compare_graphs(oracle, [*_calls("np", "name='named'"), "npx.reshape(x, (3, 2), name='named')"])


def test_a_node_has_the_attributes_that_are_given(oracle: Oracle) -> None:
    compare_graphs(oracle, [
        *_calls("np", "attr={'__mark__': '1'}"), "np.sum(x, __mark__='1')", "np.sum(x, mark='1')", "np.sum(x, name='')",
        "np.sum(x, attr={'mark': '1'})", "np.mean(x, name='named')", "np.exp(x, name='named')",
    ])  # fmt: skip


def test_a_node_takes_what_its_operator_takes(oracle: Oracle) -> None:
    compare_graphs(oracle, [
        "np.sum(name='named')", "np.dot(x, name='named')", "np.sum(x, 1, 'int32', True, None, 'named')",
        "np.sum(axis=1, a=x)", "np.max(x, 0, True, 1.5)", "np.prod(x, 0, None, True)", "np.all(data=x)", "np.all(a=x)",
        "np.sum(x, dtype=None)", "np.cumsum(x, 0, None)", "npx.one_hot(x, 2, dtype=None)",
        "np._internal.mean(x, dtype=None)",
        "npx.embedding(x, y, dtype=None, input_dim=2, output_dim=3)", "np.sum(x, axis=None)",
    ])  # fmt: skip


def test_arrays_take_names_and_all_that_the_operator_takes(oracle: Oracle) -> None:
    compare(oracle, [
        *_calls("np", "name='named'"), *_calls("mx.nd.np", "name='named'"), "npx.reshape(x, (3, 2), name='named')",
        "np.all(data=x)", "np.roll(shift=1, data=x)", "np.sum(x, mark=1)",
        "np.sum(x, __mark__='1')", "np.sum(x, attr={})", "np.sum()",
        "mx.nd.np.prod(x, 0, None, True)", "mx.nd.np.all(data=x)", "mx.nd.np.all(a=x)", "mx.nd.np.sum(x, dtype=None)",
    ])  # fmt: skip


def test_a_number_to_begin_with_is_that_of_numpy() -> None:
    # MXNet 1.9.1 knows the keyword, and refuses it.
    x = np.array([[1, 2.5], [-3, 2]], dtype="float32")
    for name, keywords in [("max", {"initial": 2.25, "axis": 0}), ("min", {"initial": -3.5}), ("prod", {"initial": 2})]:
        made = getattr(mx.np, name)(mx.np.array(x), **keywords)
        assert made.asnumpy().tolist() == getattr(np, name)(x, **keywords).tolist()


@pytest.mark.parametrize("text", ["np.sum", "np.all", "np.dot", "npx.reshape"])
def test_signatures_show_no_keywords_that_only_graphs_need(text: str) -> None:
    module, _, name = text.partition(".")
    function = getattr(getattr(mx, module), name)
    assert not {"name", "attr", "kwargs"} & set(inspect.signature(function).parameters)
    assert next(iter(inspect.signature(function).parameters.values())).default is inspect.Parameter.empty


def test_modules_show_public_names_alone() -> None:
    for module in (mx.np, mx.npx, mx.nd.np, mx.nd.npx, mx.sym.np, mx.sym.npx, mx.np.random, mx.np.linalg):
        shown = [name for name in dir(module) if not name.startswith("_")]
        assert not {"Any", "Group", "annotations", "face"} & set(shown)
        assert [name for name in shown if not hasattr(module, name)] == []
    assert {"sum", "array", "random"} <= set(dir(mx.np)) & set(mx.np.__all__)
