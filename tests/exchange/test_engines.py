"""Networks of all kinds under every engine: results and gradients equal those of imperative calls.

Compiling is slow, so these tests run a few networks; ``make engines`` runs all.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch

import glueball as mx
from glueball import MXNetError
from glueball.graph import engines
from tests import engines as engines_of_tests
from tests.comparison import assert_same
from tests.exchange import zoo
from tests.exchange.building import observe_network
from tests.exchange.drawing import draw_network
from tests.exchange.test_generated import BATCHES, NETWORKS, _assert_the_same

# torch warns about its own compiler's handling of torch.autograd.Function.
pytestmark = pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")

_ALL = os.environ.get("GLUEBALL_ENGINES") == "all"
# The default engine runs all networks in test_generated.py.
_ENGINES = {"aot_eager": 12, "auto": 1, "eager": 24, "inductor": 3, "onnxruntime": 24, "openvino": 24}
_OPTIONAL = {"onnxruntime", "openvino"}  # they need packages that need not be installed
_SMALL = ["alexnet", "mobilenet0.25", "mobilenetv2_0.25", "resnet18_v1", "resnet18_v2", "squeezenet1.1", "vgg11_bn"]
_ZOO = zoo.NAMES if _ALL else _SMALL


@pytest.fixture
def by_default(monkeypatch):
    """Make another engine the default."""

    def choose(name):
        monkeypatch.setattr(engines, "__path__", [*engines.__path__, *engines_of_tests.__path__])
        monkeypatch.setattr(engines, "DEFAULT", name)
        try:
            engines.find("by_default", name)  # the default gives way to eager where it cannot run
        except MXNetError as error:
            if name not in _OPTIONAL:
                raise
            pytest.skip(str(error))
        torch._dynamo.reset()

    return choose


def _generated():
    for engine, few in _ENGINES.items():
        for seed in range(BATCHES * NETWORKS if _ALL else few):
            yield pytest.param(engine, seed, id=f"{engine}-{seed}")


@pytest.mark.parametrize(("engine", "seed"), list(_generated()))
def test_generated_networks(engine, seed, by_default, tmp_path):
    network = draw_network(Random(seed))
    by_default(engine)
    _assert_the_same(network, observe_network(mx, network, str(tmp_path / "network")), None)


@pytest.mark.parametrize("name", _ZOO)
def test_networks_of_the_zoo_are_traced_whole(name, by_default):
    by_default("aot_eager")
    network = mx.gluon.model_zoo.vision.get_model(name, classes=zoo.CLASSES)
    x = mx.nd.array(np.concatenate([zoo.picture(name)] * 2))
    network.infer_shape(x)
    network.initialize(mx.init.Zero())
    zoo.fill_network(mx, network)
    expected = network(x).asnumpy()
    results = []
    for backend in ("eager", "aot_eager"):
        network.initialize(mx.init.Zero(), force_reinit=True)
        zoo.fill_network(mx, network)
        network.hybridize(backend=backend)
        assert_same(network(x).asnumpy(), expected, rtol=1e-4)
        mx.random.seed(1)
        with mx.autograd.record():
            output = network(x)
        output.backward()
        parameters = network.collect_params().values()
        results.append([output.asnumpy(), *[p.grad().asnumpy() for p in parameters if p.grad_req != "null"]])
        results[-1] += [p.data().asnumpy() for p in parameters if p.grad_req == "null"]
    assert_same(*results, rtol=1e-4, atol=1e-6)


def test_there_is_no_engine_that_is_not_tried():
    folder = Path(engines.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__", engines.DEFAULT} <= set(_ENGINES)
