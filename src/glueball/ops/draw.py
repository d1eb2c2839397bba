"""Draws the random numbers of operators: from a generator, or inside a graph from a key.

An imperative call draws from the generator of its context. A graph gets one key for each run, an integer in a
tensor, and each of its nodes draws from its own stream, derived from the key. So a graph is a pure function of its
inputs, which can be compiled, and computes the same under every engine.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from . import distributions

#: Where an operator's random numbers come from; what ``Rng`` stands for in a declaration.
Source = torch.Generator | Tensor

# Odd, so that no two node numbers share a stream; its bits are spread over the whole range.
_STRIDE = 0x1E3779B97F4A7C15


def _bernoulli(out: Tensor, generator: torch.Generator, p: float) -> Tensor:
    return out.bernoulli_(p, generator=generator)


def _integers(out: Tensor, generator: torch.Generator, low: float, high: float) -> Tensor:
    return out.random_(int(low), int(high), generator=generator)


def _permutation(out: Tensor, generator: torch.Generator) -> Tensor:
    return torch.randperm(len(out), generator=generator, dtype=out.dtype, device=out.device)


def _multinomial(out: Tensor, generator: torch.Generator, rows: Tensor) -> Tensor:
    return torch.multinomial(rows, out.shape[-1], replacement=True, generator=generator)


def _counts(out: Tensor, generator: torch.Generator, trials: Tensor, chances: Tensor) -> Tensor:
    """Fill each row with how often each result comes, in so many trials: one binomial number after the other."""
    left = trials.expand(out.shape[:-1]).contiguous()
    rest = chances.flip(0).cumsum(0).flip(0)  # the chance of this result or a later one
    for place in range(out.shape[-1]):
        share = torch.where(rest[place] > 0, chances[place] / rest[place], 0.0).clamp(0, 1).expand_as(left)
        drawn = torch.binomial(left, share.contiguous(), generator=generator)
        out[..., place] = drawn if place < out.shape[-1] - 1 else left
        left = left - drawn
    return out


def _unique_zipfian(out: Tensor, generator: torch.Generator, range_max: float) -> Tensor:
    """Fill each row with different classes, in the order in which they are drawn, and then the number of draws."""
    count = out.shape[1] - 1
    for row in out:
        drawn = row[:0]
        while True:
            more = torch.empty(2 * max(count, len(drawn)), dtype=torch.float64, device=out.device)
            more.uniform_(generator=generator).mul_(math.log(range_max + 1)).exp_().round_().sub_(1)
            drawn = torch.cat([drawn, more.long().remainder_(int(range_max))])
            ordered, places = torch.sort(drawn, stable=True)
            first = torch.ones_like(drawn, dtype=torch.bool)
            first[1:] = ordered[1:] != ordered[:-1]
            found = places[first].sort().values
            if len(found) >= count:
                break
        row[:count] = drawn[found[:count]]
        row[count] = found[count - 1] + 1
    return out


#: The drawing functions by name: each fills an array, or makes one like it, given parameters.
KINDS: Mapping[str, Callable[..., Tensor]] = {
    "bernoulli": _bernoulli,
    "integers": _integers,
    "permutation": _permutation,
    "multinomial": _multinomial,
    "counts": _counts,
    "unique zipfian": _unique_zipfian,
    **{distribution.name: distribution.draw for distribution in distributions.DISTRIBUTIONS},
}


def draw(
    rng: Source, kind: str, shape: Sequence[int], dtype: torch.dtype, device: torch.device, *parameters: float | Tensor
) -> Tensor:
    """Return an array of random numbers, which has no gradient.

    Parameters
    ----------
    rng : torch.Generator or Tensor
        The generator, or the key of a node of a graph.
    kind : str
        One of `KINDS`.
    shape, dtype, device
        Of the result.
    *parameters : float or Tensor
        The parameters of the kind; all numbers or all tensors.
    """
    if device.type == "meta":
        return torch.empty(shape, dtype=dtype, device=device)
    with torch.no_grad():
        if isinstance(rng, torch.Generator):
            return KINDS[kind](torch.empty(shape, dtype=dtype, device=device), rng, *parameters)
        if torch.compiler.is_compiling():
            numbers = [float(each) for each in parameters if not isinstance(each, Tensor)]
            arrays = [each for each in parameters if isinstance(each, Tensor)]
            drawn: Tensor = torch.ops.glueball.draw(rng, kind, shape, dtype, device, numbers, arrays)
            return drawn
        return _from_key(rng, kind, shape, dtype, device, parameters)


def stream(key: Tensor, number: int) -> Tensor:
    """Return the key of the node with this number."""
    return key + (number * _STRIDE) % 2**62


def _from_key(
    key: Tensor, kind: str, shape: Sequence[int], dtype: torch.dtype, device: torch.device, parameters: Sequence[Any]
) -> Tensor:
    generator = torch.Generator(device)
    generator.manual_seed(int(key))
    return KINDS[kind](torch.empty(shape, dtype=dtype, device=device), generator, *parameters)


@functools.cache
def register() -> None:
    """Register the torch operator that a compiler sees in place of a draw; done when a graph that draws is lowered.

    It is opaque to the compiler, and its result depends only on its arguments.
    """

    def draw_from_key(
        key: Tensor, kind: str, shape: Sequence[int], dtype: torch.dtype, device: torch.device,
        numbers: Sequence[float], arrays: Sequence[Tensor],
    ) -> Tensor:  # fmt: skip
        return _from_key(key, kind, shape, dtype, device, [*numbers, *arrays])

    # Said outright: which annotations torch.library reads differs between versions of torch and of Python.
    schema = (
        "(Tensor key, str kind, SymInt[] shape, ScalarType dtype, Device device, float[] numbers, Tensor[] arrays)"
        " -> Tensor"
    )
    declared = torch.library.custom_op("glueball::draw", draw_from_key, mutates_args=(), schema=schema)
    declared.register_fake(
        lambda key, kind, shape, dtype, device, numbers, arrays: torch.empty(shape, dtype=dtype, device=device)
    )
