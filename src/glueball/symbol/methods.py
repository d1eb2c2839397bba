"""Symbol methods that do more than one operator, and those that only arrays have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.errors import MXNetError, NotImplementedForSymbol
from .creation import split_v2
from .namespace import functions
from .symbol import Symbol


def _astype(self: Symbol, dtype: Any, **options: Any) -> Symbol:
    """Return a symbol of the same values in another type."""
    return functions["cast"](self, dtype=dtype, **options)


def _reshape(self: Symbol, *shape: Any, **options: Any) -> Symbol:
    """Return a symbol of the same values in another shape; see `glueball.nd.NDArray.reshape` for its codes."""
    if shape:
        lengths = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], list | tuple) else tuple(shape)
        options["shape"] = lengths
    return functions["reshape"](self, **options)


def _expand_dims(self: Symbol, axis: int, inplace: bool = False, **options: Any) -> Symbol:
    """Return a symbol with one more axis of length 1; in a graph `inplace` makes no difference."""
    return functions["expand_dims"](self, axis=axis, **options)


def _squeeze(self: Symbol, axis: Any = None, inplace: bool = False, **options: Any) -> Symbol:
    """Return a symbol without axes of length 1; in a graph `inplace` makes no difference."""
    return functions["squeeze"](self, axis=axis, **options)


def _flatten(self: Symbol, inplace: bool = False, **options: Any) -> Symbol:
    """Return a symbol with all axes but the first in one; in a graph `inplace` makes no difference."""
    return functions["flatten"](self, **options)


def _diag(self: Symbol, k: int = 0, **options: Any) -> Symbol:
    """Return the diagonal `k` of a matrix, or a matrix with that diagonal."""
    return functions["diag"](self, k=k, **options)


def _itself(self: Symbol) -> Symbol:
    """Return the symbol itself."""
    return self


def _gradient(self: Symbol, wrt: Any) -> Symbol:
    """Refused, as by MXNet."""
    raise MXNetError("Symbol.gradient: a graph of gradients is not provided; bind it and call backward(), or use gluon")


def _broadcast_like(self: Symbol, *args: Any, **kwargs: Any) -> Symbol:
    """Return a symbol of the values repeated to the shape of another; see `glueball.sym.broadcast_like`."""
    return functions["broadcast_like"](self, *args, **kwargs)


def _refuse_backends(self: Symbol, backend: str, *args: Any, **kwargs: Any) -> Symbol:
    """Refused: MXNet's subgraph backends are not provided."""
    raise MXNetError(f"Symbol: backend {backend!r} is not provided; bind the symbol as it is, or use hybridize()")


def _only_for_arrays(name: str) -> Callable[..., Any]:
    def method(self: Symbol, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedForSymbol(
            f"Symbol.{name}: only an NDArray has it, since a graph has no values yet; evaluate it first: eval(...)[0]"
        )

    method.__name__ = name
    method.__doc__ = "Refused: only an NDArray has it."
    return method


def install() -> None:
    """Give Symbol its methods."""
    own = {
        "astype": _astype, "reshape": _reshape, "expand_dims": _expand_dims, "squeeze": _squeeze, "flatten": _flatten,
        "diag": _diag, "split_v2": split_v2, "as_nd_ndarray": _itself, "gradient": _gradient,
        "broadcast_like": _broadcast_like, "get_backend_symbol": _refuse_backends, "optimize_for": _refuse_backends,
    }  # fmt: skip
    for name, method in own.items():
        setattr(Symbol, name, method)
    for name in ("asnumpy", "asscalar", "backward", "copy", "detach", "as_in_context", "wait_to_read"):
        setattr(Symbol, name, _only_for_arrays(name))
