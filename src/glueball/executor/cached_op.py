"""``nd.CachedOp``: a graph as a function of arrays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from .. import ndarray as nd
from ..core.context import Context, current_context
from ..core.doors import guard
from ..core.errors import InvalidTypeError, MissingAttributeError, MXNetError
from ..core.mode import mode
from ..graph.by_call import makes_sparse, run_by_call
from ..graph.program import Program
from ..ndarray.faces import numpy_face
from ..ndarray.invoke import wrap, write_out
from ..ndarray.ndarray import NDArray
from ..symbol import Symbol
from ..symbol.node import topological_order

_BOOLS = {"True": True, "true": True, "1": True, "False": False, "false": False, "0": False}
#: What MXNet asks about memory and scheduling, which torch decides itself.
_HINTS = ("inline_limit", "forward_bulk_size", "backward_bulk_size", "data_indices")


@guard
class CachedOp:
    """A graph as a function of arrays: those of all its variables, in the order of ``list_inputs()``.

    Parameters
    ----------
    sym : Symbol
        The graph.
    flags : sequence of pairs, default ()
        Names and values. With `static_alloc` and `static_shape`, predictions on a GPU are captured and replayed, as
        with ``hybridize``; `param_indices` says which of the variables are parameters, which makes predictions with
        unchanged ones faster. `inline_limit`, `forward_bulk_size`, `backward_bulk_size` and `data_indices` are hints to
        MXNet's scheduler, which have no effect here.

    Raises
    ------
    MXNetError
        A flag is unknown; or, in a call, the arrays do not fit the graph.

    Examples
    --------
    >>> import glueball as mx
    >>> a, b = mx.sym.var("a"), mx.sym.var("b")
    >>> op = mx.nd.CachedOp(a + 2 * b)
    >>> op(mx.nd.array([1, 2]), mx.nd.array([10, 20])).asnumpy().tolist()
    [21.0, 42.0]
    """

    def __init__(self, sym: Symbol, flags: Iterable[tuple[str, Any]] = ()) -> None:
        if not isinstance(sym, Symbol):
            raise MissingAttributeError(f"CachedOp: sym must be a Symbol; received {type(sym).__name__}")
        self._symbol = sym
        self._flags = [(key, value) for key, value in flags]
        options = _options(self._flags)
        variables = [node for node in topological_order(self._symbol._entries) if node.is_variable]
        parameters = [variables[number] for number in options["param_indices"]]
        self._inputs = [node.name for node in variables]
        self._program = Program(self._symbol._entries, variables, parameters, sym._engine, sym._strict, "CachedOp")
        self._program.is_static = options["static_shape"]
        self._makes_sparse = makes_sparse(sym._entries)
        #: Whether it returns arrays of ``mx.np`` whatever it is called with.
        self.is_np_sym = self._symbol._is_np

    def __call__(self, *args: NDArray, out: NDArray | list[NDArray] | None = None) -> Any:
        """Compute the graph.

        Parameters
        ----------
        *args : NDArray
            One for each variable, all on one context. States, such as running means, are written.
        out : NDArray or list of NDArray, optional
            Arrays to write the outputs into.

        Returns
        -------
        NDArray or list of NDArray
            The output, or several.
        """
        self._check(args)
        ctx = args[0]._ctx if args else current_context()
        if self._makes_sparse or any([array.stype != "default" for array in args]):
            return self._by_call(args, ctx, out)
        if mode.recording:
            with torch.enable_grad():
                tensors = [array._data if array._tape is None else array._source() for array in args]
                results = self._program.run(tensors, ctx, mode.training)
        else:
            results = self._program.run([array._data for array in args], ctx, mode.training)
        if out is not None:
            write_out("CachedOp", args, results, out)
            return out
        face = numpy_face[0] if self.is_np_sym else args[0]._face if args else NDArray
        arrays = [wrap(result, ctx, face=face) for result in results]
        return arrays[0] if len(arrays) == 1 else arrays

    def _by_call(self, args: tuple[NDArray, ...], ctx: Context, out: Any) -> Any:
        arrays = run_by_call(self._program.heads, self._program.variables, args, ctx)
        if out is not None:
            for target, array in zip([out] if isinstance(out, NDArray) else out, arrays, strict=True):
                target[:] = array
            return out
        return arrays[0] if len(arrays) == 1 else arrays

    def __reduce__(self) -> tuple[Any, ...]:
        return CachedOp, (self._symbol, self._flags)

    def _check(self, args: tuple[Any, ...]) -> None:
        if len(args) != len(self._inputs):
            raise MXNetError(
                f"CachedOp: it must be called with {len(self._inputs)} arrays, {', '.join(self._inputs)}; "
                f"received {len(args)}"
            )
        for name, array in zip(self._inputs, args, strict=True):
            if not isinstance(array, NDArray):
                raise MissingAttributeError(f"CachedOp: {name} must be an NDArray; received {type(array).__name__}")
            if array._ctx != args[0]._ctx:
                raise MXNetError(
                    f"CachedOp: all arrays must be on one context; received {args[0]._ctx} and {array._ctx} for {name}"
                )


def _options(flags: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return what the flags say that matters here."""
    found: dict[str, Any] = {"static_alloc": False, "static_shape": False, "param_indices": ()}
    for name, value in flags:
        if name in ("static_alloc", "static_shape"):
            if str(value) not in _BOOLS:
                raise MXNetError(f"CachedOp: {name} must be True or False; received {value!r}")
            found[name] = _BOOLS[str(value)]
        elif name == "param_indices":
            if not isinstance(value, list | tuple) or not all(isinstance(number, int) for number in value):
                raise InvalidTypeError(f"CachedOp: param_indices must be a list of positions; received {value!r}")
            found[name] = value
        elif name not in _HINTS:
            raise MXNetError(
                f"CachedOp: a flag must be one of {', '.join((*found, *_HINTS))}; received {name!r}; leave it out"
            )
    if found["static_shape"] and not found["static_alloc"]:
        raise MXNetError("CachedOp: static_alloc must be True when static_shape is; pass both")
    return found


nd.CachedOp = CachedOp  # type: ignore[attr-defined]  # where MXNet has it; arrays do not know graphs
