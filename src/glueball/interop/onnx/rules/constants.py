"""Arrays that follow from shapes and attributes alone."""

from __future__ import annotations

from math import prod

import torch

from ....ops import registry
from ..call import Call, Unsupported, rule
from ..lengths import varies


def _declare(name: str) -> None:
    @rule(name, integers=True, runtimes=False)
    def constant(call: Call) -> str:
        if any(map(varies, call.shape)):
            raise Unsupported("an array whose length varies, without an input that has it")
        made: torch.Tensor = registry[name].function(**call.attributes, device=torch.device("cpu"))
        return call.document.constant(made.reshape(call.shape).numpy())


for _name in ("_zeros", "_ones", "_full", "_arange", "_linspace", "_eye"):
    _declare(_name)


@rule("_zeros_without_dtype", integers=True, runtimes=False)
def _zeros_without_dtype(call: Call) -> str:
    return call.filled(call.shape, 0, call.type)


@rule("zeros_like", integers=True, runtimes=False)
def _zeros_like(call: Call) -> str:
    return call.filled(call.shape, 0, call.type)


@rule("ones_like", integers=True, runtimes=False)
def _ones_like(call: Call) -> str:
    return call.filled(call.shape, 1, call.type)


@rule("shape_array", integers=True, runtimes=False)
def _shape_array(call: Call) -> str:
    return call.add("Shape", call.data)


@rule("size_array", integers=True, runtimes=False)
def _size_array(call: Call) -> str:
    return call.add("Unsqueeze", call.add("Size", call.data), call.integers((0,)))


@rule("_contrib_arange_like", runtimes=False)
def _arange_like(call: Call) -> str:
    numbers = call.range(prod(call.shape))
    if call["repeat"] > 1:
        numbers = call.add("Div", numbers, call.scalar(call["repeat"]))
    scaled = call.add("Mul", call.cast(numbers, torch.float64), call.number(call["step"], torch.float64))
    row = call.cast(call.add("Add", scaled, call.number(call["start"], torch.float64)), call.type)
    return row if len(call.shape) == 1 else call.reshape(row, call.shape)


@rule("_contrib_index_array", integers=True, runtimes=False)
def _index_array(call: Call) -> str:
    shape = call.data.shape
    rank = len(shape)
    axes = range(rank) if call["axes"] is None else [axis % rank for axis in call["axes"]]
    lines = [call.along(call.range(shape[axis]), rank, axis) for axis in axes]
    grids = [call.add("Expand", line, call.integers(shape)) for line in lines]
    return call.add("Concat", *[call.add("Unsqueeze", grid, call.integers((rank,))) for grid in grids], axis=rank)
