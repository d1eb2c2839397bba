"""Batches that threads make ahead of the consumer."""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ...core.context import cpu
from ...ndarray import NDArray
from ..batch_source import BatchSource, Made, Rounds


@dataclass(frozen=True)
class Places:
    """Where a sample of a batch belongs: its data, and an array of one for its label and for its number."""

    data: np.ndarray
    label: np.ndarray
    index: np.ndarray


#: Decodes a record with its own chance into the places of its sample.
Decode = Callable[[bytes, Random, Places], None]


class Plan(NamedTuple):
    """What the batches are like and how they are made."""

    owner: str
    batch_size: int
    round_batch: bool
    data_shape: tuple[int, ...]
    dtype: torch.dtype
    label_shape: tuple[int, ...]
    label_fill: float
    threads: int
    ahead: int
    seed: int


class _Pending(NamedTuple):
    made: Made
    work: list[Future[None]]
    error: Exception | None = None


class Pipeline(BatchSource):
    """Reads the records of a few batches ahead, and has threads decode them.

    Chance comes with each record, in the order in which they are read: it does not depend on the threads.
    """

    def __init__(self, plan: Plan, epoch: Callable[[], Iterator[bytes]], decode: Decode) -> None:
        self._plan, self._decode = plan, decode
        self._seeds = Random(plan.seed)
        self._rounds = Rounds(plan.owner, epoch, plan.batch_size, plan.round_batch)
        self._ahead: deque[_Pending] = deque()
        self._is_at_end = False  # of the reading
        self._pool = ThreadPoolExecutor(plan.threads, thread_name_prefix=plan.owner)
        weakref.finalize(self, self._pool.shutdown, wait=False, cancel_futures=True)

    def next(self) -> Made | None:
        self._fill(1)
        if not self._ahead:
            return None
        pending = self._ahead.popleft()
        self._fill(self._plan.ahead)
        if pending.error is not None:
            raise pending.error
        for work in pending.work:
            work.result()
        return pending.made

    def reset(self) -> None:
        for pending in self._ahead:
            for work in pending.work:
                work.cancel()
        self._rounds.reset(was_read=not self._ahead)
        self._ahead.clear()
        self._is_at_end = False

    def _fill(self, count: int) -> None:
        while not self._is_at_end and len(self._ahead) < count:
            try:
                found = self._rounds.next()
            except Exception as error:  # of a batch that the consumer has not asked for yet
                self._ahead.append(_Pending(self._empty(0), [], error))
                self._is_at_end = True
                return
            if found is None:
                self._is_at_end = True
                return
            self._ahead.append(self._submitted(*found))

    def _empty(self, pad: int) -> Made:
        plan = self._plan
        data = torch.empty((plan.batch_size, *plan.data_shape), dtype=plan.dtype)
        label = torch.full((plan.batch_size, *plan.label_shape), plan.label_fill, dtype=torch.float32)
        if pad:
            data[plan.batch_size - pad :] = 0
        return Made(NDArray(data, cpu()), NDArray(label, cpu()), pad, np.zeros(plan.batch_size, np.uint64))

    def _submitted(self, records: list[bytes], pad: int) -> _Pending:
        made = replace(self._empty(self._plan.batch_size - len(records)), pad=pad)
        data, label = _memory(made.data._data), _memory(made.label._data)
        jobs = [
            (record, self._seeds.getrandbits(64), Places(data[at], label[at : at + 1], made.index[at : at + 1]))
            for at, record in enumerate(records)
        ]
        step = max(1, -(-len(jobs) // (4 * self._plan.threads)))
        work = [self._pool.submit(_decoded, self._decode, jobs[at : at + step]) for at in range(0, len(jobs), step)]
        return _Pending(made, work)


def _memory(tensor: Tensor) -> np.ndarray:
    memory: np.ndarray = tensor.numpy()
    return memory


def _decoded(decode: Decode, jobs: list[tuple[bytes, int, Places]]) -> None:
    for record, seed, places in jobs:
        decode(record, Random(seed), places)
