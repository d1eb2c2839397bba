"""Networks of the model zoo in prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.workloads.parameters import filled, images
from benchmarks.workloads.workload import NetworkWorkload, Run


@dataclass(frozen=True)
class ZooForward(NetworkWorkload):
    """A forward pass of a network of the model zoo; plain torch has no counterpart."""

    name: str
    shape: tuple[int, int, int, int]

    def network(self, mx: Any) -> Any:
        return filled(mx, mx.gluon.model_zoo.vision.get_model(self.name), self.shape)

    def run(self, mx: Any, net: Any) -> Run:
        data = mx.nd.array(images(self.shape))
        return lambda: [net(data)]
