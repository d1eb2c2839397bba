"""Cells made of cells that follow one another, or that read a sequence in both directions."""

from __future__ import annotations

from typing import Any

from ...core.errors import MissingMethodError, MissingNameError, OutOfRangeError, RefusedError
from ..core.parameter_dict import ParameterDict
from .recurrent_cell import HybridRecurrentCell, RecurrentCell
from .sequences import (
    _cells_begin_state,
    _cells_state_info,
    _format_sequence,
    _get_begin_state,
    _mask_sequence_variable_length,
    _reverse_sequences,
    rows_of,
    shares,
    tensor_types,
)

__all__ = ["BidirectionalCell", "HybridSequentialRNNCell", "SequentialRNNCell"]


class NoCellError(MissingNameError, OutOfRangeError):
    """There is no cell with this number. MXNet raises KeyError; Python ends a loop at an IndexError."""


class StackedCells(RecurrentCell):
    """What SequentialRNNCell and HybridSequentialRNNCell share."""

    def add(self, cell: Any) -> None:
        """Append a cell."""
        self.register_child(cell)

    def state_info(self, batch_size: int = 0) -> list[dict[str, Any]]:
        return _cells_state_info(self._children.values(), batch_size)

    def begin_state(self, **kwargs: Any) -> list[Any]:  # type: ignore[override]  # MXNet's takes no positions here
        """Return states for the first step of every cell; see `RecurrentCell.begin_state`."""
        if self._modified:
            raise RefusedError(
                f"{self.name}.begin_state: the cell belongs to another one, such as a ZoneoutCell; call that one's"
            )
        return _cells_begin_state(self._children.values(), **kwargs)

    def _glueball_step(self, inputs: Any, states: Any) -> tuple[Any, list[Any]]:
        after: list[Any] = []
        for cell, own in shares(states, self._children.values()):
            if isinstance(cell, BidirectionalCell):
                raise RefusedError(f"{self.name}: a BidirectionalCell has no steps; received one step; call unroll")
            inputs, new = cell(inputs, own)
            after.extend(new)
        return inputs, after

    def unroll(
        self, length: int, inputs: Any, begin_state: Any = None, layout: str = "NTC",
        merge_outputs: bool | None = None, valid_length: Any = None,
    ) -> tuple[Any, list[Any]]:  # fmt: skip
        """Run each cell over the whole sequence, one after another; see `RecurrentCell.unroll`."""
        self.reset()
        inputs, _, F, batch_size = _format_sequence(length, inputs, layout, None)
        states = _get_begin_state(self, F, begin_state, inputs, batch_size)
        after: list[Any] = []
        for number, (cell, own) in enumerate(shares(states, self._children.values()), 1):
            inputs, new = cell.unroll(
                length, inputs=inputs, begin_state=own, layout=layout,
                merge_outputs=merge_outputs if number == len(self._children) else None, valid_length=valid_length,
            )  # fmt: skip
            after.extend(new)
        return inputs, after

    def __getitem__(self, i: int) -> Any:
        try:
            return self._children[str(i)]
        except KeyError:
            raise NoCellError(
                f"{self.name}: there are cells from 0 to {len(self._children) - 1}; received {i!r}"
            ) from None

    def __len__(self) -> int:
        return len(self._children)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(\n{rows_of(self._children.items())}\n)"


