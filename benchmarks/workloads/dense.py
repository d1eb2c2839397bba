"""A small network, where call overhead dominates arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.workloads.workload import NetworkWorkload, Run, values


@dataclass(frozen=True)
class DenseForward(NetworkWorkload):
    """Dense layers with ReLU between them, outside of record(); `widths` begins with that of the data."""

    batch: int
    widths: tuple[int, ...]

    def network(self, mx: Any) -> Any:
        nn = mx.gluon.nn
        net = nn.HybridSequential()
        last = len(self.widths) - 2
        for number, (before, after) in enumerate(pairwise(self.widths)):
            net.add(nn.Dense(after, in_units=before, activation=None if number == last else "relu"))
        net.initialize()
        parameters = [parameter for layer in net for parameter in (layer.weight, layer.bias)]
        for parameter, value in zip(parameters, self._weights(), strict=True):
            parameter.set_data(mx.nd.array(value))
        return net

    def run(self, mx: Any, net: Any) -> Run:
        data = mx.nd.array(self._data())
        return lambda: [net(data)]

    def torch(self, torch: Any) -> Run:
        nn = torch.nn
        linear = [nn.Linear(before, after) for before, after in pairwise(self.widths)]
        net = nn.Sequential(*[module for layer in linear for module in (layer, nn.ReLU())][:-1])
        net.requires_grad_(False)
        for parameter, value in zip(net.parameters(), self._weights(), strict=True):
            parameter.copy_(torch.from_numpy(value))
        data = torch.tensor(self._data())
        return lambda: [net(data)]

    def _weights(self) -> list[np.ndarray]:
        return values(*[shape for before, after in pairwise(self.widths) for shape in ((after, before), (after,))])

    def _data(self) -> np.ndarray:
        (data,) = values((self.batch, self.widths[0]), seed=1)
        return data
