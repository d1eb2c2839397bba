"""``mx.rnn.io``: sentences as numbers, and batches of sentences of about the same length."""

from __future__ import annotations

import bisect
import logging
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.doors import door
from ..core.errors import RefusedError
from ..io import DataBatch, DataDesc, DataIter
from ..ndarray import NDArray, array

__all__ = ["BucketSentenceIter", "encode_sentences"]


@door
def encode_sentences(
    sentences: Sequence[Sequence[Any]],
    vocab: dict[Any, int] | None = None,
    invalid_label: int = -1,
    invalid_key: Any = "\n",
    start_label: int = 0,
    unknown_token: Any = None,
) -> tuple[list[list[int]], dict[Any, int]]:
    r"""Replace the words of sentences by numbers.

    Parameters
    ----------
    sentences : list of list of str
        The words of each sentence.
    vocab : dict of str to int, optional
        The numbers of words; by default each new word gets the next one.
    invalid_label : int, default -1
        The number of `invalid_key`, for the places that are filled up; no word gets it.
    invalid_key : str, default '\n'
        What stands for no word.
    start_label : int, default 0
        The first number for a word.
    unknown_token : str, optional
        What stands for words that are not in `vocab`.

    Returns
    -------
    sentences : list of list of int
        The numbers.
    vocab : dict of str to int
        The vocabulary; a given one is extended.

    Raises
    ------
    AssertionError
        A word is not in the given vocabulary, and there is no `unknown_token`.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.rnn.encode_sentences([["the", "cat"], ["the", "dog"]], start_label=1, invalid_label=0)
    ([[1, 2], [1, 3]], {'\n': 0, 'the': 1, 'cat': 2, 'dog': 3})
    """
    grows = vocab is None
    known = {invalid_key: invalid_label} if vocab is None else vocab
    following = start_label
    encoded = []
    for sentence in sentences:
        numbers = []
        for word in sentence:
            if word not in known:
                if not grows and not unknown_token:
                    raise RefusedError(
                        f"encode_sentences: words must be in vocab; received {word!r}; pass unknown_token for others"
                    )
                if following == invalid_label:
                    following += 1
                word = unknown_token or word
                known[word] = following
                following += 1
            numbers.append(known[word])
        encoded.append(numbers)
    return encoded, known


class BucketSentenceIter(DataIter):
    """Batches for a language model: sentences of about the same length, and as labels the word that follows.

    Sentences are shuffled at each `reset`, by Python's and NumPy's own generators, as in MXNet.

    Parameters
    ----------
    sentences : list of list of int
        Sentences as `encode_sentences` returns them.
    batch_size : int
        The number of sentences in a batch. What is left of a bucket is left out.
    buckets : list of int, optional
        The lengths to which sentences are filled up; longer ones are left out, and so are buckets without a sentence.
        By default the lengths of which there are enough sentences for a batch.
    invalid_label : int, default -1
        What fills up a sentence.
    data_name, label_name : str
        The names of data and label.
    dtype : str, default 'float32'
        The type of data and label.
    layout : str, default 'NT'
        'NT' for batches of shape (batch, time), 'TN' for (time, batch).

    Examples
    --------
    >>> import glueball as mx
    >>> batches = mx.rnn.BucketSentenceIter([[1, 2], [3, 4], [5, 6, 7], [8, 9, 1]], 2, buckets=[2, 4])
    >>> sorted((batch.bucket_key, batch.data[0].shape) for batch in batches)
    [(2, (2, 2)), (4, (2, 4))]
    """

    def __init__(
        self,
        sentences: Sequence[Sequence[int]],
        batch_size: int,
        buckets: Sequence[int] | None = None,
        invalid_label: int = -1,
        data_name: str = "data",
        label_name: str = "softmax_label",
        dtype: Any = "float32",
        layout: str = "NT",
    ) -> None:
        super().__init__(batch_size)
        lengths = [len(sentence) for sentence in sentences]
        if not buckets:
            buckets = [length for length, count in enumerate(np.bincount(lengths)) if count >= batch_size]
        self.buckets = sorted(buckets)
        self.data_name, self.label_name = data_name, label_name
        self.dtype, self.invalid_label, self.layout = dtype, invalid_label, layout
        self.major_axis = layout.find("N")
        if self.major_axis not in (0, 1):
            raise ValueError(f"BucketSentenceIter: layout must be 'NT' or 'TN'; received {layout!r}")
        self.data = self._filled_up(sentences)
        if not self.buckets:
            raise ValueError(
                f"BucketSentenceIter: there must be a bucket for one or more of the {len(lengths)} sentences; received "
                f"buckets of {list(buckets)}; without any given, lengths of batch_size sentences or more are taken"
            )
        self.default_bucket_key = max(self.buckets)
        self.provide_data = [self._described(data_name, self.default_bucket_key)]
        self.provide_label = [self._described(label_name, self.default_bucket_key)]
        #: The batches of an epoch: the number of a bucket, and of the first sentence in it.
        self.idx = [
            (number, first)
            for number, rows in enumerate(self.data)
            for first in range(0, len(rows) - batch_size + 1, batch_size)
        ]
        self.reset()

    def _filled_up(self, sentences: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """Return the sentences of each bucket as rows of its length; a bucket without any is dropped."""
        found: list[list[Any]] = [[] for _ in self.buckets]
        too_long = 0
        for sentence in sentences:
            number = bisect.bisect_left(self.buckets, len(sentence))
            if number == len(self.buckets):
                too_long += 1
                continue
            row = np.full(self.buckets[number], self.invalid_label, self.dtype)
            row[: len(sentence)] = sentence
            found[number].append(row)
        if too_long:
            logging.warning("BucketSentenceIter: %d sentences are left out; no bucket is that long", too_long)
        self.buckets = [length for length, rows in zip(self.buckets, found, strict=True) if rows]
        return [np.asarray(rows, self.dtype) for rows in found if rows]

    def _described(self, name: str, length: int) -> DataDesc:
        shape = (self.batch_size, length) if self.major_axis == 0 else (length, self.batch_size)
        return DataDesc(name=name, shape=shape, layout=self.layout)

    def reset(self) -> None:
        """Shuffle the sentences, and restart at the first batch."""
        self.curr_idx = 0
        random.shuffle(self.idx)
        self.nddata: list[NDArray] = []
        self.ndlabel: list[NDArray] = []
        for rows in self.data:
            np.random.shuffle(rows)
        for rows in self.data:
            following = np.full_like(rows, self.invalid_label)
            following[:, :-1] = rows[:, 1:]
            self.nddata.append(array(rows, dtype=self.dtype))
            self.ndlabel.append(array(following, dtype=self.dtype))

    def next(self) -> DataBatch:
        """Return the next batch, with its ``bucket_key``; raises StopIteration at the end."""
        if self.curr_idx == len(self.idx):
            raise StopIteration
        number, first = self.idx[self.curr_idx]
        self.curr_idx += 1
        data, label = [arrays[number][first : first + self.batch_size] for arrays in (self.nddata, self.ndlabel)]
        if self.major_axis == 1:
            data, label = data.T, label.T
        length = self.buckets[number]
        return DataBatch(
            [data], [label], pad=0, bucket_key=length,
            provide_data=[self._described(self.data_name, length)],
            provide_label=[self._described(self.label_name, length)],
        )  # fmt: skip
