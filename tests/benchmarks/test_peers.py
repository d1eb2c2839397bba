"""What runs PyTorch's networks, its compiler and the runtimes, does the same work; who does other work is refused."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import field, race
from benchmarks.contestant import ROOT, Contestant
from benchmarks.peers import PEERS, install
from benchmarks.workloads.convolution import ConvForward
from benchmarks.workloads.residual import ResidualForward
from benchmarks.workloads.residual_step import ResidualStep
from benchmarks.workloads.zoo import ZooForward
from glueball.graph.engines import inductor

PYTHON = Path(os.environ.get("GLUEBALL_PEERS_PYTHON") or ROOT / ".peers" / "bin" / "python")
TINY = [
    ConvForward((1, 3, 5, 4)),
    ConvForward((1, 4, 7, 6), 4, 3, 2, 2),
    ConvForward((2, 3, 5, 4)),
    ResidualForward((1, 3, 32, 32), classes=3, layers=(2, 1), channels=(4, 4, 8)),
    ZooForward("mobilenetv2_0.25", (1, 3, 32, 32)),
]


@pytest.fixture(scope="module")
def all_of_them() -> Iterator[field.Field]:
    with contextlib.ExitStack() as stack:
        taking_part = field.own(stack, field.Field(), threads=1)
        yield field.peers(stack, taking_part, PYTHON, threads=1)


def _named(all_of_them: field.Field, name: str) -> Contestant:
    for contestant in all_of_them.contestants:
        if contestant.name == name:
            return contestant
    pytest.skip(next(why for why in all_of_them.missing if why.startswith(f"without {name}:")))


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("workload", TINY, ids=str)
def test_a_runtime_does_the_same_work(workload, name, all_of_them):
    runtime = _named(all_of_them, name)
    if name == "ncnn" and workload.shape[0] > 1:
        assert not runtime.takes(workload)
        return
    assert runtime.takes(workload)
    race.compare([_named(all_of_them, "torch"), runtime], workload)
    assert 0 < runtime.seconds_per_call(warm_up=0.0, duration=0.001) < 1


@pytest.mark.parametrize("workload", [TINY[0], ResidualStep((2, 3, 32, 32), 3, (1,), (4, 8))], ids=str)
def test_the_compiler_does_the_same_work(workload, all_of_them):
    if obstacle := inductor.ENGINE.obstacle():
        pytest.skip(f"torch.compile: {obstacle}")
    race.compare([_named(all_of_them, "torch"), _named(all_of_them, "torch compiled")], workload)


@pytest.mark.parametrize("name", PEERS)
def test_a_runtime_with_another_network_is_refused(name, all_of_them):
    """The runtime reads the file of a network with other weights."""
    runtime = _named(all_of_them, name)
    other = ConvForward((1, 3, 5, 4), kernel=5)
    cheat = Contestant(name, "file", runtime.process, export=lambda workload: runtime.export(other))
    taking_part, refused = race.agreeing([_named(all_of_them, "torch"), cheat], TINY[0])
    assert [contestant.name for contestant in taking_part] == ["torch"]
    assert "the difference has norm" in refused[name]


def test_networks_without_a_file_are_for_no_runtime(all_of_them):
    runtimes = [contestant for contestant in all_of_them.contestants if contestant.way == "file"]
    step = ResidualStep((2, 3, 32, 32))
    assert not race.able(runtimes, step)


def test_backends_are_for_networks_and_those_of_mxnet_for_prediction():
    mkldnn, inductor = Contestant("mxnet", "graph", None, "MKLDNN"), Contestant("glueball", "graph", None, "inductor")
    assert (mkldnn.name, inductor.name) == ("mxnet MKLDNN", "glueball inductor")
    assert mkldnn.takes(TINY[0]) and inductor.takes(TINY[0])
    assert not mkldnn.takes(ResidualStep((2, 3, 32, 32))) and inductor.takes(ResidualStep((2, 3, 32, 32)))


def test_a_runtime_that_does_not_install_is_left_out(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(install, "PEERS", {"juggler": ("glueball-juggler", "balls")})
    install.main(tmp_path / "environment")
    printed = capsys.readouterr().out
    assert printed.startswith("make peers: juggler cannot be had here: ERROR: No matching distribution found for glue")
    assert (tmp_path / "environment" / "ready").exists()


def test_who_is_not_installed_is_said(tmp_path):
    with contextlib.ExitStack() as stack:
        without = field.peers(stack, field.Field(), tmp_path / "python", threads=1)
    assert [contestant.name for contestant in without.contestants] == ["torch compiled"]
    assert [why.partition(":")[0] for why in without.missing] == [f"without {name}" for name in PEERS]
