"""Transposed convolution layers, thin faces of the layer in `conv_layers`."""

from __future__ import annotations

from typing import Any

from .conv_layers import _Conv

__all__ = ["Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"]


class _ConvTranspose(_Conv):
    _op_name = "Deconvolution"

    def _weight_shape(self) -> tuple[int, ...]:
        """(in_channels, channels / groups, *kernel), where the layout has the channels last at the end."""
        return self._in_layout(self._in_channels, self._channels // self._kwargs["num_group"])


class Conv1DTranspose(_ConvTranspose):
    """Transposed convolution over a row; the arguments are those of `Conv2DTranspose`, with one spatial axis.

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

    _rank = 1

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
    """Transposed convolution: each pixel is spread over its surroundings, which makes an image larger.

    It is the gradient of `Conv2D` with respect to its input: with the same arguments, it maps the shape of the output
    of a Conv2D back to that of its input.

    Parameters
    ----------
    channels : int
        How many channels come out.
    kernel_size : int or tuple of 2 ints
        Height and width of the filters.
    strides : int or tuple of 2 ints, default (1, 1)
        The distance in the output between the places of neighbouring pixels of the input.
    padding : int or tuple of 2 ints, default (0, 0)
        How many rows and columns of the output are cut off on either side.
    output_padding : int or tuple of 2 ints, default (0, 0)
        How many rows and columns are added at the lower and right end, less than `strides`.
    dilation : int or tuple of 2 ints, default (1, 1)
        The distance between the points of one filter.
    groups : int, default 1
        The channels are split into this many groups that do not see each other.
    layout : {'NCHW', 'NHWC'}
        The order of the axes.
    activation : {None, 'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'}
        What is applied to the result.
    use_bias : bool, default True
        Add a learned number per channel.
    weight_initializer, bias_initializer : Initializer or str
        How they begin; default what ``initialize()`` is given, and zeros.
    in_channels : int, default 0
        How many channels come in; 0 finds it out at the first forward pass.
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
    As `Conv2D` does.
    """

    _rank = 2

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
    """Transposed convolution over a volume; the arguments are those of `Conv2DTranspose`, with three spatial axes.

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

    _rank = 3

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
