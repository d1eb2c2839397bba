"""Operators on regions where MXNet's CPU build cannot judge: it lacks them, or reads memory that is not its own."""

from __future__ import annotations

import numpy as np

from glueball import nd
from tests.comparison import assert_same


def test_a_region_of_no_image_has_zeros():
    """MXNet's builds for GPUs pad a batch's regions with such."""
    data, rois = nd.random.uniform(shape=(1, 2, 4, 4)), nd.array([[-1, 0, 0, 3, 3], [0, 0, 0, 3, 3]])
    pooled = nd.contrib.ROIAlign(data, rois, pooled_size=(2, 2), spatial_scale=1)
    alone = nd.contrib.ROIAlign(data, rois[1:], pooled_size=(2, 2), spatial_scale=1)
    assert_same(pooled.asnumpy(), np.concatenate([np.zeros((1, 2, 2, 2), "float32"), alone.asnumpy()]))


def test_mask_targets_are_aligned_regions_of_the_masks():
    rng = np.random.default_rng(0)
    masks = (rng.uniform(size=(2, 3, 9, 8)) > 0.5).astype("float32")
    rois = np.array([[[0, 0, 5, 6], [1, 2, 7, 8]], [[2, 0, 4, 4], [0, 1, 7, 7]]], "float32")
    matches, classes = np.array([[2, 0], [1, 1]], "float32"), np.array([[1, -1], [0, 3]], "float32")
    target, own = nd.contrib.mrcnn_mask_target(
        nd.array(rois), nd.array(masks), nd.array(matches), nd.array(classes), num_rois=2, num_classes=4,
        mask_size=(3, 2), sample_ratio=2,
    )  # fmt: skip
    for image in range(2):
        for number in range(2):
            mask = nd.array(masks[image, int(matches[image, number])][None, None])
            region = nd.array([[0, *rois[image, number]]])
            expected = nd.contrib.ROIAlign(mask, region, pooled_size=(3, 2), spatial_scale=1, sample_ratio=2)
            for kind in range(4):
                assert_same(target[image, number, kind].asnumpy(), expected[0, 0].asnumpy())
                assert (own[image, number, kind].asnumpy() == (kind == classes[image, number])).all()


def test_count_sketch_adds_each_number_to_its_place():
    rng = np.random.default_rng(0)
    data, places, signs = rng.normal(size=(3, 8)), rng.integers(0, 5, (1, 8)), rng.choice([-1.0, 1.0], (1, 8))
    expected = np.zeros((3, 5))
    for number in range(8):
        expected[:, places[0, number]] += signs[0, number] * data[:, number]
    arrays = [nd.array(each, dtype="float64") for each in (data, places, signs)]
    assert_same(nd.contrib.count_sketch(*arrays, out_dim=5).asnumpy(), expected)
    one = nd.contrib.count_sketch(arrays[0].reshape((3, 1, 1, 8)), *arrays[1:], out_dim=5)
    assert_same(one.asnumpy(), expected.reshape(3, 1, 1, 5))


def _proposals(mx):
    """Gradients of what comes before regions, from which the result depends on positions alone."""
    data, rois = mx.nd.ones((1, 4, 4, 4)), mx.nd.array([[0, 0, 0, 3, 3]])
    size = {"spatial_scale": 1.0}
    found = []
    for pool in (
        lambda x, r: mx.nd.ROIPooling(x, r, pooled_size=(2, 2), **size),
        lambda x, r: mx.nd.contrib.ROIAlign(x, r, pooled_size=(2, 2), **size),
        lambda x, r: mx.nd.contrib.PSROIPooling(x, r, pooled_size=2, output_dim=1, **size),
        lambda x, r: mx.nd.contrib.DeformablePSROIPooling(
            x, r, pooled_size=2, output_dim=1, group_size=2, no_trans=True, **size
        ),
    ):
        for factor in (mx.nd.ones(1), mx.nd.array([2.0])):
            before, also = mx.nd.ones(1), factor
            for variable in (before, also):
                variable.attach_grad()
                variable.grad[:] = 7
            with mx.autograd.record():
                result = pool(data * also, rois * before)
            result.backward()
            found += [before.grad, also.grad]
    return found


def test_what_comes_before_regions_gets_zeros(oracle):
    assert_same(*oracle.both(_proposals))
