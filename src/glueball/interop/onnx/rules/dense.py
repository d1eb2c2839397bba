"""Products of matrices."""

from __future__ import annotations

from math import prod

from ..call import Call, rule
from ..document import Array


@rule("FullyConnected")
def _fully_connected(call: Call) -> str:
    data: Array | str = call.data
    shape, weight = call.data.shape, call.array(1)
    bias = call.inputs[2] if len(call.inputs) > 2 else None
    rank = 2 if call["flatten"] else len(shape)
    if call["flatten"] and len(shape) != 2:
        data = call.reshape(data, (shape[0], prod(shape[1:])))
    if rank == 2:
        return call.add("Gemm", data, weight, *[bias] * (bias is not None), transB=1)
    product = call.add("MatMul", data, call.transpose(weight, (1, 0)))
    return product if bias is None else call.add("Add", product, bias)


@rule("dot")
def _dot(call: Call) -> str:
    left, right = call.arrays
    if len(left.shape) == len(right.shape) == 2:
        return call.add("MatMul", _turned(call, left, call["transpose_a"]), _turned(call, right, call["transpose_b"]))
    first: Array | str = left
    second: Array | str = right
    shared = left.shape[0] if call["transpose_a"] else left.shape[-1]
    if call["transpose_a"] and len(left.shape) > 1:
        first = call.transpose(left, (*range(1, len(left.shape)), 0))
    if call["transpose_b"] and len(right.shape) > 1:
        second = call.transpose(right, (len(right.shape) - 1, *range(len(right.shape) - 1)))
    rows, columns = prod(left.shape) // shared, prod(right.shape) // shared
    product = call.add("MatMul", call.reshape(first, (rows, shared)), call.reshape(second, (shared, columns)))
    return call.reshape(product, call.shape)


def _turned(call: Call, matrices: Array, transposed: bool) -> Array | str:
    rank = len(matrices.shape)
    return call.transpose(matrices, (*range(rank - 2), rank - 1, rank - 2)) if transposed else matrices


@rule("batch_dot")
def _batch_dot(call: Call) -> str:
    left, right = call.arrays
    return call.add("MatMul", _turned(call, left, call["transpose_a"]), _turned(call, right, call["transpose_b"]))


@rule("_linalg_gemm2")
def gemm2(call: Call) -> str:
    """Return the products of matrices, whose rows may lie along another axis than the last but one."""
    rank = len(call.data.shape)
    axis = call["axis"] % rank
    order = [*[number for number in range(rank - 1) if number != axis], axis, rank - 1]
    back = sorted(range(rank), key=order.__getitem__)
    moved = axis != rank - 2
    operands = []
    for array, turned in ((call.data, call["transpose_a"]), (call.array(1), call["transpose_b"])):
        places = [*order[:-2], order[-1], order[-2]] if turned else order
        operands.append(call.transpose(array, places) if moved or turned else array)
    product = call.add("MatMul", *operands)
    if call["alpha"] != 1:
        product = call.add("Mul", product, call.number(call["alpha"]))
    return call.transpose(product, back) if moved else product
