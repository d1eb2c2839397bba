"""What all vectors of words have in common: tokens, and a row of numbers for each, read from a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from ... import ndarray as nd
from ...core.blame import short
from ...core.doors import guard
from ...core.errors import InvalidTypeError, InvalidValueError, MissingNameError, MXNetError, RefusedError, nearest
from ...core.vocabulary import Vocabulary
from ...core.warning import warn
from ...gluon.download import _get_repo_file_url
from ...ndarray import NDArray


@guard
class _TokenEmbedding(Vocabulary):
    """The base class of vectors of words; programs derive from it, and `register` what they derive.

    Parameters
    ----------
    **kwargs
        As in `Vocabulary`.
    """

    __module__ = "glueball.contrib.text.embedding"  # where MXNet has it

    #: The names of the files that a class knows. Contents are not checked, so that no digests are needed.
    pretrained_file_name_sha1: ClassVar[dict[str, str]] = {}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._vec_len: int = 0
        self._idx_to_vec: NDArray | None = None

    @classmethod
    def _get_download_file_name(cls, pretrained_file_name: str) -> str:
        """Return the name of the download that has a file."""
        return pretrained_file_name

    @classmethod
    def _get_pretrained_file_url(cls, pretrained_file_name: str) -> str:
        """Return where MXNet downloads a file from."""
        folder = f"gluon/embeddings/{cls.__name__.lower()}"
        return _get_repo_file_url(folder, cls._get_download_file_name(pretrained_file_name))

    @classmethod
    def _get_pretrained_file(cls, embedding_root: str | os.PathLike[str], pretrained_file_name: str) -> str:
        """Return the path of a file in the folder of the class."""
        folder = os.path.join(os.path.expanduser(embedding_root), cls.__name__.lower())
        path = os.path.join(folder, pretrained_file_name)
        if not os.path.isfile(path):
            raise MXNetError(
                f"{cls.__name__}: the file {pretrained_file_name} must be in {folder}; received a folder without it; "
                "vectors of words are not downloaded: put it there, from "
                f"{cls._get_pretrained_file_url(pretrained_file_name)}"
            )
        return path

    @classmethod
    def _check_pretrained_file_names(cls, pretrained_file_name: str) -> None:
        """Refuse a file that the class does not know."""
        known = list(cls.pretrained_file_name_sha1)
        if pretrained_file_name not in known:
            raise MissingNameError(
                f"{cls.__name__}: pretrained_file_name must be one of those that get_pretrained_file_names("
                f"{cls.__name__.lower()!r}) returns; received {short(pretrained_file_name)}"
                f"{nearest(str(pretrained_file_name), known)}"
            )

    def _load_embedding(
        self,
        pretrained_file_path: str | os.PathLike[str],
        elem_delim: str,
        init_unknown_vec: Callable[..., Any],
        encoding: str = "utf8",
    ) -> None:
        """Read a file with a token and its vector in each line."""
        owner = type(self).__name__
        path = os.path.expanduser(pretrained_file_path)
        if not os.path.isfile(path):
            raise InvalidValueError(f"{owner}: pretrained_file_path must be a file; received {short(path)}")
        vectors = _read(owner, path, elem_delim, encoding)
        if not vectors:
            raise InvalidTypeError(f"{owner}: a file must have vectors of 2 or more numbers; {path} has none")
        self._vec_len = len(next(iter(vectors.values())))
        for token in vectors:
            if token not in self._token_to_idx:
                self._token_to_idx[token] = len(self._idx_to_token)
                self._idx_to_token.append(token)
        unknown = vectors.get(self.unknown_token)
        if unknown is None:
            unknown = np.asarray(nd.array(init_unknown_vec(shape=self._vec_len)).asnumpy(), "float32")
        self._idx_to_vec = nd.array(np.stack([vectors.get(token, unknown) for token in self._idx_to_token]))

    def _index_tokens_from_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Take the tokens of a vocabulary."""
        self._token_to_idx = vocabulary.token_to_idx.copy()
        self._idx_to_token = vocabulary.idx_to_token[:]
        self._unknown_token = vocabulary.unknown_token
        self._reserved_tokens = None if vocabulary.reserved_tokens is None else vocabulary.reserved_tokens[:]

    def _set_idx_to_vec_by_embeddings(
        self, token_embeddings: list[_TokenEmbedding], vocab_len: int, vocab_idx_to_token: list[Any]
    ) -> None:
        """Set the vectors of a vocabulary: those of each embedding, side by side."""
        parts = [
            nd.concat(one.idx_to_vec[:1], one.get_vecs_by_tokens(vocab_idx_to_token[1:]), dim=0)
            if vocab_len > 1
            else one.idx_to_vec[:1]
            for one in token_embeddings
        ]
        self._vec_len = sum(one.vec_len for one in token_embeddings)
        self._idx_to_vec = nd.concat(*parts, dim=1)

    def _build_embedding_for_vocabulary(self, vocabulary: Vocabulary | None) -> None:
        """Keep the vectors of the tokens of a vocabulary, in its order."""
        if vocabulary is None:
            return
        check_vocabulary(type(self).__name__, vocabulary)
        self._set_idx_to_vec_by_embeddings([self], len(vocabulary), vocabulary.idx_to_token)
        self._index_tokens_from_vocabulary(vocabulary)

    @property
    def vec_len(self) -> int:
        """The length of the vectors."""
        return self._vec_len

    @property
    def idx_to_vec(self) -> Any:
        """The vectors of all tokens, in the order of their numbers: an NDArray."""
        return self._idx_to_vec

    def get_vecs_by_tokens(self, tokens: Any, lower_case_backup: bool = False) -> NDArray:
        """Return the vector of a token, or those of a list of tokens.

        Parameters
        ----------
        tokens : str or list of str
            Those that are not known have the vector of the unknown token.
        lower_case_backup : bool, default False
            Look for a token that is not known in lower case.

        Returns
        -------
        NDArray
            A vector, or one in each row.
        """
        wanted = tokens if isinstance(tokens, list) else [tokens]
        if not wanted:
            raise MXNetError(f"{type(self).__name__}.get_vecs_by_tokens: tokens must have a token; received none")
        if lower_case_backup:
            wanted = [token if token in self._token_to_idx else token.lower() for token in wanted]
        found: NDArray = self.idx_to_vec[nd.array(self.to_indices(wanted), dtype="int32")]
        return found if isinstance(tokens, list) else found[0]

    def update_token_vectors(self, tokens: Any, new_vectors: NDArray) -> None:
        """Set the vectors of tokens.

        Parameters
        ----------
        tokens : str or list of str
            Tokens that are known, or the unknown token.
        new_vectors : NDArray
            A vector, or for several tokens one in each row.

        Raises
        ------
        ValueError
            A token is not known; nothing is set then.
        AssertionError
            The vectors do not have the right shape.
        """
        owner = f"{type(self).__name__}.update_token_vectors"
        wanted = tokens if isinstance(tokens, list) else [tokens]
        shape = (len(wanted), self.vec_len)
        if not isinstance(new_vectors, NDArray) or new_vectors.shape not in (
            shape,
            shape[1:] if len(wanted) == 1 else shape,
        ):
            received = new_vectors.shape if isinstance(new_vectors, NDArray) else short(new_vectors)
            raise RefusedError(f"{owner}: new_vectors must be an NDArray of shape {shape}; received {received}")
        unknown = [token for token in wanted if token not in self._token_to_idx]
        if unknown:
            raise InvalidValueError(
                f"{owner}: tokens must be known; received {short(unknown[0])}; the vector of all unknown tokens is set "
                f"with {self.unknown_token!r}"
            )
        self.idx_to_vec[nd.array(self.to_indices(wanted), dtype="int32")] = new_vectors.reshape(shape)


