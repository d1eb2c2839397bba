"""Some slices of an array that is dense or row_sparse: taken out, changed and put back."""

from __future__ import annotations

from torch import Tensor

from ...core.sparse_forms import Form, Rows


class Slices:
    """Slices along the first axis.

    Parameters
    ----------
    array : Form or Tensor
        The array.
    indices : Tensor
        Their places.

    Attributes
    ----------
    values : Tensor
        The slices, in memory of their own; zeros for those that are not stored.
    """

    def __init__(self, array: Form | Tensor, indices: Tensor) -> None:
        self._array, self._indices = array, indices
        if isinstance(array, Tensor):
            self._places: Tensor | None = indices
            self.values = array.index_select(0, indices)
        else:
            assert isinstance(array, Rows)
            places, stored = array.places(indices)
            self._places = places if stored is None else None
            self.values = array.at_places(places, stored)

    def put(self, values: Tensor) -> Form | Tensor:
        """Put others in their place; in the array's memory, unless some were not stored."""
        array = self._array
        if self._places is None:
            assert isinstance(array, Rows)
            return array.grown(self._indices, values)
        memory = array if isinstance(array, Tensor) else array.values
        memory.data.index_copy_(0, self._places, values)
        return array

    def replaced(self, values: Tensor) -> Form | Tensor:
        """Return a copy of the array with others in their place."""
        array = self._array
        if isinstance(array, Tensor):
            return array.index_copy(0, self._indices, values)
        assert isinstance(array, Rows)
        if self._places is None:
            return array.grown(self._indices, values)
        return array.with_values(array.values.index_copy(0, self._places, values))
