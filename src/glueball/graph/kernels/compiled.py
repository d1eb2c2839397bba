"""What the convolutions that are written in C have in common: how they are called, and whether they can be."""

from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Callable, Sequence
from math import inf, prod
from typing import Any

import torch
from torch import Tensor

from ..fused import Activation, FusedConvolution, NotFinite
from .layout import to_channels_first_memory, to_channels_last_memory
from .native import CannotCompile, load
from .room import Room
from .rows import Rows

_SWITCH = "GLUEBALL_NATIVE"  # an environment variable

WIDE = 8  # numbers in a vector
_FEW = 2**18  # products, for fewer of which other threads are not worth the while that it takes to start them

_USUAL_CACHE = 2**20  # in bytes, of the second level, where the system does not say


class Layer(ctypes.Structure):
    """The structure of the same name in ``layer.h``."""

    _fields_ = (
        *[(name, ctypes.c_long) for name in ("images", "height", "width", "channels", "filters")],
        *[(name, ctypes.c_long * 2) for name in ("kernel", "stride", "pad", "dilate", "out")],
        *[(name, ctypes.c_float) for name in ("low", "high")],
        *[(name, ctypes.c_long) for name in ("size", "block", "threads", "planar")],
    )


class Library:
    """The functions of a compiled file.

    Parameters
    ----------
    name : str
        The name of the file.

    Attributes
    ----------
    loaded : ctypes.CDLL
        All functions of the file.
    vector : int
        The numbers in a vector of the processor.
    is_wide : bool
        Whether these are so many that the kernels are as fast as any.
    rows : int
        The pixels or tiles that are multiplied together, at most.
    memory, run : callable
        Return the numbers that a call needs room for, and compute it.
    part : callable or None
        Computes some rows of the result of an image, in one thread.
    """

    def __init__(self, name: str) -> None:
        self.loaded = load(name)
        layer, pointer = ctypes.POINTER(Layer), ctypes.c_void_p
        vector, rows, memory, run = (
            getattr(self.loaded, f"glueball_{name}{end}") for end in ("_vector", "_rows", "_memory", "")
        )
        vector.restype = rows.restype = memory.restype = ctypes.c_long
        memory.argtypes = [layer]
        run.argtypes = [layer, *[pointer] * 7]
        self.vector: int = vector()
        self.is_wide: bool = self.vector >= WIDE
        self.rows: int = rows()
        self.memory: Callable[..., int] = memory
        self.run: Callable[..., int] = run
        self.part = getattr(self.loaded, f"glueball_{name}_part", None)


room = Room()


class Compiled:
    """What a C file computes from images, whose shapes have channels first, or from rows of numbers.

    Parameters
    ----------
    library : Library
        The file.
    shape, out_shape : sequence of int
        The shapes of the data and of the result.
    fields : tuple
        The first fields of a `Layer`, up to ``out``.
    activation : Activation, optional
        What is applied at the end.
    size : int, optional
        What a kind of kernel needs to know.

    Attributes
    ----------
    shape, out_shape : tuple of int
        The shapes.
    rows : Rows
        Its rows.
    zeros : Tensor
        What a row of a filter meets where there is no image.
    """

    kernel: str  # what a table calls it
    takes_last = gives_last = True  # whether images have their channels last in the memory: the data, and the result
    _products = _FEW  # how many numbers it multiplies
    continues = False  # whether it adds to its `other` array, which is then its result

    def __init__(
        self,
        library: Library,
        shape: Sequence[int],
        out_shape: Sequence[int],
        fields: tuple[Any, ...],
        activation: Activation | None = None,
        size: int = 0,
    ) -> None:
        self.shape, self.out_shape, self._fields, self._size = tuple(shape), tuple(out_shape), fields, size
        images, height, _, channels, filters, kernel, *window, out = fields
        heights: tuple[int, ...] = tuple([pair[0] for pair in (kernel, *window)])
        self.rows = Rows(images, out[0], height, 4 * filters * out[1], *heights)
        self._limits, self._after = _limits(activation)
        self._layers: dict[int, tuple[Layer, int]] = {}
        self.zeros = torch.zeros(channels * kernel[1])
        self._library, self._run = library, library.run

    def _block(self, threads: int) -> int:
        """Return what a thread works on at a time."""
        return 1

    def __call__(
        self,
        data: Tensor,
        filters: Tensor | None = None,
        bias: Tensor | None = None,
        other: Tensor | None = None,
        result: Tensor | None = None,
    ) -> Tensor:
        """Compute it, in the memory of `result` if that is given.

        Raises
        ------
        NotFinite
            There are infinite numbers or NaN, which would be in other places than they should be.
        """
        fits = data.shape == self.shape and data.dtype is torch.float32
        if not fits or not (other is None or other.shape == self.out_shape):  # the kernel would read beyond their ends
            raise ValueError(f"{self.kernel}: arrays must have the shapes and types that it was made for")
        threads = torch.get_num_threads()
        layer, needed = self.layer(threads)
        data = self.arranged(data)
        filters, bias = (None if each is None else each.contiguous() for each in (filters, bias))
        other = None if other is None else self.arranged_as_result(other)
        if result is None:
            result = other if self.continues and other is not None else self.blank()
        arrays = (result, data, filters, bias, other, self.zeros, room.of(needed))
        if self._run(ctypes.byref(layer), *[None if array is None else array.data_ptr() for array in arrays]):
            raise NotFinite
        after = self._after
        return result if after is None else after.function(result, *after.arguments)

    def arranged(self, tensor: Tensor, room: Room | None = None) -> Tensor:
        """Return images as the kernel reads them; `room` is where a copy may lie, until the next one."""
        return (to_channels_last_memory if self.takes_last else to_channels_first_memory)(tensor, room)

    def arranged_as_result(self, tensor: Tensor, room: Room | None = None) -> Tensor:
        """Return images in the order of the result, likewise."""
        return (to_channels_last_memory if self.gives_last else to_channels_first_memory)(tensor, room)

    def blank(self) -> Tensor:
        """Return memory for the result."""
        memory_format = torch.channels_last if self.gives_last else torch.contiguous_format
        return torch.empty(self.out_shape, memory_format=memory_format)

    def layer(self, threads: int) -> tuple[Layer, int]:
        """Return what the kernel reads of itself, and the numbers that it needs room for."""
        if threads not in self._layers:
            used = threads if self._products >= _FEW else 1
            layer = Layer(*self._fields, *self._limits, self._size, self._block(used), used, not self.gives_last)
            # Kernels are handed its address: the first one stays, also where several threads make one at the same time.
            self._layers.setdefault(threads, (layer, self._library.memory(ctypes.byref(layer))))
        return self._layers[threads]

    @property
    def is_complete(self) -> bool:
        """Whether the kernel computes all; else the activation is torch's."""
        return self._after is None

    @property
    def addresses(self) -> tuple[int, int]:
        """Where the kernel's functions are: for all of the result, and for rows of it, or 0."""
        run, part = [ctypes.cast(each, ctypes.c_void_p).value or 0 for each in (self._run, self._library.part)]  # type: ignore[arg-type]
        return run, part

    @property
    def products(self) -> int:
        """How many numbers it multiplies."""
        return self._products

    @property
    def has_parts(self) -> bool:
        """Whether rows of the result can be computed for themselves."""
        return self.is_complete and self._library.part is not None


