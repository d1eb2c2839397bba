"""Inference at one node whose outputs are known: what MXNet learns of the inputs, no more and no less."""

from __future__ import annotations

import random
from typing import Any

import glueball as mx
from tests.ops.cases import CASES, Case
from tests.oracle.client import Oracle, ours
from tests.symbol.facts import says_wrong, tells_as_much
from tests.symbol.test_infer_operators import call_one
from tests.symbol.test_infer_partial import WRONG, Facts, facts_of, taken_facts

_MOST_CASES = 2  # of an operator

# What MXNet forgets where a part of an output is given, and Glueball does not.
SAYS_LESS = {"multi_sgd_update": "MXNet does not look at the inputs for the results then"}


def shapes_of_results(mx: Any, call: tuple[Any, ...], shapes: Facts) -> list[tuple[int, ...]] | None:
    """The shapes of all outputs, or None where some follow from values."""
    name, taken, attributes = call[:3]
    names = [f"x{number}" for number in range(len(taken))]
    symbol = call_one(
        mx, name, [mx.sym.var(each) if it else None for each, it in zip(names, taken, strict=True)], attributes
    )
    known = {each: shape for each, shape in zip(names, shapes, strict=True) if shape is not None}
    found: list[tuple[int, ...]] = symbol.infer_shape_partial(**known)[1]
    return None if any(0 in (*shape, len(shape)) for shape in found) else found


def inferred(mx: Any, calls: list[Any]) -> list[Any]:
    """What follows from facts about inputs and outputs; each output is added to a variable that has its shape."""
    results = []
    for name, taken, attributes, given in calls:
        names = [f"x{number}" for number in range(len(taken))]
        variables = [mx.sym.var(each) if exists else None for each, exists in zip(names, taken, strict=True)]
        try:
            symbol = call_one(mx, name, variables, attributes)
        except (mx.MXNetError, AttributeError, TypeError):  # MXNet has some on GPUs only, or with other arguments
            results.append(["not composed"] * len(given))
            continue
        count = len(symbol.list_outputs())
        sums = [mx.sym.elemwise_add(symbol[k], mx.sym.var(f"out{k}"), name=f"sum{k}") for k in range(count)]
        whole = mx.sym.Group(sums)
        found = []
        for inputs, outputs in given:
            known = {each: tuple(shape) for each, shape in zip(names, inputs, strict=True) if shape is not None}
            known.update({f"out{k}": tuple(shape) for k, shape in enumerate(outputs[:count])})
            try:
                arguments, results_of_sums, states = whole.infer_shape_partial(**known)
                shapes = dict(zip(whole.list_arguments(), arguments, strict=True))
                shapes.update(zip(whole.list_auxiliary_states(), states, strict=True))
                of_inputs = [shapes[each] for each, exists in zip(names, taken, strict=True) if exists]
                found.append((of_inputs, results_of_sums))
            except mx.MXNetError:
                found.append("refused")
        results.append(found)
    return results


def _call(case: Case, draw: random.Random) -> tuple[Any, ...] | None:
    shapes: Facts = [None if array is None else array.shape for array in case.arrays]
    if any(shape is not None and 0 in (*shape, len(shape)) for shape in shapes) or not any(shapes):
        return None
    call = case.operator.name, [shape is not None for shape in shapes], dict(case.sample.attributes)
    outputs = shapes_of_results(mx, call, shapes)
    if outputs is None:
        return None
    nothing: Facts = [None] * len(shapes)
    given = [(shapes, outputs), (nothing, outputs), *[(inputs, outputs) for inputs in facts_of(shapes, draw)]]
    for axis in range(len(outputs[0])):
        part = [tuple([0 if each == axis else length for each, length in enumerate(outputs[0])])]
        given += [(nothing, part), *[(inputs, part) for inputs in list(facts_of(shapes, draw))[-3:]]]
    return *call, given


def test_partial_shapes_from_outputs(oracle: Oracle) -> None:
    draw = random.Random(7)
    chosen = [
        cases[:_MOST_CASES]
        for operator, cases in CASES.items()
        # Those of mx.np are left out as in test_infer_partial.py.
        if not (operator.is_np or operator.decides_by_value)
    ]
    every = [_call(case, draw) for cases in chosen for case in cases]
    calls = [call for call in every if call is not None]
    compared = 0
    differing = []
    for call, results, answers in zip(calls, ours(inferred, calls).get(), oracle.run(inferred, calls), strict=True):
        name, taken, attributes, given = call
        for facts, result, answer in zip(given, results, answers, strict=True):
            if isinstance(answer, str) or facts == given[0]:  # those are all: test_infer_operators.py compares them
                continue
            if name in WRONG and says_wrong(answer, results[0], taken_facts(taken, facts[0])):
                continue
            compared += 1
            if result != answer and not (name in SAYS_LESS and tells_as_much(result, answer)):
                differing.append(f"{name} {attributes} of {facts}: {result}, not {answer}")
    assert not differing, "\n".join(differing[:20])
    assert compared > 4000
