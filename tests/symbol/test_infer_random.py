"""Inference on random graphs of which only some shapes, or types, are given.

What a library finds from parts must agree with what everything together says, and Glueball must find at least what
MXNet finds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.oracle.client import Oracle, ours
from tests.symbol.facts import tells_as_much

# Shrinking a failing graph would query MXNet thousands of times.
SETTINGS: dict[str, Any] = {
    "derandomize": True,
    "phases": [Phase.explicit, Phase.generate],
}

LENGTHS = [2, 3, 4, 6]
Shape = tuple[int, int]
Step = tuple[str, list[int], int]

# What each kind of step makes of the shapes of its operands; None where it does not fit them.
KINDS: dict[str, tuple[int, Callable[..., Shape | None]]] = {
    "relu": (1, lambda a, n: a),
    "softmax": (1, lambda a, n: a),
    "scalar": (1, lambda a, n: a),
    "batch_norm": (1, lambda a, n: a),
    "layer_norm": (1, lambda a, n: a),
    "cast": (1, lambda a, n: a),
    "dense": (1, lambda a, n: (a[0], n)),
    "transpose": (1, lambda a, n: (a[1], a[0])),
    "reshape": (1, lambda a, n: a),
    "merge": (1, lambda a, n: (1, a[0] * a[1])),
    "slice": (1, lambda a, n: (a[0], 2) if a[1] > 2 else None),
    "split": (1, lambda a, n: (a[0], a[1] // 2) if a[1] % 2 == 0 else None),
    "sum": (1, lambda a, n: (a[0], 1)),
    "add": (2, lambda a, b, n: a if a == b else None),
    "compare": (2, lambda a, b, n: a if a == b else None),
    "concat": (2, lambda a, b, n: (a[0], a[1] + b[1]) if a[0] == b[0] else None),
    "broadcast": (2, lambda a, b, n: a if a[0] == b[0] and b[1] in (1, a[1]) else None),
    "dot": (2, lambda a, b, n: (a[0], b[1]) if a[1] == b[0] else None),
}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, Shape], list[Step]]:
    """Shapes of variables, and steps: a kind, the numbers of its operands, and a length."""
    variables = {f"v{number}": _shape(draw) for number in range(draw(st.integers(1, 3)))}
    shapes: list[Shape] = list(variables.values())
    steps: list[Step] = []
    for _ in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(sorted(KINDS)))
        count, result = KINDS[kind]
        length = draw(st.sampled_from(LENGTHS))
        operands = draw(st.lists(st.integers(0, len(shapes) - 1), min_size=count, max_size=count))
        if count == 2 and draw(st.booleans()):
            # A second operand that fits is rare by chance: a new variable of the first one's shape.
            variables[f"v{len(variables)}"] = shapes[operands[0]]
            steps.append(("variable", [], len(variables) - 1))
            shapes.append(shapes[operands[0]])
            operands[1] = len(shapes) - 1
        shape = result(*[shapes[operand] for operand in operands], length)
        if shape is not None:
            steps.append((kind, operands, length))
            shapes.append(shape)
    return variables, steps


def _shape(draw: st.DrawFn) -> Shape:
    return draw(st.sampled_from(LENGTHS)), draw(st.sampled_from(LENGTHS))


def apply(sym: Any, kind: str, chosen: list[Any], length: int, name: str) -> Any:
    """One step."""
    made = {
        "variable": lambda: sym.var(f"v{length}"),
        "relu": lambda: sym.relu(chosen[0], name=name),
        "softmax": lambda: sym.softmax(chosen[0], name=name),
        "scalar": lambda: chosen[0] * 1.5,
        "batch_norm": lambda: sym.BatchNorm(chosen[0], name=name),
        "layer_norm": lambda: sym.LayerNorm(chosen[0], name=name),
        "cast": lambda: sym.Cast(chosen[0], dtype="float32", name=name),
        "dense": lambda: sym.FullyConnected(chosen[0], num_hidden=length, name=name),
        "transpose": lambda: sym.transpose(chosen[0], axes=(1, 0), name=name),
        "reshape": lambda: sym.reshape(chosen[0], shape=(0, -1), name=name),
        "merge": lambda: sym.reshape(chosen[0], shape=(1, -1), name=name),
        "slice": lambda: sym.slice_axis(chosen[0], axis=1, begin=0, end=2, name=name),
        "split": lambda: sym.split(chosen[0], num_outputs=2, axis=1, name=name)[1],
        "sum": lambda: sym.sum(chosen[0], axis=1, keepdims=True, name=name),
        "add": lambda: chosen[0] + chosen[1],
        "compare": lambda: chosen[0] > chosen[1],
        "concat": lambda: sym.concat(*chosen, dim=1, name=name),
        "broadcast": lambda: sym.broadcast_mul(*chosen, name=name),
        "dot": lambda: sym.dot(*chosen, name=name),
    }
    return made[kind]()


def build(mx: Any, count: int, steps: list[Any]) -> Any:
    """The graph, every step of it as an output."""
    values = [mx.sym.var(f"v{number}") for number in range(count)]
    for number, (kind, operands, length) in enumerate(steps):
        values.append(apply(mx.sym, kind, [values[operand] for operand in operands], length, f"s{number}"))
    return mx.sym.Group(values)


def infer_all(mx: Any, count: int, steps: list[Any], facts: list[dict[str, Any]], what: str) -> list[Any]:
    """What follows from each collection of facts, or 'refused'."""
    symbol = build(mx, count, steps)
    results = []
    for known in facts:
        try:
            results.append(getattr(symbol, f"infer_{what}_partial")(**known))
        except mx.MXNetError:
            results.append("refused")
    return results


def _first(variables: dict[str, Shape], steps: list[Step]) -> int:
    return len(variables) - sum(kind == "variable" for kind, _, _ in steps)


def _compare(oracle: Oracle, variables: dict[str, Shape], steps: list[Step], facts: list[Any], what: str) -> None:
    arguments = (_first(variables, steps), steps, facts, what)
    results, answers = ours(infer_all, *arguments).get(), oracle.run(infer_all, *arguments)
    assert results[0] == answers[0]
    for result, answer in zip(results[1:], answers[1:], strict=True):
        assert tells_as_much(results[0], result), f"{result} does not agree with {results[0]}"
        if answer != "refused" and tells_as_much(results[0], answer):
            assert tells_as_much(result, answer), f"{result} says less than {answer}"


@given(graphs(), st.data())
@settings(max_examples=60, **SETTINGS)
def test_shapes_from_some(oracle: Oracle, graph: tuple[dict[str, Shape], list[Step]], data: st.DataObject) -> None:
    variables, steps = graph
    facts: list[dict[str, Any]] = [variables]
    for _ in range(4):
        known = data.draw(st.sets(st.sampled_from(sorted(variables)), min_size=1))
        facts.append(
            {
                name: tuple([length * data.draw(st.booleans()) for length in variables[name]])
                if data.draw(st.booleans())
                else variables[name]
                for name in known
            }
        )
    _compare(oracle, variables, steps, facts, "shape")


@given(graphs(), st.data())
@settings(max_examples=40, **SETTINGS)
def test_types_from_some(oracle: Oracle, graph: tuple[dict[str, Shape], list[Step]], data: st.DataObject) -> None:
    variables, steps = graph
    casts = any(kind == "cast" for kind, _, _ in steps)  # to float32, which then stands beside the other type
    kinds = ["float32"] if casts else ["float16", "float32", "float64"]
    kind = data.draw(st.sampled_from(kinds))
    everything = dict.fromkeys(variables, kind)
    some = [data.draw(st.sets(st.sampled_from(sorted(variables)))) for _ in range(3)]
    _compare(oracle, variables, steps, [everything, *[dict.fromkeys(names, kind) for names in some]], "type")
