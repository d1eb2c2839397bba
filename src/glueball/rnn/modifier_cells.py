"""Cells that change what another cell computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .. import symbol
from ..core.errors import MissingMethodError, RefusedError
from ..ndarray import NDArray
from ..symbol import Symbol
from .base_cell import BaseRNNCell, RNNParams, States
from .composed_cells import BidirectionalCell
from .fused_cell import FusedRNNCell
from .sequences import Steps, arranged


class ModifierCell(BaseRNNCell):
    """The base class of cells that change what another cell computes; parameters and states are those of that one.

    Parameters
    ----------
    base_cell : BaseRNNCell
        The other cell, which from now on is used through this one.
    """

    def __init__(self, base_cell: BaseRNNCell) -> None:
        super().__init__()
        base_cell._modified = True
        self.base_cell = base_cell

    @property
    def params(self) -> RNNParams:
        """The variables of the other cell."""
        self._own_params = False
        return self.base_cell.params

    @property
    def state_info(self) -> list[dict[str, Any]]:
        """Shape and layout of the states of the other cell."""
        return self.base_cell.state_info

    def begin_state(  # type: ignore[override]  # the name is MXNet's
        self, init_sym: Callable[..., Any] = symbol.zeros, **kwargs: Any
    ) -> States:
        """Return the states before the first step; `init_sym` is the `func` of `BaseRNNCell.begin_state`."""
        self._require_unmodified()
        found: States = self._through_base(lambda: self.base_cell.begin_state(func=init_sym, **kwargs))
        return found

    def _through_base(self, function: Callable[[], Any]) -> Any:
        """Call what uses the other cell."""
        self.base_cell._modified = False
        try:
            return function()
        finally:
            self.base_cell._modified = True

    def unpack_weights(self, args: Mapping[str, NDArray]) -> dict[str, NDArray]:
        """Return parameters in which the weights of the gates are arrays of their own."""
        return self.base_cell.unpack_weights(args)

    def pack_weights(self, args: Mapping[str, NDArray]) -> dict[str, NDArray]:
        """Undo what `unpack_weights` does."""
        return self.base_cell.pack_weights(args)

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step; a subclass implements it."""
        raise MissingMethodError(f"{type(self).__name__}: __call__ must be implemented by the subclass")


class ZoneoutCell(ModifierCell):
    """Zoneout: elements of the output or of the states keep, by chance, their values of the step before.

    Parameters
    ----------
    base_cell : BaseRNNCell
        The cell.
    zoneout_outputs, zoneout_states : float, default 0.0
        The probability that an element is kept as it was.

    Raises
    ------
    AssertionError
        The cell cannot be stepped.

    Examples
    --------
    >>> import glueball as mx
    >>> cell = mx.rnn.ZoneoutCell(mx.rnn.LSTMCell(8), zoneout_states=0.1)
    >>> len(cell.unroll(3, mx.sym.var("data"))[0])
    3
    """

    def __init__(self, base_cell: BaseRNNCell, zoneout_outputs: float = 0.0, zoneout_states: float = 0.0) -> None:
        if isinstance(base_cell, FusedRNNCell):
            raise RefusedError("ZoneoutCell: base_cell must be stepped; received a FusedRNNCell; pass its unfuse()")
        if isinstance(base_cell, BidirectionalCell):
            raise RefusedError(
                "ZoneoutCell: base_cell must be stepped; received a BidirectionalCell; put the ZoneoutCell around each "
                "of its cells"
            )
        super().__init__(base_cell)
        self.zoneout_outputs = zoneout_outputs
        self.zoneout_states = zoneout_states
        self.prev_output: Symbol | None = None

    def reset(self) -> None:
        """Begin to count steps again, and forget the last output."""
        super().reset()
        self.prev_output = None

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step; see `BaseRNNCell`."""
        output, following = self.base_cell(inputs, states)
        before = self.prev_output if self.prev_output is not None else symbol.zeros((0, 0))
        if self.zoneout_outputs != 0.0:
            output = _zoned(self.zoneout_outputs, output, before)
        if self.zoneout_states != 0.0:
            following = [_zoned(self.zoneout_states, new, old) for new, old in zip(following, states, strict=False)]
        self.prev_output = output
        return output, following


def _zoned(p: float, new: Symbol, old: Symbol) -> Symbol:
    changed = symbol.Dropout(symbol.ones_like(new), p=p)
    return symbol.where(changed, new, old)


class ResidualCell(ModifierCell):
    """Adds the input to the output.

    Parameters
    ----------
    base_cell : BaseRNNCell
        The cell, whose output has the shape of its input.

    Examples
    --------
    >>> import glueball as mx
    >>> cell = mx.rnn.ResidualCell(mx.rnn.GRUCell(8))
    >>> cell.unroll(1, mx.sym.var("data"))[0][0].name
    'gru_t0_out_plus_residual'
    """

    def __init__(self, base_cell: BaseRNNCell) -> None:
        super().__init__(base_cell)

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Compute one step; see `BaseRNNCell`."""
        output, states = self.base_cell(inputs, states)
        return _sum(output, inputs), states

    def unroll(
        self,
        length: int,
        inputs: Any,
        begin_state: States | None = None,
        layout: str = "NTC",
        merge_outputs: bool | None = None,
    ) -> tuple[Steps, States]:
        """Compute several steps; see `BaseRNNCell`."""
        self.reset()
        outputs, states = self._through_base(
            lambda: self.base_cell.unroll(
                length, inputs=inputs, begin_state=begin_state, layout=layout, merge_outputs=merge_outputs
            )
        )
        merge = isinstance(outputs, Symbol) if merge_outputs is None else merge_outputs
        inputs = arranged("ResidualCell.unroll", length, inputs, layout, merge)
        if isinstance(outputs, Symbol):
            return _sum(outputs, inputs), states
        return [_sum(*pair) for pair in zip(outputs, inputs, strict=True)], states


def _sum(output: Symbol, inputs: Symbol) -> Symbol:
    return symbol.elemwise_add(output, inputs, name=f"{output.name}_plus_residual")
