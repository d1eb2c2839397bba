"""Holds what was written against the network, and finds the layer where a difference begins."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ..symbol import Symbol
from ..symbol.node import Entry, Node, topological_order
from ._model import Sized, run_graph
from ._target import Job, Target


class Difference(NamedTuple):
    """The largest difference of a number, and the largest number that was expected."""

    largest: float
    of: float

    def exceeds(self, tolerance: float) -> bool:
        """Return whether it is larger than this part of the largest expected number; of 1, where all are 0."""
        return not self.largest <= tolerance * (self.of or 1.0)

    def __str__(self) -> str:
        return f"{self.largest:.1e} of {self.of:.3g}"


def difference(job: Job, target: Target, path: str) -> Difference:
    """Run the network and what was written of it on the same inputs.

    Raises
    ------
    MXNetError
        The outputs are not as many, or not of the same shapes.
    """
    found = _difference(job.sized, target, path)
    if job.dynamic_batch:
        shapes = {name: (2 * shape[0] + 1, *shape[1:]) for name, shape in job.sized.shapes.items() if shape}
        larger = replace(job.sized.model, origin=None)  # which may be for one length of the batch alone
        other = _difference(larger.sized("convert", shapes), target, path)
        found = max(found, other, key=lambda each: each.largest)
    return found


def _difference(sized: Sized, target: Target, path: str) -> Difference:
    sample = sized.sample()
    inputs = {name: sample[name]._data for name in sized.model.data}
    expected = run_graph(sized.model, inputs) if sized.model.origin is None else sized.model.origin(inputs)
    found = target.outputs(path, inputs)
    shapes, others = ([tuple(each.shape) for each in tensors] for tensors in (expected, found))
    if shapes != others:
        raise MXNetError(f"convert: what was written must have outputs of the shapes {shapes}; received {others}")
    return _largest(found, expected)


def _largest(found: list[Tensor], expected: list[Tensor]) -> Difference:
    largest = of = 0.0
    for one, other in zip(found, expected, strict=True):
        one, other = one.double(), other.double()
        same = (one == other) | (one.isnan() & other.isnan())
        apart = torch.where(same, 0.0, (one - other).abs()).nan_to_num(nan=float("inf"))
        if apart.numel():
            largest = max(largest, float(apart.max()))
            of = max(of, float(torch.where(other.isfinite(), other.abs(), 0.0).max()))
    return Difference(largest, of)


def first_different(
    job: Job, target: Target, tolerance: float, looked: Callable[[int], None]
) -> tuple[Node, Difference] | None:
    """Return the first layer whose result differs, by halving the graph: it is written up to a layer again and again.

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
    nodes = [node for node in topological_order(job.sized.model.symbol._entries) if not node.is_variable]
    low, high = 0, len(nodes) - 1
    found: tuple[Node, Difference] | None = None
    while low <= high:
        middle = (low + high) // 2
        looked((high - low).bit_length())
        apart = _up_to(job, target, nodes[middle])
        if apart is not None and apart.exceeds(tolerance):
            found, high = (nodes[middle], apart), middle - 1
        else:
            low = middle + 1
    return found


def _up_to(job: Job, target: Target, node: Node) -> Difference | None:
    """Return the difference of the first output of a node; None where the graph up to it cannot be written."""
    model = job.sized.model
    symbol = Symbol((Entry(node, 0),))
    names = set(symbol.list_inputs())
    shapes = {name: shape for name, shape in job.sized.shapes.items() if name in names}
    part = replace(
        model, symbol=symbol, origin=None, arrays={name: job.sized.arrays[name] for name in names - set(shapes)}
    )
    with tempfile.TemporaryDirectory(prefix="glueball-convert-") as folder:
        path = os.path.join(folder, f"part{target.endings[0]}")
        try:
            trial = replace(job, sized=part.sized("convert", shapes))
            target.write(trial, path)
            return difference(trial, target, path)
        except MXNetError:
            return None
