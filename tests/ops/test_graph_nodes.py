"""What each declaration says of a node in a graph, against MXNet 1.9.1: its inputs, states, outputs and their names."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from glueball.ops import Operator
from tests.ops.cases import CASES, Case, naming
from tests.oracle.client import Oracle


class Node(NamedTuple):
    """A node called 'n' whose inputs are all made by the library."""

    arguments: list[str]
    states: list[str]
    outputs: list[str]
    output_count: int
    initializers: dict[str, str]


def describe_nodes(mx, calls):
    """What MXNet makes of each (operator, attributes, number of arrays or None) as a symbol."""
    return [describe_node(mx, *call) for call in calls]


def describe_node(mx, name, attributes, arrays):
    import json

    given = [mx.sym.var(f"n_arg{number}") for number in range(arrays or 0)]
    symbol = find_symbol(mx, name)(*given, name="n", **attributes)
    graph = json.loads(symbol.tojson())
    variables = [(node["name"], node.get("attrs", {})) for node in graph["nodes"] if node["op"] == "null"]
    return (
        symbol.list_arguments(),
        symbol.list_auxiliary_states(),
        symbol.list_outputs(),
        graph["node_row_ptr"][-1] - graph["node_row_ptr"][-2],
        {variable: held["__init__"] for variable, held in variables if "__init__" in held},
    )


def find_symbol(mx, name):
    """The sym function of an operator, wherever it lies."""
    for namespace in ("op", "_internal"):
        function = getattr(getattr(mx.sym, namespace), name, None)
        if function is not None:
            return function
    _, family, rest = name.split("_", 2)
    return getattr(getattr(mx.sym, "random" if family == "sample" else family), rest)


def declared_node(case: Case) -> Node:
    """What the declaration says of the node of a case."""
    operator, attributes = case.operator, case.operator.freeze_named(case.attributes)
    taken = operator.inputs_taken(attributes)
    if operator.variadic_by:
        taken = tuple(f"arg{number}" for number in range(len(case.sample.inputs)))
    return Node(
        [f"n_{name}" for name in taken if name not in operator.auxiliary],
        [f"n_{name}" for name in taken if name in operator.auxiliary],
        [f"n_{name}" for name in operator.name_outputs(attributes)],
        operator.count_outputs(attributes) + operator.count_hidden_outputs(attributes),
        {f"n_{name}": text for name, text in operator.initializers.items() if name in taken},
    )


@pytest.fixture(scope="module")
def nodes(oracle: Oracle) -> dict[Case, Node]:
    """MXNet's nodes of all cases, asked for at once."""
    cases = [case for each in CASES.values() for case in each]
    calls: list[Any] = [
        (case.operator.name, case.sample.attributes, len(case.sample.inputs) if case.operator.variadic_by else None)
        for case in cases
    ]
    answers = oracle.run(describe_nodes, calls)
    return dict(zip(cases, (Node(*answer) for answer in answers), strict=True))


@pytest.mark.parametrize("operator", list(CASES), ids=lambda operator: operator.name)
def test_node_is_mxnets(operator: Operator, nodes: dict[Case, Node]) -> None:
    for case in CASES[operator]:
        with naming(case):
            assert declared_node(case) == nodes[case]


def test_an_input_is_left_out_only_where_it_may_be() -> None:
    for operator, cases in CASES.items():
        for case in cases:
            taken = operator.inputs_taken(operator.freeze_named(case.attributes))
            assert set(operator.inputs) - set(taken) <= operator.optional
            assert operator.variadic_by or set(operator.initializers) <= set(operator.inputs)
