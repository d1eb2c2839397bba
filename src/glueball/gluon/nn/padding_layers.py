"""Padding as a layer."""

from __future__ import annotations

from typing import Any

from ...core.errors import MXNetError
from ...core.integers import is_int
from ..core.hybrid_block import HybridBlock
from .arguments import per_axis

__all__ = ["ReflectionPad2D"]


class ReflectionPad2D(HybridBlock):
    """Pad an image by reflection, without repeating the border pixels.

    Parameters
    ----------
    padding : int or tuple of 8 ints, default 0
        Number of pixels on every side; or the numbers before and after each of the four axes of (N, C, H, W), of which
        the first four must be 0.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, C, H, W) to (N, C, H + 2 padding, W + 2 padding); padding must be smaller than H and W.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> nn.ReflectionPad2D(1)(nd.array([[[[1, 2], [3, 4]]]])).asnumpy()[0, 0, 0].tolist()
    [4.0, 3.0, 4.0, 3.0]
    """

    def __init__(self, padding: Any = 0, **kwargs: Any) -> None:
        if is_int(padding):
            padding = (0, 0, 0, 0, padding, padding, padding, padding)
        self._padding = per_axis("ReflectionPad2D", "padding", padding, 8, least=0, error=AssertionError)
        if any(self._padding[:4]):
            raise MXNetError(f"ReflectionPad2D: padding of batch and channels must be 0; received {padding}.")
        super().__init__(**kwargs)

    def hybrid_forward(self, F: Any, x: Any) -> Any:
        return F.pad(x, mode="reflect", pad_width=self._padding)
