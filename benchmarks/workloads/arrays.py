"""Small arrays, where call overhead dominates arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.workloads.workload import Run, Workload, values


@dataclass(frozen=True)
class Add(Workload):
    """The sum of two arrays of one shape."""

    shape: tuple[int, ...]

    def gluon(self, mx: Any) -> Run:
        left, right = map(mx.nd.array, values(self.shape, self.shape))
        return lambda: [mx.nd.add(left, right)]

    def torch(self, torch: Any) -> Run:
        left, right = map(torch.tensor, values(self.shape, self.shape))
        return lambda: [torch.add(left, right)]
