"""Recurrent cells with convolutions in the place of fully connected layers: ConvLSTM and its kin."""

from __future__ import annotations

from typing import Any

from ...core.parameter_dict import ParameterDict
from .conv_steps import _BaseConvRNNCell, _ConvGRUCell, _ConvLSTMCell, _ConvRNNCell, _get_conv_out_size  # noqa: F401

__all__ = [
    "Conv1DGRUCell", "Conv1DLSTMCell", "Conv1DRNNCell", "Conv2DGRUCell", "Conv2DLSTMCell", "Conv2DRNNCell",
    "Conv3DGRUCell", "Conv3DLSTMCell", "Conv3DRNNCell",
]  # fmt: skip


class _Along1(_BaseConvRNNCell):
    """The constructor of cells that convolve along one axis."""

    def __init__(
        self, input_shape: Any, hidden_channels: int, i2h_kernel: Any, h2h_kernel: Any, i2h_pad: Any = (0,),
        i2h_dilate: Any = (1,), h2h_dilate: Any = (1,), i2h_weight_initializer: Any = None,
        h2h_weight_initializer: Any = None, i2h_bias_initializer: Any = "zeros", h2h_bias_initializer: Any = "zeros",
        conv_layout: str = "NCW", activation: Any = "tanh", prefix: str | None = None,
        params: ParameterDict | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate,
            i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer, 1,
            conv_layout, activation, prefix, params,
        )  # fmt: skip


class _Along2(_BaseConvRNNCell):
    """The constructor of cells that convolve along two axes."""

    def __init__(
        self, input_shape: Any, hidden_channels: int, i2h_kernel: Any, h2h_kernel: Any, i2h_pad: Any = (0, 0),
        i2h_dilate: Any = (1, 1), h2h_dilate: Any = (1, 1), i2h_weight_initializer: Any = None,
        h2h_weight_initializer: Any = None, i2h_bias_initializer: Any = "zeros", h2h_bias_initializer: Any = "zeros",
        conv_layout: str = "NCHW", activation: Any = "tanh", prefix: str | None = None,
        params: ParameterDict | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate,
            i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer, 2,
            conv_layout, activation, prefix, params,
        )  # fmt: skip


class _Along3(_BaseConvRNNCell):
    """The constructor of cells that convolve along three axes."""

    def __init__(
        self, input_shape: Any, hidden_channels: int, i2h_kernel: Any, h2h_kernel: Any, i2h_pad: Any = (0, 0, 0),
        i2h_dilate: Any = (1, 1, 1), h2h_dilate: Any = (1, 1, 1), i2h_weight_initializer: Any = None,
        h2h_weight_initializer: Any = None, i2h_bias_initializer: Any = "zeros", h2h_bias_initializer: Any = "zeros",
        conv_layout: str = "NCDHW", activation: Any = "tanh", prefix: str | None = None,
        params: ParameterDict | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate,
            i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer, 3,
            conv_layout, activation, prefix, params,
        )  # fmt: skip


class Conv1DRNNCell(_Along1, _ConvRNNCell):
    """An Elman cell with convolutions along one axis.

    Parameters
    ----------
    input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate
        As in `Conv2DRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    conv_layout, activation, prefix, params
        As in `Conv2DRNNCell`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.Conv1DRNNCell((2, 8), 3, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((1, 2, 8)), cell.begin_state(batch_size=1))
    >>> output.shape
    (1, 3, 8)
    """


class Conv2DRNNCell(_Along2, _ConvRNNCell):
    """An Elman cell with convolutions along two axes.

    Parameters
    ----------
    input_shape : tuple of int
        The shape of an input without the batch, in the order of `conv_layout`; channels 0 are inferred.
    hidden_channels : int
        The number of channels of a state.
    i2h_kernel, h2h_kernel : int or tuple of int
        The size of the filters for the input and for the state; the latter must be odd.
    i2h_pad : int or tuple of int, default 0
        Zeros at each side of an input.
    i2h_dilate, h2h_dilate : int or tuple of int, default 1
        Distance of the points of a filter.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    conv_layout : str, default 'NCHW'
        The axes of inputs and states; or 'NHWC'. With one axis 'NCW', with three 'NCDHW' or 'NDHWC'.
    activation : str, Block or callable, default 'tanh'
        The activation function.
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.Conv2DRNNCell((2, 8, 6), 3, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((1, 2, 8, 6)), cell.begin_state(batch_size=1))
    >>> output.shape
    (1, 3, 8, 6)
    """


