"""How many numbers a node computes, by what it is given: a short file must not ask for all memory."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import numpy as np

from .document import Node

_MANY = 2**40  # of what has no bound

#: What has no more numbers than its inputs together.
_SMALL = {
    "Cast", "Concat", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Unsqueeze",
    "Flatten", "GatherElements", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ScatterElements",
    "ScatterND", "Transpose", "Trilu",
}  # fmt: skip

#: What has as many numbers as its inputs, laid along each other, have.
_ELEMENTWISE = {
    "Abs", "Add", "And", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "CastLike", "Ceil", "Clip",
    "CumSum", "DequantizeLinear", "Div", "Equal", "Erf", "Exp", "Floor", "Greater", "GreaterOrEqual", "Less",
    "LessOrEqual", "Log", "Max", "Mean", "Min", "Mod", "Mul", "Neg", "Not", "Or", "Pow", "QuantizeLinear",
    "Reciprocal", "Relu", "Round", "Sigmoid", "Sign", "Softmax", "Sqrt", "Sub", "Sum", "Tanh", "Where", "Xor",
}  # fmt: skip


def _broadcast(shapes: list[tuple[int, ...]]) -> int:
    rank = max(map(len, shapes))
    whole = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    return prod([max(lengths) for lengths in zip(*whole, strict=True)])


def _positive(array: np.ndarray) -> list[int]:
    return [max(int(each), 1) for each in array.reshape(-1)]


def _range(arrays: list[np.ndarray]) -> int:
    start, limit, delta = [float(array.reshape(-1)[0]) for array in arrays]
    return int(min(abs((limit - start) / delta), _MANY)) + 1 if delta else _MANY


#: How many numbers a result has at most whose size follows from more than the sizes of its inputs.
_NAMED: dict[str, Callable[[list[np.ndarray]], int]] = {
    "ConstantOfShape": lambda arrays: prod(_positive(arrays[0])),
    "Expand": lambda arrays: arrays[0].size * prod(_positive(arrays[1])),
    "Tile": lambda arrays: arrays[0].size * prod(_positive(arrays[1])),
    "Range": _range,
    "OneHot": lambda arrays: arrays[0].size * max(_positive(arrays[1])),
    "Gather": lambda arrays: arrays[0].size * arrays[1].size,
    "GatherND": lambda arrays: arrays[0].size * arrays[1].size,
    "MatMul": lambda arrays: arrays[0].size * arrays[1].size,
    "NonZero": lambda arrays: arrays[0].size * max(arrays[0].ndim, 1),
}


def result_size(node: Node, arrays: list[np.ndarray]) -> int | None:
    """Return how many numbers a result has at most; None for operators that are not to be computed.

    It follows from the inputs: what the file says of shapes may be a lie.
    """
    if node.operator == "Constant":
        return 0  # it is in the file as it is
    if not arrays:
        return None
    if node.operator in _NAMED:
        return _NAMED[node.operator](arrays)
    if node.operator in _SMALL:
        return sum([array.size for array in arrays])
    return _broadcast([array.shape for array in arrays]) if node.operator in _ELEMENTWISE else None
