"""The methods that bind a symbol to arrays; this module installs them on Symbol."""

from __future__ import annotations

from typing import Any

from ..core.context import Context
from ..core.methods import method_of
from ..graph import engines
from ..ndarray.ndarray import NDArray
from ..symbol.symbol import Symbol
from . import binding
from .executor import Executor


@method_of(Symbol)
def bind(
    self: Symbol,
    ctx: Context,
    args: Any,
    args_grad: Any = None,
    grad_req: Any = "write",
    aux_states: Any = None,
    group2ctx: Any = None,
    shared_exec: Any = None,
) -> Executor:
    """Return an executor that computes the symbol from arrays for all its variables.

    Parameters
    ----------
    ctx : Context
        Where it runs.
    args : list or dict of NDArray
        The arguments, in the order of `list_arguments` or by name.
    args_grad : list or dict of NDArray, optional
        Where `Executor.backward` stores gradients; an argument without an array here gets none.
    grad_req : {'write', 'add', 'null'}, or a list or dict of them
        Whether a new gradient replaces the old one, adds to it, or is dropped; missing in a dict means 'null'.
    aux_states : list or dict of NDArray
        The auxiliary states.
    group2ctx : dict of str to Context, optional
        Where the groups of the graph are, which ``AttrScope(ctx_group=...)`` makes. Arrays are copied between contexts
        where operators need them.
    shared_exec : Executor, optional
        An executor whose memory MXNet would reuse; torch's allocator does that anyway.

    Raises
    ------
    ValueError
        An array is missing, or a request is unknown.
    TypeError
        A value that must be an array is not one.
    MXNetError
        The shapes or types conflict, or an array is not on `ctx` while there are no groups.

    Differs from MXNet
    ------------------
    With `group2ctx` a gradient may be on another context than the one where it is computed, which MXNet refuses.

    Examples
    --------
    >>> import glueball as mx
    >>> x, gradient = mx.nd.array([1, 3]), mx.nd.zeros(2)
    >>> executor = mx.sym.square(mx.sym.var("x")).bind(mx.cpu(), {"x": x}, {"x": gradient})
    >>> executor.forward(is_train=True)[0].asnumpy().tolist()
    [1.0, 9.0]
    >>> executor.backward(mx.nd.ones(2))
    >>> gradient.asnumpy().tolist()
    [2.0, 6.0]
    """
    return binding.bind(self, ctx, args, args_grad, grad_req, aux_states, group2ctx, shared_exec)


@method_of(Symbol)
def simple_bind(
    self: Symbol,
    ctx: Context,
    grad_req: Any = "write",
    type_dict: Any = None,
    stype_dict: Any = None,
    group2ctx: Any = None,
    shared_arg_names: Any = None,
    shared_exec: Any = None,
    shared_buffer: Any = None,
    **kwargs: Any,
) -> Executor:
    """Return an executor with new arrays of zeros, whose shapes are inferred from those given by name.

    Parameters
    ----------
    ctx : Context
        Where it runs.
    grad_req : {'write', 'add', 'null'}, or a list or dict of them
        As for `bind`; None means 'null'.
    type_dict : dict of str to str or numpy.dtype, optional
        Types by name; the others are inferred.
    stype_dict : dict of str to str, optional
        Storage types by name; by default those of the variables, ``sym.var(stype=...)``.
    group2ctx : dict of str to Context, optional
        Where the groups of the graph are, which ``AttrScope(ctx_group=...)`` makes. Arrays are copied between contexts
        where operators need them.
    shared_arg_names : list of str, optional
        Arguments and states that use the arrays of `shared_exec`, if shape and type agree.
    shared_exec : Executor, optional
        See `shared_arg_names`.
    shared_buffer : dict of str to NDArray, optional
        Arrays to reuse by name, if shape and type agree; new arrays are added to it.
    **kwargs : tuple of int
        Shapes by name. Names that the graph does not have are ignored, as in MXNet.

    Raises
    ------
    TypeError
        `ctx` is not a Context, or `shared_exec` is not an Executor.
    ValueError
        `grad_req`, `shared_arg_names` or `shared_buffer` is not one of those above.
    MXNetError
        The shapes or types conflict, or do not determine those of all variables.

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc")
    >>> net.simple_bind(mx.cpu(), data=(4, 3)).arg_dict["fc_weight"].shape
    (2, 3)
    """
    return binding.simple_bind(
        self, ctx, grad_req, type_dict, stype_dict, group2ctx, shared_arg_names, shared_exec, shared_buffer, kwargs
    )


