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
from benchmarks.target import Above, AtMost, Ratio
from benchmarks.workloads import KINDS, NetworkWorkload
from benchmarks.workloads.arrays import Add
from benchmarks.workloads.convolution import ConvBackward, ConvForward
from benchmarks.workloads.dense import DenseForward
from benchmarks.workloads.files import LoadParams
from benchmarks.workloads.normalization import BatchNormForward
from benchmarks.workloads.residual import FirstGraphCall, ResidualForward
from benchmarks.workloads.training import DigitsStep
from benchmarks.workloads.zoo import ZooForward

TINY = [
    Add((3,)),
    BatchNormForward((2, 3, 2, 2)),
    ConvBackward((2, 3, 5, 4)),
    ConvForward((2, 3, 5, 4)),
    DenseForward(2, (3, 4, 2)),
    DigitsStep(4, filters=(2, 3)),
    FirstGraphCall((1, 2, 32, 32), classes=3, layers=(1, 2), channels=(4, 8, 12)),
    LoadParams(2, row=5),
    ResidualForward((2, 3, 32, 32), classes=3, layers=(2, 1), channels=(4, 4, 8)),
    ZooForward("mobilenetv2_0.25", (1, 3, 32, 32)),
]


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    with Process(sys.executable, ["glueball", "torch"], threads=1) as process:
        yield process


@pytest.fixture(scope="module")
def mxnet(oracle_python, oracle) -> Iterator[Process]:
    with Process(oracle_python, ["mxnet"], threads=1) as process:
        yield process


def test_each_kind_of_work_is_tested_and_each_row_is_of_such_a_kind():
    assert {type(workload) for workload in TINY} == set(KINDS.values())
    assert {type(row.workload) for row in ROWS if row.workload is not None} <= set(KINDS.values())
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_each_row_with_a_network_says_that_its_graph_is_never_slower():
    for row in ROWS:
        has_both = isinstance(row.workload, NetworkWorkload)
        assert has_both is (Ratio(1.0, "glueball graph", "glueball") in row.targets), row.name


def test_a_workload_says_in_which_ways_it_is_written():
    assert Add((3,)).ways() == ["gluon", "torch"]
    assert ConvForward((2, 3, 5, 4)).ways() == ["gluon", "graph", "torch"]
    assert FirstGraphCall((1, 3, 8, 8)).ways() == ["graph"]


@pytest.mark.parametrize("workload", TINY, ids=str)
def test_glueball_and_torch_do_the_same_work(workload, process):
    taking_part = race.able(process.contestants, workload)
    assert len(taking_part) == len(workload.ways())
    race.compare(taking_part, workload)


@pytest.mark.parametrize("workload", TINY, ids=str)
def test_mxnet_does_the_same_work(workload, process, mxnet):
    race.compare(race.able([*mxnet.contestants, *process.contestants], workload), workload)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_training_step_changes_the_network(number, process):
    first, second = process.contestants[number].build(DigitsStep(4, filters=(2, 3)))
    assert second[0].mean() < first[0].mean()


def test_only_the_graph_is_hybridized():
    made = []

    class Kind(NetworkWorkload):
        def network(self, mx):
            made.append(SimpleNamespace(hybridize=lambda **options: made.append(options)))
            return made[-1]

        def run(self, mx, net):
            return net

    assert Kind().gluon(None) is made[0] and len(made) == 1
    assert Kind().graph(None) is made[1] and made[2] == {"static_alloc": True, "static_shape": True}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_call_takes_time(number, process):
    contestant = process.contestants[number]
    contestant.build(ConvForward((2, 3, 5, 4)))
    assert 0 < contestant.seconds_per_call(warm_up=0.0, duration=0.001) < 1


def test_a_first_call_is_timed_in_a_fresh_process(process):
    graph = next(contestant for contestant in process.contestants if contestant.name == "glueball graph")
    assert 0 < graph.seconds_of_first_call(FirstGraphCall((1, 2, 32, 32), 3, (1,), (4, 8))) < 60


