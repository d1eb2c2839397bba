"""Batch normalization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads.workload import NetworkWorkload, Run, values

_EPSILON = 1e-5  # Gluon's default


@dataclass(frozen=True)
class BatchNormForward(NetworkWorkload):
    """BatchNorm with its running statistics, as in prediction, outside record()."""

    shape: tuple[int, int, int, int]

    def network(self, mx: Any) -> Any:
        _, *statistics = map(mx.nd.array, self._values())
        layer = mx.gluon.nn.BatchNorm(in_channels=self.shape[1], epsilon=_EPSILON)
        layer.initialize()
        parameters = [layer.gamma, layer.beta, layer.running_mean, layer.running_var]
        for parameter, value in zip(parameters, statistics, strict=True):
            parameter.set_data(value)
        return layer

    def run(self, mx: Any, net: Any) -> Run:
        data = mx.nd.array(self._values()[0])
        return lambda: [net(data)]

    def torch(self, torch: Any) -> Run:
        data, gamma, beta, mean, variance = map(torch.tensor, self._values())
        normalize = torch.nn.functional.batch_norm
        return lambda: [normalize(data, mean, variance, gamma, beta, training=False, eps=_EPSILON)]

    def _values(self) -> list[np.ndarray]:
        channels = (self.shape[1],)
        data, gamma, beta, mean, variance = values(self.shape, *[channels] * 4)
        return [data, gamma, beta, mean, variance + 1.5]
