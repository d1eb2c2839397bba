"""The benchmark measures the same work in every library, and says what it measured."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import race, table
from benchmarks.contestant import Contestant, Process
from benchmarks.rows import ROWS, Row
from benchmarks.workloads import KINDS
from benchmarks.workloads.arrays import Add
from benchmarks.workloads.convolution import ConvBackward, ConvForward
from benchmarks.workloads.normalization import BatchNormForward
from benchmarks.workloads.training import DigitsStep

TINY = [
    Add((3,)),
    BatchNormForward((2, 3, 2, 2)),
    ConvBackward((2, 3, 5, 4)),
    ConvForward((2, 3, 5, 4)),
    DigitsStep(4, filters=(2, 3)),
]


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    with Process(sys.executable, ["glueball", "torch"], threads=1) as process:
        yield process


@pytest.fixture(scope="module")
def mxnet(oracle_python, oracle) -> Iterator[Contestant]:
    with Process(oracle_python, ["mxnet"], threads=1) as process:
        yield process.contestants[0]


def test_each_kind_of_work_is_tested_and_each_row_is_of_such_a_kind():
    assert {type(workload) for workload in TINY} == set(KINDS.values())
    assert {type(row.workload) for row in ROWS if row.workload is not None} <= set(KINDS.values())
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("workload", TINY, ids=str)
def test_glueball_and_torch_do_the_same_work(workload, process):
    race.compare(process.contestants, workload)


@pytest.mark.parametrize("workload", TINY, ids=str)
def test_mxnet_does_the_same_work(workload, process, mxnet):
    race.compare([mxnet, *process.contestants], workload)


def test_a_training_step_changes_the_network(process):
    first, second = process.contestants[0].build(DigitsStep(4, filters=(2, 3)))
    assert second[0].mean() < first[0].mean()


@pytest.mark.parametrize("library", [0, 1])
def test_a_call_takes_time(library, process):
    contestant = process.contestants[library]
    contestant.build(Add((3,)))
    assert 0 < contestant.seconds_per_call(warm_up=0.0, duration=0.001) < 1


def test_a_failure_in_a_library_is_reported(process):
    with pytest.raises(RuntimeError, match="KeyError: 'Juggle'"):
        process.ask(library="torch", kind="Juggle", fields={})
    assert process.contestants[1].build(Add((3,)))


def test_an_import_is_timed_in_a_fresh_process():
    process = SimpleNamespace(python=sys.executable, environment=dict(os.environ))
    assert 0 < Contestant("json", "", process).seconds_to_import() < 60


class _Fake:
    """A contestant that always computes one number."""

    def __init__(self, library: str, number: float) -> None:
        self.library, self.number = library, number

    def build(self, workload: object) -> list[list[np.ndarray]]:
        return [[np.float32([self.number])]]


def test_other_work_is_refused():
    race.compare([_Fake("a", 1.0), _Fake("b", 1.00001)], "work")
    with pytest.raises(AssertionError, match="work in b, beside a"):
        race.compare([_Fake("a", 1.0), _Fake("b", 1.1)], "work")


def test_the_libraries_take_turns():
    turns = []

    def measure(contestant):
        turns.append(contestant.library)
        return contestant.number

    seconds = race.take_turns([_Fake("a", 1.0), _Fake("b", 2.0)], 2, measure)
    assert turns == ["a", "b", "a", "b"]
    assert seconds == {"a": [1.0, 1.0], "b": [2.0, 2.0]}


def _result(*above: float, target: float | None = 10e-6) -> race.Result:
    baseline = [40e-6, 50e-6, 42e-6, 44e-6]
    ours = [seconds + more for seconds, more in zip(baseline, above, strict=True)]
    return race.Result(Row("row", None, target), {"glueball": ours, "torch": baseline, "mxnet": [1e-3] * 4})


def test_a_line_says_medians_spread_difference_and_ratios():
    line = table.line(_result(7e-6, 8e-6, 9e-6, 8e-6), width=10)
    assert line.split() == [
        "row", "51.5", "us", "±8%", "43.0", "us", "±9%", "1.0", "ms", "±0%", "8.0", "us", "1.20", "0.05"
    ]  # fmt: skip
    header = table.header(["glueball", "torch", "mxnet"], width=10)
    assert "above torch" in header and "x mxnet" in header
    assert len(line) == len(header.splitlines()[0]) == len(header.splitlines()[1])


@pytest.mark.parametrize(
    ("above", "word"),
    [((7e-6, 8e-6, 9e-6, 8e-6), "met"), ((12e-6, 13e-6, 12e-6, 13e-6), "MISSED"), ((1e-6, 30e-6, 2e-6, 40e-6), "busy")],
)
def test_a_verdict_compares_with_the_target_unless_the_machine_is_busy(above, word):
    assert table.verdict(_result(*above)).endswith(word)
    assert table.verdict(_result(*above, target=None)) == ""


def test_the_command_prints_a_table_and_writes_every_number(tmp_path, monkeypatch, capsys):
    path = tmp_path / "numbers.json"
    arguments = ["--only", "nd.add", "--rounds", "2", "--threads", "1", "--mxnet", "nowhere", "--json", str(path)]
    monkeypatch.setattr(sys, "argv", ["benchmarks", *arguments])
    command.main()
    printed = capsys.readouterr().out
    assert "without MXNet: nowhere does not exist" in printed
    assert "1 threads" in printed and "torch" in printed and "nd.add 100" in printed
    content = json.loads(path.read_text())
    assert content["threads"] == 1 and set(content["versions"]) == {"glueball", "torch"}
    (row,) = content["rows"]
    assert row["row"] == "nd.add 100"
    assert {library: len(rounds) for library, rounds in row["seconds"].items()} == {"glueball": 2, "torch": 2}


def test_the_command_refuses_a_row_that_is_not_there(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "juggling"])
    with pytest.raises(SystemExit, match="part of a row's name; received 'juggling'"):
        command.main()
