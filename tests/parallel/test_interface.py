"""Which network Gloo uses."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from glueball.parallel.interface import choose_interface, interface_to

ALL_HERE = {"LOCAL_WORLD_SIZE": "2", "WORLD_SIZE": "2"}
ELSEWHERE_TOO = {"LOCAL_WORLD_SIZE": "2", "WORLD_SIZE": "4"}


@pytest.mark.parametrize("environment", [ALL_HERE, {"WORLD_SIZE": "2"}, {}])
def test_processes_of_one_machine_need_none(environment):
    assert interface_to("127.0.0.1", environment) is None
    assert interface_to("localhost", environment) is None


def test_a_machine_that_nobody_knows_has_none():
    assert interface_to("no-such-machine.invalid", ELSEWHERE_TOO) is None


def test_the_first_machine_is_reached_over_the_default_route():
    """Its name means to itself an address that only it has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no default route")
    found = interface_to("localhost", ELSEWHERE_TOO)
    if sys.platform == "linux":
        assert found in {name for _, name in socket.if_nameindex()} - {"lo"}
    else:
        assert found is None


def test_what_the_user_has_named_stays(monkeypatch):
    monkeypatch.setenv("GLOO_SOCKET_IFNAME", "mine")
    choose_interface("192.0.2.1")
    assert os.environ["GLOO_SOCKET_IFNAME"] == "mine"
