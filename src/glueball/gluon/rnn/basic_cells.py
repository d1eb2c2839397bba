"""RNNCell, LSTMCell and GRUCell."""

from __future__ import annotations

from typing import Any

from ..core.parameter import Parameter
from ..core.parameter_dict import ParameterDict
from ..nn.arguments import at_least, lengths
from .recurrent_cell import HybridRecurrentCell

__all__ = ["GRUCell", "LSTMCell", "RNNCell"]


class BasicCell(HybridRecurrentCell):
    """What cells with two fully connected layers share: one of the inputs, one of the first state."""

    _glueball_gates = 1
    i2h_weight: Parameter

    def __init__(
        self, hidden_size: int, input_size: int, initializers: tuple[Any, ...], prefix: str | None,
        params: ParameterDict | None,
    ) -> None:  # fmt: skip
        super().__init__(prefix, params)
        owner = type(self).__name__
        self._hidden_size = at_least(owner, "hidden_size", hidden_size, 0)
        self._input_size = at_least(owner, "input_size", input_size, 0)
        for (name, shape), init in zip(self._glueball_shapes().items(), initializers, strict=True):
            setattr(self, name, self.params.get(name, shape=shape, init=init, allow_deferred_init=True))

    def _glueball_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the parameters by name, in the order of their initializers."""
        rows = self._glueball_gates * self._hidden_size
        return {
            "i2h_weight": (rows, self._input_size), "h2h_weight": (rows, self._hidden_size), "i2h_bias": (rows,),
            "h2h_bias": (rows,),
        }  # fmt: skip

    def state_info(self, batch_size: int = 0) -> list[dict[str, Any]]:
        return [{"shape": (batch_size, self._hidden_size), "__layout__": "NC"}]

    def _glueball_products(
        self, F: Any, inputs: Any, state: Any, i2h_weight: Any, h2h_weight: Any, i2h_bias: Any, h2h_bias: Any
    ) -> tuple[str, Any, Any]:
        """Return the prefix of the names of this step, and what the two layers compute."""
        prefix = f"t{self._counter}_"
        rows = self._glueball_gates * self._hidden_size
        i2h = F.FullyConnected(inputs, i2h_weight, i2h_bias, num_hidden=rows, name=f"{prefix}i2h")
        h2h = F.FullyConnected(state, h2h_weight, h2h_bias, num_hidden=rows, name=f"{prefix}h2h")
        return prefix, i2h, h2h

    def __repr__(self) -> str:
        rows, columns = lengths(self.i2h_weight)
        return f"{type(self).__name__}({columns or None} -> {rows})"


class RNNCell(BasicCell):
    """An Elman cell: the output, which is the new state, is activation(W_i x + b_i + W_h h + b_h).

    Parameters
    ----------
    hidden_size : int
        The length of the state.
    activation : str, Block or callable, default 'tanh'
        The activation function.
    i2h_weight_initializer, h2h_weight_initializer : Initializer or str, optional
        For the weights of the input and of the state; by default the initializer given to ``initialize()``.
    i2h_bias_initializer, h2h_bias_initializer : Initializer or str, default 'zeros'
        For the biases.
    input_size : int, default 0
        The length of an input; 0 infers it from the first.
    prefix, params
        As in `Block`.

    Inputs and outputs
    ------------------
    An input (N, input_size) and a list of one state (N, hidden_size), to the output and a list of the new state.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.rnn.RNNCell(5)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((2, 3)), cell.begin_state(batch_size=2))
    >>> output.shape
    (2, 5)
    """

    def __init__(
        self, hidden_size: int, activation: Any = "tanh", i2h_weight_initializer: Any = None,
        h2h_weight_initializer: Any = None, i2h_bias_initializer: Any = "zeros", h2h_bias_initializer: Any = "zeros",
        input_size: int = 0, prefix: str | None = None, params: ParameterDict | None = None,
    ) -> None:  # fmt: skip
        initializers = i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        super().__init__(hidden_size, input_size, initializers, prefix, params)
        self._activation = activation

    def _alias(self) -> str:
        return "rnn"

    def hybrid_forward(
        self, F: Any, inputs: Any, states: Any, i2h_weight: Any, h2h_weight: Any, i2h_bias: Any, h2h_bias: Any
    ) -> Any:
        prefix, i2h, h2h = self._glueball_products(F, inputs, states[0], i2h_weight, h2h_weight, i2h_bias, h2h_bias)
        total = F.elemwise_add(i2h, h2h, name=f"{prefix}plus0")
        output = self._get_activation(F, total, self._activation, name=f"{prefix}out")
        return output, [output]

    def __repr__(self) -> str:
        rows, columns = lengths(self.i2h_weight)
        return f"{type(self).__name__}({columns or None} -> {rows}, {self._activation})"


class LSTMCell(BasicCell):
    """A cell with long short-term memory: what it keeps, takes in and puts out, three gates decide.

    Parameters
    ----------
    hidden_size : int
        The length of each of the two states.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`; ``init.LSTMBias(1.0)`` makes the cell keep its memory at first.
    input_size : int, default 0
        The length of an input; 0 infers it from the first.
    prefix, params
        As in `Block`.
    activation : str, default 'tanh'
        The activation function of what is taken in and put out.
    recurrent_activation : str, Block or callable, default 'sigmoid'
        That of the gates.

    Inputs and outputs
    ------------------
    An input (N, input_size) and a list of two states (N, hidden_size), the output before and the memory, to the output
    and the list of the new states.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.rnn.LSTMCell(5)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((2, 3)), cell.begin_state(batch_size=2))
    >>> [state.shape for state in states]
    [(2, 5), (2, 5)]
    """

    _glueball_gates = 4

    def __init__(
        self, hidden_size: int, i2h_weight_initializer: Any = None, h2h_weight_initializer: Any = None,
        i2h_bias_initializer: Any = "zeros", h2h_bias_initializer: Any = "zeros", input_size: int = 0,
        prefix: str | None = None, params: ParameterDict | None = None, activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
    ) -> None:  # fmt: skip
        initializers = i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        super().__init__(hidden_size, input_size, initializers, prefix, params)
        self._activation = activation
        self._recurrent_activation = recurrent_activation

    def state_info(self, batch_size: int = 0) -> list[dict[str, Any]]:
        return [*super().state_info(batch_size), *super().state_info(batch_size)]

    def _alias(self) -> str:
        return "lstm"

    def hybrid_forward(
        self, F: Any, inputs: Any, states: Any, i2h_weight: Any, h2h_weight: Any, i2h_bias: Any, h2h_bias: Any
    ) -> Any:
        prefix, i2h, h2h = self._glueball_products(F, inputs, states[0], i2h_weight, h2h_weight, i2h_bias, h2h_bias)
        both = F.elemwise_add(i2h, h2h, name=f"{prefix}plus0")
        taken, kept, new, put = F.SliceChannel(both, num_outputs=4, name=f"{prefix}slice")
        gate, activation = self._recurrent_activation, self._activation
        taken = self._get_activation(F, taken, gate, name=f"{prefix}i")
        kept = self._get_activation(F, kept, gate, name=f"{prefix}f")
        new = self._get_activation(F, new, activation, name=f"{prefix}c")
        put = self._get_activation(F, put, gate, name=f"{prefix}o")
        memory = F.elemwise_add(
            F.elemwise_mul(kept, states[1], name=f"{prefix}mul0"),
            F.elemwise_mul(taken, new, name=f"{prefix}mul1"),
            name=f"{prefix}state",
        )
        shown = F.Activation(memory, act_type=activation, name=f"{prefix}activation0")
        output = F.elemwise_mul(put, shown, name=f"{prefix}out")
        return output, [output, memory]


class GRUCell(BasicCell):
    """A gated recurrent unit, in the form that cuDNN computes: the reset gate multiplies W_h h + b_h.

    Parameters
    ----------
    hidden_size : int
        The length of the state.
    i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        As in `RNNCell`.
    input_size : int, default 0
        The length of an input; 0 infers it from the first.
    prefix, params
        As in `Block`.

    Inputs and outputs
    ------------------
    As `RNNCell`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.rnn.GRUCell(5, input_size=3)
    >>> cell
    GRUCell(3 -> 15)
    """

    _glueball_gates = 3

    def __init__(
        self, hidden_size: int, i2h_weight_initializer: Any = None, h2h_weight_initializer: Any = None,
        i2h_bias_initializer: Any = "zeros", h2h_bias_initializer: Any = "zeros", input_size: int = 0,
        prefix: str | None = None, params: ParameterDict | None = None,
    ) -> None:  # fmt: skip
        initializers = i2h_weight_initializer, h2h_weight_initializer, i2h_bias_initializer, h2h_bias_initializer
        super().__init__(hidden_size, input_size, initializers, prefix, params)

    def _alias(self) -> str:
        return "gru"

    def hybrid_forward(
        self, F: Any, inputs: Any, states: Any, i2h_weight: Any, h2h_weight: Any, i2h_bias: Any, h2h_bias: Any
    ) -> Any:
        before = states[0]
        prefix, i2h, h2h = self._glueball_products(F, inputs, before, i2h_weight, h2h_weight, i2h_bias, h2h_bias)
        i2h_reset, i2h_update, i2h_new = F.SliceChannel(i2h, num_outputs=3, name=f"{prefix}i2h_slice")
        h2h_reset, h2h_update, h2h_new = F.SliceChannel(h2h, num_outputs=3, name=f"{prefix}h2h_slice")
        reset = F.elemwise_add(i2h_reset, h2h_reset, name=f"{prefix}plus0")
        reset = F.Activation(reset, act_type="sigmoid", name=f"{prefix}r_act")
        update = F.elemwise_add(i2h_update, h2h_update, name=f"{prefix}plus1")
        update = F.Activation(update, act_type="sigmoid", name=f"{prefix}z_act")
        new = F.elemwise_mul(reset, h2h_new, name=f"{prefix}mul0")
        new = F.elemwise_add(i2h_new, new, name=f"{prefix}plus2")
        new = F.Activation(new, act_type="tanh", name=f"{prefix}h_act")
        rest = F.elemwise_sub(F.ones_like(update, name=f"{prefix}ones_like0"), update, name=f"{prefix}minus0")
        output = F.elemwise_add(
            F.elemwise_mul(rest, new, name=f"{prefix}mul1"),
            F.elemwise_mul(update, before, name=f"{prefix}mul20"),
            name=f"{prefix}out",
        )
        return output, [output]
