"""Graphs that expressions of ``mx.sym.np`` make in both libraries, compared as they stand in files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.numpy.calls import ARRAYS
from tests.oracle.client import Oracle


def nodes(mx: Any, texts: Sequence[str], names: Sequence[str]) -> list[Any]:
    """Evaluate expressions in which np, npx and variables are bound; return the nodes, or the class of the error."""
    import json

    import numpy as onp

    results: list[Any] = []
    with mx.util.np_shape(True), mx.util.np_array(True):
        for text in texts:
            scope: dict[str, Any] = {"mx": mx, "np": mx.sym.np, "npx": mx.sym.npx, "onp": onp}
            scope |= {name: mx.sym.var(name).as_np_ndarray() for name in names}
            try:
                with mx.name.NameManager():
                    value = eval(text, scope)
                several = isinstance(value, list | tuple)
                graph = json.loads((mx.sym.Group(list(value)) if several else value).tojson())
                made = [[n["op"], n["name"], sorted(n.get("attrs", {}).items()), n["inputs"]] for n in graph["nodes"]]
                results.append(["graph", several, made, graph["heads"]])
            except Exception as error:
                results.append(["raised", type(error).__name__, [each.__name__ for each in type(error).__mro__]])
    return results


def compare_graphs(oracle: Oracle, texts: Sequence[str]) -> None:
    """Fail if an expression does not make the same graph, or raise the same error, in both libraries."""
    ours, theirs = [each.get() for each in oracle.both(nodes, list(texts), list(ARRAYS))]
    for text, one, other in zip(texts, ours, theirs, strict=True):
        if other[0] == "raised":
            assert one[0] == "raised" and other[1] in one[2], f"{text}: MXNet raises {other[1]}; ours: {one}"
        else:
            assert one == other, f"{text}: MXNet makes {other}, and ours {one}"
