"""``autograd.get_symbol``: what was recorded, as a graph."""

from __future__ import annotations

import itertools

from ..core.doors import door
from ..core.errors import MXNetError, RefusedError
from ..ndarray.ndarray import NDArray
from ..ndarray.origins import UNKNOWN, Origin, origin_of
from ..ops.attrs import to_text
from ..ops.operator import Applied
from ..symbol.node import Entry, Node
from ..symbol.symbol import Symbol

_OWNER = "autograd.get_symbol"


@door
def get_symbol(x: NDArray) -> Symbol:
    """Return the recorded computation of an array as a Symbol.

    Its variables are the arrays that the computation began with, variables and constants alike, as ``var0`` and so on.

    Parameters
    ----------
    x : NDArray
        A variable, or computed from one inside ``record()`` by operators.

    Raises
    ------
    AssertionError
        `x` is no NDArray.
    MXNetError
        It was not recorded; or something else than an operator had a part in it: a hybridized block, a `Function`, or
        a slice, which have no operator here.

    Examples
    --------
    >>> from glueball import autograd, nd
    >>> x = nd.ones((2,))
    >>> x.attach_grad()
    >>> with autograd.record():
    ...     y = x * x + 2 * x
    >>> len(autograd.get_symbol(y).list_arguments())
    1
    """
    if not isinstance(x, NDArray):
        raise RefusedError(f"{_OWNER}: x must be an NDArray; received {type(x).__name__}")
    if x._tape is None:
        raise MXNetError(f"{_OWNER}: x must have been computed from a variable inside autograd.record()")
    origin = origin_of(x._tape)
    nodes: dict[int, Node] = {}  # by the list that is one for all results of a call
    names, waiting = itertools.count(), [origin]
    while waiting:  # no recursion: a program may have recorded thousands of calls, one after the other
        made = waiting[-1]
        missing = [each for each in made[1] if each is not None and id(each[1]) not in nodes]
        waiting.extend(reversed(missing))
        if not missing:
            waiting.pop()
            if id(made[1]) not in nodes:
                nodes[id(made[1])] = _node(made, nodes, next(names))
    return Symbol((Entry(nodes[id(origin[1])], origin[2]),))


def _node(origin: Origin, nodes: dict[int, Node], number: int) -> Node:
    if origin is UNKNOWN:
        raise MXNetError(
            f"{_OWNER}: x must have been computed by operators alone; received an array in which a hybridized block, a "
            "Function or a slice had a part; use hybridize(False), or slice with nd.slice"
        )
    applied, given, _ = origin
    if applied is None:
        return Node(None, f"var{number}")
    inputs = [Entry(nodes[id(each[1])], each[2]) for each in given if each is not None]
    return Node(applied.operator, f"node_{number}", _texts(applied), inputs)


def _texts(applied: Applied) -> dict[str, str]:
    """Return the attributes that were given, or could have been: those that are not the defaults."""
    return {
        attribute.name: to_text(applied.attributes[attribute.name])
        for attribute in applied.operator.attributes
        if applied.attributes[attribute.name] != attribute.default
    }
