"""Cells whose products are convolutions: states are images."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from .. import symbol
from ..core.errors import MissingMethodError, RefusedError
from ..symbol import Symbol
from .base_cell import BaseRNNCell, RNNParams, States
from .cells import gru_step, lstm_step

_LEAKY = functools.partial(symbol.LeakyReLU, act_type="leaky", slope=0.2)


class BaseConvRNNCell(BaseRNNCell):
    """The base class of the cells whose products are convolutions; a subclass implements `__call__`.

    Parameters
    ----------
    input_shape : tuple of int
        The shape of a step of the data; the batch size in it does not matter.
    num_hidden : int
        The number of channels of the states.
    h2h_kernel, h2h_dilate : tuple of int
        Kernel, of odd lengths, and dilation of the convolution of the state, which keeps its size.
    i2h_kernel, i2h_stride, i2h_pad, i2h_dilate : tuple of int
        The convolution of the input.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str
        The initializers of the variables; None for that of the network.
    activation : str or callable
        The activation, by name or as a function of a symbol and ``name=``.
    prefix : str, default ''
        What the names of variables and nodes begin with.
    params : RNNParams, optional
        The variables, to share those of another cell.
    conv_layout : str, default 'NCHW'
        The axes of data and states.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        num_hidden: int,
        h2h_kernel: Sequence[int],
        h2h_dilate: Sequence[int],
        i2h_kernel: Sequence[int],
        i2h_stride: Sequence[int],
        i2h_pad: Sequence[int],
        i2h_dilate: Sequence[int],
        i2h_weight_initializer: Any,
        h2h_weight_initializer: Any,
        i2h_bias_initializer: Any,
        h2h_bias_initializer: Any,
        activation: Any,
        prefix: str = "",
        params: RNNParams | None = None,
        conv_layout: Any = "NCHW",
    ) -> None:
        super().__init__(prefix=prefix, params=params)
        if any(length % 2 == 0 for length in h2h_kernel):
            raise RefusedError(
                f"{type(self).__name__}: h2h_kernel must be of odd lengths, so that states keep their size; received "
                f"{h2h_kernel}"
            )
        self._h2h_kernel, self._h2h_dilate = h2h_kernel, h2h_dilate
        self._h2h_pad = tuple(dilate * (length - 1) // 2 for dilate, length in zip(h2h_dilate, h2h_kernel, strict=True))
        self._i2h_kernel, self._i2h_stride = i2h_kernel, i2h_stride
        self._i2h_pad, self._i2h_dilate = i2h_pad, i2h_dilate
        self._num_hidden = num_hidden
        self._input_shape = input_shape
        self._conv_layout = conv_layout
        self._activation = activation
        # the size of the states is that of the convolved input
        shapes = self._convolution(symbol.var("data")).infer_shape(data=tuple(input_shape))[1]
        self._state_shape = (0, *shapes[0][1:])
        self._iW = self.params.get("i2h_weight", init=i2h_weight_initializer)
        self._hW = self.params.get("h2h_weight", init=h2h_weight_initializer)
        self._iB = self.params.get("i2h_bias", init=i2h_bias_initializer)
        self._hB = self.params.get("h2h_bias", init=h2h_bias_initializer)

    def _convolution(self, data: Symbol) -> Symbol:
        return symbol.Convolution(
            data, num_filter=self._num_hidden, kernel=self._i2h_kernel, stride=self._i2h_stride, pad=self._i2h_pad,
            dilate=self._i2h_dilate, layout=self._conv_layout,
        )  # fmt: skip

    @property
    def _num_gates(self) -> int:
        return len(self._gate_names)

    @property
    def state_info(self) -> list[dict[str, Any]]:
        """Shape and layout of the state, which is the last output."""
        return [{"shape": self._state_shape, "__layout__": self._conv_layout}]

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step; a subclass implements it."""
        raise MissingMethodError(f"{type(self).__name__}: __call__ must be implemented by the subclass")

    def _conv_forward(self, inputs: Any, states: States, name: str) -> tuple[Symbol, Symbol]:
        """Return what the input and the state contribute to all gates."""
        filters = self._num_hidden * self._num_gates
        i2h = symbol.Convolution(
            name=f"{name}i2h", data=inputs, weight=self._iW, bias=self._iB, num_filter=filters,
            kernel=self._i2h_kernel, stride=self._i2h_stride, pad=self._i2h_pad, dilate=self._i2h_dilate,
            layout=self._conv_layout,
        )  # fmt: skip
        h2h = symbol.Convolution(
            name=f"{name}h2h", data=states[0], weight=self._hW, bias=self._hB, num_filter=filters,
            kernel=self._h2h_kernel, stride=(1,) * len(self._h2h_kernel), pad=self._h2h_pad, dilate=self._h2h_dilate,
            layout=self._conv_layout,
        )  # fmt: skip
        return i2h, h2h

    def _next_name(self) -> str:
        self._counter += 1
        return f"{self._prefix}t{self._counter}_"


class ConvRNNCell(BaseConvRNNCell):
    """A plain cell whose products are convolutions.

    Parameters
    ----------
    input_shape : tuple of int
        The shape of a step of the data; the batch size in it does not matter.
    num_hidden : int
        The number of channels of the states.
    h2h_kernel, h2h_dilate, i2h_kernel, i2h_stride, i2h_pad, i2h_dilate, activation, prefix, params, conv_layout
        As for `BaseConvRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str
        As for `BaseConvRNNCell`.

    Examples
    --------
    >>> import glueball as mx
    >>> cell = mx.rnn.ConvRNNCell((1, 3, 16, 16), num_hidden=8)
    >>> cell.unroll(2, mx.sym.var("data"))[0][-1].infer_shape(data=(5, 2, 3, 16, 16))[1]
    [(5, 8, 16, 16)]
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        num_hidden: int,
        h2h_kernel: Sequence[int] = (3, 3),
        h2h_dilate: Sequence[int] = (1, 1),
        i2h_kernel: Sequence[int] = (3, 3),
        i2h_stride: Sequence[int] = (1, 1),
        i2h_pad: Sequence[int] = (1, 1),
        i2h_dilate: Sequence[int] = (1, 1),
        i2h_weight_initializer: Any = None,
        h2h_weight_initializer: Any = None,
        i2h_bias_initializer: Any = "zeros",
        h2h_bias_initializer: Any = "zeros",
        activation: Any = _LEAKY,
        prefix: str = "ConvRNN_",
        params: RNNParams | None = None,
        conv_layout: Any = "NCHW",
    ) -> None:
        super().__init__(
            input_shape, num_hidden, h2h_kernel, h2h_dilate, i2h_kernel, i2h_stride, i2h_pad, i2h_dilate,
            i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer, activation,
            prefix, params, conv_layout,
        )  # fmt: skip

    @property
    def _gate_names(self) -> Sequence[str]:
        return ("",)

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step; see `BaseRNNCell`."""
        name = self._next_name()
        i2h, h2h = self._conv_forward(inputs, states, name)
        output = self._get_activation(i2h + h2h, self._activation, name=f"{name}out")
        return output, [output]


class ConvLSTMCell(BaseConvRNNCell):
    """A long short-term memory whose products are convolutions.

    Parameters
    ----------
    input_shape : tuple of int
        The shape of a step of the data; the batch size in it does not matter.
    num_hidden : int
        The number of channels of the states.
    h2h_kernel, h2h_dilate, i2h_kernel, i2h_stride, i2h_pad, i2h_dilate, activation, prefix, params, conv_layout
        As for `BaseConvRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str
        As for `BaseConvRNNCell`.

    Examples
    --------
    >>> import glueball as mx
    >>> cell = mx.rnn.ConvLSTMCell((1, 3, 16, 16), num_hidden=8, i2h_stride=(2, 2))
    >>> cell.state_shape
    [(0, 8, 8, 8), (0, 8, 8, 8)]
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        num_hidden: int,
        h2h_kernel: Sequence[int] = (3, 3),
        h2h_dilate: Sequence[int] = (1, 1),
        i2h_kernel: Sequence[int] = (3, 3),
        i2h_stride: Sequence[int] = (1, 1),
        i2h_pad: Sequence[int] = (1, 1),
        i2h_dilate: Sequence[int] = (1, 1),
        i2h_weight_initializer: Any = None,
        h2h_weight_initializer: Any = None,
        i2h_bias_initializer: Any = "zeros",
        h2h_bias_initializer: Any = "zeros",
        activation: Any = _LEAKY,
        prefix: str = "ConvLSTM_",
        params: RNNParams | None = None,
        conv_layout: Any = "NCHW",
    ) -> None:
        super().__init__(
            input_shape, num_hidden, h2h_kernel, h2h_dilate, i2h_kernel, i2h_stride, i2h_pad, i2h_dilate,
            i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer, activation,
            prefix, params, conv_layout,
        )  # fmt: skip

    @property
    def _gate_names(self) -> Sequence[str]:
        return ["_i", "_f", "_c", "_o"]

    @property
    def state_info(self) -> list[dict[str, Any]]:
        """Shape and layout of the two states."""
        return super().state_info * 2

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step; see `BaseRNNCell`."""
        name = self._next_name()
        i2h, h2h = self._conv_forward(inputs, states, name)
        axis = self._conv_layout.find("C")
        gates = symbol.SliceChannel(i2h + h2h, num_outputs=4, axis=axis, name=f"{name}slice")
        return lstm_step(self, gates, states[1], name, self._activation)


class ConvGRUCell(BaseConvRNNCell):
    """A gated recurrent unit whose products are convolutions; the axis of the channels must be the second.

    Parameters
    ----------
    input_shape : tuple of int
        The shape of a step of the data; the batch size in it does not matter.
    num_hidden : int
        The number of channels of the states.
    h2h_kernel, h2h_dilate, i2h_kernel, i2h_stride, i2h_pad, i2h_dilate, activation, prefix, params, conv_layout
        As for `BaseConvRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str
        As for `BaseConvRNNCell`.

    Examples
    --------
    >>> import glueball as mx
    >>> cell = mx.rnn.ConvGRUCell((1, 3, 16, 16), num_hidden=8)
    >>> cell.unroll(2, mx.sym.var("data"))[1][0].name
    'ConvGRU_t1_out'
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        num_hidden: int,
        h2h_kernel: Sequence[int] = (3, 3),
        h2h_dilate: Sequence[int] = (1, 1),
        i2h_kernel: Sequence[int] = (3, 3),
        i2h_stride: Sequence[int] = (1, 1),
        i2h_pad: Sequence[int] = (1, 1),
        i2h_dilate: Sequence[int] = (1, 1),
        i2h_weight_initializer: Any = None,
        h2h_weight_initializer: Any = None,
        i2h_bias_initializer: Any = "zeros",
        h2h_bias_initializer: Any = "zeros",
        activation: Any = _LEAKY,
        prefix: str = "ConvGRU_",
        params: RNNParams | None = None,
        conv_layout: Any = "NCHW",
    ) -> None:
        super().__init__(
            input_shape, num_hidden, h2h_kernel, h2h_dilate, i2h_kernel, i2h_stride, i2h_pad, i2h_dilate,
            i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer, activation,
            prefix, params, conv_layout,
        )  # fmt: skip

    @property
    def _gate_names(self) -> Sequence[str]:
        return ["_r", "_z", "_o"]

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step; see `BaseRNNCell`."""
        name = self._next_name()
        i2h, h2h = self._conv_forward(inputs, states, name)
        return gru_step(self, i2h, h2h, states[0], name, self._activation)
