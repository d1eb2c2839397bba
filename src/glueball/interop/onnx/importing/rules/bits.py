"""Integers bit by bit: the operators are those of ``mx.np``, since ``mx.nd`` has none."""

from __future__ import annotations

from typing import Any

from ..... import symbol as sym
from ..call import Call
from ..registry import rule

_BITWISE = {
    "BitwiseAnd": "bitwise_and", "BitwiseOr": "bitwise_or", "BitwiseXor": "bitwise_xor", "BitwiseNot": "bitwise_not",
}  # fmt: skip

_TYPES = ("int8", "uint8", "int32", "int64", "")


@rule(*_BITWISE)
def _bitwise(call: Call) -> Any:
    call.require(call.type(0) in _TYPES, f"the type must be one of MXNet's integers; received {call.type(0)}")
    function = getattr(sym.np, _BITWISE[call.node.operator])
    return function(*[each.as_np_ndarray() for each in call.symbols()]).as_nd_ndarray()
