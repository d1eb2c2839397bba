"""Inference at one node: every sample of every operator, its declared rules and MXNet's answers."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from glueball.ops import Operator, registry
from tests.ops.cases import CASES, NOT_RUN, OPEN_LENGTH, UNKNOWN_ON_CPUS, Case, family, for_arrays_only, naming
from tests.oracle.client import Oracle, ours
from tests.symbol.facts import tells_as_much

EVERY_CASE = [case for cases in CASES.values() for case in cases]
every_operator = pytest.mark.parametrize("operator", list(registry), ids=lambda operator: operator.name)

# What MXNet says from the first input alone, and Glueball does not.
SAYS_LESS = {
    "amp_multicast": "MXNet takes the type of the first input for the common one before it knows the others",
    "Concat": "MXNet leaves arrays of unknown length out of the sum, and then contradicts itself",
    "_rnn_param_concat": "as Concat",
}


def _torch_type(array: Any) -> torch.dtype | None:
    return None if array is None else torch.from_numpy(array).dtype


@every_operator
def test_declared_rules_say_what_the_operator_does(operator: Operator) -> None:
    for case in CASES[operator]:
        with naming(case):
            results = case.run()
            outputs = results if isinstance(results, list) else [results]
            given = [_torch_type(array) for array in case.arrays]
            given += [None] * (len(operator.inputs) - len(given))
            rule, attributes = case.applied.types, case.applied.attributes
            inputs, kinds = rule.complete(given, [None] * len(outputs), attributes)
            assert [one for one, other in zip(inputs, given, strict=True) if other] == [kind for kind in given if kind]
            assert kinds == [output._data.dtype for output in outputs]
            if operator.elementwise:
                arrays = [*case.arrays, *outputs]
                assert len({array.shape for array in arrays if array is not None}) == 1


def call_one(mx: Any, name: str, inputs: list[Any], attributes: dict[str, Any]) -> Any:
    """Apply an operator to variables; None leaves one out."""
    function = getattr(mx.sym.op, name, None) or getattr(mx.sym._internal, name, None)
    for prefix in ("contrib", "image", "linalg", "random", "sparse"):
        if function is None and name.startswith(f"_{prefix}_"):
            function = getattr(getattr(mx.sym, prefix), name[len(prefix) + 2 :])
    for prefix, module, group in (
        ("_np_", "numpy", "_op"), ("_npi_", "numpy", "_internal"), ("_npx_", "numpy_extension", "_op"),
    ):  # fmt: skip
        if function is None and name.startswith(prefix):
            function = getattr(getattr(getattr(mx.sym, module), group), name.removeprefix(prefix))
            inputs = [None if each is None else each.as_np_ndarray() for each in inputs]
    if function is None:
        function = getattr(mx.sym, name)
    while inputs and inputs[-1] is None:
        inputs = inputs[:-1]
    symbol = function(*inputs, **attributes)
    return mx.sym.Group(symbol) if isinstance(symbol, list) else symbol  # a list, for several outputs of mx.sym.np


def one_nodes(mx: Any, calls: list[Any]) -> list[Any]:
    """Shapes and types of one-node graphs, from everything that is given and from the first input alone."""
    results = []
    for name, shapes, types, attributes in calls:
        names = [f"x{number}" for number in range(len(shapes))]
        variables = [None if shape is None else mx.sym.var(each) for each, shape in zip(names, shapes, strict=True)]
        try:
            symbol = call_one(mx, name, variables, attributes)
        except (mx.MXNetError, TypeError):
            results += ["not composed"] * 4
            continue
        for facts, method in ((shapes, "infer_shape_partial"), (types, "infer_type_partial")):
            known = {each: fact for each, fact in zip(names, facts, strict=True) if fact is not None}
            for given in (known, {each: known[each] for each in list(known)[:1]}):
                try:
                    results.append(getattr(symbol, method)(**given))
                except mx.MXNetError:
                    results.append("refused")
    return results


def _call(case: Case) -> tuple[Any, ...]:
    shapes = [None if array is None else array.shape for array in case.arrays]
    types = [None if array is None else array.dtype.name for array in case.arrays]
    return case.operator.name, shapes, types, dict(case.sample.attributes)


def _shapes_of(case: Case) -> list[tuple[int, ...]]:
    return [array.shape for array in case.arrays if array is not None] if case.operator.is_np else []


def test_one_node_graphs_are_as_in_mxnet(oracle: Oracle) -> None:
    # Lengths of 0 and shapes without axes are known with NumPy's meaning of shapes: tests/numpy/test_inference.py.
    asked = [
        case
        for case in EVERY_CASE
        if case.operator.name not in UNKNOWN_ON_CPUS and not any(0 in shape or not shape for shape in _shapes_of(case))
    ]
    calls = [_call(case) for case in asked]
    answers = oracle.run(one_nodes, calls)
    results = ours(one_nodes, calls).get()
    assert len(answers) == len(results) == 4 * len(asked)
    for number, (result, answer) in enumerate(zip(results, answers, strict=True)):
        case, from_everything = asked[number // 4], number % 2 == 0
        if answer == "not composed":
            assert for_arrays_only(case.operator) or case.operator.name in NOT_RUN
            continue
        if answer == "refused" and (case.sample.judge != "mxnet" or not from_everything):
            continue
        if result == "refused" and case.operator.decides_by_value:  # MXNet says nothing, and crashes when it is run
            continue
        if (
            case.operator.is_np
        ):  # MXNet contradicts the shapes of inputs that it was given: np.hstack of (2, 3) is of (2, 0)
            if from_everything and case.sample.judge == "mxnet":
                pairs = zip(result[1], answer[1], strict=True)
                assert all(theirs in ((), None, mine) for mine, theirs in pairs), f"{case}: {_call(case)}"
            continue
        # MXNet knows nothing of a shape that is in values, Glueball all but the length; nor of some steps' results.
        if case.operator.name in OPEN_LENGTH or family(case.operator).startswith("optimizer."):
            assert tells_as_much(result, answer)
        elif from_everything and case.operator.name not in NOT_RUN:
            assert result == answer, f"{case}: {_call(case)}"
        elif case.operator.name not in SAYS_LESS:
            assert tells_as_much(result, answer), f"{case}: {_call(case)}: {result} says less than {answer}"
