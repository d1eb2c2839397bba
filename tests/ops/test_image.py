"""What samples cannot express of the operators on images: distributions, and every hue bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.oracle.client import Oracle

WITH_ONE_CHANGE = [
    ("random_brightness", {"min_factor": 0.2, "max_factor": 0.9}),
    ("random_contrast", {"min_factor": 0.2, "max_factor": 0.9}),
    ("random_saturation", {"min_factor": 0.9, "max_factor": 0.2}),
    ("random_hue", {"min_factor": 0.1, "max_factor": 0.3}),
    ("random_lighting", {"alpha_std": 0.5}),
    ("random_color_jitter", {"brightness": 0.4, "contrast": 0, "saturation": 0, "hue": 0}),
    ("random_color_jitter", {"brightness": 0, "contrast": 0.4, "saturation": 0, "hue": 0}),
    ("random_color_jitter", {"brightness": 0, "contrast": 0, "saturation": 0.4, "hue": 0}),
    ("random_color_jitter", {"brightness": 0, "contrast": 0, "saturation": 0, "hue": 0.1}),
    ("random_color_jitter", {"brightness": 0.2, "contrast": 0.3, "saturation": 0.4, "hue": 0.1}),
]


def many(mx: Any, name: str, options: dict[str, float], count: int) -> Any:
    mx.random.seed(5)
    pixel = mx.nd.array([[[200.0, 100.0, 120.0], [90.0, 30.0, 50.0]]])
    return np.stack([getattr(mx.nd.image, name)(pixel, **options).asnumpy().ravel() for _ in range(count)])


@pytest.mark.parametrize(("name", "options"), WITH_ONE_CHANGE)
def test_changes_are_drawn_as_mxnet_draws_them(oracle: Oracle, name: str, options: dict[str, float]) -> None:
    ours, theirs = [side.get() for side in oracle.both(many, name, options, 1500)]
    for quantile in (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0):
        pair = [np.quantile(side, quantile, axis=0) for side in (ours, theirs)]
        if name != "random_lighting" or 0 < quantile < 1:  # the tails of normal numbers have no end
            assert np.abs(pair[0] - pair[1]).max() <= 0.1 * np.ptp(theirs, axis=0).max()


def hues(mx: Any, pixels: np.ndarray) -> list[Any]:
    turns = (0, 0.05, 0.37, 0.5, 0.8, 1, 1.2)
    return [
        mx.nd.image.random_hue(mx.nd.array(pixels, dtype=pixels.dtype), turn, turn).asnumpy() for turn in turns
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["uint8", "float32"])
def test_every_hue_is_turned_to_mxnets_bits(oracle: Oracle, kind: str) -> None:
    rng = np.random.default_rng(3)
    pixels = rng.uniform(0, 255, (40, 40, 3)).astype(kind)
    pixels[:4] = pixels[:4, :, :1] + rng.integers(0, 2, (4, 40, 3)).astype(kind)  # nearly gray, and gray
    assert_same(*oracle.both(hues, pixels), rtol=0)


def test_an_image_of_one_channel_has_no_colors_to_change() -> None:
    gray = mx.nd.array(np.arange(12).reshape(3, 4, 1), dtype="uint8")
    for changed in (mx.nd.image.random_hue(gray, 0.5, 0.5), mx.nd.image.adjust_lighting(gray, (1, 1, 1))):
        assert changed.asnumpy().tolist() == gray.asnumpy().tolist()
    unchanged = mx.nd.image.random_color_jitter(gray, 0, 0, 0, 0)
    assert unchanged.asnumpy().tolist() == gray.asnumpy().tolist()


def resized(mx: Any, image: np.ndarray, sizes: list[tuple[int, int]], interp: int) -> list[Any]:
    data = mx.nd.array(image, dtype=image.dtype)
    return [mx.nd.image.resize(data, size, interp=interp).asnumpy() for size in sizes]


@pytest.mark.parametrize("interp", range(5))
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_resized_bytes_are_mxnets(oracle: Oracle, interp: int, channels: int) -> None:
    image = np.random.default_rng(interp).integers(0, 256, (61, 47, channels), dtype="uint8")
    sizes = [(24, 24), (100, 90), (47, 30), (3, 200), (94, 122), (23, 61), (1, 1)]
    assert_same(*oracle.both(resized, image, sizes, interp), rtol=0)


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("interp", range(5))
def test_resized_real_numbers_are_mxnets(oracle: Oracle, interp: int, kind: str) -> None:
    image = np.random.default_rng(interp).uniform(0, 255, (62, 46, 3)).astype(kind)
    sizes = [(24, 24), (100, 90), (3, 20), (23, 31), (92, 124), (1, 1), (46, 20)]
    assert_same(*oracle.both(resized, image, sizes, interp), rtol=1e-6 if interp == 4 else 0)


def test_a_resized_image_has_no_gradient() -> None:
    image = mx.nd.ones((4, 4, 3))
    image.attach_grad()
    with mx.autograd.record():
        small = mx.nd.image.resize(image, 2)
    with pytest.raises(mx.MXNetError, match=r"_image_resize: a resized image has no gradient; resize before record"):
        small.backward()
