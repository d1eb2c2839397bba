"""Batches of the rows of LibSVM files."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Literal

import numpy as np
import torch

from ..core.context import cpu
from ..core.errors import MXNetError
from ..core.sparse_forms import Csr
from ..ndarray import NDArray, from_numpy
from ..ndarray.sparse.arrays import wrapped
from ..ops.attrs import NonNegative, Positive, Shape
from .batch_source import BatchSource, Made, Rounds
from .declared import declared
from .mx_data_iter import MXDataIter
from .rows import lines_of


class LibSVMIter(MXDataIter):
    """Iterate over the rows of LibSVM files. All arguments are given by name.

    A row is a label and, for each value that is not 0, its column and itself: ``1.0 0:0.5 2:1.2``. Columns are counted
    from 0. The samples of a batch are a csr matrix, and so are labels that are read from a file of their own.

    Parameters
    ----------
    data_libsvm : str
        The file, or a folder of files.
    data_shape : tuple of int
        The shape of a sample: the number of columns.
    batch_size : int
        The number of samples in a batch.
    label_libsvm : str, default 'NULL'
        A file with labels that have several columns, instead of those in `data_libsvm`.
    label_shape : tuple of int, default (1,)
        The shape of a label: the number of columns.
    num_parts, part_index : int, default 1, 0
        Read part `part_index`, counted from 0, of `num_parts`.
    round_batch : bool, default True
        Fill a last batch with samples of the next epoch, which then begins behind them; must be True.
    prefetch_buffer : int, default 4
        Must be 0 or more. The rows are in memory, so nothing is prefetched.
    ctx : {'cpu', 'gpu'}, default 'gpu'
        In MXNet, the device for which reading is tuned; batches are on the CPU.
    dtype : {'float32'}, optional
        The type of samples and labels.
    data_name, label_name : str, default 'data', 'softmax_label'
        The names of the input and the label.

    Raises
    ------
    MXNetError
        A file is missing, or a row is not of this form or has other columns.

    Differs from MXNet
    ------------------
    Parts have equal numbers of rows. Columns beyond the shape are refused.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> path = os.path.join(tempfile.mkdtemp(), "data.t")
    >>> with open(path, "w") as file:
    ...     print("1 0:0.5 2:1.5", "-2", sep=os.linesep, file=file)
    >>> batch = mx.io.LibSVMIter(data_libsvm=path, data_shape=(3,), batch_size=2).next()
    >>> batch.data[0].asnumpy().tolist(), batch.label[0].asnumpy().tolist()
    ([[0.5, 0.0, 1.5], [0.0, 0.0, 0.0]], [1.0, -2.0])
    """

    @declared
    def __init__(
        self, *, data_libsvm: str, data_shape: Shape, batch_size: Positive, label_libsvm: str = "NULL",
        label_shape: Shape = (1,), num_parts: Positive = 1, part_index: NonNegative = 0, round_batch: bool = True,
        prefetch_buffer: NonNegative = 4, ctx: Literal["cpu", "gpu"] = "gpu",
        dtype: Literal["float32"] | None = None, data_name: str = "data", label_name: str = "softmax_label",
    ) -> None:  # fmt: skip
        """Declare the arguments, which `_glueball_begin` is handed."""

    def _glueball_begin(self, options: SimpleNamespace) -> None:
        if not options.round_batch:
            raise MXNetError("LibSVMIter: round_batch must be True; received False; use CSVIter")
        if options.part_index >= options.num_parts:
            raise MXNetError(
                f"LibSVMIter: part_index must be less than num_parts={options.num_parts}; received {options.part_index}"
            )
        data, label = _read("data_libsvm", options.data_libsvm, "data_shape", options.data_shape)
        labels: Csr | np.ndarray = label
        if options.label_libsvm != "NULL":
            labels, _ = _read("label_libsvm", options.label_libsvm, "label_shape", options.label_shape)
            if labels.shape[0] != data.shape[0]:
                raise MXNetError(
                    f"LibSVMIter: label_libsvm must have a row for each row of data_libsvm; received "
                    f"{labels.shape[0]} rows and {data.shape[0]}"
                )
        begin, end = (
            data.shape[0] * number // options.num_parts for number in (options.part_index, options.part_index + 1)
        )
        batches = _SparseBatches(data.part(begin, end), _part(labels, begin, end), options.batch_size)
        super().__init__(batches, options.data_name, options.label_name)


class _SparseBatches(BatchSource):
    """Batches of the rows of a sparse matrix, in their order, with labels that are sparse or not."""

    def __init__(self, data: Csr, label: Csr | np.ndarray, batch_size: int) -> None:
        self._data, self._label = data, label
        self._rounds: Rounds[int] = Rounds("LibSVMIter", self._epoch, batch_size, True)

    def _epoch(self) -> Iterator[int]:
        return iter(range(self._data.shape[0]))

    def next(self) -> Made | None:
        found = self._rounds.next()
        if found is None:
            return None
        numbers, pad = found
        data, label = _taken(self._data, numbers), _taken(self._label, numbers)
        return Made(data, label, pad, np.array(numbers, np.uint64))

    def reset(self) -> None:
        self._rounds.reset(was_read=True)


def _taken(rows: Csr | np.ndarray, numbers: list[int]) -> NDArray:
    if isinstance(rows, Csr):
        return wrapped(rows.taken(torch.tensor(numbers)), cpu())
    return from_numpy(rows[numbers])


def _part(rows: Csr | np.ndarray, begin: int, end: int) -> Csr | np.ndarray:
    return rows.part(begin, end) if isinstance(rows, Csr) else rows[begin:end]


def _read(argument: str, path: str, shape_argument: str, shape: tuple[int, ...]) -> tuple[Csr, np.ndarray]:
    """Return the rows, and the label of each."""
    if len(shape) != 1 or shape[0] < 1:
        raise MXNetError(f"LibSVMIter: {shape_argument} must be one number of columns; received {tuple(shape)}")
    lines = lines_of("LibSVMIter", argument, path)
    labels, begins, columns, values = np.zeros(len(lines), np.float32), [0], [], []
    for number, line in enumerate(lines):
        first, *pairs = line.split()
        try:
            labels[number] = float(first)
            for pair in pairs:
                column, value = pair.split(":")
                if not 0 <= int(column) < shape[0]:
                    raise ValueError
                columns.append(int(column))
                values.append(float(value))
        except ValueError as error:
            raise MXNetError(
                f"LibSVMIter: {argument} must have rows of a label and of columns below {shape[0]} with their values, "
                f"such as '1 0:0.5 2:1.5'; received {line[:80]!r} in row {number + 1} of {path}"
            ) from error
        begins.append(len(columns))
    indices, indptr = (torch.tensor(found, dtype=torch.int64) for found in (columns, begins))
    return Csr(torch.tensor(values, dtype=torch.float32), indices, indptr, (len(lines), *shape)), labels
