"""Recurrent layers: plain ones, LSTMs and GRUs."""

from __future__ import annotations

from typing import Any

from ...core.arguments import checked
from ...core.errors import MissingNameError
from ...ops.nn.rnn_layout import GATES
from .fused_layer import _RNNLayer

__all__ = ["GRU", "LSTM", "RNN"]

_ACTIVATIONS = tuple(mode.removeprefix("rnn_") for mode in GATES if mode.startswith("rnn_"))


class RNN(_RNNLayer):
    r"""Layers with one activation: :math:`h_t = \sigma(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh})`.

    Parameters
    ----------
    hidden_size : int
        The number of units of a layer.
    num_layers : int, default 1
        The number of layers; each reads what the one before it puts out.
    activation : {'relu', 'tanh'}, default 'relu'
        The activation.
    layout : {'TNC', 'NTC'}, default 'TNC'
        The order of the axes of inputs and outputs: T for steps, N for the batch, C for features.
    dropout : float, default 0
        In training mode: the probability that an element is dropped of what a layer hands on to the next one.
    bidirectional : bool, default False
        Run each layer backwards in time, too; the features of both directions stand side by side.
    i2h_weight_initializer, h2h_weight_initializer : Initializer or str, optional
        How the weights of the input and of the state are initialized.
    i2h_bias_initializer, h2h_bias_initializer : Initializer or str, default 'zeros'
        How their biases are.
    input_size : int, default 0
        The number of features; 0 infers it in the first forward pass.
    dtype : str, default 'float32'
        The type of the parameters.
    **kwargs
        ``use_sequence_length``, and ``prefix`` and ``params`` as in `HybridBlock`.

    Inputs and outputs
    ------------------
    (T, N, C) to (T, N, directions * hidden_size). With states, (num_layers * directions, N, hidden_size), as a second
    input, the last states come out as well, in a list.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import rnn
    >>> layer = rnn.RNN(3, num_layers=2)
    >>> layer.initialize()
    >>> layer(nd.ones((4, 2, 5))).shape
    (4, 2, 3)
    >>> output, states = layer(nd.ones((4, 2, 5)), layer.begin_state(batch_size=2))
    >>> states[0].shape
    (2, 2, 3)
    """

    @checked
    def __init__(
        self, hidden_size: int, num_layers: int = 1, activation: str = "relu", layout: str = "TNC", dropout: float = 0,
        bidirectional: bool = False, i2h_weight_initializer: Any = None, h2h_weight_initializer: Any = None,
        i2h_bias_initializer: Any = "zeros", h2h_bias_initializer: Any = "zeros", input_size: int = 0,
        dtype: Any = "float32", **kwargs: Any,
    ) -> None:  # fmt: skip
        if activation not in _ACTIVATIONS:
            raise MissingNameError(f"RNN: activation must be one of {_ACTIVATIONS}; received {activation!r}")
        super().__init__(
            hidden_size, num_layers, layout, dropout, bidirectional, input_size, i2h_weight_initializer,
            h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer, f"rnn_{activation}", None, None, None,
            None, False, dtype, **kwargs,
        )  # fmt: skip


class LSTM(_RNNLayer):
    """Layers of long short-term memory (Hochreiter and Schmidhuber, 1997).

    Parameters
    ----------
    hidden_size, num_layers, layout, dropout, bidirectional, input_size, dtype
        As in `RNN`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str
        As in `RNN`; the rows of the gates follow one another: input, forget, cell, output.
    projection_size : int, optional
        Multiply the state by a matrix, to this length, before it is put out and handed on (Sak et al., 2014).
    h2r_weight_initializer : Initializer or str, optional
        How that matrix is initialized.
    state_clip_min, state_clip_max : float, optional
        Keep the cells within this range, at every step.
    state_clip_nan : bool, default False
        With such a range: a cell that is NaN becomes its lower end.
    **kwargs
        As in `RNN`.

    Inputs and outputs
    ------------------
    As in `RNN`, with two states: that of `RNN`, and the cells, (num_layers * directions, N, hidden_size).

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import rnn
    >>> layer = rnn.LSTM(3, layout="NTC", bidirectional=True)
    >>> layer.initialize()
    >>> layer(nd.ones((2, 4, 5))).shape
    (2, 4, 6)
    """

    @checked
    def __init__(
        self, hidden_size: int, num_layers: int = 1, layout: str = "TNC", dropout: float = 0,
        bidirectional: bool = False, input_size: int = 0, i2h_weight_initializer: Any = None,
        h2h_weight_initializer: Any = None, i2h_bias_initializer: Any = "zeros", h2h_bias_initializer: Any = "zeros",
        projection_size: int | None = None, h2r_weight_initializer: Any = None, state_clip_min: float | None = None,
        state_clip_max: float | None = None, state_clip_nan: bool = False, dtype: Any = "float32", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            hidden_size, num_layers, layout, dropout, bidirectional, input_size, i2h_weight_initializer,
            h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer, "lstm", projection_size,
            h2r_weight_initializer, state_clip_min, state_clip_max, state_clip_nan, dtype, **kwargs,
        )  # fmt: skip


class GRU(_RNNLayer):
    """Layers of gated recurrent units (Cho et al., 2014), in cuDNN's form.

    Parameters
    ----------
    hidden_size, num_layers, layout, dropout, bidirectional, input_size, dtype, **kwargs
        As in `RNN`.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer : Initializer or str
        As in `RNN`; the rows of the gates follow one another: reset, update, new.

    Inputs and outputs
    ------------------
    As in `RNN`.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import rnn
    >>> layer = rnn.GRU(3)
    >>> layer.initialize()
    >>> layer(nd.ones((4, 2, 5))).shape
    (4, 2, 3)
    """

    @checked
    def __init__(
        self, hidden_size: int, num_layers: int = 1, layout: str = "TNC", dropout: float = 0,
        bidirectional: bool = False, input_size: int = 0, i2h_weight_initializer: Any = None,
        h2h_weight_initializer: Any = None, i2h_bias_initializer: Any = "zeros", h2h_bias_initializer: Any = "zeros",
        dtype: Any = "float32", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(
            hidden_size, num_layers, layout, dropout, bidirectional, input_size, i2h_weight_initializer,
            h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer, "gru", None, None, None, None, False,
            dtype, **kwargs,
        )  # fmt: skip
