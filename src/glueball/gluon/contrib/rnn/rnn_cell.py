"""VariationalDropoutCell and LSTMPCell."""

from __future__ import annotations

from typing import Any

from ....core.arguments import checked
from ...core.parameter_dict import ParameterDict
from ...nn.arguments import at_least, lengths
from ...rnn.basic_cells import BasicCell
from ...rnn.modifier_cells import ModifierCell, refuse_both_directions
from ...rnn.sequences import (
    _format_sequence,
    _get_begin_state,
    _mask_sequence_variable_length,
    tensor_types,
)
from .loops import dynamic_unroll  # noqa: F401  (MXNet has it here, and not in the package)

__all__ = ["LSTMPCell", "VariationalDropoutCell"]


class VariationalDropoutCell(ModifierCell):
    """Dropout whose masks stay the same for all steps of a sequence (Gal and Ghahramani, 2016).

    Parameters
    ----------
    base_cell : RecurrentCell
        The cell.
    drop_inputs : float, default 0
        The probability for each element of the inputs.
    drop_states : float, default 0
        The probability for each element of the first state.
    drop_outputs : float, default 0
        The probability for each element of the outputs.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.VariationalDropoutCell(gluon.rnn.LSTMCell(5), drop_states=0.5)
    >>> cell.initialize()
    >>> outputs, states = cell.unroll(3, nd.ones((2, 3, 4)), merge_outputs=True)
    >>> outputs.shape
    (2, 3, 5)
    """

    @checked
    def __init__(
        self, base_cell: Any, drop_inputs: float = 0.0, drop_states: float = 0.0, drop_outputs: float = 0.0
    ) -> None:
        if drop_states:
            refuse_both_directions("VariationalDropoutCell", base_cell)
        super().__init__(base_cell)
        self.drop_inputs = drop_inputs
        self.drop_states = drop_states
        self.drop_outputs = drop_outputs

    def _alias(self) -> str:
        return "vardrop"

    def reset(self) -> None:
        """Forget the masks, too: the next step draws new ones."""
        super().reset()
        self.drop_inputs_mask: Any = None
        self.drop_states_mask: Any = None
        self.drop_outputs_mask: Any = None

    def _initialize_input_masks(self, F: Any, inputs: Any, states: Any) -> None:
        if self.drop_states and self.drop_states_mask is None:
            self.drop_states_mask = F.Dropout(F.ones_like(states[0]), p=self.drop_states)
        if self.drop_inputs and self.drop_inputs_mask is None:
            self.drop_inputs_mask = F.Dropout(F.ones_like(inputs), p=self.drop_inputs)

    def _initialize_output_mask(self, F: Any, output: Any) -> None:
        if self.drop_outputs and self.drop_outputs_mask is None:
            self.drop_outputs_mask = F.Dropout(F.ones_like(output), p=self.drop_outputs)

    def hybrid_forward(self, F: Any, inputs: Any, states: Any) -> Any:
        self._initialize_input_masks(F, inputs, states)
        if self.drop_states:
            states = [states[0] * self.drop_states_mask, *states[1:]]
        if self.drop_inputs:
            inputs = inputs * self.drop_inputs_mask
        output, after = self.base_cell(inputs, states)
        self._initialize_output_mask(F, output)
        if self.drop_outputs:
            output = output * self.drop_outputs_mask
        return output, after

    def unroll(
        self, length: int, inputs: Any, begin_state: Any = None, layout: str = "NTC",
        merge_outputs: bool | None = None, valid_length: Any = None,
    ) -> tuple[Any, list[Any]]:  # fmt: skip
        """Run the cell over a sequence; see `RecurrentCell.unroll`.

        Without dropout of states, that of inputs and outputs is one operator for the whole sequence, and the outputs
        are one array unless `merge_outputs` says otherwise.
        """
        if self.drop_states:
            return super().unroll(length, inputs, begin_state, layout, merge_outputs, valid_length)
        self.reset()
        inputs, axis, F, batch_size = _format_sequence(length, inputs, layout, True)
        states = _get_begin_state(self, F, begin_state, inputs, batch_size)
        if self.drop_inputs:
            inputs = F.Dropout(inputs, p=self.drop_inputs, axes=(axis,))
        outputs, states = self.base_cell.unroll(
            length, inputs, states, layout, merge_outputs=True, valid_length=valid_length
        )
        if self.drop_outputs:
            outputs = F.Dropout(outputs, p=self.drop_outputs, axes=(axis,))
        if merge_outputs is None:
            merge_outputs = isinstance(outputs, tensor_types)
        outputs = _format_sequence(length, outputs, layout, merge_outputs)[0]
        if valid_length is not None:
            outputs = _mask_sequence_variable_length(F, outputs, length, valid_length, axis, merge_outputs)
        return outputs, states

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p_out = {self.drop_outputs}, p_state = {self.drop_states})"


