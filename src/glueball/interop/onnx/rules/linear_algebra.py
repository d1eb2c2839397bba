"""Operators of ``linalg``: products with several matrices, triangles, determinants."""

from __future__ import annotations

import numpy as np

from ..call import Call, rule
from .dense import gemm2


@rule("_linalg_gemm")
def _gemm(call: Call) -> str:
    return call.add("Add", gemm2(call), call.add("Mul", call.array(2), call.number(call["beta"])))


@rule("_linalg_syrk")
def _syrk(call: Call) -> str:
    rank = len(call.data.shape)
    turned = call.transpose(call.data, (*range(rank - 2), rank - 1, rank - 2))
    pair = (turned, call.data) if call["transpose"] else (call.data, turned)
    return call.add("Mul", call.add("MatMul", *pair), call.number(call["alpha"]))


@rule("_linalg_trmm", runtimes=False)
def _trmm(call: Call) -> str:
    rank = len(call.data.shape)
    side = call.data.shape[-1]
    kept = np.tril(np.ones((side, side), np.bool_))
    inside = call.document.constant(kept if call["lower"] else kept.T.copy())
    triangle = call.add("Where", inside, call.data, call.number(0))
    if call["transpose"]:
        triangle = call.transpose(triangle, (*range(rank - 2), rank - 1, rank - 2))
    pair = (call.array(1), triangle) if call["rightside"] else (triangle, call.array(1))
    return call.add("Mul", call.add("MatMul", *pair), call.number(call["alpha"]))


@rule("_linalg_det", runtimes=False)
def _det(call: Call) -> str:
    return call.reshape(call.add("Det", call.data), call.shape)


@rule("_linalg_slogdet", runtimes=False)
def _slogdet(call: Call) -> tuple[str, str]:
    determinant = _det(call)
    return call.add("Sign", determinant), call.add("Log", call.add("Abs", determinant))


@rule("_linalg_sumlogdiag", runtimes=False)
def _sumlogdiag(call: Call) -> str:
    shape = call.data.shape
    flat = call.reshape(call.data, (*shape[:-2], shape[-1] * shape[-1]))
    places = call.integers([number * (shape[-1] + 1) for number in range(shape[-1])])
    diagonal = call.add("Gather", flat, places, axis=len(shape) - 2)
    total = call.add("ReduceSum", call.add("Log", diagonal), call.integers((-1,)), keepdims=0)
    return total if len(shape) > 2 else call.reshape(total, call.shape)


@rule("khatri_rao")
def _khatri_rao(call: Call) -> str:
    first, *others = call.arrays
    rows, columns = first.shape
    result = call.add("Identity", first)
    for each in others:
        apart = call.add("Unsqueeze", result, call.integers((1,)))
        rows = rows * each.shape[0]
        result = call.reshape(call.add("Mul", apart, each), (rows, columns))
    return result
