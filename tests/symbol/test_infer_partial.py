"""Inference at one node from shapes with unknown lengths: what MXNet infers, no more and no less."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from tests.ops.cases import CASES, Case
from tests.oracle.client import Oracle, ours
from tests.symbol.facts import says_wrong
from tests.symbol.test_infer_operators import call_one

_MOST_CASES = 3  # of an operator

Facts = list[tuple[int, ...] | None]  # what is given of each input

# Whose answers are wrong where some lengths are unknown: they contradict what is true for every such length, or forget
# what was given. Those answers are not compared, all others are.
WRONG = {
    "BatchNorm": "forgets the lengths of gamma and the like if it does not know that of the channels",
    "_contrib_BatchNormWithReLU": "as BatchNorm",
    "InstanceNorm": "as BatchNorm",
    "Concat": "leaves arrays of unknown length out of the sum",
    "_rnn_param_concat": "as Concat",
    "Convolution_v1": "computes with an unknown length as with -1",
    "_linalg_makediag": "as Convolution_v1",
    "khatri_rao": "as Convolution_v1",
    "Pad": "computes with an unknown length as with 0",
    "UpSampling": "as Pad, with unknown numbers of channels",
    "RNN": "as Pad, of the parameters for an unknown number of features",
    "broadcast_like": "takes an unknown length as 1",
}


def inferred(mx: Any, calls: list[Any]) -> list[Any]:
    """What follows from each collection of facts, or why nothing does."""
    results = []
    for name, taken, attributes, given in calls:
        names = [f"x{number}" for number in range(len(taken))]
        variables = [mx.sym.var(each) if exists else None for each, exists in zip(names, taken, strict=True)]
        try:
            symbol = call_one(mx, name, variables, attributes)
        except (mx.MXNetError, AttributeError, TypeError):  # MXNet has some on GPUs only, or with other arguments
            results.append(["not composed"] * len(given))
            continue
        found = []
        for facts in given:
            known = {each: tuple(fact) for each, fact in zip(names, facts, strict=True) if fact is not None}
            try:
                arguments, outputs, states = symbol.infer_shape_partial(**known)
                shapes = dict(zip(symbol.list_arguments(), arguments, strict=True))
                shapes.update(zip(symbol.list_auxiliary_states(), states, strict=True))
                found.append(([shapes[each] for each, exists in zip(names, taken, strict=True) if exists], outputs))
            except mx.MXNetError:
                found.append("refused")
        results.append(found)
    return results


def facts_of(shapes: Facts, draw: random.Random) -> Iterator[Facts]:
    """Parts of the shapes: inputs left out, and lengths of one or of all inputs."""
    taken = [number for number, shape in enumerate(shapes) if shape is not None]

    def without(lengths: set[tuple[int, int]], inputs: set[int]) -> Facts:
        return [
            None if shape is None or number in inputs
            else tuple([0 if (number, axis) in lengths else length for axis, length in enumerate(shape)])
            for number, shape in enumerate(shapes)
        ]  # fmt: skip

    places = [(number, axis) for number in taken for axis in range(len(shapes[number] or ()))]
    for number in taken:
        yield without(set(), set(taken) - {number})
        yield without(set(), {number})
    for place in places:
        yield without({place}, set())
        yield without({place}, set(taken) - {place[0]})
    for axis in {axis for _, axis in places}:
        yield without({place for place in places if place[1] == axis}, set())
    for _ in range(3):
        hidden = {place for place in places if draw.random() < 0.4}
        yield without(hidden, {number for number in taken if draw.random() < 0.25})
    yield without(set(places), set())


def _call(case: Case, draw: random.Random) -> tuple[Any, ...] | None:
    shapes: Facts = [None if array is None else array.shape for array in case.arrays]
    if any(shape is not None and 0 in (*shape, len(shape)) for shape in shapes) or not any(shapes):
        return None
    given = [shapes, *[facts for facts in facts_of(shapes, draw) if any(facts)]]
    return case.operator.name, [shape is not None for shape in shapes], dict(case.sample.attributes), given


def test_partial_shapes(oracle: Oracle) -> None:
    draw = random.Random(7)
    chosen = [
        cases[:_MOST_CASES]
        for operator, cases in CASES.items()
        # Those of mx.np have NumPy's meaning of shapes; tests/numpy/test_inference.py has that.
        if not operator.is_np
    ]
    every = [_call(case, draw) for cases in chosen for case in cases]
    calls = [call for call in every if call is not None]
    compared = 0
    wrong = set()
    differing = []
    for call, results, answers in zip(calls, ours(inferred, calls).get(), oracle.run(inferred, calls), strict=True):
        name, taken, attributes, given = call
        for facts, result, answer in zip(given, results, answers, strict=True):
            if isinstance(answer, str) or facts == given[0]:  # those are all: test_infer_operators.py compares them
                continue
            if name in WRONG and says_wrong(answer, results[0], taken_facts(taken, facts)):
                wrong.add(name)
                continue
            compared += 1
            if result != answer:
                differing.append(f"{name} {attributes} of {facts}: {result}, not {answer}")
    assert not differing, "\n".join(differing[:20])
    assert wrong == set(WRONG)
    assert compared > 1500


def taken_facts(taken: list[bool], facts: Facts) -> list[tuple[int, ...]]:
    """The facts about the inputs that are taken, () for nothing."""
    return [fact or () for fact, exists in zip(facts, taken, strict=True) if exists]


def chains(mx: Any) -> list[Any]:
    """Graphs of several nodes, as networks have them."""
    sym = mx.sym
    x, y = sym.var("x"), sym.var("y")
    grown = sym.FullyConnected(x, num_hidden=3, name="a") + sym.FullyConnected(y, num_hidden=3, name="b")
    doubled = sym.broadcast_add(sym.FullyConnected(x, weight=y + 2, name="c", num_hidden=4), sym.var("z"))
    return [
        grown.infer_shape(x=(0, 5), y=(7, 5)),
        grown.infer_shape_partial(x=(0, 5)),
        grown.infer_shape_partial(),
        (sym.flatten(x) + y).infer_shape_partial(x=(0, 3, 4), y=(5, 12)),
        (sym.broadcast_add(x, y) + sym.var("z")).infer_shape_partial(x=(0, 3), y=(0, 3), z=(5, 3)),
        (sym.broadcast_mul(x, y) + sym.var("z")).infer_shape_partial(x=(0, 3), y=(2, 1)),
        doubled.infer_shape_partial(x=(2, 5)),
        (sym.slice_axis(x, axis=0, begin=1, end=3) + y).infer_shape_partial(x=(0, 5)),
        (sym.transpose(x, axes=(1, 0)) * y).infer_shape_partial(y=(2, 0)),
        (sym.concat(x, y, dim=1) + sym.var("z")).infer_shape(x=(0, 2), y=(0, 3), z=(4, 0)),
        sym.where(x, y, sym.var("z")).infer_shape_partial(x=(0, 2), y=(0, 2), z=(3, 2)),
        sym.contrib.boolean_mask(x, y).infer_shape_partial(x=(3, 4), y=(3,)),
        (sym.var("v", shape=(2, 3)) + 1).infer_shape_partial(v=(0, 3)),
        (sym.var("v", shape=(2, 3)) + 1).infer_shape_partial(v=(4, 3)),
    ]


def test_partial_shapes_of_graphs(oracle: Oracle) -> None:
    results, answers = oracle.both(chains)
    assert results.get() == answers.get()


def test_a_part_of_an_unknown_length_is_unknown(oracle: Oracle) -> None:
    """Also one of which some lengths say the same, as the first row."""
    attributes: list[dict[str, Any]] = [
        {"begin": (0, 1), "end": (1, 2)},
        {"begin": (0,), "end": (2,), "step": (2,)},
        {"begin": (None, -1), "end": (None, None)},
        {"begin": (3,), "end": (1,), "step": (-1,)},
    ]
    given: list[Facts] = [[(0, 5)], [(5, 0)], [(0, 0)], [(5, 5)]]
    calls = [("slice", [True], each, given) for each in attributes]
    results, answers = ours(inferred, calls).get(), oracle.run(inferred, calls)
    assert results == answers
    assert answers[0][0] == ([(0, 5)], [(0, 1)])
