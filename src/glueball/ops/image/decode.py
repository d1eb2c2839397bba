"""_cvimdecode and _cvimread: pictures from the bytes of files."""

from __future__ import annotations

import struct

import numpy as np
import torch
from torch import Tensor

from ...core.errors import MXNetError, NotImplementedForSymbol
from ...core.extras import required
from ..declare import Device, cases, operator
from ..samples import Input, exactly, refused, sample


def decoded(buffer: np.ndarray, flag: int, to_rgb: bool, owner: str, source: str) -> np.ndarray:
    """Return the picture in a buffer of bytes: (H, W, 3), or (H, W, 1) with flag=0.

    Parameters
    ----------
    buffer : numpy.ndarray
        The bytes of the file.
    flag : int
        1 for color, 0 for gray.
    to_rgb : bool
        Whether red comes first, or else blue.
    owner, source : str
        The public name of the caller, and where the bytes are from, for messages.
    """
    if flag not in (0, 1):
        raise MXNetError(f"{owner}: flag must be 0 (gray) or 1 (color); received {flag}")
    if not buffer.size:
        raise MXNetError(f"{owner}: the picture must have bytes; received none, from {source}")
    cv2 = required("cv2", "image", owner)
    try:
        picture: np.ndarray | None = cv2.imdecode(buffer, flag)
    except cv2.error as error:
        raise MXNetError(f"{owner}: {source} cannot be decoded: {str(error).strip()}") from error
    if picture is None:
        raise MXNetError(
            f"{owner}: {source} must hold a picture that OpenCV can decode, such as a JPEG or PNG; received "
            f"{buffer.size} bytes that begin with {buffer[:8].tobytes()!r}"
        )
    if flag == 0:
        return picture[..., None]
    return np.ascontiguousarray(picture[..., ::-1]) if to_rgb else picture


@operator("_cvimdecode", kind="other", flops=0, types="uint8 -> uint8", decides_by_value=True,
          aliases=["_npi_cvimdecode"])  # fmt: skip
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


@operator("_cvimread", kind="other", flops=0, types="-> uint8", decides_by_value=True, aliases=["_npi_cvimread"])
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


def read(filename: str, flag: int, to_rgb: bool, owner: str) -> np.ndarray:
    """Return the picture in a file; see `decoded`."""
    try:
        buffer = np.fromfile(filename, np.uint8)
    except OSError as error:
        raise MXNetError(f"{owner}: the file {filename!r} cannot be read: {error.strerror or error}") from error
    return decoded(buffer, flag, to_rgb, owner, f"the file {filename!r}")
