"""The times of the ways to compute the same are taken once, and kept in a file if the user says so."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace

import pytest
import torch

from glueball import MXNetError
from glueball.graph import tuning


@pytest.fixture(autouse=True)
def forgetful(monkeypatch):
    """Begin each test as a new process does."""
    _forget(monkeypatch)
    monkeypatch.delenv("GLUEBALL_TUNING", raising=False)


def _forget(monkeypatch):
    monkeypatch.setattr(tuning, "_found", {})
    monkeypatch.setattr(tuning, "_read", set())


def _counted(calls):
    return {"slow": lambda: lambda: (calls.append(0), time.sleep(0.01)), "fast": lambda: lambda: calls.append(1)}


def test_a_way_is_tried_once_for_each_number_of_threads():
    calls = []
    for _ in range(3):
        slow, fast = tuning.seconds(("test", 1), _counted(calls))
        assert slow > fast
    assert calls == [0, 1] * 5
    before = torch.get_num_threads()
    torch.set_num_threads(before + 1)
    tuning.seconds(("test", 1), _counted(calls))
    torch.set_num_threads(before)
    assert calls == [0, 1] * 10


def test_slow_ways_are_tried_less_often():
    calls = []
    ways = {"slow": lambda: lambda: time.sleep(0.2), "fast": lambda: lambda: (calls.append(2), time.sleep(0.1))}
    tuning.seconds(("test", 2), ways)
    assert calls.count(2) == 2, "no third turn after a tenth of a second"
    calls.clear()
    ways["slow"] = lambda: lambda: time.sleep(0.5)
    tuning.seconds(("test", 4), ways)
    assert calls.count(2) == 1, "no second turn after half a second"


@pytest.mark.parametrize(("second", "turns"), [(0.0011, 10), (0.0012, 5), (0.0009, 11)])
def test_a_close_race_has_more_turns(second, turns, monkeypatch):
    now, calls = [0.0], []
    monkeypatch.setattr(tuning, "time", SimpleNamespace(perf_counter=lambda: now[0]))

    def way(seconds):
        return lambda: lambda: (calls.append(seconds), now.append(now.pop() + seconds))

    tuning.seconds(("test", 5), {"one": way(0.001), "two": way(second)})
    assert calls == [0.001, second] * turns


def test_a_turn_may_follow_a_call_of_the_same_way():
    calls = []
    tuning.seconds(("test", 6), _counted(calls), alone=True)
    assert calls == [0, 0, 1, 1] * 5


def test_quick_ways_are_tried_more_often():
    calls = []
    tuning.seconds(("test", 3), {"one": lambda: lambda: calls.append(1), "other": lambda: lambda: calls.append(2)})
    assert calls.count(1) == calls.count(2) == 50


def test_a_file_keeps_the_times(tmp_path, monkeypatch):
    path, calls = tmp_path / "tuning.json", []
    monkeypatch.setenv("GLUEBALL_TUNING", str(path))
    times = tuning.seconds(("test", (1, 2)), _counted(calls))
    tuning.seconds("another", _counted(calls))
    assert len(calls) == 20
    _forget(monkeypatch)
    assert tuning.seconds(("test", (1, 2)), _counted(calls)) == times and len(calls) == 20
    _forget(monkeypatch)
    monkeypatch.setattr(tuning, "processor", lambda: "another")
    tuning.seconds(("test", (1, 2)), _counted(calls))
    assert len(calls) == 30, "times of another machine are of no use"
    assert sorted(len(times) for times in json.loads(path.read_text()).values()) == [2, 4]


def test_two_processes_write_one_file(tmp_path, monkeypatch):
    monkeypatch.setenv("GLUEBALL_TUNING", str(tmp_path / "tuning.json"))
    tuning.seconds("first", _counted([]))
    _forget(monkeypatch)
    monkeypatch.setattr(tuning, "_read", {str(tmp_path / "tuning.json")})  # before the first has written
    tuning.seconds("second", _counted([]))
    _forget(monkeypatch)
    calls = []
    tuning.seconds("first", _counted(calls))
    tuning.seconds("second", _counted(calls))
    assert not calls


@pytest.mark.parametrize("content", ["", "[]", '{"machine": 1}', '{"machine": {"key": "x"}}', "\x00"])
def test_another_file_is_refused(content, tmp_path, monkeypatch):
    path = tmp_path / "tuning.json"
    path.write_text(content)
    monkeypatch.setenv("GLUEBALL_TUNING", str(path))
    with pytest.raises(
        MXNetError, match=r"^GLUEBALL_TUNING: it must name a file that this library wrote; received '.*"
    ):
        tuning.seconds("test", _counted([]))
    assert path.read_text() == content


def test_a_file_that_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setenv("GLUEBALL_TUNING", str(tmp_path / "missing" / "tuning.json"))
    with pytest.warns(UserWarning, match="GLUEBALL_TUNING.*the times are kept in this process only"):
        slow, fast = tuning.seconds("test", _counted([]))
    assert slow > fast
