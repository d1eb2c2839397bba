"""The symbol of ``mx.sym.np``: a Symbol with NumPy's rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...core.errors import InvalidTypeError, MissingMethodError
from ...core.methods import method_of
from ...np_functions.converting import check_conversion
from ..compose import numpy_face
from ..symbol import Symbol
from .slicing import sliced


class _Symbol(Symbol):
    """Outputs of a graph, with the functions and operators of ``mx.np``.

    Brackets select parts of its array, by ints and slices; of an operator with several outputs, they select outputs.
    """

    __slots__ = ()
    __module__ = "glueball.symbol.numpy"
    __hash__ = None

    _is_np = True

    @property
    def num_outputs(self) -> int:
        """The number of outputs."""
        return len(self._entries)

    @property
    def T(self) -> Any:
        """The symbol of the array with the order of the axes reversed."""
        return self.transpose()

    def __getitem__(self, key: Any) -> Any:
        return sliced(self, key) if self.num_outputs == 1 else super().__getitem__(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        raise MissingMethodError(
            f"{self!r}: nothing can be written to a symbol, which has no values; received key {key!r}; use np.where"
        )

    def __iter__(self) -> Iterator[Symbol]:
        self._require_several("iterated")
        return super().__iter__()

    def __len__(self) -> int:
        self._require_several("counted")
        return self.num_outputs

    def _require_several(self, what: str) -> None:
        if self.num_outputs == 1:
            raise InvalidTypeError(
                f"{self!r}: only a symbol with several outputs can be {what}; received one with 1; its array has no "
                "values yet, and its length is not known"
            )

    def astype(  # type: ignore[override]
        self, dtype: Any, order: str = "K", casting: str = "unsafe", subok: bool = True, copy: bool = True
    ) -> Symbol:
        """Return a symbol of the same values in another type; see `glueball.np.ndarray.astype`."""
        check_conversion("np.ndarray", order, casting, subok)
        return Symbol.astype(self, dtype)

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