class Conv3DRNNCell(_Along3, _ConvRNNCell):
    """An Elman cell with convolutions along three axes.

    Parameters
    ----------
    input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate
        As in `Conv2DRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    conv_layout, activation, prefix, params
        As in `Conv2DRNNCell`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.Conv3DRNNCell((2, 4, 5, 6), 3, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((1, 2, 4, 5, 6)), cell.begin_state(batch_size=1))
    >>> output.shape
    (1, 3, 4, 5, 6)
    """


class Conv1DLSTMCell(_Along1, _ConvLSTMCell):
    """A cell with long short-term memory (ConvLSTM: Shi et al., 2015) with convolutions along one axis.

    Parameters
    ----------
    input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate
        As in `Conv2DRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    conv_layout, activation, prefix, params
        As in `Conv2DRNNCell`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.Conv1DLSTMCell((2, 8), 3, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((1, 2, 8)), cell.begin_state(batch_size=1))
    >>> output.shape
    (1, 3, 8)
    """


class Conv2DLSTMCell(_Along2, _ConvLSTMCell):
    """A cell with long short-term memory (ConvLSTM: Shi et al., 2015) with convolutions along two axes.

    Parameters
    ----------
    input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate
        As in `Conv2DRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    conv_layout, activation, prefix, params
        As in `Conv2DRNNCell`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.Conv2DLSTMCell((2, 8, 6), 3, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((1, 2, 8, 6)), cell.begin_state(batch_size=1))
    >>> output.shape
    (1, 3, 8, 6)
    """


class Conv3DLSTMCell(_Along3, _ConvLSTMCell):
    """A cell with long short-term memory (ConvLSTM: Shi et al., 2015) with convolutions along three axes.

    Parameters
    ----------
    input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate
        As in `Conv2DRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    conv_layout, activation, prefix, params
        As in `Conv2DRNNCell`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.Conv3DLSTMCell((2, 4, 5, 6), 3, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((1, 2, 4, 5, 6)), cell.begin_state(batch_size=1))
    >>> output.shape
    (1, 3, 4, 5, 6)
    """


class Conv1DGRUCell(_Along1, _ConvGRUCell):
    """A gated recurrent unit with convolutions along one axis.

    Parameters
    ----------
    input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate
        As in `Conv2DRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    conv_layout, activation, prefix, params
        As in `Conv2DRNNCell`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.Conv1DGRUCell((2, 8), 3, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((1, 2, 8)), cell.begin_state(batch_size=1))
    >>> output.shape
    (1, 3, 8)
    """


class Conv2DGRUCell(_Along2, _ConvGRUCell):
    """A gated recurrent unit with convolutions along two axes.

    Parameters
    ----------
    input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate
        As in `Conv2DRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    conv_layout, activation, prefix, params
        As in `Conv2DRNNCell`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.Conv2DGRUCell((2, 8, 6), 3, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((1, 2, 8, 6)), cell.begin_state(batch_size=1))
    >>> output.shape
    (1, 3, 8, 6)
    """


class Conv3DGRUCell(_Along3, _ConvGRUCell):
    """A gated recurrent unit with convolutions along three axes.

    Parameters
    ----------
    input_shape, hidden_channels, i2h_kernel, h2h_kernel, i2h_pad, i2h_dilate, h2h_dilate
        As in `Conv2DRNNCell`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    conv_layout, activation, prefix, params
        As in `Conv2DRNNCell`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.Conv3DGRUCell((2, 4, 5, 6), 3, i2h_kernel=3, h2h_kernel=3, i2h_pad=1)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((1, 2, 4, 5, 6)), cell.begin_state(batch_size=1))
    >>> output.shape
    (1, 3, 4, 5, 6)
    """
