"""Memory that is used again once nobody has it: new memory must be cleared, which takes longer than many a kernel."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from math import prod

import numpy as np
import torch
from torch import Tensor

_SMALL = 2**15  # numbers, for which the system has memory at hand


def is_kept(count: int) -> bool:
    """Whether memory for so many numbers of float32 is worth keeping."""
    return count > _SMALL


def _references(arrays: list[np.ndarray], number: int) -> int:
    return sys.getrefcount(arrays[number])


_FREE = _references([np.empty(1)], 0)  # of an array that no tensor uses; Pythons count the call itself differently


class _Arrays(threading.local):
    def __init__(self) -> None:
        self.kept: dict[int, list[np.ndarray]] = {}  # by size
        self.total = 0


class Recycled:
    """Gives memory for tensors, each thread its own.

    Parameters
    ----------
    most : int
        The numbers of float32 for which memory may be kept in a thread. What is more is not used again.
    """

    def __init__(self, most: int) -> None:
        self._most, self._arrays = most, _Arrays()

    def empty(self, shape: Sequence[int], kind: torch.dtype = torch.float32) -> Tensor:
        """Return a contiguous tensor, in memory that another one had before which is gone with all of its views."""
        array = self._array(prod(shape), kind)
        return torch.empty(shape, dtype=kind) if array is None else _as(array, shape, _steps(shape), kind)

    def images(self, shape: Sequence[int], kind: torch.dtype = torch.float32) -> Tensor:
        """Return images with the channels first, in the memory format that has them last."""
        array = self._array(prod(shape), kind)
        if array is None:
            return torch.empty(shape, dtype=kind, memory_format=torch.channels_last)
        channels, height, width = shape[1:]
        return _as(array, shape, (height * width * channels, 1, width * channels, channels), kind)

    def _array(self, wanted: int, kind: torch.dtype) -> np.ndarray | None:
        """Return memory for so many numbers, or None if it is not kept."""
        arrays, count = self._arrays, -(-wanted * kind.itemsize // 4)
        if not is_kept(count) or count > self._most:
            return None
        same = arrays.kept.setdefault(count, [])
        for number in range(len(same)):
            if _references(same, number) == _FREE:
                return same[number]
        array = torch.empty(count).numpy()
        self._make_room(count)
        same.append(array)
        arrays.total += count
        return array

    def _make_room(self, count: int) -> None:
        """Keep the oldest arrays of all sizes no longer, where there would be too much."""
        arrays = self._arrays
        for size, same in arrays.kept.items():
            while same and arrays.total + count > self._most:
                same.pop(0)
                arrays.total -= size


def _as(array: np.ndarray, shape: Sequence[int], steps: Sequence[int], kind: torch.dtype) -> Tensor:
    """Return a tensor that is no view: to a view torch's autograd adds another gradient in new memory, not in place."""
    return torch.frombuffer(array, dtype=kind).as_strided_(shape, steps)


def _steps(shape: Sequence[int]) -> list[int]:
    return [prod(shape[axis + 1 :]) for axis in range(len(shape))]
