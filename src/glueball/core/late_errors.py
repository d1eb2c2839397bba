"""Errors that show when a result is read, as those of MXNet's engine, which computes after a call has returned.

What failed is NaN, and so is what was computed from it; that is how a reader knows that the error is about its array.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .errors import MXNetError


class LateErrors:
    """The errors that nobody has seen yet.

    Attributes
    ----------
    waiting : MXNetError or None
        The oldest of them; mostly there is none, which is all that a reader asks.
    """

    def __init__(self) -> None:
        self.waiting: MXNetError | None = None

    def failed(self, error: MXNetError, shape: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
        """Return the array that stands for a result; whoever reads it gets the error."""
        if device.type != "meta":
            self.waiting = self.waiting or error
        return torch.full(shape, torch.nan, dtype=dtype, device=device)

    def read(self, tensor: Tensor) -> None:
        """Raise the error, if this array depends on what failed; it is raised once."""
        if tensor.is_floating_point() and bool(torch.isnan(tensor).any()):
            self.all_read()

    def all_read(self) -> None:
        """Raise the error, if there is one."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            raise waiting


late_errors = LateErrors()
