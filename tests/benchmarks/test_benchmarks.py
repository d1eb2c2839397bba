"""The benchmark measures the same work in every library, and says what it measured."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import glueball as mx
from benchmarks import __main__ as command
from benchmarks import field, race
from benchmarks.contestant import Contestant, Process
from benchmarks.rows import GROUPS, ROWS, ZOO
from benchmarks.target import Ratio
from benchmarks.workloads import KINDS, NetworkWorkload
from benchmarks.workloads.arrays import Add
from benchmarks.workloads.convolution import ConvBackward, ConvForward
from benchmarks.workloads.dense import DenseForward
from benchmarks.workloads.files import LoadParams
from benchmarks.workloads.images import ImageBatches, LoadedImageBatches
from benchmarks.workloads.normalization import BatchNormForward
from benchmarks.workloads.recurrent import RecurrentForward, RecurrentStep
from benchmarks.workloads.residual import FirstGraphCall, ResidualForward
from benchmarks.workloads.residual_step import ResidualStep
from benchmarks.workloads.training import DigitsStep
from benchmarks.workloads.zoo import ZooForward, ZooGraph

TINY = [
    Add((3,)),
    BatchNormForward((2, 3, 2, 2)),
    ConvBackward((2, 3, 5, 4)),
    ConvForward((2, 3, 5, 4)),
    ConvForward((1, 4, 6, 5), 8, 1),
    ConvForward((1, 4, 7, 6), 4, 3, 2, 2),
    DenseForward(2, (3, 4, 2)),
    DigitsStep(4, filters=(2, 3)),
    FirstGraphCall((1, 2, 32, 32), classes=3, layers=(1, 2), channels=(4, 8, 12)),
    ImageBatches(20, side=40, crop=32, batch=5),
    LoadedImageBatches(20, side=40, crop=32, batch=5),
    LoadParams(2, row=5),
    *[kind(name, 3, 2, 4, 2) for kind in (RecurrentForward, RecurrentStep) for name in ("GRU", "LSTM")],
    ResidualForward((2, 3, 32, 32), classes=3, layers=(2, 1), channels=(4, 4, 8)),
    ResidualStep((2, 3, 32, 32), classes=3, layers=(2, 1), channels=(4, 8, 12)),
    ResidualStep((2, 3, 32, 32), classes=3, layers=(2, 1), channels=(4, 8, 12), kind="bfloat16"),
    ZooForward("mobilenetv2_0.25", (1, 3, 32, 32)),
    ZooForward("vgg11", (1, 3, 32, 32)),
    ZooGraph("mobilenet0.25", (1, 3, 32, 32)),
]
NONE = race.Effort(pause=0.0)


@pytest.fixture(scope="module")
def own() -> Iterator[field.Field]:
    with contextlib.ExitStack() as stack:
        yield field.own(stack, field.Field(), threads=1)


@pytest.fixture(scope="module")
def process(own) -> Process:
    return own.contestants[0].process


@pytest.fixture(scope="module")
def mxnet(oracle_python, oracle) -> Iterator[field.Field]:
    with contextlib.ExitStack() as stack:
        yield field.mxnet(stack, field.Field(), Path(oracle_python), threads=1)


def test_each_kind_of_work_is_tested_and_each_row_is_of_such_a_kind():
    assert {type(workload) for workload in TINY} == set(KINDS.values())
    assert {type(row.workload) for row in ROWS + ZOO if row.workload is not None} <= set(KINDS.values())
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert {row.group for row in ROWS + ZOO} == {"", *GROUPS}


def test_the_zoo_is_whole():
    with pytest.raises(mx.MXNetError) as refusal:
        mx.gluon.model_zoo.vision.get_model("all of them")
    names = str(refusal.value).partition("one of ")[2].partition(";")[0].split(", ")
    assert sorted(row.name for row in ZOO) == sorted(names) and len(names) == 34


def test_each_row_with_a_network_says_that_its_graph_is_never_slower():
    for row in ROWS:
        has_both = isinstance(row.workload, NetworkWorkload)
        assert has_both is (Ratio(1.0, "glueball graph", "glueball") in row.targets), row.name


def test_a_workload_says_in_which_ways_it_is_written():
    assert Add((3,)).ways() == ["gluon", "torch"]
    assert ConvBackward((2, 3, 5, 4)).ways() == ["gluon", "graph", "torch"]
    assert ConvForward((2, 3, 5, 4)).ways() == ["gluon", "graph", "torch", "compiled", "file"]
    assert FirstGraphCall((1, 3, 8, 8)).ways() == ["graph"]


@pytest.mark.parametrize("workload", TINY, ids=str)
def test_glueball_and_torch_do_the_same_work(workload, own):
    taking_part = race.able(own.contestants, workload)
    assert {contestant.way for contestant in taking_part} == {"gluon", "graph", "torch"} & set(workload.ways())
    race.compare(taking_part, workload)


@pytest.mark.parametrize("workload", TINY, ids=str)
def test_mxnet_does_the_same_work(workload, own, mxnet):
    race.compare(race.able([*mxnet.contestants, *own.contestants], workload), workload)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_training_step_changes_the_network(number, own):
    first, second = own.contestants[number].build(DigitsStep(4, filters=(2, 3)))
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
def test_a_call_takes_time(number, own):
    contestant = own.contestants[number]
    contestant.build(ConvForward((2, 3, 5, 4)))
    assert 0 < contestant.seconds_per_call(warm_up=0.0, duration=0.001) < 1


def test_a_first_call_is_timed_in_a_fresh_process(own):
    graph = next(contestant for contestant in own.contestants if contestant.name == "glueball graph")
    assert 0 < graph.seconds_of_first_call(FirstGraphCall((1, 2, 32, 32), 3, (1,), (4, 8))) < 60


def test_the_files_of_a_workload_go_with_it(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with contextlib.ExitStack() as stack:
        contestants = field.own(stack, field.Field(), threads=1).contestants
        for contestant in race.able(contestants, LoadParams(2, row=5)):
            contestant.build(LoadParams(2, row=5))
        assert {path.name for path in tmp_path.rglob("one.*")} == {"one.params", "one.bytes"}
        contestants[0].build(Add((3,)))
        assert {path.name for path in tmp_path.rglob("one.*")} == {"one.bytes"}
    assert not list(tmp_path.rglob("one.*"))


def test_a_failure_in_a_library_is_reported(own, process):
    with pytest.raises(RuntimeError, match="KeyError: 'Juggle'"):
        process.ask(library="torch", way="torch", kind="Juggle", fields={}, options={})
    assert own.contestants[-1].build(Add((3,)))


def test_an_import_is_timed_in_a_fresh_process():
    process = SimpleNamespace(python=sys.executable, environment=dict(os.environ))
    assert 0 < Contestant("json", "gluon", process).seconds_to_import() < 60


class _Fake:
    """A contestant that always computes one number."""

    process = None

    def __init__(self, name: str, number: float) -> None:
        self.name, self.number = name, number

    def build(self, workload: object) -> list[list[np.ndarray]]:
        if np.isnan(self.number):
            raise RuntimeError("Traceback\nValueError: no such convolution")
        return [[np.float32([self.number])]]


def test_other_work_is_refused():
    race.compare([_Fake("a", 1.0), _Fake("b", 1.00001)], Add((3,)))
    with pytest.raises(AssertionError, match="in b, beside a"):
        race.compare([_Fake("a", 1.0), _Fake("b", 1.1)], Add((3,)))


def test_who_computes_something_else_or_fails_is_not_timed():
    fakes = [_Fake("a", 1.0), _Fake("b", 1.1), _Fake("c", 1.00001), _Fake("d", np.nan)]
    taking_part, refused = race.agreeing(fakes, Add((3,)))
    assert [fake.name for fake in taking_part] == ["a", "c"]
    assert list(refused) == ["b", "d"]
    assert "in b, beside a" in refused["b"] and refused["d"].endswith("no such convolution")


def test_contestants_take_turns():
    turns = []

    def measure(contestant):
        turns.append(contestant.name)
        return contestant.number

    seconds = race.take_turns([_Fake("a", 1.0), _Fake("b", 2.0)], measure, NONE._replace(rounds=2))
    assert turns == ["a", "b", "a", "b"]
    assert seconds == {"a": [1.0, 1.0], "b": [2.0, 2.0]}


def test_a_row_that_takes_long_has_fewer_rounds():
    effort = NONE._replace(rounds=9, least=4, seconds=0.0)
    assert race.take_turns([_Fake("a", 1.0)], lambda contestant: 1.0, effort) == {"a": [1.0] * 4}


def test_a_turn_in_another_process_waits_for_the_threads_of_the_last(monkeypatch):
    paused = []
    monkeypatch.setattr(race.time, "sleep", paused.append)
    fakes = [_Fake(name, 1.0) for name in "abc"]
    for fake, process in zip(fakes, "xxy", strict=True):
        fake.process = process
    race.take_turns(fakes, lambda contestant: 1.0, race.Effort(rounds=2, pause=0.5))
    assert paused == [0.5] * 4


def test_the_command_prints_a_table_and_writes_every_number(tmp_path, monkeypatch, capsys):
    path = tmp_path / "numbers.json"
    absent = ["--mxnet", "nowhere", "--peers", "no place"]
    arguments = ["--only", "nd.add", "--rounds", "2", "--threads", "1", *absent, "--json", str(path)]
    monkeypatch.setattr(sys, "argv", ["benchmarks", *arguments])
    command.main()
    printed = capsys.readouterr().out
    assert "without MXNet: nowhere does not exist" in printed and "without openvino: " in printed
    assert "1 threads" in printed and "torch" in printed and "nd.add 100" in printed
    content = json.loads(path.read_text())["rows"]
    assert content["threads"] == 1 and set(content["versions"]) == {"glueball", "torch"}
    (row,) = content["rows"]
    assert row["row"] == "nd.add 100"
    assert {name: len(rounds) for name, rounds in row["seconds"].items()} == {"glueball": 2, "torch": 2}


def test_the_command_refuses_a_row_that_is_not_there(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--only", "juggling"])
    with pytest.raises(SystemExit, match="part of a row's name; received 'juggling'"):
        command.main()


def test_contestants_can_be_left_out(own):
    few = field.Field(list(own.contestants)).without(["torch", "glueball"])
    assert [contestant.name for contestant in few.contestants] == ["glueball graph"]
    assert few.missing == ["without torch: it was left out", "without glueball: it was left out"]
    with pytest.raises(SystemExit, match="a contestant, glueball graph; received 'torch'"):
        few.without(["torch"])
