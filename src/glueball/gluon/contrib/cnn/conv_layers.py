"""Convolution layers that compute from their input where their filters read it."""

from __future__ import annotations

from typing import Any

from ....core.arguments import checked
from ....core.errors import MXNetError
from ...core.hybrid_block import HybridBlock
from ...core.parameter_dict import ParameterDict
from ...nn.activations import Activation
from ...nn.arguments import activation_of, at_least, layout_of, lengths, per_axis

__all__ = ["DeformableConvolution", "ModulatedDeformableConvolution"]


class _Deformable(HybridBlock):
    """A convolution whose offsets another convolution computes; the two layers differ in what else that computes."""

    _glueball_per_point: int  # how many numbers the other convolution computes for each point of a filter

    def __init__(
        self, channels: int, kernel_size: Any, strides: Any, padding: Any, dilation: Any, groups: int,
        num_deformable_group: int, layout: str, use_bias: bool, in_channels: int, activation: str | None,
        op_name: str, adj: Any, prefix: str | None, params: ParameterDict | None,
    ) -> None:  # fmt: skip
        owner = type(self).__name__
        if adj is not None:
            raise MXNetError(
                f"{owner}: adj must be None, since only transposed convolutions have it; received {adj!r}."
            )
        super().__init__(prefix=prefix, params=params)
        self._channels = at_least(owner, "channels", channels, 1)
        self._in_channels = at_least(owner, "in_channels", in_channels, 0)
        self._op_name = op_name
        shared: dict[str, Any] = {
            "kernel": per_axis(owner, "kernel_size", kernel_size, 2),
            "stride": per_axis(owner, "strides", strides, 2),
            "dilate": per_axis(owner, "dilation", dilation, 2),
            "pad": per_axis(owner, "padding", padding, 2, least=0),
            "num_group": at_least(owner, "groups", groups, 1),
            "layout": layout_of(owner, layout, ("NCHW",)),
        }
        own_groups = at_least(owner, "num_deformable_group", num_deformable_group, 1)
        kernel = shared["kernel"]
        offsets = self._glueball_per_point * own_groups * kernel[0] * kernel[1]
        self._kwargs_offset = {**shared, "num_filter": offsets}
        self._kwargs_deformable_conv = {
            **shared, "num_filter": channels, "num_deformable_group": own_groups, "no_bias": not use_bias,
        }  # fmt: skip
        self._glueball_activation = None if activation is None else activation_of(owner, activation)

    def _glueball_add_offsets(self, use_bias: bool, weight_initializer: Any, bias_initializer: Any) -> None:
        """Make the parameters of the convolution that computes the offsets."""
        self._kwargs_offset["no_bias"] = not use_bias
        self.offset_weight, self.offset_bias = self._glueball_parameters(
            "offset", self._kwargs_offset, weight_initializer, bias_initializer
        )

    def _glueball_add_filters(self, weight_initializer: Any, bias_initializer: Any) -> None:
        """Make the parameters of the convolution itself."""
        self.deformable_conv_weight, self.deformable_conv_bias = self._glueball_parameters(
            "deformable_conv", self._kwargs_deformable_conv, weight_initializer, bias_initializer
        )

    def _glueball_parameters(self, name: str, kwargs: dict[str, Any], weight: Any, bias: Any) -> tuple[Any, Any]:
        filters = kwargs["num_filter"]
        shape = (filters, self._in_channels // kwargs["num_group"], *kwargs["kernel"])
        with self.name_scope():
            made = self.params.get(f"{name}_weight", shape=shape, init=weight, allow_deferred_init=True)
            if kwargs["no_bias"]:
                return made, None
            return made, self.params.get(f"{name}_bias", shape=(filters,), init=bias, allow_deferred_init=True)

    def _glueball_add_activation(self) -> None:
        name = self._glueball_activation
        self.act: Activation | None = None
        if name is not None:
            with self.name_scope():
                self.act = Activation(name, prefix=f"{name}_")


class DeformableConvolution(_Deformable):
    """2-D convolution whose filters read the image at positions that follow from it: another convolution says how far.

    Parameters
    ----------
    channels : int
        Number of filters, which is the number of output channels.
    kernel_size : int or tuple of 2 int, default (1, 1)
        Height and width of the filters.
    strides, padding, dilation : int or tuple of 2 int
        As in `nn.Conv2D`, for both convolutions.
    groups : int, default 1
        The channels are split into this many groups, in both convolutions.
    num_deformable_group : int, default 1
        The number of groups of channels that have offsets of their own.
    layout : {'NCHW'}
        The order of the axes.
    use_bias : bool, default True
        Add a learned bias per filter.
    in_channels : int, default 0
        Number of input channels; 0 infers it in the first call.
    activation : str, optional
        Applied to the result; see `nn.Activation`.
    weight_initializer : Initializer or str, optional
        How the weight is initialized; default: the initializer given to ``initialize()``.
    bias_initializer : Initializer or str, default 'zeros'
        How the bias is initialized.
    offset_weight_initializer, offset_bias_initializer : Initializer or str, default 'zeros'
        The same for the convolution that computes the offsets: with zeros the layer begins as `nn.Conv2D`.
    offset_use_bias : bool, default True
        Whether the convolution that computes the offsets has a bias.
    op_name
        Not used, as in MXNet.
    adj
        None; only transposed convolutions have it.
    prefix, params
        As in `Block`.

    Inputs and outputs
    ------------------
    (N, C, H, W) to (N, channels, H', W'), as `nn.Conv2D`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.contrib.cnn import DeformableConvolution
    >>> layer = DeformableConvolution(8, kernel_size=3, padding=1)
    >>> layer.initialize()
    >>> layer(nd.ones((2, 4, 6, 5))).shape
    (2, 8, 6, 5)
    """

    _glueball_per_point = 2

    @checked
    def __init__(
        self, channels: int, kernel_size: Any = (1, 1), strides: Any = (1, 1), padding: Any = (0, 0),
        dilation: Any = (1, 1), groups: int = 1, num_deformable_group: int = 1, layout: str = "NCHW",
        use_bias: bool = True, in_channels: int = 0, activation: str | None = None, weight_initializer: Any = None,
        bias_initializer: Any = "zeros", offset_weight_initializer: Any = "zeros",
        offset_bias_initializer: Any = "zeros", offset_use_bias: bool = True, op_name: str = "DeformableConvolution",
        adj: Any = None, prefix: str | None = None, params: ParameterDict | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            channels, kernel_size, strides, padding, dilation, groups, num_deformable_group, layout, use_bias,
            in_channels, activation, op_name, adj, prefix, params,
        )  # fmt: skip
        self._glueball_add_offsets(offset_use_bias, offset_weight_initializer, offset_bias_initializer)
        self._glueball_add_filters(weight_initializer, bias_initializer)
        self._glueball_add_activation()

    def _alias(self) -> str:
        return "deformable_conv"

    def hybrid_forward(
        self, F: Any, x: Any, offset_weight: Any, deformable_conv_weight: Any, offset_bias: Any = None,
        deformable_conv_bias: Any = None,
    ) -> Any:  # fmt: skip
        offset = F.Convolution(x, offset_weight, offset_bias, cudnn_off=True, **self._kwargs_offset)
        out = F.contrib.DeformableConvolution(
            x, offset, deformable_conv_weight, deformable_conv_bias, name="fwd", **self._kwargs_deformable_conv
        )
        return out if self.act is None else self.act(out)

    def __repr__(self) -> str:
        kwargs = self._kwargs_deformable_conv
        first, second = lengths(self.deformable_conv_weight)[:2]
        parts = [f"{second or None} -> {first}", f"kernel_size={kwargs['kernel']}", f"stride={kwargs['stride']}"]
        for name, key, usual in (
            ("padding", "pad", (0, 0)),
            ("dilation", "dilate", (1, 1)),
            ("groups", "num_group", 1),
        ):
            if kwargs[key] != usual:
                parts.append(f"{name}={kwargs[key]}")
        if self.deformable_conv_bias is None:
            parts.append("bias=False")
        if self.act is not None:
            parts.append(repr(self.act))
        return f"{type(self).__name__}({', '.join(parts)})"


class ModulatedDeformableConvolution(_Deformable):
    """A `DeformableConvolution` that also says how much each point of a filter counts: from 0 to 2, first 1.

    Parameters
    ----------
    channels, kernel_size, strides, padding, dilation, groups, num_deformable_group, layout, use_bias, in_channels
        As in `DeformableConvolution`.
    activation, weight_initializer, bias_initializer, op_name, adj, prefix, params
        As in `DeformableConvolution`.
    offset_weight_initializer, offset_bias_initializer, offset_use_bias
        For the convolution that computes the offsets and how much each point counts.

    Inputs and outputs
    ------------------
    (N, C, H, W) to (N, channels, H', W'), as `nn.Conv2D`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon.contrib.cnn import ModulatedDeformableConvolution
    >>> layer = ModulatedDeformableConvolution(8, kernel_size=3, padding=1)
    >>> layer.initialize()
    >>> layer(nd.ones((2, 4, 6, 5))).shape
    (2, 8, 6, 5)
    """

    _glueball_per_point = 3

    @checked
    def __init__(
        self, channels: int, kernel_size: Any = (1, 1), strides: Any = (1, 1), padding: Any = (0, 0),
        dilation: Any = (1, 1), groups: int = 1, num_deformable_group: int = 1, layout: str = "NCHW",
        use_bias: bool = True, in_channels: int = 0, activation: str | None = None, weight_initializer: Any = None,
        bias_initializer: Any = "zeros", offset_weight_initializer: Any = "zeros",
        offset_bias_initializer: Any = "zeros", offset_use_bias: bool = True,
        op_name: str = "ModulatedDeformableConvolution", adj: Any = None, prefix: str | None = None,
        params: ParameterDict | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            channels, kernel_size, strides, padding, dilation, groups, num_deformable_group, layout, use_bias,
            in_channels, activation, op_name, adj, prefix, params,
        )  # fmt: skip
        self._glueball_add_filters(weight_initializer, bias_initializer)
        self._glueball_add_offsets(offset_use_bias, offset_weight_initializer, offset_bias_initializer)
        self._glueball_add_activation()
        self.offset_split_index = self._kwargs_offset["num_filter"] // 3 * 2

    def _alias(self) -> str:
        return "modulated_deformable_conv"

    def hybrid_forward(
        self, F: Any, x: Any, offset_weight: Any, deformable_conv_weight: Any, offset_bias: Any = None,
        deformable_conv_bias: Any = None,
    ) -> Any:  # fmt: skip
        both = F.Convolution(x, offset_weight, offset_bias, cudnn_off=True, **self._kwargs_offset)
        offset = F.slice_axis(both, axis=1, begin=0, end=self.offset_split_index)
        mask = F.sigmoid(F.slice_axis(both, axis=1, begin=self.offset_split_index, end=None)) * 2
        out = F.contrib.ModulatedDeformableConvolution(
            x, offset, mask, deformable_conv_weight, deformable_conv_bias, name="fwd", **self._kwargs_deformable_conv
        )
        return out if self.act is None else self.act(out)
