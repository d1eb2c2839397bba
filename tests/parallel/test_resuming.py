"""Processes that are killed, or hang, at any time: all begin again at the last checkpoint, and lose nothing."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.parallel import effort

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="/proc says which processes the launcher has started"),
]

PROGRAM = Path(__file__).with_name("resumed.py")
STEPS = 60
KILLS = 20 if effort.IS_LONG else 2  # how often a process is killed
COUNT = 4 if effort.IS_LONG else 2  # the processes: their imports take most of the time
_SEED = int(os.environ.get("GLUEBALL_KILLS_SEED", "0"))


class Launched:
    """`glueball launch`, at work in a folder."""

    def __init__(self, folder, count, *arguments, restarts=0, **environment):
        command = [sys.executable, "-m", "glueball", "launch", "-n", str(count), "--max-restarts", str(restarts)]
        self._out, self._err = folder / "out", folder / "err"
        with open(self._out, "a") as out, open(self._err, "a") as err:
            self.process = subprocess.Popen(
                [*command, str(PROGRAM), *map(str, arguments)], cwd=folder, stdout=out, stderr=err,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1",
                     "GLUEBALL_DISTRIBUTED_TIMEOUT": "120", **environment},
            )  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()  # the launcher ends those that it has started
        self.process.wait(60)

    def finish(self, seconds=300):
        self.process.wait(seconds)
        return self.process.returncode

    def workers(self):
        """The processes that train, while all of them run."""
        launcher = self.process.pid
        found = Path(f"/proc/{launcher}/task/{launcher}/children").read_text().split()
        return [int(each) for each in found if str(PROGRAM).encode() in _command(each)]

    def printed(self):
        return self._out.read_text()

    def errors(self):
        return self._err.read_text()

    def losses(self):
        """The losses by step; what is printed twice must be the same."""
        found: dict[int, str] = {}
        for step, loss in re.findall(r"^step (\d+) loss (\S+)$", self.printed(), re.MULTILINE):
            assert found.setdefault(int(step), loss) == loss, (step, loss)
        return found


def _command(process):
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has just ended
        return b""


def wait_until(true, launched, seconds=120):
    until = time.monotonic() + seconds
    while not true():
        assert launched.process.poll() is None, launched.errors()
        assert time.monotonic() < until, launched.errors()
        time.sleep(0.01)


def finished(folder, count, *arguments, **options):
    """The losses of a program that ends well."""
    with Launched(folder, count, *arguments, **options) as launched:
        assert launched.finish() == 0, launched.errors()
        return launched.losses()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The losses of processes that nobody disturbs."""
    losses = finished(tmp_path_factory.mktemp("undisturbed"), COUNT, STEPS * max(KILLS // 2, 1))
    assert len(set(losses.values())) > STEPS // 2
    return losses


def first(undisturbed, steps):
    return {step: undisturbed[step] for step in range(steps)}


def test_losses_are_the_same_whenever_a_process_is_killed(tmp_path, undisturbed):
    draw = random.Random(_SEED)
    with Launched(tmp_path, COUNT, len(undisturbed), "", 0.05, restarts=2 * KILLS) as launched:
        for number in range(KILLS):
            wait_until(lambda: len(launched.workers()) == COUNT, launched)
            if number % 4 == 2:  # while it starts
                time.sleep(draw.uniform(0, 3))
            else:  # while it trains
                before = len(launched.printed())
                wait_until(lambda before=before: len(launched.printed()) > before, launched)
                time.sleep(draw.uniform(0, 1))
            workers = launched.workers()
            os.kill(draw.choice(workers), signal.SIGKILL)
            wait_until(lambda workers=workers: not set(workers) & set(launched.workers()), launched)
        assert launched.finish(600) == 0, launched.errors()
        assert launched.losses() == undisturbed
    assert launched.printed().count("step ") > len(undisturbed)  # some were done twice


def test_a_kill_while_a_checkpoint_is_written_leaves_the_last_one(tmp_path, undisturbed):
    with Launched(tmp_path, COUNT, 20, "saving", restarts=4) as launched:
        assert launched.finish() == 0, launched.errors()
        assert launched.losses() == first(undisturbed, 20)
    assert launched.printed().count("step 9 ") == 4
    assert not list(tmp_path.glob(".glueball*"))  # what was half written is gone


@effort.long
def test_all_begin_again_when_a_process_hangs(tmp_path, undisturbed):
    with Launched(tmp_path, 2, 10, "stopped", restarts=3, GLUEBALL_DISTRIBUTED_TIMEOUT="20") as launched:
        assert launched.finish() == 0, launched.errors()
        losses = launched.losses()
    assert "process 1 gave no sign of life" in launched.errors()
    assert_close(losses, first(undisturbed, 10))


def test_another_number_of_processes_goes_on(tmp_path, undisturbed):
    found = {}
    for steps, count in ((20, COUNT), (40, 1), (60, 3)):
        found = finished(tmp_path, count, steps)
    assert_close(found, first(undisturbed, 60))
    assert found != first(undisturbed, 60)  # sums of other parts are rounded otherwise


def assert_close(found, expected):
    assert found.keys() == expected.keys()
    for step, loss in expected.items():
        np.testing.assert_allclose(float(found[step]), float(loss), rtol=1e-5, err_msg=str(step))
