"""Data sets for language models: the WikiText texts."""

from __future__ import annotations

import os
from collections import Counter

import numpy as np

from ....core.blame import short
from ....core.errors import InvalidTypeError, MissingNameError, MXNetError
from ....core.integers import is_int_not_bool
from ....core.vocabulary import Vocabulary
from ....ndarray import array
from ...data.dataset import _DownloadedDataset
from ...data.vision.files import default_root
from ...download import _get_repo_file_url

__all__ = ["WikiText2", "WikiText103"]

_ROOT_2 = default_root("wikitext-2")
_ROOT_103 = default_root("wikitext-103")
_END = "<eos>"
_FILES = {"train": "wiki.train.tokens", "validation": "wiki.valid.tokens", "test": "wiki.test.tokens"}


class _WikiText(_DownloadedDataset):
    """A text as sequences of numbers of words, each with the sequence one word later as its label."""

    _namespace: str

    def __init__(self, root: str | os.PathLike[str], segment: str, vocab: Vocabulary | None, seq_len: int) -> None:
        name = type(self).__name__
        if segment not in _FILES:
            raise MissingNameError(f"{name}: segment must be one of {', '.join(_FILES)}; received {short(segment)}")
        if not is_int_not_bool(seq_len) or seq_len < 1:
            raise InvalidTypeError(f"{name}: seq_len must be a positive int; received {short(seq_len)}")
        self._segment = segment
        self._seq_len = int(seq_len)
        self._vocab = vocab
        self._counter: Counter[str] | None = None
        super().__init__(root, None)

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The numbers of the words."""
        return self._vocab

    @property
    def frequencies(self) -> Counter[str] | None:
        """How often each word occurs, the end of a line not counted."""
        return self._counter

    def _get_data(self) -> None:
        name = _FILES[self._segment]
        path = os.path.join(self._root, name)
        if not os.path.exists(path):
            raise MXNetError(
                f"{type(self).__name__}: the file {name} must be in {self._root}; received a folder without it; it is "
                f"not downloaded: put it there, from {_get_repo_file_url('gluon/dataset', f'{self._namespace}-v1.zip')}"
            )
        with open(path, encoding="utf8") as file:
            lines = [words for words in map(str.split, file) if words]
        self._counter = Counter(word for words in lines for word in words)
        if self._vocab is None:
            self._vocab = Vocabulary(self._counter, reserved_tokens=[_END])
        numbers = self._vocab.to_indices([word for words in lines for word in [*words, _END]])
        # Only whole sequences; the label is one word ahead.
        count = (len(numbers) - 1) // self._seq_len
        if count < 1:
            raise MXNetError(
                f"{type(self).__name__}: the text must be longer than seq_len; received {len(numbers)} words in "
                f"{path}, "
                f"and seq_len={self._seq_len}"
            )
        whole = count * self._seq_len
        self._data = array(np.array(numbers[:whole]).reshape(count, -1), dtype="int32")
        self._label = array(np.array(numbers[1 : whole + 1]).reshape(count, -1), dtype="int32")


class WikiText2(_WikiText):
    r"""The text WikiText-2 as sequences of words, for language models.

    Each sample is a sequence of numbers of words and the same one word later: NDArrays of shape (seq_len,) and dtype
    int32.

    Parameters
    ----------
    root : path, default '~/.mxnet/datasets/wikitext-2'
        The folder with ``wiki.train.tokens``, ``wiki.valid.tokens`` and ``wiki.test.tokens``.
    segment : {'train', 'validation', 'test'}, default 'train'
        Which of them.
    vocab : text.vocab.Vocabulary, optional
        The numbers of words; by default they are made of the words in the file.
    seq_len : int, default 35
        The length of the sequences.

    Raises
    ------
    KeyError
        `segment` is none of the three.
    MXNetError
        The file is missing, or shorter than a sequence.

    Differs from MXNet
    ------------------
    The text is not downloaded, and a file that is there is not compared with MXNet's, so that other texts can be used.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from glueball.gluon.contrib.data.text import WikiText2
    >>> root = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (root / "wiki.train.tokens").write_text("a rose is a rose\nis a rose\n")
    >>> data = WikiText2(root, seq_len=3)
    >>> [[data.vocabulary.to_tokens(part.asnumpy().tolist()) for part in sample] for sample in data][0]
    [['a', 'rose', 'is'], ['rose', 'is', 'a']]
    """

    _namespace = "wikitext-2"

    def __init__(
        self,
        root: str | os.PathLike[str] = _ROOT_2,
        segment: str = "train",
        vocab: Vocabulary | None = None,
        seq_len: int = 35,
    ) -> None:
        super().__init__(root, segment, vocab, seq_len)


class WikiText103(_WikiText):
    """The text WikiText-103 as sequences of words, for language models.

    Parameters
    ----------
    root : path, default '~/.mxnet/datasets/wikitext-103'
        The folder with the files, which are called as those of `WikiText2`.
    segment, vocab, seq_len
        As in `WikiText2`.

    Differs from MXNet
    ------------------
    As `WikiText2`.
    """

    _namespace = "wikitext-103"

    def __init__(
        self,
        root: str | os.PathLike[str] = _ROOT_103,
        segment: str = "train",
        vocab: Vocabulary | None = None,
        seq_len: int = 35,
    ) -> None:
        super().__init__(root, segment, vocab, seq_len)
