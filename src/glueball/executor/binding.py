"""Binds symbols to arrays that are given, or created for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from .. import ndarray as nd
from ..core import dtype as dtypes
from ..core.context import Context, cpu
from ..core.errors import MissingNameError, MXNetError
from ..core.gradient_request import check_request
from ..core.integers import is_int
from ..core.sparse_forms import STORAGE_NUMBERS
from ..ndarray.ndarray import NDArray
from ..symbol.infer import Inferred, infer
from ..symbol.node import Entry, Node
from ..symbol.symbol import Symbol
from .arrays import refuse_duplicates, undecided
from .executor import Executor
from .placement import check_groups, place, require_one_context
from .storage import storage_types

Kind = Literal["argument", "gradient", "state"]

#: ``make(kind, name of the variable, shape, NumPy type, context, storage type)`` returns an array.
Make = Callable[[Kind, str, tuple[int, ...], Any, Context, str], NDArray]


def bind(
    symbol: Symbol, ctx: Context, args: Any, args_grad: Any, grad_req: Any, aux_states: Any, group2ctx: Any,
    shared_exec: Any,
) -> Executor:  # fmt: skip
    """Bind a symbol to arrays; see `Symbol.bind`."""
    _check_surroundings("bind", ctx, group2ctx, shared_exec)
    names, states = symbol.list_arguments(), symbol.list_auxiliary_states()
    refuse_duplicates("arguments", names)
    requests = _requests(names, grad_req)
    grads = _arrays("args_grad", names, args_grad or {}, optional=True)
    requests = ["null" if grad is None else request for grad, request in zip(grads, requests, strict=True)]
    values: Any = _arrays("args", names, args)
    auxiliary: Any = _arrays("aux_states", states, aux_states or {})
    arrays = {**dict(zip(names, values, strict=True)), **dict(zip(states, auxiliary, strict=True))}
    if not group2ctx:
        require_one_context(arrays, ctx)
    places = place("bind", symbol, group2ctx, lambda node: arrays[node.name].context)
    return Executor(symbol, ctx, values, grads, requests, auxiliary, places=places)


def simple_bind(
    symbol: Symbol, ctx: Context, grad_req: Any, type_dict: Any, stype_dict: Any, group2ctx: Any,
    shared_arg_names: Any, shared_exec: Executor | None, shared_buffer: Any, shapes: dict[str, Any],
) -> Executor:  # fmt: skip
    """Bind a symbol to new arrays of zeros; see `Symbol.simple_bind`."""
    _check_surroundings("simple_bind", ctx, group2ctx, shared_exec)
    _check_options(type_dict, stype_dict, shared_arg_names, shared_buffer)
    names, states = symbol.list_arguments(), symbol.list_auxiliary_states()
    refuse_duplicates("arguments", names)
    requests = _requests(names, grad_req)
    given = {name: dtypes.to_torch(value, f"simple_bind: {name}") for name, value in (type_dict or {}).items()}
    if isinstance(shapes.get("strict"), bool) and "strict" not in names:
        raise MXNetError(
            f"simple_bind: strict must be given where a backend is chosen; received {shapes['strict']}; call "
            "symbol.optimize_for(backend, strict=True) first"
        )
    shapes = {name: _read_shape(name, shape) for name, shape in shapes.items() if name in {*names, *states}}
    found = infer(symbol._entries, shapes, given)
    if not found.complete:
        raise undecided("simple_bind", found, shapes)
    buffer = {} if shared_buffer is None else shared_buffer
    shared = shared_exec.arg_dict if shared_exec is not None else {}

    def make(kind: Kind, name: str, shape: tuple[int, ...], dtype: Any, where: Context, stype: str) -> NDArray:
        if kind == "gradient" or stype != "default":
            return nd.zeros(shape, ctx=where, dtype=dtype, stype=stype)
        source = shared if name in (shared_arg_names or ()) else buffer
        array = source.get(name)
        if array is None or array.shape != shape or array.dtype != dtype or array.context is not where:
            array = nd.zeros(shape, ctx=where, dtype=dtype)
            if shared_buffer is not None:
                buffer[name] = array
        return array

    return bind_made("simple_bind", symbol, ctx, found, requests, make, group2ctx, stype_dict)


def bind_made(
    owner: str, symbol: Symbol, ctx: Context, inferred: Inferred, requests: Sequence[str], make: Make,
    group2ctx: Mapping[str, Context] | None, stype_dict: Mapping[str, str] | None = None,
) -> Executor:  # fmt: skip
    """Bind a symbol to arrays created from its inferred shapes and types, all of which are known.

    Parameters
    ----------
    owner : str
        The function that messages name.
    symbol : Symbol
        The graph; its arguments have distinct names.
    ctx : Context
        Where it runs.
    inferred : Inferred
        The result of `infer` for the entries of the symbol.
    requests : sequence of {'write', 'add', 'null'}
        The gradient request of each argument; no array is created for 'null'.
    make : callable
        See `Make`.
    group2ctx : dict of str to Context, optional
        Where the groups of the graph are.
    stype_dict : dict of str to str, optional
        Storage types by name; those of the others are in the attributes of the variables.
    """
    stypes, of_gradients = storage_types(symbol, stype_dict or {})
    places = place(owner, symbol, group2ctx, lambda node: ctx)

    def made(kind: Kind, node: Node) -> NDArray:
        dtype = inferred.types[Entry(node, 0)]
        shape = inferred.shapes[Entry(node, 0)]
        assert dtype is not None and shape is not None
        stype = (of_gradients if kind == "gradient" else stypes).get(node.name, "default")
        return make(kind, node.name, shape, dtypes.TORCH_TO_NUMPY[dtype], places[node] if places else ctx, stype)

    nodes = symbol._arguments()
    args = [made("argument", node) for node in nodes]
    grads = [
        None if request == "null" else made("gradient", node) for node, request in zip(nodes, requests, strict=True)
    ]
    states = [made("state", node) for node in symbol._states()]
    return Executor(symbol, ctx, args, grads, requests, states, inferred, places)


def evaluate(symbol: Symbol, ctx: Context | None, arrays: dict[str, NDArray]) -> list[NDArray]:
    """Compute a symbol once; see `Symbol.eval`."""
    states = {name: arrays[name] for name in symbol.list_auxiliary_states() if name in arrays}
    args = {name: array for name, array in arrays.items() if name not in states}
    return bind(symbol, ctx or cpu(), args, None, "null", states, None, None).forward()


def _check_options(type_dict: Any, stype_dict: Any, shared_arg_names: Any, shared_buffer: Any) -> None:
    if not isinstance(shared_arg_names, list | None):
        raise ValueError(f"simple_bind: shared_arg_names must be a list or None; received {shared_arg_names!r}")
    if not isinstance(shared_buffer, dict | None):
        raise ValueError(f"simple_bind: shared_buffer must be a dict or None; received {shared_buffer!r}")
    for name, storage in (stype_dict or {}).items():
        if storage not in STORAGE_NUMBERS:
            raise MissingNameError(
                f"simple_bind: the storage of {name} must be one of {', '.join(STORAGE_NUMBERS)}; received {storage!r}"
            )
    if not isinstance(type_dict, Mapping | None):
        raise AttributeError(f"simple_bind: type_dict must be a dict of name to type; received {type_dict!r}")


def _check_surroundings(owner: str, ctx: Any, group2ctx: Any, shared_exec: Any) -> None:
    if not isinstance(ctx, Context):
        raise TypeError(f"{owner}: ctx must be a Context; received {ctx!r}; pass mx.cpu() or mx.gpu(i)")
    check_groups(owner, group2ctx)
    if not isinstance(shared_exec, Executor | None):
        raise TypeError(f"{owner}: shared_exec must be an Executor or None; received {shared_exec!r}")


def _read_shape(name: str, shape: Any) -> tuple[int, ...]:
    if not isinstance(shape, list | tuple) or not all(is_int(one) and one >= 0 for one in shape):
        raise MXNetError(f"simple_bind: the shape of {name} must be a tuple of ints, 0 or more; received {shape!r}")
    return tuple(shape)


def _requests(names: Sequence[str], grad_req: Any) -> list[str]:
    """Return one request per argument, from a str for all, a list, or a dict, where a missing one is 'null'."""
    if grad_req is None:
        requests = ["null"] * len(names)
    elif isinstance(grad_req, str):
        requests = [grad_req] * len(names)
    elif isinstance(grad_req, Mapping):
        requests = [grad_req.get(name, "null") for name in names]
    elif isinstance(grad_req, list | tuple):
        requests = list(grad_req)
    else:
        raise TypeError(f"bind: grad_req must be a str, or a list or dict of them; received {grad_req!r}")
    for request in requests:
        check_request("bind", request, ValueError)
    if len(requests) != len(names):
        raise ValueError(
            f"bind: grad_req must have {len(names)} items, one for each argument; received {len(requests)}"
        )
    return requests


def _arrays(kind: str, names: Sequence[str], given: Any, optional: bool = False) -> list[NDArray | None]:
    """Return arrays in the order of `names`, from a list or a dict."""
    if isinstance(given, Mapping):
        missing = [name for name in names if name not in given]
        if missing and not optional:
            raise ValueError(f"bind: {kind} must hold {missing[0]!r}; received {', '.join(given) or 'nothing'}")
        arrays = [given.get(name) for name in names]
    elif isinstance(given, list | tuple):
        arrays = list(given)
        if len(arrays) != len(names):
            listed = f"{len(names)} items: {', '.join(names)}" if names else "no items"
            raise ValueError(f"bind: {kind} must have {listed}; received {len(arrays)}")
    else:
        raise TypeError(f"bind: {kind} must be a list or a dict of NDArrays; received {type(given).__name__}")
    for name, array in zip(names, arrays, strict=True):
        if not isinstance(array, NDArray) and not (optional and array is None):
            raise TypeError(f"bind: {name} in {kind} must be an NDArray; received {type(array).__name__}")
    return arrays
