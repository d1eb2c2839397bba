"""Images from files of records."""

from __future__ import annotations

import io
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

    Each library packs the same images. Their chances differ, so that what is compared is the order of the images.
    """

    count: int
    side: int = 300
    crop: int = 224
    batch: int = 50

    def gluon(self, mx: Any) -> Run:
        written = _Written(mx, self.count, self.side)
        images = mx.io.ImageRecordIter(
            path_imgrec=written.path, data_shape=(3, self.crop, self.crop), batch_size=self.batch, rand_crop=True,
            rand_mirror=True, preprocess_threads=2, verbose=False, **_COLORS,
        )  # fmt: skip

        def run() -> Sequence[Any]:
            assert written.path  # the file exists as long as this function
            labels = []
            for batch in images:
                labels.append(batch.label[0].asnumpy())
                batch.data[0].wait_to_read()
            images.reset()
            return [np.concatenate(labels)]

        return run


class _Written:
    """A file that goes with this object."""

    def __init__(self, mx: Any, count: int, side: int) -> None:
        descriptor, self.path = tempfile.mkstemp(suffix=".rec", prefix="glueball-benchmark-")
        os.close(descriptor)
        weakref.finalize(self, os.unlink, self.path)
        record = mx.recordio.MXRecordIO(self.path, "w")
        random = np.random.RandomState(0)
        images = [_encoded(_image(random, side)) for _ in range(min(count, _DIFFERENT))]
        for number in range(count):
            record.write(mx.recordio.pack(mx.recordio.IRHeader(0, number, number, 0), images[number % len(images)]))
        record.close()


def _encoded(image: np.ndarray) -> bytes:
    """Return a JPEG; MXNet's own function needs OpenCV in its environment."""
    from PIL import Image  # every process of the benchmark reads this file, but not all have it

    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=95)
    return file.getvalue()


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
