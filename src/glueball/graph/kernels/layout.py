"""Conversion of images between torch's memory formats, in C where that can be compiled; see ``layout.c``."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable

import torch
from torch import Tensor

from .native import CannotCompile, load

_LAST = torch.channels_last
_SMALL = 2**12  # numbers up to which torch's copy is as fast


def to_channels_last_memory(tensor: Tensor) -> Tensor:
    """Return images with the channels first, in the memory format that has them last."""
    if tensor.is_contiguous(memory_format=_LAST):
        return tensor
    if not _suits(tensor) or not tensor.is_contiguous():
        return tensor.contiguous(memory_format=_LAST)
    images, channels, height, width = tensor.shape
    result = torch.empty_like(tensor, memory_format=_LAST)
    _library()(tensor.data_ptr(), result.data_ptr(), images, channels, height * width, torch.get_num_threads())
    return result


def to_contiguous(tensor: Tensor) -> Tensor:
    """Return a tensor whose last axis is contiguous, as an array's memory is."""
    if tensor.is_contiguous():
        return tensor
    if not _suits(tensor) or not tensor.is_contiguous(memory_format=_LAST):
        return tensor.contiguous()
    images, channels, height, width = tensor.shape
    result = torch.empty_like(tensor, memory_format=torch.contiguous_format)
    _library()(tensor.data_ptr(), result.data_ptr(), images, height * width, channels, torch.get_num_threads())
    return result


def to_copy(tensor: Tensor) -> Tensor:
    """Return the same with memory of its own."""
    result = to_contiguous(tensor)
    return result.clone() if result is tensor else result


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
    function = load("layout").glueball_layout
    function.argtypes, function.restype = [*[ctypes.c_void_p] * 2, *[ctypes.c_long] * 4], None
    return function
