"""Training on several hosts, each with an address of its own; one of them is cut off."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.parallel import effort, hosts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's"),
]

PROGRAM = Path(__file__).with_name("resumed.py")


def launch(host, number, folder, steps, *words, restarts=0, timeout=60, network=None):
    """`glueball launch` on one of two hosts, with two processes; what it prints goes to files."""
    place = ["--nnodes", "2", "--node-rank", str(number), "--master", "10.77.0.1:29411"]
    command = [sys.executable, "-m", "glueball", "launch", "-n", "4", *place, "--max-restarts", str(restarts)]
    environment = {
        **{name: value for name, value in os.environ.items() if name != "GLOO_SOCKET_IFNAME"},
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1",
        "GLUEBALL_DISTRIBUTED_TIMEOUT": str(timeout),
        **({} if network is None else {"GLOO_SOCKET_IFNAME": network}),
    }  # fmt: skip
    with open(folder / f"out{number}", "w") as out, open(folder / f"err{number}", "w") as err:
        return subprocess.Popen(
            host.command(*command, str(PROGRAM), str(steps), *words),
            cwd=folder,
            env=environment,
            stdout=out,
            stderr=err,
        )  # fmt: skip


def losses(text):
    """The losses by step; those of a step that was done twice are the same."""
    found: dict[int, str] = {}
    for line in text.splitlines():
        _, step, _, loss = line.split()
        assert found.setdefault(int(step), loss) == loss
    return found


def end(processes, seconds):
    until = time.monotonic() + seconds
    try:
        return [process.wait(max(until - time.monotonic(), 0.1)) for process in processes]
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)


@pytest.fixture
def alone(tmp_path):
    """The losses of one process."""
    (tmp_path / "alone").mkdir()
    command = [sys.executable, "-m", "glueball", "launch", "-n", "1", str(PROGRAM), "20"]
    done = subprocess.run(command, cwd=tmp_path / "alone", capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return losses(done.stdout)


def test_two_hosts_train_as_one_process_does(tmp_path, alone):
    """Each has its own network; one process is killed while it saves, and all of both hosts begin again."""
    with hosts.several(2) as both:
        processes = [launch(host, number, tmp_path, 20, "saving once", restarts=2) for number, host in enumerate(both)]
        statuses = end(processes, 300)
        errors = [(tmp_path / f"err{number}").read_text() for number in range(2)]
        assert statuses == [0, 0], errors
    found = losses((tmp_path / "out0").read_text())
    assert found.keys() == alone.keys() and len(found) == 20
    for step, loss in found.items():
        np.testing.assert_allclose(float(loss), float(alone[step]), rtol=1e-5)
    assert (tmp_path / "out0").read_text().count("step 9 ") == 2


@effort.long
def test_when_a_host_is_cut_off_all_end_and_name_its_processes(tmp_path):
    with hosts.several(2) as both:
        processes = [launch(host, number, tmp_path, 10**6, timeout=20) for number, host in enumerate(both)]
        until = time.monotonic() + 200
        while "step 5 " not in (tmp_path / "out0").read_text():
            assert time.monotonic() < until, [(tmp_path / f"err{number}").read_text() for number in range(2)]
            time.sleep(0.1)
        both[1].cut_off()
        statuses = end(processes, 150)
        errors = [(tmp_path / f"err{number}").read_text() for number in range(2)]
    assert 0 not in statuses
    assert "all processes must take part; processes 2, 3 gave no sign of life" in errors[0]
    assert "the process that keeps the store does not answer, which is process 0 or the launcher" in errors[1]


def test_a_network_that_joins_nobody_is_named(tmp_path):
    """Gloo would wait for it five times as long as a process may be silent."""
    with hosts.several(2) as both:
        for number, host in enumerate(both):
            host.call("ip", "link", "add", "lone0", "type", "bridge")
            host.call("ip", "address", "add", f"10.88.{number}.1/24", "dev", "lone0")
            host.call("ip", "link", "set", "dev", "lone0", "up")
        begun = time.monotonic()
        processes = [launch(host, number, tmp_path, 1, timeout=30, network="lone0") for number, host in enumerate(both)]
        end(processes, 100)
        assert time.monotonic() - begun < 90
    for number in range(2):
        text = (tmp_path / f"err{number}").read_text()
        assert "must reach each other over the networks that they use; process" in text
        assert "GLOO_SOCKET_IFNAME='lone0'" in text and "cannot reach 10.88." in text
