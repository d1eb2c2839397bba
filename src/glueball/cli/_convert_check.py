"""Holds what was written against the network, and says how large the difference is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from ..core.errors import MXNetError
from ._model import Sized, run_graph
from ._target import Job, Target


class Difference(NamedTuple):
    """The largest difference of a number, and the largest number that was expected; or two shapes that differ."""

    largest: float
    of: float
    shapes: str = ""

    @property
    def part(self) -> float:
        """The difference as a part of the largest expected number; of 1, where all are 0."""
        return self.largest / (self.of or 1.0)

    def exceeds(self, tolerance: float) -> bool:
        """Return whether it is a larger part than this."""
        return not self.part <= tolerance

    def __str__(self) -> str:
        return self.shapes or f"{self.largest:.1e} of {self.of:.3g}"


def difference(job: Job, target: Target, path: str) -> Difference:
    """Run the network and what was written of it on the same inputs, and return by how much the outputs differ.

    Raises
    ------
    MXNetError
        What was written does not run, or its outputs are not as many.
    """
    return max([largest_difference(*each) for each in outputs(job, target, path)], key=lambda each: each.largest)


def outputs(job: Job, target: Target, path: str) -> list[tuple[list[Tensor], list[Tensor]]]:
    """Return what was written computes, and what it should, for one length of the batch or for two of them.

    Raises
    ------
    MXNetError
        As `difference`.
    """
    found = [_outputs(job.sized, target, path)]
    if job.dynamic_batch:
        shapes = {name: (2 * shape[0] + 1, *shape[1:]) for name, shape in job.sized.shapes.items() if shape}
        larger = replace(job.sized.model, origin=None)  # which may be for one length of the batch alone
        found.append(_outputs(larger.sized("convert", shapes), target, path))
    return found


def _outputs(sized: Sized, target: Target, path: str) -> tuple[list[Tensor], list[Tensor]]:
    inputs, origin = sample_of(sized), sized.model.origin
    expected = run_graph(sized.model, inputs) if origin is None else origin.outputs(inputs)
    found = target.outputs(path, inputs)
    if len(found) != len(expected):
        raise MXNetError(f"convert: what was written must have {len(expected)} outputs; received {len(found)}")
    return found, expected


def sample_of(sized: Sized) -> Mapping[str, Tensor]:
    """Return random inputs, without labels."""
    sample = sized.sample()
    return {name: sample[name]._data for name in sized.model.data}


def largest_difference(found: Sequence[Tensor], expected: Sequence[Tensor]) -> Difference:
    """Return the largest difference of several arrays."""
    largest = of = 0.0
    for one, other in zip(found, expected, strict=True):
        if (one.shape or (1,)) != (other.shape or (1,)):  # MXNet has no arrays without axes
            return Difference(float("inf"), 0.0, f"the shape {tuple(one.shape)} in place of {tuple(other.shape)}")
        one, other = one.double(), other.double()
        same = (one == other) | (one.isnan() & other.isnan())
        apart = torch.where(same, 0.0, (one - other).abs()).nan_to_num(nan=float("inf"))
        if apart.numel():
            largest = max(largest, float(apart.max()))
            of = max(of, float(torch.where(other.isfinite(), other.abs(), 0.0).max()))
    return Difference(largest, of)
