"""What OpenCV raises is an MXNetError at every door, and text that would end its process is refused."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glueball as mx
from glueball.cli import main
from glueball.core.opencv import opencv

pytest.importorskip("cv2")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


#: A file that announces 60000 x 60000 pixels, which are more than OpenCV takes.
HUGE = b"\x89PNG\r\n\x1a\n" + b"".join(
    (
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(b"0")),
        _chunk(b"IEND", b""),
    )
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("huge.png").write_bytes(HUGE)
    small = mx.recordio.pack_img((0, [2, 5, 0, 0.1, 0.2, 0.5, 0.6], 0, 0), np.zeros((9, 9, 3), np.uint8))
    for name, record in (
        ("huge", mx.recordio.pack((0, 1, 0, 0), HUGE)),
        ("boxes", mx.recordio.pack((0, [2, 5, 0, 0.1, 0.2, 0.5, 0.6], 0, 0), HUGE)),
        ("small", small),
    ):
        file = mx.recordio.MXIndexedRecordIO(name + ".idx", name + ".rec", "w")
        file.write_idx(0, record)
        file.close()
    return tmp_path


def record(name: str) -> bytes:
    file = mx.recordio.MXRecordIO(name + ".rec", "r")
    content: bytes = file.read()
    file.close()
    return content


def drawn(**options: Any) -> Iterator[np.ndarray]:
    made = mx.image.ImageDetIter(1, (3, 9, 9), path_imgrec="small.rec")
    found: Iterator[np.ndarray] = made.draw_next(**options)
    return found


@pytest.mark.parametrize(
    "code",
    [
        "mx.image.imread('huge.png')",
        "mx.image.imdecode(HUGE)",
        "mx.recordio.unpack_img(record('huge'))",
        "next(mx.io.ImageRecordIter(path_imgrec='huge.rec', data_shape=(3, 4, 4), batch_size=1))",
        "next(mx.io.ImageDetRecordIter(path_imgrec='boxes.rec', data_shape=(3, 4, 4), batch_size=1))",
        "mx.gluon.data.vision.ImageRecordDataset('huge.rec')[0]",
    ],
)
def test_a_picture_too_large_for_opencv(folder: Path, code: str) -> None:
    with pytest.raises(mx.MXNetError, match=r"that OpenCV can decode.*; OpenCV says: pixels <= CV_IO_MAX_IMAGE_PIXELS"):
        eval(code)


def test_im2rec_skips_a_picture_too_large_for_opencv(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("l.lst").write_text("0\t1\thuge.png\n")
    assert main(["im2rec", "l", "."]) == 1
    said = capsys.readouterr()
    assert said.out.endswith("l.rec: 0 images, 1 skipped\n")
    assert "huge.png: skipped: it must hold an image that OpenCV can decode; OpenCV says: pixels <=" in said.err


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("mx.recordio.pack_img((0, 1, 0, 0), None)", "pack_img: OpenCV must be able to write img"),
        ("mx.recordio.pack_img((0, 1, 0, 0), 2**63)", "pack_img: .* too large"),
        ("mx.recordio.pack_img((0, 1, 0, 0), np.zeros((2, 2)), quality='x')", "pack_img: OpenCV must be able"),
        ("mx.recordio.pack_img((0, 1, 0, 0), np.zeros((2, 2)), img_fmt='\\udcff')", "img_fmt must be text that UTF-8"),
        ("mx.recordio.unpack_img(record('small'), 'x')", "unpack_img: .* iscolor='x'"),
        ("mx.recordio.unpack_img(record('small'), 2**70)", "unpack_img: .* iscolor="),
        ("next(drawn(thickness='x'))", "draw_next: color must be .* thickness an int; received None and 'x'"),
        ("next(drawn(thickness=2**63))", "draw_next: color must be .* thickness an int"),
        ("next(drawn(color=[1] * 5))", "draw_next: color must be up to 4 numbers"),
        ("next(drawn(id2labels={0: 3}))", "draw_next: each name in id2labels must be a str; received 3"),
        ("next(drawn(id2labels={0: '\\udcff'}))", "each name in id2labels must be text that UTF-8 can encode"),
        ("next(drawn(waitKey=1, window_name='\\udcff'))", "window_name must be text that UTF-8 can encode"),
    ],
)
def test_arguments_that_opencv_refuses(folder: Path, code: str, says: str) -> None:
    with pytest.raises(mx.MXNetError, match=says):
        eval(code)


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError), opencv("imread: a rule"):
        {}["x"]
