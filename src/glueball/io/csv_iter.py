"""Batches of the rows of CSV files."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Literal

import numpy as np

from ..core.errors import MXNetError
from ..ops.attrs import NonNegative, Positive, Shape
from .declared import declared
from .mx_data_iter import MXDataIter
from .rows import RowBatches, lines_of

_DTYPES = ("float32", "int32", "int64")


class CSVIter(MXDataIter):
    """Iterate over the rows of CSV files. All arguments are given by name.

    Parameters
    ----------
    data_csv : str
        The file, or a folder of files: numbers with commas between them, and no line of titles.
    data_shape : tuple of int
        The shape of a sample, which has as many numbers as a row.
    batch_size : int
        The number of samples in a batch.
    label_csv : str, default 'NULL'
        The file of the labels; without one they are 0.
    label_shape : tuple of int, default (1,)
        The shape of a label.
    round_batch : bool, default True
        Fill a last batch with samples of the next epoch, which then begins behind them. Otherwise samples of the batch
        before stay there; `getpad` says how many.
    prefetch_buffer : int, default 4
        Must be 0 or more. The rows are in memory, so nothing is prefetched.
    ctx : {'cpu', 'gpu'}, default 'gpu'
        In MXNet, the device for which reading is tuned; batches are on the CPU.
    dtype : {'float32', 'int32', 'int64'}, optional
        The type of samples and labels; by default float32.
    data_name, label_name : str, default 'data', 'softmax_label'
        The names of the input and the label.

    Raises
    ------
    MXNetError
        A file is missing, a row has too many or too few numbers or something else, or there are fewer labels than rows.

    Differs from MXNet
    ------------------
    All rows are read and checked at once. A `reset` before the end of an epoch begins with the first sample again, and
    skips none.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> path = os.path.join(tempfile.mkdtemp(), "data.csv")
    >>> with open(path, "w") as file:
    ...     print("1,2", "3,4", "5,6", sep=os.linesep, file=file)
    >>> for batch in mx.io.CSVIter(data_csv=path, data_shape=(2,), batch_size=2):
    ...     print(batch.data[0].asnumpy().tolist(), batch.pad)
    [[1.0, 2.0], [3.0, 4.0]] 0
    [[5.0, 6.0], [1.0, 2.0]] 1
    """

    @declared
    def __init__(
        self, *, data_csv: str, data_shape: Shape, batch_size: Positive, label_csv: str = "NULL",
        label_shape: Shape = (1,), round_batch: bool = True, prefetch_buffer: NonNegative = 4,
        ctx: Literal["cpu", "gpu"] = "gpu", dtype: str | None = None, data_name: str = "data",
        label_name: str = "softmax_label",
    ) -> None:  # fmt: skip
        """Declare the arguments, which `_glueball_begin` is handed."""

    def _glueball_begin(self, options: SimpleNamespace) -> None:
        dtype = options.dtype or "float32"
        if dtype not in _DTYPES:
            raise MXNetError(
                f"CSVIter: dtype must be one of {', '.join(_DTYPES)}; received {dtype!r}; cast the batches with "
                "astype()"
            )
        data = _read("data_csv", options.data_csv, "data_shape", options.data_shape, dtype)
        if options.label_csv == "NULL":
            label = np.zeros((len(data), *options.label_shape), dtype)
        else:
            label = _read("label_csv", options.label_csv, "label_shape", options.label_shape, dtype)
        if len(label) < len(data):
            raise MXNetError(
                f"CSVIter: label_csv must have a row for each row of data_csv; received {len(label)} rows and "
                f"{len(data)}"
            )
        if tuple(options.label_shape) == (1,):
            label = label[:, 0]
        batches = RowBatches("CSVIter", data, label, options.batch_size, options.round_batch)
        super().__init__(batches, options.data_name, options.label_name)


def _read(argument: str, path: str, shape_argument: str, shape: tuple[int, ...], dtype: str) -> np.ndarray:
    width = math.prod(shape)
    lines = lines_of("CSVIter", argument, path)
    rows = np.empty((len(lines), width), dtype)
    for number, line in enumerate(lines):
        fields = line.split(",")
        if len(fields) != width:
            raise MXNetError(
                f"CSVIter: {shape_argument} must have as many values as each row of {argument}; received "
                f"{tuple(shape)}, and row {number + 1} of {path} has {len(fields)}"
            )
        try:
            # An integer keeps all its digits; a number with a point loses what is behind it, as in MXNet.
            rows[number] = [_integer(field) for field in fields] if dtype != "float32" else [*map(float, fields)]
        except (ValueError, OverflowError) as error:
            raise MXNetError(
                f"CSVIter: {argument} must hold numbers with commas between them; received {line[:80]!r} in row "
                f"{number + 1} of {path}; take out a line of titles"
            ) from error
    return rows.reshape(-1, *shape)


def _integer(field: str) -> int:
    return int(field) if field.strip().lstrip("+-").isdecimal() else int(float(field))
