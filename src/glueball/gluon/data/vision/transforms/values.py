"""Transforms of the values of pictures: another type, another range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....core.hybrid_block import HybridBlock

__all__ = ["Cast", "Normalize", "ToTensor"]


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
