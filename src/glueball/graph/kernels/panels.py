"""Filters in the order in which compiled kernels read them: panels of a few filters, tap by tap; see ``pack.c``."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from math import prod

import torch
from torch import Tensor

from ..fused import FusedConvolution, NotFinite
from .compiled import Layer
from .native import load
from .room import Room


class Panels:
    """Puts filters into panels.

    Parameters
    ----------
    call : FusedConvolution
        The convolution.
    vector : int
        The numbers in a vector of the processor; a panel has two.
    is_transposed : bool, default False
        Whether the weight is that of the convolution whose gradient for the data this convolution is: with filters and
        channels exchanged, and the taps in reverse order.
    are_checked : bool, default True
        Whether filters that are not finite are refused: with padding, which is 0, they make NaN.
    room : Room, optional
        Where the results lie, each until the next; by default each has memory of its own.

    Attributes
    ----------
    memory : int
        The bytes of the result.
    """

    __name__ = "panels"

    def __init__(
        self,
        call: FusedConvolution,
        vector: int,
        is_transposed: bool = False,
        are_checked: bool = True,
        room: Room | None = None,
    ) -> None:
        filters, self._channels, *self._kernel = call.filters
        self._filters, self._is_transposed, self._are_checked = filters, is_transposed, are_checked
        self._count = -(-filters // vector) * vector * prod(call.filters[1:])
        self.memory, self._room = 4 * self._count, room

    def __call__(self, weight: Tensor) -> Tensor:
        """Return (taps * channels, filters of a panel) for each panel, one after another; the last may have one vector.

        Raises
        ------
        NotFinite
            Some filter has infinite numbers or NaN.
        """
        if weight.dtype is not torch.float32 or weight.stride(2) != weight.stride(3) * weight.shape[3]:
            weight = weight.float().contiguous()
        steps, taps = weight.stride(), prod(self._kernel)
        filter_step, channel_step, tap_step, first = steps[0], steps[1], steps[3], 0
        if self._is_transposed:
            filter_step, channel_step = channel_step, filter_step
            tap_step, first = -tap_step, (taps - 1) * tap_step
        layer = Layer(channels=self._channels, filters=self._filters, threads=torch.get_num_threads())
        layer.kernel[:] = self._kernel
        result = torch.empty(self._count) if self._room is None else self._room.of(self._count)
        begin = weight.data_ptr() + 4 * first
        irregular = _pack()(ctypes.byref(layer), begin, filter_step, channel_step, tap_step, result.data_ptr())
        if irregular and self._are_checked:
            raise NotFinite
        return result

    def blank(self) -> Tensor:
        """Return something of the same kind without values; zeros might all lie in one page of the memory."""
        return torch.ones(self._count)


@functools.cache
def _pack() -> Callable[..., int]:
    function = load("pack").glueball_pack
    function.argtypes = [ctypes.POINTER(Layer), ctypes.c_void_p, *[ctypes.c_long] * 3, ctypes.c_void_p]
    result: Callable[..., int] = function
    return result
