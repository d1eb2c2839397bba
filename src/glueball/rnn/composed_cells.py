"""Cells made of cells: one after the other, or in both directions of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import symbol
from ..core.errors import MissingMethodError, RefusedError
from ..ndarray import NDArray
from ..symbol import Symbol
from .base_cell import BaseRNNCell, RNNParams, States
from .sequences import Steps, as_steps


class ComposedCell(BaseRNNCell):
    """A cell made of others, whose parameters and states are all of theirs, in order.

    Parameters
    ----------
    params : RNNParams, optional
        The variables for all cells, which must then have none yet.
    """

    def __init__(self, params: RNNParams | None) -> None:
        super().__init__(prefix="", params=params)
        self._override_cell_params = params is not None
        self._cells: list[Any] = []

    def _take_over(self, cell: Any) -> None:
        """Add a cell."""
        if self._override_cell_params:
            if not cell._own_params:
                raise RefusedError(
                    f"{type(self).__name__}: params must be given for it or for its cells, not for both; received both"
                )
            cell.params._params.update(self.params._params)
        self.params._params.update(cell.params._params)
        self._cells.append(cell)

    @property
    def state_info(self) -> list[dict[str, Any]]:
        """Shape and layout of the states of all cells."""
        return [info for cell in self._cells for info in cell.state_info]

    def begin_state(self, **kwargs: Any) -> States:  # type: ignore[override]  # func is among them, as in MXNet
        """Return the states of all cells before the first step; see `BaseRNNCell`."""
        self._require_unmodified()
        return [state for cell in self._cells for state in cell.begin_state(**kwargs)]

    def unpack_weights(self, args: Mapping[str, NDArray]) -> dict[str, NDArray]:
        """Return parameters in which the weights of the gates of all cells are arrays of their own."""
        for cell in self._cells:
            args = cell.unpack_weights(args)
        return dict(args)

    def pack_weights(self, args: Mapping[str, NDArray]) -> dict[str, NDArray]:
        """Undo what `unpack_weights` does."""
        for cell in self._cells:
            args = cell.pack_weights(args)
        return dict(args)

    def _shares(self, states: States) -> list[States]:
        """Divide a list of states among the cells."""
        shares, first = [], 0
        for cell in self._cells:
            count = len(cell.state_info)
            shares.append(states[first : first + count])
            first += count
        return shares


class SequentialRNNCell(ComposedCell):
    """Cells one on top of the other: each takes the outputs of the one before it.

    Parameters
    ----------
    params : RNNParams, optional
        The variables for all cells.

    Examples
    --------
    >>> import glueball as mx
    >>> stack = mx.rnn.SequentialRNNCell()
    >>> for number in range(2):
    ...     stack.add(mx.rnn.LSTMCell(8, prefix=f"layer{number}_"))
    >>> outputs, states = stack.unroll(3, mx.sym.var("data"))
    >>> outputs[-1].name, len(states)
    ('layer1_t2_out', 4)
    """

    def __init__(self, params: RNNParams | None = None) -> None:
        super().__init__(params)

    def add(self, cell: BaseRNNCell) -> None:
        """Put a cell on top.

        Parameters
        ----------
        cell : BaseRNNCell
            The cell.
        """
        self._take_over(cell)

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step of all cells; see `BaseRNNCell`."""
        self._counter += 1
        following: States = []
        for cell, share in zip(self._cells, self._shares(states), strict=True):
            if isinstance(cell, BidirectionalCell):
                raise RefusedError("SequentialRNNCell: a BidirectionalCell must be unrolled; call unroll()")
            inputs, new = cell(inputs, share)
            following += new
        return inputs, following

    def unroll(
        self,
        length: int,
        inputs: Any,
        begin_state: States | None = None,
        layout: str = "NTC",
        merge_outputs: bool | None = None,
    ) -> tuple[Any, States]:
        """Compute several steps of one cell after the other; see `BaseRNNCell`."""
        self.reset()
        shares = self._shares(self.begin_state() if begin_state is None else begin_state)
        following: States = []
        for number, (cell, share) in enumerate(zip(self._cells, shares, strict=True), 1):
            merge = merge_outputs if number == len(self._cells) else None
            inputs, states = cell.unroll(length, inputs=inputs, begin_state=share, layout=layout, merge_outputs=merge)
            following += states
        return inputs, following


class BidirectionalCell(ComposedCell):
    """Two cells, of which the second goes through time backwards; their outputs are concatenated.

    Parameters
    ----------
    l_cell, r_cell : BaseRNNCell
        The cells that go forwards and backwards.
    params : RNNParams, optional
        The variables for both cells.
    output_prefix : str, default 'bi_'
        What the names of the outputs begin with.

    Examples
    --------
    >>> import glueball as mx
    >>> cell = mx.rnn.BidirectionalCell(mx.rnn.GRUCell(8, prefix="l_"), mx.rnn.GRUCell(8, prefix="r_"))
    >>> outputs, states = cell.unroll(3, mx.sym.var("data"), merge_outputs=True)
    >>> outputs.infer_shape(data=(2, 3, 5))[1]
    [(2, 3, 16)]
    """

    def __init__(
        self, l_cell: BaseRNNCell, r_cell: BaseRNNCell, params: RNNParams | None = None, output_prefix: str = "bi_"
    ) -> None:
        super().__init__(params)
        self._output_prefix = output_prefix
        self._take_over(l_cell)
        self._take_over(r_cell)

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Refused: the second cell begins at the last step."""
        raise MissingMethodError("BidirectionalCell: it cannot be stepped, since it needs all steps; call unroll()")

    def unroll(
        self,
        length: int,
        inputs: Any,
        begin_state: States | None = None,
        layout: str = "NTC",
        merge_outputs: bool | None = None,
    ) -> tuple[Steps, States]:
        """Compute several steps; see `BaseRNNCell`. The states are a list for each of the two cells."""
        self.reset()
        axis = layout.find("T")
        steps = as_steps("BidirectionalCell.unroll", length, inputs, layout)
        shares = self._shares(self.begin_state() if begin_state is None else begin_state)
        outputs: list[Any] = []
        states: States = []
        for cell, share, order in zip(self._cells, shares, (steps, steps[::-1]), strict=True):
            found, last = cell.unroll(
                length, inputs=order, begin_state=share, layout=layout, merge_outputs=merge_outputs
            )
            outputs.append(found)
            states.append(last)
        if merge_outputs is None:
            merge_outputs = all(isinstance(found, Symbol) for found in outputs)
        if merge_outputs:
            reverse = symbol.reverse(outputs[1], axis=axis)
            return symbol.Concat(outputs[0], reverse, dim=2, name=f"{self._output_prefix}out"), states
        forwards, backwards = [
            list(symbol.SliceChannel(found, axis=axis, num_outputs=length, squeeze_axis=1))  # type: ignore[arg-type]
            if isinstance(found, Symbol)
            else found
            for found in outputs
        ]
        pairs = zip(forwards, reversed(backwards), strict=True)
        return [
            symbol.Concat(*pair, dim=1, name=f"{self._output_prefix}t{number}") for number, pair in enumerate(pairs)
        ], states
