"""Drawn calls of every public callable: what comes out is an MXNetError, or what MXNet raises there.

A small share runs by default. GLUEBALL_CALLS_SECONDS asks for more (``make calls`` for an hour of it),
GLUEBALL_CALLS_SEED for other calls. A failure says how to repeat the call.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import glueball as mx
from tests.drawn import files
from tests.drawn.allowed import ALLOWED
from tests.drawn.calls import is_allowed
from tests.drawn.objects import OBJECTS, make
from tests.drawn.places import places
from tests.drawn.receivers import UNMADE, receiver
from tests.drawn.values import NAMED, SCOPE, WRONG

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = float(os.environ.get("GLUEBALL_CALLS_SECONDS", "0"))
_SEED = os.environ.get("GLUEBALL_CALLS_SEED", "0")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"}


def _run(*options: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.drawn.run", *options],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env=_environment(),
        timeout=_SECONDS + 1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_nothing_else_comes_out():
    *found, end = _run("--seed", _SEED, "--calls", "2", "--seconds", str(_SECONDS))
    assert end["calls"] > 3000
    assert not found, f"{len(found)} of {end['calls']} calls:\n" + "\n".join(
        f"{one['place']}: {one['call']}\n    {one['error']}\n    at {one['line']}; again: python -m tests.drawn.run "
        f"--seed {_SEED} --only {one['place']} --first {one['number']} --calls 1"
        for one in found[:30]
    )


def test_the_walk_finds_the_doors():
    names = set(places())
    assert len(names) > 1500
    for name in ("gluon.nn.Dense", "gluon.Trainer.step", "ndarray.NDArray.__getitem__", "metric.Accuracy.update",
                 "gluon.utils.split_data", "gluon.data.DataLoader.__iter__", "symbol.load", "io.NDArrayIter.next",
                 "ndarray.Convolution", "random.normal", "visualization.print_summary"):  # fmt: skip
        assert name in names


def test_every_class_can_be_made(tmp_path, monkeypatch):
    files.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    owners = {place.owner for place in places().values() if place.owner is not None}
    unmade = {
        owner.__name__ for owner in owners if all(receiver(owner, random.Random(turn)) is None for turn in range(5))
    }
    assert unmade == set(UNMADE)


def test_what_is_passed_can_be_made():
    """An argument that fails by itself would hide what the call does."""
    texts = {*WRONG, *(text for texts in NAMED.values() for text in texts)}
    for text in texts:
        eval(text, dict(SCOPE))
    for word, states in OBJECTS.items():
        for state in range(len(states)):
            make(word, state)


@pytest.mark.parametrize("error", [TypeError("x"), KeyError("x"), RuntimeError("x"), MemoryError(), RecursionError()])
def test_a_bare_error_is_a_finding(error):
    assert not is_allowed(places()["gluon.utils.split_data"], error)


def test_what_is_allowed():
    place = places()["gluon.utils.split_data"]
    assert is_allowed(place, mx.MXNetError("x"))
    assert is_allowed(place, TypeError("split_data() missing 1 required positional argument: 'num_slice'"))
    assert not is_allowed(place, StopIteration())
    assert is_allowed(places()["io.NDArrayIter.next"], StopIteration())
    assert all(each.reason for each in ALLOWED)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("gluon.nn.Dense(2).collect_params()['x']", "KeyError"),
        ("gluon.nn.Dense(2).collect_params()[np.ones(3)]", "TypeError"),
        ("gluon.utils.check_sha1('/is/not/there', 'a')", "FileNotFoundError"),
        ("gluon.model_zoo.model_store.purge('/is/not/there')", "FileNotFoundError"),
        ("mx.optimizer.SGD().set_lr_scale({})", "DeprecationWarning"),
        ("mx.sym.var('x').list_attr(recursive=True)", "DeprecationWarning"),
        ("gluon.nn.Dense(2).hybrid_forward(3, nd.ones((2, 3)), 1)", "AttributeError"),
        ("gluon.loss.L2Loss().forward()", "TypeError"),
        ("gluon.Block().forward(1)", "NotImplementedError"),
    ],
)
def test_mxnet_raises_what_is_allowed(oracle, code, kind):
    ours, theirs = oracle.both(code)
    assert ours.class_name == theirs.class_name == kind


#: The bodies of functions, and what a finding says of them.
_BROKEN = {
    "1 // 0": "call='place.*ZeroDivisionError: integer division",
    "os._exit(3)": "the process ended",
    "while True: pass": "took more than",
    "raise RecursionError": "RecursionError",
}
_HARMFUL = ("open('../glueball-left-its-folder', 'w')", "subprocess.run(['true'])", "os.remove('/etc/hostname')")


@pytest.fixture(scope="module")
def findings() -> dict[str, str]:
    """What is found in functions with these bodies, called in a process of its own each."""
    program = (
        "import json, os, subprocess, tests.drawn.calls as calls, tests.drawn.run as run\n"
        "calls.SECONDS = 0.3\n"
        "def found(body, count):\n"
        "    exec(f'def broken(name=1):\\n    {body}', names := dict(globals()))\n"
        "    return str(list(run.in_a_process([run.Place('x.broken', names['broken'])], 3, range(count))))\n"
        f"bodies = {dict.fromkeys(_BROKEN, 4) | dict.fromkeys(_HARMFUL, 1)!r}\n"
        "print(json.dumps({body: found(body, count) for body, count in bodies.items()}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=_ROOT, check=False,
                          env=_environment(), timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(("body", "says"), _BROKEN.items())
def test_a_finding_says_what_it_was(findings, body, says):
    found = findings[body]
    assert re.search(says, found), found
    assert "place='x.broken', number=0" in found


@pytest.mark.parametrize("body", _HARMFUL)
def test_calls_cannot_do_harm(findings, body):
    assert findings[body] == "[]"
    assert not (Path(tempfile.gettempdir()) / "glueball-left-its-folder").exists()