@method_of(Symbol)
def eval(self: Symbol, ctx: Context | None = None, **kwargs: NDArray) -> list[NDArray]:
    """Compute the symbol once from arrays given by name, and return the outputs.

    Parameters
    ----------
    ctx : Context, optional
        Where it runs; by default the CPU.
    **kwargs : NDArray
        Arguments and auxiliary states by name. Names that the graph does not have are ignored, as in MXNet.

    Raises
    ------
    ValueError
        An array is missing.
    TypeError
        A value that must be an array is not one.
    MXNetError
        The shapes or types conflict.

    Examples
    --------
    >>> import glueball as mx
    >>> (mx.sym.var("x") * 2).eval(x=mx.nd.array([1, 3]))[0].asnumpy().tolist()
    [2.0, 6.0]
    """
    return binding.evaluate(self, ctx, kwargs)


@method_of(Symbol)
def get_backend_symbol(self: Symbol, backend: str) -> Symbol:
    """Return the same symbol for another engine, which runs it once it is bound.

    Parameters
    ----------
    backend : {'auto', 'eager', 'inductor', 'onednn', 'onnxruntime', 'openvino'}
        The engine; see `glueball.gluon.HybridBlock.hybridize`.

    Raises
    ------
    MXNetError
        There is no such engine, or it cannot run here.

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.sym.relu(mx.sym.var("x")).get_backend_symbol("eager")
    >>> net.eval(x=mx.nd.array([-1, 1]))[0].asnumpy().tolist()
    [0.0, 1.0]
    """
    return Symbol(self._entries, *engines.choose("Symbol.get_backend_symbol", backend, {}))


@method_of(Symbol)
def optimize_for(
    self: Symbol,
    backend: str,
    args: Any = None,
    aux: Any = None,
    ctx: Context | None = None,
    shape_dict: Any = None,
    type_dict: Any = None,
    stype_dict: Any = None,
    skip_infer: bool = False,
    **kwargs: Any,
) -> Symbol:
    """Return the same symbol for another engine: `bind`, `simple_bind`, `eval`, Module and SymbolBlock run it there.

    Differs from MXNet: a backend that does not exist is refused, where MXNet continues without it. Symbols derived from
    this one, such as ``symbol[0]`` or ``symbol + 1``, run on the default engine again.

    Parameters
    ----------
    backend : {'auto', 'eager', 'inductor', 'onednn', 'onnxruntime', 'openvino'}
        The engine; see `glueball.gluon.HybridBlock.hybridize`.
    args, aux, ctx, shape_dict, type_dict, stype_dict, skip_infer
        What MXNet infers shapes and types from before it partitions the graph. An engine here gets them when the symbol
        is bound, so these arguments have no effect.
    **kwargs
        Options of the backend; see `glueball.gluon.HybridBlock.hybridize`. With ``strict=True`` it is an error if the
        engine fails on the graph.

    Raises
    ------
    MXNetError
        There is no such engine, it cannot run here, or an option is unknown.

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc").optimize_for("eager")
    >>> net.simple_bind(mx.cpu(), data=(4, 3)).forward()[0].shape
    (4, 2)
    """
    return Symbol(self._entries, *engines.choose("Symbol.optimize_for", backend, kwargs))
