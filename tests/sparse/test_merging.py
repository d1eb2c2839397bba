"""Unions of places, slices that are put back, and how little of an array a step touches."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import glueball as gb
from glueball.core.sparse_forms import Rows
from glueball.ops.sparse.merging import union
from glueball.ops.sparse.slices import Slices


@pytest.mark.parametrize("left", [[], [0], [0, 3, 4], [5], [1, 2, 9]], ids=str)
@pytest.mark.parametrize("right", [[], [0], [3, 5, 6], [0, 3, 4]], ids=str)
def test_a_union_is_that_of_sets(left, right):
    first, second = (torch.tensor(numbers, dtype=torch.int64) for numbers in (left, right))
    found = union(first, second, 10)
    expected = sorted({*left, *right})
    assert found.length == len(expected)
    assert found.joined(first, second).tolist() == expected
    both = sorted([*left, *right])
    for number, before in enumerate(found.before.tolist()):
        assert before == len(set(both[:number])) or both[number - 1] == both[number]
    beside = found.beside(first + 1.0, second + 1.0)
    assert [[one and number + 1.0 for number, one in zip(expected, [*map(own.__contains__, expected)], strict=True)]
            for own in (left, right)] == [values.tolist() for values in beside]  # fmt: skip


@pytest.mark.parametrize("numbers", [[2, 1], [1, 1]])
def test_what_does_not_ascend_has_none(numbers):
    assert union(torch.tensor(numbers), torch.tensor([0]), 3) is None
    assert union(torch.tensor([0]), torch.tensor([1]), 2**61) is None, "and neither have positions that are too large"


@pytest.mark.parametrize("places", [[0, 1, 2, 3], [3, 1, 0, 2], [1, 3], [3, 1], []], ids=str)
@pytest.mark.parametrize("wanted", [[1, 3], [3, 0], [2], [], [7]], ids=str)
def test_slices_are_found_whatever_the_order(places, wanted):
    rows = Rows(torch.tensor(places).float()[:, None] + 1, torch.tensor(places, dtype=torch.int64), (4, 1))
    asked = torch.tensor(wanted, dtype=torch.int64)
    expected = [[number + 1.0] if number in places else [0.0] for number in wanted]
    assert rows.at(asked).tolist() == expected
    if wanted == [7]:
        return
    whole = rows.dense()
    slices = Slices(rows, asked)
    assert torch.equal(slices.replaced(slices.values + 5).dense(), whole.index_copy(0, asked, slices.values + 5))
    assert torch.equal(rows.dense(), whole), "a copy leaves the array alone"
    assert torch.equal(slices.put(slices.values + 5).dense(), whole.index_copy(0, asked, slices.values + 5))


@pytest.mark.parametrize("stype", ["default", "row_sparse"])
def test_a_step_writes_to_the_rows_of_the_gradient_alone(stype):
    arrays = [gb.nd.ones((50, 2)).tostype(stype) for _ in range(3)]
    before = [array.data._data.data_ptr() if stype != "default" else array._data.data_ptr() for array in arrays]
    gradient = gb.nd.sparse.row_sparse_array((np.full((2, 2), 3, "float32"), [3, 7]), shape=(50, 2))
    result = gb.nd.sparse.adam_update(arrays[0], gradient, *arrays[1:], lr=0.1, out=arrays[0])
    assert result is arrays[0]
    for array, place in zip(arrays, before, strict=True):
        memory = array.data._data if stype != "default" else array._data
        assert memory.data_ptr() == place, "the step is in place"
        changed = np.nonzero((array.asnumpy() != 1).any(1))[0]
        assert changed.tolist() == [3, 7]
    other = gb.nd.sparse.sgd_update(arrays[0], gradient, lr=0.1)
    assert other is not arrays[0] and other.stype == stype
    assert not np.array_equal(other.asnumpy(), arrays[0].asnumpy())
