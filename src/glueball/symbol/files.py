"""Saving and loading graphs, as files and as text."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..core.doors import door
from ..core.methods import method_of
from ..ndarray.files import tensors_of
from ..ndarray.ndarray import NDArray
from ..serialization.atomic import atomic_write, write_together
from ..serialization.formats import array_writer, recognized
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


def save_with_arrays(
    owner: str, symbol: Symbol, fname: str, arrays: Mapping[str, NDArray], arrays_fname: str, remove_amp_cast: bool
) -> None:
    """Write a graph and its arrays to two files, as `save` and ``nd.save`` do: both, or neither if one fails.

    Raises
    ------
    MXNetError
        A file cannot be written; the message begins with `owner`.
    """
    text = symbol.tojson(remove_amp_cast).encode()
    write_arrays = array_writer(arrays_fname, tensors_of(owner, arrays), owner)
    write_together({fname: lambda file: file.write(text), arrays_fname: write_arrays}, owner)


@method_of(Symbol, "__getstate__")
def _state(self: Symbol) -> tuple[str, str | None, bool]:
    return self.tojson(), self._engine, self._strict


@method_of(Symbol, "__setstate__")
def _set_state(self: Symbol, state: tuple[str, str | None, bool] | dict[str, str]) -> None:
    # a dict is what MXNet's pickles hold
    text, self._engine, self._strict = (state["handle"], None, False) if isinstance(state, dict) else state
    self._entries = read(text)


@door
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


@door
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
