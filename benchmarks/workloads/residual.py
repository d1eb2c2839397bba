"""ResNet version 1: a forward pass, and the time to the first result of its graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads import torch_zoo
from benchmarks.workloads.parameters import filled, images, weights
from benchmarks.workloads.portable import PortableWorkload, predicting
from benchmarks.workloads.workload import Run, Workload, hybridize


@dataclass(frozen=True)
class ResidualForward(PortableWorkload):
    """A network of basic blocks, by default resnet18_v1, in prediction, outside record()."""

    shape: tuple[int, int, int, int]
    classes: int = 10
    layers: tuple[int, ...] = (2, 2, 2, 2)
    channels: tuple[int, ...] = (64, 64, 128, 256, 512)

    def network(self, mx: Any) -> Any:
        vision = mx.gluon.model_zoo.vision
        net = vision.ResNetV1(vision.BasicBlockV1, list(self.layers), list(self.channels), classes=self.classes)
        return filled(mx, net, self.shape)

    def data(self) -> np.ndarray:
        return images(self.shape)

    def module(self, torch: Any) -> Any:
        block = torch_zoo.basic(torch)
        net = torch_zoo.resnet_v1(torch, self.shape[1], self.classes, self.layers, self.channels, block)
        return predicting(torch, net, weights)


@dataclass(frozen=True)
class FirstGraphCall(Workload):
    """A network of bottlenecks, by default resnet50_v1: hybridize() and the first call after it, which traces it.

    Imperative networks, and PyTorch, have no counterpart.
    """

    shape: tuple[int, int, int, int]
    classes: int = 1000
    layers: tuple[int, ...] = (3, 4, 6, 3)
    channels: tuple[int, ...] = (64, 256, 512, 1024, 2048)

    def graph(self, mx: Any) -> Run:
        vision = mx.gluon.model_zoo.vision
        net = vision.ResNetV1(vision.BottleneckV1, list(self.layers), list(self.channels), classes=self.classes)
        filled(mx, net, self.shape)
        data = mx.nd.array(images(self.shape))

        def run() -> list[Any]:
            hybridize(net)
            return [net(data)]

        return run
