"""pack and unpack: MXNet's bytes; pack_img and unpack_img: pixels."""

from __future__ import annotations

import pickle
import struct

import numpy as np
import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.comparison import assert_same


@pytest.mark.parametrize(
    "header",
    [
        (0, 4, 2574, 0), (7, 4.5, 1, 2), (0, [1, 2, 3], 1, 0), (0, (1, 2), 1, 0), (0, np.array([1, 2]), 1, 0),
        (0, np.array([[1, 2], [3, 4]]), 2**64 - 1, 3), (0, np.float32(3), 1, 0), (0, np.array(3.0), 1, 0),
        (0, True, 1, 0), (-1, 4, 1, 0), (0, [], 1, 0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("data", [b"img", b""])
def test_packed_as_mxnet_packs(oracle, header, data):
    def both(mx, header, data):
        packed = mx.recordio.pack(mx.recordio.IRHeader(*header), data)
        header, rest = mx.recordio.unpack(packed)
        return (
            packed,
            mx.recordio.pack(tuple(header), data),
            tuple(header),
            repr(header),
            rest,
            type(header.label).__name__,
        )

    assert_same(*oracle.both(both, header, data))


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        ("pack((0, 4, -1, 0), b'')", ValueError, "ids from 0 to 2..64 - 1; received HEADER"),
        ("pack((0, 4, 1.5, 0), b'')", ValueError, "ids from 0"),
        ("pack((0, 'a', 1, 0), b'')", ValueError, "could not convert string to float"),
        ("pack((0, 4, 1), b'')", TypeError, "id2"),
        ("pack((0, 4, 1, 0), 'text')", TypeError, "pack: s must be bytes; received str"),
        ("pack((0, 4, 1, 0), None)", TypeError, "pack: s must be bytes; received NoneType"),
        ("unpack(b'')", ValueError, "unpack: s must begin with a header of 24 bytes; received 0 bytes"),
        ("unpack(bytes(23))", ValueError, "received 23 bytes"),
        ("unpack(bytes([2]) + bytes(30))", ValueError, "must hold the 2 labels that its header announces; received 31"),
        ("unpack_img(bytes(24))", ValueError, "unpack_img: s must hold an image"),
        ("pack_img((0, 4, 1, 0), [1])", MXNetError, "pack_img"),
        ("pack_img((0, 4, 1, 0), np.zeros((4, 4, 3)), img_fmt='.xyz')", MXNetError, "as '.xyz'"),
    ],
)
def test_refusals(code, kind, text):
    with pytest.raises(kind, match=text) as caught:
        eval(code, {**vars(mx.recordio), "np": np})
    assert isinstance(caught.value, MXNetError)


def test_a_header_is_a_tuple_that_can_be_pickled():
    header = mx.recordio.IRHeader(0, 4.0, 2574, 0)
    assert repr(header) == "HEADER(flag=0, label=4.0, id=2574, id2=0)"
    assert pickle.loads(pickle.dumps(header)) == header


def test_bytes_like_records():
    packed = mx.recordio.pack((0, [1, 2], 1, 0), bytearray(b"img"))
    for kind in (bytearray, memoryview):
        header, rest = mx.recordio.unpack(kind(packed))
        assert header.label.tolist() == [1, 2] and bytes(rest) == b"img"


def image():
    y, x = np.mgrid[:40, :50]
    return np.stack([x * 5, y * 6, (x * y) % 256], axis=2).astype(np.uint8)


@pytest.mark.parametrize(
    ("options", "same"),
    [({}, False), ({"quality": 30}, False), ({"img_fmt": ".JPEG"}, False), ({"img_fmt": ".png"}, True),
     ({"quality": 2, "img_fmt": ".PNG"}, True), ({"img_fmt": ".bmp"}, True)],
)  # fmt: skip
def test_images(oracle, options, same):
    """What we pack, MXNet decodes to the pixels that we unpack."""
    cv2 = pytest.importorskip("cv2")
    record = mx.recordio.pack_img((0, 4, 1, 0), image(), **options)
    header, pixels = mx.recordio.unpack_img(record)
    assert header == (0, 4.0, 1, 0)
    assert np.array_equal(pixels, image()) is same
    assert np.abs(pixels.astype(int) - image()).mean() < 20
    assert mx.recordio.unpack_img(record, iscolor=0)[1].shape == (40, 50)
    ending = options.get("img_fmt", ".jpg").lower()
    level = {".jpg": [cv2.IMWRITE_JPEG_QUALITY, options.get("quality", 95)], ".png": [16, options.get("quality", 9)]}
    encoded = cv2.imencode(ending, image(), level.get(ending.replace("jpeg", "jpg"), []))[1].tobytes()
    assert record == struct.pack("<IfQQ", 0, 4, 1, 0) + encoded

    def decoded(mx, data):
        return mx.image.imdecode(data, to_rgb=0).asnumpy()

    theirs = oracle.run(decoded, record[24:])
    assert np.array_equal(theirs, pixels)


def test_what_is_no_image_is_none():
    pytest.importorskip("cv2")
    assert mx.recordio.unpack_img(mx.recordio.pack((0, 4, 1, 0), b"no image"))[1] is None
