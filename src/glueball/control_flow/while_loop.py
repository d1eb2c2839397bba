"""``sym.contrib.while_loop``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core.doors import door
from ..core.errors import InvalidValueError
from ..core.strangers import call
from ..symbol import Symbol
from ..symbol.node import Entry
from .checks import checked_iterations, pair
from .nested import Structure, flatten, rebuild
from .node import make
from .scope import Cut, cut, inner_name, numbers, own_heads, stand_in, subgraph
from .while_ import While


@door
def while_loop(
    cond: Callable[..., Any],
    func: Callable[..., Any],
    loop_vars: Any,
    max_iterations: int | None = None,
    name: str = "while_loop",
) -> tuple[Any, Any]:
    """Return a node that runs a graph as long as another says so.

    What the functions take from around them, such as weights, becomes an input of the node.

    Parameters
    ----------
    cond : callable
        ``cond(*loop_vars)`` is called once, with symbols, and returns one: a number, whether to go on.
    func : callable
        ``func(*loop_vars)`` is called once; it returns outputs, or None, and the new loop variables.
    loop_vars : Symbol or nested lists of them
        The loop variables of the first step.
    max_iterations : int
        The most steps, and the length of the outputs.
    name : str, default 'while_loop'
        The name of the graphs.

    Returns
    -------
    outputs : Symbol or nested lists of them
        The outputs of all steps, stacked along a new first axis, with zeros up to `max_iterations`.
    loop_vars : Symbol or nested lists of them
        The last loop variables.

    Raises
    ------
    MXNetError
        `max_iterations` is not given, there are no loop variables, or one is not used.

    Examples
    --------
    >>> import glueball as mx
    >>> double = lambda x: (x, [2 * x])
    >>> seen, _ = mx.sym.contrib.while_loop(lambda x: x < 5, double, [mx.sym.var("x")], max_iterations=4)
    >>> seen.eval(x=mx.nd.ones(1))[0].asnumpy().ravel()
    array([1., 2., 4., 0.], dtype=float32)
    """
    limit = checked_iterations(max_iterations)
    symbols, structure = flatten(loop_vars, Symbol, "while_loop: loop_vars")
    if not symbols:
        raise InvalidValueError("while_loop: loop_vars must have at least one symbol; received none")
    says = _condition(cond, symbols, structure, f"{name}_cond")
    with subgraph(f"{name}_func") as full:
        given = _arguments(structure, symbols)
        made, news = pair(call(func, *given), "while_loop: func", "outputs and loop_vars")
        outputs, output_structure = flatten([] if made is None else made, Symbol, "while_loop: outputs")
        ends, _ = flatten(news, Symbol, "while_loop: loop_vars")
        if len(ends) != len(symbols):
            raise InvalidValueError(
                f"while_loop: func must return {len(symbols)} loop_vars, as many as it is given; received {len(ends)}"
            )
        heads = own_heads(full, [*outputs, *ends])
    graph = cut("while_loop", full, heads)
    inputs, (cond_locs, func_locs) = _joined([says, graph], symbols)
    names = graph.names
    texts = {
        "num_outputs": str(len(heads)), "num_out_data": str(len(outputs)), "max_iterations": str(limit),
        "cond_input_locs": numbers(cond_locs), "func_input_locs": numbers(func_locs),
        "func_var_locs": numbers([_located(names, symbol, number) for number, symbol in enumerate(symbols)]),
    }  # fmt: skip
    results = make(While, [says, graph], inputs, texts)
    count = len(outputs)
    return rebuild(output_structure, iter(results[:count])), rebuild(structure, iter(results[count:]))


def _arguments(structure: Structure, symbols: Sequence[Symbol]) -> list[Any]:
    nested = rebuild(structure, iter([stand_in(symbol) for symbol in symbols]))
    return nested if isinstance(nested, list) else [nested]


def _condition(cond: Callable[..., Any], symbols: Sequence[Symbol], structure: Structure, name: str) -> Cut:
    with subgraph(name) as full:
        said = call(cond, *_arguments(structure, symbols))
        if not isinstance(said, Symbol) or len(said._entries) != 1:
            raise InvalidValueError(f"while_loop: cond must return a Symbol; received {said!r:.80}")
        return cut("while_loop", full, own_heads(full, [said]))


def _joined(graphs: Sequence[Cut], symbols: Sequence[Symbol]) -> tuple[list[Entry], list[list[int]]]:
    """Return the inputs of the node, and which of them each graph takes; a loop variable is one for both graphs."""
    inputs: list[Entry] = []
    places: dict[str, int] = {}
    loop = {inner_name(symbol): symbol._entries[0] for symbol in symbols}
    locs = []
    for graph in graphs:
        taken = []
        for node in graph.inputs:
            place = places.get(node.name, len(inputs))
            if place == len(inputs):
                inputs.append(loop.get(node.name) or graph.source(node))
            if node.name in loop:
                places[node.name] = place
            taken.append(place)
        locs.append(taken)
    return inputs, locs


def _located(names: list[str], symbol: Symbol, number: int) -> int:
    if inner_name(symbol) not in names:
        raise InvalidValueError(
            f"while_loop: func must use all loop_vars; number {number}, {symbol.name}, is not used: leave it out"
        )
    return names.index(inner_name(symbol))
