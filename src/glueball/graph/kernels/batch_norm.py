"""Batch normalization in training, forward and backward, in C; see ``batch_norm.h``."""

from __future__ import annotations

import ctypes
import functools
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..recycled import Recycled
from .compiled import Layer, is_switched_on
from .indirect import obstacle as obstacle_of_vectors
from .native import CannotCompile, load

#: The types of images, and the file for each.
TYPES = {torch.float32: "batch_norm", torch.bfloat16: "batch_norm_bfloat16"}

_LEAST = 16  # channels, which every processor's vectors have


class Statistics(NamedTuple):
    """What a batch normalization keeps for its gradient, each with a number for each channel.

    Attributes
    ----------
    mean, variance : Tensor
        Of the batch, without Bessel's correction.
    spread : Tensor
        1 / sqrt(variance + eps).
    """

    mean: Tensor
    variance: Tensor
    spread: Tensor


class Given(NamedTuple):
    """What a batch normalization computes with.

    Attributes
    ----------
    data : Tensor
        Images of one of the `TYPES`, in torch's channels-last memory format.
    gamma : Tensor or None
    beta : Tensor
        A number for each channel; without gamma it is 1.
    other : Tensor or None
        Images of the same type that are added to the normalized ones, in the same memory format.
    has_relu : bool
        Whether relu is applied to the result.
    """

    data: Tensor
    gamma: Tensor | None
    beta: Tensor
    other: Tensor | None
    has_relu: bool


def forward(given: Given, eps: float, memory: Recycled) -> tuple[Tensor, Statistics]:
    """Normalize images."""
    data, gamma, beta, other, has_relu = given
    layer, sums = _layer(data, has_relu)
    result, of_channels = memory.images(data.shape, data.dtype), torch.empty(3, data.shape[1])
    statistics = Statistics(*of_channels)
    arrays = [None if each is None else each.data_ptr() for each in (result, data, other, gamma, beta)]
    places = [each.data_ptr() for each in (*statistics, sums)]
    _library(data.dtype).glueball_batch_norm(ctypes.byref(layer), *arrays, eps, *places)
    return result, statistics


def backward(
    head: Tensor, given: Given, result: Tensor | None, statistics: Statistics, memory: Recycled
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """Return the gradients of data, gamma, beta and the other images.

    `result` is needed where there are other images and a relu.
    """
    data, gamma, beta, other, has_relu = given
    layer, sums = _layer(data, has_relu)
    of_data, of_channels = memory.images(data.shape, data.dtype), torch.empty(2, data.shape[1])
    of_gamma, of_beta = of_channels
    of_other = None if other is None else memory.images(data.shape, data.dtype)
    mean, _, spread = statistics
    arrays = (of_data, of_gamma, of_beta, of_other, head, data, result, gamma, beta, mean, spread, sums)
    places = [None if each is None else each.data_ptr() for each in arrays]
    _library(data.dtype).glueball_batch_norm_gradient(ctypes.byref(layer), *places)
    return of_data, of_gamma, of_beta, of_other


def suits(data: Tensor) -> bool:
    """Whether there are kernels for data that are plain tensors on the CPU."""
    is_last = (
        data.dtype in TYPES
        and data.dim() == 4
        and data.numel() > 0
        and data.is_contiguous(memory_format=torch.channels_last)
    )
    return is_last and data.shape[1] >= _LEAST and is_switched_on() and not obstacle(data.dtype)


def _layer(data: Tensor, has_relu: bool) -> tuple[Layer, Tensor]:
    """Return what the kernels read of the images, and room for their sums: of two threads at least."""
    images, channels, height, width = data.shape
    threads = torch.get_num_threads()
    layer = Layer(images, height, width, channels, channels, size=int(has_relu), threads=threads)
    layer.out[:] = (height, width)
    return layer, torch.zeros(2 * max(threads, 2) * channels, dtype=torch.float64)


@functools.cache
def obstacle(kind: torch.dtype = torch.float32) -> str:
    """Return a sentence that says why there are no such kernels on this machine, or '' if there are."""
    try:
        _library(kind)
    except (CannotCompile, OSError) as error:
        return str(error)
    return obstacle_of_vectors()


@functools.cache
def _library(kind: torch.dtype) -> Any:
    loaded, layer, pointer = load(TYPES[kind]), ctypes.POINTER(Layer), ctypes.c_void_p
    loaded.glueball_batch_norm.argtypes = [layer, *[pointer] * 5, ctypes.c_float, *[pointer] * 4]
    loaded.glueball_batch_norm_gradient.argtypes = [layer, *[pointer] * 12]
    loaded.glueball_batch_norm.restype = loaded.glueball_batch_norm_gradient.restype = None
    return loaded
