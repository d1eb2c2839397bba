"""Reading graphs from files and text."""

from __future__ import annotations

import os

from ..serialization.formats import recognized
from .json_reader import read
from .symbol import Symbol


def load(fname: str | os.PathLike[str]) -> Symbol:
    """Read a graph that Glueball or MXNet has saved, of any version of MXNet.

    Parameters
    ----------
    fname : path
        A ``-symbol.json`` file.

    Raises
    ------
    TypeError
        `fname` is no path.
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
    """Read a graph from the text that `Symbol.tojson` gives.

    Parameters
    ----------
    json_str : str
        The text, of any version of MXNet.

    Raises
    ------
    TypeError
        It is no str.
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
