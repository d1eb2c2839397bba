"""Vectors of words from files: published ones, those of a program, and several side by side."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from ... import ndarray as nd
from ...core.blame import short
from ...core.doors import door
from ...core.errors import MissingNameError, RefusedError
from ...core.registry import Registry
from ...core.vocabulary import Vocabulary
from .names import FASTTEXT, GLOVE
from .token_embedding import _TokenEmbedding, check_vocabulary

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
            check_vocabulary(type(self).__name__, vocabulary)
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
            check_vocabulary("CustomEmbedding", vocabulary)
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
        check_vocabulary("CompositeEmbedding", vocabulary)
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
