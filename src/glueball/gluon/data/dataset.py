"""Datasets: objects with a length and an item per index, and the datasets derived from them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ...core.doors import guard
from ...core.errors import RefusedError
from ...core.strangers import call
from ...ndarray import NDArray
from .sampler import FilterSampler, Sampler, SequentialSampler, check_length


@guard
class Dataset:
    """The base class of all datasets. A subclass defines ``__getitem__`` and ``__len__``.

    Examples
    --------
    >>> from glueball import gluon
    >>> class Squares(gluon.data.Dataset):
    ...     def __len__(self):
    ...         return 5
    ...     def __getitem__(self, idx):
    ...         return idx**2
    >>> list(Squares().filter(lambda x: x % 2 == 0).take(2).transform(lambda x: x + 100))
    [100, 104]
    """

    if TYPE_CHECKING:
        # Python can iterate with __getitem__ alone; a type checker needs __iter__.
        def __iter__(self) -> Iterator[Any]: ...

    def __getitem__(self, idx: int) -> Any:
        """Return the sample at `idx`."""
        raise NotImplementedError(f"{type(self).__name__}: a Dataset must define __getitem__; it does not")

    def __len__(self) -> int:
        """Return the number of samples."""
        raise NotImplementedError(f"{type(self).__name__}: a Dataset must define __len__; it does not")

    def filter(self, fn: Callable[[Any], Any]) -> Dataset:
        """Return the samples for which a function is true. It is called on all samples now.

        Parameters
        ----------
        fn : callable
            Takes a sample; a tuple is passed as one argument.
        """
        return _SampledDataset(self, FilterSampler(fn, self))

    def shard(self, num_shards: int, index: int) -> Dataset:
        """Return one of several contiguous parts; their lengths differ by at most one, the first ones are longer.

        Parameters
        ----------
        num_shards : int
            Number of parts.
        index : int
            Which part: 0 to ``num_shards - 1``.

        Raises
        ------
        MXNetError
            `index` is out of range.

        Examples
        --------
        >>> from glueball import gluon
        >>> whole = gluon.data.SimpleDataset(list(range(5)))
        >>> [list(whole.shard(2, index)) for index in range(2)]
        [[0, 1, 2], [3, 4]]
        """
        if not 0 <= index < num_shards:
            raise RefusedError(
                f"{type(self).__name__}.shard: index must be in [0, num_shards); received index={index}, "
                f"num_shards={num_shards}"
            )
        length, longer = divmod(len(self), num_shards)
        start = length * index + min(longer, index)
        return _SampledDataset(self, SequentialSampler(length + (index < longer), start))

    def take(self, count: int | None) -> Dataset:
        """Return the first `count` samples; all if there are fewer or `count` is None."""
        length = len(self)
        if count is not None:
            length = min(check_length(f"{type(self).__name__}.take", "count", count), length)
        return _SampledDataset(self, SequentialSampler(length))

    def sample(self, sampler: Sampler) -> Dataset:
        """Return the samples at the indices of a sampler, in its order, drawn now.

        Parameters
        ----------
        sampler : Sampler
            The source of the indices.

        Raises
        ------
        TypeError
            `sampler` is not a `Sampler`.
        """
        if not isinstance(sampler, Sampler):
            raise TypeError(
                f"{type(self).__name__}.sample: sampler must be a gluon.data.Sampler; received {type(sampler).__name__}"
            )
        return _SampledDataset(self, sampler)

    def transform(self, fn: Callable[..., Any], lazy: bool = True) -> Dataset:
        """Return a dataset of the samples transformed by a function.

        Parameters
        ----------
        fn : callable
            Takes a sample; a tuple is passed as separate arguments.
        lazy : bool, default True
            Call `fn` on each access (needed for random augmentation). False transforms all samples now and
            stores the results.

        Examples
        --------
        >>> from glueball import gluon
        >>> pairs = gluon.data.ArrayDataset([1, 2, 3], [10, 20, 30])
        >>> list(pairs.transform(lambda a, b: a + b))
        [11, 22, 33]
        """
        transformed = _LazyTransformDataset(self, fn)
        return transformed if lazy else SimpleDataset([transformed[idx] for idx in range(len(transformed))])

    def transform_first(self, fn: Callable[[Any], Any], lazy: bool = True) -> Dataset:
        """Return a dataset with only the first part of each sample transformed: the image, not its label.

        Parameters
        ----------
        fn : callable
            Takes the first part of a tuple, or a sample that is not a tuple.
        lazy : bool, default True
            As in `transform`.
        """
        return self.transform(_TransformFirstClosure(fn), lazy)


class SimpleDataset(Dataset):
    """A dataset over any list or array.

    Parameters
    ----------
    data : sequence
        Any object with a length and items.
    """

    def __init__(self, data: Any) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, idx: int) -> Any:
        return self._data[idx]


class ArrayDataset(Dataset):
    """A dataset whose i-th sample is the tuple of the i-th items of several arrays.

    Parameters
    ----------
    *args : sequence
        One or more lists, NumPy arrays, NDArrays or datasets of equal length. A one-dimensional NDArray is
        stored as a NumPy array, so that labels are numbers. With only one argument, the samples are its items.

    Raises
    ------
    MXNetError
        There are no arrays, or their lengths differ.

    Examples
    --------
    >>> from glueball import gluon, nd
    >>> data = gluon.data.ArrayDataset(nd.zeros((3, 2)), nd.array([7, 8, 9]))
    >>> image, label = data[1]
    >>> image.shape, float(label)
    ((2,), 8.0)
    """

    def __init__(self, *args: Any) -> None:
        if not args:
            raise RefusedError("ArrayDataset: there must be at least one array; received none")
        lengths = [len(array) for array in args]
        if len(set(lengths)) > 1:
            raise RefusedError(f"ArrayDataset: all arrays must have the same length; received lengths {lengths}")
        self._length = lengths[0]
        self._data: list[Any] = [_numbers(array) for array in args]

    def __getitem__(self, idx: int) -> Any:
        if len(self._data) == 1:
            return self._data[0][idx]
        return tuple(array[idx] for array in self._data)

    def __len__(self) -> int:
        return self._length


def _numbers(array: Any) -> Any:
    return array.asnumpy() if isinstance(array, NDArray) and len(array.shape) == 1 else array


class _SampledDataset(Dataset):
    """The samples of another dataset at the indices drawn from a sampler on construction."""

    def __init__(self, dataset: Dataset, sampler: Sampler) -> None:
        self._dataset = dataset
        self._indices = list(sampler)

    def __len__(self) -> int:
        return len(self._indices)

    def __getitem__(self, idx: int) -> Any:
        return self._dataset[self._indices[idx]]


class _DownloadedDataset(Dataset):
    """Samples and labels in a folder, which a subclass reads: `MNIST` is one, and programs have others.

    Parameters
    ----------
    root : path
        The folder; it is made if it is missing.
    transform : callable or None
        Takes a sample and its label, and returns the sample.
    """

    def __init__(self, root: str | os.PathLike[str], transform: Callable[[Any, Any], Any] | None) -> None:
        super().__init__()
        self._transform = transform
        self._data: Any = None
        self._label: Any = None
        self._root = os.path.expanduser(root)
        os.makedirs(self._root, exist_ok=True)
        self._get_data()

    def __getitem__(self, idx: Any) -> Any:
        sample = self._data[idx], self._label[idx]
        return sample if self._transform is None else call(self._transform, *sample)

    def __len__(self) -> int:
        return len(self._label)

    def _get_data(self) -> None:
        """Set ``_data`` and ``_label`` from the files in ``_root``; a subclass implements it."""
        raise NotImplementedError(f"{type(self).__name__}._get_data: a subclass must set _data and _label there")


class _LazyTransformDataset(Dataset):
    """The samples of another dataset, transformed by a function on each access."""

    def __init__(self, data: Any, fn: Callable[..., Any]) -> None:
        self._data: Any = data
        self._fn = fn

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, idx: int) -> Any:
        item = self._data[idx]
        return call(self._fn, *item) if isinstance(item, tuple) else call(self._fn, item)


class _TransformFirstClosure:
    """Apply a function to the first argument only. A class, since worker processes need to unpickle it."""

    def __init__(self, fn: Callable[[Any], Any]) -> None:
        self._fn = fn

    def __call__(self, first: Any, *others: Any) -> Any:
        return (call(self._fn, first), *others) if others else call(self._fn, first)
