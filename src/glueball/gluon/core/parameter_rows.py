"""What a Parameter with row_sparse storage hands out: some of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.errors import MissingAttributeError, MXNetError
from ...ndarray.ndarray import NDArray
from .parameter_arrays import ParameterArrays


class ParameterRows(ParameterArrays):
    """What a Parameter has of rows, if its storage is row_sparse."""

    if TYPE_CHECKING:
        # A Parameter has it.
        @property
        def _trainer(self) -> Any: ...

    def row_sparse_data(self, row_id: NDArray) -> NDArray:
        """Return the array on the context of `row_id` with only some of its rows; the others are zeros.

        Parameters
        ----------
        row_id : NDArray
            The rows to keep, in any order and number.

        Raises
        ------
        MXNetError
            The storage is not row_sparse, or no Trainer has been made with the parameter, as in MXNet.
        """
        self._glueball_require_rows("row_sparse_data", row_id)
        return self._get_row_sparse(self._data, row_id.ctx, row_id)  # type: ignore[no-any-return]

    def list_row_sparse_data(self, row_id: NDArray) -> list[NDArray]:
        """Return the arrays on all contexts, each with only some of its rows; see `row_sparse_data`."""
        self._glueball_require_rows("list_row_sparse_data", row_id)
        return self._get_row_sparse(self._data, list, row_id)  # type: ignore[no-any-return]

    def _get_row_sparse(self, arr_list: list[NDArray] | None, ctx: Any, row_id: NDArray) -> Any:
        """Return some rows of the array of a context, or of each array if `ctx` is the type ``list``."""
        found = self._check_and_get(arr_list, ctx)
        return [array._rows_at(row_id) for array in found] if ctx is list else found._rows_at(row_id)

    def _glueball_require_rows(self, method: str, row_id: Any) -> None:
        if self._stype != "row_sparse":
            raise MXNetError(f"Parameter {self.name}.{method}: its storage is {self._stype}; use data()")
        if not isinstance(row_id, NDArray):
            raise MissingAttributeError(
                f"Parameter {self.name}.{method}: row_id must be an NDArray; received {type(row_id).__name__}"
            )
        if self._trainer is None:
            raise MXNetError(
                f"Parameter {self.name}.{method}: there must be a Trainer for the parameter; received none; make it "
                "before the first batch"
            )
        self._trainer._glueball_begin_for_rows()
