"""How many floating-point operations a layer takes, from its shapes.

A multiplication and an addition are one operation each, so that a multiply-add counts 2. Counted is a forward pass in
prediction, as the operator's definition reads: no algorithm that saves operations, and no fusion. One application of a
function such as exp is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from ..symbol.node import Node

Shape = Sequence[int]


class Call(NamedTuple):
    """One use of an operator: its parsed attributes, the shapes of its inputs by name, and that of its first output."""

    attributes: Mapping[str, Any]
    inputs: Mapping[str, Shape]
    output: Shape


def work(node: Node, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int | None:
    """Return the floating-point operations of a node, or None where they are not defined here.

    Parameters
    ----------
    node : Node
        An operator's node.
    inputs, outputs : sequence of tuple of int
        The shapes, all of them known.
    """
    assert node.operator is not None
    name = node.operator.name
    call = Call(node.applied.attributes, dict(zip(node.input_names, inputs, strict=False)), outputs[0])
    if name in _PRODUCTS:
        return 2 * _PRODUCTS[name](call) + (prod(call.output) if "bias" in call.inputs else 0)
    if name in _RULES:
        return _RULES[name](call)
    if name in _MOVES or name.startswith(("_random_", "_sample_")):
        return 0
    if node.operator.elementwise or name.startswith("broadcast_"):
        return max(1, len(inputs) - 1) * prod(call.output)
    return None


def multiply_adds(node: Node, inputs: Sequence[Shape], outputs: Sequence[Shape]) -> int:
    """Return the multiplications, each with an addition, of a convolution, dense layer or matrix product; else 0."""
    assert node.operator is not None
    count = _PRODUCTS.get(node.operator.name)
    return (
        count(Call(node.applied.attributes, dict(zip(node.input_names, inputs, strict=False)), outputs[0]))
        if count
        else 0
    )


def _convolution(call: Call) -> int:
    # Each output is a sum over one filter.
    filter_size = prod(call.inputs["weight"]) // call.attributes["num_filter"]
    return prod(call.output) * filter_size


def _deconvolution(call: Call) -> int:
    # Each input is multiplied into all outputs that it reaches.
    data = call.inputs["data"]
    return prod(data) * (prod(call.inputs["weight"]) // max(1, data[1]))


def _dense(call: Call) -> int:
    return prod(call.output) * call.inputs["weight"][1]


def _matrix_product(call: Call) -> int:
    shape = call.inputs.get("lhs", call.inputs.get("A", (1,)))
    summed = shape[-2] if call.attributes.get("transpose_a") and len(shape) > 1 else shape[-1]
    return prod(call.output) * summed


def _dot(call: Call) -> int:
    shape = call.inputs["lhs"]
    return prod(call.output) * (shape[0] if call.attributes["transpose_a"] else shape[-1])


def _pooling(call: Call) -> int:
    if call.attributes["global_pool"]:
        return prod(call.inputs["data"])
    return prod(call.output) * prod(call.attributes["kernel"])


def _per_output(count: int) -> Callable[[Call], int]:
    return lambda call: count * prod(call.output)


def _per_input(call: Call) -> int:
    return prod(next(iter(call.inputs.values()), ()))


# Multiply-adds; a bias is added apart.
_PRODUCTS: Mapping[str, Callable[[Call], int]] = {
    "Convolution": _convolution,
    "Deconvolution": _deconvolution,
    "FullyConnected": _dense,
    "dot": _dot,
    "batch_dot": _matrix_product,
    "_linalg_gemm2": _matrix_product,
}

_RULES: Mapping[str, Callable[[Call], int]] = {
    "Pooling": _pooling,
    "_contrib_AdaptiveAvgPooling2D": _per_input,
    # In prediction the statistics are constants: one factor and one summand for each channel.
    "BatchNorm": _per_output(2),
    "_contrib_BatchNormWithReLU": _per_output(3),
    # Mean, variance (3), subtraction, and two products or sums with constants of the channel.
    "LayerNorm": _per_output(7),
    "GroupNorm": _per_output(7),
    "InstanceNorm": _per_output(7),
    "L2Normalization": _per_output(3),
    # Largest, subtraction, exponential, sum, division.
    "softmax": _per_output(5),
    "softmin": _per_output(5),
    "log_softmax": _per_output(5),
    "SoftmaxActivation": _per_output(5),
    "SoftmaxOutput": _per_output(5),
    "LogisticRegressionOutput": _per_output(1),
    "LeakyReLU": _per_output(1),
    "clip": _per_output(2),
    "where": _per_output(1),
    **dict.fromkeys(["sum", "mean", "max", "min", "prod", "nansum", "nanprod", "argmax", "argmin"], _per_input),
    "norm": lambda call: 2 * _per_input(call),
}

_MOVING = """
    BlockGrad Cast Concat Crop Dropout Embedding Flatten LinearRegressionOutput MAERegressionOutput MakeLoss Pad Reshape
    SVMOutput SequenceLast SequenceMask SequenceReverse SliceChannel SwapAxis _arange _copy _eye _full _ones _shuffle
    _slice_assign _slice_assign_scalar _split_v2 _zeros amp_cast batch_take broadcast_axis broadcast_like broadcast_to
    depth_to_space diag expand_dims gather_nd make_loss one_hot ones_like pick repeat reshape_like reverse scatter_nd
    shape_array size_array slice slice_axis slice_like space_to_depth squeeze stack take tile transpose zeros_like
"""
# What moves values, or makes constants, or does nothing in prediction.
_MOVES = frozenset(_MOVING.split())
