"""What chance does to the images of ImageRecordIter is distributed as MXNet's is."""

from __future__ import annotations

import numpy as np
import pytest

import glueball as mx

pytest.importorskip("cv2")

from tests.io import images


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("random-images")
    images.write(path / "co.rec", [images.coordinates(60, 80)] * 50)
    images.write(path / "smooth.rec", [images.smooth(64, 64, 3)] * 50, ending=".jpg", quality=95)
    return path


def drawn(mx, path, count, **options):
    """Of many draws: four levels in each image, and the mean of each channel."""
    import numpy as np

    made = mx.io.ImageRecordIter(
        path_imgrec=path, data_shape=(3, 32, 32), batch_size=50, verbose=False, preprocess_threads=1, **options
    )
    found = []
    for _ in range(count):
        for batch in made:
            data = batch.data[0].asnumpy()
            found.append(np.concatenate([data[:, 0, 0, 0:32:31], data[:, 1, 0:32:31, 0], data.mean(axis=(2, 3))], 1))
        made.reset()
    return np.concatenate(found)


DRAWS = {
    "crop": {"rand_crop": True}, "mirror": {"rand_mirror": True},
    "crop of a random size": {"rand_crop": True, "min_crop_size": 20, "max_crop_size": 40},
    "area": {
        "random_resized_crop": True, "min_random_area": 0.1, "max_random_area": 0.5,
        "min_aspect_ratio": 0.6, "max_aspect_ratio": 1.5,
    },
    "area and a ratio around 1": {
        "random_resized_crop": True, "min_random_area": 0.1, "max_random_area": 0.3, "max_aspect_ratio": 0.25,
    },
    "area of a padded image": {
        "random_resized_crop": True, "min_random_area": 0.1, "max_random_area": 0.3, "max_aspect_ratio": 0.25,
        "pad": 30,
    },
    "area too large": {"random_resized_crop": True, "min_random_area": 4, "max_random_area": 4},
    "area of a rotated image": {
        "random_resized_crop": True, "min_random_area": 0.1, "max_random_area": 0.3, "max_aspect_ratio": 0.25,
        "rotate": 90,
    },
    "rotation": {"max_rotate_angle": 20}, "shear": {"max_shear_ratio": 0.3}, "aspect": {"max_aspect_ratio": 0.3},
    "aspect in a range": {"min_aspect_ratio": 0.5, "max_aspect_ratio": 0.8},
    "scale": {"min_random_scale": 0.6, "max_random_scale": 1.4},
    "brightness": {"brightness": 0.4}, "contrast": {"contrast": 0.4}, "saturation": {"saturation": 0.4},
    "all three": {"brightness": 0.4, "contrast": 0.4, "saturation": 0.4}, "noise": {"pca_noise": 0.1},
    "hue": {"random_h": 30}, "saturation in HLS": {"random_s": 60}, "lightness": {"random_l": 60},
    "hue to both sides": {"random_h": -30}, "aspect to both sides": {"max_aspect_ratio": -0.3},
    "illumination": {"max_random_illumination": 10, "scale": 0.5},
    "contrast of numbers": {"max_random_contrast": 0.5, "mean_r": 50, "std_r": 3},
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("file", ["co", "smooth"])
def test_draws_are_distributed_as_mxnets(oracle, folder, file, name):
    ours, theirs = (each.get() for each in oracle.both(drawn, str(folder / f"{file}.rec"), 16, **DRAWS[name]))
    assert len(ours) == len(theirs) == 800
    for number, (one, other) in enumerate(zip(ours.T, theirs.T, strict=True)):
        assert _distance(one, other) < 0.11, f"number {number}: {_quarters(one)}, not {_quarters(other)}"


def test_a_method_by_chance_is_one_of_five(folder):
    options = {"path_imgrec": folder / "smooth.rec", "data_shape": (3, 32, 32), "batch_size": 50, "resize": 40}

    def of(method):
        return mx.io.ImageRecordIter(**options, inter_method=method, verbose=False).next().data[0].asnumpy()

    choices = [of(method)[0] for method in range(5)]
    found = [[np.array_equal(image, choice) for choice in choices].index(True) for image in of(10)]
    assert set(found) == {0, 1, 2, 3, 4}


def _distance(one, other):
    """The largest difference of two distributions; 0.11 is exceeded by chance once in 10,000 times."""
    # Numbers that differ by rounding alone are the same.
    values = np.unique(np.concatenate([one, other]).round(2))
    shares = [np.searchsorted(np.sort(each.round(2)), values, side="right") / len(each) for each in (one, other)]
    return float(np.abs(shares[0] - shares[1]).max())


def _quarters(values):
    return np.percentile(values, [0, 25, 50, 75, 100]).round(2)
