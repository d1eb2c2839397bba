"""A process that is killed, or that hangs: the others end soon, with an error that names it."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest

import glueball as mx
from glueball.core.errors import MXNetError
from tests.parallel import effort, several

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are stopped by signals")


def endless(folder, sleeper):
    """Train until somebody is gone; a file says when the first step is done, and a process may then sleep."""
    store = mx.kv.create("dist_sync")
    net = mx.gluon.nn.Dense(2, in_units=3)
    net.initialize()
    trainer = mx.gluon.Trainer(net.collect_params(), "sgd", kvstore=store)
    while True:
        with mx.autograd.record():
            loss = net(mx.nd.ones((4, 3))).sum()
        loss.backward()
        trainer.step(4)
        Path(folder, str(store.rank)).touch()
        if store.rank == sleeper:
            time.sleep(10**6)


def wait_for(folder, count):
    until = time.monotonic() + 100
    while len(list(Path(folder).iterdir())) < count:
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("victim", "fault", "said"),
    [
        (1, "killed", "process 1 gave no sign of life"),
        (0, "killed", "the process that keeps the store is gone, which is process 0 or the launcher"),
        (1, "stopped", "process 1 gave no sign of life"),
        pytest.param(
            0, "stopped", "the process that keeps the store does not answer, which is process 0 or the launcher",
            marks=effort.long,
        ),
        (1, "asleep", "process 1 did not come"),
    ],
)  # fmt: skip
def test_the_others_end_and_name_the_one_that_is_gone(tmp_path, victim, fault, said):
    # The connections break when a process ends; else the others wait.
    timeout = {"GLUEBALL_DISTRIBUTED_TIMEOUT": "120" if fault == "killed" else "8"}
    processes = several.start(endless, 3, str(tmp_path), victim if fault == "asleep" else None, **timeout)
    wait_for(tmp_path, 3)
    gone = processes.pop(victim)
    if fault != "asleep":
        gone.send_signal(signal.SIGKILL if fault == "killed" else signal.SIGSTOP)
    ended = several.finish(processes, 90)
    gone.finish(time.monotonic())
    for each in ended:
        assert each.status == 1
        assert "all processes must take part" in each.printed
    # who hears of it first names it; the other may only see that one end
    assert said in "".join(each.printed for each in ended)


def test_a_port_that_is_taken_is_named(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(taken.getsockname()[1]), "RANK": "0", "WORLD_SIZE": "2"}
        for name, value in {**place, "GLUEBALL_DISTRIBUTED_TIMEOUT": "2"}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(MXNetError, match=r"process 0 of 2 must reach the others at 127.0.0.1:\d+ within 2 s"):
            mx.kv.create("dist_sync")


def test_a_timeout_must_be_a_number(monkeypatch):
    for name, value in {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "1", "RANK": "0", "WORLD_SIZE": "2"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GLUEBALL_DISTRIBUTED_TIMEOUT", "soon")
    with pytest.raises(MXNetError, match="must be a positive number of seconds; received 'soon'"):
        mx.kv.create("dist_sync")
