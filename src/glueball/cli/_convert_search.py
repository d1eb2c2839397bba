"""Finds the layer of a network where a difference begins: one that was read wrongly, or one that was written so."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from ..core.errors import MXNetError
from ..symbol import Symbol
from ..symbol.node import Entry, Node, topological_order
from ._convert_check import Difference, largest_difference, outputs, sample_of
from ._model import Model, Sized, run_graph
from ._target import Job, Target


class Layer(NamedTuple):
    """Where a difference begins: the name of the layer and its operator, how large it is there, and what went wrong."""

    title: str
    difference: Difference
    was: Literal["read", "written"]


def first_different(job: Job, target: Target, tolerance: float, looked: Callable[[int], None]) -> Layer | None:
    """Return the first layer whose result differs.

    Parameters
    ----------
    job : Job
        The network.
    target : Target
        What differs.
    tolerance : float
        What counts as different; see `Difference.exceeds`.
    looked : callable
        Is called for each trial with how many are left.
    """
    return _first_read(job.sized, tolerance) or _first_written(job, target, tolerance, looked)


def _first_read(sized: Sized, tolerance: float) -> Layer | None:
    """Return the first layer that was read wrongly: its origin computes something else there than what it became."""
    origin, inputs = sized.model.origin, sample_of(sized)
    if origin is None:
        return None
    try:
        expected = origin.values(inputs)
        names = [name for name in origin.computed if name in expected]
        entries = [entry for name in names for entry in origin.computed[name][1]._entries]
        found = run_graph(_part(sized, Symbol(tuple(entries))), inputs) if names else []
    except MXNetError:  # not every runtime gives out what is in between
        return None
    for name, result in zip(names, found, strict=True):
        apart = largest_difference([result], [expected[name]])
        if apart.exceeds(tolerance):
            return Layer(origin.computed[name][0], apart, "read")
    return None


def _first_written(job: Job, target: Target, tolerance: float, looked: Callable[[int], None]) -> Layer | None:
    """Return the first layer that was written wrongly, by halving: parts up to a layer are written and run."""
    nodes = [node for node in topological_order(job.sized.model.symbol._entries) if not node.is_variable]
    low, high = 0, len(nodes) - 1
    found: Layer | None = None
    while low <= high:
        middle = (low + high) // 2
        looked((high - low).bit_length())
        apart = _up_to(job, target, nodes[: middle + 1])
        if apart is not None and apart.exceeds(tolerance):
            node = nodes[middle]
            operator = "" if node.operator is None else node.operator.name
            found, high = Layer(f"{node.name} ({operator})", apart, "written"), middle - 1
        else:
            low = middle + 1
    return found


def _up_to(job: Job, target: Target, nodes: Sequence[Node]) -> Difference | None:
    """Return the difference of what some layers compute for others; None where the graph of them cannot be written.

    The last layer alone would not do: beside the one that differs there may be layers that do not depend on it.
    """
    read = {entry.node for node in nodes for entry in node.inputs}
    part = _part(job.sized, Symbol(tuple([Entry(node, 0) for node in nodes if node not in read])))
    shapes = {name: shape for name, shape in job.sized.shapes.items() if name in part.symbol.list_inputs()}
    with tempfile.TemporaryDirectory(prefix="glueball-convert-") as folder:
        path = os.path.join(folder, f"part{target.endings[0]}")
        try:
            trial = replace(job, sized=part.sized("convert", shapes))
            target.write(trial, path)
            pairs = [
                pair for found, expected in outputs(trial, target, path) for pair in zip(found, expected, strict=True)
            ]
            return max([largest_difference([one], [other]) for one, other in pairs], key=lambda each: each.part)
        except MXNetError:
            return None


def _part(sized: Sized, symbol: Symbol) -> Model:
    """Return a network that is a part of another one."""
    names = set(symbol.list_inputs()) - set(sized.shapes)
    return replace(sized.model, symbol=symbol, origin=None, arrays={name: sized.arrays[name] for name in names})
