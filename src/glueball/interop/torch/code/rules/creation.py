"""Arrays of one number."""

from __future__ import annotations

import torch

from ..call import Call, Unsupported, number, rule, texts

texts({"zeros_like": "torch.zeros_like({x})", "ones_like": "torch.ones_like({x})"}, integers=True)


def _of(call: Call, begin: str, value: str = "") -> str:
    lengths = ", ".join(map(call.length, range(len(call.shape))))
    kind = "" if call.types[0] is torch.float32 else f", dtype={call.types[0]}"
    return f"torch.{begin}{lengths}{value}{kind}, device={call.source}.device)"


@rule("_zeros")
def _zeros(call: Call) -> str:
    return _of(call, "zeros(")


@rule("_ones")
def _ones(call: Call) -> str:
    return _of(call, "ones(")


@rule("_full")
def _full(call: Call) -> str:
    if not call.types[0].is_floating_point:
        raise Unsupported("of integers")
    return _of(call, "full((", f",), {number(call['value'])}")
