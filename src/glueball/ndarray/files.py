"""``nd.save`` and ``nd.load``: arrays in files, of any format that holds arrays; by default MXNet's ``.params``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from ..core.context import Context
from ..core.errors import MXNetError
from ..serialization.formats import recognized, recognized_buffer, write_arrays
from .ndarray import NDArray


def save(fname: str | os.PathLike[str], data: NDArray | Sequence[NDArray] | Mapping[str, NDArray]) -> None:
    """Save arrays to a ``.params`` file, which MXNet reads too.

    Parameters
    ----------
    fname : path
        The file; it is replaced as a whole when everything is written, so a failure leaves an old file as it was.
        Where its name ends in that of another format of `glueball.formats`, that is written.
    data : NDArray, list of NDArray or dict of str to NDArray
        What to save.

    Examples
    --------
    >>> import os, tempfile
    >>> from glueball import nd
    >>> path = os.path.join(tempfile.mkdtemp(), "x.params")
    >>> nd.save(path, {"x": nd.ones((2, 3))})
    >>> nd.load(path)["x"].shape
    (2, 3)
    """
    if isinstance(data, NDArray):
        data = [data]
    arrays = list(data.values()) if isinstance(data, Mapping) else list(data)
    for array in arrays:
        if not isinstance(array, NDArray):
            raise MXNetError(f"nd.save: data must hold NDArrays only; received {type(array).__name__}")
    tensors = [array._data for array in arrays]
    write_arrays(fname, dict(zip(data, tensors, strict=True)) if isinstance(data, Mapping) else tensors, "nd.save")


# What load() returns is Any to a type checker: a program knows whether a file has a dict or a list, and does not ask.
def load(fname: str | os.PathLike[str]) -> Any:
    """Load what `save`, or MXNet's own, has written: a dict when the arrays have names, else a list.

    The first bytes of the file decide which of the formats of `glueball.formats` it has, not its name.

    Raises
    ------
    MXNetError
        The file is missing, truncated, corrupted or of no known format of arrays.
    """
    with recognized("nd.load", fname) as file:
        return _wrap(file.arrays())


def load_frombuffer(buf: bytes | bytearray | memoryview) -> Any:
    """Load what `load` reads from a file out of bytes in memory.

    Raises
    ------
    TypeError
        `buf` is not made of bytes.
    MXNetError
        They are truncated, corrupted or of no known format of arrays.
    """
    if not isinstance(buf, bytes | bytearray | memoryview):
        raise TypeError(f"nd.load_frombuffer: buf must be bytes; received {type(buf).__name__}")
    return _wrap(recognized_buffer(buf).arrays())


def _wrap(found: dict[str, Tensor] | list[Tensor]) -> dict[str, NDArray] | list[NDArray]:
    context = Context("cpu", 0)
    if isinstance(found, dict):
        return {name: NDArray(tensor, context) for name, tensor in found.items()}
    return [NDArray(tensor, context) for tensor in found]
