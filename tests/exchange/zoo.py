"""The 34 networks of the model zoo, built small and filled with the same numbers in either library."""

from __future__ import annotations

import os

import numpy as np
import pytest

#: The smallest image that a network takes, in pixels; those that end in a fixed pooling window need a large one.
SMALLEST = {"alexnet": 64, "inceptionv3": 299}
LARGE_WINDOW = ("densenet", "squeezenet")
CLASSES = 10

NAMES = [
    "alexnet",
    *(f"densenet{depth}" for depth in (121, 161, 169, 201)),
    "inceptionv3",
    *(f"mobilenet{width}" for width in ("0.25", "0.5", "0.75", "1.0")),
    *(f"mobilenetv2_{width}" for width in ("0.25", "0.5", "0.75", "1.0")),
    *(f"resnet{depth}_v{version}" for version in (1, 2) for depth in (18, 34, 50, 101, 152)),
    *(f"squeezenet{version}" for version in ("1.0", "1.1")),
    *(f"vgg{depth}{norm}" for norm in ("", "_bn") for depth in (11, 13, 16, 19)),
]

every = pytest.mark.skipif(os.environ.get("GLUEBALL_ZOO") != "all", reason="takes long; 'make networks' runs it")

#: These have the layers of smaller ones, more often.
_DEEPER = ("densenet16", "densenet201", "resnet34", "resnet101", "resnet152", "vgg13", "vgg16", "vgg19")
WITH_DEEPER = [pytest.param(name, marks=[every] * name.startswith(_DEEPER)) for name in NAMES]


def picture(name):
    """One image of the size that the network `name` takes."""
    size = 224 if name.startswith(LARGE_WINDOW) else SMALLEST.get(name, 32)
    return np.random.RandomState(5).uniform(-1, 1, (1, 3, size, size)).astype(np.float32)


def export_network(mx, name, path, data):
    """Build, fill and export a network of the zoo; return its results: as a graph, then imperative."""
    network = mx.gluon.model_zoo.vision.get_model(name, classes=CLASSES)
    x = mx.nd.array(data)
    network.hybridize()
    network.infer_shape(x)
    network.initialize(mx.init.Zero())
    fill_network(mx, network)
    graph = network(x)
    network.export(path)
    network.hybridize(False)
    return graph, network(x)


def fill_network(mx, network):
    """Set every parameter to values that depend on its position, scaled to preserve signals in a deep network."""
    # The length is prime, so that rows of a weight differ; drawing all 700 million values would take too long.
    noise = np.random.RandomState(7).uniform(-1, 1, 65537).astype(np.float32)
    for place, (name, parameter) in enumerate(network.collect_params().items()):
        values = np.resize(np.roll(noise, 101 * place), parameter.shape)
        if name.endswith("weight"):
            values *= float(
                np.sqrt(6 / np.prod(parameter.shape[1:]))
            )  # NumPy 1 and 2 round differently with NumPy scalars
        elif name.endswith(("running_var", "gamma")):
            values = 1 + values / 4
        else:
            values /= 4
        parameter.set_data(mx.nd.array(values))
