"""Conversion of Python and NumPy values to torch tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..core import dtype as dtypes


def to_tensor(source: Any, rule: str, kind: torch.dtype = torch.float32) -> Tensor:
    """Return a number, a list or a NumPy array as a tensor, which shares its memory if possible.

    Numbers written as text, and NumPy's arrays of objects, become numbers of the type `kind`.

    Raises
    ------
    TypeError
        The source is none of these; the message is `rule` and what was received.
    """
    if isinstance(source, Tensor):
        return source.detach()
    try:
        values = np.asarray(source)
    except (TypeError, ValueError):  # rows of unequal length, an object that cannot be an array
        raise _refusal(source, rule) from None
    if values.dtype == dtypes.bfloat16:
        return torch.from_numpy(values.view(np.int16).copy()).view(torch.bfloat16)
    if values.dtype.kind in "USO":
        values = _as_numbers(values, source, rule, kind)
    if values.dtype.kind not in "biuf":
        raise _refusal(source, rule)
    if values.dtype.kind == "u" and values.dtype.itemsize > 1:
        values = values.astype(np.int64)  # torch fully supports only uint8
    values = values.astype(values.dtype.newbyteorder("="), copy=False)
    if not values.flags.writeable or min(values.strides, default=0) < 0:
        values = values.copy()  # torch cannot share such memory
    return torch.as_tensor(values)


def _as_numbers(values: Any, source: Any, rule: str, kind: torch.dtype) -> Any:
    """Return text and objects as numbers, as NumPy reads them: a None among them is NaN."""
    if source is None:
        raise _refusal(source, rule)
    try:
        return values.astype(dtypes.TORCH_TO_NUMPY[kind])
    except (TypeError, ValueError):
        raise _refusal(source, rule) from None


def _refusal(source: Any, rule: str) -> TypeError:
    return TypeError(f"{rule}; received {type(source).__name__}")
