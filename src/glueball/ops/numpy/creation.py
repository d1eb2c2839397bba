"""Operators without inputs, as ``mx.np`` has them: shapes without axes and with lengths of 0 are allowed."""

from __future__ import annotations

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Shape
from ..declare import Device, cases, operator
from ..samples import refused, sample


def _check(owner: str, shape: Shape) -> Shape:
    if any(length < 0 for length in shape):
        raise MXNetError(f"{owner}: the lengths in shape must be at least 0; received {shape}")
    return shape


@operator("_npi_zeros", types="-> {dtype}", kind="other", flops=0)
def zeros(*, shape: Shape = (), ctx: str = "", dtype: torch.dtype = torch.float32, device: Device) -> Tensor:
    """Return zeros.

    Parameters
    ----------
    shape : tuple of int
        The shape.
    ctx : Context or str
        The context.
    dtype : str
        The type.
    """
    return torch.zeros(_check("_npi_zeros", shape), dtype=dtype, device=device)


@operator("_npi_ones", types="-> {dtype}", kind="other", flops=0)
def ones(*, shape: Shape = (), ctx: str = "", dtype: torch.dtype = torch.float32, device: Device) -> Tensor:
    """Return ones.

    Parameters
    ----------
    shape : tuple of int
        The shape.
    ctx : Context or str
        The context.
    dtype : str
        The type.
    """
    return torch.ones(_check("_npi_ones", shape), dtype=dtype, device=device)


for _name in ("_npi_zeros", "_npi_ones"):
    cases(
        _name,
        samples=lambda: [sample(shape=(2, 3)), sample(shape=()), sample(shape=(0, 2), dtype="int32")],
        refusals=lambda: [refused("at least 0", shape=(-1, 2))],
    )
