"""Functions of ``mx.sym.np`` whose nodes are operators written in Python, as in MXNet's graph files."""

from __future__ import annotations

import ast
import math
from typing import Any

import numpy as np

from .. import ndarray as nd
from ..core.doors import door
from ..core.errors import MissingMethodError, OutOfRangeError
from ..np_functions.creation import check_order
from ..symbol.numpy.face import check_symbols
from .custom_op import CustomOp, CustomOpProp
from .registered import register
from .symbol_function import Custom

__all__ = ["empty_like", "resize", "unravel_index"]


@door
def resize(a: Any, new_shape: Any) -> Any:
    """Return the symbol of an array of another size: the elements, repeated or cut off; see `glueball.np.resize`."""
    check_symbols("np.resize", (a,))
    return Custom(a, op_type="resize_fallback", new_shape=new_shape)


@door
def unravel_index(indices: Any, shape: Any, order: str = "C") -> Any:
    """Return the symbol of the indices along each axis, one row for each, of elements that are numbered through.

    Parameters
    ----------
    indices : Symbol
        The numbers, integers.
    shape : int or tuple of int
        The shape of the array that has the elements.
    order : {'C'}
        How they are numbered.
    """
    check_order("unravel_index", order)
    check_symbols("np.unravel_index", (indices,))
    return Custom(indices, op_type="unravel_index_fallback", shape=shape)


@door
def empty_like(prototype: Any, dtype: Any = None, order: str = "C", subok: bool = False, shape: Any = None) -> Any:
    """Return the symbol of an array of the same shape, whose values do not matter; see `glueball.np.empty_like`."""
    check_order("empty_like", order)
    if subok or shape is not None:
        raise MissingMethodError(f"np.empty_like: subok and shape must not be given; received {subok!r} and {shape!r}")
    check_symbols("np.empty_like", (prototype,))
    return Custom(prototype, op_type="empty_like_fallback", dtype=dtype, order=order, subok=subok, shape=shape)


def _lengths(text: str) -> tuple[int, ...]:
    """Read a shape as it stands in a graph file."""
    given = ast.literal_eval(text)
    return tuple(given) if isinstance(given, tuple | list) else (given,)


def _assign(op: CustomOp, array: Any, request: str, values: np.ndarray[Any, Any]) -> None:
    """Write values, also into an array without axes."""
    op.assign(array.reshape(-1), request, nd.array(values.reshape(-1), dtype=array.dtype))


class _Resize(CustomOp):
    def __init__(self, shape: tuple[int, ...]) -> None:
        self._shape = shape

    def forward(self, is_train: Any, req: Any, in_data: Any, out_data: Any, aux: Any) -> None:
        _assign(self, out_data[0], req[0], np.resize(in_data[0].asnumpy(), self._shape))

    def backward(self, req: Any, out_grad: Any, in_data: Any, out_data: Any, in_grad: Any, aux: Any) -> None:
        # Each element gets the gradients of all its copies.
        summed, gradient = np.zeros(in_data[0].size, in_grad[0].dtype), out_grad[0].asnumpy().ravel()
        if summed.size:
            np.add.at(summed, np.arange(gradient.size) % summed.size, gradient)
        _assign(self, in_grad[0], req[0], summed.reshape(in_data[0].shape))


@register("resize_fallback")
class _ResizeProp(CustomOpProp):
    def __init__(self, new_shape: str) -> None:
        super().__init__()
        self._shape = _lengths(new_shape)

    def list_arguments(self) -> list[str]:
        return ["a"]

    def infer_shape(self, in_shape: list[list[int]]) -> Any:
        return in_shape, [self._shape], []

    def create_operator(self, ctx: Any, in_shapes: Any, in_dtypes: Any) -> CustomOp:
        return _Resize(self._shape)


class _UnravelIndex(CustomOp):
    def __init__(self, shape: tuple[int, ...]) -> None:
        self._shape = shape

    def forward(self, is_train: Any, req: Any, in_data: Any, out_data: Any, aux: Any) -> None:
        numbers, size = in_data[0].asnumpy(), math.prod(self._shape)
        if numbers.size and not 0 <= numbers.min() <= numbers.max() < size:
            raise OutOfRangeError(
                f"np.unravel_index: indices must be from 0 to {size - 1} for shape {self._shape}; "
                f"received {numbers.tolist()}"
            )
        _assign(self, out_data[0], req[0], np.stack(np.unravel_index(numbers, self._shape)))


@register("unravel_index_fallback")
class _UnravelIndexProp(CustomOpProp):
    def __init__(self, shape: str) -> None:
        super().__init__(need_top_grad=False)
        self._shape = _lengths(shape)

    def list_arguments(self) -> list[str]:
        return ["indices"]

    def infer_shape(self, in_shape: list[list[int]]) -> Any:
        return in_shape, [[len(self._shape), *in_shape[0]]], []

    def create_operator(self, ctx: Any, in_shapes: Any, in_dtypes: Any) -> CustomOp:
        return _UnravelIndex(self._shape)


@register("empty_like_fallback")
class _EmptyLikeProp(CustomOpProp):
    def __init__(self, dtype: str, order: str, subok: str, shape: str) -> None:
        super().__init__(need_top_grad=False)
        self._dtype = None if dtype == "None" else dtype

    def list_arguments(self) -> list[str]:
        return ["prototype"]

    def infer_type(self, in_type: list[Any]) -> Any:
        return in_type, [self._dtype or in_type[0]], []
