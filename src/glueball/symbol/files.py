"""Saving and loading graphs, as files and as text."""

from __future__ import annotations

import os

from ..core.methods import method_of
from ..serialization.atomic import atomic_write
from ..serialization.formats import recognized
from .json_reader import read
from .json_writer import write
from .symbol import Symbol


@method_of(Symbol)
def tojson(self: Symbol, remove_amp_cast: bool = True) -> str:
    """Return the graph as MXNet writes it to a ``-symbol.json`` file.

    Parameters
    ----------
    remove_amp_cast : bool, default True
        Omit the casts that mixed precision inserted.
    """
    return write(self._entries, remove_amp_cast)


@method_of(Symbol)
def save(self: Symbol, fname: str | os.PathLike[str], remove_amp_cast: bool = True) -> None:
    """Write the graph to a file that MXNet reads too.

    Parameters
    ----------
    fname : path
        The file; it is replaced atomically.
    remove_amp_cast : bool, default True
        Omit the casts that mixed precision inserted.

    Raises
    ------
    MXNetError
        The file cannot be written.
    """
    with atomic_write(fname, "Symbol.save") as file:
        file.write(self.tojson(remove_amp_cast).encode())


@method_of(Symbol, "__getstate__")
def _state(self: Symbol) -> tuple[str, str | None]:
    return self.tojson(), self._engine


@method_of(Symbol, "__setstate__")
def _set_state(self: Symbol, state: tuple[str, str | None]) -> None:
    text, self._engine = state
    self._entries = read(text)


def load(fname: str | os.PathLike[str]) -> Symbol:
    """Load a graph saved by Glueball or by any version of MXNet.

    Parameters
    ----------
    fname : path
        A ``-symbol.json`` file.

    Raises
    ------
    TypeError
        `fname` is not a path.
    MXNetError
        The file cannot be read, is damaged, or has operators or attributes that Glueball lacks.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> path = os.path.join(tempfile.mkdtemp(), "net-symbol.json")
    >>> mx.sym.relu(mx.sym.var("data")).save(path)
    >>> mx.sym.load(path).list_arguments()
    ['data']
    """
    with recognized("sym.load", fname) as file:
        return Symbol(file.graph().outputs)


def load_json(json_str: str) -> Symbol:
    """Load a graph from the text that `Symbol.tojson` returns.

    Parameters
    ----------
    json_str : str
        The text, from any version of MXNet.

    Raises
    ------
    TypeError
        It is not a str.
    MXNetError
        It is damaged, or has operators or attributes that Glueball lacks.

    Examples
    --------
    >>> import glueball as mx
    >>> mx.sym.load_json(mx.sym.relu(mx.sym.var("data"), name="act").tojson())
    <Symbol act>
    """
    if not isinstance(json_str, str):
        raise TypeError(f"sym.load_json: a str must be given; received {type(json_str).__name__}")
    return Symbol(read(json_str))


fromjson = load_json
