"""Converting a trained network to mixed precision: a graph, a graph with its arrays, or a block."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import torch

from ...core import dtype as dtypes
from ...core.context import Context, gpu
from ...core.doors import door
from ...core.errors import MXNetError, RefusedError, nearest
from ...gluon.block import HybridBlock, SymbolBlock
from ...ndarray.ndarray import NDArray
from ...symbol import Symbol, var
from ...symbol.infer.types import carried_type, infer_types
from ...symbol.node import Node, topological_order
from .conversion import converted
from .rules import Rules, kind_of, require_changeable

_LISTS = ("target_dtype_ops", "fp32_ops", "conditional_fp32_ops")


@door
def convert_symbol(
    sym: Symbol,
    target_dtype: Any = "float16",
    target_dtype_ops: list[str] | None = None,
    fp32_ops: list[str] | None = None,
    conditional_fp32_ops: list[tuple[str, str, list[str]]] | None = None,
    excluded_sym_names: list[str] | None = None,
    data_names: list[str] | None = None,
    cast_optional_params: bool = False,
) -> Symbol:
    """Return a copy of a graph that computes in mixed precision: ``amp_cast`` and ``amp_multicast`` are inserted.

    Its inputs and outputs stay float32. The casts are those that MXNet 1.9.1 inserts, under the same names. Save it
    with ``remove_amp_cast=False``; without, a file has the original graph.

    Parameters
    ----------
    sym : Symbol
        The graph.
    target_dtype : {'float16', 'bfloat16'}
        The 16-bit type. On a CPU, 'bfloat16' is the fast one.
    target_dtype_ops : list of str, optional
        The operators to compute in that type, in place of `list_lp16_ops`.
    fp32_ops : list of str, optional
        The operators to compute in float32, in place of `list_fp32_ops`.
    conditional_fp32_ops : list of (str, str, list of str), optional
        Operator, attribute, and its values with which to compute in float32, in place of `list_conditional_fp32_ops`.
    excluded_sym_names : list of str, optional
        The names of nodes to compute in float32, whatever their operators are.
    data_names : list of str, optional
        The variables that are no parameters. If it is given, the type of each parameter is written into the graph.
    cast_optional_params : bool, default False
        Leave out the casts of parameters, whose type in the graph is then the 16-bit one. Only with `data_names`.

    Returns
    -------
    Symbol
        The converted graph.

    Raises
    ------
    AssertionError
        An argument is not what it must be, or an operator is in two lists.
    MXNetError
        With these lists, the types of the inputs of an operator do not agree.

    Differs from MXNet
    ------------------
    A variable that is no parameter keeps its own type. No cast follows ``reshape_like``, ``broadcast_like`` and
    ``slice_like`` where their input has the type already.

    Examples
    --------
    >>> import glueball as mx
    >>> from glueball.contrib import amp
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, no_bias=True, name="fc")
    >>> [each.name for each in amp.convert_symbol(net, "bfloat16").get_internals()][-2:]
    ['fc', 'fc_output_amp_cast_float32']
    """
    owner = "convert_symbol"
    if not isinstance(sym, Symbol):
        raise RefusedError(f"{owner}: sym must be a Symbol; received {type(sym).__name__}")
    kind = kind_of(owner, target_dtype)
    rules = Rules(owner, kind, target_dtype_ops, fp32_ops, conditional_fp32_ops, _LISTS)
    require_changeable(owner, kind, dict(zip(_LISTS, (target_dtype_ops, fp32_ops, conditional_fp32_ops), strict=True)))
    excluded = _names(owner, "excluded_sym_names", excluded_sym_names)
    parameters = _parameters(owner, sym, data_names)
    ahead = parameters if cast_optional_params else ()
    result = Symbol(converted(sym._entries, rules, excluded, ahead), sym._engine)
    _settle_types(result, parameters)
    return result


def _names(owner: str, argument: str, given: Any) -> list[str]:
    if given is not None and (not isinstance(given, list) or not all(isinstance(name, str) for name in given)):
        raise RefusedError(f"{owner}: {argument} must be a list of names of nodes; received {given!r}")
    return given or []


def _parameters(owner: str, sym: Symbol, data_names: Any) -> frozenset[str]:
    """Return the variables that are not among those given; none if none are given."""
    if data_names is None:
        return frozenset()
    variables = sym.list_inputs()
    names = [data_names] if isinstance(data_names, str) else list(data_names)
    for name in names:
        if name not in variables:
            raise MXNetError(
                f"{owner}: data_names must be variables of the graph; received {name!r}"
                f"{nearest(str(name), tuple(variables))}"
            )
    return frozenset(variables) - set(names)


def _settle_types(symbol: Symbol, parameters: Collection[str]) -> None:
    """Check that the types of the graph agree, and write those of the parameters into it."""
    nodes = topological_order(symbol._entries)
    variables = [node for node in nodes if node.is_variable]
    for node in variables:
        if node.name in parameters:
            node.attributes.pop("__dtype__", None)
    given = {node.name: carried_type(node) or torch.float32 for node in variables if node.name not in parameters}
    known = infer_types(nodes, given, torch.float32)
    types = {entry.node: kind for entry, kind in known.items()}
    for node in variables:
        kind = types[node]
        if node.name in parameters and kind is not None:
            node.attributes["__dtype__"] = str(dtypes.TORCH_TO_FLAG[kind])


@door
def convert_model(
    sym: Symbol,
    arg_params: Mapping[str, NDArray],
    aux_params: Mapping[str, NDArray],
    target_dtype: Any = "float16",
    target_dtype_ops: list[str] | None = None,
    fp32_ops: list[str] | None = None,
    conditional_fp32_ops: list[tuple[str, str, list[str]]] | None = None,
    excluded_sym_names: list[str] | None = None,
    cast_optional_params: bool = False,
) -> tuple[Symbol, dict[str, NDArray], dict[str, NDArray]]:
    """Convert a graph and its arrays to mixed precision, for prediction.

    Parameters
    ----------
    sym : Symbol
        The graph.
    arg_params, aux_params : dict of str to NDArray
        Its arguments and its auxiliary states; the other variables are the data.
    target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names
        As in `convert_symbol`.
    cast_optional_params : bool, default False
        Convert the parameters that are only needed in 16 bits, which halves their memory.

    Returns
    -------
    sym : Symbol
        The converted graph.
    arg_params, aux_params : dict of str to NDArray
        New dicts of the arrays, converted to the types in the graph.

    Raises
    ------
    AssertionError
        As in `convert_symbol`.

    Differs from MXNet
    ------------------
    The given dicts stay as they are; MXNet writes into them.

    Examples
    --------
    >>> import glueball as mx
    >>> from glueball.contrib import amp
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, no_bias=True, name="fc")
    >>> arrays = {"fc_weight": mx.nd.ones((2, 3))}
    >>> net, arrays, _ = amp.convert_model(net, arrays, {}, "float16", cast_optional_params=True)
    >>> arrays["fc_weight"].dtype
    <class 'numpy.float16'>
    """
    owner = "convert_model"
    if not isinstance(sym, Symbol):
        raise RefusedError(f"{owner}: sym must be a Symbol; received {type(sym).__name__}")
    for argument, arrays in (("arg_params", arg_params), ("aux_params", aux_params)):
        if not isinstance(arrays, Mapping) or not all(isinstance(array, NDArray) for array in arrays.values()):
            raise RefusedError(f"{owner}: {argument} must be a dict of names to NDArrays; received {arrays!r}")
    data_names = [name for name in sym.list_inputs() if name not in arg_params and name not in aux_params]
    result = convert_symbol(
        sym, target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names, data_names,
        cast_optional_params,
    )  # fmt: skip
    types = _carried_types(result)
    arguments, states = [
        {name: array.astype(types[name], copy=False) if name in types else array for name, array in arrays.items()}
        for arrays in (arg_params, aux_params)
    ]
    return result, arguments, states


def _carried_types(symbol: Symbol) -> dict[str, Any]:
    variables: list[Node] = [node for node in topological_order(symbol._entries) if node.is_variable]
    found = {node.name: carried_type(node) for node in variables}
    return {name: dtypes.TORCH_TO_NUMPY[kind] for name, kind in found.items() if kind is not None}


def _graph_of(owner: str, block: HybridBlock) -> tuple[list[Symbol], Symbol]:
    if isinstance(block, SymbolBlock):
        return [var(name) for name in block._input_names], block._symbol
    if not block._cached_graph:
        raise MXNetError(
            f"{owner}: the block must have been run as a graph; call hybridize(), then run the block on one batch"
        )
    return block._cached_graph


@door
def convert_hybrid_block(
    block: HybridBlock,
    target_dtype: Any = "float16",
    target_dtype_ops: list[str] | None = None,
    fp32_ops: list[str] | None = None,
    conditional_fp32_ops: list[tuple[str, str, list[str]]] | None = None,
    excluded_sym_names: list[str] | None = None,
    ctx: Context = gpu(0),  # noqa: B008  (contexts are constants)
    cast_optional_params: bool = False,
) -> SymbolBlock:
    """Convert a hybridized block that has been called to mixed precision, for prediction.

    Parameters
    ----------
    block : HybridBlock
        The block.
    target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names
        As in `convert_symbol`.
    ctx : Context or list of Context, default gpu(0)
        Where the parameters of the result are.
    cast_optional_params : bool, default False
        Convert the parameters that are only needed in 16 bits, which halves their memory.

    Returns
    -------
    SymbolBlock
        A block with copies of the parameters.

    Raises
    ------
    AssertionError
        As in `convert_symbol`.
    RuntimeError
        There is no graph yet.

    Examples
    --------
    >>> import glueball as mx
    >>> from glueball.contrib import amp
    >>> net = mx.gluon.nn.Dense(2, in_units=3)
    >>> net.initialize()
    >>> net.hybridize()
    >>> before = net(mx.nd.ones((1, 3)))
    >>> fast = amp.convert_hybrid_block(net, "bfloat16", ctx=mx.cpu(), cast_optional_params=True)
    >>> fast(mx.nd.ones((1, 3))).dtype
    <class 'numpy.float32'>
    """
    owner = "convert_hybrid_block"
    if not isinstance(block, HybridBlock):
        raise RefusedError(f"{owner}: block must be a HybridBlock; received {type(block).__name__}; see convert_symbol")
    inputs, outputs = _graph_of(owner, block)
    result = convert_symbol(
        outputs, target_dtype, target_dtype_ops, fp32_ops, conditional_fp32_ops, excluded_sym_names,
        [variable.name for variable in inputs if variable.name in outputs.list_inputs()], cast_optional_params,
    )  # fmt: skip
    converted_block = SymbolBlock(result, inputs)
    parameters = block.collect_params()
    for name, parameter in converted_block.collect_params().items():
        value = parameters[name]._reduce()
        parameter._load_init(value.astype(parameter.dtype), ctx)
    return converted_block
