"""The products of attention, with queries, keys and values of all heads side by side in one array.

Arrays are (length, batch, channels), as recurrent layers have them; weights of attention are (batch * heads, queries,
keys).
"""

from __future__ import annotations

from math import prod

import torch
from torch import Tensor

from ...core.errors import MXNetError
from ..attrs import Positive
from ..checks import one_type, same_float
from ..declare import cases, operator
from ..facts import Precision
from ..flops import Call, Count
from ..samples import Input, refused, sample
from ..shape_rule import with_axes

_PRECISION: tuple[Precision, Precision] = ("widest", "unlisted")


def _split(owner: str, name: str, data: Tensor, heads: int, parts: int) -> tuple[Tensor, ...]:
    """Return the parts of interleaved projections, each as (batch * heads, length, channels of a head)."""
    if data.dim() != 3 or data.shape[2] % (heads * parts):
        kinds = f" * {parts}" if parts > 1 else ""
        raise MXNetError(
            f"{owner}: {name} must have shape (length, batch, heads{kinds} * channels) with heads = {heads}; "
            f"received {tuple(data.shape)}"
        )
    length, batch, channels = data.shape
    split = data.reshape(length, batch * heads, parts, channels // (heads * parts))
    return split.permute(2, 1, 0, 3).unbind(0)


def _scores(queries: Tensor, keys: Tensor) -> Tensor:
    return torch.bmm(queries * queries.shape[-1] ** -0.5, keys.mT)


def _weighted(owner: str, attention: Tensor, values: Tensor, heads: int) -> Tensor:
    """Return the sums of values, as (length, batch, heads * channels)."""
    if attention.dim() != 3 or attention.shape[0] != values.shape[0] or attention.shape[2] != values.shape[1]:
        raise MXNetError(
            f"{owner}: attention must have shape (batch * heads, queries, keys), here "
            f"({values.shape[0]}, queries, {values.shape[1]}); received {tuple(attention.shape)}"
        )
    sums = torch.bmm(attention, values)
    batch, length, channels = values.shape[0] // heads, attention.shape[1], values.shape[2]
    return sums.transpose(0, 1).reshape(length, batch, heads * channels)


def _check_types(owner: str, **arrays: Tensor) -> None:
    if not same_float(*arrays.values()):
        raise one_type(owner, **arrays)


def _score_products(parts: int) -> Count:
    def count(call: Call) -> int:
        channels: int = next(iter(call.inputs.values()))[2] // (parts * call.attributes["heads"])
        return prod(call.output) * channels

    return count


def _value_products(call: Call) -> int:
    return prod(call.output) * call.inputs["attention"][2]


@operator(
    "_contrib_interleaved_matmul_selfatt_qk", names_inputs=True,
    from_outputs="nothing", kind="dense", multiply_adds=_score_products(3), precision=_PRECISION
)  # fmt: skip
def interleaved_matmul_selfatt_qk(queries_keys_values: Tensor, *, heads: Positive) -> Tensor:
    """Return the products of queries and keys, divided by the square root of the channels of a head.

    Parameters
    ----------
    queries_keys_values : NDArray
        (length, batch, heads * 3 * channels): for each head its queries, keys and values.
    heads : int
        The number of heads.

    Returns
    -------
    NDArray
        (batch * heads, length, length).
    """
    owner = "_contrib_interleaved_matmul_selfatt_qk"
    _check_types(owner, queries_keys_values=queries_keys_values)
    queries, keys, _ = _split(owner, "queries_keys_values", queries_keys_values, heads, 3)
    return _scores(queries, keys)


cases(
    "_contrib_interleaved_matmul_selfatt_qk",
    samples=lambda: [sample((3, 2, 12), heads=2), sample((4, 1, 6), heads=1)],
    refusals=lambda: [
        refused("heads \\* 3 \\* channels", (3, 2, 13), heads=2),
        refused("heads \\* 3 \\* channels", (3, 12), heads=2),
        refused("one floating-point type", Input((3, 2, 12), "int32"), heads=2),
        refused("heads must be", (3, 2, 12), heads=0),
    ],
)


@operator(
    "_contrib_interleaved_matmul_selfatt_valatt", kind="dense", multiply_adds=_value_products, precision=_PRECISION,
    from_partial=with_axes(lambda shapes, attributes: [(*shapes[0][:2], shapes[0][2] // 3)]),
)  # fmt: skip
def interleaved_matmul_selfatt_valatt(queries_keys_values: Tensor, attention: Tensor, *, heads: Positive) -> Tensor:
    """Return the sums of values, weighted with attention.

    Parameters
    ----------
    queries_keys_values : NDArray
        (length, batch, heads * 3 * channels): for each head its queries, keys and values.
    attention : NDArray
        (batch * heads, length, length).
    heads : int
        The number of heads.

    Returns
    -------
    NDArray
        (length, batch, heads * channels).
    """
    owner = "_contrib_interleaved_matmul_selfatt_valatt"
    _check_types(owner, queries_keys_values=queries_keys_values, attention=attention)
    values = _split(owner, "queries_keys_values", queries_keys_values, heads, 3)[2]
    return _weighted(owner, attention, values, heads)


cases(
    "_contrib_interleaved_matmul_selfatt_valatt",
    samples=lambda: [sample((3, 2, 12), (4, 3, 3), heads=2), sample((4, 1, 6), (1, 4, 4), heads=1)],
    refusals=lambda: [
        refused("attention must have shape", (3, 2, 12), (4, 3, 4), heads=2),
        refused("heads \\* 3 \\* channels", (3, 2, 13), (4, 3, 3), heads=2),
        refused("one floating-point type", (3, 2, 12), Input((4, 3, 3), "float64"), heads=2),
    ],
)


@operator(
    "_contrib_interleaved_matmul_encdec_qk", from_outputs="nothing", kind="dense",
    multiply_adds=_score_products(1), precision=_PRECISION,
)  # fmt: skip
def interleaved_matmul_encdec_qk(queries: Tensor, keys_values: Tensor, *, heads: Positive) -> Tensor:
    """Return the products of queries and keys, divided by the square root of the channels of a head.

    Parameters
    ----------
    queries : NDArray
        (queries, batch, heads * channels).
    keys_values : NDArray
        (keys, batch, heads * 2 * channels): for each head its keys and values.
    heads : int
        The number of heads.

    Returns
    -------
    NDArray
        (batch * heads, queries, keys).
    """
    owner = "_contrib_interleaved_matmul_encdec_qk"
    _check_types(owner, queries=queries, keys_values=keys_values)
    (asked,) = _split(owner, "queries", queries, heads, 1)
    keys, _ = _split(owner, "keys_values", keys_values, heads, 2)
    if asked.shape[0] != keys.shape[0] or asked.shape[2] != keys.shape[2]:
        raise MXNetError(
            f"{owner}: keys_values must have the batch of queries and twice their channels; "
            f"received {tuple(queries.shape)} and {tuple(keys_values.shape)}"
        )
    return _scores(asked, keys)


cases(
    "_contrib_interleaved_matmul_encdec_qk",
    samples=lambda: [sample((3, 2, 4), (5, 2, 8), heads=2), sample((2, 1, 3), (4, 1, 6), heads=1)],
    refusals=lambda: [
        refused("the batch of queries", (3, 2, 4), (5, 3, 8), heads=2),
        refused("the batch of queries", (3, 2, 4), (5, 2, 12), heads=2),
        refused("queries must have shape", (3, 4), (5, 3, 8), heads=2),
        refused("keys_values must have shape", (3, 2, 4), (5, 2, 9), heads=2),
        refused("one floating-point type", (3, 2, 4), Input((5, 2, 8), "float64"), heads=2),
    ],
)


@operator(
    "_contrib_interleaved_matmul_encdec_valatt", kind="dense", multiply_adds=_value_products, precision=_PRECISION,
    from_partial=with_axes(lambda shapes, attributes: [(shapes[1][1], shapes[0][1], shapes[0][2] // 2)]),
)  # fmt: skip
def interleaved_matmul_encdec_valatt(keys_values: Tensor, attention: Tensor, *, heads: Positive) -> Tensor:
    """Return the sums of values, weighted with attention.

    Parameters
    ----------
    keys_values : NDArray
        (keys, batch, heads * 2 * channels): for each head its keys and values.
    attention : NDArray
        (batch * heads, queries, keys).
    heads : int
        The number of heads.

    Returns
    -------
    NDArray
        (queries, batch, heads * channels).
    """
    owner = "_contrib_interleaved_matmul_encdec_valatt"
    _check_types(owner, keys_values=keys_values, attention=attention)
    values = _split(owner, "keys_values", keys_values, heads, 2)[1]
    return _weighted(owner, attention, values, heads)


cases(
    "_contrib_interleaved_matmul_encdec_valatt",
    samples=lambda: [sample((5, 2, 8), (4, 3, 5), heads=2), sample((4, 1, 6), (1, 2, 4), heads=1)],
    refusals=lambda: [
        refused("attention must have shape", (5, 2, 8), (4, 3, 4), heads=2),
        refused("keys_values must have shape", (5, 2, 9), (4, 3, 5), heads=2),
        refused("one floating-point type", (5, 2, 8), Input((4, 3, 5), "float64"), heads=2),
    ],
)
