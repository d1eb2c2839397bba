"""Memory that a thread uses again and again, for what one call needs."""

from __future__ import annotations

import threading

import torch
from torch import Tensor


class Room(threading.local):
    """Memory of a thread for one call: new memory in each call would take as long as many a kernel.

    Parameters
    ----------
    most : int, optional
        For more numbers than that memory is not kept.
    """

    def __init__(self, most: int = 2**22) -> None:
        self._kept, self._most = torch.empty(0), most

    def of(self, count: int) -> Tensor:
        """Return memory for some numbers, or more."""
        if count > self._most:
            return torch.empty(count)
        if self._kept.numel() < count:
            self._kept = torch.empty(count)
        return self._kept
