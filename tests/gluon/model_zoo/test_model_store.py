"""Files with pretrained weights: their names and locations, and the message when one is missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

import glueball as mx
from glueball import nd
from glueball.core.errors import MXNetError
from glueball.gluon.model_zoo import model_store, vision
from tests.comparison import assert_same
from tests.golden.model_zoo import NAMES


@pytest.fixture
def weights(tmp_path):
    """The file that ``pretrained=True`` of mobilenet0.25 looks for, with random weights."""
    net = vision.mobilenet0_25(classes=10)
    net.initialize()
    net(nd.zeros((1, 3, 32, 32)))
    path = tmp_path / f"mobilenet0.25-{model_store.short_hash('mobilenet0.25')}.params"
    net.save_parameters(str(path))
    return path, net


@pytest.fixture
def published(monkeypatch, weights):
    """The same, with its digest in place of MXNet's."""
    import hashlib

    path, net = weights
    digest = hashlib.sha1(path.read_bytes()).hexdigest()
    monkeypatch.setitem(model_store._model_sha1, "mobilenet0.25", digest)
    renamed = path.with_name(f"mobilenet0.25-{digest[:8]}.params")
    path.rename(renamed)
    return renamed, net


def test_hashes_are_mxnets(oracle):
    def known(mx, names):
        return [mx.gluon.model_zoo.model_store.short_hash(name) for name in names]

    digests = "return {key: value for key, value in mx.gluon.model_zoo.model_store._model_sha1.items()}"
    assert dict(sorted(model_store._model_sha1.items())) == dict(sorted(oracle.run(digests).items()))
    assert_same(*oracle.both(known, NAMES))


def test_every_network_has_one():
    assert sorted(model_store._model_sha1) == sorted(NAMES)


@pytest.mark.parametrize("code", ["short_hash('zz')", "get_model_file('zz', root='.')", "purge('no/such/folder')"])
def test_refusals_are_of_the_same_class(oracle, code):
    ours, theirs = oracle.both(f"mx.gluon.model_zoo.model_store.{code}")
    assert_same(ours, theirs)
    assert ours.failed


def test_an_unknown_name_is_explained():
    with pytest.raises(ValueError, match=r"name must be one that MXNet published .*'resnet18'; did you mean 'resnet"):
        model_store.get_model_file("resnet18")
    with pytest.raises(ValueError, match=r"received 'zzz'; call load_parameters"):
        model_store.get_model_file("zzz")


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named(tmp_path, name):
    path = tmp_path / f"{name}-{model_store.short_hash(name)}.params"
    with pytest.raises(MXNetError, match=re.escape(f"the weights of {name} must be in {path}; there is no such file")):
        vision.get_model(name, pretrained=True, root=str(tmp_path))
    assert not list(tmp_path.iterdir()), "nothing is left behind"


def test_published_weights_are_read_in_silence(published):
    path, net = published
    assert model_store.get_model_file("mobilenet0.25", root=str(path.parent)) == str(path)
    x = nd.random.uniform(shape=(2, 3, 32, 32))
    for make in (vision.mobilenet0_25, lambda **kwargs: vision.get_model("MobileNet0.25", **kwargs)):
        other = make(pretrained=True, root=str(path.parent), classes=10)
        assert_same(other(x).asnumpy(), net(x).asnumpy(), rtol=0.0)


def test_other_weights_are_read_with_a_warning(weights):
    path, net = weights
    x = nd.random.uniform(shape=(2, 3, 32, 32))
    with pytest.warns(
        UserWarning, match=f"{re.escape(str(path))} is not the file that MXNet published .SHA-1 9f83e440"
    ):
        other = vision.mobilenet0_25(pretrained=True, root=str(path.parent), classes=10, ctx=[mx.cpu(0), mx.cpu(1)])
    assert_same(other(x).asnumpy(), net(x).asnumpy(), rtol=0.0)
    assert other.collect_params().get("conv0_weight").list_ctx() == [mx.cpu(0), mx.cpu(1)]


def test_weights_of_another_shape_are_refused(published):
    path, _ = published
    with pytest.raises(
        MXNetError, match=r"dense0_weight: the loaded shape must agree with \(1000, 0\); received \(10, 256\)"
    ):
        vision.mobilenet0_25(pretrained=True, root=str(path.parent))


def test_a_damaged_file_is_refused(weights):
    path, _ = weights
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(MXNetError), pytest.warns(UserWarning, match="is not the file"):
        vision.mobilenet0_25(pretrained=True, root=str(path.parent), classes=10)


def test_purge_deletes_weights_only(tmp_path):
    for name in ("a.params", "b.params", "c.txt", "d.zip"):
        (tmp_path / name).touch()
    model_store.purge(str(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.txt", "d.zip"]


def test_home_folder(monkeypatch, weights):
    path, _ = weights
    monkeypatch.setenv("HOME", str(path.parent.parent))
    with pytest.warns(UserWarning, match="is not the file"):
        found = model_store.get_model_file("mobilenet0.25", root=f"~/{path.parent.name}")
    assert found == str(path)


@pytest.mark.parametrize(
    ("variable", "root"), [({}, ("HOME", ".mxnet", "models")), ({"MXNET_HOME": "x"}, ("x", "models"))]
)
def test_default_folder(tmp_path, variable, root):
    code = """
import inspect
from glueball.gluon.model_zoo.vision import get_vgg
print(inspect.signature(get_vgg).parameters["root"].default)"""
    environment = {name: value for name, value in os.environ.items() if name != "MXNET_HOME"}
    environment |= {"HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path), **variable}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == os.path.join(*[str(tmp_path) if part == "HOME" else part for part in root])
