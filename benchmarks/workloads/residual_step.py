"""A training step of ResNet version 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads import torch_zoo
from benchmarks.workloads.parameters import filled, images, weights
from benchmarks.workloads.portable import fill
from benchmarks.workloads.workload import NetworkWorkload, Run

_RATE, _MOMENTUM = 0.001, 0.9


@dataclass(frozen=True)
class ResidualStep(NetworkWorkload):
    """Forward, loss, backward and SGD with momentum on a network of bottlenecks, by default resnet50_v1.

    In bfloat16 the weights have copies in float32 in Glueball. MXNet computes in float32 then, since it cannot train in
    bfloat16 on CPUs, and torch updates the weights themselves.
    """

    shape: tuple[int, int, int, int]
    classes: int = 1000
    layers: tuple[int, ...] = (3, 4, 6, 3)
    channels: tuple[int, ...] = (64, 256, 512, 1024, 2048)
    kind: str = "float32"
    trains = True

    @property
    def tolerance(self) -> float:
        """As of all workloads; in bfloat16 torch's own second step differs by 0.066 from that in float32."""
        return super().tolerance if self.kind == "float32" else 0.1

    def network(self, mx: Any) -> Any:
        vision = mx.gluon.model_zoo.vision
        net = vision.ResNetV1(vision.BottleneckV1, list(self.layers), list(self.channels), classes=self.classes)
        net = filled(mx, net, self.shape)
        net.cast(self._kind(mx))
        return net

    def _kind(self, mx: Any) -> str:
        return "float32" if mx.__name__ == "mxnet" else self.kind

    def run(self, mx: Any, net: Any) -> Run:
        loss_function = mx.gluon.loss.SoftmaxCrossEntropyLoss()
        settings = {"learning_rate": _RATE, "momentum": _MOMENTUM, "multi_precision": self.kind != "float32"}
        trainer = mx.gluon.Trainer(net.collect_params(), "sgd", settings)
        data, labels = mx.nd.array(images(self.shape)).astype(self._kind(mx)), mx.nd.array(self._labels())

        def run() -> list[Any]:
            with mx.autograd.record():
                loss = loss_function(net(data), labels)
            loss.backward()
            trainer.step(self.shape[0])
            return [loss.astype("float32")]

        return run

    def torch(self, torch: Any) -> Run:
        data = torch.tensor(images(self.shape)).to(getattr(torch, self.kind))
        net = self._module(torch)
        if self.kind != "float32":  # torch is faster with the channels last there
            data, net = (each.to(memory_format=torch.channels_last) for each in (data, net))
        return self._step(torch, net, data)

    def compiled(self, torch: Any) -> Run:
        torch._dynamo.reset()
        net = self._module(torch).to(memory_format=torch.channels_last)
        data = torch.tensor(images(self.shape)).to(getattr(torch, self.kind), memory_format=torch.channels_last)
        return self._step(torch, torch.compile(net), data)

    def _step(self, torch: Any, net: Any, data: Any) -> Run:
        sgd = torch.optim.SGD(net.parameters(), lr=_RATE, momentum=_MOMENTUM)
        labels = torch.tensor(self._labels()).long()

        def run() -> list[Any]:
            sgd.zero_grad()
            loss = torch.nn.functional.cross_entropy(net(data), labels, reduction="none")
            loss.mean().backward()
            sgd.step()
            return [loss.float()]

        return run

    def _module(self, torch: Any) -> Any:
        block = torch_zoo.bottleneck(torch)
        net = torch_zoo.resnet_v1(torch, self.shape[1], self.classes, self.layers, self.channels, block)
        fill(torch, net, weights)
        return net.to(getattr(torch, self.kind)).train()

    def _labels(self) -> np.ndarray:
        return (np.arange(self.shape[0]) % self.classes).astype("float32")
