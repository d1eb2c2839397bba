"""The table that ``Block.summary`` prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.errors import MXNetError
from ...ndarray.ndarray import NDArray
from ..containers import HybridSequential, Sequential
from .block import Block
from .hybrid_block import HybridBlock
from .parameter import Parameter

_ROW = "{:>20}  {:>42} {:>15}"
_WIDTH = 80


@dataclass
class _Row:
    """One layer: its label, the shapes it returned, and its own parameters."""

    label: str
    shape: str
    parameters: list[Parameter]


def print_summary(block: Block, inputs: tuple[Any, ...]) -> None:
    """Run the block once and print a row for each layer in the order in which they finished."""
    rows: list[_Row] = []
    handles = []

    def record(layer: Block, _: tuple[Any, ...], output: Any) -> None:
        rows.append(_Row(f"{type(layer).__name__}-{len(rows) + 1}", _shapes(output), list(layer._reg_params.values())))

    def watch(layer: Block) -> None:
        if isinstance(layer, HybridBlock) and layer._active and not layer._is_graph:
            raise MXNetError(f"summary: {layer.name} must not be hybridized; call hybridize(active=False) first")
        if not isinstance(layer, Sequential | HybridSequential):
            handles.append(layer.register_forward_hook(record))

    try:
        block.apply(watch)
        block(*inputs)
    finally:
        for handle in handles:
            handle.detach()
    _print_table(_shapes(inputs), rows)


def _shapes(value: Any) -> str:
    """The shapes of arrays in any nesting; only the inner lists have brackets."""
    if isinstance(value, list | tuple):
        return ", ".join(f"[{_shapes(item)}]" if isinstance(item, list | tuple) else _shapes(item) for item in value)
    return str(value.shape) if isinstance(value, NDArray) else repr(value)


def _count(parameters: list[Parameter]) -> int:
    return sum(int(np.prod(parameter.shape or ())) for parameter in parameters)


def _print_table(input_shape: str, rows: list[_Row]) -> None:
    used = [parameter for row in rows for parameter in row.parameters]
    unique = list(dict.fromkeys(used))
    total = _count(used)
    trainable = _count([parameter for parameter in used if parameter.grad_req != "null"])
    print("-" * _WIDTH)
    print(_ROW.format("Layer (type)", "Output Shape", "Param #"))
    print("=" * _WIDTH)
    print(_ROW.format("Input", input_shape, 0))
    for row in rows:
        print(_ROW.format(row.label, row.shape, _count(row.parameters)))
    print("=" * _WIDTH)
    print("Parameters in forward computation graph, duplicate included")
    print(f"   Total params: {total}")
    print(f"   Trainable params: {trainable}")
    print(f"   Non-trainable params: {total - trainable}")
    print(f"Shared params in forward computation graph: {total - _count(unique)}")
    print(f"Unique parameters in model: {_count(unique)}")
    print("-" * _WIDTH)