class SequentialRNNCell(StackedCells):
    """Cells of which each takes the output of the one before.

    Parameters
    ----------
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> stack = gluon.rnn.SequentialRNNCell()
    >>> with stack.name_scope():
    ...     stack.add(gluon.rnn.LSTMCell(5))
    ...     stack.add(gluon.rnn.GRUCell(4))
    >>> stack.initialize()
    >>> outputs, states = stack.unroll(3, nd.ones((2, 3, 6)), merge_outputs=True)
    >>> outputs.shape, len(states)
    ((2, 3, 4), 3)
    """

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)

    def forward(self, inputs: Any, states: Any) -> Any:
        self._counter += 1
        return self._glueball_step(inputs, states)

    def hybrid_forward(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: MXNet has the name, but only a HybridSequentialRNNCell can be traced."""
        raise MissingMethodError(f"{self.name}: it cannot be traced to a graph; use a HybridSequentialRNNCell")


class HybridSequentialRNNCell(StackedCells, HybridRecurrentCell):
    """A `SequentialRNNCell` that can be traced to a graph; its cells are HybridBlocks.

    Parameters
    ----------
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> stack = gluon.rnn.HybridSequentialRNNCell()
    >>> stack.add(gluon.rnn.LSTMCell(5))
    >>> stack.add(gluon.rnn.DropoutCell(0.5))
    >>> stack.initialize()
    >>> stack.hybridize()
    >>> output, states = stack(nd.ones((2, 6)), stack.begin_state(batch_size=2))
    >>> output.shape
    (2, 5)
    """

    def __init__(self, prefix: str | None = None, params: ParameterDict | None = None) -> None:
        super().__init__(prefix, params)

    def hybrid_forward(self, F: Any, inputs: Any, states: Any) -> Any:
        return self._glueball_step(inputs, states)


class BidirectionalCell(HybridRecurrentCell):
    """Two cells of which one reads a sequence forwards and the other backwards; their outputs are concatenated.

    Parameters
    ----------
    l_cell, r_cell : RecurrentCell
        The one that reads forwards, and the one that reads backwards.
    output_prefix : str, default ``'bi_'``
        Begins the names of the outputs in a graph.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.rnn.BidirectionalCell(gluon.rnn.LSTMCell(5), gluon.rnn.LSTMCell(4))
    >>> cell.initialize()
    >>> outputs, states = cell.unroll(3, nd.ones((2, 3, 6)), merge_outputs=True)
    >>> outputs.shape, len(states)
    ((2, 3, 9), 4)
    """

    def __init__(self, l_cell: Any, r_cell: Any, output_prefix: str = "bi_") -> None:
        super().__init__(prefix="", params=None)
        self.register_child(l_cell, "l_cell")
        self.register_child(r_cell, "r_cell")
        self._output_prefix = output_prefix

    def __call__(self, inputs: Any, states: Any) -> Any:
        """Refuse: reading backwards begins at the end."""
        raise MissingMethodError(f"{type(self).__name__}: it has no steps; call unroll with the whole sequence")

    def __repr__(self) -> str:
        left, right = self._children.values()
        return f"{type(self).__name__}(forward={left!r}, backward={right!r})"

    def state_info(self, batch_size: int = 0) -> list[dict[str, Any]]:
        return _cells_state_info(self._children.values(), batch_size)

    def begin_state(self, **kwargs: Any) -> list[Any]:  # type: ignore[override]  # MXNet's takes no positions here
        """Return states for the first step of both cells; see `RecurrentCell.begin_state`."""
        if self._modified:
            raise RefusedError(
                f"{type(self).__name__}.begin_state: the cell belongs to another one, such as a ResidualCell; call "
                "that one's"
            )
        return _cells_begin_state(self._children.values(), **kwargs)

    def unroll(
        self, length: int, inputs: Any, begin_state: Any = None, layout: str = "NTC",
        merge_outputs: bool | None = None, valid_length: Any = None,
    ) -> tuple[Any, list[Any]]:  # fmt: skip
        """Run both cells over the whole sequence; see `RecurrentCell.unroll`."""
        self.reset()
        inputs, axis, F, batch_size = _format_sequence(length, inputs, layout, False)
        backwards = _reverse_sequences(inputs, length, valid_length)
        states = _get_begin_state(self, F, begin_state, inputs, batch_size)
        (l_cell, l_own), (r_cell, r_own) = shares(states, self._children.values())
        left, l_states = l_cell.unroll(length, inputs, l_own, layout, merge_outputs, valid_length)
        right, r_states = r_cell.unroll(length, backwards, r_own, layout, False, valid_length)
        right = _reverse_sequences(right, length, valid_length)
        if merge_outputs is None:
            merge_outputs = isinstance(left, tensor_types)
        left = _format_sequence(None, left, layout, merge_outputs)[0]
        right = _format_sequence(None, right, layout, merge_outputs)[0]
        outputs: Any
        if merge_outputs:
            outputs = F.concat(left, right, dim=2, name=f"{self._output_prefix}out")
        else:
            outputs = [
                F.concat(*pair, dim=1, name=f"{self._output_prefix}t{number}")
                for number, pair in enumerate(zip(left, right, strict=True))
            ]
        if valid_length is not None:
            outputs = _mask_sequence_variable_length(F, outputs, length, valid_length, axis, merge_outputs)
        return outputs, [*l_states, *r_states]
