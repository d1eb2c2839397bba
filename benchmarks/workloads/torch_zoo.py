"""Networks of Gluon's model zoo as they are written for PyTorch, with their parts in Gluon's order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

_CLASSES = 1000
_VGG_FILTERS = (64, 128, 256, 512, 512)
_VGG_LAYERS = {"vgg11": (1, 1, 2, 2, 2), "vgg16": (2, 2, 3, 3, 3)}
#: Of MobileNet v2: the factor that widens a block, its channels, its stride.
_INVERTED = [
    (1, 16, 1), (6, 24, 2), (6, 24, 1), (6, 32, 2), (6, 32, 1), (6, 32, 1), (6, 64, 2), (6, 64, 1), (6, 64, 1),
    (6, 64, 1), (6, 96, 1), (6, 96, 1), (6, 96, 1), (6, 160, 2), (6, 160, 1), (6, 160, 1), (6, 320, 1),
]  # fmt: skip


def network(torch: Any, name: str, shape: tuple[int, int, int, int]) -> Any:
    """Return the network of a name, for images of a shape."""
    if name == "resnet50_v1":
        return resnet_v1(torch, shape[1], _CLASSES, (3, 4, 6, 3), (64, 256, 512, 1024, 2048), bottleneck(torch))
    if name.startswith("mobilenetv2_"):
        return _mobilenet_v2(torch, float(name.partition("_")[2]))
    return _vgg(torch, _VGG_LAYERS[name], shape)


def resnet_v1(
    torch: Any,
    colors: int,
    classes: int,
    layers: tuple[int, ...],
    channels: tuple[int, ...],
    block: Callable[[int, int, int], Any],
) -> Any:
    """Return a ResNet version 1 of blocks, of which each is made for channels before and after it, and a stride."""
    nn = torch.nn
    stem = [nn.Conv2d(colors, channels[0], 7, 2, 3, bias=False), nn.BatchNorm2d(channels[0])]
    stem += [nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    blocks = []
    for stage, (count, (before, after)) in enumerate(zip(layers, pairwise(channels), strict=True)):
        blocks.append(block(before, after, 2 if stage else 1))
        blocks += [block(after, after, 1) for _ in range(count - 1)]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels[-1], classes))


def basic(torch: Any) -> Callable[[int, int, int], Any]:
    """Return a function that makes the blocks of ResNet-18 and 34."""
    nn, residual = torch.nn, _residual(torch)

    def block(before: int, after: int, stride: int) -> Any:
        body = [nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        body += [nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after)]
        return residual(body, before, after, stride)

    return block


def bottleneck(torch: Any) -> Callable[[int, int, int], Any]:
    """Return a function that makes the blocks of ResNet-50 and deeper ones; Gluon's outer layers have a bias."""
    nn, residual = torch.nn, _residual(torch)

    def block(before: int, after: int, stride: int) -> Any:
        narrow = after // 4
        body = [nn.Conv2d(before, narrow, 1, stride), nn.BatchNorm2d(narrow), nn.ReLU()]
        body += [nn.Conv2d(narrow, narrow, 3, 1, 1, bias=False), nn.BatchNorm2d(narrow), nn.ReLU()]
        body += [nn.Conv2d(narrow, after, 1), nn.BatchNorm2d(after)]
        return residual(body, before, after, stride)

    return block


def _residual(torch: Any) -> Callable[[list[Any], int, int, int], Any]:
    nn = torch.nn

    class Block(nn.Module):  # type: ignore[name-defined]
        def __init__(self, body: list[Any], before: int, after: int, stride: int) -> None:
            super().__init__()
            self.body = nn.Sequential(*body)
            self.shortcut = nn.Identity()
            if before != after:
                self.shortcut = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

        def forward(self, x: Any) -> Any:
            return torch.relu(self.shortcut(x) + self.body(x))

    return Block


def _mobilenet_v2(torch: Any, multiplier: float) -> Any:
    nn = torch.nn

    def convolution(before: int, after: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> list[Any]:
        layer = nn.Conv2d(before, after, kernel, stride, kernel // 2, groups=groups, bias=False)
        return [layer, nn.BatchNorm2d(after)]

    class Inverted(nn.Module):  # type: ignore[name-defined]
        def __init__(self, before: int, after: int, factor: int, stride: int) -> None:
            super().__init__()
            wide = before * factor
            body = [*convolution(before, wide), nn.ReLU6()]
            body += [*convolution(wide, wide, 3, stride, wide), nn.ReLU6(), *convolution(wide, after)]
            self.body = nn.Sequential(*body)
            self.adds = stride == 1 and before == after

        def forward(self, x: Any) -> Any:
            return x + self.body(x) if self.adds else self.body(x)

    width = int(32 * multiplier)
    parts = [*convolution(3, width, 3, 2), nn.ReLU6()]
    for factor, channels, stride in _INVERTED:
        parts.append(Inverted(width, int(channels * multiplier), factor, stride))
        width = int(channels * multiplier)
    last = int(1280 * multiplier) if multiplier > 1 else 1280
    parts += [*convolution(width, last), nn.ReLU6(), nn.AdaptiveAvgPool2d(1)]
    return nn.Sequential(*parts, nn.Conv2d(last, _CLASSES, 1, bias=False), nn.Flatten())


def _vgg(torch: Any, layers: tuple[int, ...], shape: tuple[int, int, int, int]) -> Any:
    nn = torch.nn
    _, before, height, width = shape
    parts = []
    for count, filters in zip(layers, _VGG_FILTERS, strict=True):
        for _ in range(count):
            parts += [nn.Conv2d(before, filters, 3, padding=1), nn.ReLU()]
            before = filters
        parts.append(nn.MaxPool2d(2))
    pixels = (height >> len(layers)) * (width >> len(layers))
    dense = [nn.Flatten(), nn.Linear(before * pixels, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU()]
    return nn.Sequential(*parts, *dense, nn.Dropout(), nn.Linear(4096, _CLASSES))
