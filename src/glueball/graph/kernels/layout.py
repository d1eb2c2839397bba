"""Conversion of images between torch's memory formats, in C where that can be compiled; see ``layout.c``."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Sequence
from math import prod

import torch
from torch import Tensor

from .native import CannotCompile, load
from .room import Room

_LAST = torch.channels_last
_SMALL = 2**12  # numbers up to which torch's copy is as fast


def to_channels_last_memory(tensor: Tensor, room: Room | None = None) -> Tensor:
    """Return images with the channels first, in the memory format that has them last.

    Parameters
    ----------
    tensor : Tensor
        The images.
    room : Room, optional
        Where the result may lie, until the next one.
    """
    if tensor.is_contiguous(memory_format=_LAST):
        return tensor
    if not _suits(tensor) or not tensor.is_contiguous():
        return tensor.contiguous(memory_format=_LAST)
    images, channels, height, width = tensor.shape
    result = _blank((images, height, width, channels), room).permute(0, 3, 1, 2)
    _library()(tensor.data_ptr(), result.data_ptr(), images, channels, height * width, torch.get_num_threads())
    return result


def to_channels_first_memory(tensor: Tensor, room: Room | None = None) -> Tensor:
    """Return images with the channels first, in the memory format that has them first, too; see above."""
    if tensor.is_contiguous():
        return tensor
    result = _blank(tensor.shape, room)
    copy_into(result, tensor)
    return result


def _blank(shape: Sequence[int], room: Room | None) -> Tensor:
    count = prod(shape)
    return (torch.empty(count) if room is None else room.of(count)[:count]).view(shape)


def copy_into(result: Tensor, tensor: Tensor) -> None:
    """Copy images, or any tensor, into a contiguous one of the same shape."""
    if not _suits(tensor) or not tensor.is_contiguous(memory_format=_LAST):
        result.copy_(tensor)
        return
    images, channels, height, width = tensor.shape
    _library()(tensor.data_ptr(), result.data_ptr(), images, height * width, channels, torch.get_num_threads())


def _suits(tensor: Tensor) -> bool:
    is_for_us = tensor.dim() == 4 and tensor.dtype is torch.float32 and tensor.device.type == "cpu"
    return is_for_us and tensor.numel() > _SMALL and not tensor.requires_grad and not obstacle()


@functools.cache
def obstacle() -> str:
    """Return a sentence that says why the compiled conversion cannot be used, or '' if it can."""
    try:
        _library()
    except (CannotCompile, OSError) as error:
        return str(error)
    return ""


@functools.cache
def _library() -> Callable[..., None]:
    function = load("layout").glueball_transpose
    function.argtypes, function.restype = [*[ctypes.c_void_p] * 2, *[ctypes.c_long] * 4], None
    return function