def _read(owner: str, path: str, elem_delim: str, encoding: str) -> dict[Any, np.ndarray[Any, Any]]:
    """Return the vectors in a file by token, in its order."""
    vectors: dict[Any, np.ndarray[Any, Any]] = {}
    length = None
    with open(path, encoding=encoding) as file:
        for number, line in enumerate(file, 1):
            token, *texts = line.rstrip().split(elem_delim)
            place = f"{owner}: line {number} of {path}"
            if not texts:
                raise RefusedError(
                    f"{place} must be a token and numbers with {elem_delim!r} between them; received {short(line)}"
                )
            try:
                vector = np.array(texts, "float32")
            except ValueError as error:
                raise InvalidValueError(
                    f"{place} must have numbers after the token {token!r}; received {short(line)}"
                ) from error
            if token in vectors:
                warn(f"{place} has the token {token!r} again; the first vector is kept")
            elif len(texts) == 1:
                warn(f"{place} has one number after {token!r}, as a header has; it is left out")
            elif length is not None and len(texts) != length:
                raise RefusedError(f"{place} must have {length} numbers, as those above; received {len(texts)}")
            else:
                vectors[token] = vector
                length = len(texts)
    return vectors


def check_vocabulary(owner: str, vocabulary: Any) -> None:
    """Refuse what is no vocabulary."""
    if not isinstance(vocabulary, Vocabulary):
        raise RefusedError(f"{owner}: vocabulary must be a text.vocab.Vocabulary; received {short(vocabulary)}")
