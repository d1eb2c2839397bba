"""Descriptions of an iterator's arrays, and batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..core.doors import guard
from ..core.errors import RefusedError


class _NameAndShape(NamedTuple):
    name: Any
    shape: tuple[int, ...]


@guard
class DataDesc(_NameAndShape):
    """The name and the shape of an input, as a tuple that also has its type and its layout.

    Parameters
    ----------
    name : str
        The name of the input in the graph.
    shape : tuple of int
        The shape, including the batch axis.
    dtype : dtype, default numpy.float32
        The element type; kept as given.
    layout : str, default 'NCHW'
        A letter for each axis; N is the batch.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.io.DataDesc("data", (32, 3, 224, 224), dtype="float16")
    DataDesc[data,(32, 3, 224, 224),float16,NCHW]
    """

    dtype: Any
    layout: str | None

    def __new__(cls, name: Any, shape: Any, dtype: Any = np.float32, layout: str | None = "NCHW") -> DataDesc:
        made = super().__new__(cls, name, shape)
        made.dtype = dtype
        made.layout = layout
        return made

    def _replace(self, **changes: Any) -> DataDesc:
        """Return a copy with another name or shape; type and layout stay."""
        return DataDesc(**{**self._asdict(), "dtype": self.dtype, "layout": self.layout, **changes})

    def __repr__(self) -> str:
        return f"DataDesc[{self.name},{self.shape},{self.dtype},{self.layout}]"

    @staticmethod
    def get_batch_axis(layout: str | None) -> int:
        """Return the batch axis of a layout: the position of N, -1 without an N, 0 without a layout.

        Examples
        --------
        >>> import glueball as mx
        >>> mx.io.DataDesc.get_batch_axis("TNC")
        1
        """
        return 0 if layout is None else layout.find("N")

    @staticmethod
    def get_list(shapes: Sequence[tuple[Any, Any]], types: Sequence[tuple[Any, Any]] | None) -> list[DataDesc]:
        """Return descriptions from pairs (name, shape) and, unless that is None, pairs (name, dtype).

        Raises
        ------
        KeyError
            A name has no type.
        """
        if types is None:
            return [DataDesc(name, shape) for name, shape in shapes]
        dtypes: Mapping[Any, Any] = dict(types)
        return [DataDesc(name, shape, dtypes[name]) for name, shape in shapes]


@guard
class DataBatch:
    """One batch: its arrays and their metadata.

    Parameters
    ----------
    data : list of NDArray
        The inputs, in the order of `provide_data`.
    label : list of NDArray, optional
        The labels, in the order of `provide_label`.
    pad : int, optional
        The number of padding samples at the end; `Module.predict` drops them.
    index : numpy.ndarray, optional
        The numbers of the samples.
    bucket_key : object, optional
        Selects the graph for the batch, if there are several.
    provide_data, provide_label : list of DataDesc, optional
        Descriptions of the arrays if they differ from those of the iterator.

    Raises
    ------
    MXNetError
        `data` or `label` is not a list of arrays.

    Examples
    --------
    >>> import glueball as mx
    >>> print(mx.io.DataBatch([mx.nd.ones((2, 3))], [mx.nd.zeros((2,))]))
    DataBatch: data shapes: [(2, 3)] label shapes: [(2,)]
    """

    def __init__(
        self,
        data: Sequence[Any] | None,
        label: Sequence[Any] | None = None,
        pad: int | None = None,
        index: Any = None,
        bucket_key: Any = None,
        provide_data: Sequence[DataDesc] | None = None,
        provide_label: Sequence[DataDesc] | None = None,
    ) -> None:
        for name, arrays in (("data", data), ("label", label)):
            if arrays is not None and not isinstance(arrays, list | tuple):
                raise RefusedError(
                    f"DataBatch: {name} must be a list of NDArrays; received {type(arrays).__name__}; "
                    f"write {name}=[array]"
                )
        self.data: Any = data
        self.label: Any = label
        self.pad = pad
        self.index = index
        self.bucket_key = bucket_key
        self.provide_data = provide_data
        self.provide_label = provide_label

    def __str__(self) -> str:
        data = None if self.data is None else [array.shape for array in self.data]
        labels = [array.shape for array in self.label] if self.label else None
        return f"{type(self).__name__}: data shapes: {data} label shapes: {labels}"
