"""Makes loops and branches of ONNX's Scan, Loop and If: a foreach, a while_loop, a cond."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .... import symbol as sym
from ....symbol import Symbol
from .call import Call
from .document import Branch, Node
from .values import CannotImport, Values

#: Runs a node of a file.
Run = Callable[[Node, Values, int], None]


class _Input(NamedTuple):
    """What is known of an input of a graph that a node runs."""

    symbol: Symbol
    shape: tuple[int, ...] | None
    type: str


def _given(call: Call, number: int, symbol: Symbol) -> _Input:
    """Return what is known of an input that stands for one of the node's."""
    return _Input(symbol, call.values.shape(call.node.inputs[number]), call.type(number))


def _results(call: Call, run: Run, graph: Branch, inputs: Sequence[_Input]) -> list[Symbol]:
    """Run a graph, and return its outputs."""
    values = call.values.inner()
    for name, given in zip(graph.inputs, inputs, strict=True):
        values.set(name, given.symbol)
        values.shapes.pop(name, None)
        if given.type:
            values.types[name] = given.type
        if given.shape is not None:
            values.shapes[name] = values.shapes[str(given.symbol.name)] = given.shape
    for name, array in graph.constants.items():
        values.set(name, array)
    for node in graph.nodes:
        run(node, values, call.opset)
    return [sym.identity(values.symbol(name)) for name in graph.outputs]


def _stacked(call: Call, results: Sequence[Symbol], first: int) -> list[Symbol]:
    """Return stacked outputs; numbers without axes were arrays of one number."""
    ranks = [len(call.values.shapes.get(name) or (0, 0)) for name in call.node.outputs[first:]]
    return [
        sym.reshape(result, shape=(-1,)) if rank == 1 else result
        for result, rank in zip(results, [*ranks, *[2] * len(results)], strict=False)
    ]


def _scan(call: Call, run: Run) -> list[Symbol]:
    graph, count = call.attribute("body"), call.attribute("num_scan_inputs")
    states = call.count - count
    for name in ("scan_input_axes", "scan_input_directions", "scan_output_axes", "scan_output_directions"):
        call.require(not any(call.attribute(name, ())), f"{name} must be 0")
    call.require(call.opset >= 9, "it must be of version 9 of ONNX's operators or later")

    def body(items: list[Symbol], before: list[Symbol]) -> tuple[list[Symbol], list[Symbol]]:
        inputs = [_given(call, number, symbol) for number, symbol in enumerate([*before, *items])]
        for number, each in enumerate(inputs[states:], states):
            inputs[number] = each._replace(shape=each.shape and (each.shape[1:] or (1,)))
        made = _results(call, run, graph, inputs)
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

    def step(number: Symbol, goes_on: Symbol, *before: Symbol) -> tuple[list[Symbol], list[Symbol]]:
        inputs = [_Input(number, (1,), "int64"), _Input(goes_on, (1,), "bool")]
        inputs += [_given(call, place, symbol) for place, symbol in enumerate(before, 2)]
        again, *made = _results(call, run, graph, inputs)
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
        return lambda: _results(call, run, call.attribute(name), [])

    condition = sym.reshape(sym.cast(call.symbol(0), dtype="float32"), shape=(1,))
    found = sym.contrib.cond(condition, branch("then_branch"), branch("else_branch"))
    return found if isinstance(found, list) else [found]


LOOPS: dict[str, Callable[[Call, Run], list[Symbol]]] = {"Scan": _scan, "Loop": _loop, "If": _if}
