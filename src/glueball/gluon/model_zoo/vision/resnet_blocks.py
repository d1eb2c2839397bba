"""The residual blocks of ResNet: basic and bottleneck, versions 1 and 2."""

from __future__ import annotations

from typing import Any

from ....core.doors import door
from ... import nn
from ...core.hybrid_block import HybridBlock

__all__ = ["BasicBlockV1", "BasicBlockV2", "BottleneckV1", "BottleneckV2", "conv3x3"]


@door
def conv3x3(channels: int, stride: int, in_channels: int) -> nn.Conv2D:
    """Create a 3 x 3 convolution without bias, padded so that only the stride changes the size."""
    return nn.Conv2D(channels, 3, strides=stride, padding=1, use_bias=False, in_channels=in_channels)


def _projection(channels: int, stride: int, in_channels: int) -> nn.Conv2D:
    """Create a 1 x 1 convolution that gives the shortcut the shape of the block's output."""
    return nn.Conv2D(channels, 1, strides=stride, use_bias=False, in_channels=in_channels)


class _BlockV1(HybridBlock):
    """What the blocks of version 1 share: the activation comes after the sum."""

    body: nn.HybridSequential
    downsample: nn.HybridSequential | None

    def _glueball_make_shortcut(self, downsample: bool, channels: int, stride: int, in_channels: int) -> None:
        self.downsample = None
        if downsample:
            self.downsample = nn.HybridSequential(prefix="")
            self.downsample.add(_projection(channels, stride, in_channels), nn.BatchNorm())

    def _glueball_shortcut(self, x: Any) -> Any:
        return x if self.downsample is None else self.downsample(x)


