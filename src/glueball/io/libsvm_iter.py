"""Batches of the rows of LibSVM files."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Literal

import numpy as np

from ..core.errors import MXNetError
from ..ops.attrs import NonNegative, Positive, Shape
from .declared import declared
from .mx_data_iter import MXDataIter
from .rows import RowBatches, lines_of


class LibSVMIter(MXDataIter):
    """Iterate over the rows of LibSVM files. All arguments are given by name.

    A row is a label and, for each value that is not 0, its column and itself: ``1.0 0:0.5 2:1.2``. Columns are counted
    from 0.

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
    The batches are dense arrays, not sparse ones. Parts have equal numbers of rows. Unknown arguments and columns
    beyond the shape are refused.

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
        if options.label_libsvm != "NULL":
            label, _ = _read("label_libsvm", options.label_libsvm, "label_shape", options.label_shape)
            if len(label) != len(data):
                raise MXNetError(
                    f"LibSVMIter: label_libsvm must have a row for each row of data_libsvm; received {len(label)} rows "
                    f"and {len(data)}"
                )
        part = slice(
            *[len(data) * number // options.num_parts for number in (options.part_index, options.part_index + 1)]
        )
        batches = RowBatches("LibSVMIter", data[part], label[part], options.batch_size, options.round_batch)
        super().__init__(batches, options.data_name, options.label_name)


def _read(argument: str, path: str, shape_argument: str, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns of each row, and its label."""
    if len(shape) != 1 or shape[0] < 1:
        raise MXNetError(f"LibSVMIter: {shape_argument} must be one number of columns; received {tuple(shape)}")
    lines = lines_of("LibSVMIter", argument, path)
    rows, labels = np.zeros((len(lines), *shape), np.float32), np.zeros(len(lines), np.float32)
    for number, line in enumerate(lines):
        first, *pairs = line.split()
        try:
            labels[number] = float(first)
            for pair in pairs:
                column, value = pair.split(":")
                if not 0 <= int(column) < shape[0]:
                    raise ValueError
                rows[number, int(column)] = float(value)
        except ValueError as error:
            raise MXNetError(
                f"LibSVMIter: {argument} must have rows of a label and of columns below {shape[0]} with their values, "
                f"such as '1 0:0.5 2:1.5'; received {line[:80]!r} in row {number + 1} of {path}"
            ) from error
    return rows, labels
