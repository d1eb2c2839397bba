"""The optional bias of convolutions, transposed convolutions and dense layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ...core.errors import MXNetError


def without_bias(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the inputs that a layer with these attributes does not take: its bias, with ``no_bias=True``."""
    return ("bias",) if attributes["no_bias"] else ()


def check_bias(owner: str, bias: Tensor | None, no_bias: bool, units: int) -> None:
    """Check that the bias is given unless `no_bias`, with one number per output channel."""
    if no_bias and bias is not None:
        raise MXNetError(f"{owner}: bias must be left out with no_bias=True; received shape {tuple(bias.shape)}")
    if no_bias:
        return
    if bias is None:
        raise MXNetError(f"{owner}: bias must be given unless no_bias=True; received nothing")
    if bias.shape != (units,):
        raise MXNetError(f"{owner}: bias must have shape {(units,)}; received {tuple(bias.shape)}")
