"""Pixel shuffle: upsampling that moves channels into space, as in super-resolution networks."""

from __future__ import annotations

import math
from typing import Any

from ...core.hybrid_block import HybridBlock
from ...nn.arguments import per_axis

__all__ = ["PixelShuffle1D", "PixelShuffle2D", "PixelShuffle3D"]


class _PixelShuffle(HybridBlock):
    """What the three classes share: the factor of each axis."""

    _axes: int

    def __init__(self, factor: int | tuple[int, ...]) -> None:
        super().__init__()
        self._factors = per_axis(type(self).__name__, "factor", factor, self._axes)

    def _split_channels(self, F: Any, x: Any) -> Any:
        return F.reshape(x, (0, -4, -1, math.prod(self._factors), *[0] * self._axes))

    def __repr__(self) -> str:
        factor = self._factors[0] if self._axes == 1 else self._factors
        return f"{type(self).__name__}({factor})"


class PixelShuffle1D(_PixelShuffle):
    """Upsample one axis by a factor, with values from that many channels.

    Parameters
    ----------
    factor : int
        The upsampling factor.

    Inputs and outputs
    ------------------
    ``(N, f * C, W)`` gives ``(N, C, f * W)``.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.contrib.nn import PixelShuffle1D
    >>> PixelShuffle1D(2)(nd.array([[[0, 2, 4], [1, 3, 5]]])).asnumpy().tolist()
    [[[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]]]
    """

    _axes = 1

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        x = F.transpose(self._split_channels(F, x), (0, 1, 3, 2))
        return F.reshape(x, (0, 0, -3))


class PixelShuffle2D(_PixelShuffle):
    """Upsample images by a factor per axis, with values from that many channels.

    Parameters
    ----------
    factor : int or tuple of 2 int
        The upsampling factors of height and width.

    Inputs and outputs
    ------------------
    ``(N, f1 * f2 * C, H, W)`` gives ``(N, C, f1 * H, f2 * W)``.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.contrib.nn import PixelShuffle2D
    >>> PixelShuffle2D((2, 3))(nd.zeros((1, 12, 3, 5))).shape
    (1, 2, 6, 15)
    """

    _axes = 2

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        x = F.reshape(self._split_channels(F, x), (0, 0, -4, *self._factors, 0, 0))
        x = F.transpose(x, (0, 1, 4, 2, 5, 3))
        return F.reshape(x, (0, 0, -3, -3))


class PixelShuffle3D(_PixelShuffle):
    """Upsample volumes by a factor per axis, with values from that many channels.

    Parameters
    ----------
    factor : int or tuple of 3 int
        The upsampling factors of depth, height and width.

    Inputs and outputs
    ------------------
    ``(N, f1 * f2 * f3 * C, D, H, W)`` gives ``(N, C, f1 * D, f2 * H, f3 * W)``.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.contrib.nn import PixelShuffle3D
    >>> PixelShuffle3D((2, 3, 4))(nd.zeros((1, 48, 3, 5, 7))).shape
    (1, 2, 6, 15, 28)
    """

    _axes = 3

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        first, *others = self._factors
        x = F.swapaxes(self._split_channels(F, x), 2, 3)
        x = F.reshape(x, (0, 0, 0, -4, first, math.prod(others), 0, 0))
        x = F.reshape(x, (0, 0, -3, 0, 0, 0))
        x = F.swapaxes(x, 3, 4)
        x = F.reshape(x, (0, 0, 0, 0, -4, *others, 0))
        x = F.reshape(x, (0, 0, 0, -3, 0, 0))
        x = F.swapaxes(x, 4, 5)
        return F.reshape(x, (0, 0, 0, 0, -3))
