"""Writes to the memory of arrays are noticed by all who share it, however they are made."""

from __future__ import annotations

import gc

import numpy as np
import pytest
import torch

from glueball import autograd, nd
from glueball.core import writes as module
from glueball.core.writes import memory_of, writes
from glueball.graph.live import Snapshot, is_traceable


def _recorded(x):
    with autograd.record():
        x[:] = np.ones((2, 3))


@pytest.mark.parametrize("write", [
    lambda x: x.__setitem__(0, 5),
    lambda x: x.__setitem__(slice(None), 5),
    lambda x: x[1].__setitem__(2, 5),
    lambda x: x[1:].__iadd__(5),
    lambda x: x.reshape(6).__setitem__(3, 5),
    lambda x: x.__imul__(5),
    lambda x: nd.ones((2, 3)).copyto(x),
    lambda x: nd.elemwise_add(x, x, out=x),
    lambda x: nd.sgd_update(x, x, lr=0.1, out=x),
    lambda x: x.to_torch()[0].add_(1),
    _recorded,
])  # fmt: skip
def test_a_write_is_noticed(write):
    x, other = nd.ones((2, 3)), nd.ones((2, 3))
    snapshot = Snapshot([x._data])
    other[:] = 3
    assert snapshot.holds([x._data]) and snapshot.holds([x._data])
    write(x)
    assert not snapshot.holds([x._data])
    assert Snapshot([x._data]).holds([x._data])


def test_a_write_through_the_tensor_that_an_array_was_made_of():
    tensor = torch.ones(3)
    x = nd.from_torch(tensor)
    snapshot = Snapshot([x._data])
    tensor.add_(1)
    assert not snapshot.holds([x._data])


def test_another_tensor_is_not_the_same():
    x, y = nd.ones((2, 3)), nd.ones((2, 3))
    snapshot = Snapshot([x._data, y._data])
    assert not snapshot.holds([y._data, x._data])
    del y
    assert not snapshot.holds([x._data, nd.ones((2, 3))._data]), "it may be where the old one was"


def test_memory_that_others_can_write_to():
    x = nd.ones((3,))
    assert is_traceable([x._data])
    snapshot = Snapshot([x._data])
    shared = torch.from_dlpack(x)
    assert not snapshot.holds([x._data]) and not is_traceable([x._data])
    memory = memory_of(x._data)
    del x, shared
    gc.collect()
    assert not writes.is_shared(memory)


def test_what_has_been_forgotten_counts_as_written(monkeypatch):
    monkeypatch.setattr(module, "_MOST", 3)
    x = nd.ones((3,))
    snapshot = Snapshot([x._data])
    x[0] = 2
    arrays = [nd.ones((3,)) for _ in range(4)]
    for each in arrays:
        each[0] = 2
    assert not snapshot.holds([x._data])
    assert Snapshot([x._data]).holds([x._data])
