"""What the recurrent cells with convolutions have in common, and their steps."""

from __future__ import annotations

from typing import Any

from ....core.errors import RefusedError
from ...core.parameter import Parameter
from ...core.parameter_dict import ParameterDict
from ...nn.arguments import at_least, layout_of, lengths, per_axis
from ...rnn.recurrent_cell import HybridRecurrentCell

_LAYOUTS = {1: ("NCW",), 2: ("NCHW", "NHWC"), 3: ("NCDHW", "NDHWC")}


class _BaseConvRNNCell(HybridRecurrentCell):
    """Two convolutions: one of the inputs, and one of the state, which keeps the state's size.

    Parameters
    ----------
    input_shape : tuple of int
        The shape of an input without the batch, in the order of `conv_layout`.
    hidden_channels : int
        The number of channels of a state.
    i2h_kernel, h2h_kernel : int or tuple of int
        The size of the filters; that of the state's must be odd.
    i2h_pad : int or tuple of int
        Zeros at each side of an input.
    i2h_dilate, h2h_dilate : int or tuple of int
        Distance of the points of a filter.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    dims : int
        The number of axes of the convolution.
    conv_layout : str
        The axes of inputs and states.
    activation : str, Block or callable
        The activation function.
    prefix, params
        As in `Block`.
    """

    _glueball_gates = 1
    i2h_weight: Parameter
    _glueball_states = 1

    def __init__(
        self, input_shape: Any, hidden_channels: int, i2h_kernel: Any, h2h_kernel: Any, i2h_pad: Any, i2h_dilate: Any,
        h2h_dilate: Any, i2h_weight_initializer: Any, h2h_weight_initializer: Any, i2h_bias_initializer: Any,
        h2h_bias_initializer: Any, dims: int, conv_layout: str, activation: Any, prefix: str | None = None,
        params: ParameterDict | None = None,
    ) -> None:  # fmt: skip
        super().__init__(prefix=prefix, params=params)
        owner = type(self).__name__
        self._hidden_channels = at_least(owner, "hidden_channels", hidden_channels, 0)
        self._conv_layout = layout_of(owner, conv_layout, _LAYOUTS[dims])
        self._input_shape = per_axis(owner, "input_shape", input_shape, dims + 1, least=0)
        self._activation = activation
        self._stride = (1,) * dims
        self._i2h_kernel = per_axis(owner, "i2h_kernel", i2h_kernel, dims, error=RefusedError)
        self._h2h_kernel = per_axis(owner, "h2h_kernel", h2h_kernel, dims, error=RefusedError)
        self._i2h_pad = per_axis(owner, "i2h_pad", i2h_pad, dims, least=0, error=RefusedError)
        self._i2h_dilate = per_axis(owner, "i2h_dilate", i2h_dilate, dims, error=RefusedError)
        self._h2h_dilate = per_axis(owner, "h2h_dilate", h2h_dilate, dims, error=RefusedError)
        if any(size % 2 == 0 for size in self._h2h_kernel):
            raise RefusedError(
                f"{owner}: h2h_kernel must be odd, so that a state keeps its size; received {h2h_kernel!r}"
            )
        self._decide_shapes()
        initializers = i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        for (name, shape), init in zip(self._glueball_shapes().items(), initializers, strict=True):
            setattr(self, name, self.params.get(name, shape=shape, init=init, allow_deferred_init=True))

    def _decide_shapes(self) -> None:
        """Compute from an input's shape that of a state, and the padding that keeps it."""
        self._channel_axis = self._conv_layout.find("C")
        place = self._channel_axis - 1
        self._in_channels = self._input_shape[place]
        sizes = self._input_shape[1:] if place == 0 else self._input_shape[:-1]
        after = _get_conv_out_size(sizes, self._i2h_kernel, self._i2h_pad, self._i2h_dilate)
        self._h2h_pad = tuple(
            dilate * (size - 1) // 2 for size, dilate in zip(self._h2h_kernel, self._h2h_dilate, strict=True)
        )
        self._state_shape = (self._hidden_channels, *after) if place == 0 else (*after, self._hidden_channels)

    def _glueball_shapes(self) -> dict[str, tuple[int, ...]]:
        filters = self._hidden_channels * self._glueball_gates

        def weight(channels: int, kernel: tuple[int, ...]) -> tuple[int, ...]:
            return (filters, channels, *kernel) if self._channel_axis == 1 else (filters, *kernel, channels)

        return {
            "i2h_weight": weight(self._in_channels, self._i2h_kernel),
            "h2h_weight": weight(self._hidden_channels, self._h2h_kernel),
            "i2h_bias": (filters,),
            "h2h_bias": (filters,),
        }

    @property
    def _num_gates(self) -> int:
        return self._glueball_gates

    def state_info(self, batch_size: int = 0) -> list[dict[str, Any]]:
        return [
            {"shape": (batch_size, *self._state_shape), "__layout__": self._conv_layout}
            for _ in range(self._glueball_states)
        ]

    def _conv_forward(
        self, F: Any, inputs: Any, states: Any, i2h_weight: Any, h2h_weight: Any, i2h_bias: Any, h2h_bias: Any,
        prefix: str,
    ) -> tuple[Any, Any]:  # fmt: skip
        """Return what the two convolutions compute."""
        shared = {
            "num_filter": self._hidden_channels * self._num_gates, "stride": self._stride, "layout": self._conv_layout,
        }  # fmt: skip
        i2h = F.Convolution(
            inputs, i2h_weight, i2h_bias, kernel=self._i2h_kernel, pad=self._i2h_pad, dilate=self._i2h_dilate,
            name=f"{prefix}i2h", **shared,
        )  # fmt: skip
        h2h = F.Convolution(
            states[0], h2h_weight, h2h_bias, kernel=self._h2h_kernel, pad=self._h2h_pad, dilate=self._h2h_dilate,
            name=f"{prefix}h2h", **shared,
        )  # fmt: skip
        return i2h, h2h

    def hybrid_forward(self, F: Any, inputs: Any, states: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__}: hybrid_forward must be implemented")

    def __repr__(self) -> str:
        shape = lengths(self.i2h_weight)
        return (
            f"{type(self).__name__}({shape[self._channel_axis] or None} -> {shape[0]}, {self._activation}, "
            f"{self._conv_layout})"
        )


