"""Outputs of graphs have memory of their own; it is used again when nobody has it, and not before."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest
import torch

from glueball import nd
from glueball.graph.outputs import Output
from glueball.graph.recycled import Recycled

_SHAPE = (1, 8, 90, 70)  # large enough


def _last(shape=_SHAPE):
    return torch.randn(shape).contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("make", [
    lambda: _last(), lambda: torch.randn(_SHAPE), lambda: torch.randn(3, 5), lambda: torch.randn(_SHAPE).double(),
    lambda: torch.randn(400, 300).t(), lambda: torch.ones(40000, dtype=torch.int32)[::2],
])  # fmt: skip
@pytest.mark.parametrize("is_shared", [False, True])
def test_an_output_is_contiguous(make, is_shared):
    tensor, output = make(), Output(is_shared)
    for _ in range(3):
        result = output(tensor)
        assert result.is_contiguous() and torch.equal(result, tensor) and result.dtype is tensor.dtype
        may_be_same = not is_shared and tensor.is_contiguous()
        assert (result.data_ptr() == tensor.data_ptr()) == may_be_same


def test_memory_is_used_again():
    output, places = Output(False), set()
    for _ in range(10):
        places.add(output(_last()).data_ptr())
    assert len(places) == 1


@pytest.mark.parametrize("keep", [
    lambda tensor: tensor, lambda tensor: tensor[0, 1:2], lambda tensor: tensor.numpy(), torch.detach,
    lambda tensor: nd.from_torch(tensor), lambda tensor: np.from_dlpack(tensor),
    lambda tensor: tensor.untyped_storage(),
], ids=["tensor", "view", "numpy", "detached", "array", "DLPack", "storage"])  # fmt: skip
def test_what_somebody_has_is_left_alone(keep):
    output, kept = Output(False), []
    for _ in range(8):
        image = _last()
        result = output(image)
        kept.append((keep(result), result.clone(), result.data_ptr()))
        del result
    assert len({place for *_, place in kept}) == 8
    for thing, right, _ in kept:
        if isinstance(thing, np.ndarray):
            assert np.array_equal(thing, right.numpy())
        elif isinstance(thing, torch.Tensor):
            assert torch.equal(thing, right if thing.shape == right.shape else right[0, 1:2])
    del kept, thing
    gc.collect()
    (memory,) = output._memory._kept.values()
    assert sum(map(len, memory._arrays.kept.values())) <= 3


def test_what_autograd_has_is_left_alone():
    output, weight = Output(False), torch.ones((), requires_grad=True)
    first = output(_last())
    right, loss = first.sum().item(), (first * weight).sum()
    del first
    for _ in range(4):
        output(_last())
    loss.backward()
    assert weight.grad.item() == pytest.approx(right, rel=1e-4)


def test_other_shapes_of_one_size():
    output = Output(False)
    for shape in (_SHAPE, (1, 8, 70, 90), (1, 16, 45, 70)):
        assert output(_last(shape)).shape == shape


def test_very_much_is_not_kept():
    for most, kept in ((40000, 0), (130000, 2), (250000, 3)):
        memory = Recycled(most)
        tensors = [memory.empty((60000,)) for _ in range(3)]
        assert len({tensor.data_ptr() for tensor in tensors}) == 3
        assert sum(map(len, memory._arrays.kept.values())) == kept


def test_room_for_a_new_size_is_made_at_the_cost_of_others():
    memory = Recycled(100000)
    first = memory.empty((60000,))
    memory.empty((70000,))
    assert {size: len(arrays) for size, arrays in memory._arrays.kept.items()} == {60000: 0, 70000: 1}
    assert memory._arrays.total == 70000 and first.fill_(1).sum() == 60000
    assert memory.images((2, 30, 40, 50)).is_contiguous(memory_format=torch.channels_last)


def test_threads_do_not_share_memory():
    output, failed = Output(False), []

    def work(number):
        for _ in range(50):
            result = output(torch.full(_SHAPE, float(number)).contiguous(memory_format=torch.channels_last))
            if not result.eq(number).all():
                failed.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
