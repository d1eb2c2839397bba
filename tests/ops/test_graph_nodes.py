"""What each declaration says about a node in a graph, against MXNet 1.9.1: inputs, states, outputs and their names."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

import glueball as mx
from glueball.ops import Operator
from tests.ops.cases import CASES, UNKNOWN_ON_CPUS, Case, family, for_arrays_only, naming
from tests.oracle.client import Oracle


class Node(NamedTuple):
    """Return a node called 'n' whose inputs are all created by the library."""

    arguments: list[str]
    states: list[str]
    outputs: list[str]
    output_count: int
    initializers: dict[str, str]


def describe_nodes(mx, calls):
    """Return the symbol that the library makes of each (operator, attributes, number of arrays or None)."""
    answers = []
    for call in calls:
        try:
            answers.append(describe_node(mx, *call))
        except mx.base.MXNetError:
            answers.append(None)
    return answers


def describe_node(mx, name, attributes, arrays):
    import json

    given = [variable_for(mx, name, f"n_arg{number}") for number in range(arrays or 0)]
    symbol = find_symbol(mx, name)(*given, name="n", **attributes)
    symbol = mx.sym.Group(symbol) if isinstance(symbol, list) else symbol  # as several functions of mx.sym.np return
    graph = json.loads(symbol.tojson())
    variables = [(node["name"], node.get("attrs", {})) for node in graph["nodes"] if node["op"] == "null"]
    return (
        symbol.list_arguments(),
        symbol.list_auxiliary_states(),
        symbol.list_outputs(),
        graph["node_row_ptr"][-1] - graph["node_row_ptr"][-2],
        {variable: held["__init__"] for variable, held in variables if "__init__" in held},
    )


def variable_for(mx, operator, name):
    """Return a variable of the face of symbols that an operator takes."""
    variable = mx.sym.var(name)
    return variable.as_np_ndarray() if operator.startswith(("_np_", "_npi_", "_npx_")) else variable


def find_symbol(mx, name):
    """Return the sym function of an operator, whatever its module."""
    prefix = "_".join(name.split("_", 2)[:2]) + "_"
    if prefix in ("_np_", "_npi_", "_npx_"):
        if mx.__name__ == "glueball":
            return mx.symbol.namespace.functions[name]  # our public function, which calls it, has other arguments
        group = {"_np_": mx.sym.np, "_npi_": mx.sym.np._internal, "_npx_": mx.sym.npx}[prefix]
        return getattr(group, name.removeprefix(prefix))
    for namespace in ("op", "_internal"):
        function = getattr(getattr(mx.sym, namespace), name, None)
        if function is not None:
            return function
    _, family, rest = name.split("_", 2)
    return getattr(getattr(mx.sym, "random" if family == "sample" else family), rest)


def call_of(case: Case) -> tuple[Any, ...]:
    """The arguments of `describe_node`."""
    arrays = len(case.sample.inputs) if case.operator.variadic_by else None
    return case.operator.name, dict(case.sample.attributes), arrays


#: Where variables that a graph makes for inputs have names, or are some, that MXNet's own table of operators has not.
_OTHER_VARIABLES = ("_npi_arctan2", "_npi_delete", "_npi_hypot", "_npi_multinomial")


@pytest.fixture(scope="module")
def nodes(oracle: Oracle) -> dict[Case, Node | None]:
    """MXNet's nodes for all cases, requested at once; None for an operator that it cannot put into a graph."""
    cases = [case for operator, each in CASES.items() if operator.name not in UNKNOWN_ON_CPUS for case in each]
    answers = oracle.run(describe_nodes, [call_of(case) for case in cases])
    return dict(zip(cases, (None if answer is None else Node(*answer) for answer in answers), strict=True))


@pytest.mark.parametrize("operator", list(CASES), ids=lambda operator: operator.name)
def test_node_is_mxnets(operator: Operator, nodes: dict[Case, Node | None]) -> None:
    if for_arrays_only(operator) and not any(nodes[case] for case in CASES[operator]):
        pytest.skip("MXNet has it for arrays only")
    if operator.name in UNKNOWN_ON_CPUS:
        pytest.skip("MXNet has it in its builds for GPUs only")
    if family(operator) in ("image.decode", "image.opencv"):
        pytest.skip("MXNet computes it for arrays only, and has no names for inputs of its nodes")
    for case in CASES[operator]:
        with naming(case):
            ours, theirs = Node(*describe_node(mx, *call_of(case))), nodes[case]
            if operator.name in _OTHER_VARIABLES and theirs is not None:
                ours = ours._replace(arguments=theirs.arguments)
            assert ours == theirs


def test_an_input_is_left_out_only_where_it_may_be() -> None:
    for operator, cases in CASES.items():
        for case in cases:
            taken = case.applied.inputs
            assert set(operator.inputs) - set(taken) <= operator.optional
            assert operator.variadic_by or set(operator.initializers) <= set(operator.inputs)
