"""Processes meet in a store that remembers those of earlier lives; threads stand in for processes."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from torch.distributed import HashStore

from glueball.core.errors import MXNetError
from glueball.parallel.meeting import meet


@pytest.fixture
def store():
    return HashStore()


def meet_all(store, ranks, size=3, seconds=30.0, pause=0.0):
    """The rounds in which processes meet that come one after the other."""
    with ThreadPoolExecutor(size) as pool:
        begun = []
        for rank in ranks:
            begun.append(pool.submit(meet, store, rank, size, seconds))
            time.sleep(pause)
        return [each.result() for each in begun]


def test_all_meet_in_one_round(store):
    assert meet_all(store, [2, 0, 1]) == ["glueball/0"] * 3


def test_one_process_meets_itself(store):
    assert meet_all(store, [0], size=1) == ["glueball/0"]


@pytest.mark.parametrize("pause", [0.0, 0.1])
def test_each_life_has_a_round_of_its_own(store, pause):
    for life in range(4):
        ranks = [(life + each) % 3 for each in range(3)]
        assert meet_all(store, ranks, pause=pause) == [f"glueball/{life}"] * 3


def test_those_that_did_not_come_are_named(store):
    with pytest.raises(MXNetError, match=r"^processes 1, 2 did not come$"):
        meet(store, 0, 3, 0.2)


@pytest.mark.parametrize("first", [0, 2])
def test_one_that_had_not_come_joins_the_next_life(store, first):
    """Two came and were ended, since the third died on its way; nobody takes them for those that come later."""
    for rank in (0, 1):
        with pytest.raises(MXNetError, match="did not come"):
            meet(store, rank, 3, 0.1)
    ranks = [first, *({0, 1, 2} - {first})]
    assert meet_all(store, ranks, pause=0.2) == ["glueball/1"] * 3


def test_those_that_wait_follow_one_that_was_started_again(store):
    """One machine starts its process again before the other has come; nobody else knows."""
    with pytest.raises(MXNetError, match="did not come"):
        meet(store, 1, 3, 0.1)
    found = []
    waiting = threading.Thread(target=lambda: found.append(meet(store, 0, 3, 30)))
    waiting.start()
    time.sleep(0.2)
    assert meet_all(store, [1, 2]) == ["glueball/1"] * 2
    waiting.join(30)
    assert found == ["glueball/1"]


def test_another_number_of_processes_meets_in_the_same_store(store):
    assert meet_all(store, [0, 1, 2]) == ["glueball/0"] * 3
    assert meet_all(store, [0, 1], size=2) == ["glueball/1"] * 2
    assert meet_all(store, [0, 1, 2, 3], size=4) == ["glueball/2"] * 4
