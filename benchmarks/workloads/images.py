"""Images from files of records."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.workloads.workload import Run, Workload

_DIFFERENT = 200  # images; the others repeat them
_COLORS = {"mean_r": 123.68, "mean_g": 116.28, "mean_b": 103.53, "std_r": 58.395, "std_g": 57.12, "std_b": 57.375}


@dataclass(frozen=True)
class ImageBatches(Workload):
    """An epoch of JPEGs: decoded, cropped and mirrored by chance, normalized, and put into batches.

    Glueball comes first and writes the file, which MXNet, who cannot encode images, then reads. Their chances differ,
    so that what is compared is the order of the images.
    """

    count: int
    side: int = 300
    crop: int = 224
    batch: int = 50

    def gluon(self, mx: Any) -> Run:
        # Both processes are children of the same one, and no other is.
        path = os.path.join(tempfile.gettempdir(), f"glueball-benchmark-{os.getppid()}-{self.count}x{self.side}.rec")
        written = None
        if mx.__name__ == "glueball":
            written = _Written(mx, path, self.count, self.side)
        if not os.path.exists(path):
            raise RuntimeError("Glueball must come first: it writes the images")
        images = mx.io.ImageRecordIter(
            path_imgrec=path, data_shape=(3, self.crop, self.crop), batch_size=self.batch, rand_crop=True,
            rand_mirror=True, preprocess_threads=2, verbose=False, **_COLORS,
        )  # fmt: skip

        def run() -> Sequence[Any]:
            assert written is None or written.path == path  # the file exists as long as this function
            labels = []
            for batch in images:
                labels.append(batch.label[0].asnumpy())
                batch.data[0].wait_to_read()
            images.reset()
            return [np.concatenate(labels)]

        return run


class _Written:
    """A file that goes with this object."""

    def __init__(self, mx: Any, path: str, count: int, side: int) -> None:
        self.path = path
        record = mx.recordio.MXRecordIO(path, "w")
        weakref.finalize(self, os.unlink, path)
        random = np.random.RandomState(0)
        images = [mx.recordio.pack_img((0, 0, 0, 0), _image(random, side))[24:] for _ in range(min(count, _DIFFERENT))]
        for number in range(count):
            record.write(mx.recordio.pack((0, number, number, 0), images[number % len(images)]))
        record.close()


def _image(random: np.random.RandomState, side: int) -> np.ndarray:
    """Return soft colors with some noise, which take as many bytes as a photograph of this size."""
    coarse = random.uniform(0, 255, (-(-side // 16) + 1, -(-side // 16) + 1, 3))
    position = np.arange(side) / 16
    whole = position.astype(int)
    part = (position - whole)[:, None, None]
    rows = coarse[whole] * (1 - part) + coarse[whole + 1] * part
    part = (position - whole)[None, :, None]
    soft = rows[:, whole] * (1 - part) + rows[:, whole + 1] * part
    return (soft + random.uniform(-12, 12, soft.shape)).clip(0, 255).astype(np.uint8)
