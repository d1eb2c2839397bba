"""Conversion between memory formats: every image arrives whole, and what torch does better is left to it."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from glueball.graph.kernels import layout
from glueball.graph.kernels.room import Room
from tests.graph.kernels import is_compiled

pytestmark = pytest.mark.skipif(not is_compiled(), reason=layout.obstacle())


@pytest.fixture(autouse=True)
def always(monkeypatch):
    """Convert small images too."""
    monkeypatch.setattr(layout, "_SMALL", 0)


@given(
    shape=st.tuples(st.integers(1, 3), st.integers(1, 50), st.integers(1, 9), st.integers(1, 60)),
    threads=st.integers(1, 3),
)
def test_images_arrive_whole(shape, threads):
    images, before = torch.randn(shape), torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        last = layout.to_channels_last_memory(images)
        first = torch.empty(shape)
        layout.copy_into(first, last)
    finally:
        torch.set_num_threads(before)
    assert last.is_contiguous(memory_format=torch.channels_last) and first.is_contiguous()
    assert torch.equal(last, images) and torch.equal(first, images)


_OTHERS = {
    "float64": lambda: torch.randn(2, 3, 4, 5, dtype=torch.float64),
    "float16": lambda: torch.randn(2, 3, 4, 5).half(),
    "a part": lambda: torch.randn(4, 6, 8, 10)[::2, 1:, ::3],
    "empty": lambda: torch.randn(2, 0, 4, 5),
    "other order": lambda: torch.randn(2, 5, 4, 3).permute(0, 3, 2, 1),
    "recorded": lambda: torch.randn(2, 3, 4, 5, requires_grad=True),
}


@pytest.mark.parametrize("kind", _OTHERS)
def test_any_tensor_is_converted(kind):
    tensor = _OTHERS[kind]()
    last = layout.to_channels_last_memory(tensor)
    assert last.is_contiguous(memory_format=torch.channels_last) and torch.equal(last, tensor)
    first = torch.empty(tensor.shape, dtype=tensor.dtype)
    layout.copy_into(first, last.detach())
    assert torch.equal(first, tensor)


def test_a_room_takes_the_converted_images():
    images, room = torch.randn(2, 20, 6, 7), Room()
    last = layout.to_channels_last_memory(images, room)
    assert torch.equal(last, images) and last.data_ptr() == room.of(1).data_ptr()