class LSTMPCell(BasicCell):
    """An `LSTMCell` whose output is projected to another length (Sak et al., 2014), which is then that of a state.

    Parameters
    ----------
    hidden_size : int
        The length of the memory.
    projection_size : int
        The length of the output.
    i2h_weight_initializer, h2h_weight_initializer, h2r_weight_initializer : Initializer or str, optional
        For the weights of the input, of the output before, and of the projection.
    i2h_bias_initializer, h2h_bias_initializer : Initializer or str, default 'zeros'
        For the biases; the projection has none.
    input_size : int, default 0
        The length of an input; 0 infers it from the first.
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.contrib.rnn.LSTMPCell(8, 3)
    >>> cell.initialize()
    >>> output, states = cell(nd.ones((2, 4)), cell.begin_state(batch_size=2))
    >>> output.shape, [state.shape for state in states]
    ((2, 3), [(2, 3), (2, 8)])
    """

    _glueball_gates = 4

    def __init__(
        self, hidden_size: int, projection_size: int, i2h_weight_initializer: Any = None,
        h2h_weight_initializer: Any = None, h2r_weight_initializer: Any = None, i2h_bias_initializer: Any = "zeros",
        h2h_bias_initializer: Any = "zeros", input_size: int = 0, prefix: str | None = None,
        params: ParameterDict | None = None,
    ) -> None:  # fmt: skip
        initializers = (
            i2h_weight_initializer, h2h_weight_initializer, h2r_weight_initializer, i2h_bias_initializer,
            h2h_bias_initializer,
        )  # fmt: skip
        self._projection_size = at_least(type(self).__name__, "projection_size", projection_size, 0)
        super().__init__(hidden_size, input_size, initializers, prefix, params)

    def _glueball_shapes(self) -> dict[str, tuple[int, ...]]:
        rows = 4 * self._hidden_size
        return {
            "i2h_weight": (rows, self._input_size), "h2h_weight": (rows, self._projection_size),
            "h2r_weight": (self._projection_size, self._hidden_size), "i2h_bias": (rows,), "h2h_bias": (rows,),
        }  # fmt: skip

    def state_info(self, batch_size: int = 0) -> list[dict[str, Any]]:
        return [
            {"shape": (batch_size, length), "__layout__": "NC"} for length in (self._projection_size, self._hidden_size)
        ]

    def _alias(self) -> str:
        return "lstmp"

    def __repr__(self) -> str:
        rows, columns = lengths(self.i2h_weight)
        return f"{type(self).__name__}({columns or None} -> {rows} -> {self._projection_size})"

    def hybrid_forward(
        self, F: Any, inputs: Any, states: Any, i2h_weight: Any, h2h_weight: Any, h2r_weight: Any, i2h_bias: Any,
        h2h_bias: Any,
    ) -> Any:  # fmt: skip
        prefix, i2h, h2h = self._glueball_products(F, inputs, states[0], i2h_weight, h2h_weight, i2h_bias, h2h_bias)
        taken, kept, new, put = F.SliceChannel(i2h + h2h, num_outputs=4, name=f"{prefix}slice")
        taken = F.Activation(taken, act_type="sigmoid", name=f"{prefix}i")
        kept = F.Activation(kept, act_type="sigmoid", name=f"{prefix}f")
        new = F.Activation(new, act_type="tanh", name=f"{prefix}c")
        put = F.Activation(put, act_type="sigmoid", name=f"{prefix}o")
        memory = F.elemwise_add(kept * states[1], taken * new, name=f"{prefix}state")
        hidden = F.elemwise_mul(put, F.Activation(memory, act_type="tanh"), name=f"{prefix}hidden")
        output = F.FullyConnected(
            hidden, h2r_weight, num_hidden=self._projection_size, no_bias=True, name=f"{prefix}out"
        )
        return output, [output, memory]
