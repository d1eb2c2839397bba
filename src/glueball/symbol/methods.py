"""Symbol methods that do more than one operator, and refusals of those that only arrays have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.errors import MXNetError, NotImplementedForSymbol
from ..core.methods import install, method_of
from . import creation
from .namespace import functions
from .symbol import Symbol


@method_of(Symbol)
def astype(self: Symbol, dtype: Any, **options: Any) -> Symbol:
    """Return a symbol of the same values in another type."""
    return functions["cast"](self, dtype=dtype, **options)


@method_of(Symbol)
def reshape(self: Symbol, *shape: Any, **options: Any) -> Symbol:
    """Return a symbol of the same values in another shape; see `glueball.nd.NDArray.reshape` for its codes."""
    if shape:
        options["shape"] = shape[0] if len(shape) == 1 else shape  # as it was given, which a file shows
    return functions["reshape"](self, **options)


@method_of(Symbol)
def expand_dims(self: Symbol, axis: int, inplace: bool = False, **options: Any) -> Symbol:
    """Return a symbol with one more axis of length 1; `inplace` has no effect in a graph."""
    return functions["expand_dims"](self, axis=axis, **options)


@method_of(Symbol)
def squeeze(self: Symbol, axis: Any = None, inplace: bool = False, **options: Any) -> Symbol:
    """Return a symbol without axes of length 1; `inplace` has no effect in a graph."""
    return functions["squeeze"](self, axis=axis, **options)


@method_of(Symbol)
def flatten(self: Symbol, inplace: bool = False, **options: Any) -> Symbol:
    """Return a symbol with all axes but the first in one; `inplace` has no effect in a graph."""
    return functions["flatten"](self, **options)


@method_of(Symbol)
def diag(self: Symbol, k: int = 0, **options: Any) -> Symbol:
    """Return the diagonal `k` of a matrix, or a matrix with that diagonal."""
    return functions["diag"](self, k=k, **options)


@method_of(Symbol)
def as_nd_ndarray(self: Symbol) -> Symbol:
    """Return the symbol itself."""
    return self


@method_of(Symbol)
def gradient(self: Symbol, wrt: Any) -> Symbol:
    """Refused, as by MXNet."""
    raise MXNetError("Symbol.gradient: a graph of gradients is not provided; bind it and call backward(), or use gluon")


@method_of(Symbol)
def broadcast_like(self: Symbol, *args: Any, **kwargs: Any) -> Symbol:
    """Return a symbol of the values broadcast to the shape of another; see `glueball.sym.broadcast_like`."""
    return functions["broadcast_like"](self, *args, **kwargs)


@method_of(Symbol)
def split_v2(self: Symbol, indices_or_sections: Any, axis: int = 0, squeeze_axis: bool = False) -> Symbol:
    """Return `glueball.sym.split_v2` of the symbol."""
    return creation.split_v2(self, indices_or_sections, axis, squeeze_axis)


def _only_for_arrays(name: str) -> Callable[..., Any]:
    def method(self: Symbol, *args: Any, **kwargs: Any) -> Any:
        """Refused: only an NDArray has it."""
        raise NotImplementedForSymbol(
            f"Symbol.{name}: only an NDArray has it, since a graph has no values yet; evaluate it first: eval(...)[0]"
        )

    return method


for _name in ("asnumpy", "asscalar", "backward", "copy", "detach", "as_in_context", "wait_to_read"):
    install(Symbol, _name, _only_for_arrays(_name))
