"""``sym.contrib.cond``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core.doors import door
from ..core.errors import InvalidValueError
from ..core.strangers import call
from ..symbol import Symbol
from ..symbol.node import Entry
from .branch import Branch
from .nested import Structure, flatten, rebuild
from .node import make
from .scope import Cut, cut, numbers, own_heads, subgraph


@door
def cond(pred: Symbol, then_func: Callable[..., Any], else_func: Callable[..., Any], name: str = "cond") -> Any:
    """Return a node that runs one of two graphs.

    What the functions take from around them becomes an input of the node. Both branches must return arrays of the same
    number, shapes and types.

    Parameters
    ----------
    pred : Symbol
        A number: whether to run the graph of `then_func`.
    then_func, else_func : callable
        Called once without arguments; they return symbols.
    name : str, default 'cond'
        The name of the graphs.

    Returns
    -------
    Symbol or nested lists of them
        What the branch returns.

    Raises
    ------
    MXNetError
        The functions return anything else, or different numbers of symbols.

    Examples
    --------
    >>> import glueball as mx
    >>> x = mx.sym.var("x")
    >>> mx.sym.contrib.cond(x > 2, lambda: x * 2, lambda: x).eval(x=mx.nd.array([3]))[0].asnumpy()
    array([6.], dtype=float32)
    """
    said, _ = _graph(f"{name}_pred", lambda: pred, "pred")
    then, structure = _graph(f"{name}_then", then_func, "outputs")
    other, _ = _graph(f"{name}_else", else_func, "outputs")
    if len(then.heads) != len(other.heads):
        raise InvalidValueError(
            f"cond: both functions must return as many symbols; received {len(then.heads)} and {len(other.heads)}"
        )
    inputs, (cond_locs, then_locs, else_locs) = _joined([said, then, other])
    texts = {
        "num_outputs": str(len(then.heads)), "cond_input_locs": numbers(cond_locs),
        "then_input_locs": numbers(then_locs), "else_input_locs": numbers(else_locs),
    }  # fmt: skip
    return rebuild(structure, iter(make(Branch, [said, then, other], inputs, texts)))


def _graph(name: str, function: Callable[..., Any], what: str) -> tuple[Cut, Structure]:
    with subgraph(name) as full:
        outputs, structure = flatten(call(function), Symbol, f"cond: {what}")
        return cut("cond", full, own_heads(full, outputs)), structure


def _joined(graphs: Sequence[Cut]) -> tuple[list[Entry], list[list[int]]]:
    """Return the inputs of the node, and which of them each graph takes; a variable is one for all graphs."""
    inputs: list[Entry] = []
    places: dict[str, int] = {}
    locs = []
    for graph in graphs:
        taken = []
        for node in graph.inputs:
            place = places.get(node.name, len(inputs))
            source = graph.source(node)
            if place == len(inputs):
                inputs.append(source)
            if source.node.is_variable:
                places[node.name] = place
            taken.append(place)
        locs.append(taken)
    return inputs, locs
