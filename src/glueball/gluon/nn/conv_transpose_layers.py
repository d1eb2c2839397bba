"""Transposed convolution layers, thin faces of the layer in `conv_layers`."""

from __future__ import annotations

from typing import Any

from ...core.arguments import checked
from .conv_layers import _Conv

__all__ = ["Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"]


class _ConvTranspose(_Conv):
    _op_name = "Deconvolution"

    def _glueball_weight_shape(self) -> tuple[int, ...]:
        """(in_channels, channels / groups, *kernel), or channels / groups last in a channels-last layout."""
        return self._glueball_in_layout(self._in_channels, self._channels // self._kwargs["num_group"])


class Conv1DTranspose(_ConvTranspose):
    """1-D transposed convolution; arguments as in `Conv2DTranspose`, with one spatial axis.

    Inputs and outputs
    ------------------
    (N, C, W) to (N, channels, W'); the length as in `Conv2DTranspose`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.Conv1DTranspose(8, 4, strides=2, padding=1)
    >>> layer.initialize()
    >>> layer(nd.ones((2, 4, 10))).shape
    (2, 8, 20)
    """

    _glueball_rank = 1

    @checked
    def __init__(
        self, channels: int, kernel_size: Any, strides: Any = 1, padding: Any = 0, output_padding: Any = 0,
        dilation: Any = 1, groups: int = 1, layout: str = "NCW", activation: str | None = None, use_bias: bool = True,
        weight_initializer: Any = None, bias_initializer: Any = "zeros", in_channels: int = 0, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            channels, kernel_size, strides, padding, dilation, groups, layout, activation, use_bias,
            weight_initializer, bias_initializer, in_channels, output_padding, **kwargs,
        )  # fmt: skip


class Conv2DTranspose(_ConvTranspose):
    """2-D transposed convolution, which upsamples: each pixel is multiplied by the filters and added to the output.

    It is the gradient of `Conv2D` with respect to its input: with the same arguments, it maps the output shape of a
    Conv2D back to its input shape.

    Parameters
    ----------
    channels : int
        Number of output channels.
    kernel_size : int or tuple of 2 ints
        Height and width of the filters.
    strides : int or tuple of 2 ints, default (1, 1)
        The distance in the output between adjacent input pixels.
    padding : int or tuple of 2 ints, default (0, 0)
        Number of rows and columns cropped from each side of the output.
    output_padding : int or tuple of 2 ints, default (0, 0)
        Number of rows and columns added at the bottom and right, less than `strides`.
    dilation : int or tuple of 2 ints, default (1, 1)
        The distance between the points of one filter.
    groups : int, default 1
        The channels are split into this many independent groups.
    layout : {'NCHW', 'NHWC'}
        The order of the axes.
    activation : {None, 'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'}
        Activation function applied to the result.
    use_bias : bool, default True
        Add a learned bias per channel.
    weight_initializer, bias_initializer : Initializer or str
        How they are initialized; by default with the initializer given to ``initialize()``, and zeros.
    in_channels : int, default 0
        Number of input channels; 0 infers it in the first forward pass.
    **kwargs
        ``prefix`` and ``params``, as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (N, C, H, W) to (N, channels, H', W'), where
    n' = (n - 1) strides - 2 padding + dilation (kernel_size - 1) + output_padding + 1.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.Conv2DTranspose(8, kernel_size=4, strides=2, padding=1)
    >>> layer.initialize()
    >>> layer(nd.ones((2, 3, 16, 16))).shape
    (2, 8, 32, 32)

    Differs from MXNet
    ------------------
    As in `Conv2D`.
    """

    _glueball_rank = 2

    @checked
    def __init__(
        self, channels: int, kernel_size: Any, strides: Any = (1, 1), padding: Any = (0, 0),
        output_padding: Any = (0, 0), dilation: Any = (1, 1), groups: int = 1, layout: str = "NCHW",
        activation: str | None = None, use_bias: bool = True, weight_initializer: Any = None,
        bias_initializer: Any = "zeros", in_channels: int = 0, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            channels, kernel_size, strides, padding, dilation, groups, layout, activation, use_bias,
            weight_initializer, bias_initializer, in_channels, output_padding, **kwargs,
        )  # fmt: skip


class Conv3DTranspose(_ConvTranspose):
    """3-D transposed convolution over a volume; arguments as in `Conv2DTranspose`, with three spatial axes.

    Inputs and outputs
    ------------------
    (N, C, D, H, W) to (N, channels, D', H', W'); the lengths as in `Conv2DTranspose`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.Conv3DTranspose(2, kernel_size=2, strides=2)
    >>> layer.initialize()
    >>> layer(nd.ones((1, 3, 4, 5, 6))).shape
    (1, 2, 8, 10, 12)

    Differs from MXNet
    ------------------
    Dilation works on the CPU.
    """

    _glueball_rank = 3

    @checked
    def __init__(
        self, channels: int, kernel_size: Any, strides: Any = (1, 1, 1), padding: Any = (0, 0, 0),
        output_padding: Any = (0, 0, 0), dilation: Any = (1, 1, 1), groups: int = 1, layout: str = "NCDHW",
        activation: str | None = None, use_bias: bool = True, weight_initializer: Any = None,
        bias_initializer: Any = "zeros", in_channels: int = 0, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            channels, kernel_size, strides, padding, dilation, groups, layout, activation, use_bias,
            weight_initializer, bias_initializer, in_channels, output_padding, **kwargs,
        )  # fmt: skip
