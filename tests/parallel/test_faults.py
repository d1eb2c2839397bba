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
from tests.parallel import several

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are stopped by signals")


def endless(folder):
    """Train until somebody is gone; a file says when the first step is done."""
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


def wait_for(folder, count):
    until = time.monotonic() + 100
    while len(list(Path(folder).iterdir())) < count:
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize(("sent", "timeout"), [(signal.SIGKILL, "60"), (signal.SIGSTOP, "4")])
def test_the_others_end_and_name_the_one_that_is_gone(tmp_path, sent, timeout):
    processes = several.start(endless, 3, str(tmp_path), GLUEBALL_DISTRIBUTED_TIMEOUT=timeout, PYTHONFAULTHANDLER="1")
    wait_for(tmp_path, 3)
    processes[1].process.send_signal(sent)
    begun = time.monotonic()
    first, last = several.finish([processes[0], processes[2]], 60)
    assert time.monotonic() - begun < 50
    processes[1].finish(time.monotonic())
    for each in (first, last):
        assert each.status == 1
        assert "all processes must take part" in each.printed
    # who hears of it first names it; the other may only see that one end
    assert "process 1 gave no sign of life" in first.printed + last.printed


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
