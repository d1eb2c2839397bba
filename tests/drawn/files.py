"""Small files of all kinds, which drawn names of files find."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np

import glueball as mx


def write(folder: Path) -> None:
    """Write the files into a folder."""
    images = struct.pack(">iiii", 0x803, 4, 5, 5) + bytes(range(100))
    labels = struct.pack(">ii", 0x801, 4) + bytes(4)
    for part in ("train", "t10k"):
        for kind, content in (("images-idx3", images), ("labels-idx1", labels)):
            (folder / f"{part}-{kind}-ubyte").write_bytes(content)
            (folder / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(content))
    (folder / "dots.ppm").write_bytes(b"P6 2 2 255 " + bytes(range(12)))
    for name in ("train.bin", "test.bin", "test_batch.bin", *(f"data_batch_{number}.bin" for number in range(1, 6))):
        (folder / name).write_bytes(bytes(2 * (3073 + (name in ("train.bin", "test.bin")))))
    (folder / "pictures" / "cat").mkdir(parents=True)
    (folder / "pictures" / "cat" / "1.png").write_bytes(b"no picture")
    (folder / "file").write_text("neither parameters nor a graph")
    mx.nd.save(str(folder / "net-0001.params"), {"arg:fc_weight": mx.nd.ones((2, 3)), "arg:fc_bias": mx.nd.ones((2,))})
    mx.sym.FullyConnected(mx.sym.var("data"), num_hidden=2, name="fc").save(str(folder / "net-symbol.json"))
    (folder / "rows.csv").write_text("1,2\n3,4\n")
    (folder / "rows.t").write_text("1 0:0.5\n-2\n")
    (folder / "wiki.train.tokens").write_text("a rose is a rose\n")
    for name in ("vectors.txt", "glove/glove.6B.50d.txt", "fasttext/wiki.zu.vec"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("a 1 2\nb 3 4\n")
    record = mx.recordio.MXIndexedRecordIO(str(folder / "some.idx"), str(folder / "some.rec"), "w")
    for number in range(2):
        image = np.full((5, 5, 3), number, np.uint8)
        record.write_idx(number, mx.recordio.pack_img((0, number, number, 0), image))
    record.close()
    record = mx.recordio.MXRecordIO(str(folder / "boxes.rec"), "w")
    record.write(mx.recordio.pack_img((0, [2, 5, 1, 0.1, 0.2, 0.5, 0.6], 0, 0), np.zeros((5, 5, 3), np.uint8)))
    record.close()
