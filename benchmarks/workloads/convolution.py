"""Conv2D with ReLU, the project's main layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads.portable import PortableWorkload, predicting
from benchmarks.workloads.workload import NetworkWorkload, Run, values

_FILTERS = 16


@dataclass(frozen=True)
class ConvForward(PortableWorkload):
    """The output for one batch, outside of record(); the image is padded by half of the kernel."""

    shape: tuple[int, int, int, int]
    filters: int = _FILTERS
    kernel: int = 3
    stride: int = 1
    groups: int = 1

    def network(self, mx: Any) -> Any:
        options = {"strides": self.stride, "groups": self.groups, "in_channels": self.shape[1], "activation": "relu"}
        layer = mx.gluon.nn.Conv2D(self.filters, self.kernel, padding=self.kernel // 2, **options)
        return _filled(mx, layer, *self._values()[1:])

    def data(self) -> np.ndarray:
        return self._values()[0]

    def torch(self, torch: Any) -> Run:
        data, weight, bias = map(torch.tensor, self._values())
        options = {"padding": self.kernel // 2, "stride": self.stride, "groups": self.groups}
        return lambda: [torch.relu(torch.conv2d(data, weight, bias, **options))]

    def module(self, torch: Any) -> Any:
        nn = torch.nn
        sizes = (self.shape[1], self.filters, self.kernel, self.stride, self.kernel // 2)
        layer = nn.Sequential(nn.Conv2d(*sizes, groups=self.groups), nn.ReLU())
        return predicting(torch, layer, lambda shapes: self._values()[1:])

    def _values(self) -> list[np.ndarray]:
        weight = (self.filters, self.shape[1] // self.groups, self.kernel, self.kernel)
        return values(self.shape, weight, (self.filters,))


@dataclass(frozen=True)
class ConvBackward(NetworkWorkload):
    """The output of ``Conv2D(16, 3, padding=1, activation="relu")``, and the gradients of weight and bias."""

    shape: tuple[int, int, int, int]
    trains = True

    def network(self, mx: Any) -> Any:
        layer = mx.gluon.nn.Conv2D(_FILTERS, 3, padding=1, activation="relu", in_channels=self.shape[1])
        return _filled(mx, layer, *self._values()[1:])

    def run(self, mx: Any, net: Any) -> Run:
        data = mx.nd.array(self._values()[0])
        gradients = [net.weight.grad(), net.bias.grad()]

        def run() -> list[Any]:
            with mx.autograd.record():
                output = net(data)
            output.backward()
            return [output, *gradients]

        return run

    def torch(self, torch: Any) -> Run:
        data, weight, bias = map(torch.tensor, self._values())
        weight.requires_grad_()
        bias.requires_grad_()

        def run() -> list[Any]:
            weight.grad = bias.grad = None  # each run overwrites the gradients, as in Gluon
            output = torch.relu(torch.conv2d(data, weight, bias, padding=1))
            output.backward(torch.ones_like(output))
            return [output, weight.grad, bias.grad]

        return run

    def _values(self) -> list[np.ndarray]:
        return values(self.shape, (_FILTERS, self.shape[1], 3, 3), (_FILTERS,))


def _filled(mx: Any, layer: Any, weight: np.ndarray, bias: np.ndarray) -> Any:
    layer.initialize()
    layer.weight.set_data(mx.nd.array(weight))
    layer.bias.set_data(mx.nd.array(bias))
    return layer
