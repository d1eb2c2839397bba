"""The cells with weights: a plain one, LSTM and GRU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import initializer as init
from .. import symbol
from ..symbol import Symbol
from .base_cell import BaseRNNCell, RNNParams, States


class DenseCell(BaseRNNCell):
    """A cell that multiplies its input and its state by matrices.

    Parameters
    ----------
    num_hidden : int
        The number of units.
    prefix, params
        As for `BaseRNNCell`.
    """

    def __init__(self, num_hidden: int, prefix: str, params: RNNParams | None) -> None:
        super().__init__(prefix=prefix, params=params)
        self._num_hidden = num_hidden
        self._get_variables()

    def _get_variables(self) -> None:
        """Set the four variables, in the order in which MXNet makes them."""
        self._iW = self.params.get("i2h_weight")
        self._iB = self.params.get("i2h_bias")
        self._hW = self.params.get("h2h_weight")
        self._hB = self.params.get("h2h_bias")

    @property
    def state_info(self) -> list[dict[str, Any]]:
        """Shape and layout of the state, which is the last output."""
        return [{"shape": (0, self._num_hidden), "__layout__": "NC"}]

    def _products(self, inputs: Any, states: States, name: str) -> tuple[Symbol, Symbol]:
        """Return what the input and the state contribute to all gates."""
        width = self._num_hidden * len(self._gate_names)
        i2h = symbol.FullyConnected(data=inputs, weight=self._iW, bias=self._iB, num_hidden=width, name=f"{name}i2h")
        h2h = symbol.FullyConnected(data=states[0], weight=self._hW, bias=self._hB, num_hidden=width, name=f"{name}h2h")
        return i2h, h2h


class RNNCell(DenseCell):
    """A plain cell: ``activation(input @ W + state @ R + biases)``.

    Parameters
    ----------
    num_hidden : int
        The number of units.
    activation : str or callable, default 'tanh'
        What ``mx.sym.Activation`` knows by name, or a function of a symbol and ``name=``.
    prefix : str, default 'rnn_'
        What the names of variables and nodes begin with.
    params : RNNParams, optional
        The variables, to share those of another cell.

    Examples
    --------
    >>> import glueball as mx
    >>> cell = mx.rnn.RNNCell(8)
    >>> outputs, states = cell.unroll(3, mx.sym.var("data"), merge_outputs=True)
    >>> outputs.infer_shape(data=(2, 3, 5))[1]
    [(2, 3, 8)]
    """

    def __init__(
        self, num_hidden: int, activation: Any = "tanh", prefix: str = "rnn_", params: RNNParams | None = None
    ) -> None:
        super().__init__(num_hidden, prefix, params)
        self._activation = activation

    @property
    def _gate_names(self) -> Sequence[str]:
        return ("",)

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step; see `BaseRNNCell`."""
        self._counter += 1
        name = f"{self._prefix}t{self._counter}_"
        i2h, h2h = self._products(inputs, states, name)
        output = self._get_activation(i2h + h2h, self._activation, name=f"{name}out")
        return output, [output]


