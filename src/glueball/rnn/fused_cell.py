"""Several layers of cells as one operator, ``RNN``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import initializer as init
from .. import ndarray as nd
from .. import symbol
from ..core.errors import MissingMethodError, MissingNameError, RefusedError
from ..core.warning import warn
from ..ndarray import NDArray
from ..ops.nn.rnn_gates import GATE_NAMES, features_of, gate_parts
from ..ops.nn.rnn_layout import length as packed_length
from ..symbol import Symbol
from .base_cell import BaseRNNCell, RNNParams, States
from .cells import GRUCell, LSTMCell, RNNCell
from .composed_cells import BidirectionalCell, SequentialRNNCell
from .dropout_cell import DropoutCell
from .sequences import Steps, arranged, merged


class FusedRNNCell(BaseRNNCell):
    """Several layers, in one or both directions, computed by one operator. It cannot be stepped.

    Parameters
    ----------
    num_hidden : int
        The number of units of each layer.
    num_layers : int, default 1
        The number of layers.
    mode : {'lstm', 'gru', 'rnn_relu', 'rnn_tanh'}
        The kind of cell.
    bidirectional : bool, default False
        Whether each layer goes through time in both directions.
    dropout : float, default 0.0
        The dropout between layers.
    get_next_state : bool, default False
        Whether `unroll` returns the states after the last step; otherwise an empty list.
    forget_bias : float, default 1.0
        What the bias of the forget gate of an LSTM is initialized to.
    prefix : str, optional
        What the names of variables and nodes begin with; by default the mode and ``_``.
    params : RNNParams, optional
        The variables, to share those of another cell.

    Examples
    --------
    >>> import glueball as mx
    >>> cell = mx.rnn.FusedRNNCell(8, num_layers=2, mode="gru", prefix="net_")
    >>> outputs, _ = cell.unroll(3, mx.sym.var("data"), layout="TNC")
    >>> outputs.infer_shape(data=(3, 2, 5))[1]
    [(3, 2, 8)]
    """

    def __init__(
        self,
        num_hidden: int,
        num_layers: int = 1,
        mode: Any = "lstm",
        bidirectional: bool = False,
        dropout: float = 0.0,
        get_next_state: bool = False,
        forget_bias: float = 1.0,
        prefix: str | None = None,
        params: RNNParams | None = None,
    ) -> None:
        super().__init__(prefix=f"{mode}_" if prefix is None else prefix, params=params)
        self._num_hidden = num_hidden
        self._num_layers = num_layers
        self._mode = mode
        self._bidirectional = bidirectional
        self._dropout = dropout
        self._get_next_state = get_next_state
        self._directions = ["l", "r"] if bidirectional else ["l"]
        initializer = init.FusedRNN(None, num_hidden, num_layers, mode, bidirectional, forget_bias)
        self._parameter = self.params.get("parameters", init=initializer)

    @property
    def state_info(self) -> list[dict[str, Any]]:
        """Shape and layout of each state, of all layers and directions."""
        shape = (len(self._directions) * self._num_layers, 0, self._num_hidden)
        return [{"shape": shape, "__layout__": "LNC"} for _ in range(1 + (self._mode == "lstm"))]

    @property
    def _gate_names(self) -> Sequence[str]:
        return GATE_NAMES[self._mode]

    @property
    def _num_gates(self) -> int:
        return len(self._gate_names)

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Refused: one operator computes all steps."""
        raise MissingMethodError("FusedRNNCell: it cannot be stepped; call unroll(), or step its unfuse()")

    # --- weights --------------------------------------------------------------------------------------------

    def _slice_weights(self, arr: NDArray, li: int, lh: int) -> dict[str, NDArray]:
        """Return the weights of each gate, as parts of the packed vector.

        Parameters
        ----------
        arr : NDArray
            The vector.
        li : int
            The length of a step of the data.
        lh : int
            The number of units.
        """
        return {
            self._prefix + part.name: arr[part.first : part.first + part.size].reshape(part.shape)
            for part in gate_parts(self._mode, li, lh, self._num_layers, self._bidirectional)
        }

    def unpack_weights(self, args: Mapping[str, NDArray]) -> dict[str, NDArray]:
        """Return parameters in which the weights of each gate of each layer are arrays of their own.

        The names are those of `unfuse`, so that it can be given to ``unfuse().pack_weights``.
        """
        found = dict(args)
        packed = self._taken(found, "parameters")
        features = features_of(packed.size, self._mode, self._num_hidden, self._num_layers, self._bidirectional)
        if features is None:
            raise RefusedError(
                f"FusedRNNCell.unpack_weights: {self._prefix}parameters must hold the weights of {self._num_layers} "
                f"layers of {self._num_hidden} units; received {packed.size} numbers"
            )
        parts = self._slice_weights(packed, features, self._num_hidden)
        return {**found, **{name: part.copy() for name, part in parts.items()}}

    def pack_weights(self, args: Mapping[str, NDArray]) -> dict[str, NDArray]:
        """Undo what `unpack_weights` does."""
        found = dict(args)
        name = f"{self._prefix}l0_i2h{self._gate_names[0]}_weight"
        if name not in found:
            raise MissingNameError(f"FusedRNNCell: args must have all parameters of the cell; {name} is missing")
        first = found[name]
        size = packed_length(
            self._mode, first.shape[1], self._num_hidden, self._num_layers, bidirectional=self._bidirectional
        )
        packed = nd.zeros((size,), ctx=first.context, dtype=first.dtype)
        for name, part in self._slice_weights(packed, first.shape[1], self._num_hidden).items():
            part[:] = self._taken(found, name.removeprefix(self._prefix))
        found[self._prefix + "parameters"] = packed
        return found

    # --- graphs ---------------------------------------------------------------------------------------------

    def unroll(
        self,
        length: int,
        inputs: Any,
        begin_state: States | None = None,
        layout: str = "NTC",
        merge_outputs: bool | None = None,
    ) -> tuple[Steps, States]:
        """Compute all steps; see `BaseRNNCell`. The operator has time first, so that 'TNC' is the quicker layout."""
        owner = "FusedRNNCell.unroll"
        self.reset()
        data = merged(owner, length, inputs, layout)
        axis = layout.find("T")
        if axis not in (0, 1):
            raise RefusedError(f"{owner}: layout must be 'TNC' or 'NTC'; received {layout!r}")
        if axis == 1:
            warn(f"{owner}: time is not the first axis, which costs a transposition; 'TNC' is quicker", UserWarning)
            data = symbol.swapaxes(data, dim1=0, dim2=1)
        outputs, states = self._computed(data, self.begin_state() if begin_state is None else begin_state)
        if axis == 1:
            outputs = symbol.swapaxes(outputs, dim1=0, dim2=1)
        return arranged(owner, length, outputs, layout, merge_outputs), states

    def _computed(self, data: Symbol, begin_state: States) -> tuple[Symbol, States]:
        """Return outputs, with time first, and states."""
        named = dict(zip(("state", "state_cell"), begin_state, strict=False))
        rnn = symbol.RNN(
            data=data, parameters=self._parameter, state_size=self._num_hidden, num_layers=self._num_layers,
            bidirectional=self._bidirectional, p=self._dropout, state_outputs=self._get_next_state, mode=self._mode,
            name=f"{self._prefix}rnn", **named,
        )  # fmt: skip
        if not self._get_next_state:
            return rnn, []
        states = [rnn[1 + number] for number in range(len(self.state_info))]
        for state in states:
            state._set_attr(__layout__="LNC")
        return rnn[0], states

    def unfuse(self) -> SequentialRNNCell:
        """Return cells, in a `SequentialRNNCell`, that compute the same step by step."""
        makers: dict[str, Callable[[str], BaseRNNCell]] = {
            "rnn_relu": lambda prefix: RNNCell(self._num_hidden, activation="relu", prefix=prefix),
            "rnn_tanh": lambda prefix: RNNCell(self._num_hidden, activation="tanh", prefix=prefix),
            "lstm": lambda prefix: LSTMCell(self._num_hidden, prefix=prefix),
            "gru": lambda prefix: GRUCell(self._num_hidden, prefix=prefix),
        }
        make = makers[self._mode]
        stack = SequentialRNNCell()
        for number in range(self._num_layers):
            cell = make(f"{self._prefix}l{number}_")
            if self._bidirectional:
                other = make(f"{self._prefix}r{number}_")
                cell = BidirectionalCell(cell, other, output_prefix=f"{self._prefix}bi_l{number}_")
            stack.add(cell)
            if self._dropout > 0 and number < self._num_layers - 1:
                stack.add(DropoutCell(self._dropout, prefix=f"{self._prefix}_dropout{number}_"))
        return stack
