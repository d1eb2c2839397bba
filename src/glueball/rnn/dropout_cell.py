"""Dropout between cells."""

from __future__ import annotations

from typing import Any

from .. import symbol
from ..core.errors import RefusedError
from ..core.integers import is_int
from ..symbol import Symbol
from .base_cell import BaseRNNCell, RNNParams, States
from .sequences import Steps, arranged


class DropoutCell(BaseRNNCell):
    """Dropout between two cells of a `SequentialRNNCell`; it has no state.

    Parameters
    ----------
    dropout : float
        The probability with which an element is set to zero; 0 hands the input on.
    prefix : str, default 'dropout_'
        Has no effect on names, as in MXNet.
    params : RNNParams, optional
        There are no variables.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.rnn.DropoutCell(0.5).unroll(3, mx.sym.var("data"))[0].list_arguments()
    ['data']
    """

    def __init__(self, dropout: float, prefix: str = "dropout_", params: RNNParams | None = None) -> None:
        super().__init__(prefix, params)
        if not (is_int(dropout) or isinstance(dropout, float)):
            raise RefusedError(f"DropoutCell: dropout must be a number; received {dropout!r}")
        self.dropout = dropout

    @property
    def state_info(self) -> list[dict[str, Any]]:
        """An empty list."""
        return []

    def __call__(self, inputs: Any, states: States) -> tuple[Symbol, States]:
        """Apply dropout to one step."""
        return symbol.Dropout(data=inputs, p=self.dropout) if self.dropout > 0 else inputs, states

    def unroll(
        self,
        length: int,
        inputs: Any,
        begin_state: States | None = None,
        layout: str = "NTC",
        merge_outputs: bool | None = None,
    ) -> tuple[Steps, States]:
        """Apply dropout to several steps: at once if they are one symbol; see `BaseRNNCell`."""
        self.reset()
        found = arranged("DropoutCell.unroll", length, inputs, layout, merge_outputs)
        if isinstance(found, Symbol):
            return self(found, [])
        return [self(step, [])[0] for step in found], []
