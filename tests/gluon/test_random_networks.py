"""Random networks: names, reprs and results, in both libraries."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from tests.comparison import assert_same
from tests.gluon.networks import INPUT_SHAPE, build, draw_network, fill

BATCHES, NETWORKS = 8, 25


def look_at_all(mx, descriptions, shape):
    return [look_at(mx, description, shape) for description in descriptions]


def look_at(mx, description, shape):
    """Everything observable of a network, before and after its first call; or the error it raises."""
    network = build(mx, description)
    blocks = []
    network.apply(lambda block: blocks.append((type(block).__name__, block.name, block.prefix)))
    seen = {
        "blocks": blocks,
        "repr": repr(network),
        "own parameters": repr(network.params),
        "places": {place: p.name for place, p in network._collect_params_with_prefix().items()},
    }
    try:
        seen["parameters"] = repr(network.collect_params())
    except (AssertionError, mx.MXNetError):
        seen["error"] = "two parameters have one name"
        return seen
    seen["weights only"] = list(network.collect_params(".*weight").keys())
    seen["gradients"] = [p.grad_req for p in network.collect_params().values()]
    seen.update(run(mx, network, shape))
    return seen


def run(mx, network, shape):
    import contextlib
    import io

    network.initialize()
    draw = np.random.RandomState(7)
    x = mx.nd.array(draw.uniform(-1, 1, shape), dtype="float32")
    network(x)
    fill(mx, network, 7)
    predicted = network(x)
    x.attach_grad()
    with mx.autograd.record():
        y = network(x)
    y.backward(mx.nd.array(draw.uniform(-1, 1, y.shape), dtype="float32"))
    table = io.StringIO()
    with contextlib.redirect_stdout(table):
        network.summary(x)
    return {
        "repr after": repr(network),
        "parameters after": repr(network.collect_params()),
        "summary": table.getvalue(),
        "output": y,
        "prediction": predicted,
        "gradient": x.grad,
        "gradients of parameters": [p.grad() for p in network.collect_params().values() if p.grad_req != "null"],
        "states": [p.data() for name, p in network.collect_params().items() if "running" in name],
    }


@pytest.mark.parametrize("batch", range(BATCHES))
def test_as_in_mxnet(oracle, batch):
    random = Random(batch)
    descriptions = [draw_network(random) for _ in range(NETWORKS)]
    ours, theirs = oracle.both(look_at_all, descriptions, INPUT_SHAPE)
    for description, one, other in zip(descriptions, ours.get(), theirs.get(), strict=True):
        assert_same(one, other, rtol=1e-3, atol=1e-3, about=repr(description))


def test_the_networks_are_worth_comparing():
    """The networks have shared, prefixed and nested layers of many kinds."""
    texts = [repr(draw_network(Random(seed))) for seed in range(BATCHES * NETWORKS)]
    for wanted in (
        "'shared'",
        "'own3_'",
        "'stage4_'",
        "prefix': 'x'",
        "'scope': False",
        "CustomHybrid",
        "Conv2D",
        "BatchNorm",
        "Lambda",
    ):
        assert sum(wanted in text for text in texts) >= 5, wanted
