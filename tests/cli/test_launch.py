"""glueball launch: processes that train together, and MXNet's options."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from glueball.cli import launch
from glueball.cli._parser import parser_of
from glueball.cli.launch import environment, torchrun_arguments
from glueball.core.errors import MXNetError


def parsed(*words):
    return parser_of("launch", launch).parse_args(words)


def test_options_of_mxnets_launcher_are_taken(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    given = parsed("-n", "3", "-s", "2", "--launcher", "local", "--env", "A:1:2", "python3", "train.py", "--lr", "1")
    assert torchrun_arguments(given) == [
        "--nproc-per-node=3", "--max-restarts=0", "--standalone", "-m", "glueball", "train.py", "--lr", "1",
    ]  # fmt: skip
    found = environment(given)
    assert (found["DMLC_ROLE"], found["DMLC_NUM_WORKER"], found["A"]) == ("worker", "3", "1:2")
    assert int(found["OMP_NUM_THREADS"]) >= 1


def test_a_command_in_quotes_is_taken_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = parsed("-n", "2", "python train.py --name 'a b'")
    assert torchrun_arguments(given)[-4:] == ["glueball", "train.py", "--name", "a b"]
    (tmp_path / "my train.py").touch()
    assert torchrun_arguments(parsed("my train.py"))[-2:] == ["glueball", "my train.py"]


def test_each_of_several_machines_has_its_part():
    given = parsed("-n", "8", "--nnodes", "2", "--node-rank", "1", "--master", "host0:99", "train.py")
    own, several = torchrun_arguments(given)[:2], torchrun_arguments(given)[2:6]
    assert own == ["--nproc-per-node=4", "--max-restarts=0"]
    assert several == ["--nnodes=2", "--node-rank=1", "--master-addr=host0", "--master-port=99"]


@pytest.mark.parametrize(
    "words, message",
    [
        (("-H", "hosts", "a.py"), "--hostfile is not provided; start"),
        (("--launcher", "mpi", "a.py"), "--launcher must be 'local'; received 'mpi'"),
        (("-n", "3", "--nnodes", "2", "a.py"), "must be a positive multiple"),
        (("-n", "4", "--nnodes", "2", "a.py"), "--master must say"),
        (("-n", "2"), "a program must be given"),
        (("-n", "2", "python"), "a program must be given"),
        (("-n", "2", "python 'a.py"), "must be words, in quotes that end; received"),
    ],
)
def test_what_does_not_fit_is_refused(words, message):
    with pytest.raises(MXNetError, match=message):
        torchrun_arguments(parsed(*words))


@pytest.mark.slow
def test_a_port_that_is_taken_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        command = [sys.executable, "-m", "glueball", "launch", "-n", "2", "--nnodes", "2", "--master", place, "a.py"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    message = done.stderr.strip().splitlines()[-1]
    assert f"launch: the launchers must reach each other at {place} (" in message
    assert "address already in use" in message and "Traceback" not in done.stderr


PROGRAM = """
import mxnet as mx
store = mx.kv.create('dist_sync')
store.init(0, mx.nd.zeros(1))
store.push(0, mx.nd.ones(1) * (store.rank + 1))
out = mx.nd.zeros(1)
store.pull(0, out=out)
import os
of_mxnet = [os.environ['DMLC_' + name] for name in ('ROLE', 'NUM_WORKER', 'WORKER_ID', 'PS_ROOT_URI', 'PS_ROOT_PORT')]
assert of_mxnet == ['worker', '2', str(store.rank), os.environ['MASTER_ADDR'], os.environ['MASTER_PORT']]
open(f'{store.rank}.txt', 'w').write(f'{store.num_workers} {out.asscalar()}')
raise SystemExit(3 if store.rank == 1 and %s else 0)
"""


@pytest.mark.slow
@pytest.mark.parametrize("fails", [False, True])
def test_a_program_runs_in_several_processes(tmp_path, fails):
    (tmp_path / "train.py").write_text(PROGRAM % fails)
    command = [sys.executable, "-m", "glueball", "launch", "-n", "2", "train.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == int(fails), done.stderr
    assert [(tmp_path / f"{rank}.txt").read_text() for rank in range(2)] == ["2 3.0"] * 2
    assert ("process 1 (exit 3)" in done.stderr) is fails
