"""Images from files of records."""

from __future__ import annotations

import io
import os
import shutil
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
        return self._with_iterator(mx, _Written(mx, self.count, self.side))

    def _with_iterator(self, mx: Any, written: _Written) -> Run:
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


@dataclass(frozen=True)
class LoadedImageBatches(ImageBatches):
    """The same by a data set and a DataLoader with two workers, beside MXNet's fastest way, which is its iterator."""

    def gluon(self, mx: Any) -> Run:
        written = _Written(mx, self.count, self.side)
        if mx.__name__ == "mxnet":
            return self._with_iterator(mx, written)
        vision = mx.gluon.data.vision
        steps = vision.transforms
        mean, std = ([_COLORS[f"{which}_{color}"] / 255 for color in "rgb"] for which in ("mean", "std"))
        finish = steps.Compose([steps.RandomFlipLeftRight(), steps.ToTensor(), steps.Normalize(mean, std)])
        size = (self.crop, self.crop)
        images = vision.ImageRecordDataset(written.path).transform_first(
            lambda image: finish(mx.image.random_crop(image, size)[0])
        )
        loader = mx.gluon.data.DataLoader(images, self.batch, num_workers=2)

        def run() -> Sequence[Any]:
            assert written.path
            labels = []
            for data, label in loader:
                labels.append(label.asnumpy().astype(np.float32))
                data.wait_to_read()
            return [np.concatenate(labels)]

        return run


class _Written:
    """Files that go with this object: the records, and where each begins."""

    def __init__(self, mx: Any, count: int, side: int) -> None:
        folder = tempfile.mkdtemp(prefix="glueball-benchmark-")
        weakref.finalize(self, shutil.rmtree, folder)
        self.path = os.path.join(folder, "images.rec")
        record = mx.recordio.MXIndexedRecordIO(os.path.join(folder, "images.idx"), self.path, "w")
        random = np.random.RandomState(0)
        images = [_encoded(_image(random, side)) for _ in range(min(count, _DIFFERENT))]
        for number in range(count):
            record.write_idx(
                number, mx.recordio.pack(mx.recordio.IRHeader(0, number, number, 0), images[number % len(images)])
            )
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
