"""MobileNet v1 (Howard et al., arXiv:1704.04861) and v2 (Sandler et al., arXiv:1801.04381)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....core.context import Context
from ....core.doors import door
from ... import nn
from ...core.hybrid_block import HybridBlock
from ..model_store import CPU, ROOT, load_pretrained
from .classifier import Classifier

__all__ = [
    "MobileNet", "MobileNetV2", "get_mobilenet", "get_mobilenet_v2", "mobilenet0_5", "mobilenet0_25", "mobilenet0_75",
    "mobilenet1_0", "mobilenet_v2_0_5", "mobilenet_v2_0_25", "mobilenet_v2_0_75", "mobilenet_v2_1_0",
]  # fmt: skip

#: Output channels and stride of each depthwise separable convolution of v1.
_SEPARABLE = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]

#: The bottlenecks of v2, as in table 2 of its paper: expansion factor, output channels, number of repeats, and the
#: stride of the first.
_BOTTLENECKS = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
                (6, 320, 1, 1)]  # fmt: skip


class RELU6(HybridBlock):
    """ReLU6: clip each value to [0, 6].

    Parameters
    ----------
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.clip(x, 0, 6, name="relu6")


class LinearBottleneck(HybridBlock):
    """The inverted residual of MobileNet v2: expansion, depthwise convolution, linear projection.

    Parameters
    ----------
    in_channels : int
        Number of input channels.
    channels : int
        Number of output channels.
    t : int
        The expansion factor.
    stride : {1, 2}
        The stride of the depthwise convolution. With 1 and equal numbers of channels, the input is added to the output.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, in_channels, H, W); (N, channels, ceil(H / stride), ceil(W / stride)).
    """

    def __init__(self, in_channels: int, channels: int, t: int, stride: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.use_shortcut = stride == 1 and in_channels == channels
        wide = in_channels * t
        with self.name_scope():
            self.out = nn.HybridSequential()
            self.out.add(
                *_convolution(wide), RELU6(), *_convolution(wide, 3, stride, groups=wide), RELU6(),
                *_convolution(channels),
            )  # fmt: skip

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        out = self.out(x)
        return F.elemwise_add(out, x) if self.use_shortcut else out


def _convolution(channels: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> list[Any]:
    convolution = nn.Conv2D(channels, kernel, stride, kernel // 2, groups=groups, use_bias=False)
    return [convolution, nn.BatchNorm()]


class MobileNet(Classifier):
    """MobileNet v1: alternating depthwise and 1 x 1 convolutions (arXiv:1704.04861).

    Parameters
    ----------
    multiplier : float, default 1.0
        A factor on the numbers of channels, rounded down.
    classes : int, default 1000
        Number of classes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Images of shape (N, 3, H, W), made for (224, 224); class scores of shape (N, classes).

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.model_zoo import vision
    >>> net = vision.MobileNet(0.25, classes=10)
    >>> net.initialize()
    >>> net(nd.ones((2, 3, 32, 32))).shape
    (2, 10)
    """

    def __init__(self, multiplier: float = 1.0, classes: int = 1000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="")
            channels = int(32 * multiplier)
            self.features.add(*_convolution(channels, 3, 2), nn.Activation("relu"))
            for after, stride in _SEPARABLE:
                self.features.add(*_convolution(channels, 3, stride, groups=channels), nn.Activation("relu"))
                channels = int(after * multiplier)
                self.features.add(*_convolution(channels), nn.Activation("relu"))
            self.features.add(nn.GlobalAvgPool2D(), nn.Flatten())
            self.output = nn.Dense(classes)


class MobileNetV2(Classifier):
    """MobileNet v2: inverted residuals with linear bottlenecks (arXiv:1801.04381).

    Parameters
    ----------
    multiplier : float, default 1.0
        A factor on the numbers of channels, rounded down; the last 1280 never become fewer.
    classes : int, default 1000
        Number of classes.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    Images of shape (N, 3, H, W), made for (224, 224); class scores of shape (N, classes).

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.model_zoo import vision
    >>> net = vision.MobileNetV2(0.25, classes=10)
    >>> net.initialize()
    >>> net(nd.ones((2, 3, 32, 32))).shape
    (2, 10)
    """

    def __init__(self, multiplier: float = 1.0, classes: int = 1000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.name_scope():
            self.features = nn.HybridSequential(prefix="features_")
            with self.features.name_scope():
                channels = int(32 * multiplier)
                self.features.add(*_convolution(channels, 3, 2), RELU6())
                for wider, after, count, stride in _BOTTLENECKS:
                    for number in range(count):
                        before, channels = channels, int(after * multiplier)
                        self.features.add(LinearBottleneck(before, channels, wider, 1 if number else stride))
                self.features.add(*_convolution(int(1280 * max(multiplier, 1))), RELU6(), nn.GlobalAvgPool2D())
            self.output = nn.HybridSequential(prefix="output_")
            with self.output.name_scope():
                self.output.add(nn.Conv2D(classes, 1, use_bias=False, prefix="pred_"), nn.Flatten())


@door
def get_mobilenet(
    multiplier: float,
    pretrained: bool = False,
    ctx: Context | Sequence[Context] = CPU,
    root: str = ROOT,
    **kwargs: Any,
) -> MobileNet:
    """Create a MobileNet v1 (arXiv:1704.04861).

    Parameters
    ----------
    multiplier : float
        A factor on the numbers of channels; weights were published for 0.25, 0.5, 0.75 and 1.0.
    pretrained : bool, default False
        Load the weights that MXNet published; `model_store.get_model_file` says where they must be.
    ctx : Context or list of Context, default cpu()
        Where to put the weights.
    root : str, default '~/.mxnet/models'
        The directory of the weights.
    **kwargs
        The arguments of `MobileNet`: ``classes``, ``prefix``, ``params``.
    """
    return load_pretrained(MobileNet(multiplier, **kwargs), f"mobilenet{_digits(multiplier)}", pretrained, ctx, root)


@door
def get_mobilenet_v2(
    multiplier: float,
    pretrained: bool = False,
    ctx: Context | Sequence[Context] = CPU,
    root: str = ROOT,
    **kwargs: Any,
) -> MobileNetV2:
    """Create a MobileNet v2 (arXiv:1801.04381).

    Parameters
    ----------
    multiplier : float
        A factor on the numbers of channels; weights were published for 0.25, 0.5, 0.75 and 1.0.
    pretrained : bool, default False
        Load the weights that MXNet published; `model_store.get_model_file` says where they must be.
    ctx : Context or list of Context, default cpu()
        Where to put the weights.
    root : str, default '~/.mxnet/models'
        The directory of the weights.
    **kwargs
        The arguments of `MobileNetV2`: ``classes``, ``prefix``, ``params``.
    """
    name = f"mobilenetv2_{_digits(multiplier)}"
    return load_pretrained(MobileNetV2(multiplier, **kwargs), name, pretrained, ctx, root)


def _digits(multiplier: float) -> str:
    """The multiplier as in file names: 1.0, 0.75."""
    return str(float(multiplier))


@door
def mobilenet1_0(**kwargs: Any) -> MobileNet:
    """Create a MobileNet v1 with full width; the arguments are those of `get_mobilenet`."""
    return get_mobilenet(1.0, **kwargs)


@door
def mobilenet0_75(**kwargs: Any) -> MobileNet:
    """Create a MobileNet v1 with 3/4 of the width; the arguments are those of `get_mobilenet`."""
    return get_mobilenet(0.75, **kwargs)


@door
def mobilenet0_5(**kwargs: Any) -> MobileNet:
    """Create a MobileNet v1 with half the width; the arguments are those of `get_mobilenet`."""
    return get_mobilenet(0.5, **kwargs)


@door
def mobilenet0_25(**kwargs: Any) -> MobileNet:
    """Create a MobileNet v1 with 1/4 of the width; the arguments are those of `get_mobilenet`."""
    return get_mobilenet(0.25, **kwargs)


@door
def mobilenet_v2_1_0(**kwargs: Any) -> MobileNetV2:
    """Create a MobileNet v2 with full width; the arguments are those of `get_mobilenet_v2`."""
    return get_mobilenet_v2(1.0, **kwargs)


@door
def mobilenet_v2_0_75(**kwargs: Any) -> MobileNetV2:
    """Create a MobileNet v2 with 3/4 of the width; the arguments are those of `get_mobilenet_v2`."""
    return get_mobilenet_v2(0.75, **kwargs)


@door
def mobilenet_v2_0_5(**kwargs: Any) -> MobileNetV2:
    """Create a MobileNet v2 with half the width; the arguments are those of `get_mobilenet_v2`."""
    return get_mobilenet_v2(0.5, **kwargs)


@door
def mobilenet_v2_0_25(**kwargs: Any) -> MobileNetV2:
    """Create a MobileNet v2 with 1/4 of the width; the arguments are those of `get_mobilenet_v2`."""
    return get_mobilenet_v2(0.25, **kwargs)
