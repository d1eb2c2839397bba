"""Batches of arrays in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..core.errors import MXNetError, OutOfRangeError, RefusedError
from ..core.integers import is_int_not_bool
from ..ndarray import NDArray, array
from ..ndarray.sparse.arrays import wrapped
from ..ndarray.sparse.base import form_of
from .batch import DataBatch, DataDesc
from .data_iter import DataIter

_LAST_BATCH = ("pad", "discard", "roll_over")

Named = list[tuple[Any, NDArray]]


class NDArrayIter(DataIter):
    """Iterate over arrays, batch by batch along their first axis.

    Parameters
    ----------
    data : NDArray, CSRNDArray, numpy.ndarray, list or dict of these
        The inputs; the first one's length is the number of samples. NumPy arrays become float32; NDArrays keep their
        type. A single input is named `data_name`, those of a longer list ``_0_data``, ``_1_data`` ..., and those of a
        dict by its keys, in alphabetical order.
    label : NDArray, numpy.ndarray, list or dict of these, optional
        The labels, likewise.
    batch_size : int, default 1
        The number of samples in a batch.
    shuffle : bool, default False
        Shuffle the samples now and at each `reset`. The order comes from NumPy's global generator, as in MXNet.
    last_batch_handle : {'pad', 'discard', 'roll_over'}, default 'pad'
        What to do with a last batch that is not full: pad it with the first samples (`getpad` returns how many),
        discard it, or discard it and start the next epoch with it.
    data_name, label_name : str, default 'data', 'softmax_label'
        The names of a single input and a single label.
    layout : str, default 'NCHW'
        The layout in `provide_data` and `provide_label`.

    Raises
    ------
    TypeError
        `data` or `label` is of another type.
    MXNetError
        There is no input, an array is shorter than the first, or another argument is not one of those above.

    Differs from MXNet
    ------------------
    A wrong length, `batch_size` or `last_batch_handle` is refused by the constructor, not on use or not at all.
    Of a csr matrix the batches are dense, as MXNet's; any `last_batch_handle` may be used, where MXNet takes 'discard'
    alone.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> batches = mx.io.NDArrayIter(np.arange(5), np.arange(5) ** 2, batch_size=2)
    >>> for batch in batches:
    ...     print(batch.data[0].asnumpy(), batch.label[0].asnumpy(), batch.pad)
    [0. 1.] [0. 1.] 0
    [2. 3.] [4. 9.] 0
    [4. 0.] [16.  0.] 1
    """

    def __init__(
        self,
        data: Any,
        label: Any = None,
        batch_size: int = 1,
        shuffle: bool = False,
        last_batch_handle: str = "pad",
        data_name: str = "data",
        label_name: str = "softmax_label",
        layout: str = "NCHW",
    ) -> None:
        if not is_int_not_bool(batch_size) or batch_size < 1:
            raise MXNetError(f"NDArrayIter: batch_size must be a positive int; received {batch_size!r}")
        if last_batch_handle not in _LAST_BATCH:
            raise MXNetError(
                f"NDArrayIter: last_batch_handle must be one of {', '.join(_LAST_BATCH)}; "
                f"received {last_batch_handle!r}"
            )
        super().__init__(int(batch_size))
        self.data = named("NDArrayIter: data", data, data_name)
        self.label = named("NDArrayIter: label", label, label_name)
        if not self.data:
            refused = OutOfRangeError if isinstance(data, dict) else RefusedError
            raise refused(f"NDArrayIter: data must hold one or more arrays; received {data!r}")
        self.num_data = _first_length(self.data, self.label)
        self.num_source = len(self.data) + len(self.label)
        self.shuffle = shuffle
        self.last_batch_handle = last_batch_handle
        self.layout = layout
        self.idx = np.arange(self.num_data)
        #: The leftover samples of the last epoch, for ``roll_over``; inputs first, then labels.
        self._glueball_left_over: list[Tensor] = []
        self.cursor = -self.batch_size
        self.reset()

    @property
    def provide_data(self) -> list[DataDesc]:
        """Descriptions of the inputs of a batch."""
        return self._glueball_describe(self.data)

    @property
    def provide_label(self) -> list[DataDesc]:
        """Descriptions of the labels of a batch."""
        return self._glueball_describe(self.label)

    def _glueball_describe(self, arrays: Named) -> list[DataDesc]:
        return [
            DataDesc(name, (self.batch_size, *value.shape[1:]), value.dtype, layout=self.layout)
            for name, value in arrays
        ]

    def hard_reset(self) -> None:
        """Restart at the first sample, ignoring the leftovers of ``roll_over``."""
        self._glueball_restart()

    def reset(self) -> None:
        """Restart; with ``roll_over``, at the leftover samples."""
        left = self.cursor - self.num_data if self.last_batch_handle == "roll_over" else 0
        if -self.batch_size < left < 0:
            self._glueball_left_over = [
                _rows(value, self.cursor, self.num_data) for _, value in (*self.data, *self.label)
            ]
            if self.shuffle:
                self._shuffle_data()
            self.cursor = left - self.batch_size
        else:
            self._glueball_restart()

    def _glueball_restart(self) -> None:
        self._glueball_left_over = []
        if self.shuffle:
            self._shuffle_data()
        self.cursor = -self.batch_size

    def _shuffle_data(self) -> None:
        """Bring the samples into a new random order."""
        np.random.shuffle(self.idx)  # the global generator, which MXNet programs seed
        order = torch.from_numpy(self.idx)
        self.data, self.label = (
            [(name, _ordered(value, order)) for name, value in arrays] for arrays in (self.data, self.label)
        )

    def iter_next(self) -> bool:
        """Advance to the next batch and return whether there is one, including a last one that is not full."""
        self.cursor += self.batch_size
        return self.cursor < self.num_data

    def next(self) -> DataBatch:
        """Return the next batch; StopIteration at the end."""
        full = self.cursor + 2 * self.batch_size <= self.num_data
        if not self.iter_next() or not (full or self.last_batch_handle == "pad"):
            raise StopIteration
        return DataBatch(data=self.getdata(), label=self.getlabel(), pad=self.getpad(), index=None)

    def getdata(self) -> list[NDArray]:
        """Return the inputs of the batch."""
        return self._batchify(self.data)

    def getlabel(self) -> list[NDArray]:
        """Return the labels of the batch."""
        return self._batchify(self.label)

    def getpad(self) -> int:
        """Return the number of padding samples, or of leftover samples at the start of a ``roll_over`` epoch."""
        if self.last_batch_handle == "pad":
            return max(0, self.cursor + self.batch_size - self.num_data)
        if self.last_batch_handle == "roll_over" and -self.batch_size < self.cursor < 0:
            return -self.cursor
        return 0

    def _batchify(self, data_source: Named) -> list[NDArray]:
        """Return the batch at the cursor, of the inputs or of the labels."""
        start, stop = self.cursor, self.cursor + self.batch_size
        if not -self.batch_size < start < self.num_data:
            fix = "call reset()" if start > 0 else "call next() or iter_next() first"
            raise RefusedError(
                f"NDArrayIter: there must be a batch; the cursor is at {start} of {self.num_data}; {fix}"
            )
        if start < 0:
            left_over = self._glueball_left_over
            left_over = left_over[len(self.data) :] if data_source is self.label else left_over[: len(self.data)]
            first = [NDArray(part, value._ctx) for part, (_, value) in zip(left_over, data_source, strict=True)]
            return self._concat(first, self._glueball_around(data_source, 0, stop))
        if self.last_batch_handle == "pad":
            return self._glueball_around(data_source, start, stop)
        return self._getdata(data_source, start, min(stop, self.num_data))

    def _glueball_around(self, data_source: Named, start: int, stop: int) -> list[NDArray]:
        """Return samples, beginning again after the last one."""
        found = self._getdata(data_source, start, min(stop, self.num_data))
        while stop > self.num_data:
            stop -= self.num_data
            found = self._concat(found, self._getdata(data_source, 0, min(stop, self.num_data)))
        return found

    def _getdata(self, data_source: Named, start: int | None = None, end: int | None = None) -> list[NDArray]:
        """Return a copy of the samples from `start` to `end`: writing to a batch does not change the data."""
        return [NDArray(_rows(value, start, end), value._ctx) for _, value in data_source]

    def _concat(self, first_data: Sequence[NDArray], second_data: Sequence[NDArray]) -> list[NDArray]:
        """Join arrays of samples."""
        return [
            NDArray(torch.cat([one._data, other._data]), one._ctx)
            for one, other in zip(first_data, second_data, strict=True)
        ]


def _rows(value: NDArray, start: int | None, end: int | None) -> Tensor:
    """Return samples from `start` to `end`, in memory of their own."""
    if value.stype == "default":
        return value._data[start:end].clone()
    begin, stop, _ = slice(start, end).indices(value.shape[0])
    return form_of(value).part(begin, stop).dense()  # type: ignore[union-attr]


def _ordered(value: NDArray, order: Tensor) -> NDArray:
    if value.stype == "default":
        return NDArray(value._data[order.to(value._data.device)], value._ctx)
    form = form_of(value)
    return wrapped(form.taken(order.to(form.values.device)), value._ctx)  # type: ignore[union-attr]


def named(argument: str, arrays: Any, default_name: str) -> Named:
    """Return names and arrays of an argument that is an array, a list or a dict of them, or None."""
    if arrays is None:
        return []
    if isinstance(arrays, Mapping):
        pairs: Sequence[tuple[Any, Any]] = sorted(arrays.items())
    elif isinstance(arrays, list):
        several = len(arrays) > 1
        pairs = [(f"_{number}_{default_name}" if several else default_name, one) for number, one in enumerate(arrays)]
    elif isinstance(arrays, NDArray | np.ndarray):
        pairs = [(default_name, arrays)]
    else:
        raise TypeError(
            f"{argument} must be an NDArray, a NumPy array, or a list or dict of these; "
            f"received {type(arrays).__name__}"
        )
    return [(name, _as_array(argument, one, name)) for name, one in pairs]


def _as_array(argument: str, value: Any, name: Any) -> NDArray:
    if isinstance(value, NDArray):
        made = value
    else:
        try:
            made = array(value)
        except (TypeError, ValueError, MXNetError) as error:
            raise TypeError(
                f"{argument} must contain arrays; received {type(value).__name__} for {name!r}: {error}"
            ) from error
    if made.stype == "row_sparse":
        raise MXNetError(
            f"{argument} must be dense or csr; received a row_sparse array for {name!r}; use tostype('default')"
        )
    if made.ndim == 0:
        raise MXNetError(f"{argument} must be arrays of samples; {name!r} is a single number")
    return made


def _first_length(data: Named, label: Named) -> int:
    """Return the length of the first array; what others have beyond it is never read."""
    first = data[0][1].shape[0]
    lengths = {name: value.shape[0] for name, value in (*data, *label)}
    if min(lengths.values()) < first:
        raise MXNetError(f"NDArrayIter: no array may have fewer samples than the first, {first}; received {lengths}")
    return first
