"""_cvimdecode and _cvimread: pictures from the bytes of files."""

from __future__ import annotations

import struct

import torch
from torch import Tensor

from ...core.errors import MXNetError, NotImplementedForSymbol
from ...core.pictures import decoded, read
from ..declare import Device, cases, operator
from ..samples import Input, exactly, refused, sample


@operator("_cvimdecode", kind="other", flops=0, types="uint8 -> uint8", decides_by_value=True, reads_values=True,
          aliases=["_npi_cvimdecode", "_npi_cvimdecode"])  # fmt: skip
def cv_decode(buf: Tensor, *, flag: int = 1, to_rgb: bool = True) -> Tensor:
    """Decode a picture with OpenCV, as `mx.image.imdecode` does.

    Parameters
    ----------
    buf : NDArray
        The bytes of a file, of uint8.
    flag : int, default 1
        1 for color, 0 for gray.
    to_rgb : bool, default True
        Whether red comes first, or else blue.
    """
    owner = "_cvimdecode"
    if buf.dtype != torch.uint8:
        raise MXNetError(f"{owner}: buf must hold bytes, of uint8; received {buf.dtype}; cast it")
    if buf.is_meta:
        raise NotImplementedForSymbol(f"{owner}: the size of a picture follows from its bytes, which a graph lacks")
    picture = decoded(buf.cpu().contiguous().numpy().ravel(), flag, to_rgb, owner, "buf")
    return torch.from_numpy(picture).to(buf.device)


def _bitmap() -> Input:
    """A file with 2 x 2 pixels in 24 bits, the lower row first, each filled up to 4 bytes."""
    header = struct.pack("<2sIHHI IiiHHIIiiII", b"BM", 70, 0, 0, 54, 40, 2, 2, 1, 24, 0, 16, 2835, 2835, 0, 0)
    pixels = bytes([10, 20, 30, 40, 50, 60, 0, 0, 70, 80, 90, 255, 0, 128, 0, 0])
    return exactly(*header, *pixels, dtype="uint8")


cases(
    "_cvimdecode",
    samples=lambda: [
        sample(_bitmap(), gradient=False),
        sample(_bitmap(), to_rgb=False, gradient=False),
        sample(_bitmap(), flag=0, gradient=False),
    ],
    refusals=lambda: [
        refused("buf must hold bytes", (4,)),
        refused("buf must hold a picture that OpenCV can decode", Input((9,), "uint8", low=0, high=9)),
        refused("flag must be 0 .gray. or 1 .color.; received 2", Input((9,), "uint8", low=0, high=9), flag=2),
    ],
)


@operator(
    "_cvimread",
    kind="other",
    flops=0,
    types="-> uint8",
    decides_by_value=True,
    reads_values=True,
    aliases=["_npi_cvimread", "_npi_cvimread"],
)
def cv_read(*, filename: str, flag: int = 1, to_rgb: bool = True, device: Device) -> Tensor:
    """Read a picture from a file with OpenCV, as `mx.image.imread` does.

    Parameters
    ----------
    filename : str
        The file.
    flag : int, default 1
        1 for color, 0 for gray.
    to_rgb : bool, default True
        Whether red comes first, or else blue.
    """
    if device.type == "meta":
        raise NotImplementedForSymbol("_cvimread: the size of a picture follows from its file, which a graph lacks")
    return torch.from_numpy(read(filename, flag, to_rgb, "_cvimread")).to(device)