class CompiledConvolution(Compiled):
    """A fused convolution that is computed by a C file.

    Parameters
    ----------
    library : Library
        The file.
    call : FusedConvolution
        The convolution.
    shape : sequence of int
        The shape of the data.
    size : int, optional
        What a kind of kernel needs to know.
    """

    def __init__(self, library: Library, call: FusedConvolution, shape: Sequence[int], size: int = 0) -> None:
        out_shape, fields = layer_fields(call, shape)
        super().__init__(library, shape, out_shape, fields, call.activation, size)
        self._products = prod(out_shape) * prod(call.filters[1:])


def is_switched_on() -> bool:
    """Whether kernels may be used that are compiled on this machine."""
    return os.environ.get(_SWITCH, "1") != "0"


@functools.cache
def is_wide() -> bool:
    """Whether the processor has vectors for which these kernels are as fast as any; they must be compiled already."""
    return Library("indirect").is_wide


def obstacle_of(checks: Sequence[Callable[[], bool]]) -> str:
    """Return a sentence that says why a compiled kernel cannot be used, or '' if it can.

    Parameters
    ----------
    checks : sequence of callable
        Each compares what the kernel computes with torch.
    """
    try:
        return "" if all(check() for check in checks) else "what the compiler makes of it computes something else"
    except (CannotCompile, OSError) as error:  # OSError: a package in an archive, or a system without /proc
        return str(error)


@functools.cache
def cache_size() -> int:
    """Return the bytes of the cache of the second level, which each core has."""
    try:
        return os.sysconf("SC_LEVEL2_CACHE_SIZE") or _USUAL_CACHE
    except (OSError, ValueError):
        return _USUAL_CACHE


def layer_fields(call: FusedConvolution, shape: Sequence[int]) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """Return the shape of the result of a convolution, and the first fields of its `Layer`, up to ``out``."""
    window: Any = zip(shape[2:], call.filters[2:], call.stride, call.pad, call.dilate, strict=True)
    lengths = [
        (length + 2 * pad - dilate * (kernel - 1) - 1) // stride + 1 for length, kernel, stride, pad, dilate in window
    ]
    out_shape = (shape[0], call.filters[0], *lengths)
    return out_shape, fields_of(shape, out_shape, call.filters[2:], call.stride, call.pad, call.dilate)


def fields_of(
    shape: Sequence[int],
    out_shape: Sequence[int],
    kernel: Sequence[int] = (1, 1),
    stride: Sequence[int] = (1, 1),
    pad: Sequence[int] = (0, 0),
    dilate: Sequence[int] = (1, 1),
) -> tuple[Any, ...]:
    """Return the first fields of a `Layer`, up to ``out``."""
    images, channels, height, width = shape
    pairs = [(ctypes.c_long * 2)(*each) for each in (kernel, stride, pad, dilate, out_shape[2:])]
    return (images, height, width, channels, out_shape[1], *pairs)


def _limits(activation: Activation | None) -> tuple[tuple[float, float], Activation | None]:
    """Return what the kernel limits its result to, and what is left to do."""
    if activation is None or activation.limits is None:
        return (-inf, inf), activation
    low, high = activation.limits
    return (low, inf if high is None else high), None