class LSTMCell(DenseCell):
    """A long short-term memory. Its states are the last output and the memory.

    Parameters
    ----------
    num_hidden : int
        The number of units.
    prefix : str, default 'lstm_'
        What the names of variables and nodes begin with.
    params : RNNParams, optional
        The variables, to share those of another cell.
    forget_bias : float, default 1.0
        What the bias of the forget gate is initialized to.

    Examples
    --------
    >>> import glueball as mx
    >>> cell = mx.rnn.LSTMCell(8)
    >>> outputs, states = cell.unroll(3, mx.sym.var("data"))
    >>> [output.name for output in outputs], [state.name for state in states]
    (['lstm_t0_out', 'lstm_t1_out', 'lstm_t2_out'], ['lstm_t2_out', 'lstm_t2_state'])
    """

    def __init__(
        self, num_hidden: int, prefix: str = "lstm_", params: RNNParams | None = None, forget_bias: float = 1.0
    ) -> None:
        self._forget_bias = forget_bias
        super().__init__(num_hidden, prefix, params)

    def _get_variables(self) -> None:
        self._iW = self.params.get("i2h_weight")
        self._hW = self.params.get("h2h_weight")
        self._iB = self.params.get("i2h_bias", init=init.LSTMBias(forget_bias=self._forget_bias))
        self._hB = self.params.get("h2h_bias")

    @property
    def state_info(self) -> list[dict[str, Any]]:
        """Shape and layout of the two states."""
        return [{"shape": (0, self._num_hidden), "__layout__": "NC"} for _ in range(2)]

    @property
    def _gate_names(self) -> Sequence[str]:
        return ["_i", "_f", "_c", "_o"]

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step; see `BaseRNNCell`."""
        self._counter += 1
        name = f"{self._prefix}t{self._counter}_"
        i2h, h2h = self._products(inputs, states, name)
        gates = symbol.SliceChannel(i2h + h2h, num_outputs=4, name=f"{name}slice")
        return lstm_step(self, gates, states[1], name, "tanh")


def lstm_step(cell: BaseRNNCell, gates: Symbol, memory: Symbol, name: str, activation: Any) -> tuple[Symbol, States]:
    """Return output and states of an LSTM from its four gates, in the order in which a name is due to each node."""
    taken = symbol.Activation(gates[0], act_type="sigmoid", name=f"{name}i")
    kept = symbol.Activation(gates[1], act_type="sigmoid", name=f"{name}f")
    new = cell._get_activation(gates[2], activation, name=f"{name}c")
    shown = symbol.Activation(gates[3], act_type="sigmoid", name=f"{name}o")
    memory = symbol.elemwise_add(kept * memory, taken * new, name=f"{name}state")
    output = symbol.elemwise_mul(shown, cell._get_activation(memory, activation), name=f"{name}out")
    return output, [output, memory]


class GRUCell(DenseCell):
    """A gated recurrent unit, as cuDNN computes it: the reset gate acts on the product with the state.

    Parameters
    ----------
    num_hidden : int
        The number of units.
    prefix : str, default 'gru_'
        What the names of variables and nodes begin with.
    params : RNNParams, optional
        The variables, to share those of another cell.

    Examples
    --------
    >>> import glueball as mx
    >>> outputs, states = mx.rnn.GRUCell(8).unroll(3, mx.sym.var("data"))
    >>> outputs[-1].list_arguments()
    ['data', 'gru_i2h_weight', 'gru_i2h_bias', 'gru_h2h_weight', 'gru_h2h_bias']
    """

    def __init__(self, num_hidden: int, prefix: str = "gru_", params: RNNParams | None = None) -> None:
        super().__init__(num_hidden, prefix, params)

    @property
    def _gate_names(self) -> Sequence[str]:
        return ["_r", "_z", "_o"]

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step; see `BaseRNNCell`."""
        self._counter += 1
        name = f"{self._prefix}t{self._counter}_"
        i2h, h2h = self._products(inputs, states, f"{name}_")
        return gru_step(self, i2h, h2h, states[0], name, "tanh")


def gru_step(
    cell: BaseRNNCell, i2h: Symbol, h2h: Symbol, state: Symbol, name: str, activation: Any
) -> tuple[Symbol, States]:
    """Return output and state of a GRU from what input and state contribute to its gates."""
    of_input = symbol.SliceChannel(i2h, num_outputs=3, name=f"{name}_i2h_slice")
    of_state = symbol.SliceChannel(h2h, num_outputs=3, name=f"{name}_h2h_slice")
    reset = symbol.Activation(of_input[0] + of_state[0], act_type="sigmoid", name=f"{name}_r_act")
    update = symbol.Activation(of_input[1] + of_state[1], act_type="sigmoid", name=f"{name}_z_act")
    new = cell._get_activation(of_input[2] + reset * of_state[2], activation, name=f"{name}_h_act")
    output = symbol.elemwise_add((1.0 - update) * new, update * state, name=f"{name}out")
    return output, [output]
