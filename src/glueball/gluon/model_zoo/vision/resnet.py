"""ResNet v1 (He et al., arXiv:1512.03385) and v2 (He et al., arXiv:1603.05027)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ....core.context import Context
from ....core.doors import door
from ....core.errors import RefusedError
from ... import nn
from ...core.hybrid_block import HybridBlock
from ..model_store import CPU, ROOT, load_pretrained
from .classifier import Classifier, check_choice
from .resnet_blocks import BasicBlockV1, BasicBlockV2, BottleneckV1, BottleneckV2, conv3x3

__all__ = [
    "BasicBlockV1", "BasicBlockV2", "BottleneckV1", "BottleneckV2", "ResNetV1", "ResNetV2", "get_resnet",
    "resnet18_v1", "resnet18_v2", "resnet34_v1", "resnet34_v2", "resnet50_v1", "resnet50_v2", "resnet101_v1",
    "resnet101_v2", "resnet152_v1", "resnet152_v2",
]  # fmt: skip

# Programs with networks of their own import it under MXNet's name, as gluonfr does.
_conv3x3 = conv3x3

_Block = Callable[..., HybridBlock]

#: By depth: whether the blocks are bottlenecks, and their number in each of the four stages.
_DEPTHS = {
    18: (False, [2, 2, 2, 2]),
    34: (False, [3, 4, 6, 3]),
    50: (True, [3, 4, 6, 3]),
    101: (True, [3, 4, 23, 3]),
    152: (True, [3, 8, 36, 3]),
}
_CHANNELS = {False: [64, 64, 128, 256, 512], True: [64, 256, 512, 1024, 2048]}


class ResNetV1(Classifier):
    """A residual network, version 1: the activation follows the sum with the shortcut (arXiv:1512.03385).

    Parameters
    ----------
    block : class
        The class of the blocks: `BasicBlockV1`, `BottleneckV1`, or one that takes the same arguments.
    layers : list of int
        Number of blocks per stage. From the second stage on, the first block halves height and width.
    channels : list of int
        Number of output channels of the first convolution, and of each stage: one number more than `layers`.
    classes : int, default 1000
        Number of classes.
    thumbnail : bool, default False
        For images of about 32 x 32 pixels: one 3 x 3 convolution in place of the first layers, which downsample by 4.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Images of shape (N, 3, H, W), made for (224, 224); class scores of shape (N, classes).

    Raises
    ------
    MXNetError
        `channels` does not have one element more than `layers`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.model_zoo import vision
    >>> net = vision.ResNetV1(vision.BasicBlockV1, [1, 1], [8, 8, 16], classes=10, thumbnail=True)
    >>> net.initialize()
    >>> net(nd.ones((2, 3, 32, 32))).shape
    (2, 10)
    """

    def __init__(
        self, block: _Block, layers: Sequence[int], channels: Sequence[int], classes: int = 1000,
        thumbnail: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        _check_stages("ResNetV1", layers, channels)
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            self.features.add(*_stem(channels[0], thumbnail), *_stages(block, layers, channels), nn.GlobalAvgPool2D())
            self.output = nn.Dense(classes, in_units=channels[-1])


class ResNetV2(Classifier):
    """A residual network, version 2: normalization and activation come before each convolution (arXiv:1603.05027).

    Parameters
    ----------
    block : class
        The class of the blocks: `BasicBlockV2`, `BottleneckV2`, or one that takes the same arguments.
    layers : list of int
        Number of blocks per stage. From the second stage on, the first block halves height and width.
    channels : list of int
        Number of output channels of the first convolution, and of each stage: one number more than `layers`.
    classes : int, default 1000
        Number of classes.
    thumbnail : bool, default False
        For images of about 32 x 32 pixels: one 3 x 3 convolution in place of the first layers, which downsample by 4.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Images of shape (N, 3, H, W), made for (224, 224); class scores of shape (N, classes). The network normalizes its
    input.

    Raises
    ------
    MXNetError
        `channels` does not have one element more than `layers`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.model_zoo import vision
    >>> net = vision.ResNetV2(vision.BasicBlockV2, [1, 1], [8, 8, 16], classes=10, thumbnail=True)
    >>> net.initialize()
    >>> net(nd.ones((2, 3, 32, 32))).shape
    (2, 10)
    """

    def __init__(
        self, block: _Block, layers: Sequence[int], channels: Sequence[int], classes: int = 1000,
        thumbnail: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        _check_stages("ResNetV2", layers, channels)
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            self.features.add(
                nn.BatchNorm(scale=False, center=False), *_stem(channels[0], thumbnail),
                *_stages(block, layers, channels),
                nn.BatchNorm(), nn.Activation("relu"), nn.GlobalAvgPool2D(), nn.Flatten(),
            )  # fmt: skip
            self.output = nn.Dense(classes, in_units=channels[-1])


def _check_stages(owner: str, layers: Sequence[int], channels: Sequence[int]) -> None:
    if len(channels) != len(layers) + 1:
        raise RefusedError(
            f"{owner}: channels must have one element more than layers, for the first convolution and each stage; "
            f"received {channels!r} and {layers!r}"
        )


def _stem(channels: int, thumbnail: bool) -> list[HybridBlock]:
    """Create the layers before the first stage."""
    if thumbnail:
        return [conv3x3(channels, 1, 0)]
    return [
        nn.Conv2D(channels, 7, 2, 3, use_bias=False), nn.BatchNorm(), nn.Activation("relu"), nn.MaxPool2D(3, 2, 1),
    ]  # fmt: skip


def _stages(block: _Block, layers: Sequence[int], channels: Sequence[int]) -> list[HybridBlock]:
    return [
        _stage(number + 1, block, count, channels[number], channels[number + 1], 2 if number else 1)
        for number, count in enumerate(layers)
    ]


def _stage(number: int, block: _Block, count: int, before: int, channels: int, stride: int) -> nn.HybridSequential:
    stage = nn.HybridSequential(prefix=f"stage{number}_")
    with stage.name_scope():
        stage.add(block(channels, stride, channels != before, in_channels=before, prefix=""))
        for _ in range(count - 1):
            stage.add(block(channels, 1, False, in_channels=channels, prefix=""))
    return stage


@door
def get_resnet(
    version: int,
    num_layers: int,
    pretrained: bool = False,
    ctx: Context | Sequence[Context] = CPU,
    root: str = ROOT,
    **kwargs: Any,
) -> ResNetV1 | ResNetV2:
    """Create a residual network by version and depth.

    Parameters
    ----------
    version : {1, 2}
        1 is arXiv:1512.03385, 2 is arXiv:1603.05027.
    num_layers : {18, 34, 50, 101, 152}
        Number of layers with weights.
    pretrained : bool, default False
        Load the weights that MXNet published; `model_store.get_model_file` says where they must be.
    ctx : Context or list of Context, default cpu()
        Where to put the weights.
    root : str, default '~/.mxnet/models'
        The directory of the weights.
    **kwargs
        The arguments of `ResNetV1` and `ResNetV2`: ``classes``, ``thumbnail``, ``prefix``, ``params``.

    Raises
    ------
    MXNetError
        The version or depth is unknown.

    Examples
    --------
    >>> from glueball.gluon.model_zoo import vision
    >>> vision.get_resnet(1, 50, classes=10).output
    Dense(2048 -> 10, linear)
    """
    check_choice("get_resnet", "num_layers", num_layers, _DEPTHS)
    check_choice("get_resnet", "version", version, (1, 2))
    bottleneck, layers = _DEPTHS[num_layers]
    channels = _CHANNELS[bottleneck]
    network: ResNetV1 | ResNetV2
    if version == 1:
        network = ResNetV1(BottleneckV1 if bottleneck else BasicBlockV1, layers, channels, **kwargs)
    else:
        network = ResNetV2(BottleneckV2 if bottleneck else BasicBlockV2, layers, channels, **kwargs)
    return load_pretrained(network, f"resnet{num_layers}_v{version}", pretrained, ctx, root)


@door
def resnet18_v1(**kwargs: Any) -> ResNetV1 | ResNetV2:
    """Create a ResNet-18, version 1; the arguments are those of `get_resnet`."""
    return get_resnet(1, 18, **kwargs)


@door
def resnet34_v1(**kwargs: Any) -> ResNetV1 | ResNetV2:
    """Create a ResNet-34, version 1; the arguments are those of `get_resnet`."""
    return get_resnet(1, 34, **kwargs)


@door
def resnet50_v1(**kwargs: Any) -> ResNetV1 | ResNetV2:
    """Create a ResNet-50, version 1; the arguments are those of `get_resnet`."""
    return get_resnet(1, 50, **kwargs)


@door
def resnet101_v1(**kwargs: Any) -> ResNetV1 | ResNetV2:
    """Create a ResNet-101, version 1; the arguments are those of `get_resnet`."""
    return get_resnet(1, 101, **kwargs)


@door
def resnet152_v1(**kwargs: Any) -> ResNetV1 | ResNetV2:
    """Create a ResNet-152, version 1; the arguments are those of `get_resnet`."""
    return get_resnet(1, 152, **kwargs)


@door
def resnet18_v2(**kwargs: Any) -> ResNetV1 | ResNetV2:
    """Create a ResNet-18, version 2; the arguments are those of `get_resnet`."""
    return get_resnet(2, 18, **kwargs)


@door
def resnet34_v2(**kwargs: Any) -> ResNetV1 | ResNetV2:
    """Create a ResNet-34, version 2; the arguments are those of `get_resnet`."""
    return get_resnet(2, 34, **kwargs)


@door
def resnet50_v2(**kwargs: Any) -> ResNetV1 | ResNetV2:
    """Create a ResNet-50, version 2; the arguments are those of `get_resnet`."""
    return get_resnet(2, 50, **kwargs)


@door
def resnet101_v2(**kwargs: Any) -> ResNetV1 | ResNetV2:
    """Create a ResNet-101, version 2; the arguments are those of `get_resnet`."""
    return get_resnet(2, 101, **kwargs)


@door
def resnet152_v2(**kwargs: Any) -> ResNetV1 | ResNetV2:
    """Create a ResNet-152, version 2; the arguments are those of `get_resnet`."""
    return get_resnet(2, 152, **kwargs)
