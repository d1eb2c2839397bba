"""Random numbers, which a runtime draws from a stream of its own."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ..call import Call, Unsupported, rule
from ..document import TYPES, Array
from ..lengths import varies


def _uniform(call: Call, shape: Sequence[int], kind: torch.dtype, low: float = 0.0, high: float = 1.0) -> str:
    return _drawn(call, "RandomUniform", shape, kind, low=low, high=high)


def _drawn(call: Call, kind: str, shape: Sequence[int], dtype: torch.dtype, **numbers: float) -> str:
    if any(map(varies, shape)):
        like = call.filled(shape, 0, dtype)
        return call.add(f"{kind}Like", like, dtype=TYPES[dtype], **numbers)
    return call.add(kind, shape=list(shape), dtype=TYPES[dtype], **numbers)


def _exponential(call: Call, shape: Sequence[int], kind: torch.dtype) -> str:
    # 1 - u lies in (0, 1]: its logarithm is finite
    rest = call.add("Sub", call.number(1, kind), _uniform(call, shape, kind))
    return call.add("Neg", call.add("Log", rest))


@rule("_random_uniform", "_random_uniform_like", runtimes=False)
def _random_uniform(call: Call) -> str:
    return _uniform(call, call.shape, call.type, call["low"], call["high"])


@rule("_random_normal", "_random_normal_like", runtimes=False)
def _random_normal(call: Call) -> str:
    return _drawn(call, "RandomNormal", call.shape, call.type, mean=call["loc"], scale=call["scale"])


@rule("_random_exponential", "_random_exponential_like", runtimes=False)
def _random_exponential(call: Call) -> str:
    return call.add("Div", _exponential(call, call.shape, call.type), call.number(call["lam"], call.type))


@rule("_random_randint", integers=True, runtimes=False)
def _random_randint(call: Call) -> str:
    drawn = _uniform(call, call.shape, torch.float64, float(call["low"]), float(call["high"]))
    return call.as_result(call.add("Floor", drawn))


def _for_each(call: Call, parameter: Array) -> str:
    """Return parameters with axes for the numbers that are drawn with each of them."""
    more = len(call.shape) - len(parameter.shape)
    wide = call.cast(parameter, call.type)
    axes = range(len(parameter.shape), len(call.shape))
    return call.add("Unsqueeze", wide, call.integers(axes)) if more else wide


@rule("_sample_uniform", runtimes=False)
def _sample_uniform(call: Call) -> str:
    low, high = [_for_each(call, array) for array in call.arrays]
    span = call.add("Sub", high, low)
    return call.add("Add", call.add("Mul", _uniform(call, call.shape, call.type), span), low)


@rule("_sample_normal", runtimes=False)
def _sample_normal(call: Call) -> str:
    mean, deviation = [_for_each(call, array) for array in call.arrays]
    drawn = _drawn(call, "RandomNormal", call.shape, call.type, mean=0.0, scale=1.0)
    return call.add("Add", call.add("Mul", drawn, deviation), mean)


@rule("_sample_exponential", runtimes=False)
def _sample_exponential(call: Call) -> str:
    return call.add("Div", _exponential(call, call.shape, call.type), _for_each(call, call.data))


@rule("_sample_multinomial", runtimes=False)
def _sample_multinomial(call: Call) -> str:
    if call["get_prob"]:
        raise Unsupported("the probabilities of the draws")
    shape = call.data.shape
    count = torch.Size(call["shape"]).numel()
    rows = call.data if len(shape) == 2 else call.reshape(call.data, (-1, shape[-1]))
    drawn = call.add("Multinomial", call.add("Log", rows), sample_size=count, dtype=TYPES[torch.int32])
    return call.reshape(call.as_result(drawn), call.shape)
