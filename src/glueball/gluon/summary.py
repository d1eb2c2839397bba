"""The table that ``Block.summary`` prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import RefusedError
from ..core.methods import method_of
from ..ndarray.ndarray import NDArray
from .containers import HybridSequential, Sequential
from .core.block import Block
from .core.hybrid_block import HybridBlock
from .core.parameter import Parameter

_ROW = "{:>20}  {:>42} {:>15}"
_WIDTH = 80


@dataclass
class _Row:
    """One layer: its label, its output shapes, and its own parameters."""

    label: str
    shape: str
    parameters: list[Parameter]


@method_of(Block)
def summary(self: Block, *inputs: Any) -> None:
    """Print a table of all layers with their output shapes and numbers of parameters, for these inputs.

    Differs from MXNet: a block that occurs twice in the network has one row per call; MXNet prints each of them
    twice and counts its parameters as often.

    Examples
    --------
    >>> from glueball import nd
    >>> from glueball.gluon import nn
    >>> net = nn.Dense(2, in_units=3)
    >>> net.initialize()
    >>> net.summary(nd.ones((1, 3)))
    --------------------------------------------------------------------------------
            Layer (type)                                Output Shape         Param #
    ================================================================================
                   Input                                      (1, 3)               0
                 Dense-1                                      (1, 2)               8
    ================================================================================
    Parameters in forward computation graph, duplicate included
       Total params: 8
       Trainable params: 8
       Non-trainable params: 0
    Shared params in forward computation graph: 0
    Unique parameters in model: 8
    --------------------------------------------------------------------------------
    """
    rows: list[_Row] = []
    handles = []

    def record(layer: Block, _: tuple[Any, ...], output: Any) -> None:
        rows.append(_Row(f"{type(layer).__name__}-{len(rows) + 1}", _shapes(output), list(layer._reg_params.values())))

    def watch(layer: Block) -> None:
        if isinstance(layer, HybridBlock) and layer._active and not layer._glueball_is_graph:
            raise RefusedError(f"summary: {layer.name} must not be hybridized; call hybridize(active=False) first")
        if not isinstance(layer, Sequential | HybridSequential):
            handles.append(layer.register_forward_hook(record))

    try:
        self.apply(watch)
        self(*inputs)
    finally:
        for handle in handles:
            handle.detach()
    _print_table(_shapes(inputs), rows)


def _shapes(value: Any) -> str:
    """Format the shapes of nested arrays; only inner lists have brackets."""
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
