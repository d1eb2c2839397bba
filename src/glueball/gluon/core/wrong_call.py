"""What a block says when it was called with what it cannot take."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from ...core.blame import short, shortened
from ...ndarray.ndarray import NDArray
from ...symbol.symbol import Symbol


def blame_inputs(block: object, forward: Callable[..., Any], args: Sequence[Any], reason: str) -> tuple[str, bool]:
    """Say which input of a call of a block does not fit, or else what failed.

    Parameters
    ----------
    block : Block
        What was called.
    forward : callable
        The method whose signature names the inputs, behind those that it is given besides.
    args : sequence
        The inputs.
    reason : str
        What failed.

    Returns
    -------
    tuple of str, bool
        The message, and whether it is certain that the input is to blame.
    """
    owner = type(block).__name__
    given = list(zip(_names(forward), args, strict=False))
    for name, value in given:
        if value is not None and not isinstance(value, NDArray | Symbol | list | tuple):
            return f"{owner}: {name} must be an NDArray or a Symbol; received {short(value)}; use nd.array()", True
    received = ", ".join(map(short, args)) or "nothing"
    return f"{owner}: {shortened(reason)}; received {received}; it takes {', '.join(_names(forward))}", True


def _names(forward: Callable[..., Any]) -> list[str]:
    parameters = inspect.signature(forward).parameters.values()
    return [each.name for each in parameters if each.kind is not each.VAR_KEYWORD and each.name != "F"]
