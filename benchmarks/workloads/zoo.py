"""Networks of the model zoo in prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads import torch_zoo
from benchmarks.workloads.parameters import filled, images, weights
from benchmarks.workloads.portable import PortableWorkload, predicting
from benchmarks.workloads.workload import Run, Workload, hybridize


@dataclass(frozen=True)
class ZooForward(PortableWorkload):
    """A forward pass of a network of the model zoo that `torch_zoo` has too."""

    name: str
    shape: tuple[int, int, int, int]

    def network(self, mx: Any) -> Any:
        return filled(mx, mx.gluon.model_zoo.vision.get_model(self.name), self.shape)

    def data(self) -> np.ndarray:
        return images(self.shape)

    def module(self, torch: Any) -> Any:
        return predicting(torch, torch_zoo.network(torch, self.name, self.shape), weights)


@dataclass(frozen=True)
class ZooGraph(Workload):
    """A forward pass of any network of the model zoo, hybridized."""

    name: str
    shape: tuple[int, int, int, int]
    backends = True

    def graph(self, mx: Any, backend: str | None = None) -> Run:
        net = filled(mx, mx.gluon.model_zoo.vision.get_model(self.name), self.shape)
        hybridize(net, backend)
        data = mx.nd.array(images(self.shape))
        return lambda: [net(data)]
