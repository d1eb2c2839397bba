"""What a network of the model zoo consists of, written down, and its digest, which is short enough to keep."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np

#: Every name that `get_model` takes.
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


def describe(mx: Any, name: str) -> dict[str, Any]:
    """Names, texts, shapes, first values and graph of the network called `name`, under its first automatic prefix."""
    import json

    with mx.name.NameManager():
        network = mx.gluon.model_zoo.vision.get_model(name)
    description = {"name": network.name, "repr": repr(network)}
    parameters = network.collect_params()
    description["shapes before the first call"] = {key: list(value.shape) for key, value in parameters.items()}
    nodes = json.loads(network(mx.sym.var("data")).tojson())["nodes"]
    description["graph"] = [[node["op"], node["name"], node.get("attrs"), node["inputs"]] for node in nodes]
    size = 299 if name == "inceptionv3" else 224
    network.infer_shape(mx.nd.zeros((1, 3, size, size)))
    description["shapes"] = {key: list(value.shape) for key, value in parameters.items()}
    description["places"] = {key: value.name for key, value in network._collect_params_with_prefix().items()}
    description["first values"] = {key: _text(value.init) for key, value in parameters.items()}
    description["gradients"] = {key: value.grad_req for key, value in parameters.items()}
    return description


def _text(initializer: Any) -> Any:
    return initializer.dumps() if hasattr(initializer, "dumps") else initializer


def digest(description: dict[str, Any]) -> dict[str, Any]:
    """How many parameters and numbers there are, and the SHA-256 of the whole description."""
    shapes = description["shapes"].values()
    return {
        "parameters": len(shapes),
        "numbers": int(sum(np.prod(shape) for shape in shapes)),
        "sha256": hashlib.sha256(json.dumps(description).encode()).hexdigest(),
    }
