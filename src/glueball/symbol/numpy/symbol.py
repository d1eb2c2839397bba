"""The symbol of ``mx.sym.np``: a Symbol with NumPy's rules."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.errors import InvalidTypeError
from ...core.methods import method_of
from ..compose import numpy_face
from ..symbol import Symbol


class _Symbol(Symbol):
    """Outputs of a graph, with the functions and operators of ``mx.np``."""

    __slots__ = ()
    __module__ = "glueball.symbol.numpy"
    __hash__ = None  # type: ignore[assignment]

    _is_np = True

    @property
    def T(self) -> Symbol:
        """The values with the order of the axes reversed."""
        return self.transpose()

    def __iter__(self) -> Iterator[Symbol]:
        if len(self._entries) == 1:
            raise InvalidTypeError(f"{self!r}: it has one output, whose length is not known, to iterate over")
        return super().__iter__()

    def as_np_ndarray(self) -> Symbol:
        """Return the symbol itself."""
        return self

    def as_nd_ndarray(self) -> Symbol:
        """Return the same outputs as a symbol of ``mx.sym``."""
        return Symbol(self._entries, self._engine, self._strict)


_Symbol._face = _Symbol
numpy_face.append(_Symbol)


@method_of(Symbol)
def as_np_ndarray(self: Symbol) -> Symbol:
    """Return the same outputs as a symbol of ``mx.sym.np``, with NumPy's rules."""
    return _Symbol(self._entries, self._engine, self._strict)
