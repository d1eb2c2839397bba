"""Which anchor gets which object."""

from __future__ import annotations

from tests.comparison import assert_same


def rivals(mx):
    """Two objects whose best anchor is the same one, and a third like the first."""
    anchors = mx.nd.array([[[0, 0, 0.5, 0.5], [0.1, 0.1, 0.6, 0.6], [0.5, 0.5, 1, 1], [0.4, 0, 0.9, 0.3]]])
    first, second = [0, 0, 0, 0.5, 0.48], [1, 0.02, 0.02, 0.5, 0.5]
    labels = mx.nd.array([[first, second, [2, *first[1:]]], [second, first, [-1] * 5]])
    return mx.nd.contrib.MultiBoxTarget(anchors, labels, mx.nd.zeros((2, 4, 4)), overlap_threshold=0.9)


def test_an_anchor_has_one_object_and_each_object_an_anchor(oracle):
    ours, theirs = oracle.both(rivals)
    assert_same(ours, theirs, rtol=1e-5)
    classes = ours.get()[2]
    assert sorted(classes[0].tolist()) == [0, 1, 2, 3]
    assert sorted(classes[1].tolist()) == [0, 0, 1, 2]
