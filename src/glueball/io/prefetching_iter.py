"""Prefetching of batches in threads."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ..core.errors import MXNetError
from .batch import DataBatch, DataDesc
from .whole_batches import WholeBatchIter

Names = Sequence[Mapping[str, str]]


class PrefetchingIter(WholeBatchIter):
    """Prefetch one batch from each of several iterators, each in its own thread, and join them.

    The inputs and the labels of a batch are those of all iterators, concatenated.

    Parameters
    ----------
    iters : DataIter or list of DataIter
        The sources. All must have the same number of batches, and nothing else may use them.
    rename_data, rename_label : list of dict of str to str, optional
        The new names of the inputs and of the labels of each iterator.

    Raises
    ------
    MXNetError
        There is no iterator, one is given twice, or the names are not one dict for each; on iteration, one ends before
        the others.

    Differs from MXNet
    ------------------
    An exception in an iterator is raised by the call that requests the batch; MXNet hangs.

    Examples
    --------
    >>> import numpy as np
    >>> import glueball as mx
    >>> left, right = (mx.io.NDArrayIter(np.arange(4) * sign, batch_size=2) for sign in (1, -1))
    >>> both = mx.io.PrefetchingIter([left, right], rename_data=[{"data": "left"}, {"data": "right"}])
    >>> both.provide_data[1].name
    'right'
    >>> [batch.data[1].asnumpy().tolist() for batch in both]
    [[0.0, -1.0], [-2.0, -3.0]]
    """

    def __init__(self, iters: Any, rename_data: Names | None = None, rename_label: Names | None = None) -> None:
        self.iters = list(iters) if isinstance(iters, list | tuple) else [iters]
        self.n_iter = len(self.iters)
        if not self.iters or len({id(one) for one in self.iters}) < self.n_iter:
            raise MXNetError(
                f"PrefetchingIter: iters must be one or more iterators, each once; received {self.n_iter}, "
                f"{len({id(one) for one in self.iters})} of them different"
            )
        for one in self.iters:
            if not hasattr(one, "provide_data"):
                raise AttributeError(f"PrefetchingIter: iters must be DataIters; received {type(one).__name__}")
        for name, names in (("rename_data", rename_data), ("rename_label", rename_label)):
            if names is not None and len(names) != self.n_iter:
                raise MXNetError(
                    f"PrefetchingIter: {name} must hold a dict for each of the {self.n_iter} iterators; "
                    f"received {len(names)}"
                )
        self.rename_data, self.rename_label = rename_data, rename_label
        super().__init__(self.provide_data[0].shape[0])
        self._pool = ThreadPoolExecutor(self.n_iter, thread_name_prefix="PrefetchingIter")
        weakref.finalize(self, self._pool.shutdown, wait=False)
        self._glueball_begin()

    def _glueball_begin(self) -> None:
        self._ahead: list[Future[DataBatch | None]] = [self._pool.submit(_next_or_none, one) for one in self.iters]

    @property
    def provide_data(self) -> list[DataDesc]:
        """Descriptions of the inputs of a batch."""
        return _renamed([one.provide_data for one in self.iters], self.rename_data)

    @property
    def provide_label(self) -> list[DataDesc]:
        """Descriptions of the labels of a batch."""
        return _renamed([one.provide_label for one in self.iters], self.rename_label)

    def reset(self) -> None:
        """Restart; an exception that an iterator raised while prefetching is dropped."""
        for future in self._ahead:
            future.exception()  # waits, since an iterator must not be reset while it runs
        for one in self.iters:
            one.reset()
        self._glueball_begin()

    def iter_next(self) -> bool:
        """Advance to the next batch and return whether there is one."""
        batches = [future.result() for future in self._ahead]
        present = [batch for batch in batches if batch is not None]
        if not present:
            return False
        if len(present) < len(batches) or len({batch.pad for batch in present}) > 1:
            found = ["no batch" if batch is None else f"a batch with pad={batch.pad}" for batch in batches]
            raise MXNetError(f"PrefetchingIter: all iterators must end together; received {', '.join(found)}")
        self.current_batch = DataBatch(
            [array for batch in present for array in batch.data],
            [array for batch in present for array in batch.label or []],
            present[0].pad,
            present[0].index,
            provide_data=self.provide_data,
            provide_label=self.provide_label,
        )
        self._glueball_begin()
        return True


def _next_or_none(data_iter: Any) -> DataBatch | None:
    try:
        batch: DataBatch = data_iter.next()
    except StopIteration:
        return None
    return batch


def _renamed(provided: Sequence[Sequence[Any]], names: Names | None) -> list[DataDesc]:
    """Return the descriptions of all iterators in one list, under their new names."""
    found = []
    for number, descriptions in enumerate(provided):
        for one in descriptions:
            desc = one if isinstance(one, DataDesc) else DataDesc(*one)
            if names is not None:
                new = names[number].get(desc.name)
                if new is None:
                    raise KeyError(
                        f"PrefetchingIter: a new name must be given for {desc.name!r}; received {dict(names[number])}"
                    )
                desc = desc._replace(name=new)
            found.append(desc)
    return found
