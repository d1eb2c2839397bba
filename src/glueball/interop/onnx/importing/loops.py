"""Makes loops and branches of ONNX's Scan, Loop and If: a foreach, a while_loop, a cond."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .... import symbol as sym
from ....symbol import Symbol
from .call import Call
from .document import Branch, Node
from .values import CannotImport, Values

#: Runs a node of a file.
Run = Callable[[Node, Values, int], None]


def _outputs(call: Call, run: Run, graph: Branch, given: Mapping[str, Symbol], shapes: Mapping[str, Any]) -> Values:
    """Run a graph with symbols for its inputs, and return its values."""
    values = call.values.inner()
    for name, symbol in given.items():
        values.set(name, symbol)
        values.shapes.pop(name, None)
        values.types.pop(name, None)
        if shapes.get(name) is not None:
            values.shapes[name] = values.shapes[str(symbol.name)] = shapes[name]
    for name, array in graph.constants.items():
        values.set(name, array)
    for node in graph.nodes:
        run(node, values, call.opset)
    return values


def _results(
    call: Call, run: Run, graph: Branch, given: Mapping[str, Symbol], shapes: Mapping[str, Any]
) -> list[Symbol]:
    values = _outputs(call, run, graph, given, shapes)
    return [sym.identity(values.symbol(name)) for name in graph.outputs]


def _stacked(call: Call, results: Sequence[Symbol], first: int) -> list[Symbol]:
    """Return stacked outputs; numbers without axes were arrays of one number."""
    ranks = [len(call.values.shapes.get(name) or (0, 0)) for name in call.node.outputs[first:]]
    return [
        sym.reshape(result, shape=(-1,)) if rank == 1 else result
        for result, rank in zip(results, [*ranks, *[2] * len(results)], strict=False)
    ]


def _shape(call: Call, number: int) -> tuple[int, ...] | None:
    return call.values.shape(call.node.inputs[number])


def _scan(call: Call, run: Run) -> list[Symbol]:
    graph, count = call.attribute("body"), call.attribute("num_scan_inputs")
    states = call.count - count
    for name in ("scan_input_axes", "scan_input_directions", "scan_output_axes", "scan_output_directions"):
        call.require(not any(call.attribute(name, ())), f"{name} must be 0")
    call.require(call.opset >= 9, "it must be of version 9 of ONNX's operators or later")
    shapes = [_shape(call, number) for number in range(call.count)]
    known = [shape if number < states or shape is None else shape[1:] or (1,) for number, shape in enumerate(shapes)]

    def body(items: list[Symbol], before: list[Symbol]) -> tuple[list[Symbol], list[Symbol]]:
        given = dict(zip(graph.inputs, [*before, *items], strict=True))
        made = _results(call, run, graph, given, dict(zip(graph.inputs, known, strict=True)))
        return made[states:], made[:states]

    symbols = call.symbols()
    rows, last = sym.contrib.foreach(body, symbols[states:], symbols[:states])
    return [*last, *_stacked(call, rows, states)]


def _loop(call: Call, run: Run) -> list[Symbol]:
    graph, count = call.attribute("body"), call.count - 2
    limit = call.constant(0)
    if limit is None or not 0 < int(limit.reshape(-1)[0]) < 2**31:
        raise CannotImport("the most steps must be a constant, at least 1")
    going = sym.cast(call.symbol(1), dtype="float32") if call.has(1) else sym.ones((1,))
    shapes = dict(zip(graph.inputs[2:], [_shape(call, number) for number in range(2, call.count)], strict=True))

    def step(number: Symbol, goes_on: Symbol, *before: Symbol) -> tuple[list[Symbol], list[Symbol]]:
        given = dict(zip(graph.inputs, [number, goes_on, *before], strict=True))
        again, *made = _results(call, run, graph, given, {**shapes, **dict.fromkeys(graph.inputs[:2], (1,))})
        again = sym.broadcast_add(sym.reshape(sym.cast(again, dtype="float32"), shape=(1,)), goes_on * 0)
        return made[count:], [number + 1, again, *made[:count]]

    variables = [sym.zeros((1,), dtype="int64"), sym.reshape(going, shape=(1,))]
    variables += [call.symbol(number) for number in range(2, call.count)]
    rows, last = sym.contrib.while_loop(
        lambda number, goes_on, *rest: goes_on, step, variables, max_iterations=int(limit.reshape(-1)[0])
    )
    if rows and not _never_ends_early(call, graph):
        taken = sym.broadcast_lesser(sym.arange(0, int(limit.reshape(-1)[0]), dtype="int64"), last[0])
        rows = [sym.contrib.boolean_mask(row, taken) for row in rows]
    return [*last[2:], *_stacked(call, rows, count)]


def _never_ends_early(call: Call, graph: Branch) -> bool:
    """Whether the condition is said to hold, and the graph hands it on."""
    first = call.constant(1) if call.has(1) else None
    if call.has(1) and (first is None or not first.all()):
        return False
    says = {output: node for node in graph.nodes for output in node.outputs}.get(graph.outputs[0])
    return says is not None and says.operator == "Identity" and says.inputs[0] == graph.inputs[1]


def _if(call: Call, run: Run) -> list[Symbol]:
    def branch(name: str) -> Callable[[], list[Symbol]]:
        return lambda: _results(call, run, call.attribute(name), {}, {})

    condition = sym.reshape(sym.cast(call.symbol(0), dtype="float32"), shape=(1,))
    found = sym.contrib.cond(condition, branch("then_branch"), branch("else_branch"))
    return found if isinstance(found, list) else [found]


LOOPS: dict[str, Callable[[Call, Run], list[Symbol]]] = {"Scan": _scan, "Loop": _loop, "If": _if}
