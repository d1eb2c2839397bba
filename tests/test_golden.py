"""Glueball against files written by real MXNet: these tests run where MXNet itself cannot."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

import glueball as mx
from tests.comparison import assert_same
from tests.golden import cases

GOLDEN = Path(__file__).parent / "golden"
CONFIGURATIONS = cases.conv2d_configurations()


def read_json(name):
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def conv2d_file():
    with np.load(GOLDEN / "conv2d.npz") as file:
        return dict(file)


def arrays_of(file, number):
    return {key.partition(".")[2]: array for key, array in file.items() if key.startswith(f"{number}.")}


def test_the_file_holds_the_configurations_of_the_code(conv2d_file):
    assert json.loads(str(conv2d_file["configurations"])) == json.loads(
        json.dumps([arguments for arguments, _, _ in CONFIGURATIONS])
    )


@pytest.mark.parametrize("number", range(len(CONFIGURATIONS)))
def test_conv2d(conv2d_file, number):
    arguments, shape, dtype = CONFIGURATIONS[number]
    arrays = arrays_of(conv2d_file, number)
    inputs = {name: arrays.pop(name, None) for name in ("data", "weight", "bias", "head")}
    assert (inputs["data"].shape, str(inputs["data"].dtype)) == (shape, dtype)
    ours = cases.conv2d(mx, arguments, **inputs)
    assert_same(ours, arrays, about=str(arguments))


@pytest.mark.parametrize("name", sorted(read_json("networks.json")))
def test_names_and_texts(name):
    theirs = read_json("networks.json")[name]
    ours = cases.descriptions(mx, name)
    assert_same(ours, theirs, about=name)


def test_the_file_holds_the_networks_of_the_code():
    assert list(cases.networks(mx)) == list(read_json("networks.json"))


@pytest.mark.parametrize("name", sorted(cases.OPTIMIZERS))
def test_loss_curves(name):
    theirs = read_json("loss_curves.json")[name]
    ours = cases.loss_curve(mx, *cases.OPTIMIZERS[name], cases.STEPS)
    assert len(ours) == len(theirs) == cases.STEPS
    assert theirs[-1] < 0.9 * theirs[0]
    # A loss is a difference of numbers near 10, so its error in float32 is 1e-6 however small it gets.
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=5e-6)


@pytest.mark.parametrize(("file", "save"), [("arrays.params", cases.save_arrays), ("list.params", cases.save_list)])
def test_array_files(file, save, tmp_path):
    path, copy = GOLDEN / file, tmp_path / file
    expected = [np.float32([1, 2]), np.int32([[3]])] if "list" in file else cases.arrays_of_every_dtype()
    assert_same(cases.load_arrays(mx, str(path)), expected, rtol=0.0)
    save(mx, str(copy))
    assert copy.read_bytes() == path.read_bytes()


def test_network_files(tmp_path):
    path, copy = GOLDEN / "network.params", tmp_path / "network.params"
    theirs = np.load(GOLDEN / "network_output.npy")
    assert_same(cases.load_network(mx, str(path)), theirs)
    assert_same(cases.save_network(mx, str(copy)), theirs)
    # The values are exact (a fixed stream of numbers, ones and zeros), so the files are byte-equal.
    assert copy.read_bytes() == path.read_bytes()


def test_mxnet_would_write_these_files_again(oracle_python, tmp_path):
    subprocess.run(
        [oracle_python, "-m", "tests.golden.write", tmp_path],
        cwd=GOLDEN.parents[1],
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        check=True,
        capture_output=True,
        timeout=120,
    )
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == sorted(path.name for path in GOLDEN.iterdir() if path.suffix not in ("", ".py"))
    for name in written:
        new, kept = tmp_path / name, GOLDEN / name
        if name.endswith(".npz"):
            with np.load(new) as one, np.load(kept) as other:
                assert_same(dict(one), dict(other), about=name)
        elif name.endswith(".npy"):
            assert_same(np.load(new), np.load(kept), about=name)
        elif name == "loss_curves.json":
            curves, expected = json.loads(new.read_text()), read_json(name)
            assert_same(
                {key: np.array(curve) for key, curve in curves.items()},
                {key: np.array(curve) for key, curve in expected.items()},
                rtol=1e-5,
            )
        else:
            assert new.read_bytes() == kept.read_bytes(), name