class BasicBlockV1(_BlockV1):
    """Two 3 x 3 convolutions and a shortcut, as in ResNet-18 and 34 (arXiv:1512.03385).

    Parameters
    ----------
    channels : int
        Number of output channels.
    stride : int
        The stride of the first convolution.
    downsample : bool, default False
        Whether the shortcut is a 1 x 1 convolution; required where the shape changes.
    in_channels : int, default 0
        Number of input channels; 0 infers it in the first forward pass.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, in_channels, H, W) to (N, channels, ceil(H / stride), ceil(W / stride)).

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.model_zoo import vision
    >>> block = vision.BasicBlockV1(8, 2, downsample=True)
    >>> block.initialize()
    >>> block(nd.ones((1, 4, 6, 6))).shape
    (1, 8, 3, 3)
    """

    def __init__(
        self, channels: int, stride: int, downsample: bool = False, in_channels: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.body = nn.HybridSequential(prefix="")
        self.body.add(
            conv3x3(channels, stride, in_channels), nn.BatchNorm(), nn.Activation("relu"),
            conv3x3(channels, 1, channels), nn.BatchNorm(),
        )  # fmt: skip
        self._glueball_make_shortcut(downsample, channels, stride, in_channels)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.Activation(self._glueball_shortcut(x) + self.body(x), act_type="relu")


class BottleneckV1(_BlockV1):
    """A 3 x 3 convolution between two of 1 x 1, and a shortcut, as in ResNet-50 and deeper (arXiv:1512.03385).

    Parameters
    ----------
    channels : int
        Number of output channels; the 3 x 3 convolution has a quarter of them.
    stride : int
        The stride of the first convolution.
    downsample : bool, default False
        Whether the shortcut is a 1 x 1 convolution; required where the shape changes.
    in_channels : int, default 0
        Number of input channels of the shortcut; 0 infers it in the first forward pass.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, in_channels, H, W) to (N, channels, ceil(H / stride), ceil(W / stride)).

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.model_zoo import vision
    >>> block = vision.BottleneckV1(8, 2, downsample=True)
    >>> block.initialize()
    >>> block(nd.ones((1, 4, 6, 6))).shape
    (1, 8, 3, 3)
    """

    def __init__(
        self, channels: int, stride: int, downsample: bool = False, in_channels: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        narrow = channels // 4
        self.body = nn.HybridSequential(prefix="")
        self.body.add(
            nn.Conv2D(narrow, kernel_size=1, strides=stride), nn.BatchNorm(), nn.Activation("relu"),
            conv3x3(narrow, 1, narrow), nn.BatchNorm(), nn.Activation("relu"),
            nn.Conv2D(channels, kernel_size=1), nn.BatchNorm(),
        )  # fmt: skip
        self._glueball_make_shortcut(downsample, channels, stride, in_channels)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.Activation(self.body(x) + self._glueball_shortcut(x), act_type="relu")


class BasicBlockV2(HybridBlock):
    """`BasicBlockV1` with normalization and activation before each convolution (arXiv:1603.05027).

    Parameters
    ----------
    channels : int
        Number of output channels.
    stride : int
        The stride of the first convolution.
    downsample : bool, default False
        Whether the shortcut is a 1 x 1 convolution; required where the shape changes.
    in_channels : int, default 0
        Number of input channels; 0 infers it in the first forward pass.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, in_channels, H, W) to (N, channels, ceil(H / stride), ceil(W / stride)).

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.model_zoo import vision
    >>> block = vision.BasicBlockV2(8, 2, downsample=True)
    >>> block.initialize()
    >>> block(nd.ones((1, 4, 6, 6))).shape
    (1, 8, 3, 3)
    """

    def __init__(
        self, channels: int, stride: int, downsample: bool = False, in_channels: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.bn1 = nn.BatchNorm()
        self.conv1 = conv3x3(channels, stride, in_channels)
        self.bn2 = nn.BatchNorm()
        self.conv2 = conv3x3(channels, 1, channels)
        self.downsample = _projection(channels, stride, in_channels) if downsample else None

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        shortcut = x
        x = F.Activation(self.bn1(x), act_type="relu")
        if self.downsample is not None:
            shortcut = self.downsample(x)
        x = self.conv1(x)
        x = self.conv2(F.Activation(self.bn2(x), act_type="relu"))
        return x + shortcut


class BottleneckV2(HybridBlock):
    """`BottleneckV1` with normalization and activation before each convolution (arXiv:1603.05027).

    Parameters
    ----------
    channels : int
        Number of output channels; the 3 x 3 convolution has a quarter of them.
    stride : int
        The stride of the 3 x 3 convolution.
    downsample : bool, default False
        Whether the shortcut is a 1 x 1 convolution; required where the shape changes.
    in_channels : int, default 0
        Number of input channels of the shortcut; 0 infers it in the first forward pass.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, in_channels, H, W) to (N, channels, ceil(H / stride), ceil(W / stride)).

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.model_zoo import vision
    >>> block = vision.BottleneckV2(8, 2, downsample=True)
    >>> block.initialize()
    >>> block(nd.ones((1, 4, 6, 6))).shape
    (1, 8, 3, 3)
    """

    def __init__(
        self, channels: int, stride: int, downsample: bool = False, in_channels: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        narrow = channels // 4
        self.bn1 = nn.BatchNorm()
        self.conv1 = nn.Conv2D(narrow, kernel_size=1, use_bias=False)
        self.bn2 = nn.BatchNorm()
        self.conv2 = conv3x3(narrow, stride, narrow)
        self.bn3 = nn.BatchNorm()
        self.conv3 = nn.Conv2D(channels, kernel_size=1, use_bias=False)
        self.downsample = _projection(channels, stride, in_channels) if downsample else None

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        shortcut = x
        x = F.Activation(self.bn1(x), act_type="relu")
        if self.downsample is not None:
            shortcut = self.downsample(x)
        x = self.conv1(x)
        x = self.conv2(F.Activation(self.bn2(x), act_type="relu"))
        x = self.conv3(F.Activation(self.bn3(x), act_type="relu"))
        return x + shortcut