def test_the_files_of_a_workload_go_with_it(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with Process(sys.executable, ["glueball", "torch"], threads=1) as process:
        for contestant in race.able(process.contestants, LoadParams(2, row=5)):
            contestant.build(LoadParams(2, row=5))
        assert {path.name for path in tmp_path.rglob("one.*")} == {"one.params", "one.bytes"}
        process.contestants[0].build(Add((3,)))
        assert {path.name for path in tmp_path.rglob("one.*")} == {"one.bytes"}
    assert not list(tmp_path.rglob("one.*"))


def test_a_failure_in_a_library_is_reported(process):
    with pytest.raises(RuntimeError, match="KeyError: 'Juggle'"):
        process.ask(library="torch", way="torch", kind="Juggle", fields={})
    assert process.contestants[-1].build(Add((3,)))


def test_an_import_is_timed_in_a_fresh_process():
    process = SimpleNamespace(python=sys.executable, environment=dict(os.environ))
    assert 0 < Contestant("json", "gluon", process).seconds_to_import() < 60


class _Fake:
    """A contestant that always computes one number."""

    def __init__(self, name: str, number: float) -> None:
        self.name, self.number = name, number

    def build(self, workload: object) -> list[list[np.ndarray]]:
        return [[np.float32([self.number])]]


def test_other_work_is_refused():
    race.compare([_Fake("a", 1.0), _Fake("b", 1.00001)], "work")
    with pytest.raises(AssertionError, match="work in b, beside a"):
        race.compare([_Fake("a", 1.0), _Fake("b", 1.1)], "work")


def test_contestants_take_turns():
    turns = []

    def measure(contestant):
        turns.append(contestant.name)
        return contestant.number

    seconds = race.take_turns([_Fake("a", 1.0), _Fake("b", 2.0)], 2, measure)
    assert turns == ["a", "b", "a", "b"]
    assert seconds == {"a": [1.0, 1.0], "b": [2.0, 2.0]}


def _result(*above: float, targets=()) -> race.Result:
    baseline = [40e-6, 50e-6, 42e-6, 44e-6]
    ours = [seconds + more for seconds, more in zip(baseline, above, strict=True)]
    graph = [seconds * 0.5 for seconds in ours]
    seconds = {"glueball": ours, "glueball graph": graph, "torch": baseline, "mxnet": [1e-3] * 4}
    return race.Result(Row("row", None, targets), seconds)


NAMES = ["glueball", "glueball graph", "torch", "mxnet", "mxnet graph"]


def test_a_line_says_medians_spread_difference_and_ratios():
    line = table.line(_result(7e-6, 8e-6, 9e-6, 8e-6), NAMES, width=10)
    assert line.split() == [
        "row", "51.5", "us", "±8%", "25.8", "us", "±8%", "43.0", "us", "±9%", "1.0", "ms", "±0%", "-",
        "8.0", "us", "1.20", "0.05", "0.50", "-",
    ]  # fmt: skip
    header = table.header(NAMES, width=10).splitlines()
    assert header[0].endswith("above torch         x torch         x mxnet     graph x own   graph x mxnet")
    assert len(line) == len(header[0]) == len(header[1])


def test_columns_of_who_does_not_run_are_left_out():
    assert "mxnet" not in table.header(NAMES[:3], width=10)


@pytest.mark.parametrize(
    ("above", "word"),
    [((7e-6, 8e-6, 9e-6, 8e-6), "met"), ((12e-6, 13e-6, 12e-6, 13e-6), "MISSED"), ((1e-6, 30e-6, 2e-6, 40e-6), "busy")],
)
def test_a_verdict_compares_with_the_target_unless_the_machine_is_busy(above, word):
    (verdict,) = table.verdicts(_result(*above, targets=(Above(10e-6),)))
    assert verdict.startswith("row: glueball at most 10.0 us above torch: measured ") and verdict.endswith(word)
    assert table.verdicts(_result(*above)) == []


@pytest.mark.parametrize(
    ("ratios", "word"),
    [
        ([0.9, 0.9, 1.0, 1.0], "measured 0.950 x ± 0.050 x: met"),
        ([1.0, 1.0, 1.0, 1.0], "measured 1.000 x ± 0.000 x: met"),
        ([0.9, 1.2, 0.9, 1.2], "measured 1.050 x ± 0.150 x: UNDECIDED, within the spread"),
        ([1.1, 1.1, 1.2, 1.2], "measured 1.150 x ± 0.050 x: MISSED"),
        ([0.1, 1.8, 0.1, 1.8], "measured 0.950 x ± 0.850 x: UNDECIDED, the machine is too busy"),
    ],
)
def test_a_ratio_is_taken_round_by_round(ratios, word):
    for others in ([10.0] * 4, [1.0, 2.0, 3.0, 4.0]):
        seconds = {"a": [other * ratio for other, ratio in zip(others, ratios, strict=True)], "b": others}
        assert Ratio(1.0, "a", "b").verdict(seconds) == f"a at most 1.000 x b: {word}"


@pytest.mark.parametrize(("seconds", "word"), [([1.4, 1.5, 1.4], "met"), ([1.7, 1.8, 1.7], "MISSED")])
def test_seconds_can_be_limited(seconds, word):
    verdict = AtMost(1.5, "a").verdict({"a": seconds, "b": [0.1] * 3})
    assert verdict.startswith("a at most 1.50 s: measured 1.") and verdict.endswith(f" ± 50.0 ms: {word}")


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
    assert {name: len(rounds) for name, rounds in row["seconds"].items()} == {"glueball": 2, "torch": 2}


def test_the_command_refuses_a_row_that_is_not_there(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "juggling"])
    with pytest.raises(SystemExit, match="part of a row's name; received 'juggling'"):
        command.main()
