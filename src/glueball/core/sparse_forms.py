"""The sparse forms: `Csr`, which is MXNet's ``csr``, and `Rows`, its ``row_sparse``: tensors of indices and of values.

They are not torch's sparse tensors: those check, sort and sum up their indices where MXNet keeps them as they are, and
those in CSR form warn that they are new. Products use torch's bags of embeddings, which sum rows of a matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Csr:
    """A matrix, row by row: the values that are stored, the column of each, and where each row begins.

    Attributes
    ----------
    values, indices : Tensor
        (stored,), the values and their columns.
    indptr : Tensor
        (rows + 1,), the place of the first value of each row, and the number of values.
    shape : tuple of int
        (rows, columns).
    """

    values: Tensor
    indices: Tensor
    indptr: Tensor
    shape: Shape

    stype = "csr"

    @staticmethod
    def empty(shape: Shape, dtype: torch.dtype, device: torch.device) -> Csr:
        """Return a matrix of zeros, none of them stored."""
        indptr = torch.zeros(shape[0] + 1, dtype=torch.int64, device=device)
        return Csr(torch.zeros(0, dtype=dtype, device=device), indptr[:0].clone(), indptr, shape)

    @staticmethod
    def of(dense: Tensor) -> Csr:
        """Return a dense matrix in this form; what is not zero is stored."""
        dense = dense.detach()
        rows, columns = torch.nonzero(dense, as_tuple=True)
        return Csr.at(rows, columns, dense[rows, columns], tuple(dense.shape))

    @staticmethod
    def at(rows: Tensor, columns: Tensor, values: Tensor, shape: Shape) -> Csr:
        """Return a matrix with values at positions, which are sorted by their rows."""
        counts = torch.bincount(rows, minlength=shape[0])
        indptr = torch.zeros(shape[0] + 1, dtype=torch.int64, device=rows.device)
        torch.cumsum(counts, 0, out=indptr[1:])
        return Csr(values, columns, indptr, shape)

    @property
    def rows(self) -> Tensor:
        """The row of each value."""
        counts = self.indptr.diff()
        numbers = torch.arange(len(counts), device=counts.device)
        return torch.repeat_interleave(numbers, counts, output_size=len(self.indices))

    def positions(self) -> Tensor:
        """Return where each value is in the matrix, row by row."""
        rows, columns = self.shape[0], max(self.shape[1], 1)
        begins = torch.arange(0, rows * columns, columns, device=self.indptr.device)
        return torch.repeat_interleave(begins, self.indptr.diff(), output_size=len(self.indices)).add_(self.indices)

    def dense(self) -> Tensor:
        """Return the matrix; values that are stored for one position are added."""
        result = torch.zeros(self.shape, dtype=self.values.dtype, device=self.values.device)
        return result.index_put_((self.rows, self.indices), self.values, accumulate=True)

    def with_values(self, values: Tensor) -> Csr:
        """Return other values at the same positions."""
        return replace(self, values=values)

    def transposed(self) -> Csr:
        """Return the matrix with rows and columns exchanged."""
        order = torch.argsort(self.indices, stable=True)
        return Csr.at(self.indices[order], self.rows[order], self.values[order], self.shape[::-1])

    def part(self, begin: int, end: int) -> Csr:
        """Return some of the rows, in memory of their own."""
        start, stop = int(self.indptr[begin]), int(self.indptr[end])
        indptr = self.indptr[begin : end + 1] - start
        return Csr(
            self.values[start:stop].clone(), self.indices[start:stop].clone(), indptr, (end - begin, self.shape[1])
        )

    def taken(self, rows: Tensor) -> Csr:
        """Return rows in any order and number."""
        counts = self.indptr.diff()[rows]
        begins = torch.cumsum(counts, 0) - counts
        within = torch.arange(int(counts.sum()), device=rows.device)
        places = within - torch.repeat_interleave(begins - self.indptr[rows], counts)
        of_row = torch.repeat_interleave(torch.arange(len(rows), device=rows.device), counts)
        return Csr.at(of_row, self.indices[places], self.values[places], (len(rows), self.shape[1]))

    def tensors(self) -> tuple[Tensor, ...]:
        """Return the values, and then the indices as a file of MXNet has them."""
        return self.values, self.indptr, self.indices


@dataclass(frozen=True, eq=False)
class Rows:
    """An array of which only some slices along the first axis are stored; the others are zeros.

    Attributes
    ----------
    values : Tensor
        (stored, ...), the slices.
    indices : Tensor
        (stored,), the place of each; no place occurs twice.
    shape : tuple of int
        The shape of the whole array.
    """

    values: Tensor
    indices: Tensor
    shape: Shape

    stype = "row_sparse"

    @staticmethod
    def empty(shape: Shape, dtype: torch.dtype, device: torch.device) -> Rows:
        """Return an array of zeros, none of them stored."""
        values = torch.zeros((0, *shape[1:]), dtype=dtype, device=device)
        return Rows(values, torch.zeros(0, dtype=torch.int64, device=device), shape)

    @staticmethod
    def of(dense: Tensor) -> Rows:
        """Return a dense array in this form; slices with anything that is not zero are stored."""
        dense = dense.detach()
        indices = torch.nonzero((dense != 0).reshape(dense.shape[0], -1).any(1), as_tuple=True)[0]
        return Rows(dense[indices], indices, tuple(dense.shape))

    @staticmethod
    def summed(indices: Tensor, values: Tensor, shape: Shape) -> Rows:
        """Return an array of slices of which several may have one place; those are added."""
        unique, places = torch.unique(indices, return_inverse=True)
        total = torch.zeros((len(unique), *values.shape[1:]), dtype=values.dtype, device=values.device)
        return Rows(total.index_add_(0, places, values), unique, shape)

    def dense(self) -> Tensor:
        """Return the whole array."""
        result = torch.zeros(self.shape, dtype=self.values.dtype, device=self.values.device)
        return result.index_copy_(0, self.indices, self.values)

    def with_values(self, values: Tensor) -> Rows:
        """Return other slices at the same places."""
        return replace(self, values=values)

    def places(self, wanted: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return where each wanted slice is among those stored, and which are stored at all; None if all are."""
        count = len(self.indices)
        if not count:
            return torch.zeros_like(wanted), torch.zeros_like(wanted, dtype=torch.bool)
        # As if the places ascended, as they do but for what a program has put together: what is found is right anyway.
        places = wanted if count == self.shape[0] else torch.searchsorted(self.indices, wanted.contiguous())
        places = places.clamp(max=count - 1)
        stored = self.indices.index_select(0, places) == wanted
        if bool(stored.all()):
            return places, None
        if increases(self.indices):
            return places, stored
        order = torch.argsort(self.indices)
        found = torch.searchsorted(self.indices[order], wanted.contiguous()).clamp_(max=count - 1)
        stored = self.indices[order[found]] == wanted
        return order[found], None if bool(stored.all()) else stored

    def at(self, wanted: Tensor) -> Tensor:
        """Return slices, zeros for those that are not stored."""
        return self.at_places(*self.places(wanted))

    def at_places(self, places: Tensor, stored: Tensor | None) -> Tensor:
        """Return slices at places that were looked for."""
        if not len(self.indices):
            return self.values.new_zeros((len(places), *self.shape[1:]))
        found = self.values.index_select(0, places)
        if stored is not None:
            found[~stored] = 0
        return found

    def grown(self, indices: Tensor, values: Tensor) -> Rows:
        """Return the array with other slices at some places, of which not all are stored."""
        merged = torch.unique(torch.cat([self.indices, indices]))
        result = Rows(self.values.new_empty((len(merged), *self.shape[1:])), merged, self.shape)
        result.values.index_copy_(0, result.places(self.indices)[0], self.values)
        result.values.index_copy_(0, result.places(indices)[0], values)
        return result

    def tensors(self) -> tuple[Tensor, ...]:
        """Return the slices and their places, as a file of MXNet has them."""
        return self.values, self.indices


Form = Csr | Rows


def increases(numbers: Tensor) -> bool:
    """Whether numbers are in ascending order, and none occurs twice."""
    return bool((numbers[1:] > numbers[:-1]).all())


#: MXNet's numbers of the storage types, in files and in the attributes of variables.
STORAGE_NUMBERS = {"default": 0, "row_sparse": 1, "csr": 2}

FORMS: dict[str, type[Csr] | type[Rows]] = {"csr": Csr, "row_sparse": Rows}


def to_dense(value: Form | Tensor) -> Tensor:
    """Return an array in any form as a dense tensor."""
    return value if isinstance(value, Tensor) else value.dense()


def as_form(value: Form | Tensor, stype: str) -> Form | Tensor:
    """Return an array in another form."""
    if stype == "default":
        return to_dense(value)
    if not isinstance(value, Tensor) and value.stype == stype:
        return value
    return FORMS[stype].of(to_dense(value))


def added(parts: Sequence[Rows]) -> Rows:
    """Return the sum of arrays whose slices are stored."""
    indices, values = torch.cat([part.indices for part in parts]), torch.cat([part.values for part in parts])
    return Rows.summed(indices, values, parts[0].shape)
