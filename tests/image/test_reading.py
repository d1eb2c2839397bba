"""imread and imdecode: files as MXNet reads them, and what is no picture."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

PICTURE = cv2.GaussianBlur(np.random.default_rng(1).integers(0, 256, (37, 53, 3), dtype="uint8"), (5, 5), 0)
ALPHA = np.concatenate([PICTURE, PICTURE[..., :1]], axis=2)
DEEP = PICTURE.astype("uint16") * 257


def encoded(kind: str, picture: np.ndarray = PICTURE, *options: int) -> bytes:
    return bytes(cv2.imencode(kind, picture, options)[1].tobytes())


def turned(orientation: int) -> bytes:
    """A JPEG whose EXIF data say how the camera was held."""
    jpeg = encoded(".jpg")
    tiff = b"MM\x00\x2a\x00\x00\x00\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)
    segment = b"Exif\x00\x00" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


FILES = {
    "jpeg": encoded(".jpg"),
    "gray jpeg": encoded(".jpg", PICTURE[..., 0]),
    "progressive jpeg": encoded(".jpg", PICTURE, cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
    "poor jpeg": encoded(".jpg", PICTURE, cv2.IMWRITE_JPEG_QUALITY, 20),
    "png": encoded(".png"),
    "gray png": encoded(".png", PICTURE[..., 0]),
    "png with alpha": encoded(".png", ALPHA),
    "png of 16 bits": encoded(".png", DEEP),
    "bmp": encoded(".bmp"),
    "nonsense": b"this is no picture",
    "nothing": b"",
    **{f"jpeg held as {orientation}": turned(orientation) for orientation in range(1, 9)},
}


def decoded(mx: Any, data: bytes) -> list[Any]:
    return [
        mx.image.imdecode(data), mx.image.imdecode(data, 0), mx.image.imdecode(data, to_rgb=False),
        mx.image.imdecode(data, flag=0, to_rgb=0),
    ]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_bytes_are_decoded_as_by_mxnet(oracle: Oracle, name: str) -> None:
    assert_same(*oracle.both(decoded, FILES[name]), rtol=0)


def read(mx: Any, path: str) -> list[Any]:
    with open(path, "rb") as file:
        data = bytearray(file.read())
    return [
        mx.image.imread(path), mx.image.imread(path, flag=0), mx.image.imread(path, 1, False),
        mx.nd._internal._cvimread(path), mx.nd._internal._cvimread(filename=path, flag=0),
        mx.nd._internal._cvimdecode(mx.nd.array(data, dtype="uint8"), to_rgb=False),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["jpeg", "png", "nonsense"])
def test_files_are_read_as_by_mxnet(oracle: Oracle, tmp_path: Path, name: str) -> None:
    (tmp_path / "picture").write_bytes(FILES[name])
    assert_same(*oracle.both(read, str(tmp_path / "picture")), rtol=0)


def in_every_form(mx: Any, data: bytes) -> list[Any]:
    forms = [data, bytearray(data), np.frombuffer(data, np.uint8), mx.nd.array(bytearray(data), dtype="uint8")]
    into = mx.nd.zeros((37, 53, 3), dtype="uint8")
    mx.image.imdecode(data, out=into)
    return [*[mx.image.imdecode(form) for form in forms], into]


def test_bytes_may_come_in_several_forms(oracle: Oracle) -> None:
    assert_same(*oracle.both(in_every_form, FILES["jpeg"]), rtol=0)


@pytest.mark.parametrize("wrong", ["text", [1, 2], None, memoryview(b"1")], ids=lambda wrong: type(wrong).__name__)
def test_other_forms_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="imdecode: buf must be bytes, a bytearray"):
        mx.image.imdecode(wrong)


def test_what_is_no_picture_is_named(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no picture")
    with pytest.raises(mx.MXNetError, match=r"imread: the file '.*notes.txt' must hold a picture that .* b'no pictu'"):
        mx.image.imread(str(text))
    with pytest.raises(mx.MXNetError, match=r"imread: the file '.*gone.jpg' cannot be read: No such file"):
        mx.image.imread(tmp_path / "gone.jpg")
    with pytest.raises(mx.MXNetError, match="imdecode: the picture must have bytes; received none"):
        mx.image.imdecode(b"")
    with pytest.raises(mx.MXNetError, match=r"imdecode: flag must be 0 \(gray\) or 1 \(color\); received -1"):
        mx.image.imdecode(FILES["png"], flag=-1)


def test_a_jpeg_that_was_cut_off_is_decoded_as_far_as_it_goes(oracle: Oracle) -> None:
    """What MXNet returns behind the cut is memory as it finds it."""
    cut = FILES["jpeg"][: len(FILES["jpeg"]) * 2 // 3]
    ours, theirs = [side.get() for side in oracle.both("mx.image.imdecode(data)", data=cut)]
    assert ours.shape == theirs.shape == (37, 53, 3)
    assert (ours[:8] == theirs[:8]).all()
    assert (ours[:8] == mx.image.imdecode(FILES["jpeg"])[:8].asnumpy()).all()


def test_without_opencv_what_needs_it_is_named_and_the_rest_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)  # as if it were not installed
    with pytest.raises(ImportError, match=r"imdecode: needs .*'cv2'.*pip install 'glueball\[image\]'"):
        mx.image.imdecode(FILES["png"])
    picture = mx.nd.array(PICTURE, dtype="uint8")
    with pytest.raises(mx.MXNetError, match=r"_cvimresize: needs .*pip install 'glueball\[image\]'"):
        mx.image.imresize(picture, 20, 10, interp=3)
    assert mx.image.imresize(picture, 20, 10, interp=2).shape == (10, 20, 3)
    assert mx.image.random_crop(picture, (20, 10))[0].shape == (10, 20, 3)
