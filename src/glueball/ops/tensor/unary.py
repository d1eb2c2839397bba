"""Functions of one array, element by element: abs, exp, sin, relu ... and their gradients' special cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..declare import operator
from ..samples import Input, sample


def _float(function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Let integers through as doubles, and back, since MXNet keeps the type of the input."""

    def compute(data: Tensor) -> Tensor:
        if data.is_floating_point():
            return function(data)
        return function(data.double()).to(data.dtype)

    return compute


@dataclass(frozen=True)
class _Unary:
    name: str
    function: Callable[[Tensor], Tensor]
    summary: str
    low: float = -2.0
    high: float = 2.0
    gradient: bool = True
    aliases: tuple[str, ...] = ()
    method: bool = True


_UNARY = [
    _Unary("negative", torch.neg, "-data", method=False),
    _Unary("abs", torch.abs, "the absolute value"),
    _Unary("exp", _float(torch.exp), "e to the power of each element"),
    _Unary("sqrt", _float(torch.sqrt), "the square root", low=0.1),
    _Unary("relu", torch.relu, "max(data, 0)"),
]


def _declare(entry: _Unary) -> None:
    compute = entry.function

    @operator(
        entry.name, aliases=entry.aliases, method=entry.name if entry.method else "",
        samples=[sample(Input((2, 3), low=entry.low, high=entry.high), gradient=entry.gradient)],
    )  # fmt: skip
    def unary(data: Tensor) -> Tensor:
        return compute(data)

    unary.__doc__ = f"Return {entry.summary}, element by element."


for _entry in _UNARY:
    _declare(_entry)
