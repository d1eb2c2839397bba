"""ResNet version 1: a forward pass, and the time to the first result of its graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from benchmarks.workloads.parameters import filled, images, weights
from benchmarks.workloads.workload import NetworkWorkload, Run, Workload, hybridize


@dataclass(frozen=True)
class ResidualForward(NetworkWorkload):
    """A network of basic blocks, by default resnet18_v1, in prediction, outside record()."""

    shape: tuple[int, int, int, int]
    classes: int = 10
    layers: tuple[int, ...] = (2, 2, 2, 2)
    channels: tuple[int, ...] = (64, 64, 128, 256, 512)

    def network(self, mx: Any) -> Any:
        vision = mx.gluon.model_zoo.vision
        net = vision.ResNetV1(vision.BasicBlockV1, list(self.layers), list(self.channels), classes=self.classes)
        return filled(mx, net, self.shape)

    def run(self, mx: Any, net: Any) -> Run:
        data = mx.nd.array(images(self.shape))
        return lambda: [net(data)]

    def torch(self, torch: Any) -> Run:
        net = _torch_network(torch, self.shape[1], self.classes, self.layers, self.channels)
        net.eval().requires_grad_(False)
        arrays = [value for name, value in net.state_dict().items() if not name.endswith("num_batches_tracked")]
        for array, value in zip(arrays, weights([tuple(array.shape) for array in arrays]), strict=True):
            array.copy_(torch.from_numpy(value))
        data = torch.tensor(images(self.shape))
        return lambda: [net(data)]


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


def _torch_network(torch: Any, colors: int, classes: int, layers: tuple[int, ...], channels: tuple[int, ...]) -> Any:
    nn = torch.nn
    block = _torch_block(torch)
    stem = [nn.Conv2d(colors, channels[0], 7, 2, 3, bias=False), nn.BatchNorm2d(channels[0])]
    stem += [nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    blocks = []
    for stage, (count, (before, after)) in enumerate(zip(layers, pairwise(channels), strict=True)):
        blocks.append(block(before, after, 2 if stage else 1))
        blocks += [block(after, after, 1) for _ in range(count - 1)]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels[-1], classes))


def _torch_block(torch: Any) -> Callable[[int, int, int], Any]:
    """The class of the basic blocks, with parts in Gluon's order."""
    nn = torch.nn

    class Block(nn.Module):  # type: ignore[name-defined]
        def __init__(self, before: int, after: int, stride: int) -> None:
            super().__init__()
            self.body = nn.Sequential(
                nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(),
                nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after),
            )  # fmt: skip
            self.shortcut = nn.Identity()
            if before != after:
                self.shortcut = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

        def forward(self, x: Any) -> Any:
            return torch.relu(self.shortcut(x) + self.body(x))

    return Block
