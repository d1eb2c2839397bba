"""Pictures resized, cropped, bordered and rotated: MXNet's pixels, and with the same seeds MXNet's draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

PICTURE = np.random.default_rng(1).integers(0, 256, (37, 53, 3), dtype="uint8")


def with_seeds(mx: Any, code: str, picture: np.ndarray) -> list[Any]:
    """Run an expression of a picture `p` several times."""
    import random

    random.seed(3)
    np.random.seed(4)
    return [eval(code, {"mx": mx, "np": np, "p": mx.nd.array(picture, dtype=picture.dtype)}) for _ in range(5)]


EXPRESSIONS = [
    "[mx.image.imresize(p, 20, 31, interp=i) for i in range(5)]",
    "[mx.image.imresize(p, 20, 31), mx.image.imresize(p, 70, 60, 2)]",
    "[mx.image.scale_down(*s) for s in [((640, 480), (720, 120)), ((360, 1000), (480, 500)), ((300, 400), (30, 40)), "
    "((1, 1), (3, 7)), ((101, 77), (333, 222))]]",
    "[mx.image.resize_short(p, 20, interp=i) for i in (0, 1, 2, 3, 4, 9, 10)]",
    "[mx.image.resize_short(p.transpose((1, 0, 2)), 50, interp=9), mx.image.resize_short(p, 40)]",
    "[mx.image.fixed_crop(p, 3, 4, 20, 10), mx.image.fixed_crop(p, 3, 4, 20, 10, (30, 20), 9), "
    "mx.image.fixed_crop(p, 3, 4, 20, 10, (20, 10)), mx.image.fixed_crop(p, 3, 4, 20, 10, (10, 5), 9), "
    "mx.image.fixed_crop(p, 3, 4, 20, 10, (10, 50), 9), mx.image.fixed_crop(p, 40, 30, 20, 10)]",
    "mx.image.random_crop(p, (20, 30))",
    "mx.image.random_crop(p, (60, 30), interp=10)",
    "mx.image.center_crop(p, (20, 31))",
    "mx.image.center_crop(p, (80, 31), 9)",
    "mx.image.random_size_crop(p, (24, 24), (0.1, 0.6), (0.75, 1.33))",
    "mx.image.random_size_crop(p, (24, 24), 0.9, (0.5, 2.0), interp=10)",
    "mx.image.random_size_crop(p, (24, 24), (0.9, 1.0), (4.0, 5.0))",
    "[mx.image.copyMakeBorder(p, 1, 2, 3, 40, i) for i in range(5)]",
    "mx.image.copyMakeBorder(p, 1, 2, 3, 4, type=0, values=(1, 2, 3))",
    "mx.image.copyMakeBorder(p, 1, 2, 3, 4, 0, 9.5)",
    "mx.image.color_normalize(p.astype('float32'), mx.nd.array([1, 2, 3]), mx.nd.array([3, 4, 5]))",
    "mx.image.color_normalize(p.astype('float32'), 100.5, 2)",
    "mx.image.color_normalize(p.astype('float32'), None, 2)",
    "mx.image.image._get_interp_method(9), mx.image.image._get_interp_method(10)",
]
ROTATIONS = [
    f"[mx.image.imrotate(q, {angle}, {zoom}) for q in [p.astype('float32').transpose((2, 0, 1))]]"
    for angle in (0, 30, -45.5, 200)
    for zoom in ("False, False", "True, False", "False, True")
] + [
    "mx.image.imrotate(mx.nd.stack(*[p.astype('float32').transpose((2, 0, 1))] * 3), mx.nd.array([9, -20, 100]), True)",
    "mx.image.random_rotate(p.astype('float32').transpose((2, 0, 1)), (-40, 40))",
    "mx.image.random_rotate(mx.nd.stack(*[p.astype('float32').transpose((2, 0, 1))] * 3), (-40, 40), False, True)",
]


@pytest.mark.parametrize("code", EXPRESSIONS)
def test_pictures_are_mxnets(oracle: Oracle, code: str) -> None:
    assert_same(*oracle.both(with_seeds, code, PICTURE), rtol=0)


@pytest.mark.parametrize("code", ROTATIONS)
def test_rotations_are_mxnets(oracle: Oracle, code: str) -> None:
    assert_same(*oracle.both(with_seeds, code, PICTURE), rtol=2e-5)


@pytest.mark.parametrize(
    "code",
    [
        "mx.image.resize_short(p, 20, interp=11)",
        "mx.image.imrotate(p, 10)",
        "mx.image.imrotate(p.astype('float32'), mx.nd.array([1, 2]))",
        "mx.image.imrotate(p.astype('float32')[0], 10)",
        "mx.image.imrotate(p.astype('float32'), 10, True, True)",
        "mx.image.imrotate(mx.nd.ones((2, 3, 4, 4)), mx.nd.array([1, 2, 3]))",
        "mx.image.imresize(p, 0, 3)",
        "mx.image.imresize(p, 3, 3, interp=9)",
        "mx.image.copyMakeBorder(p, -1, 0, 0, 0)",
        "mx.image.copyMakeBorder(p, 1, 0, 0, 0, 7)",
        "mx.image.random_size_crop(p, (4, 4), 0.1, (1, 1), foo=1)",
        "mx.image.fixed_crop(p, -1, 0, 3, 3)",
        "mx.image.fixed_crop(p, 1, 1, 0, 3)",
        "mx.image.random_crop(p, (0, 3))",
        "mx.image.center_crop(p, (0, 3))",
        "mx.gluon.data.vision.transforms.CenterCrop(0)(p)",
    ],
)
def test_errors_are_of_mxnets_classes(oracle: Oracle, code: str) -> None:
    ours, theirs = oracle.both(with_seeds, code, PICTURE)
    assert_same(ours, theirs)
    assert "MXNetError" in ours.mro


def test_the_older_name_of_area_is_taken_with_a_warning() -> None:
    with pytest.warns(DeprecationWarning, match="min_area is now called area"):
        mx.image.random_size_crop(mx.nd.array(PICTURE, dtype="uint8"), (4, 4), 0.1, (1, 1), min_area=0.5)
