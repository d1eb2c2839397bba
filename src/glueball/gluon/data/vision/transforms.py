"""Transforms of images, for ``dataset.transform_first``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from ...containers import HybridSequential, Lambda, Sequential
from ...core.block import Block
from ...core.hybrid_block import HybridBlock

__all__ = ["Cast", "Compose", "Normalize", "RandomFlipLeftRight", "RandomFlipTopBottom", "ToTensor"]


class Compose(Sequential):
    """Transforms that run one after another.

    Parameters
    ----------
    transforms : sequence of Block or callable
        The transforms, in order. Adjacent HybridBlocks are merged into one HybridSequential.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.5, 0.25)])
    >>> transform(nd.zeros((28, 28, 1), dtype="uint8")).shape
    (1, 28, 28)
    """

    def __init__(self, transforms: Sequence[Block | Callable[[Any], Any]]) -> None:
        super().__init__()
        for is_hybrid, group in groupby(transforms, lambda transform: isinstance(transform, HybridBlock)):
            neighbors = list(group)
            if is_hybrid and len(neighbors) > 1:
                together = HybridSequential()
                together.add(*neighbors)
                together.hybridize()
                self.add(together)
            else:
                self.add(*[_as_block(transform) for transform in neighbors])


def _as_block(transform: Block | Callable[[Any], Any]) -> Block:
    return transform if isinstance(transform, Block) else Lambda(transform)


class Cast(HybridBlock):
    """Cast to another dtype.

    Parameters
    ----------
    dtype : str or numpy.dtype, default 'float32'
        One of MXNet's types.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.Cast("float16")(nd.ones((1,))).dtype
    <class 'numpy.float16'>
    """

    def __init__(self, dtype: Any = "float32") -> None:
        super().__init__()
        self._dtype = dtype

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.cast(x, self._dtype)


class ToTensor(HybridBlock):
    """Convert an image with channels last to float32 values from 0 to 1 with channels first.

    An NDArray of shape (height, width, channels), or (batch, height, width, channels), with values from 0 to
    255 becomes one of shape (channels, height, width), or (batch, channels, height, width), divided by 255.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.ToTensor()(nd.full((4, 5, 3), 255, dtype="uint8")).shape
    (3, 4, 5)
    """

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.to_tensor(x)


class Normalize(HybridBlock):
    """Subtract a mean and divide by a standard deviation, per channel.

    The input is as returned by `ToTensor`: (channels, height, width), or a batch of these, with 1 or 3 channels.

    Parameters
    ----------
    mean : float or tuple of float, default 0.0
        One for all channels, or one per channel.
    std : float or tuple of float, default 1.0
        One for all channels, or one per channel.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.Normalize(mean=1.0, std=2.0)(nd.full((1, 1, 2), 5)).asnumpy().tolist()
    [[[2.0, 2.0]]]
    """

    def __init__(self, mean: float | Sequence[float] = 0.0, std: float | Sequence[float] = 1.0) -> None:
        super().__init__()
        self._mean = mean
        self._std = std

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.normalize(x, self._mean, self._std)


class RandomFlipLeftRight(HybridBlock):
    """Exchange left and right of an image with probability 1/2.

    The input is an image with channels last: (height, width, channels). Differs from MXNet: one of an odd length is
    mirrored too, where MXNet returns other pixels.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomFlipLeftRight()(nd.zeros((4, 5, 3), dtype="uint8")).shape
    (4, 5, 3)
    """

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.random_flip_left_right(x)


class RandomFlipTopBottom(HybridBlock):
    """Exchange top and bottom of an image with probability 1/2.

    The input is an image with channels last: (height, width, channels). Differs from MXNet: one of an odd length is
    mirrored too, where MXNet returns other pixels.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.data.vision import transforms
    >>> transforms.RandomFlipTopBottom()(nd.zeros((4, 5, 3), dtype="uint8")).shape
    (4, 5, 3)
    """

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.image.random_flip_top_bottom(x)
