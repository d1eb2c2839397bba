"""Writes torch tensors to ``.params`` files, byte for byte as MXNet 1.9.1 does."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import torch
from torch import Tensor

from ..core.dtype import NAMES, TORCH_TO_FLAG
from ..core.errors import MXNetError
from ..core.numpy_mode import numpy_mode
from ..core.sparse_forms import Form
from . import layout
from .atomic import atomic_write
from .sparse_record import write_sparse

Contexts = Sequence[tuple[int, int]]


def write_params(
    path: str | os.PathLike[str],
    tensors: Mapping[str, Tensor | Form] | Sequence[Tensor | Form],
    contexts: Contexts | None = None,
    owner: str = "nd.save",
) -> None:
    """Write tensors to a file that MXNet 1.9.1 reads; the file appears whole or not at all.

    Parameters
    ----------
    path : str or path-like
        The file to create or replace.
    tensors : mapping of str to Tensor, or sequence of Tensor
        Arrays with or without names, on any device, of MXNet's dtypes only.
    contexts : sequence of (device type, device number), optional
        What to record as each array's context, in the order of `tensors`: device type 1 is cpu, 2 gpu,
        3 cpu_pinned, 5 cpu_shared. By default derived from each tensor's device.
    owner : str
        The caller's name; error messages begin with it.

    Raises
    ------
    MXNetError
        A dtype or a name that the format cannot hold, or a file that cannot be written. The old file is
        unchanged.

    Examples
    --------
    >>> import os, tempfile, torch
    >>> from glueball.serialization import read_params, write_params
    >>> path = os.path.join(tempfile.mkdtemp(), "net.params")
    >>> write_params(path, {"weight": torch.ones(2, 3)})
    >>> read_params(path)["weight"].shape
    torch.Size([2, 3])
    """
    with atomic_write(path, owner) as file:
        dump_params(file, tensors, contexts, owner)


def dump_params(
    file: BinaryIO,
    tensors: Mapping[str, Tensor | Form] | Sequence[Tensor | Form],
    contexts: Contexts | None = None,
    owner: str = "nd.save",
) -> None:
    """Write tensors to an open binary file; everything is checked before the first byte is written.

    Parameters are those of `write_params`. A contiguous CPU tensor is written directly from its memory; others
    are copied one by one, so that at most one copy exists at a time.
    """
    layout.require_little_endian(owner)
    values = list(tensors.values()) if isinstance(tensors, Mapping) else list(tensors)
    contexts = [_context(tensor) for tensor in values] if contexts is None else contexts
    if len(contexts) != len(values):
        raise MXNetError(f"{owner}: contexts must be one for each of {len(values)} arrays; received {len(contexts)}")
    names = check_arrays(values, list(tensors) if isinstance(tensors, Mapping) else (), owner)
    _check_count(values, names, owner)
    # V2 cannot represent zero dimensions, and MXNet reads V3 while shapes have NumPy's meaning, and V2 while not.
    is_numpy = numpy_mode.shapes or any(len(tensor.shape) == 0 for tensor in values)
    magic = layout.RECORD_V3 if is_numpy else layout.RECORD_V2
    file.write(layout.FILE_HEADER.pack(layout.LIST_MAGIC, 0, len(values)))
    for tensor, context in zip(values, contexts, strict=True):
        _write_record(file, tensor, magic, context)
    file.write(layout.U64.pack(len(names)))
    for name in names:
        file.write(layout.U64.pack(len(name)) + name)


def _write_record(file: BinaryIO, tensor: Tensor | Form, magic: int, context: tuple[int, int]) -> None:
    if not isinstance(tensor, Tensor):
        write_sparse(file, tensor, magic, context)
        return
    file.write(layout.RECORD_HEADER.pack(magic, layout.DENSE, tensor.dim()))
    for size in tensor.shape:
        file.write(layout.U64.pack(size))
    file.write(layout.RECORD_TAIL.pack(*context, TORCH_TO_FLAG[tensor.dtype]))
    # conjugate and negative views, other devices and strides all become plain contiguous memory here
    plain = tensor.detach().resolve_neg().cpu().contiguous()
    flat = plain.as_strided((plain.numel(),), (1,))  # axes of size 0 or 1 may have any stride and still be contiguous
    file.write(flat.view(torch.uint8).numpy().data)


def _context(tensor: Tensor | Form) -> tuple[int, int]:
    tensor = tensor if isinstance(tensor, Tensor) else tensor.values
    if tensor.device.type == "cuda":
        return layout.GPU, tensor.device.index or 0
    return layout.CPU, 0


def _check_count(values: Sequence[Tensor | Form], names: Sequence[bytes], owner: str) -> None:
    """Refuse so many tiny arrays that the reader would."""
    records = sum(
        layout.record_size(part.dim(), part.nbytes)
        for tensor in values
        for part in ((tensor,) if isinstance(tensor, Tensor) else tensor.tensors())
    )
    size = layout.FILE_HEADER.size + records + layout.U64.size + sum(layout.U64.size + len(name) for name in names)
    if len(values) > layout.most_arrays(size):
        raise MXNetError(
            f"{owner}: a file of {size} bytes must hold at most {layout.most_arrays(size)} arrays; received "
            f"{len(values)}; join arrays of a few bytes into larger ones"
        )


def check_arrays(values: Sequence[Tensor | Form], names: Sequence[str], owner: str) -> list[bytes]:
    """Refuse what no file of arrays can hold; return the bytes of the names.

    Raises
    ------
    MXNetError
        An array or a name does not suit; the message begins with `owner`.
    """
    encoded = [_encode(name, owner) for name in names]
    for position, tensor in enumerate(values):
        _check(position, tensor if isinstance(tensor, Tensor) else tensor.values, owner)
    return encoded


def _check(position: int, tensor: Tensor, owner: str) -> None:
    rule, received, fix = "", "", ""
    if tensor.layout != torch.strided:
        rule, received, fix = "must be dense", str(tensor.layout), "use .to_dense()"
    elif tensor.is_meta:
        rule, received, fix = "must have values", "a meta tensor", "fill it first"
    elif tensor.dtype not in TORCH_TO_FLAG:
        rule, received, fix = f"must have one of the dtypes {', '.join(NAMES)}", str(tensor.dtype), "cast it"
    elif tensor.dim() > layout.MAX_DIMENSIONS:
        rule = f"must have at most {layout.MAX_DIMENSIONS} dimensions"
        received, fix = str(tensor.dim()), "reshape it"
    if rule:
        raise MXNetError(f"{owner}: array {position} {rule}; received {received}; {fix}")


def _encode(name: str, owner: str) -> bytes:
    if not isinstance(name, str):
        raise MXNetError(f"{owner}: names must be str; received {name!r}")
    if "\0" in name:  # MXNet would read back only the part before it
        raise MXNetError(f"{owner}: names must not contain a NUL character; received {name!r}")
    try:
        return name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise MXNetError(f"{owner}: names must be valid Unicode; received {name!r}") from error
