"""Conv2D with ReLU, the project's main layer: ``Conv2D(16, 3, padding=1, activation="relu")``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads.workload import NetworkWorkload, Run, values

_FILTERS = 16


@dataclass(frozen=True)
class ConvForward(NetworkWorkload):
    """The output for one batch, outside of record()."""

    shape: tuple[int, int, int, int]

    def network(self, mx: Any) -> Any:
        return _gluon_layer(mx, self.shape)

    def run(self, mx: Any, net: Any) -> Run:
        data = mx.nd.array(_values(self.shape)[0])
        return lambda: [net(data)]

    def torch(self, torch: Any) -> Run:
        data, weight, bias = map(torch.tensor, _values(self.shape))
        return lambda: [torch.relu(torch.conv2d(data, weight, bias, padding=1))]


@dataclass(frozen=True)
class ConvBackward(NetworkWorkload):
    """The output, recorded, and from it the gradients of weight and bias."""

    shape: tuple[int, int, int, int]

    def network(self, mx: Any) -> Any:
        return _gluon_layer(mx, self.shape)

    def run(self, mx: Any, net: Any) -> Run:
        data = mx.nd.array(_values(self.shape)[0])
        gradients = [net.weight.grad(), net.bias.grad()]

        def run() -> list[Any]:
            with mx.autograd.record():
                output = net(data)
            output.backward()
            return [output, *gradients]

        return run

    def torch(self, torch: Any) -> Run:
        data, weight, bias = map(torch.tensor, _values(self.shape))
        weight.requires_grad_()
        bias.requires_grad_()

        def run() -> list[Any]:
            weight.grad = bias.grad = None  # each run overwrites the gradients, as in Gluon
            output = torch.relu(torch.conv2d(data, weight, bias, padding=1))
            output.backward(torch.ones_like(output))
            return [output, weight.grad, bias.grad]

        return run


def _values(shape: tuple[int, int, int, int]) -> list[np.ndarray]:
    return values(shape, (_FILTERS, shape[1], 3, 3), (_FILTERS,))


def _gluon_layer(mx: Any, shape: tuple[int, int, int, int]) -> Any:
    _, weight, bias = map(mx.nd.array, _values(shape))
    layer = mx.gluon.nn.Conv2D(_FILTERS, 3, padding=1, activation="relu", in_channels=shape[1])
    layer.initialize()
    layer.weight.set_data(weight)
    layer.bias.set_data(bias)
    return layer
