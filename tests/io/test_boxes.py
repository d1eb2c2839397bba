"""Random crops of images with boxes: which boxes remain, and which crops are good enough."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace

import numpy as np

from glueball.io.images.boxes import RandomCrop, Scene

_HEIGHT, _WIDTH = 120, 200


def _crops(boxes, count=40, **options):
    """Crop an image, and yield the region of each crop, as parts of the image, with the boxes that remain."""
    limits = {
        f"{end}_crop_{name}": (value,)
        for name in ("overlaps", "sample_coverages", "object_coverages") for end, value in (("min", 0.0), ("max", 1.0))
    }  # fmt: skip
    usual = {
        "crop_emit_mode": "center", "emit_overlap_thresh": 0.3, "num_crop_sampler": 1, "max_crop_trials": (50,),
        "min_crop_scales": (0.3,), "max_crop_scales": (0.6,),
        "min_crop_aspect_ratios": (0.5,), "max_crop_aspect_ratios": (2.0,), **limits,
    }  # fmt: skip
    crop = RandomCrop("boxes", SimpleNamespace(**{**usual, **options}))
    rows, columns = np.mgrid[:_HEIGHT, :_WIDTH]
    image = np.stack([columns, rows], 2)
    rng = Random(0)
    for _ in range(count):
        found = crop(Scene(image, np.array(boxes)), rng)
        (left, top), (right, bottom) = found.image[0, 0], found.image[-1, -1] + 1
        yield np.array([left / _WIDTH, top / _HEIGHT, right / _WIDTH, bottom / _HEIGHT]), found.boxes


_PIXEL = 2 / 120  # how far the region may be from what the pixels tell

_GRID = [
    [number, x, y, x + 0.1, y + 0.1]
    for number, (x, y) in enumerate((x, y) for x in (0.1, 0.4, 0.7) for y in (0.1, 0.4, 0.7))
]


def test_the_boxes_remain_whose_center_is_inside():
    for region, boxes in _crops(_GRID):
        kept = {int(box[0]) for box in boxes}
        for number, left, top, right, bottom in _GRID:
            x, y = (left + right) / 2, (top + bottom) / 2
            inside = [x - region[0], region[2] - x, y - region[1], region[3] - y]
            if abs(min(inside)) > _PIXEL:
                assert (number in kept) == (min(inside) > 0)


def test_one_box_is_enough_for_a_good_crop():
    corners = [[0, 0.1, 0.1, 0.25, 0.25], [1, 0.75, 0.75, 0.9, 0.9]]  # no crop has both
    limits = {"min_crop_object_coverages": (0.9,), "max_crop_scales": (0.5,), "max_crop_trials": (300,)}
    cropped = list(_crops(corners, **limits))
    assert sum(region[2] - region[0] < 0.9 for region, _ in cropped) > 20
    for region, boxes in cropped:
        if region[2] - region[0] < 0.9:
            assert len(boxes) == 1
