"""The products of attention, with queries, keys and values of all heads side by side in one array."""

from __future__ import annotations

from ..call import Call, rule
from ..document import Array


def _parts(call: Call, data: Array, parts: int) -> list[str]:
    """Return the parts of interleaved projections, each as (batch * heads, length, channels of a head)."""
    length, batch, channels = data.shape
    heads = call["heads"]
    split = call.reshape(data, (length, batch * heads, parts, channels // (heads * parts)))
    turned = call.transpose(split, (2, 1, 0, 3))
    return [call.add("Gather", turned, call.scalar(number), axis=0) for number in range(parts)]


def _scores(call: Call, queries: str, keys: str, channels: int) -> str:
    scaled = call.add("Mul", queries, call.number(channels**-0.5))
    return call.add("MatMul", scaled, call.transpose(keys, (0, 2, 1)))


def _weighted(call: Call, values: str) -> str:
    """Return the sums of values, as (length, batch, heads * channels)."""
    return call.reshape(call.transpose(call.add("MatMul", call.array(1), values), (1, 0, 2)), call.shape)


@rule("_contrib_interleaved_matmul_selfatt_qk")
def _self_scores(call: Call) -> str:
    queries, keys, _ = _parts(call, call.data, 3)
    return _scores(call, queries, keys, call.data.shape[2] // (3 * call["heads"]))


@rule("_contrib_interleaved_matmul_selfatt_valatt")
def _self_values(call: Call) -> str:
    return _weighted(call, _parts(call, call.data, 3)[2])


@rule("_contrib_interleaved_matmul_encdec_qk")
def _scores_of_two(call: Call) -> str:
    (queries,) = _parts(call, call.data, 1)
    return _scores(call, queries, _parts(call, call.array(1), 2)[0], call.data.shape[2] // call["heads"])


@rule("_contrib_interleaved_matmul_encdec_valatt")
def _values_of_two(call: Call) -> str:
    return _weighted(call, _parts(call, call.data, 2)[1])


@rule("_contrib_div_sqrt_dim")
def _div_sqrt_dim(call: Call) -> str:
    return call.add("Div", call.data, call.number(call.data.shape[-1] ** 0.5))
