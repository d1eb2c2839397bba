"""State dicts as torch.save writes them, ``.pt`` and ``.pth``: torch reads them as data, and runs nothing in them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, NoReturn

import torch
from torch import Tensor

from ..core.dtype import NAMES, TORCH_TO_NAME
from ..core.errors import MXNetError
from ..serialization import layout
from ..serialization.formats import Arrays, Format, register
from ..serialization.headers import Header
from ..serialization.writer import check_arrays

_FIRST = b"PK\3\4"
_NAME_AT = 30  # of the first member of a zip archive, and its length four bytes before that of another field
_PICKLE = b"/data.pkl"
_BEFORE_1_6 = b"\x80\2\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
# Where checkpoints of training programs have the state dict.
_INSIDE = ("state_dict", "model_state_dict", "model")


def _sniff(head: bytes, name: str) -> bool:
    length = int.from_bytes(head[26:28], "little")
    is_archive = head.startswith(_FIRST) and head[_NAME_AT : _NAME_AT + length].endswith(_PICKLE)
    return is_archive or head.startswith(_BEFORE_1_6)


def _read(file: BinaryIO, name: str) -> Arrays:
    found = _loaded(file, name, "cpu")
    # each in its own memory, as torch shares what a file shares
    if isinstance(found, dict):
        return {key: tensor.detach().clone().contiguous() for key, tensor in found.items()}
    return [tensor.detach().clone().contiguous() for tensor in found]


def _read_headers(file: BinaryIO, name: str) -> list[Header]:
    found = _loaded(file, name, "meta")
    pairs = found.items() if isinstance(found, dict) else (("", tensor) for tensor in found)
    return [Header(key, torch.empty(each.shape, dtype=each.dtype, device="meta"), "torch") for key, each in pairs]


def _loaded(file: BinaryIO, name: str, device: str) -> Arrays:
    """Return the tensors of a file; none is larger than the file."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch says of some archives what else they may be
            content = torch.load(file, map_location=device, weights_only=True)
    except Exception as error:  # whatever a damaged pickle makes of torch
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        _fail(
            name,
            "torch must be able to load the file with weights_only=True",
            f"{type(error).__name__}: {reason[:160]}",
        )
    if isinstance(content, Mapping):
        content = next((content[key] for key in _INSIDE if isinstance(content.get(key), Mapping)), content)
    values = list(content.values()) if isinstance(content, Mapping) else content
    is_plain = isinstance(values, list) and all(isinstance(each, Tensor) for each in values)
    if not is_plain or (isinstance(content, Mapping) and not all(isinstance(key, str) for key in content)):
        _fail(name, "the file must hold tensors by name, as a state dict", _described(content))
    for key, tensor in content.items() if isinstance(content, Mapping) else enumerate(values):
        if tensor.dtype not in TORCH_TO_NAME or tensor.layout is not torch.strided:
            _fail(
                name,
                f"{key!r} must be dense and of one of the types {', '.join(NAMES)}",
                f"{tensor.dtype}, {tensor.layout}",
            )
        if tensor.dim() > layout.MAX_DIMENSIONS or tensor.numel() * tensor.dtype.itemsize > size:
            _fail(name, f"the values of {key!r} must lie inside the file", f"shape {tuple(tensor.shape)}")
    return dict(content) if isinstance(content, Mapping) else list(values)


def _described(content: Any) -> str:
    if isinstance(content, Mapping):
        other = next((each for each in content.values() if not isinstance(each, Tensor)), None)
        return f"a {type(content).__name__} with {type(other).__name__} in it"
    return f"a {type(content).__name__}"


def _fail(name: str, rule: str, received: str) -> NoReturn:
    raise MXNetError(
        f"{name}: {rule}; received {received}; write it with torch.save(net.state_dict(), path), or take another copy"
    )


def _write(file: BinaryIO, tensors: Mapping[str, Tensor] | Sequence[Tensor], owner: str) -> None:
    values = list(tensors.values()) if isinstance(tensors, Mapping) else list(tensors)
    check_arrays(values, list(tensors) if isinstance(tensors, Mapping) else (), owner)
    # in memory of their own: torch would write all of the array that one is a part of
    plain = [tensor.detach().resolve_neg().cpu().clone().contiguous() for tensor in values]
    torch.save(dict(zip(tensors, plain, strict=True)) if isinstance(tensors, Mapping) else plain, file)


register(
    Format(
        name="state-dict",
        title="a state dict of torch",
        sniff=_sniff,
        read_arrays=_read,
        read_headers=_read_headers,
        write_arrays=_write,
        endings=(".pt", ".pth"),
    )
)
