"""The network that is to be written: a Block, or a Symbol and its arrays, as a graph that predicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ...autograd import pause
from ...core.errors import InvalidTypeError, InvalidValueError, MXNetError
from ...gluon.core import nested
from ...gluon.core.block import Block
from ...gluon.core.hybrid_block import HybridBlock
from ...gluon.core.symbol_block import SymbolBlock
from ...graph.program import Program
from ...ndarray import NDArray, array
from ...ndarray.exchange import from_torch
from ...serialization.checkpoint import without_kind
from ...symbol import Symbol, var
from ...symbol.infer import Inferred, infer
from ...symbol.node import Entry, topological_order
from .heads import without_labels
from .quiet import quiet

#: An array in any form in which a user has one.
Arrays = Mapping[str, NDArray]


@dataclass(frozen=True)
class Prediction:
    """A graph for prediction, with all arrays that it needs.

    Attributes
    ----------
    block : SymbolBlock
        The graph, without labels, as a block.
    inputs : dict of str to NDArray
        An example of each input, by name.
    reference : callable
        Computes the outputs of what the user gave, for these inputs.
    """

    block: SymbolBlock
    inputs: Mapping[str, NDArray]
    reference: Callable[[], list[Tensor]]

    def difference(self, owner: str, run: Callable[..., Any]) -> float:
        """Return the largest absolute difference between what a function of tensors computes and the reference.

        Raises
        ------
        MXNetError
            Numbers or shapes of the outputs differ.
        """
        with quiet(), torch.no_grad():
            outputs = tensors_in(run(*[each._data for each in self.inputs.values()]))
        return largest_difference(owner, outputs, self.reference())


def prediction_of(
    owner: str, model: Block | Symbol, inputs: Any, arg_params: Arrays | None, aux_params: Arrays | None
) -> Prediction:
    """Return what a user wants to be written.

    Parameters
    ----------
    owner : str
        The public function, for messages.
    model, inputs, arg_params, aux_params
        As `export_program` takes them.
    """
    if isinstance(model, Symbol):
        return _of_symbol(owner, model, inputs, {**(arg_params or {}), **(aux_params or {})})
    if not isinstance(model, Block):
        raise InvalidTypeError(f"{owner}: model must be a Block or a Symbol; received {type(model).__name__}")
    if arg_params is not None or aux_params is not None:
        raise InvalidValueError(
            f"{owner}: arg_params and aux_params belong to a Symbol; a Block has its own parameters"
        )
    if not isinstance(model, HybridBlock):
        raise InvalidTypeError(
            f"{owner}: model must be a HybridBlock, which is a graph; received {type(model).__name__}; "
            "as_module makes a torch module of any Block"
        )
    return _of_block(owner, model, inputs)


def _of_block(owner: str, block: HybridBlock, inputs: Any) -> Prediction:
    given = tuple(inputs.values()) if isinstance(inputs, Mapping) else inputs
    given = given if isinstance(given, list | tuple) else (given,)
    examples = tuple([_as_array(owner, each) for each in given])
    with pause(train_mode=False):
        block(*examples)  # shapes that are unknown follow, and a wrong input is refused in the block's own words
    trace = block._glueball_trace(examples)
    leaves, _ = nested.flatten(examples, owner)
    names = [symbol._node().name for symbol in trace.inputs]
    inputs, params = dict(zip(names, leaves, strict=True)), block.collect_params()
    known = inferred(trace.outputs._entries, {**{name: one.data() for name, one in params.items()}, **inputs})
    outputs = nested.rebuild(trace.structure, iter(without_labels(trace.outputs, known)))

    def reference() -> list[Tensor]:
        with pause(train_mode=False):
            return [each._data for each in nested.flatten(block(*examples), owner)[0]]

    return Prediction(SymbolBlock(outputs, trace.inputs, params), inputs, reference)


def _of_symbol(owner: str, symbol: Symbol, inputs: Any, params: Arrays) -> Prediction:
    if not isinstance(inputs, Mapping) or not inputs:
        raise InvalidTypeError(f"{owner}: inputs of a Symbol must be a dict of arrays by name; received {inputs!r}")
    examples = {name: _as_array(owner, each) for name, each in inputs.items()}
    arrays = {without_kind(name): each for name, each in params.items()}
    predicting = without_labels(symbol, inferred(symbol._entries, {**arrays, **examples}))
    needed = [*predicting.list_arguments(), *predicting.list_auxiliary_states()]
    missing = [name for name in needed if name not in examples and name not in arrays]
    unknown = [name for name in examples if name not in symbol.list_arguments()]
    if missing or unknown:
        raise MXNetError(
            f"{owner}: every variable must be an input or have an array; "
            f"{f'missing {missing}' if missing else f'unknown {unknown}'}; the variables are {needed}"
        )
    examples = {name: each for name, each in examples.items() if name in needed}
    found = {str(each.name): each for each in predicting.get_internals() if each._node().is_variable}
    block = SymbolBlock(predicting, [found.get(name, var(name)) for name in examples])
    kept = {name: arrays[name] for name in block.collect_params()}
    block.collect_params().load_dict(kept, cast_dtype=True, dtype_source="saved")
    return Prediction(block, examples, lambda: _computed(symbol, {**arrays, **examples}))


def _computed(symbol: Symbol, arrays: Arrays) -> list[Tensor]:
    """Compute a graph for prediction; labels that are not given are zeros, since they have no effect on the outputs."""
    nodes = [node for node in topological_order(symbol._entries) if node.is_variable]
    tensors, known = {name: each._data for name, each in arrays.items()}, inferred(symbol._entries, arrays)
    for node in nodes:
        if node.name not in tensors:
            shape, kind = known.shapes[Entry(node, 0)], known.types[Entry(node, 0)]
            tensors[node.name] = torch.zeros(tuple(shape or ()), dtype=kind)
    example = next(iter(arrays.values()))
    return list(
        Program(symbol._entries, nodes, engine="eager").run([tensors[n.name] for n in nodes], example._ctx, False)
    )


def inferred(entries: Sequence[Entry], arrays: Arrays) -> Inferred:
    """Return the shapes and types of all arrays of a graph."""
    shapes = {name: each.shape for name, each in arrays.items()}
    return infer(entries, shapes, {name: each._data.dtype for name, each in arrays.items()})


def _as_array(owner: str, value: Any) -> Any:
    if value is None or isinstance(value, NDArray):
        return value
    if isinstance(value, Tensor):
        return from_torch(value)
    if isinstance(value, list | tuple):
        return type(value)([_as_array(owner, each) for each in value])
    try:
        return array(value, dtype=getattr(value, "dtype", None))
    except MXNetError as error:
        raise InvalidTypeError(f"{owner}: an input must be an array; {error}") from error


def largest_difference(owner: str, outputs: Sequence[Tensor], expected: Sequence[Tensor]) -> float:
    """Return the largest absolute difference between outputs; NaN in the same place is none.

    Raises
    ------
    MXNetError
        Numbers or shapes of the outputs differ.
    """
    shapes, wanted = [tuple(each.shape) for each in outputs], [tuple(each.shape) for each in expected]
    if shapes != wanted:
        raise MXNetError(f"{owner}: the outputs must have the shapes {wanted}; what was written gives {shapes}")
    largest = 0.0
    for one, other in zip(outputs, expected, strict=True):
        difference = (one.detach().double() - other.detach().double()).abs()
        same = (one == other) | (one.isnan() & other.isnan())
        difference = difference.masked_fill(same, 0).nan_to_num(nan=float("inf"))
        largest = max(largest, float(difference.max()) if difference.numel() else 0.0)
    return largest


def tensors_in(outputs: Any) -> list[Tensor]:
    """Return the tensors of a nest in order."""
    if isinstance(outputs, Tensor):
        return [outputs]
    return [tensor for each in outputs for tensor in tensors_in(each)] if isinstance(outputs, list | tuple) else []
