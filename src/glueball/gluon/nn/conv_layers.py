"""Convolution layers: one N-dimensional layer has all the logic; Conv1D, Conv2D and Conv3D are its faces."""

from __future__ import annotations

from typing import Any, ClassVar

from ...core.arguments import checked
from ...core.errors import MXNetError
from ..core.hybrid_block import HybridBlock
from .activations import Activation
from .arguments import activation_of, at_least, layout_of, lengths, per_axis
from .pooling_layers import _Pooling  # noqa: F401  (MXNet has it here)

__all__ = ["Conv1D", "Conv2D", "Conv3D"]

_LAYOUTS = {1: ("NCW",), 2: ("NCHW", "NHWC"), 3: ("NCDHW", "NDHWC")}


class _Conv(HybridBlock):
    """Convolution along `_rank` spatial axes; with another operator, transposed convolution."""

    _glueball_rank: ClassVar[int]
    _op_name = "Convolution"

    def __init__(
        self, channels: int, kernel_size: Any, strides: Any, padding: Any, dilation: Any, groups: int, layout: str,
        activation: str | None, use_bias: bool, weight_initializer: Any, bias_initializer: Any, in_channels: int,
        output_padding: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        owner, rank = type(self).__name__, self._glueball_rank
        # The attributes of the operator, checked and normalized once.
        self._kwargs: dict[str, Any] = {
            "kernel": per_axis(owner, "kernel_size", kernel_size, rank, error=AssertionError),
            "stride": per_axis(owner, "strides", strides, rank),
            "dilate": per_axis(owner, "dilation", dilation, rank),
            "pad": per_axis(owner, "padding", padding, rank, least=0),
            "num_filter": at_least(owner, "channels", channels, 1),
            "num_group": at_least(owner, "groups", groups, 1),
            "no_bias": not use_bias,
            "layout": layout_of(owner, layout, _LAYOUTS[rank]),
        }
        if output_padding is not None:
            self._kwargs["adj"] = self._glueball_check_output_padding(output_padding)
        self._channels = self._kwargs["num_filter"]
        # MXNet also accepts -1 for an unknown number.
        self._in_channels = max(at_least(owner, "in_channels", in_channels, -1), 0)
        if self._channels % groups or self._in_channels % groups:
            raise MXNetError(
                f"{owner}: groups must divide channels {channels} and in_channels {in_channels}; received {groups}."
            )
        super().__init__(**kwargs)
        with self.name_scope():
            self.weight = self.params.get(
                "weight", shape=self._glueball_weight_shape(), init=weight_initializer, allow_deferred_init=True
            )
            self.bias = self.act = None
            if use_bias:
                self.bias = self.params.get("bias", shape=(channels,), init=bias_initializer, allow_deferred_init=True)
            if activation is not None:
                self.act = Activation(activation_of(owner, activation), prefix=f"{activation}_")

    def _alias(self) -> str:
        return "conv"

    def _glueball_check_output_padding(self, output_padding: Any) -> tuple[int, ...]:
        owner, strides = type(self).__name__, self._kwargs["stride"]
        adj = per_axis(owner, "output_padding", output_padding, self._glueball_rank, least=0, error=AssertionError)
        if any(more >= step for more, step in zip(adj, strides, strict=True)):
            raise MXNetError(f"{owner}: output_padding must be smaller than strides {strides}; received {adj}.")
        return adj

    def _glueball_weight_shape(self) -> tuple[int, ...]:
        """(channels, in_channels / groups, *kernel), or in_channels / groups last in a channels-last layout."""
        return self._glueball_in_layout(self._channels, self._in_channels // self._kwargs["num_group"])

    def _glueball_in_layout(self, first: int, second: int) -> tuple[int, ...]:
        kernel = self._kwargs["kernel"]
        return (first, *kernel, second) if self._kwargs["layout"][-1] == "C" else (first, second, *kernel)

    def hybrid_forward(self, F: Any, x: Any, weight: Any, bias: Any = None) -> Any:
        out = getattr(F, self._op_name)(x, weight, bias, name="fwd", **self._kwargs)
        return out if self.act is None else self.act(out)

    def __repr__(self) -> str:
        kwargs, ones = self._kwargs, (1,) * self._glueball_rank
        shape = lengths(self.weight)
        second = shape[-1 if kwargs["layout"][-1] == "C" else 1]
        parts = [f"{second or None} -> {shape[0]}", f"kernel_size={kwargs['kernel']}", f"stride={kwargs['stride']}"]
        if any(kwargs["pad"]):
            parts.append(f"padding={kwargs['pad']}")
        if kwargs["dilate"] != ones:
            parts.append(f"dilation={kwargs['dilate']}")
        if kwargs["num_group"] != 1:
            parts.append(f"groups={kwargs['num_group']}")
        if self.bias is None:
            parts.append("bias=False")
        if self.act is not None:
            parts.append(repr(self.act))
        return f"{type(self).__name__}({', '.join(parts)})"


class Conv1D(_Conv):
    """1-D convolution, such as over a time series; arguments as in `Conv2D`, with one spatial axis.

    Inputs and outputs
    ------------------
    (N, C, W) to (N, channels, W'); the length as in `Conv2D`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.Conv1D(8, 3, padding=1)
    >>> layer.initialize()
    >>> layer(nd.ones((2, 4, 10))).shape
    (2, 8, 10)
    """

    _glueball_rank = 1

    @checked
    def __init__(
        self, channels: int, kernel_size: Any, strides: Any = 1, padding: Any = 0,
        dilation: Any = 1, groups: int = 1, layout: str = "NCW", activation: str | None = None,
        use_bias: bool = True, weight_initializer: Any = None, bias_initializer: Any = "zeros", in_channels: int = 0,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            channels, kernel_size, strides, padding, dilation, groups, layout, activation, use_bias,
            weight_initializer, bias_initializer, in_channels, **kwargs,
        )  # fmt: skip


class Conv2D(_Conv):
    r"""2-D convolution, such as over an image: filters slide over it, and each gives one output channel.

    With :math:`x` the input, :math:`w` the weight and :math:`b` the bias, each output channel :math:`o` is

    .. math:: y_{n,o,i,j} = b_o + \sum_{c,u,v} w_{o,c,u,v} \, x_{n,\; c,\; s i + d u - p,\; s j + d v - p}

    where :math:`s` are the strides, :math:`d` is the dilation, :math:`p` the padding, and the image is 0 outside.

    Parameters
    ----------
    channels : int
        Number of filters, which is the number of output channels; at least 1.
    kernel_size : int or tuple of 2 int
        Height and width of the filters, at least 1.
    strides : int or tuple of 2 int, default (1, 1)
        The step between adjacent positions of a filter, in pixels down and to the right; at least 1.
    padding : int or tuple of 2 int, default (0, 0)
        Number of rows of zeros added above and below the image, and of columns on its left and right.
    dilation : int or tuple of 2 int, default (1, 1)
        The distance, in pixels, between the points of one filter; at least 1.
    groups : int, default 1
        The channels are split into this many groups, and each filter sees only those of its own group. It must divide
        both `channels` and the input channels; if it equals both, the convolution is depthwise.
    layout : {'NCHW', 'NHWC'}, default 'NCHW'
        The order of the axes of input and output: batch N, channels C, height H, width W.
    activation : {'relu', 'sigmoid', 'softrelu', 'softsign', 'tanh'}, optional
        Applied to the result; see `Activation`.
    use_bias : bool, default True
        Add a learned bias per filter.
    weight_initializer : Initializer or str, optional
        How the weight is initialized; default: the initializer given to ``initialize()``.
    bias_initializer : Initializer or str, default 'zeros'
        How the bias is initialized.
    in_channels : int, default 0
        Number of input channels; 0 infers it in the first call, before which the weight does not exist.
    prefix : str, optional
        Prepended to the names of the parameters; default: ``'conv0_'``, ``'conv1_'`` ...
    params : ParameterDict, optional
        Parameters to share, as in ``nn.Conv2D(..., params=other.params)``.

    Inputs and outputs
    ------------------
    (N, C, H, W) to (N, channels, H', W'), or (N, H, W, C) to (N, H', W', channels) for 'NHWC', where
    n' = floor((n + 2 padding - dilation (kernel_size - 1) - 1) / strides) + 1.

    Attributes
    ----------
    weight : Parameter
        (channels, in_channels / groups, height, width), or (channels, height, width, in_channels / groups) for 'NHWC'.
    bias : Parameter or None
        (channels,).

    Raises
    ------
    MXNetError
        An argument is invalid, or in a call, the input is.
    AssertionError
        `kernel_size` is not 1 or 2 ints, or the layout is unknown; MXNet raises this class here.

    Examples
    --------
    >>> from glueball import autograd, nd
    >>> from glueball.gluon import nn
    >>> layer = nn.Conv2D(channels=16, kernel_size=3, padding=1, activation="relu")
    >>> layer.initialize()
    >>> x = nd.random.uniform(shape=(2, 3, 32, 32))
    >>> layer(x).shape
    (2, 16, 32, 32)
    >>> layer
    Conv2D(3 -> 16, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), Activation(relu))
    >>> with autograd.record():
    ...     loss = layer(x).mean()
    >>> loss.backward()
    >>> layer.weight.grad().shape
    (16, 3, 3, 3)

    Errors name the argument:

    >>> nn.Conv2D(16, kernel_size=3, strides=(1, 2, 3))
    Traceback (most recent call last):
    glueball.base.MXNetError: Conv2D: strides must be an int or 2 positive ints; received (1, 2, 3).

    Differs from MXNet
    ------------------
    'NHWC' also works on the CPU, where MXNet's CPU build refuses it, and its repr shows the channels, where MXNet's
    shows the filter height. Arguments are checked in the constructor, not in the first call. A list is stored as a
    tuple.
    """

    _glueball_rank = 2

    @checked
    def __init__(
        self, channels: int, kernel_size: Any, strides: Any = (1, 1), padding: Any = (0, 0),
        dilation: Any = (1, 1), groups: int = 1, layout: str = "NCHW", activation: str | None = None,
        use_bias: bool = True, weight_initializer: Any = None, bias_initializer: Any = "zeros", in_channels: int = 0,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            channels, kernel_size, strides, padding, dilation, groups, layout, activation, use_bias,
            weight_initializer, bias_initializer, in_channels, **kwargs,
        )  # fmt: skip


class Conv3D(_Conv):
    """3-D convolution over a volume; arguments as in `Conv2D`, with three spatial axes: depth, height, width.

    Inputs and outputs
    ------------------
    (N, C, D, H, W) to (N, channels, D', H', W'), or with the channels last for 'NDHWC'; the lengths as in `Conv2D`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> layer = nn.Conv3D(8, 3, padding=1, strides=2)
    >>> layer.initialize()
    >>> layer(nd.ones((2, 4, 6, 8, 10))).shape
    (2, 8, 3, 4, 5)
    """

    _glueball_rank = 3

    @checked
    def __init__(
        self, channels: int, kernel_size: Any, strides: Any = (1, 1, 1), padding: Any = (0, 0, 0),
        dilation: Any = (1, 1, 1), groups: int = 1, layout: str = "NCDHW", activation: str | None = None,
        use_bias: bool = True, weight_initializer: Any = None, bias_initializer: Any = "zeros", in_channels: int = 0,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            channels, kernel_size, strides, padding, dilation, groups, layout, activation, use_bias,
            weight_initializer, bias_initializer, in_channels, **kwargs,
        )  # fmt: skip
