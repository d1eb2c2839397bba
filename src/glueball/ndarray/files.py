"""``nd.save`` and ``nd.load``: arrays in files of any array format, by default MXNet's ``.params``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.context import Context
from ..core.doors import door
from ..core.errors import InvalidTypeError
from ..serialization.atomic import atomic_write
from ..serialization.formats import array_writer, recognized, recognized_buffer
from .ndarray import NDArray
from .sparse.arrays import array_of
from .sparse.base import form_of


@door
def save(
    fname: str | os.PathLike[str], data: NDArray | Sequence[NDArray] | Mapping[str, NDArray], format: str | None = None
) -> None:
    """Save arrays to a ``.params`` file, which MXNet reads too, or in another format.

    Parameters
    ----------
    fname : path
        The file. It is replaced atomically, so a failure leaves an existing file intact.
    data : NDArray, list of NDArray or dict of str to NDArray
        What to save.
    format : {'params', 'safetensors', 'npz'}, optional
        By default the file name's extension decides: ``.safetensors``, ``.npz``, and for everything else ``.params``.
        safetensors needs a package: ``pip install 'glueball[safetensors]'``.

    Examples
    --------
    >>> import os, tempfile
    >>> from glueball import nd
    >>> path = os.path.join(tempfile.mkdtemp(), "x.params")
    >>> nd.save(path, {"x": nd.ones((2, 3))})
    >>> nd.load(path)["x"].shape
    (2, 3)
    """
    tensors = tensors_of("nd.save", [data] if isinstance(data, NDArray) else data)
    with atomic_write(fname, "nd.save") as file:
        array_writer(fname, tensors, "nd.save", format)(file)


def tensors_of(owner: str, data: Sequence[NDArray] | Mapping[str, NDArray]) -> Sequence[Any] | Mapping[str, Any]:
    """Return what arrays that are to be saved hold: tensors, and sparse forms.

    Raises
    ------
    MXNetError
        Something is not an NDArray; the message begins with `owner`.
    """
    arrays = list(data.values()) if isinstance(data, Mapping) else list(data)
    for array in arrays:
        if not isinstance(array, NDArray):
            raise InvalidTypeError(f"{owner}: data must hold NDArrays only; received {type(array).__name__}")
    tensors = [form_of(array) for array in arrays]
    return dict(zip(data, tensors, strict=True)) if isinstance(data, Mapping) else tensors


# Any, because a caller knows whether a file holds a dict or a list, and should not have to check for type checkers.
@door
def load(fname: str | os.PathLike[str]) -> Any:
    """Load arrays that `save` or MXNet has written: a dict if they have names, otherwise a list.

    The first bytes of the file, not its name, determine which format of `glueball.formats` it has.

    Raises
    ------
    MXNetError
        The file is missing, truncated, corrupted or not in a known array format.
    """
    with recognized("nd.load", fname) as file:
        return _wrap(file.arrays())


@door
def load_frombuffer(buf: bytes | bytearray | memoryview) -> Any:
    """Load arrays from the bytes of a file; see `load`.

    Raises
    ------
    TypeError
        `buf` is not bytes-like.
    MXNetError
        The bytes are truncated, corrupted or not in a known array format.
    """
    if not isinstance(buf, bytes | bytearray | memoryview):
        raise TypeError(f"nd.load_frombuffer: buf must be bytes; received {type(buf).__name__}")
    return _wrap(recognized_buffer(buf).arrays())


def _wrap(found: dict[str, Any] | list[Any]) -> dict[str, NDArray] | list[NDArray]:
    if isinstance(found, dict):
        return {name: _array(value) for name, value in found.items()}
    return [_array(value) for value in found]


def _array(value: Any) -> NDArray:
    return array_of(value, Context("cpu", 0))