def _get_conv_out_size(
    dimensions: tuple[int, ...], kernels: tuple[int, ...], paddings: tuple[int, ...], dilations: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the size that a convolution gives, with 0 for what is not known."""
    return tuple(
        size + 2 * pad - dilate * (kernel - 1) if size else 0
        for size, kernel, pad, dilate in zip(dimensions, kernels, paddings, dilations, strict=True)
    )


class _ConvRNNCell(_BaseConvRNNCell):
    """The step of Conv1DRNNCell, Conv2DRNNCell and Conv3DRNNCell."""

    def _alias(self) -> str:
        return "conv_rnn"

    @property
    def _gate_names(self) -> tuple[str, ...]:
        return ("",)

    def hybrid_forward(  # type: ignore[override]
        self, F: Any, inputs: Any, states: Any, i2h_weight: Any, h2h_weight: Any, i2h_bias: Any, h2h_bias: Any
    ) -> Any:
        prefix = f"t{self._counter}_"
        i2h, h2h = self._conv_forward(F, inputs, states, i2h_weight, h2h_weight, i2h_bias, h2h_bias, prefix)
        output = self._get_activation(F, i2h + h2h, self._activation, name=f"{prefix}out")
        return output, [output]


class _ConvLSTMCell(_BaseConvRNNCell):
    """The step of Conv1DLSTMCell, Conv2DLSTMCell and Conv3DLSTMCell."""

    _glueball_gates = 4
    _glueball_states = 2

    def _alias(self) -> str:
        return "conv_lstm"

    @property
    def _gate_names(self) -> tuple[str, ...]:
        return ("_i", "_f", "_c", "_o")

    def hybrid_forward(  # type: ignore[override]
        self, F: Any, inputs: Any, states: Any, i2h_weight: Any, h2h_weight: Any, i2h_bias: Any, h2h_bias: Any
    ) -> Any:
        prefix = f"t{self._counter}_"
        i2h, h2h = self._conv_forward(F, inputs, states, i2h_weight, h2h_weight, i2h_bias, h2h_bias, prefix)
        taken, kept, new, put = F.SliceChannel(i2h + h2h, num_outputs=4, axis=self._channel_axis, name=f"{prefix}slice")
        taken = F.Activation(taken, act_type="sigmoid", name=f"{prefix}i")
        kept = F.Activation(kept, act_type="sigmoid", name=f"{prefix}f")
        new = self._get_activation(F, new, self._activation, name=f"{prefix}c")
        put = F.Activation(put, act_type="sigmoid", name=f"{prefix}o")
        memory = F.elemwise_add(kept * states[1], taken * new, name=f"{prefix}state")
        output = F.elemwise_mul(put, self._get_activation(F, memory, self._activation), name=f"{prefix}out")
        return output, [output, memory]


class _ConvGRUCell(_BaseConvRNNCell):
    """The step of Conv1DGRUCell, Conv2DGRUCell and Conv3DGRUCell."""

    _glueball_gates = 3

    def _alias(self) -> str:
        return "conv_gru"

    @property
    def _gate_names(self) -> tuple[str, ...]:
        return ("_r", "_z", "_o")

    def hybrid_forward(  # type: ignore[override]
        self, F: Any, inputs: Any, states: Any, i2h_weight: Any, h2h_weight: Any, i2h_bias: Any, h2h_bias: Any
    ) -> Any:
        prefix = f"t{self._counter}_"
        i2h, h2h = self._conv_forward(F, inputs, states, i2h_weight, h2h_weight, i2h_bias, h2h_bias, prefix)
        axis = self._channel_axis
        i2h_reset, i2h_update, i2h_new = F.SliceChannel(i2h, num_outputs=3, axis=axis, name=f"{prefix}i2h_slice")
        h2h_reset, h2h_update, h2h_new = F.SliceChannel(h2h, num_outputs=3, axis=axis, name=f"{prefix}h2h_slice")
        reset = F.Activation(i2h_reset + h2h_reset, act_type="sigmoid", name=f"{prefix}r_act")
        update = F.Activation(i2h_update + h2h_update, act_type="sigmoid", name=f"{prefix}z_act")
        new = self._get_activation(F, i2h_new + reset * h2h_new, self._activation, name=f"{prefix}h_act")
        output = F.elemwise_add((1.0 - update) * new, update * states[0], name=f"{prefix}out")
        return output, [output]
