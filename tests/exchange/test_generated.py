"""Generated networks give the same results imperatively, as graphs, and after export and import, here and in MXNet."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.comparison import assert_same
from tests.exchange.building import import_network, observe_network, trace_network
from tests.exchange.drawing import draw_network
from tests.exchange.graphs import assert_same_graph
from tests.oracle.client import ours

BATCHES, NETWORKS = 20, 25


def networks_of(batch):
    seeds = range(batch * NETWORKS, (batch + 1) * NETWORKS)
    return [{**draw_network(Random(seed)), "seed": seed} for seed in seeds]


def observe_all(mx, networks, folder):
    """The results of each network, or the traceback of an unexpected error."""
    seen = []
    for number, network in enumerate(networks):
        try:
            seen.append(observe_network(mx, network, folder + "/" + str(number)))
        except Exception:
            import traceback

            seen.append(traceback.format_exc())
    return seen


def import_all(mx, networks, folder):
    return [import_network(mx, network, folder + "/" + str(number)) for number, network in enumerate(networks)]


def trace_all(mx, networks):
    return [trace_network(mx, network) for network in networks]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_way_is_the_same(oracle, tmp_path, batch):
    networks = [network for network in networks_of(batch) if network["runs there"]]
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    theirs = oracle.run(observe_all, networks, str(there))
    observed = ours(observe_all, networks, str(here)).get()
    problems = []
    for number, (network, one, other) in enumerate(zip(networks, observed, theirs, strict=True)):
        try:
            _assert_the_same(network, one, other)
            _assert_same_files(here / str(number), there / str(number))
        except AssertionError as error:
            problems.append(f"seed {network['seed']}: {error}\n{network}")
    assert not problems, f"{len(problems)} of {len(networks)}\n" + "\n".join(problems[:5])
    _assert_files_cross(oracle, networks, observed, here, there)


def test_what_mxnet_cannot_run_has_the_same_graph(oracle, tmp_path):
    """Channels-last convolutions: MXNet traces them, but has no CPU kernel for them."""
    drawn = [network for batch in range(BATCHES) for network in networks_of(batch)]
    networks = [network for network in drawn if not network["runs there"]]
    assert len(networks) >= 5
    graphs, expected = (outcome.get() for outcome in oracle.both(trace_all, networks))
    for one, other in zip(graphs, expected, strict=True):
        assert_same_graph(one, other)
    for network, one in zip(networks, ours(observe_all, networks, str(tmp_path)).get(), strict=True):
        _assert_the_same(network, one, None)


def test_the_networks_are_worth_comparing():
    networks = [network for batch in range(BATCHES) for network in networks_of(batch)]
    text = repr(networks)
    kinds = ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "MaxPool2D", "AvgPool3D", "GlobalAvgPool2D", "BatchNorm",
             "LayerNorm", "GroupNorm", "InstanceNorm", "PReLU", "Dense", "Dropout", "HybridLambda")  # fmt: skip
    for kind in kinds:
        assert text.count(f"'name': '{kind}'") >= 10, kind
    for wanted in (
        "'shared'",
        "'scope': False",
        "'nested': True",
        "'NHWC'",
        "'optional'",
        "'split'",
        "'float64'",
        "None]]",
    ):
        assert text.count(wanted) >= 10, wanted
    assert sum(network["train"] for network in networks) > 100
    assert sum(isinstance(network["block"]["outputs"], list) for network in networks) > 100
    assert sum(len(network["shapes"]) > 1 for network in networks) > 100


def _assert_the_same(network, one, other):
    for side, seen in (("Glueball", one), ("MXNet", other)):
        assert not isinstance(seen, str), f"{side} raised\n{seen}"
    allowed = {"rtol": 1e-6, "atol": 1e-10} if network["dtype"] == "float64" else {"rtol": 1e-3, "atol": 1e-5}
    if other is not None:
        assert_same(one["arrays"], other["arrays"], **allowed, about="here and there")
        assert_same(one["outline"], other["outline"], about="nesting of the outputs")
    assert_same(one["graph"], one["arrays"], **allowed, about="as a graph and as arrays")
    assert_same(_of_same_parameters(one["imported"], one), one["arrays"], **allowed, about="imported and as arrays")


def _of_same_parameters(imported, seen):
    """Drop the gradients that only the imported network has: a file does not say which parameters are frozen."""
    wanted = seen["arrays"]["parameters"]
    return {**imported, "parameters": {name: imported["parameters"][name] for name in wanted}}


def _assert_same_files(here, there):
    assert_same_graph(Path(f"{here}-symbol.json").read_text(), Path(f"{there}-symbol.json").read_text())
    assert Path(f"{here}-0000.params").read_bytes() == Path(f"{there}-0000.params").read_bytes()


def _assert_files_cross(oracle, networks, observed, here, there):
    by_mxnet = oracle.run(import_all, networks, str(here))
    by_us = ours(import_all, networks, str(there)).get()
    for network, one, loaded_there, loaded_here in zip(networks, observed, by_mxnet, by_us, strict=True):
        allowed = {"rtol": 1e-6, "atol": 1e-10} if network["dtype"] == "float64" else {"rtol": 1e-4, "atol": 1e-5}
        for about in ("predicted", "outputs"):
            assert_same(
                loaded_there[about], one["arrays"][about], **allowed, about=f"exported here, read there: {about}"
            )
        assert_same(_of_same_parameters(loaded_here, one), one["arrays"], **allowed, about="exported there, read here")
