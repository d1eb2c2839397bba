"""Arrays of ``mx.np`` in files, in MXNet's format or another one that `glueball.nd.save` knows."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.doors import door
from ..core.errors import InvalidTypeError, InvalidValueError
from ..ndarray import files
from ..ndarray.numpy.np_array import ndarray

__all__ = ["load", "save"]


@door
def save(file: str | os.PathLike[str], arr: ndarray | Sequence[ndarray] | Mapping[str, ndarray]) -> None:
    """Save arrays to a file, which `load` and MXNet read.

    Parameters
    ----------
    file : path
        The file. It is replaced atomically.
    arr : ndarray, list of ndarray or dict of str to ndarray
        What to save.

    Raises
    ------
    ValueError
        `arr` is none of these.
    TypeError
        Something in it is not an array of ``mx.np``.

    Examples
    --------
    >>> import os, tempfile
    >>> import glueball as mx
    >>> path = os.path.join(tempfile.mkdtemp(), "x.params")
    >>> mx.npx.save(path, {"x": mx.np.array(3)})
    >>> mx.npx.load(path)
    {'x': array(3.)}
    """
    if isinstance(arr, ndarray):
        arr = [arr]
    if not isinstance(arr, dict | list):
        raise InvalidValueError(
            f"npx.save: arr must be an array of mx.np, a list of them or a dict; received {type(arr).__name__}"
        )
    for each in arr.values() if isinstance(arr, dict) else arr:
        if not isinstance(each, ndarray):
            raise InvalidTypeError(
                f"npx.save: arr must hold arrays of mx.np only; received {type(each).__name__}; "
                "convert an NDArray with as_np_ndarray()"
            )
    files.save(file, arr)


@door
def load(file: str | os.PathLike[str]) -> Any:
    """Load arrays that `save` or MXNet has written: a dict if they have names, otherwise a list.

    Parameters
    ----------
    file : path
        The file.

    Raises
    ------
    MXNetError
        The file is missing, damaged or not in a known format of arrays.
    """
    if not isinstance(file, str | os.PathLike):
        raise InvalidTypeError(f"npx.load: file must be a path; received {file!r}")
    found = files.load(file)
    if isinstance(found, dict):
        return {name: array.as_np_ndarray() for name, array in found.items()}
    return [array.as_np_ndarray() for array in found]
