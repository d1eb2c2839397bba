"""Suppression among more boxes than are compared at once, and what many boxes cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from glueball.ops.contrib.suppression import greedy
from tests.comparison import assert_same
from tests.oracle.client import Oracle


def _many(mx: Any, options: dict[str, Any]) -> list[Any]:
    import numpy as np

    rng = np.random.RandomState(0)
    middle, size = rng.uniform(0, 100, (2, 700, 2)), rng.uniform(2, 30, (2, 700, 2))
    kinds, scores = rng.randint(0, 4, (2, 700, 1)), rng.permutation(1400).reshape(2, 700, 1) / 1400.0
    boxes = np.concatenate([middle - size / 2, middle + size / 2], 2)
    found = mx.nd.array(np.concatenate([kinds, scores, boxes], 2))
    return [mx.nd.contrib.box_nms(found, overlap_thresh=0.4, **options)]


@pytest.mark.parametrize("options", [{}, {"id_index": 0}, {"id_index": 0, "force_suppress": True}, {"topk": 500}])
def test_many_boxes(options: dict[str, Any], oracle: Oracle) -> None:
    assert_same(*oracle.both(_many, options))


def test_boxes_are_kept_in_turn() -> None:
    """Each of a row of boxes overlaps the next one, so that every other one is kept."""
    left = torch.arange(1000.0)
    boxes = torch.stack([left, torch.zeros(1000), left + 1.5, torch.ones(1000)], 1)
    np.testing.assert_array_equal(greedy(boxes, 0.1).numpy(), np.arange(1000) % 2 == 0)
    assert greedy(boxes, 0.1, torch.arange(1000) % 2).all()


def test_an_overlap_of_the_threshold() -> None:
    boxes = torch.tensor([[0.0, 0, 2, 1], [1, 0, 2, 1]])
    assert greedy(boxes, 0.5).tolist() == [True, True]
    assert greedy(boxes, 0.5, inclusive=True).tolist() == [True, False]


def test_no_boxes() -> None:
    assert greedy(torch.zeros(0, 4), 0.5).tolist() == greedy(torch.zeros(0, 4), 0.5, torch.zeros(0)).tolist() == []
