"""Vectors of words from files."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import numpy as np

from ... import ndarray as nd
from ...core.blame import short
from ...core.doors import door, guard
from ...core.errors import InvalidTypeError, InvalidValueError, MissingNameError, MXNetError, RefusedError, nearest
from ...core.registry import Registry
from ...core.vocabulary import Vocabulary
from ...core.warning import warn
from ...gluon.download import _get_repo_file_url
from ...ndarray import NDArray
from .names import FASTTEXT, GLOVE

__all__ = [
    "CompositeEmbedding",
    "CustomEmbedding",
    "FastText",
    "GloVe",
    "create",
    "get_pretrained_file_names",
    "register",
]

_ROOT = os.path.join(os.environ.get("MXNET_HOME", os.path.join(os.path.expanduser("~"), ".mxnet")), "embeddings")

_Class = TypeVar("_Class", bound=type)


@guard
class _TokenEmbedding(Vocabulary):
    """The base class of vectors of words; programs derive from it, and `register` what they derive.

    Parameters
    ----------
    **kwargs
        As in `Vocabulary`.
    """

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
        _check_vocabulary(type(self).__name__, vocabulary)
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


def _check_vocabulary(owner: str, vocabulary: Any) -> None:
    if not isinstance(vocabulary, Vocabulary):
        raise RefusedError(f"{owner}: vocabulary must be a text.vocab.Vocabulary; received {short(vocabulary)}")


_registry: Registry[_TokenEmbedding] = Registry(_TokenEmbedding, "token embedding")


@door
def register(embedding_cls: _Class) -> _Class:
    """Register a class of vectors of words, for `create`; used as a decorator.

    Parameters
    ----------
    embedding_cls : type
        It derives from `_TokenEmbedding`, and names its files in ``pretrained_file_name_sha1``.
    """
    registered: _Class = _registry.register(embedding_cls)
    return registered


@door
def create(embedding_name: str, **kwargs: Any) -> _TokenEmbedding:
    """Make an instance of a registered class.

    Parameters
    ----------
    embedding_name : str
        The name of the class, such as ``'glove'``.
    **kwargs
        Its arguments.
    """
    kind = _registry.classes().get(str(embedding_name).lower())
    if kind is None:
        raise RefusedError(
            f"text.embedding.create: embedding_name must be one of {', '.join(_registry.classes())}; received "
            f"{short(embedding_name)}; text.embedding.register adds a class"
        )
    return kind(**kwargs)


@door
def get_pretrained_file_names(embedding_name: str | None = None) -> Any:
    """Return the names of the files that a registered class knows, or those of all classes as a dict.

    Parameters
    ----------
    embedding_name : str, optional
        The name of the class, in lower case.
    """
    known = {name: list(kind.pretrained_file_name_sha1) for name, kind in _registry.classes().items()}
    if embedding_name is None:
        return known
    if embedding_name not in known:
        raise MissingNameError(
            f"get_pretrained_file_names: embedding_name must be one of {', '.join(known)}; received "
            f"{short(embedding_name)}"
        )
    return known[embedding_name]


class _Published(_TokenEmbedding):
    """Vectors that are published in files of known names."""

    def _glueball_read(
        self, file_name: str, root: str | os.PathLike[str], init_unknown_vec: Callable[..., Any], vocabulary: Any
    ) -> None:
        self._check_pretrained_file_names(file_name)
        if vocabulary is not None:
            _check_vocabulary(type(self).__name__, vocabulary)
        self._load_embedding(self._get_pretrained_file(root, file_name), " ", init_unknown_vec)
        self._build_embedding_for_vocabulary(vocabulary)


@register
class GloVe(_Published):
    """The GloVe vectors of words, from files in a folder.

    Parameters
    ----------
    pretrained_file_name : str, default 'glove.840B.300d.txt'
        The file, one of ``get_pretrained_file_names('glove')``.
    embedding_root : path, default '~/.mxnet/embeddings'
        The file is in its folder ``glove``. The environment variable MXNET_HOME, read at import, replaces ``~/.mxnet``.
    init_unknown_vec : callable, default nd.zeros
        Called with ``shape=``, returns the vector of tokens that are not known, if the file has none.
    vocabulary : Vocabulary, optional
        Keep the vectors of its tokens, in its order.
    **kwargs
        As in `Vocabulary`.

    Differs from MXNet
    ------------------
    Files are not downloaded, and not compared with MXNet's, so that a file with fewer words can be used.
    """

    pretrained_file_name_sha1: ClassVar[dict[str, str]] = dict.fromkeys(GLOVE, "")

    @classmethod
    def _get_download_file_name(cls, pretrained_file_name: str) -> str:
        kept = 3 if ".twitter." in pretrained_file_name else 2
        whole = "42B" in pretrained_file_name or "840B" in pretrained_file_name
        return ".".join(pretrained_file_name.split(".")[: 3 if whole else kept]) + ".zip"

    def __init__(
        self,
        pretrained_file_name: str = "glove.840B.300d.txt",
        embedding_root: str | os.PathLike[str] = _ROOT,
        init_unknown_vec: Callable[..., Any] = nd.zeros,
        vocabulary: Vocabulary | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._glueball_read(pretrained_file_name, embedding_root, init_unknown_vec, vocabulary)


@register
class FastText(_Published):
    """The FastText vectors of words, from files in a folder.

    Parameters
    ----------
    pretrained_file_name : str, default 'wiki.simple.vec'
        The file, one of ``get_pretrained_file_names('fasttext')``.
    embedding_root : path, default '~/.mxnet/embeddings'
        The file is in its folder ``fasttext``. The environment variable MXNET_HOME, read at import, replaces
        ``~/.mxnet``.
    init_unknown_vec, vocabulary, **kwargs
        As in `GloVe`.

    Differs from MXNet
    ------------------
    As `GloVe`.
    """

    pretrained_file_name_sha1: ClassVar[dict[str, str]] = dict.fromkeys(FASTTEXT, "")

    @classmethod
    def _get_download_file_name(cls, pretrained_file_name: str) -> str:
        return pretrained_file_name.removesuffix(".vec") + ".zip"

    def __init__(
        self,
        pretrained_file_name: str = "wiki.simple.vec",
        embedding_root: str | os.PathLike[str] = _ROOT,
        init_unknown_vec: Callable[..., Any] = nd.zeros,
        vocabulary: Vocabulary | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._glueball_read(pretrained_file_name, embedding_root, init_unknown_vec, vocabulary)


class CustomEmbedding(_TokenEmbedding):
    r"""Vectors of words from a file of one's own.

    Each line is a token and its numbers. A line with one number is taken for a header and left out; of a token that
    occurs twice, the first vector is kept; both with a warning.

    Parameters
    ----------
    pretrained_file_path : path
        The file.
    elem_delim : str, default ' '
        What lies between token and numbers.
    encoding : str, default 'utf8'
        The encoding of the file.
    init_unknown_vec : callable, default nd.zeros
        Called with ``shape=``, returns the vector of tokens that are not known, if the file has none.
    vocabulary : Vocabulary, optional
        Keep the vectors of its tokens, in its order.
    **kwargs
        As in `Vocabulary`.

    Differs from MXNet
    ------------------
    Tokens of ``counter=`` and ``reserved_tokens=`` keep their numbers; in MXNet the rows of the vectors are then those
    of other tokens.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import glueball as mx
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "vectors.txt"
    >>> _ = path.write_text("hello 1 2 3\nworld 4 5 6\n")
    >>> embedding = mx.contrib.text.embedding.CustomEmbedding(path)
    >>> embedding.get_vecs_by_tokens(["world", "nobody"]).asnumpy().tolist()
    [[4.0, 5.0, 6.0], [0.0, 0.0, 0.0]]
    """

    def __init__(
        self,
        pretrained_file_path: str | os.PathLike[str],
        elem_delim: str = " ",
        encoding: str = "utf8",
        init_unknown_vec: Callable[..., Any] = nd.zeros,
        vocabulary: Vocabulary | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if vocabulary is not None:
            _check_vocabulary("CustomEmbedding", vocabulary)
        self._load_embedding(pretrained_file_path, elem_delim, init_unknown_vec, encoding)
        self._build_embedding_for_vocabulary(vocabulary)


class CompositeEmbedding(_TokenEmbedding):
    """The vectors of several embeddings side by side, for the tokens of a vocabulary.

    Parameters
    ----------
    vocabulary : Vocabulary
        The tokens.
    token_embeddings : embedding or list of embeddings
        Where their vectors are from.
    """

    def __init__(self, vocabulary: Vocabulary, token_embeddings: Any) -> None:
        _check_vocabulary("CompositeEmbedding", vocabulary)
        parts = token_embeddings if isinstance(token_embeddings, list) else [token_embeddings]
        for part in parts:
            if not isinstance(part, _TokenEmbedding):
                raise RefusedError(
                    "CompositeEmbedding: token_embeddings must be an embedding or a list of them; received "
                    f"{short(part)}"
                )
        super().__init__()
        self._index_tokens_from_vocabulary(vocabulary)
        self._set_idx_to_vec_by_embeddings(parts, len(self), self.idx_to_token)
