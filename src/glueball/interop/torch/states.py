"""Which parameters of a network are auxiliary states."""

from __future__ import annotations

from ...gluon.core.block import Block
from ...gluon.core.constant import Constant
from ...gluon.core.symbol_block import SymbolBlock
from .block import TorchBlock


def names_of_states(block: Block) -> set[str]:
    """Return the names of the parameters that are no weights: moving statistics, constants, and torch's buffers."""
    found: set[str] = set()

    def look(one: Block) -> None:
        if isinstance(one, SymbolBlock):
            found.update(one._symbol.list_auxiliary_states())
        own = one._reg_params.items()
        found.update(
            parameter.name
            for name, parameter in own
            if isinstance(parameter, Constant)
            or (not parameter._differentiable and (name.startswith("running_") or isinstance(one, TorchBlock)))
        )

    block.apply(look)
    return found
