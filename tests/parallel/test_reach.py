"""The networks of the processes are tried before Gloo uses them; threads stand in for processes."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from torch.distributed import HashStore

from glueball.parallel import reach
from glueball.parallel.reach import network_fault
from tests.parallel import several

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere networks are not asked for their addresses")


def faults(*networks, given=True):
    """What each process is told."""
    store, size = HashStore(), len(networks)
    with ThreadPoolExecutor(size) as pool:
        begun = [pool.submit(network_fault, store, rank, size, network, given) for rank, network in enumerate(networks)]
        return [each.result(60) for each in begun]


@pytest.mark.parametrize("networks", [("lo",), ("lo", "lo"), ("lo", None, "lo"), (None, None), ("lo,lo", "lo")])
def test_networks_that_join_the_processes_are_right(networks):
    assert faults(*networks) == [""] * len(networks)


def test_a_network_that_there_is_not_is_named_in_all_processes():
    for fault in faults("lo", "nowhere0", None):
        assert fault.startswith("process 1: GLOO_SOCKET_IFNAME must name networks of its machine, which are lo")
        assert fault.endswith("; received 'nowhere0'")


@pytest.mark.parametrize(
    "given, said",
    [(True, "GLOO_SOCKET_IFNAME='lo'"), (False, "'lo', which was chosen since GLOO_SOCKET_IFNAME is not")],
)
def test_two_that_do_not_reach_each_other_are_named(monkeypatch, given, said):
    monkeypatch.setattr(reach, "_try", lambda places: "10.0.0.9 (No route to host)")
    for fault in faults("lo", "lo", given=given):
        assert fault.startswith("processes 0 and 1 must reach each other over the networks that they use")
        assert "process 1 cannot reach 10.0.0.9 (No route to host)" in fault
        assert f"process 0 uses {said}" in fault


def test_one_direction_is_enough_as_for_gloo(monkeypatch):
    answers = iter(["10.0.0.9 (No route to host)", "", "", ""])
    monkeypatch.setattr(reach, "_try", lambda places: next(answers))
    assert faults("lo", "lo") == ["", ""]


def created():
    import glueball as mx

    return several.refused(lambda: mx.kv.create("dist_sync"))


def test_a_store_says_so():
    for ended in several.finish(several.start(created, 2, GLOO_SOCKET_IFNAME="nowhere0"), 60):
        assert ended.found.startswith("kvstore: process 0: GLOO_SOCKET_IFNAME must name"), ended.printed
