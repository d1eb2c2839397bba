"""Cells that change what another cell computes: DropoutCell, ModifierCell, ZoneoutCell, ResidualCell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ... import symbol as sym
from ...core.arguments import checked
from ...core.errors import InvalidTypeError, RefusedError
from ..core.parameter_dict import ParameterDict
from .recurrent_cell import HybridRecurrentCell, RecurrentCell
from .sequences import _format_sequence, _mask_sequence_variable_length, tensor_types
from .stacked_cells import BidirectionalCell, StackedCells

__all__ = ["DropoutCell", "ModifierCell", "ResidualCell", "ZoneoutCell"]


class DropoutCell(HybridRecurrentCell):
    """Dropout of the inputs, between the cells of a stack; it has no states.

    Parameters
    ----------
    rate : float
        The probability that an element becomes zero in training.
    axes : tuple of int, default ()
        Axes along which the mask is broadcast.
    prefix, params
        As in `Block`.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> gluon.rnn.DropoutCell(0.5)(nd.ones((1, 2)), [])[0].asnumpy().tolist()
    [[1.0, 1.0]]
    """

    def __init__(
        self, rate: float, axes: tuple[int, ...] = (), prefix: str | None = None, params: ParameterDict | None = None
    ) -> None:
        super().__init__(prefix, params)
        if not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise RefusedError(f"{type(self).__name__}: rate must be a number from 0 to 1; received {rate!r}")
        self._rate = rate
        self._axes = axes

    def state_info(self, batch_size: int = 0) -> list[dict[str, Any]]:
        return []

    def _alias(self) -> str:
        return "dropout"

    def hybrid_forward(self, F: Any, inputs: Any, states: Any) -> Any:
        if self._rate > 0:
            inputs = F.Dropout(inputs, p=self._rate, axes=self._axes, name=f"t{self._counter}_fwd")
        return inputs, states

    def unroll(
        self, length: int, inputs: Any, begin_state: Any = None, layout: str = "NTC",
        merge_outputs: bool | None = None, valid_length: Any = None,
    ) -> tuple[Any, list[Any]]:  # fmt: skip
        """Drop elements of a whole sequence at once, or of each step if it is a list; `valid_length` says nothing."""
        self.reset()
        inputs, _, F, _ = _format_sequence(length, inputs, layout, merge_outputs)
        if isinstance(inputs, tensor_types):
            output, states = self.hybrid_forward(F, inputs, begin_state or [])
            return output, states
        return super().unroll(length, inputs, begin_state, layout, merge_outputs, None)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(rate={self._rate}, axes={self._axes})"


class ModifierCell(HybridRecurrentCell):
    """The base class of cells that stand in the place of another one, whose parameters and states they have.

    Parameters
    ----------
    base_cell : RecurrentCell
        The cell; one cell can be modified only once.
    """

    def __init__(self, base_cell: Any) -> None:
        if not isinstance(base_cell, RecurrentCell):
            raise InvalidTypeError(
                f"{type(self).__name__}: base_cell must be a cell of gluon.rnn; received {type(base_cell).__name__}"
            )
        if base_cell._modified:
            raise RefusedError(
                f"{type(self).__name__}: base_cell must not be modified already; received {base_cell.name}, which is; "
                "modify the cell that modifies it"
            )
        base_cell._modified = True
        super().__init__(prefix=base_cell.prefix + self._alias(), params=None)
        self.base_cell = base_cell

    @property
    def params(self) -> ParameterDict:
        """The parameters of the base cell."""
        params: ParameterDict = self.base_cell.params
        return params

    def state_info(self, batch_size: int = 0) -> list[dict[str, Any]]:
        states: list[dict[str, Any]] = self.base_cell.state_info(batch_size)
        return states

    def begin_state(self, func: Callable[..., Any] = sym.zeros, **kwargs: Any) -> list[Any]:  # type: ignore[override]
        """Return states of the base cell; as in MXNet, symbols unless `func` says otherwise."""
        if self._modified:
            raise RefusedError(
                f"{self.name}.begin_state: the cell belongs to another one, such as a ZoneoutCell; call that one's"
            )
        with unmodified(self.base_cell) as cell:
            states: list[Any] = cell.begin_state(func=func, **kwargs)
            return states

    def hybrid_forward(self, F: Any, inputs: Any, states: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__}: hybrid_forward must be implemented")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_cell!r})"


@contextmanager
def unmodified(cell: Any) -> Iterator[Any]:
    """Let the cell that modifies another one use it."""
    cell._modified = False
    try:
        yield cell
    finally:
        cell._modified = True


def refuse_both_directions(owner: str, cell: Any) -> None:
    """Refuse a cell that has no steps, or that has such a one in it."""
    cells = [*cell._children.values()] if isinstance(cell, StackedCells) else [cell]
    if any(isinstance(each, BidirectionalCell) for each in cells):
        raise RefusedError(
            f"{owner}: base_cell must have steps; received a BidirectionalCell, which has none; put the {owner} "
            "around the cells inside of it"
        )


class ZoneoutCell(ModifierCell):
    """In training, elements of the output or of the states stay what they were before the step (Krueger et al., 2016).

    Parameters
    ----------
    base_cell : RecurrentCell
        The cell.
    zoneout_outputs : float, default 0
        The probability for each element of the output; before the first step it is zero.
    zoneout_states : float, default 0
        The probability for each element of the states.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.rnn.ZoneoutCell(gluon.rnn.RNNCell(5), zoneout_states=0.2)
    >>> cell.initialize()
    >>> outputs, states = cell.unroll(3, nd.ones((2, 3, 4)), merge_outputs=True)
    >>> outputs.shape
    (2, 3, 5)
    """

    @checked
    def __init__(self, base_cell: Any, zoneout_outputs: float = 0.0, zoneout_states: float = 0.0) -> None:
        refuse_both_directions("ZoneoutCell", base_cell)
        super().__init__(base_cell)
        self.zoneout_outputs = zoneout_outputs
        self.zoneout_states = zoneout_states

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p_out={self.zoneout_outputs}, p_state={self.zoneout_states}, {self.base_cell!r})"

    def _alias(self) -> str:
        return "zoneout"

    def reset(self) -> None:
        """Forget the output before, too."""
        super().reset()
        self._prev_output: Any = None

    def hybrid_forward(self, F: Any, inputs: Any, states: Any) -> Any:
        output, after = self.base_cell(inputs, states)
        before = self._prev_output
        if self.zoneout_outputs != 0:
            kept = F.Dropout(F.ones_like(output), p=self.zoneout_outputs)
            output = F.where(kept, output, F.zeros_like(output) if before is None else before)
        if self.zoneout_states != 0:
            after = [
                F.where(F.Dropout(F.ones_like(new), p=self.zoneout_states), new, old)
                for new, old in zip(after, states, strict=False)  # more may be given than the cell has
            ]
        self._prev_output = output
        return output, after


class ResidualCell(ModifierCell):
    """Add the input to the output of a cell (Wu et al., 2016); both must be of one length.

    Parameters
    ----------
    base_cell : RecurrentCell
        The cell.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> cell = gluon.rnn.ResidualCell(gluon.rnn.GRUCell(4))
    >>> cell.initialize()
    >>> outputs, states = cell.unroll(3, nd.ones((2, 3, 4)), merge_outputs=True)
    >>> outputs.shape
    (2, 3, 4)
    """

    def __init__(self, base_cell: Any) -> None:
        super().__init__(base_cell)

    def hybrid_forward(self, F: Any, inputs: Any, states: Any) -> Any:
        output, states = self.base_cell(inputs, states)
        return F.elemwise_add(output, inputs, name=f"t{self._counter}_fwd"), states

    def unroll(
        self, length: int, inputs: Any, begin_state: Any = None, layout: str = "NTC",
        merge_outputs: bool | None = None, valid_length: Any = None,
    ) -> tuple[Any, list[Any]]:  # fmt: skip
        """Run the cell over a sequence, and add the sequence; see `RecurrentCell.unroll`."""
        self.reset()
        with unmodified(self.base_cell) as cell:
            outputs, states = cell.unroll(
                length, inputs=inputs, begin_state=begin_state, layout=layout, merge_outputs=merge_outputs,
                valid_length=valid_length,
            )  # fmt: skip
        if merge_outputs is None:
            merge_outputs = isinstance(outputs, tensor_types)
        inputs, axis, F, _ = _format_sequence(length, inputs, layout, merge_outputs)
        if valid_length is not None:
            inputs = _mask_sequence_variable_length(F, inputs, length, valid_length, axis, merge_outputs)
        if merge_outputs:
            return F.elemwise_add(outputs, inputs), states
        return [F.elemwise_add(output, each) for output, each in zip(outputs, inputs, strict=True)], states
