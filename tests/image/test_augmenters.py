"""Augmenters: what they write of themselves, and with the same seeds MXNet's pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.image.test_geometry import PICTURE, with_seeds
from tests.oracle.client import Oracle

AUGMENTERS = [
    "ResizeAug(20)", "ResizeAug(20, 9)", "ForceResizeAug((20, 31))", "ForceResizeAug((80, 90), 10)",
    "RandomCropAug((20, 30))", "RandomCropAug((60, 20), 1)", "RandomSizedCropAug((24, 20), 0.2, (0.5, 2))",
    "RandomSizedCropAug((24, 20), (0.1, 0.3), (0.5, 2), interp=9)", "CenterCropAug((20, 30))",
    "SequentialAug([mx.image.ResizeAug(30), mx.image.RandomCropAug((20, 20)), mx.image.CastAug()])",
    "RandomOrderAug([mx.image.BrightnessJitterAug(0.5), mx.image.HorizontalFlipAug(0.5), mx.image.HueJitterAug(0.3)])",
    "BrightnessJitterAug(0.4)", "ContrastJitterAug(0.4)", "SaturationJitterAug(0.4)", "HueJitterAug(0.4)",
    "ColorJitterAug(0.4, 0.3, 0.2)", "ColorJitterAug(0, 0.3, 0.2)",
    "LightingAug(0.2, np.array([55.46, 4.794, 1.148]), np.array([[-0.5, 0.7, 0.4], [-0.5, 0, -0.8], [-0.5, -0.6, 1]]))",
    "ColorNormalizeAug(mx.nd.array([1, 2, 3]), np.array([1.5, 2, 3]))", "ColorNormalizeAug(None, np.array([3]))",
    "RandomGrayAug(0.5)", "HorizontalFlipAug(0.5)", "CastAug('float16')", "CastAug()",
]  # fmt: skip


def augmented(mx: Any, picture: np.ndarray, code: str) -> list[Any]:
    import random

    random.seed(3)
    np.random.seed(4)
    augmenter = eval(f"mx.image.{code}", {"mx": mx, "np": np})
    results = [augmenter.dumps()]
    for _ in range(4):
        given = mx.nd.array(picture)
        results += [augmenter(given), given]  # some change what they are given
    return results


@pytest.mark.parametrize("code", AUGMENTERS)
def test_augmented_pictures_are_mxnets(oracle: Oracle, code: str) -> None:
    assert_same(*oracle.both(augmented, PICTURE, code), rtol=1e-6)


@pytest.mark.parametrize("code", AUGMENTERS[:10] + AUGMENTERS[-4:])
def test_bytes_stay_mxnets_bit_for_bit(oracle: Oracle, code: str) -> None:
    def of_bytes(mx: Any, picture: np.ndarray, code: str) -> list[Any]:
        import random

        random.seed(3)
        augmenter = eval(f"mx.image.{code}", {"mx": mx, "np": np})
        return [augmenter(mx.nd.array(picture, dtype="uint8")) for _ in range(3)]

    if "Normalize" not in code and "Gray" not in code:
        assert_same(*oracle.both(of_bytes, PICTURE, code), rtol=0)


CREATED = [
    "",
    "resize=30, rand_crop=True, rand_mirror=True, mean=True, std=True",
    "rand_crop=True, rand_resize=True, brightness=0.1, contrast=0.2, saturation=0.3, hue=0.2, pca_noise=0.1, "
    "rand_gray=0.5, inter_method=10, mean=np.array([1, 2, 3]), std=mx.nd.array([3])",
    "resize=20, inter_method=9, std=np.array([2.5, 3, 4])",
]


@pytest.mark.parametrize("options", CREATED)
def test_the_usual_lists_are_mxnets(oracle: Oracle, options: str) -> None:
    def run(mx: Any, picture: np.ndarray, options: str) -> list[Any]:
        import random

        random.seed(3)
        np.random.seed(4)
        made = eval(f"mx.image.CreateAugmenter((3, 20, 24), {options})", {"mx": mx, "np": np})
        results: list[Any] = [each.dumps() for each in made]
        for _ in range(3):
            changed = mx.nd.array(picture, dtype="uint8")
            for each in made:
                changed = each(changed)
            results.append(changed)
        return results

    assert_same(*oracle.both(run, PICTURE, options), rtol=1e-6)


@pytest.mark.parametrize(
    "code",
    [
        "mx.image.CreateAugmenter((3, 8, 9), rand_resize=True)",
        "mx.image.CreateAugmenter((3, 8, 9), mean=5)",
        "mx.image.CreateAugmenter((3, 8, 9), mean=np.ones(2))",
        "mx.image.CreateAugmenter((3, 8, 9), std=(1, 2, 3))",
        "mx.image.Augmenter()(1)",
        "mx.image.RandomSizedCropAug((3, 4), 0.1, (1, 2), foo=1)",
    ],
)
def test_errors_are_of_mxnets_classes(oracle: Oracle, code: str) -> None:
    ours, theirs = oracle.both(with_seeds, code, PICTURE)
    assert_same(ours, theirs)
    assert "MXNetError" in ours.mro


def test_an_augmenter_of_a_program_raises_its_own_errors() -> None:
    class Broken(mx.image.Augmenter):
        def __call__(self, src: Any) -> Any:
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        mx.image.SequentialAug([Broken()])(mx.nd.ones((2, 2, 3)))
