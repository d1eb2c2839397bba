"""``sym.contrib.foreach``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.doors import door
from ..core.errors import RefusedError
from ..core.strangers import call
from ..symbol import Symbol
from .checks import pair
from .for_each import ForEach
from .nested import flatten, rebuild
from .node import make
from .scope import Cut, cut, inner_name, numbers, own_heads, stand_in, subgraph


@door
def foreach(body: Callable[..., Any], data: Any, init_states: Any, name: str = "foreach") -> tuple[Any, Any]:
    """Return a node that runs a graph for each item of arrays, and hands its states to the next.

    What `body` takes from around it, such as weights, becomes an input of the node.

    Parameters
    ----------
    body : callable
        ``body(item, states)`` is called once, with symbols, and returns outputs and new states.
    data : Symbol or nested lists of them
        Items are taken along the first axis.
    init_states : Symbol or nested lists of them
        The states for the first item.
    name : str, default 'foreach'
        The name of the graph.

    Returns
    -------
    outputs : Symbol or nested lists of them
        The outputs of all items, stacked along a new first axis.
    states : Symbol or nested lists of them
        The last states.

    Raises
    ------
    MXNetError
        Data, states or outputs are anything else, or are not used; states do not keep their structure.

    Examples
    --------
    >>> import glueball as mx
    >>> step = lambda item, total: (total + item, total + item)
    >>> sums, total = mx.sym.contrib.foreach(step, mx.sym.var("x"), mx.sym.var("start"))
    >>> sums.eval(x=mx.nd.array([[1], [2], [3]]), start=mx.nd.zeros(1))[0].asnumpy().ravel()
    array([1., 3., 6.], dtype=float32)
    """
    symbols, data_structure = flatten(data, Symbol, "foreach: data")
    initial, state_structure = flatten(init_states, Symbol, "foreach: init_states")
    with subgraph(name) as full:
        items, states = [stand_in(symbol) for symbol in symbols], [stand_in(symbol) for symbol in initial]
        given = rebuild(data_structure, iter(items)), rebuild(state_structure, iter(states))
        made, news = pair(call(body, *given), "foreach: body", "outputs and states")
        outputs, structure = flatten(made, Symbol, "foreach: outputs")
        ends, end_structure = flatten(news, Symbol, "foreach: states")
        if end_structure != state_structure:
            raise RefusedError(
                "foreach: body must return states nested as those that it is given; received "
                f"{len(ends)} for {len(states)}"
            )
        heads = own_heads(full, outputs, ends)
    graph = cut("foreach", full, heads)
    locs = [_locate(graph, symbols, "data"), _locate(graph, initial, "init_states")]
    rest = [number for number in range(len(graph.inputs)) if number not in {*locs[0], *locs[1]}]
    inputs = [symbol._entries[0] for symbol in (*symbols, *initial)]
    texts = {
        "num_outputs": str(len(heads)), "num_out_data": str(len(outputs)), "in_data_locs": numbers(locs[0]),
        "in_state_locs": numbers(locs[1]), "remain_locs": numbers(rest),
    }  # fmt: skip
    results = make(ForEach, [graph], [*inputs, *[graph.source(graph.inputs[number]) for number in rest]], texts)
    count = len(outputs)
    return rebuild(structure, iter(results[:count])), rebuild(end_structure, iter(results[count:]))


def _locate(graph: Cut, symbols: list[Symbol], what: str) -> list[int]:
    """Return which inputs of the graph these stand for."""
    names = graph.names
    for symbol in symbols:
        if inner_name(symbol) not in names:
            raise RefusedError(
                f"foreach: all arrays of {what} must be used in the loop; {symbol.name} is not: leave it out"
            )
    return [names.index(inner_name(symbol)) for symbol in symbols]
