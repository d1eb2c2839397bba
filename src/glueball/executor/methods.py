"""The methods that join a symbol with arrays, which Symbol has from here."""

from __future__ import annotations

from typing import Any

from ..core.context import Context
from ..core.errors import MXNetError
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
    """Return an executor that computes it from arrays for all its variables.

    Parameters
    ----------
    ctx : Context
        Where it runs.
    args : list or dict of NDArray
        The arguments, in the order of `list_arguments` or by name.
    args_grad : list or dict of NDArray, optional
        Where `Executor.backward` puts the gradients of those arguments that have one here.
    grad_req : {'write', 'add', 'null'}, or a list or dict of them
        What it does with what is there already; in a dict, those left out are 'null'.
    aux_states : list or dict of NDArray
        The auxiliary states.
    group2ctx : None
        Refused: all of a graph runs on one context.
    shared_exec : Executor, optional
        An executor whose memory MXNet would use again; torch does that by itself.

    Raises
    ------
    ValueError
        An array is missing, or a request is unknown.
    TypeError
        What is given for an array is none.
    MXNetError
        The shapes or types contradict one another.

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
    """Return an executor with new arrays of zeros, whose shapes follow from those given by name.

    Parameters
    ----------
    ctx : Context
        Where it runs.
    grad_req : {'write', 'add', 'null'}, or a list or dict of them
        As for `bind`; None is 'null'.
    type_dict : dict of str to str or numpy.dtype, optional
        Types by name; the others follow.
    stype_dict : dict of str to str, optional
        Storage by name, which must be 'default'.
    group2ctx : None
        Refused: all of a graph runs on one context.
    shared_arg_names : list of str, optional
        Arguments and states whose arrays are those of `shared_exec`, where shape and type agree.
    shared_exec : Executor, optional
        See `shared_arg_names`.
    shared_buffer : dict of str to NDArray, optional
        Arrays that are used by name, where shape and type agree, and to which new ones are added.
    **kwargs : tuple of int
        Shapes by name. Names that the graph does not have are left out, as in MXNet.

    Raises
    ------
    TypeError
        `ctx` is no Context, or `shared_exec` no Executor.
    ValueError
        A request, a list of names or a buffer is not one of those above.
    MXNetError
        The shapes or types contradict one another, or do not lead to all variables.

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
    """Compute it once from arrays given by name, and return the outputs.

    Parameters
    ----------
    ctx : Context, optional
        Where it runs; default the CPU.
    **kwargs : NDArray
        Arguments and auxiliary states by name. Names that the graph does not have are left out, as in MXNet.

    Raises
    ------
    ValueError
        An array is missing.
    TypeError
        What is given for an array is none.
    MXNetError
        The shapes or types contradict one another.

    Examples
    --------
    >>> import glueball as mx
    >>> (mx.sym.var("x") * 2).eval(x=mx.nd.array([1, 3]))[0].asnumpy().tolist()
    [2.0, 6.0]
    """
    return binding.evaluate(self, ctx, kwargs)


@method_of(Symbol)
def get_backend_symbol(self: Symbol, backend: str) -> Symbol:
    """Return the same symbol for another engine: what is bound to it runs there.

    Parameters
    ----------
    backend : {'eager', 'inductor'}
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
    engines.find("Symbol.get_backend_symbol", backend)
    return Symbol(self._entries, backend)


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

    Differs from MXNet: a backend that does not exist is refused, where MXNet goes on without it. What is made of the
    symbol, such as ``symbol[0]`` or ``symbol + 1``, runs on the default engine again.

    Parameters
    ----------
    backend : {'eager', 'inductor'}
        The engine; see `glueball.gluon.HybridBlock.hybridize`.
    args, aux, ctx, shape_dict, type_dict, stype_dict, skip_infer
        What MXNet infers shapes and types from before it divides the graph. An engine here is told them when the symbol
        is bound, so they change nothing.
    **kwargs
        Options of a backend; none has any, and they are refused.

    Raises
    ------
    MXNetError
        There is no such engine, it cannot run here, or an option is given.

    Examples
    --------
    >>> import glueball as mx
    >>> net = mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc").optimize_for("eager")
    >>> net.simple_bind(mx.cpu(), data=(4, 3)).forward()[0].shape
    (4, 2)
    """
    engines.find("Symbol.optimize_for", backend)
    if kwargs:
        raise MXNetError(f"Symbol.optimize_for: unknown options {', '.join(map(repr, kwargs))}")
    return Symbol(self._entries, backend)
